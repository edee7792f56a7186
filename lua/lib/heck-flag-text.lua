-- What is cut from the text of a file, and which edits that makes.
local nodes = require "heck-flag-nodes"

-- Everything is decided on the tree as it is; what changes is a list of cuts, and a line loses the indentation of every
-- block around it that goes.
---@class FlagText
---@field path string
---@field root heck.Node
---@field text string
---@field lang string
---@field strings { from: integer, to: integer }[] Where strings are, whose inside stays as it is
---@field left heck.LeftPlace[] What is left, and why
---@field cuts { from: integer, to: integer, text: string }[]
---@field indents table<integer, integer> How much indentation the line that begins there loses
local FlagText = {}
FlagText.__index = FlagText

---@param node heck.Node
---@param reason string
function FlagText:tell(node, reason)
  self.left[#self.left + 1] = { path = self.path, span = node.span, reason = reason }
end

---@param from integer
---@param to integer
---@param text string?
function FlagText:cut(from, to, text)
  if from < to or text and text ~= "" then
    self.cuts[#self.cuts + 1] = { from = from, to = to, text = text or "" }
  end
end

-- Where the line begins that holds an offset, and its indentation.
---@param at integer
---@return integer start
---@return string indent
function FlagText:line(at)
  local start = #(self.text:sub(1, at):match "^.*\n" or "")
  return start, self.text:match("^[ \t]*", start + 1) or ""
end

-- Takes statements out: whole lines with the comment behind them, where nothing else stands there, and one of two gaps.
---@param node heck.Node
---@param last heck.Node The last of them
---@param text string?
function FlagText:drop(node, last, text)
  local from, to = nodes.bounds(node), select(2, nodes.bounds(last))
  local start, indent = self:line(from)
  local _, stop = self.text:find("^[ \t\r]*\n", to + 1)
  if not stop then
    _, stop = self.text:find(node.lang == "py" and "^[ \t]*#[^\n]*\n" or "^[ \t]*//[^\n]*\n", to + 1)
  end
  if text or not stop or start + #indent < from then
    return self:cut(from, to, text)
  end
  local before = self.text:sub(1, start)
  local gap = before:match "\n([ \t\r]*\n[ \t\r\n]*)$" or ""
  local after = self.text:match("^[ \t\r\n]*\n", stop + 1) or ""
  if before:find "[{:(]%s*$" or gap == "" and start == 0 then
    stop = stop + #after
  elseif gap ~= "" and (self.text:find("^%s*[})]", stop + 1) or #after >= #gap) then
    start = start - #gap
  elseif gap ~= "" then
    stop = stop + #after
  end
  self:cut(start, stop)
end

-- Moves the lines of a range to where the code begins that it takes the place of. The inside of strings stays.
---@param first integer Where the code begins
---@param to integer
---@param at integer
---@param from integer? Where the range begins, if not there
function FlagText:dedent(first, to, at, from)
  local start = self:line(first)
  local before = self.text:sub(start + 1, first)
  local by = #before - #select(2, self:line(at))
  if by <= 0 or before:find "[^%s?:&|(]" then
    return
  end
  local next_line = self.text:find("\n", (from or first) + 1, true)
  while next_line and next_line < to do
    local is_inside = heck.list.has(self.strings, function(one)
      return one.from < next_line and next_line < one.to
    end)
    if not is_inside then
      self.indents[next_line] = (self.indents[next_line] or 0) + by
    end
    next_line = self.text:find("\n", next_line + 1, true)
  end
end

-- What keeps a line that begins with a bracket from being taken for more of the line before it, where that has no semicolon.
---@param from integer
---@param first integer
---@return string
function FlagText:guard(from, first)
  local before = self.text:sub(1, from):match "(%S)%s*$"
  local is_open = self.lang ~= "py" and self.lang ~= "go" and before and not before:find "[;{:]"
  return is_open and self.text:find("^[(%[`]", first + 1) and ";" or ""
end

-- The edits: those that lie in others or touch them are one, and indentation goes where its line still begins.
---@return heck.Edit[]
function FlagText:edits()
  for start, by in pairs(self.indents) do
    local is_cut = heck.list.has(self.cuts, function(cut)
      return cut.from <= start and start < cut.to
    end)
    local indent = self.text:match("^[ \t]*", start + 1)
    if not is_cut then
      self.cuts[#self.cuts + 1] = { from = start, to = start + math.min(by, #indent), text = "" }
    end
  end
  local cuts = heck.list.sorted(self.cuts, function(a, b)
    return a.from < b.from or a.from == b.from and a.to < b.to
  end)
  local edits = {}
  for _, cut in ipairs(cuts) do
    local last = edits[#edits]
    if last and cut.from < last.to then
      last.text = last.text .. (cut.to > last.to and cut.text or "")
      last.to = math.max(last.to, cut.to)
    elseif last and cut.from == last.to then
      last.to, last.text = cut.to, last.text .. cut.text
    else
      edits[#edits + 1] = { path = self.path, from = cut.from, to = cut.to, text = cut.text }
    end
  end
  return edits
end

return FlagText
