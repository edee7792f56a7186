---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("reads and writes TOML", function()
  equal(heck.toml.parse '[a]\nb = [1, "x"]\n', { a = { b = { 1, "x" } } })
  equal(heck.toml.parse(heck.toml.render { a = { b = 1 } }), { a = { b = 1 } })
  raises("invalid", heck.toml.parse, "a =")
  raises("invalid", heck.toml.render, { f = print })
end)
