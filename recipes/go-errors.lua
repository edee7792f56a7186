--- Wrap errors in Go, and ask for what is wrapped.
--- fmt.Errorf("…: %v", err) becomes %w where the last value is an error, so that callers can look inside; a comparison
--- with a package's error becomes errors.Is, which looks inside. Messages stay what they are. A value counts as an error by
--- its name: err, err2, readErr, or err.Error(). Switches over errors and type assertions are told and left.
---
---   heck run go-errors ./internal --no-is
---@grant fs.write=**
---@since 0.1.0
local errors = require "heck-go-errors"
local read_imports = require "heck-go-imports"

---@param node heck.Node
---@return heck.Edit[]?
local function ask(node)
  local left, right, operator = node:field "left", node:field "right", node:field "operator"
  if not left or not right or not operator then
    return nil
  elseif errors.is_sentinel(left) and errors.is_error(right) then
    left, right = right, left
  end
  if (operator.text ~= "==" and operator.text ~= "!=") or not errors.is_error(left) or not errors.is_sentinel(right) then
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
---@return heck.Edit[] edits, integer places, heck.Doubt[] left
local function migrate(path, with_is)
  local root = heck.ast.open(path)
  local imports = read_imports(root)
  local edits, places, left = {}, 0, {}
  local function leave(node, reason)
    table.insert(left, { path = path, span = node.span, reason = reason })
  end
  local fmt = imports:name_of "fmt"
  for _, call in ipairs(fmt and root:find_all { kind = "call_expression" } or {}) do
    local callee = call:field "function"
    if callee and callee.text == fmt .. ".Errorf" then
      local made, reason = errors.wrap(call)
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
    if value and errors.is_error(value) and node:has { kind = "expression_case", regex = "[Ee]rr[A-Z]|EOF" } then
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
    require("heck-left").tell(payload.left, ui)
  end,
}
