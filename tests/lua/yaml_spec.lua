---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("reads and writes YAML", function()
  equal(heck.yaml.parse "a: 1\nb: [x, yes]\n", { a = 1, b = { "x", "yes" } })
  equal(heck.yaml.parse(heck.yaml.render { a = { 1, 2 } }), { a = { 1, 2 } })
  raises("invalid", heck.yaml.parse, "a: [")
  raises("invalid", heck.yaml.render, print)
end)
