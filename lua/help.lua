--- Explain a command or a function of the library.
---@since 0.1.0
return heck.command {
  args = { { name = "topic", many = true, help = "A command, or a name such as ast.find" } },
  flags = {
    { name = "contract", type = "boolean", help = "Show the JSON Schema of a command's payload" },
    { name = "man", type = "boolean", help = "Print the manual page" },
    { name = "reference", type = "boolean", help = "Print the command reference in Markdown" },
  },
  examples = { "heck help patch apply", "heck help ast.find", "heck help find --contract" },
  returns = { text = "string" },
  run = function(ctx)
    local words, flags = ctx.args.topic, ctx.flags
    if flags.man then
      return { text = heck.script.man() }
    elseif flags.reference then
      return { text = heck.script.reference() }
    end
    local first = words[1]
    local is_command = first == nil
    for _, command in ipairs(heck.script.find_all "commands") do
      is_command = is_command or command.name == first
    end
    if is_command then
      return { text = heck.script.help(words, { contract = flags.contract }) }
    end
    return { text = heck.help.open(table.concat(words, ".")) }
  end,
  render = function(payload, ui)
    ui.print((payload.text:gsub("\n$", "")))
  end,
}
