--- Move debugging output behind the project's logger.
--- console.log, console.debug and print become calls of the logger; test files are left alone.
---
---   heck run log-calls --logger log.debug
---@grant fs.write=**
---@since 0.1.0
local CALLS = {
  { pattern = "console.log($$$ARGS)", lang = { "ts", "tsx", "js" } },
  { pattern = "console.debug($$$ARGS)", lang = { "ts", "tsx", "js" } },
  { pattern = "print($$$ARGS)", lang = { "py" } },
}

local function is_test(path)
  return path:find "test" ~= nil or path:find "spec" ~= nil
end

return heck.command {
  flags = {
    { name = "logger", default = "logger.debug", help = "What to call instead" },
    { name = "tests", type = "boolean", help = "Also in test files" },
  },
  returns = { places = "integer", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = "move debugging output behind " .. ctx.flags.logger }
    local places = 0
    for _, call in ipairs(CALLS) do
      for found in heck.ast.each(call.pattern, { lang = call.lang }) do
        local callee = found:field "function"
        if callee and (ctx.flags.tests or not is_test(found.path)) then
          patch:replace(callee, ctx.flags.logger, { literal = true })
          places = places + 1
        end
      end
    end
    return { places = places, patch = patch }
  end,
}
