---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("tells the time", function()
  assert(heck.time.now() > 1.7e9)
  equal(heck.time.iso(0), "1970-01-01T00:00:00Z")
  assert(heck.time.iso():match "^%d+%-%d%d%-%d%dT")
  local from = heck.time.clock()
  assert(heck.time.clock() >= from)
end)
