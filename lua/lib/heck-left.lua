-- Tells of places of a change, and why: those that it leaves alone, or those to look at.

---@param left { path: string, span: heck.Span, reason: string }[]
---@param ui heck.ui
---@param what string? `left alone` without it
return function(left, ui, what)
  for _, one in ipairs(left) do
    local at = one.span.from
    ui.note(("%s: %s:%d:%d: %s"):format(what or "left alone", heck.repo.shown(one.path), at.line, at.column, one.reason))
  end
end
