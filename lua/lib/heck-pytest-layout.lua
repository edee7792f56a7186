-- How the text of an assert is laid out: its brackets, lines and comments.

local nodes = require "heck-pytest-node"
local FORMS = require("heck-pytest-form").FORMS
local field, is_broken, parts, set = nodes.field, nodes.is_broken, nodes.parts, nodes.set

---@class pytest.Layout How the arguments of a call stand, and what an assert of them needs
---@field text string The file
---@field call heck.Node
---@field form pytest.Form
---@field head string What is written before the operands
---@field tail string And behind them
---@field first pytest.Argument
---@field last pytest.Argument The last operand
---@field message? heck.Node
---@field lead pytest.Range What stands before the first argument
---@field before pytest.Range Between the operands, before the comma
---@field after pytest.Range And after it
---@field behind pytest.Range Behind the last operand, before the comma
---@field apart pytest.Range And after it, up to the message
---@field past pytest.Range Behind the last argument, before the comma
---@field rest pytest.Range And after it
---@field is_call boolean Whether the operands stand in brackets of a call
---@field is_wrapped boolean Whether they need brackets for their lines
---@field is_apart boolean Whether the message stands on another line than the operands
---@field is_commented boolean Whether a comment stands behind the operands

-- What binds less than a comparison, and of it what an assert does not take without brackets, or not readably.
local LOOSE = set "comparison_operator lambda conditional_expression not_operator boolean_operator named_expression yield"
local STRANGE = set "lambda named_expression yield"

---@param text string
---@param range pytest.Range
---@return string
local function cut(text, range)
  return text:sub(range.from + 1, range.to)
end

-- Whether a line ends in one of the parts of a file.
---@param text string
---@param ranges pytest.Range[]
---@return boolean
local function is_long(text, ranges)
  return heck.list.has(ranges, function(range)
    return cut(text, range):find("\n", 1, true)
  end)
end

-- The white space at the head of the line that a node begins on.
---@param text string
---@param span heck.Span
---@return string
local function indent_of(text, span)
  return text:sub(span.byte.from - span.from.column + 2, span.byte.from):match "^%s*" or ""
end

-- Lines that are aligned with the first argument go where it goes, but for those in strings.
---@param text string The file
---@param call heck.Node
---@param first heck.Node The first argument
---@param width integer How much is written before it now
---@return heck.Edit[]
local function shifts(text, call, first, width)
  local edits = {} ---@type heck.Edit[]
  local start, column = call.span, first.span.from.column - 1
  if first.span.from.line > start.from.line then
    return edits
  end
  local by = start.from.column - 1 + width - column
  local indent = indent_of(text, start)
  local strings = call:find_all { kind = "string" }
  for at, space in text:sub(start.byte.from + 1, start.byte.to):gmatch "\n()([ \t]*)" do
    local from = start.byte.from + at - 1
    local is_text = heck.list.has(strings, function(node)
      return node.span.byte.from < from and from < node.span.byte.to
    end)
    if not is_text and #space >= column and space:sub(1, #indent) == indent and not space:find("\t", #indent + 1, true) then
      from = from + #indent
      table.insert(edits, { path = call.path, from = from, to = from - math.min(by, 0), text = (" "):rep(by) })
    end
  end
  return edits
end

-- How the arguments of a call stand.
---@param text string The file
---@param call heck.Node
---@param form pytest.Form
---@param args pytest.Arguments
---@param head string
---@param tail string
---@return pytest.Layout
local function measure(text, call, form, args, head, tail)
  local list = field(call, "arguments")
  local own = list.kind == "argument_list" and 1 or 0
  local from, to = list.span.byte.from + own, list.span.byte.to - own
  -- What stands behind an argument, before its comma and after it.
  ---@param arg pytest.Argument
  ---@param upto integer
  ---@return pytest.Range before
  ---@return pytest.Range after
  local function around(arg, upto)
    local next, at = arg.whole:next(), arg.whole.span.byte.to
    while next and next.kind ~= "," do
      next = next:next()
    end
    local comma = own == 1 and next and next.span.byte or { from = upto, to = upto }
    return { from = at, to = comma.from }, { from = comma.to, to = upto }
  end
  local first, last, final = args[1], args[form.count], args[#args]
  local lead, is_call, is_final = { from = from, to = first.whole.span.byte.from }, head:find "%($" ~= nil, last == final
  local before, after = around(first, form.count == 2 and last.whole.span.byte.from or first.whole.span.byte.to)
  local behind, apart = around(last, is_final and to or args[form.count + 1].whole.span.byte.from)
  local past, rest = around(final, to)
  local is_wrapped = is_long(text, { lead, behind })
    or is_final and is_long(text, { apart })
    or is_broken(first.node)
    or is_broken(last.node)
    or form.count == 2 and is_long(text, { before, after })
  local message, right = args.msg and args.msg.node, last.node.span.byte
  return {
    text = text,
    call = call,
    form = form,
    head = head,
    tail = tail,
    first = first,
    last = last,
    message = message and message.kind ~= "none" and message or nil,
    lead = lead,
    before = before,
    after = after,
    behind = behind,
    apart = apart,
    past = past,
    rest = rest,
    is_call = is_call,
    is_wrapped = is_wrapped and not is_call,
    is_apart = is_long(text, { apart }) and not form.within,
    is_commented = heck.list.has(list:children(), function(node)
      return node.kind == "comment" and node.span.byte.from >= right.to
    end),
  }
end

-- What makes `a not in b` of `a in b`; other comparisons need not be the opposite of another.
---@param layout pytest.Layout
---@return heck.Edit?
local function negation(layout)
  local node = layout.first.node
  local sides = layout.form == FORMS.assertFalse and node.kind == "comparison_operator" and parts(node) or {}
  local operator = #sides == 2 and sides[1] and sides[1]:next()
  if operator and (operator.kind == "in" or operator.kind == "is") then
    local is_in, place = operator.kind == "in", operator.span.byte
    local at = is_in and place.from or place.to
    return { path = node.path, from = at, to = at, text = is_in and "not " or " not" }
  end
end

-- An operand, in brackets where what is around it would take it apart.
---@param layout pytest.Layout
---@param node heck.Node
---@return pytest.Piece[]
local function operand(layout, node)
  local form, is_loose = layout.form, LOOSE[node.kind]
  if form.within then
    is_loose = is_loose or node.kind == "binary_operator"
  elseif layout.is_call or form.count == 1 and (layout.is_wrapped or layout.head .. layout.tail == "") then
    is_loose = not layout.is_call and not layout.is_wrapped and STRANGE[node.kind]
  end
  return { is_loose and "(" or "", node.span.byte, is_loose and ")" or "" }
end

-- What stands between the operands: the operator stays where the comma stood, or leads the line of what goes on.
---@param layout pytest.Layout
---@return pytest.Piece[]
local function between(layout)
  local text, before, after, mid = layout.text, layout.before, layout.after, layout.form.mid or ""
  local gap, right = cut(text, after), layout.last.node.text
  local opening = right:match "^[^\n]*" or ""
  local is_open = opening == right or opening:find "[%[%({]%s*$"
  if layout.is_wrapped and is_long(text, { layout.lead }) and gap:find "^%s*\n%s*$" and is_open then
    return { before, after, mid:sub(2), " " }
  end
  local is_blank = not cut(text, before):find "%S"
  return { is_blank and "" or before, mid, after.from == after.to and " " or after }
end

-- The end of an assert, with its message.
---@param layout pytest.Layout
---@return pytest.Piece[]
local function ending(layout)
  local text, call, message, past, rest = layout.text, layout.call, layout.message, layout.past, layout.rest
  local is_open = layout.is_wrapped or layout.is_call
  local close = (layout.is_wrapped and ")" or "") .. layout.tail
  if message then
    local width = layout.last.node.span.to.column + #close + #message.text
    local is_far = not (is_open and is_long(text, { past, rest })) and width > 88
    if layout.is_commented or layout.is_apart and (is_far or is_broken(message)) then
      -- The message stays where it stands.
      local line = layout.is_wrapped and cut(text, layout.lead):match "\r?\n"
      local head = line and line .. indent_of(text, call.span) or ""
      return { layout.behind, head, close, ", (", layout.apart, message.span.byte, past, rest, ")" }
    end
  end
  local pieces = { is_open and past or "", is_open and rest or "", close } ---@type pytest.Piece[]
  if message then
    local is_loose = is_broken(message)
    return heck.list.concat(pieces, { is_loose and ", (" or ", ", message.span.byte, is_loose and ")" or "" })
  end
  return pieces
end

-- The plan for an assert of these arguments, or why there is none.
---@param text string The file
---@param call heck.Node
---@param form pytest.Form
---@param args pytest.Arguments
---@param head string What is written before the operands
---@param tail string And behind them
---@return pytest.Plan? plan
---@return string? reason
local function lay_out(text, call, form, args, head, tail)
  local layout = measure(text, call, form, args, head, tail)
  local is_swapped = form.module == "re"
  local has_comment = heck.list.has(field(call, "arguments"):children(), function(node)
    return node.kind == "comment"
  end)
  if is_swapped and has_comment or form.within and layout.is_commented then
    return nil, "a comment stands at what changes its place"
  end
  local inverse = negation(layout)
  if inverse then
    layout.head = ""
  end
  local opening = "assert " .. layout.head .. (layout.is_wrapped and "(" or "")
  local left, right = layout.first.node, layout.last.node
  if is_swapped then
    left, right = right, left
  end
  local pieces = heck.list.concat({ opening, (layout.is_wrapped or layout.is_call) and layout.lead or "" }, operand(layout, left))
  if form.count == 2 then
    pieces = heck.list.concat(pieces, between(layout), operand(layout, right))
  end
  return {
    call = call,
    pieces = heck.list.concat(pieces, ending(layout)),
    inner = heck.list.concat(shifts(text, call, layout.first.whole, #opening), { inverse }),
    module = form.module,
    builtin = layout.head:match "(%a+)%($",
  }
end

return { LOOSE = LOOSE, lay_out = lay_out, shifts = shifts }
