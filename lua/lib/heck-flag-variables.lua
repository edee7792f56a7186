-- Which variables hold nothing but the flag, and go with it.
local FlagRemoval = require "heck-flag-removal"
local nodes = require "heck-flag-nodes"
local values = require "heck-flag-values"

local DECLARES = nodes.set("variable_declarator assignment short_var_declaration var_spec const_spec", true)

---@class FlagVariables : FlagRemoval
---@field told { node: heck.Node, reason: string }[] Variables that stay, and why
local FlagVariables = setmetatable({}, { __index = FlagRemoval })
FlagVariables.__index = FlagVariables

-- The declaration of a variable that holds nothing but the flag, by its value: its name and the statement.
---@param value heck.Node
---@return heck.Node? name
---@return heck.Node? statement
local function variable(value)
  local holder = value:parent() --[[@as heck.Node]]
  if holder.kind == "expression_list" and #nodes.parts(holder) == 1 and value.lang == "go" then
    value, holder = holder, holder:parent() --[[@as heck.Node]]
  end
  local name = holder:field "name" or holder:field "left"
  if not name or not DECLARES[holder.kind] or not nodes.is_field(value, holder, values.READ[holder.kind]) then
    return nil
  end
  name = name.kind == "expression_list" and #nodes.parts(name) == 1 and name:child(1) or name
  local statement = holder.kind == "short_var_declaration" and holder or holder:parent() --[[@as heck.Node]]
  local list = statement:parent() --[[@as heck.Node]]
  local is_class = nodes.kind_of(list:parent()) == "class_definition"
  if name.kind == "identifier" and #nodes.below(statement, DECLARES) == 1 and nodes.LISTS[list.kind] and not is_class then
    return name, statement
  end
end

-- Where a variable is used, or why it cannot go.
---@param name heck.Node
---@return heck.Node[] uses
---@return string? reason
function FlagVariables:uses(name)
  local uses = {}
  local mentions = heck.list.filter(nodes.below(self.root, nodes.NAMES), function(node)
    return node.text == name.text and nodes.key_of(node) ~= nodes.key_of(name)
  end)
  local is_top = nodes.scope_of(name):parent() == nil
  local elsewhere = is_top
    and self.lang ~= "js"
    and heck.ast.find({ kind = "identifier", regex = "^" .. name.text .. "$" }, {
      lang = self.lang,
      where = function(node)
        return node.path ~= self.path
      end,
    })
  if elsewhere and (self.lang == "go" or self.lang == "py") then
    return uses, ("'%s' stays: another file may use it"):format(name.text)
  end
  local meanings = heck.refactor.find_all(heck.list.concat({ name }, mentions))
  local own = table.remove(meanings, 1)
  if not own.span or own.path ~= self.path or own.span.byte.from ~= nodes.bounds(name) then
    return uses, ("'%s' stays: it is not declared here"):format(name.text)
  end
  for n, node in ipairs(mentions) do
    local meaning = meanings[n]
    if meaning and meaning.span and meaning.path == self.path and meaning.span.byte.from == nodes.bounds(name) then
      if not values.is_read(node) then
        return uses, ("'%s' stays: line %d does more than read it"):format(name.text, node.line)
      end
      uses[#uses + 1] = node
    elseif not meaning or meaning.kind == "unknown" then
      return uses, ("'%s' stays: nothing says what it means in line %d"):format(name.text, node.line)
    end
  end
  return uses
end

-- Lets the uses of variables that hold the flag count as it, and their declarations go, as far as all uses can.
---@param tried table<string, boolean>
---@return boolean is_more
function FlagVariables:spread(tried)
  for _, hit in pairs(self.hits) do
    local node = hit.node
    local value, parent = hit.value, node:parent()
    while parent and self:known(parent) ~= nil do
      node, value, parent = parent, self:known(parent) == true, parent:parent()
    end
    local name, statement = variable(node)
    if name and statement and not tried[nodes.key_of(name)] then
      tried[nodes.key_of(name)] = true
      local uses, reason = self:uses(name)
      if reason then
        self.told[#self.told + 1] = { node = name, reason = reason }
      else
        for _, use in ipairs(uses) do
          self:hit(use, value, nodes.key_of(name))
        end
        self.gone[nodes.key_of(statement)] = nodes.key_of(name)
        return true
      end
    end
  end
  return false
end

-- Takes a variable for a variable again.
---@param name string
function FlagVariables:forget(name)
  for key, hit in pairs(self.hits) do
    if hit.of == name then
      self.hits[key] = nil
    end
  end
  for key, of in pairs(self.gone) do
    if of == name then
      self.gone[key] = nil
    end
  end
end

return FlagVariables
