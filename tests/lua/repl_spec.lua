---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("runs to the end of its input", function()
  equal(heck.repl.run(), { lines = 0, failures = 0 })
end)
