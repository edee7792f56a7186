--- Write the types of heck.* for editors.
--- They lie in .heck/types, and .heck/.luarc.json points a Lua language server to them.
---@since 0.1.0
return heck.command {
  returns = { written = "list<string>" },
  run = function()
    local written = {}
    local files = heck.help.stubs()
    for path, text in pairs(files) do
      if heck.repo.add("types/" .. path, text, { replace = true }) then
        written[#written + 1] = ".heck/types/" .. path
      end
    end
    if heck.repo.add(".luarc.json", heck.repo.luarc(), { replace = true }) then
      written[#written + 1] = ".heck/.luarc.json"
    end
    table.sort(written)
    return { written = written }
  end,
  render = function(payload, ui)
    ui.note(#payload.written == 0 and "the types are up to date" or ("wrote %d files below .heck"):format(#payload.written))
  end,
}
