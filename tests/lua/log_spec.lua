---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("takes messages of each importance", function()
  heck.log.debug "d"
  heck.log.info "i"
  heck.log.warn "w"
  heck.log.error "e"
  raises("usage", heck.log.info, {})
end)
