--- Wrap errors in Go, and ask for what is wrapped.
--- fmt.Errorf("…: %v", err) becomes %w where the last value is an error, so that callers can look inside; a comparison
--- with a package's error becomes errors.Is, which looks inside. Messages stay what they are. A value counts as an error by
--- its name: err, err2, readErr, or err.Error(). Switches over errors and type assertions are told and left.
---
---   heck run go-errors ./internal --no-is
---@grant fs.write=**
---@since 0.1.0
local read_imports = require "heck-go-imports"

---@alias GoErrorsLeft { path: string, line: integer, reason: string }

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

---@param node heck.Node
---@return heck.Edit[]?
local function ask(node)
  local left, right, operator = node:field "left", node:field "right", node:field "operator"
  if not left or not right or not operator then
    return nil
  elseif is_sentinel(left) and is_error(right) then
    left, right = right, left
  end
  if (operator.text ~= "==" and operator.text ~= "!=") or not is_error(left) or not is_sentinel(right) then
    return nil
  end
  local span = node.span.byte
  local text = ("%serrors.Is(%s, %s)"):format(operator.text == "!=" and "!" or "", left.text, right.text)
  return { { path = node.path, from = span.from, to = span.to, text = text } }
end

-- Most files need no parsing.
---@param text string
---@return boolean
local function may_change(text)
  return text:find(".Errorf(", 1, true) ~= nil or text:find "[!=]= *[%w_.]*[Ee]rr" ~= nil or text:find "[!=]= *[%w_.]*EOF" ~= nil
end

---@param path string
---@param with_is boolean
---@return heck.Edit[] edits, integer places, GoErrorsLeft[] left
local function migrate(path, with_is)
  local root = heck.ast.open(path)
  local imports = read_imports(root)
  local edits, places, left = {}, 0, {}
  local function leave(node, reason)
    table.insert(left, { path = path, line = node.line, reason = reason })
  end
  local fmt = imports:name_of "fmt"
  for _, call in ipairs(fmt and root:find_all { kind = "call_expression" } or {}) do
    local callee = call:field "function"
    if callee and callee.text == fmt .. ".Errorf" then
      local made, reason = wrap(call)
      if made then
        edits, places = heck.list.concat(edits, made), places + 1
      elseif reason then
        leave(call, reason)
      end
    end
  end
  local is_free = imports:name_of "errors" == "errors" or not root:find { kind = "identifier", regex = "^errors$" }
  local asked = 0
  for _, node in ipairs(with_is and root:find_all { kind = "binary_expression" } or {}) do
    local made = ask(node)
    if made and is_free then
      edits, places, asked = heck.list.concat(edits, made), places + 1, asked + 1
    elseif made then
      leave(node, "'errors' means something else in this file")
    end
  end
  if asked > 0 then
    edits = heck.list.concat(edits, imports:change({ "errors" }, {}))
  end
  for _, node in ipairs(with_is and root:find_all { kind = "expression_switch_statement" } or {}) do
    local value = node:field "value"
    if value and is_error(value) and node:has { kind = "expression_case", regex = "[Ee]rr[A-Z]|EOF" } then
      leave(node, "a switch compares without looking inside")
    end
  end
  return edits, places, left
end

return heck.command {
  args = { { name = "paths", type = "path", many = true, default = { "." }, help = "Only below these files and directories" } },
  flags = { { name = "no-is", type = "boolean", help = "Leave comparisons as they are" } },
  returns = { places = "integer", left = "list", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = "errors are wrapped" }
    local places, left = 0, {}
    for _, path in ipairs(heck.repo.files { lang = "go", paths = ctx.args.paths }) do
      if may_change(heck.fs.read(path)) then
        local edits, changed, stays = migrate(path, not ctx.flags.no_is)
        patch:add(edits)
        places, left = places + changed, heck.list.concat(left, stays)
      end
    end
    return { places = places, left = left, patch = patch }
  end,
  render = function(payload, ui)
    for _, one in ipairs(payload.left) do
      ui.note(("left alone: %s:%d: %s"):format(one.path, one.line, one.reason))
    end
  end,
}
