--- List, show and begin recipes.
---@since 0.1.0
local TEMPLATE = [==[
--- %s: say in one line what it does.
---@grant fs.write=**
return heck.command {
  run = function(ctx)
    local patch = heck.patch.new { title = "%s" }
    for call in heck.ast.each("console.log($$$ARGS)", { lang = { "ts", "tsx", "js" } }) do
      if not call.path:find "test" then
        patch:replace(call, "log.debug($$$ARGS)")
      end
    end
    return patch
  end,
}
]==]

return heck.command {
  commands = {
    {
      name = "list",
      summary = "List the recipes there are",
      returns = { recipes = "list" },
      run = function()
        return { recipes = heck.script.find_all "recipes" }
      end,
      render = function(payload, ui)
        local rows = {}
        for _, recipe in ipairs(payload.recipes) do
          local layer = recipe.trusted and recipe.layer or recipe.layer .. ", untrusted"
          rows[#rows + 1] = { recipe.name, layer, recipe.summary }
        end
        ui.table(rows)
      end,
    },
    {
      name = "show",
      summary = "Show a recipe's text",
      args = { { name = "name", required = true } },
      returns = {
        name = "string",
        summary = "string",
        help = "string",
        layer = "string",
        path = "string",
        grants = "list<string>",
        text = "string",
      },
      run = function(ctx)
        return heck.script.get("recipes", ctx.args.name)
      end,
      render = function(payload, ui)
        ui.print((payload.text:gsub("\n$", "")))
      end,
    },
    {
      name = "new",
      summary = "Begin a recipe in .heck/recipes",
      args = { { name = "name", required = true } },
      returns = { path = "string" },
      records = true,
      run = function(ctx)
        local name = ctx.args.name
        if not name:match "^[%w_-]+$" then
          heck.fail("'" .. name .. "' cannot be the name of a recipe", { kind = "usage", hint = "letters, digits, - and _" })
        end
        for _, recipe in ipairs(heck.script.find_all "recipes") do
          if recipe.name == name and recipe.layer == "built-in" then
            heck.fail("heck ships a recipe '" .. name .. "', which would be run instead", {
              kind = "conflict",
              hint = "choose another name, or set allow_shadow = true in your own ~/.config/heck/config.toml",
            })
          end
        end
        local path = "recipes/" .. name .. ".lua"
        if not heck.repo.add(path, TEMPLATE:format(name, name)) then
          heck.fail(".heck/" .. path .. " exists", { kind = "conflict", hint = "choose another name" })
        end
        return { path = ".heck/" .. path }
      end,
      render = function(payload, ui)
        ui.note("edit " .. payload.path .. ", review it with `heck trust`, then `heck run` it")
      end,
    },
  },
}
