-- What a node of a Python file is: what it holds, and how it is laid out.

---@class pytest.Range A part of the file, as a node's `span.byte`
---@field from integer
---@field to integer

---@alias pytest.Piece string|pytest.Range A text, or a part of the file that is kept

---@class pytest.Plan What becomes of a call
---@field call heck.Node
---@field pieces pytest.Piece[] What takes its place
---@field inner heck.Edit[] Changes inside of what is kept
---@field module? string What must be imported
---@field builtin? string The function of Python's that it calls
---@field method? heck.Node The method it stands in
---@field alias? heck.Node The name that the context manager is given

---@param words string
---@return table<string, boolean?>
local function set(words)
  local all = {} ---@type table<string, boolean?>
  for word in words:gmatch "%S+" do
    all[word] = true
  end
  return all
end

local BRACKETED = set [[list tuple dictionary set string parenthesized_expression generator_expression
  list_comprehension set_comprehension dictionary_comprehension]]

-- A child that the grammar always gives such a node.
---@param node heck.Node
---@param name string
---@return heck.Node
local function field(node, name)
  return node:field(name) or error(("a %s without a %s"):format(node.kind, name))
end

-- The parent of what is not a whole file.
---@param node heck.Node
---@return heck.Node
local function parent(node)
  return node:parent() or error(("a %s without a parent"):format(node.kind))
end

-- The first part of what always has one.
---@param node heck.Node
---@return heck.Node
local function head(node)
  return node:child(1) or error(("a %s without a part"):format(node.kind))
end

---@param node heck.Node
---@param kinds string[]
---@return boolean
local function holds(node, kinds)
  return heck.list.has(kinds, function(kind)
    return node.kind == kind or node:has { kind = kind }
  end)
end

---@param node heck.Node
---@return boolean
local function acts(node)
  return holds(node, { "call", "await", "yield", "named_expression" })
end

-- Whether a line ends in a node where no bracket of its own is open.
---@param node heck.Node
---@return boolean
local function is_broken(node)
  local last, to = node.span.from.line, node.span.to.line
  if last == to or BRACKETED[node.kind] then
    return false
  elseif node.kind == "call" then
    return is_broken(field(node, "function"))
  end
  for _, child in ipairs(node:children()) do
    if child.span.from.line > last or is_broken(child) then
      return true
    end
    last = child.span.to.line
  end
  return last < to
end

-- A number that is written down is finite: what equals it has no difference from it.
---@param node heck.Node
---@return boolean
local function is_number(node)
  if node.kind:find "operator$" or node.kind == "parenthesized_expression" then
    return not heck.list.has(node:children(), function(child)
      return not is_number(child)
    end)
  end
  return node.kind == "integer" or node.kind == "float" or node.text == "math.pi" or node.text == "math.e"
end

-- The children that are code.
---@param node heck.Node
---@return heck.Node[]
local function parts(node)
  return heck.list.filter(node:children(), function(child)
    return child.kind ~= "comment" and child.kind ~= "line_continuation"
  end)
end

-- Whether a call is all that a statement does: a comma behind it would make a tuple.
---@param call heck.Node
---@return boolean
local function is_statement(call)
  local up, span = parent(call), call.span.byte
  return up.kind == "expression_statement" and up.span.byte.from == span.from and up.span.byte.to == span.to
end

---@param name heck.Node
---@return string place
local function place_of(name)
  return ("%s:%d"):format(name.path, name.span.byte.from)
end

return {
  acts = acts,
  field = field,
  head = head,
  holds = holds,
  is_broken = is_broken,
  is_number = is_number,
  is_statement = is_statement,
  parent = parent,
  parts = parts,
  place_of = place_of,
  set = set,
}
