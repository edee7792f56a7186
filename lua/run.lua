--- Run a recipe, or a Lua file.
--- A recipe is a file in .heck/recipes, in ~/.config/heck/recipes, or one that ships with heck. The
--- change it returns is shown, asked about, applied, verified, and kept or rolled back.
---@since 0.1.0
return heck.command {
  args = { { name = "name", help = "A recipe's name, or the path of a Lua file" } },
  examples = { "heck run log-calls", "heck run cleanup --verify 'npm test'", "heck run tools/report.lua" },
  delegates = "recipes",
  returns = { recipes = "list<string>" },
  run = function()
    local names = {}
    for _, recipe in ipairs(heck.script.find_all "recipes") do
      names[#names + 1] = recipe.name
    end
    return { recipes = names }
  end,
  render = function(payload, ui)
    ui.note "which recipe? there are:"
    for _, name in ipairs(payload.recipes) do
      ui.print("  " .. name)
    end
  end,
}
