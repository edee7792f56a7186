-- What an expression is known to be where the flag has its value.
local FlagText = require "heck-flag-text"
local nodes = require "heck-flag-nodes"
local values = require "heck-flag-values"

local LITERALS = { ["true"] = true, ["True"] = true, ["false"] = false, ["False"] = false }
local THROUGH = nodes.set("parenthesized_expression as_expression satisfies_expression non_null_expression await", true)
nodes.set("await_expression", true, THROUGH)

---@alias FlagHit { node: heck.Node, value: boolean, of: string?, from: integer, to: integer }

---@class FlagFold : FlagText
---@field hits table<string, FlagHit> What counts as the flag; `of`: through a variable
---@field leaving table<string, string> Hits to be left after all, and why
---@field memo table<string, { value: boolean? }> What is known of expressions
local FlagFold = setmetatable({}, { __index = FlagText })
FlagFold.__index = FlagFold

---@param node heck.Node
---@param value boolean
---@param of string?
function FlagFold:hit(node, value, of)
  local from, to = nodes.bounds(node)
  self.hits[nodes.key_of(node)] = { node = node, value = value, of = of, from = from, to = to }
  self.memo = {}
end

---@param node heck.Node
function FlagFold:is_touched(node)
  local from, to = nodes.bounds(node)
  for _, hit in pairs(self.hits) do
    if hit.from >= from and hit.to <= to then
      return true
    end
  end
  return false
end

---@param node heck.Node
---@param reason string
function FlagFold:leave(node, reason)
  local from, to = nodes.bounds(node)
  for key, hit in pairs(self.hits) do
    if hit.from >= from and hit.to <= to then
      self.leaving[key] = reason
    end
  end
end

-- What an expression is known to be.
---@param node heck.Node?
---@return boolean? value
function FlagFold:known(node)
  if not node then
    return nil
  end
  local key = nodes.key_of(node)
  ---@type FlagHit?
  local hit = self.hits[key]
  if hit then
    return hit.value
  end
  if self.memo[key] == nil then
    self.memo[key] = {}
    if self:is_touched(node) then
      self.memo[key].value = self:fold(node)
    end
  end
  return self.memo[key].value
end

---@param node heck.Node
---@return boolean? value
function FlagFold:fold(node)
  local operation, left, right = values.junction(node)
  local test, yes, no = values.choice(node)
  local operator = node:field "operator" or node:field "operators"
  if THROUGH[node.kind] then
    return self:known(nodes.parts(node)[1])
  elseif node.kind == "not_operator" or node.kind == "unary_expression" and node.text:sub(1, 1) == "!" then
    local value = self:known(nodes.parts(node)[1])
    if value ~= nil then
      return not value
    end
  elseif operation then
    ---@cast left heck.Node
    local first, second = self:known(left), self:known(right)
    local deciding = operation == "or"
    if operation == "??" or first == deciding then
      return first
    elseif first ~= nil then
      return second
    elseif
      second == deciding
      and values.is_pure(left)
      and (values.is_tested(node) or values.is_boolean(left) or not deciding and values.is_shown(node))
    then
      return second
    end
  elseif test and self:known(test) ~= nil then
    return self:known(self:known(test) and yes or no)
  elseif operator and values.EQUAL[operator.text] ~= nil then
    local sides = nodes.parts(node)
    for n = 1, 2 do
      local value, other = self:known(sides[n]), LITERALS[sides[3 - n].text]
      if value ~= nil and other ~= nil and #sides == 2 then
        return (value == other) == values.EQUAL[operator.text]
      end
    end
  end
end

-- The operand that an expression comes down to.
---@param node heck.Node
---@return heck.Node?
function FlagFold:kept(node)
  local operation, left, right = values.junction(node)
  local test, yes, no = values.choice(node)
  if operation and self:known(left) ~= nil then
    return right
  elseif operation and operation ~= "??" and self:known(right) == (operation == "and") then
    ---@cast left heck.Node
    local parent = node:parent()
    while parent and parent.kind == "parenthesized_expression" do
      parent = parent:parent()
    end
    -- In `a && flag && b` only the truth of what stands before b matters where it is true.
    local outer, first = values.junction(parent --[[@as heck.Node]])
    local is_before = outer == operation
      and first ~= nil
      and nodes.bounds(first) <= nodes.bounds(node)
      and select(2, nodes.bounds(first)) >= select(2, nodes.bounds(node))
    return (is_before or values.is_tested(node) or values.is_boolean(left)) and left or nil
  elseif test and self:known(test) ~= nil then
    return self:known(test) and yes or no
  end
end

return FlagFold
