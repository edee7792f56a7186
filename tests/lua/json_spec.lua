---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("round-trips values", function()
  local value = heck.json.parse '{"a": [1, 2.5, "x", true, null], "b": {}, "c": []}'
  equal(value.a[2], 2.5)
  equal(heck.json.render(heck.json.parse '{"b":[],"a":1}'), '{"a":1,"b":[]}')
  equal(heck.json.render({ 1, 2 }, { pretty = true }), "[\n  1,\n  2\n]")
  equal(heck.json.render "é", '"é"')
end)

it("says what JSON does not have", function()
  raises("invalid", heck.json.parse, "{")
  raises("invalid", heck.json.render, { f = print })
  raises("invalid", heck.json.render, 0 / 0)
  local loop = {}
  loop.self = loop
  raises("invalid", heck.json.render, loop)
  raises("invalid", heck.json.render, { 1, x = 2 })
end)
