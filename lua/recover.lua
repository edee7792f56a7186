--- Finish or undo what an interrupted heck has left behind.
--- Every other command does this first; on its own it is for whoever wants to know that all is well.
---@since 0.1.0
local TOLD = {
  clean = "nothing was left behind",
  discarded = "removed what had been prepared; the tree was untouched",
  finished = "finished %s",
  undone = "undid %s",
}

return heck.command {
  recovers = true,
  returns = { outcome = "string", patches = "list<string>", kept = "list<string>" },
  run = function()
    local outcome, patches, kept = heck.patch.recover()
    return { outcome = outcome, patches = patches, kept = kept }
  end,
  render = function(payload, ui)
    ui.print(TOLD[payload.outcome]:format(table.concat(payload.patches, ", ")))
    for _, path in ipairs(payload.kept) do
      ui.print(path .. ": changed by someone else meanwhile, so it stays as it is")
    end
  end,
}
