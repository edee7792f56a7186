---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

local function even(n)
  return n % 2 == 0
end

it("chains lazily", function()
  local seen = 0
  local it = heck.iter({ 1, 2, 3, 4, 5, 6 }):map(function(n)
    seen = seen + 1
    return n * n
  end)
  equal(seen, 0)
  equal(it:filter(even):take(2):list(), { 4, 16 })
  equal(seen, 4)
  equal(heck.iter({ 1, 2, 3 }):drop(1):list(), { 2, 3 })
  equal(heck.iter({ 3, 1, 2 }):sort():list(), { 1, 2, 3 })
  equal(
    heck.iter({ 1, 2, 3 }):fold(0, function(a, b)
      return a + b
    end),
    6
  )
  equal(heck.iter({ 1, 2 }):count(), 2)
  equal(heck.iter({ 1, 2, 4 }):find(even), 2)
  equal(heck.iter({ 1, 2, 3 }):group(even), { [true] = { 2 }, [false] = { 1, 3 } })
  local sum = 0
  heck.iter.each({ 1, 2 }):each(function(n)
    sum = sum + n
  end)
  equal(sum, 3)
end)

it("takes functions and searches", function()
  local n = 0
  equal(
    heck
      .iter(function()
        n = n + 1
        return n <= 3 and n or nil
      end)
      :list(),
    { 1, 2, 3 }
  )
  equal(
    heck
      .iter(heck.ast.each "$F($$$X)")
      :map(function(node)
        return node.path
      end)
      :take(1)
      :list(),
    { "src/a.ts" }
  )
  raises("usage", heck.iter, 5)
end)

it("says what a method takes, and which was meant", function()
  local iter = heck.iter { 1 }
  for _, name in ipairs { "map", "filter", "take", "drop", "each", "fold", "find", "group" } do
    raises("usage", iter[name], iter)
  end
  equal(
    raises("usage", function()
      return iter.flter ---@diagnostic disable-line: undefined-field
    end).hint,
    "did you mean 'filter'?"
  )
end)
