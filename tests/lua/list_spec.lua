---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

local list = heck.list

it("gives new lists", function()
  local items = { 3, 1, 2 }
  equal(list.sorted(items), { 1, 2, 3 })
  equal(items, { 3, 1, 2 })
  equal(
    list.map(items, function(n, at)
      return n * at
    end),
    { 3, 2, 6 }
  )
  equal(
    list.filter(items, function(n)
      return n > 1
    end),
    { 3, 2 }
  )
  equal({ list.find(items, 1) }, { 1, 2 })
  equal(
    list.find(items, function(n)
      return n < 3
    end),
    1
  )
  equal({ list.has(items, 2), list.has(items, 9) }, { true, false })
  equal(list.concat({ 1 }, { 2, 3 }), { 1, 2, 3 })
  equal(list.unique { "a", "b", "a" }, { "a", "b" })
  equal(list.reverse(items), { 2, 1, 3 })
  equal(list.keys { b = 1, a = 2 }, { "a", "b" })
end)

it("says what a function takes, as those in Rust do", function()
  equal(raises("usage", list.map, nil, print).message, "heck.list.map: 'items' takes a list, got nothing")
  equal(raises("usage", list.filter, {}, 1).message, "heck.list.filter: 'f' takes a function, got the number 1")
  for _, name in ipairs { "find", "has", "unique", "sorted", "reverse", "keys" } do
    raises("usage", list[name], "text")
  end
  raises("usage", list.concat, {}, 7)
end)
