---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("is empty, then holds records, and checks itself", function()
  equal(heck.runlog.find_all(), {})
  equal(heck.runlog.check(), {})
end)
