--- Check the repository with rule files.
--- Rules are ast-grep's: YAML files with id, language, rule, and optionally message, severity and fix.
--- Without RULES the files in .heck/rules are used. Findings of severity error make the exit code 1.
---@since 0.1.0
local COLORS = { error = "bad", warning = "warn", info = "hint", hint = "faint" }

return heck.command {
  args = { { name = "paths", type = "path", many = true, default = { "." }, help = "Check only below these files and directories" } },
  flags = {
    { name = "rule", short = "r", type = "path", many = true, value = "FILE", help = "A rule file; may be given several times" },
    { name = "fix", type = "boolean", help = "Make a patch of the rules' fixes" },
    { name = "hidden", type = "boolean", help = "Also hidden files" },
    { name = "no-ignore", type = "boolean", help = "Also files that ignore rules leave out" },
  },
  examples = { "heck scan", "heck scan --rule no-eval.yml --fix src" },
  changes = true,
  findings = "errors",
  returns = { findings = "list", rules = "integer", errors = "integer", patch = "table?" },
  run = function(ctx)
    local paths = ctx.flags.rule
    if #paths == 0 then
      paths = {}
      -- `.heck` is left out of every walk, so its rules are listed through trust, which reads them anyway.
      local code = heck.trust.get()
      for _, file in ipairs(code.files) do
        if file.path:match "^rules/" then
          paths[#paths + 1] = ".heck/" .. file.path
        end
      end
    end
    if #ctx.flags.rule == 0 and #paths > 0 and heck.trust.get().state ~= "trusted" then
      heck.fail("the rules in .heck have not been trusted", { kind = "untrusted", hint = "review and allow them with `heck trust`" })
    end
    if #paths == 0 then
      heck.fail("there are no rules", { kind = "not_found", hint = "put ast-grep rule files into .heck/rules, or name one with --rule" })
    end
    local rules = {}
    for _, path in ipairs(paths) do
      rules[#rules + 1] = { path = path, text = heck.fs.read(path) }
    end
    local result = heck.ast.scan(rules, { paths = ctx.args.paths, hidden = ctx.flags.hidden, ignored = ctx.flags.no_ignore })
    local errors, patch, last = 0, nil, nil
    if ctx.flags.fix then
      patch = heck.patch.new { title = "scan --fix" }
    end
    for _, finding in ipairs(result.findings) do
      if finding.severity == "error" then
        errors = errors + 1
      end
      local edit = finding.fix
      -- Fixes that overlap wait for the next round, as they do for ast-grep.
      if patch and edit and not (last and last.path == edit.path and edit.from < last.to) then
        patch:edit(edit)
        last = edit
      end
    end
    return { findings = result.findings, rules = #result.rules, errors = patch and 0 or errors, patch = patch }
  end,
  render = function(payload, ui)
    for _, finding in ipairs(payload.findings) do
      local at = finding.span.from
      local place = ("%s:%d:%d"):format(heck.repo.shown(finding.path), at.line, at.column)
      local severity = ui.style(finding.severity, COLORS[finding.severity] or "faint")
      ui.print(("%s: %s[%s] %s"):format(place, severity, finding.rule, finding.message))
      if finding.note then
        ui.print("  " .. finding.note:gsub("\n", "\n  "))
      end
    end
    ui.note(("%d findings of %d rules"):format(#payload.findings, payload.rules))
  end,
}
