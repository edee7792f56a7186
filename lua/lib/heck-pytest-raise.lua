-- What `assertRaises`, `fail` and `skipTest` become, and what stands for the exception that is caught.

local nodes = require "heck-pytest-node"
local arguments = require("heck-pytest-form").arguments
local shifts = require("heck-pytest-layout").shifts
local acts, field, head, is_statement = nodes.acts, nodes.field, nodes.head, nodes.is_statement
local parent, parts = nodes.parent, nodes.parts

-- Whether what pytest raises where a test fails or is skipped would pass by what catches that of unittest, here or
-- around a call of the method it stands in.
---@param call heck.Node
---@param seen table<string, boolean> The methods that are looked at already
---@return boolean
local function is_caught(call, seen)
  local at = call.span.byte.from
  local function takes(node)
    return heck.iter(node.text:gmatch "[%w_.]+"):find(function(word)
      local name = word:match "[%w_]*$"
      return name:find "^%l" or heck.list.has({ "Exception", "AssertionError", "SkipTest" }, name)
    end) ~= nil
  end
  for _, up in ipairs(call:ancestors()) do
    if up.kind == "try_statement" and at < field(up, "body").span.byte.to then
      for _, clause in ipairs(up:children()) do
        local caught = clause.kind:find "^except" and #clause:children() > 1 and clause:child(1)
        if caught and takes(caught.kind == "as_pattern" and caught:child(1) or caught) then
          return true
        end
      end
    elseif up.kind == "with_statement" and at >= field(up, "body").span.byte.from then
      for _, manager in ipairs(head(up):find_all { kind = "call" }) do
        local name, caught = field(manager, "function").text, field(manager, "arguments"):child(1)
        if caught and (name:find "[rR]aises" or name:find "suppress$") and takes(caught) then
          return true
        end
      end
    elseif up.kind == "function_definition" then
      local name = field(up, "name").text
      local is_run = name:find "^test" or name:find "^setUp" or name:find "^tearDown" or name == "runTest"
      local is_known = seen[name] or is_run
      seen[name] = true
      local calls = is_known and {} or heck.ast.find_all({ kind = "identifier", regex = "^" .. name .. "$" }, { lang = "py" })
      if heck.list.has(calls, function(other)
        return is_caught(other, seen)
      end) then
        return true
      end
    elseif up.kind == "class_definition" then
      return false
    end
  end
  return false
end

---@param text string The file
---@param call heck.Node
---@param form pytest.Form
---@return pytest.Plan? plan
---@return string? reason
local function plan_raise(text, call, form)
  local list = field(call, "arguments")
  local up = parent(call)
  local alias ---@type heck.Node?
  if up.kind == "as_pattern" then
    local target = up:child(2) or error "an as_pattern without a target"
    alias, up = head(target), parent(up)
  end
  local is_manager = not form.head and up.kind == "with_item"
  if not is_manager and not is_statement(call) or alias and alias.kind ~= "identifier" then
    return nil, "its value is used"
  elseif is_caught(call, {}) then
    return nil, "what pytest raises would not be caught here as what unittest raises"
  elseif list.kind ~= "argument_list" then
    return nil, "its argument is a generator"
  end
  local args = {} ---@type pytest.Arguments
  local reason ---@type string?
  if form.head or is_manager then
    args, reason = arguments(list, form)
  else
    for n, node in ipairs(parts(list)) do
      args[n] = { node = node, whole = node }
    end
    for n = 1, form.count + 1 do
      local kind = args[n] and args[n].node.kind or "none"
      reason = (kind == "none" or kind == "keyword_argument" or kind:find "splat") and "it does not name what it calls" or reason
    end
  end
  local pattern = form.count == 2 and args[2]
  if form.head and args[1] and args[1].node.kind == "none" then
    reason = "pytest wants a text"
  elseif pattern and pattern.node.text:find "^%a*['\"]+$" then
    reason = "pytest warns of an empty pattern"
  end
  if reason then
    return nil, reason
  end
  local open, from, to = form.head or "pytest.raises", list.span.byte.from, list.span.byte.to
  local pieces = { open, list.span.byte }
  if pattern and is_manager then
    pieces = { open, { from = from, to = pattern.whole.span.byte.from }, "match=", { from = pattern.node.span.byte.from, to = to } }
  elseif pattern then
    local next = args[3].whole.span.byte.from
    if acts(pattern.node) or text:sub(pattern.node.span.byte.to + 1, next):find "#" then
      return nil, "its pattern cannot go behind the call"
    end
    pieces = { open, { from = from, to = pattern.whole.span.byte.from }, { from = next, to = to }, ".match(", pattern.node.span.byte, ")" }
  elseif form.head and args[1] then
    pieces = { open, { from = from, to = args[1].whole.span.byte.from }, { from = args[1].node.span.byte.from, to = to } }
  end
  local inner = args[1] and shifts(text, call, args[1].whole, #open + 1) or {}
  return { call = call, pieces = pieces, inner = inner, module = "pytest", alias = alias }
end

-- The edits that name a caught exception as pytest does, or nil where its manager's name is of any other use.
---@param method heck.Node
---@param name string
---@param changed table<integer, boolean> Where managers that change are named
---@return heck.Edit[]? edits
local function values(method, name, changed)
  local edits = {} ---@type heck.Edit[]
  for _, node in ipairs(method:find_all { kind = "identifier", regex = "^" .. name .. "$" }) do
    local up, at = parent(node), node.span.byte.from
    local part = up.kind == "attribute" and "attribute" or up.kind == "keyword_argument" and "name"
    local key = part and field(up, part)
    if not key or key.span.byte.from ~= at then
      local is_read = part == "attribute" and not parent(up).kind:find "^del"
      local read = is_read and key and key.text == "exception" and key
      local left = read and parent(up):field "left"
      if read and not (left and left.span.byte.from == up.span.byte.from) then
        table.insert(edits, { path = node.path, from = read.span.byte.from, to = read.span.byte.to, text = "value" })
      elseif not changed[at] then
        return nil
      end
    end
  end
  return edits
end

return { plan_raise = plan_raise, values = values }
