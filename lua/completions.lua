--- Print a shell's completion script.
---@since 0.1.0
return heck.command {
  args = { { name = "shell", required = true, choices = { "bash", "zsh", "fish" } } },
  examples = { "heck completions bash > ~/.local/share/bash-completion/completions/heck" },
  returns = { script = "string" },
  run = function(ctx)
    return { script = heck.script.completions(ctx.args.shell) }
  end,
  render = function(payload, ui)
    ui.print((payload.script:gsub("\n$", "")))
  end,
}
