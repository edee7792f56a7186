---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("tells settings and their sources", function()
  equal(heck.config.get "color", "auto")
  equal(heck.config.get "nonsense", nil)
  equal(heck.config.find_all().timeout.source, "built-in")
end)
