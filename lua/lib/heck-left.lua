-- Places of a change that people are told of: those that it leaves alone, or those to look at.

-- How many are told to people.
local MOST = 100

---@class heck.LeftPlace
---@field path string
---@field span heck.Span
---@field reason? string

local M = {}

--- The places by file, and in the order of the file.
---@generic T: heck.LeftPlace
---@param places T[]
---@return T[] sorted
function M.sorted(places)
  return heck.list.sorted(places, function(a, b)
    return a.path < b.path or a.path == b.path and a.span.byte.from < b.span.byte.from
  end)
end

---@param places heck.LeftPlace[]|heck.Place[]
---@param ui heck.ui
---@param what string? `left alone` without it
---@param most integer? How many at most; 100 without it
function M.tell(places, ui, what, most)
  most = most or MOST
  for n, one in ipairs(places) do
    if n > most then
      ui.note(("… and %d more places, which --json lists"):format(#places - most))
      return
    end
    local at = one.span.from
    local reason = one.reason and ": " .. one.reason or ""
    ui.note(("%s: %s:%d:%d%s"):format(what or "left alone", heck.repo.shown(one.path), at.line, at.column, reason))
  end
end

return M
