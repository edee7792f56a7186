--- Move debugging output behind the project's logger.
--- console.log, console.debug and print become calls of the logger; test files are left alone. A print of
--- several values gets a format, and one that says where or how to print stays. Whether the logger is
--- imported is for --verify to find out.
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

-- A logger of Python's takes a format and its values; print takes values. Gives the edit that makes the one
-- the other, or false where print is told more than values.
---@param call heck.Node
---@return heck.Edit|false|nil edit
local function format_edit(call)
  local arguments = call:field "arguments"
  if not arguments or arguments.kind ~= "argument_list" then
    -- A generator without brackets of its own is one value.
    return nil
  end
  local values = 0
  for _, argument in ipairs(arguments:children()) do
    if argument.kind == "keyword_argument" or argument.kind:find "splat" then
      return false
    elseif argument.is_named and argument.kind ~= "comment" then
      values = values + 1
    end
  end
  if values == 0 then
    return false
  elseif values == 1 then
    return nil
  end
  local at = arguments.span.byte.from + 1
  local text = '"' .. ("%s "):rep(values - 1) .. '%s", '
  return { path = call.path, from = at, to = at, text = text }
end

return heck.command {
  flags = {
    { name = "logger", default = "logger.debug", help = "What to call instead" },
    { name = "tests", type = "boolean", help = "Also in test files" },
  },
  returns = { places = "integer", left = "integer", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = "move debugging output behind " .. ctx.flags.logger }
    local places, left = 0, 0
    for _, call in ipairs(CALLS) do
      for found in heck.ast.each(call.pattern, { lang = call.lang }) do
        local callee = found:field "function"
        if callee and (ctx.flags.tests or not is_test(found.path)) then
          local edit = nil
          if found.lang == "py" then
            edit = format_edit(found)
          end
          if edit == false then
            left = left + 1
          else
            patch:replace(callee, ctx.flags.logger, { literal = true })
            if edit then
              patch:edit(edit)
            end
            places = places + 1
          end
        end
      end
    end
    if left > 0 then
      heck.log.warn(("left %d calls of print that have no value, or say where or how to print"):format(left))
    end
    return { places = places, left = left, patch = patch }
  end,
}
