--- Replace calls of a deprecated function by its successor.
--- Arguments stay as they are. With --import the successor's import is added to JavaScript and
--- TypeScript files that do not have it.
---
---   heck run replace-call assertEquals assertEqual --lang py
---@grant fs.write=**
---@since 0.1.0
return heck.command {
  args = {
    { name = "old", required = true, help = "The deprecated function, such as fs.exists" },
    { name = "new", required = true, help = "Its successor" },
  },
  flags = {
    { name = "lang", short = "l", many = true, help = "Only these languages" },
    { name = "import", value = "LINE", help = "A line to add at the top of changed files that lack it" },
  },
  returns = { places = "integer", patch = "table?" },
  run = function(ctx)
    local args, flags = ctx.args, ctx.flags
    local patch = heck.patch.new { title = ("replace %s by %s"):format(args.old, args.new) }
    local places, seen = 0, {}
    local calls = heck.ast.each(args.old .. "($$$ARGS)", { lang = #flags.lang > 0 and flags.lang or nil })
    for call in calls do
      -- Only the callee is touched, so nested calls and the layout of arguments stay as they are.
      local callee = call:field "function"
      if callee then
        patch:replace(callee, args.new, { literal = true })
        places = places + 1
        if flags.import and not seen[call.path] then
          seen[call.path] = true
          local text = heck.fs.read(call.path)
          if not text:find(flags.import, 1, true) then
            patch:edit { path = call.path, from = 0, to = 0, text = flags.import .. "\n" }
          end
        end
      end
    end
    return { places = places, patch = patch }
  end,
}
