---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("reads the environment and the machine", function()
  assert(heck.env.get "HOME")
  equal(heck.env.get "SURELY_NOT_SET", nil)
  assert(heck.env.os() ~= "")
  assert(heck.env.cpus() >= 1)
end)
