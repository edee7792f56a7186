-- Imports of a Python file: which it lacks, and whether a name means what they would give.

local nodes = require "heck-pytest-node"
local field, head, parent = nodes.field, nodes.head, nodes.parent

-- Whether a name may mean anything in a file but the module imported at its top, or Python's own function.
---@param root heck.Node
---@param name string
---@return boolean
local function is_taken(root, name)
  local harmless = { "attribute", "call", "argument_list", "keyword_argument", "decorator" }
  return heck.list.has(root:find_all { kind = "identifier", regex = "^" .. name .. "$" }, function(node)
    local up = parent(node)
    if up.kind == "dotted_name" and parent(up).kind == "import_statement" then
      return up:inside { kind = "function_definition" }
    end
    return not heck.list.has(harmless, up.kind)
  end)
end

-- The edits that import what is missing, beside unittest or what else comes from outside.
---@param root heck.Node
---@param text string
---@param modules table<string, boolean?>
---@return heck.Edit[]
local function imports(root, text, modules)
  local anchor ---@type heck.Node?
  local is_fixed = false
  local edits = {} ---@type heck.Edit[]
  for _, node in ipairs(root:children()) do
    if node.kind:find "^import" then
      local module = node:field "module_name" or field(node, "name")
      for name in pairs(modules) do
        if node.kind == "import_statement" and node:has { kind = "dotted_name", regex = "^" .. name .. "$" } then
          modules[name] = nil
        end
      end
      is_fixed = is_fixed or anchor ~= nil and module.kind == "relative_import"
      if module.text == "unittest" or not is_fixed then
        anchor, is_fixed = node, is_fixed or module.text == "unittest"
      end
    elseif node.kind:find "definition$" then
      break
    end
  end
  for _, name in ipairs(heck.list.keys(modules)) do
    local place = anchor or root:find { kind = "future_import_statement" }
    if not place then
      local first = head(root)
      local is_doc = first.kind == "expression_statement" and head(first).kind == "string"
      edits = heck.list.concat(edits, is_doc and first:insert_after("import " .. name) or first:insert_before("import " .. name))
    elseif anchor and name == "re" then
      local at = anchor.span.byte.from - anchor.span.from.column + 1
      table.insert(edits, { path = root.path, from = at, to = at, text = "import re" .. (text:match "\r?\n" or "\n") })
    else
      edits = heck.list.concat(edits, place:insert_after("import " .. name))
    end
  end
  return edits
end

return { imports = imports, is_taken = is_taken }
