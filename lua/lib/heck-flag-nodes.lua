-- Which parts a node has, and which kinds of nodes there are: functions, names, strings, lists of statements.

---@param words string
---@param value any
---@param found table?
local function set(words, value, found)
  found = found or {}
  for word in words:gmatch "%S+" do
    found[word] = value
  end
  return found
end

local LISTS = set("program statement_block switch_case switch_default module block statement_list source_file", true)
local LINKS = set("if_statement elif_clause", true)
local LEAVES = set("return_statement throw_statement raise_statement continue_statement break_statement", true)
local STRINGS = set("string template_string raw_string_literal", true)
local FUNCTIONS = set("function_declaration function_expression arrow_function method_definition function_definition", true)
set("method_declaration func_literal generator_function generator_function_declaration lambda", true, FUNCTIONS)
set("program module source_file", true, FUNCTIONS)
local NAMES = set("identifier shorthand_property_identifier shorthand_property_identifier_pattern type_identifier", true)
set("label_name statement_identifier", true, NAMES)

---@param node heck.Node
local function bounds(node)
  local byte = node.span.byte
  return byte.from, byte.to
end

---@param node heck.Node
local function key_of(node)
  return ("%s %d %d"):format(node.kind, bounds(node))
end

---@param node heck.Node?
local function kind_of(node)
  return node and node.kind
end

---@param node heck.Node?
---@param parent heck.Node?
---@param field string
---@return boolean
local function is_field(node, parent, field)
  local found = parent and parent:field(field)
  return found ~= nil and node ~= nil and key_of(found) == key_of(node)
end

-- The nodes at or below one that are wanted, without those inside functions of their own if these are left out.
---@param node heck.Node
---@param kinds table<string, boolean>
---@param own boolean?
---@param found heck.Node[]?
---@return heck.Node[] found
local function below(node, kinds, own, found)
  found = found or {}
  if kinds[node.kind] then
    found[#found + 1] = node
  end
  for _, child in ipairs(node:children()) do
    if not (own and FUNCTIONS[child.kind]) or kinds[child.kind] then
      below(child, kinds, own, found)
    end
  end
  return found
end

-- The children without comments.
---@param node heck.Node
local function parts(node)
  return heck.list.filter(node:children(), function(child)
    return child.kind ~= "comment"
  end)
end

-- The function, or the file, that a node is in.
---@param node heck.Node
---@return heck.Node
local function scope_of(node)
  local parent = node:parent()
  while parent and not FUNCTIONS[parent.kind] do
    parent = parent:parent()
  end
  return parent or node
end

-- Of a link in a chain of conditions: the condition, its body, and what comes where it does not hold.
---@param link heck.Node
---@return heck.Node condition
---@return heck.Node body
---@return heck.Node? rest
local function branches(link)
  local rest = link:field "alternative"
  if link.kind == "elif_clause" then
    rest = link:next()
    while rest and rest.kind == "comment" do
      rest = rest:next()
    end
  end
  if rest and rest.kind == "else_clause" then
    rest = rest.lang == "py" and rest:field "body" or parts(rest)[1]
  end
  local condition, body = link:field "condition", link:field "consequence"
  ---@cast condition heck.Node
  ---@cast body heck.Node
  return condition, body, rest
end

-- The clause of Python's that a body belongs to.
---@param node heck.Node
local function clause_of(node)
  return node.kind == "block" and node.lang == "py" and node:parent() or node
end

-- The statements and comments of a body. In Python those above the first statement stand before the block.
---@param body heck.Node
---@return heck.Node[]
local function items(body)
  if body.lang == "py" then
    local found, before = body:children(), body:prev()
    while before and before.kind == "comment" do
      table.insert(found, 1, before)
      before = before:prev()
    end
    return found
  elseif body.kind == "block" or body.kind == "statement_block" then
    local found = {}
    for _, child in ipairs(body:children()) do
      found = heck.list.concat(found, child.kind == "statement_list" and child:children() or { child })
    end
    return found
  end
  return { body }
end

return {
  set = set,
  bounds = bounds,
  key_of = key_of,
  kind_of = kind_of,
  is_field = is_field,
  below = below,
  parts = parts,
  scope_of = scope_of,
  branches = branches,
  clause_of = clause_of,
  items = items,
  LISTS = LISTS,
  LINKS = LINKS,
  LEAVES = LEAVES,
  STRINGS = STRINGS,
  NAMES = NAMES,
  FUNCTIONS = FUNCTIONS,
}
