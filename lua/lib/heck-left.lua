-- Tells which places a change leaves alone, and why.

---@param left { path: string, span: heck.Span, reason: string }[]
---@param ui heck.ui
return function(left, ui)
  for _, one in ipairs(left) do
    local at = one.span.from
    ui.note(("left alone: %s:%d:%d: %s"):format(heck.repo.shown(one.path), at.line, at.column, one.reason))
  end
end
