-- What an assertion becomes: which assert says the same, or why none does.

local nodes = require "heck-pytest-node"
local forms = require "heck-pytest-form"
local layout = require "heck-pytest-layout"
local FORMS, LOOSE = forms.FORMS, layout.LOOSE
local acts, holds, is_number, set = nodes.acts, nodes.holds, nodes.is_number, nodes.set

local LITERAL = set "integer float string concatenated_string tuple unary_operator"
local SEQUENCES = { list = "list", list_comprehension = "list", tuple = "tuple", string = "str", concatenated_string = "str" }

-- What is written before and behind the operands, or why that would not be the same for these.
---@param args pytest.Arguments
---@param form pytest.Form
---@return string head
---@return string tail
---@return string? reason
local function frame(args, form)
  if not form.within then
    return form.head or "", form.tail or ""
  end
  local places, delta = args.places and args.places.node, args.delta and args.delta.node
  local is_time = delta and delta.text:find "^[%w_.]*timedelta%("
  if not is_time and not is_number(args[1].node) and not is_number(args[2].node) then
    return "", "", "equal infinities are almost equal, but have no difference"
  elseif delta and (places or LOOSE[delta.kind] or delta.kind == "none" or delta.text:find "\n") then
    return "", "", "its delta is no plain value"
  elseif delta then
    return "abs(", (") %s %s"):format(form.within, delta.text)
  elseif places and places.kind ~= "integer" and places.kind ~= "none" then
    return "", "", "its places are not written down"
  end
  local digits = places and places.kind == "integer" and places.text or "7"
  return "round(abs(", ("), %s) %s 0"):format(digits, form.op)
end

-- Why an assert would not say the same, or would not be what anybody writes.
---@param args pytest.Arguments
---@param form pytest.Form
---@return string? reason
local function objection(args, form)
  local a, b = args[1].node, args[form.count].node
  if args.msg and holds(args.msg.node, { "await", "yield", "named_expression" }) then
    return "its message does something, which an assert only does where it fails"
  elseif form == FORMS.assertTrue and a.kind == "tuple" then
    return "a tuple that is asserted is always true, of which Python warns"
  elseif ((form.mid or "") .. (form.tail or "")):find "^ is" and (LITERAL[a.kind] or LITERAL[b.kind]) then
    return "Python warns of `is` with a literal"
  elseif form == FORMS.assertSequenceEqual and (not SEQUENCES[a.kind] or SEQUENCES[a.kind] ~= SEQUENCES[b.kind]) then
    return "it also lets sequences of two types be equal"
  elseif form == FORMS.assertRegex and b.text:find "^%a*['\"]+$" then
    return "it refuses an empty pattern"
  end
  return form.module == "re" and acts(a) and acts(b) and "re.search takes the pattern first, and both may do something" or nil
end

-- The plan for an assertion, or why there is none.
---@param text string The file
---@param call heck.Node
---@param form pytest.Form
---@return pytest.Plan? plan
---@return string? reason
local function plan_assert(text, call, form)
  local list = nodes.field(call, "arguments")
  local args, reason = forms.arguments(list, form)
  reason = reason or objection(args, form)
  if reason then
    return nil, reason
  end
  local head, tail, why = frame(args, form)
  if why then
    return nil, why
  end
  return layout.lay_out(text, call, form, args, head, tail)
end

return plan_assert
