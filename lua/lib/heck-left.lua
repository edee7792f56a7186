-- Tells of places of a change, and why: those that it leaves alone, or those to look at.

-- How many are told to people.
local MOST = 100

---@param left { path: string, span: heck.Span, reason: string }[]
---@param ui heck.ui
---@param what string? `left alone` without it
return function(left, ui, what)
  for n, one in ipairs(left) do
    if n > MOST then
      ui.note(("… and %d more places, which --json lists"):format(#left - MOST))
      return
    end
    local at = one.span.from
    ui.note(("%s: %s:%d:%d: %s"):format(what or "left alone", heck.repo.shown(one.path), at.line, at.column, one.reason))
  end
end
