-- Which statements go, and which are never reached.
local FlagFold = require "heck-flag-fold"
local nodes = require "heck-flag-nodes"
local values = require "heck-flag-values"

---@class FlagReach : FlagFold
---@field gone table<string, string> Declarations that go, with the name they declare
local FlagReach = setmetatable({}, { __index = FlagFold })
FlagReach.__index = FlagReach

-- Whether nothing of a list of statements stays.
---@param found heck.Node[]
function FlagReach:is_emptied(found)
  return not heck.list.has(found, function(item)
    return item.kind ~= "pass_statement" and not self:drops(item)
  end)
end

-- What stands first in a chain of conditions now, and whether it is a body that is taken for sure.
---@param link heck.Node?
---@return heck.Node? first
---@return boolean? is_sure
function FlagReach:first(link)
  while link and nodes.LINKS[link.kind] do
    local condition, body, rest = nodes.branches(link)
    local value = self:known(condition)
    if value == nil then
      if not self:is_touched(body) or not self:is_emptied(nodes.items(body)) or not values.is_pure(condition) or self:first(rest) then
        return link, false
      end
      return nil
    end
    link = value and body or rest
    if value then
      break
    end
  end
  if link and not self:is_emptied(nodes.items(link)) then
    return link, true
  end
end

-- Whether a statement goes.
---@param item heck.Node
function FlagReach:drops(item)
  ---@type string?
  local name = self.gone[nodes.key_of(item)]
  if name then
    return true
  elseif not self:is_touched(item) then
    return false
  elseif item.kind == "if_statement" then
    return self:first(item) == nil
  elseif item.kind == "while_statement" then
    return self:known(item:field "condition") == false and not item:field "alternative"
  end
  return item.kind == "expression_statement" and self:known(item:child(1)) ~= nil
end

-- Whether control never comes behind a statement, as it is or as it will be.
---@param node heck.Node
---@param will boolean
---@return boolean
function FlagReach:leaves(node, will)
  if will and self:drops(node) then
    return false
  elseif nodes.LEAVES[node.kind] then
    return true
  elseif nodes.LINKS[node.kind] then
    ---@type heck.Node?, boolean?
    local link, is_sure = node, false
    if will then
      link, is_sure = self:first(node)
    end
    if not link or is_sure then
      return link ~= nil and self:leaves(link, will)
    end
    local _, body, rest = nodes.branches(link)
    return rest ~= nil and self:leaves(body, will) and self:leaves(rest, will)
  elseif node.kind == "block" or node.kind == "statement_block" then
    return heck.list.has(nodes.items(node), function(item)
      return self:leaves(item, will)
    end)
  end
  return node.lang == "go" and node.text:find "^panic%(" ~= nil
end

return FlagReach
