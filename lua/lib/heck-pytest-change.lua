-- What changes in one file, and what of it is left.

local nodes = require "heck-pytest-node"
local forms = require "heck-pytest-form"
local raises = require "heck-pytest-raise"
local names = require "heck-pytest-import"
local method_of = require("heck-pytest-class").method_of
local plan_assert = require "heck-pytest-assert"
local field, parent, place_of = nodes.field, nodes.parent, nodes.place_of

---@class pytest.Left What stays as it is
---@field path string
---@field line integer
---@field reason string

-- The plan for a call, or why there is none; neither where it is none of unittest's.
---@param text string The file
---@param taken table<string, boolean> Names that may mean something else in it
---@param callee heck.Node
---@param classes table<string, table<string, boolean>>
---@return pytest.Plan? plan
---@return string? reason
local function judge(text, taken, callee, classes)
  local name, object, call = field(callee, "attribute").text, field(callee, "object"), parent(callee)
  local form, is_self = forms.FORMS[name], object.text == "self" or object.text == "cls"
  if object.kind ~= "identifier" or not is_self and not name:find "^assert%u" or not form and not forms.UNSAID[name] then
    return nil
  end
  local method, class = method_of(callee, object.text)
  local declared = class and class.kind == "class_definition" and classes[place_of(field(class, "name"))]
  local target = call.kind == "call" and field(call, "function").span.byte
  if not method or not declared then
    return nil, object.text .. " is not surely the instance of a test"
  elseif declared[name] or declared.failureException then
    return nil, "the repository declares what it does"
  elseif not form then
    return nil, "no plain assert says the same"
  elseif not target or target.to ~= callee.span.byte.to or call:has { kind = "ERROR" } then
    return nil, "its value is used"
  end
  local plan, reason ---@type pytest.Plan?, string?
  if form.module == "pytest" then
    plan, reason = raises.plan_raise(text, call, form)
  elseif not nodes.is_statement(call) then
    return nil, "its value is used"
  else
    plan, reason = plan_assert(text, call, form)
  end
  if plan then
    plan.method = method
    for word in ("%s %s %s"):format(plan.module or "", plan.builtin or "", form.within and "round" or ""):gmatch "%a+" do
      if taken[word] then
        return nil, word .. " may mean something else in this file"
      end
    end
  end
  return plan, reason
end

-- A part of a file with the changes inside of it.
---@param text string
---@param piece pytest.Piece
---@param small heck.Edit[]
---@return string
local function written(text, piece, small)
  if type(piece) == "string" then
    return piece
  end
  local out, from = {}, piece.from
  for _, edit in ipairs(small) do
    if edit.from >= from and edit.to <= piece.to then
      table.insert(out, text:sub(from + 1, edit.from) .. edit.text)
      from = edit.to
    end
  end
  return table.concat(out) .. text:sub(from + 1, piece.to)
end

-- The changes of one file, and what of it is left.
---@param path string
---@param callees heck.Node[]
---@param classes table<string, table<string, boolean>>
---@return heck.Edit[] edits
---@return integer places
---@return pytest.Left[] left
local function change(path, callees, classes)
  local text, root = heck.fs.read(path), heck.ast.open(path)
  local left = {} ---@type pytest.Left[]
  local plans = {} ---@type pytest.Plan[]
  local changed = {} ---@type table<integer, boolean>
  local inner = {} ---@type table<integer, heck.Edit>
  local edits = {} ---@type heck.Edit[]
  local modules = {} ---@type table<string, boolean?>
  local taken = {} ---@type table<string, boolean>
  for _, name in ipairs { "pytest", "re", "isinstance", "round", "abs" } do
    taken[name] = names.is_taken(root, name)
  end
  local function leave(node, reason)
    table.insert(left, { path = path, span = node.span, reason = reason })
  end
  for _, callee in ipairs(callees) do
    local plan, reason = judge(text, taken, callee, classes)
    if plan then
      table.insert(plans, plan)
      changed[plan.alias and plan.alias.span.byte.from or -1] = true
    elseif reason then
      leave(callee, reason)
    end
  end
  plans = heck.list.filter(plans, function(plan)
    local renames = plan.alias and raises.values(plan.method, plan.alias.text, changed) or not plan.alias and {}
    if not renames then
      leave(plan.call, "its context manager is used for more than the exception")
      return false
    end
    for _, edit in ipairs(heck.list.concat(renames, plan.inner)) do
      inner[edit.from] = edit
    end
    return true
  end)
  local small = heck.list.map(heck.list.keys(inner), function(from)
    return inner[from]
  end)
  for _, plan in ipairs(plans) do
    local span, out = plan.call.span.byte, {}
    for n, piece in ipairs(plan.pieces) do
      out[n] = written(text, piece, small)
    end
    table.insert(edits, { path = path, from = span.from, to = span.to, text = table.concat(out) })
    small = heck.list.filter(small, function(edit)
      return edit.from < span.from or edit.to > span.to
    end)
    if plan.module then
      modules[plan.module] = true
    end
  end
  return heck.list.concat(edits, small, names.imports(root, text, modules)), #plans, left
end

return change
