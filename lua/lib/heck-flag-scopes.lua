-- Which names code declares, and why it cannot go for their sake.
local nodes = require "heck-flag-nodes"

-- Declarations that hold in their block alone, and those that hold in the whole function.
local LOCAL = nodes.set("lexical_declaration class_declaration function_declaration enum_declaration interface_declaration", true)
nodes.set("type_alias_declaration short_var_declaration var_declaration const_declaration type_declaration", true, LOCAL)
local HOISTED = nodes.set("variable_declaration function_declaration global_statement nonlocal_statement labeled_statement", true)
local LABELS = nodes.set("global_statement nonlocal_statement labeled_statement", true)
local YIELDS = nodes.set("yield", true)

-- The names that a declaration declares.
---@param node heck.Node
---@return heck.Node[]
local function declared(node)
  local name = node:field "name" or node:field "left" or node:field "label" or LABELS[node.kind] and node:child(1)
  if name then
    return nodes.below(name, nodes.NAMES)
  end
  local found = {}
  for _, child in ipairs(node:children()) do
    if child.kind == "identifier" then
      found[#found + 1] = child
    elseif child.kind ~= "block" then
      local inner = child:field "name"
      found = heck.list.concat(found, inner and nodes.below(inner, nodes.NAMES) or {})
    end
  end
  return found
end

-- A name among declarations that occurs outside a range of their function.
---@param declarations heck.Node[]
---@param range heck.Node
---@param is_hoisted boolean?
---@return string?
local function used_outside(declarations, range, is_hoisted)
  local from, to = nodes.bounds(range)
  local names = {}
  for _, declaration in ipairs(declarations) do
    for _, name in ipairs(declared(declaration)) do
      names[name.text] = true
    end
  end
  if next(names) == nil then
    return nil
  end
  local used = nil
  for _, name in ipairs(nodes.below(nodes.scope_of(range), nodes.NAMES)) do
    local start = nodes.bounds(name)
    if names[name.text] and (start < from or start >= to) then
      used = used or name.text
      local holder = name:parent() --[[@as heck.Node]]
      if is_hoisted and holder.kind == "variable_declarator" and nodes.kind_of(holder:parent()) == "variable_declaration" then
        -- What a function declares twice is still declared.
        names[name.text], used = nil, used ~= name.text and used or nil
      end
    end
  end
  return used
end

-- Why code cannot go.
---@param node heck.Node
---@return string?
local function refusal(node)
  local name = used_outside(nodes.below(node, HOISTED, true), node, true)
  if name then
    return ("what would go declares '%s', which is used elsewhere"):format(name)
  elseif node.lang == "py" and #nodes.below(node, YIELDS, true) > 0 then
    local scope = nodes.scope_of(node)
    if #nodes.below(scope:field "body" or scope, YIELDS, true) == #nodes.below(node, YIELDS, true) then
      return "its function would be no generator any more"
    end
  end
end

return { LOCAL = LOCAL, HOISTED = HOISTED, used_outside = used_outside, refusal = refusal }
