-- Which names nothing uses any more, and how imports of them go.
local FlagVariables = require "heck-flag-variables"
local nodes = require "heck-flag-nodes"
local values = require "heck-flag-values"

local BROUGHT = nodes.set("identifier import_spec", true)
-- What declares a name.
local DECLARING = nodes.set("import_specifier import_clause namespace_import aliased_import dotted_name import_spec", true)
nodes.set("variable_declarator function_declaration function_definition class_declaration class_definition", true, DECLARING)
nodes.set("assignment short_var_declaration expression_list var_spec const_spec labeled_statement", true, DECLARING)

---@class FlagUnused : FlagVariables
local FlagUnused = setmetatable({}, { __index = FlagVariables })
FlagUnused.__index = FlagUnused

-- Whether a name is declared where it stands.
---@param node heck.Node
local function is_declared(node)
  local parent = node:parent() --[[@as heck.Node]]
  local around = parent:parent()
  if node.kind == "import_spec" then
    return true
  elseif parent.kind == "import_specifier" and parent:field "alias" then
    return nodes.is_field(node, parent, "alias")
  elseif parent.kind == "import_from_statement" or parent.kind == "dotted_name" and nodes.is_field(parent, around, "module_name") then
    return false
  elseif parent.kind == "aliased_import" or parent.kind == "dotted_name" and nodes.kind_of(around) == "aliased_import" then
    return nodes.is_field(node, parent, "alias")
  elseif parent.kind == "expression_list" then
    return (nodes.kind_of(around) == "short_var_declaration" or nodes.kind_of(around) == "range_clause")
      and nodes.is_field(parent, around, "left")
  elseif parent.kind == "dotted_name" then
    return around ~= nil and around.kind:find "^import" ~= nil
  end
  return DECLARING[parent.kind] ~= nil
    and (values.READ[parent.kind] == nil or nodes.is_field(node, parent, "name") or nodes.is_field(node, parent, "left"))
end

---@param node heck.Node
local function is_imported(node)
  return node.kind == "import_spec" or heck.list.has(node:ancestors(), function(parent)
    return parent.kind:find "^import" ~= nil
  end)
end

-- The edits that take out an imported name, with the whole import if it brings nothing else.
---@param name heck.Node
---@return heck.Edit[]
function FlagUnused:without(name)
  local one, statement = name, name
  while statement:parent() and not statement.kind:find "^import_.*statement$" and statement.kind ~= "import_declaration" do
    statement = statement:parent() --[[@as heck.Node]]
    if statement.kind == "import_specifier" or statement.kind == "aliased_import" or statement.kind:find "^import_spec$" then
      one = statement
    elseif statement.kind == "dotted_name" then
      one = statement
    end
  end
  local brought = nodes.below(statement, BROUGHT)
  if #heck.list.filter(brought, is_declared) > 1 then
    return heck.try(one.remove, one) or {}
  end
  local before = #self.cuts
  self:drop(statement, statement)
  local cut = table.remove(self.cuts, before + 1)
  return { { path = self.path, from = cut.from, to = cut.to, text = "" } }
end

-- The names below a node, for each function: those that stay, and those that go.
---@param node heck.Node
---@param edits heck.Edit[]
---@param scopes table<string, { stays: heck.Node[], goes: boolean }>[] Those around it, and all when it is done
---@param around table[]
local function census(node, edits, scopes, around)
  if nodes.FUNCTIONS[node.kind] then
    scopes[#scopes + 1] = {}
    around = heck.list.concat(around, { scopes[#scopes] })
  elseif nodes.NAMES[node.kind] or node.kind == "import_spec" then
    local from = nodes.bounds(node)
    local name = node.kind ~= "import_spec" and node.text or node:field "name" and "" or node.text:match '([%w_]+)["`]$'
    local goes = heck.list.has(edits, function(edit)
      return edit.from <= from and from < edit.to
    end)
    for _, scope in ipairs(around) do
      scope[name] = scope[name] or { stays = {}, goes = false }
      scope[name].goes = scope[name].goes or goes
      table.insert(scope[name].stays, not goes and node or nil)
    end
  end
  for _, child in ipairs(node:children()) do
    census(child, edits, scopes, around)
  end
end

-- Imports for the flag alone go with it; of other names that nothing uses any more it is told.
---@param edits heck.Edit[]
---@return heck.Edit[] edits
---@return boolean is_proper
function FlagUnused:unused(edits)
  local new = heck.ast.parse(heck.ast.render(self.root, edits), { lang = self.lang })
  if new:find { kind = "ERROR" } and not self.root:find { kind = "ERROR" } then
    return {}, false
  end
  local flag, scopes, told = {}, {}, {}
  for _, hit in pairs(self.hits) do
    for _, name in ipairs(nodes.below(hit.node, nodes.NAMES)) do
      flag[name.text] = true
    end
  end
  census(self.root, edits, scopes, {})
  for _, scope in ipairs(scopes) do
    for name, one in pairs(scope) do
      local declaration = one.goes and #one.stays == 1 and one.stays[1]
      if declaration and is_declared(declaration) and not told[nodes.key_of(declaration)] then
        told[nodes.key_of(declaration)] = true
        if flag[name] and is_imported(declaration) then
          edits = heck.list.concat(edits, self:without(declaration))
        else
          self:tell(declaration, ("nothing uses '%s' any more"):format(name))
        end
      end
    end
  end
  return edits, true
end

FlagUnused.is_imported = is_imported

return FlagUnused
