--- Set up .heck/ in this repository.
--- Writes a configuration and the editor's types, and changes nothing that is there:
--- a second run changes no byte.
---@since 0.1.0
local CONFIG = [[
# Settings of this repository; see `heck status --config`.
# timeout = 600      # seconds that a command may take; 0 means no limit
# color = "auto"     # auto, always or never
]]

return heck.command {
  returns = { root = "string", written = "list<string>" },
  records = true,
  run = function()
    if not heck.repo.is_marked() then
      heck.log.info "there is no git here; heck works without, but cannot tell what changed since when"
    end
    local written = {}
    local function add(path, text, options)
      if heck.repo.add(path, text, options) then
        written[#written + 1] = ".heck/" .. path
      end
    end
    add("config.toml", CONFIG)
    add(".gitignore", heck.repo.gitignore())
    for path, text in pairs(heck.help.stubs()) do
      add("types/" .. path, text, { replace = true })
    end
    add(".luarc.json", heck.repo.luarc(), { replace = true })
    table.sort(written)
    return { root = heck.repo.root(), written = written }
  end,
  render = function(payload, ui)
    for _, path in ipairs(payload.written) do
      if not path:match "^%.heck/types/" then
        ui.print("wrote " .. path)
      end
    end
    if #payload.written == 0 then
      ui.note "everything is there already"
    else
      ui.note "next: `heck recipe new NAME` begins a recipe, `heck find PATTERN` looks around"
    end
  end,
}
