---@diagnostic disable: need-check-nil
-- A nil where a case expects a value fails the case.

it("takes messages of each importance", function()
  heck.log.debug "d"
  heck.log.info "i"
  heck.log.warn "w"
  heck.log.error "e"
  raises("usage", heck.log.info, {})
end)
