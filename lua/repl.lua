--- Type Lua, see what it does.
--- The same library and the same repository as for commands and recipes.
---@since 0.1.0
return heck.command {
  returns = { lines = "integer", failures = "integer" },
  run = function()
    return heck.repl.run()
  end,
  render = function() end,
}
