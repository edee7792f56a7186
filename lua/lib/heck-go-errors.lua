-- What an error is called in Go, and fmt.Errorf with an error in it.

local Errors = {}

-- The name of an error's variable.
---@param node heck.Node
---@return boolean
local function is_error(node)
  local name = node.text
  return node.kind == "identifier" and (name:match "^err%d*$" ~= nil or name:match "^%l%w*Err$" ~= nil)
end

-- A package's error: ErrNotFound, errClosed, io.EOF.
---@param node heck.Node
---@return boolean
local function is_sentinel(node)
  if node.kind ~= "identifier" and node.kind ~= "selector_expression" then
    return false
  end
  local name = node.text:match "[%w_]+$"
  return name ~= nil and (name:match "^[Ee]rr%u" ~= nil or name:match "EOF$" ~= nil)
end

-- The error in `err.Error()`, or the error itself.
---@param node heck.Node
---@return heck.Node?
local function error_in(node)
  if is_error(node) then
    return node
  end
  local callee = node.kind == "call_expression" and node:field "function" or nil
  local operand = callee and callee.kind == "selector_expression" and callee:field "operand" or nil
  if callee and operand and callee.text:match "%.Error$" and is_error(operand) then
    return operand
  end
end

-- The offset of the verb for the last value, if every verb takes one value and that is %v or %s.
---@param format string As it is written
---@param values integer
---@return integer?
local function last_verb(format, values)
  local at, count, last = 1, 0, nil
  while true do
    local from, to, flags, verb = format:find("%%([%-+# 0%d.%[%]*]*)(.)", at)
    if not from or not to or not flags then
      break
    elseif flags:find "[%[*]" or verb == "w" then
      return nil
    elseif verb ~= "%" then
      count = count + 1
      last = (verb == "v" or verb == "s") and flags == "" and to or nil
    end
    at = to + 1
  end
  return count == values and last or nil
end

---@param call heck.Node
---@return heck.Edit[]? edits, string? reason
local function wrap(call)
  local list = call:field "arguments"
  local arguments = heck.list.filter(list and list:children() or {}, function(node)
    return node.kind ~= "comment"
  end)
  local format, last = arguments[1], arguments[#arguments]
  local inner = last and #arguments > 1 and error_in(last) or nil
  if not inner or not format or not last then
    return nil
  elseif not format.kind:find "string_literal$" then
    return nil, "the format is no plain text"
  end
  local verb = last_verb(format.text, #arguments - 1)
  if not verb then
    return nil, not format.text:find "%%w" and "the verbs do not tell which is the error's" or nil
  end
  local at = format.span.byte.from + verb - 1
  local edits = { { path = call.path, from = at, to = at + 1, text = "w" } }
  if inner.text ~= last.text then
    table.insert(edits, { path = call.path, from = inner.span.byte.to, to = last.span.byte.to, text = "" })
  end
  return edits
end

Errors.is_error, Errors.is_sentinel, Errors.wrap = is_error, is_sentinel, wrap
return Errors
