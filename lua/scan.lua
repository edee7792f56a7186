--- Check the repository with rule files.
--- Rules are ast-grep's: YAML files with id, language, rule, and optionally message, severity and fix.
--- Without --rule, --inline-rules or --config the files in .heck/rules are used, and what .heck/rules/utils has may be
--- named by all of them. Findings of severity error make the exit code 1.
---@since 0.1.0
local files = require "heck-rules"
local show = require "heck-findings"

local SEVERITIES = { "error", "warning", "info", "hint", "off" }

local flags = {
  { name = "rule", short = "r", type = "path", many = true, value = "FILE", help = "A rule file; may be given several times" },
  { name = "inline-rules", value = "YAML", help = "Rules, written here" },
  { name = "config", short = "c", type = "path", value = "FILE", help = "A project file that names rule directories (sgconfig.yml)" },
  { name = "filter", value = "REGEX", help = "Only rules whose ids match" },
  { name = "fix", type = "boolean", help = "Make a patch of the rules' fixes" },
  { name = "format", choices = { "text", "github", "sarif" }, default = "text", help = "How findings are printed" },
  { name = "glob", short = "g", many = true, help = "Only paths that match; a leading ! excludes" },
  { name = "limit", short = "m", type = "integer", value = "COUNT", help = "Show no more findings than this" },
  { name = "hidden", type = "boolean", help = "Also hidden files" },
  { name = "no-ignore", type = "boolean", help = "Also files that ignore rules leave out" },
}
for _, severity in ipairs(SEVERITIES) do
  local help = severity == "off" and "Leave out the rule of this id; 'all' is every rule"
    or "Give the rule of this id this severity; 'all' is every rule"
  flags[#flags + 1] = { name = severity, many = true, value = "ID", help = help }
end

local function severities(given)
  local by_id = {}
  for _, severity in ipairs(SEVERITIES) do
    for _, id in ipairs(given[severity]) do
      by_id[id == "all" and "" or id] = severity
    end
  end
  return by_id
end

return heck.command {
  args = { { name = "paths", type = "path", many = true, default = { "." }, help = "Check only below these files and directories" } },
  flags = flags,
  examples = { "heck scan", "heck scan --rule no-eval.yml --fix src", "heck scan --config sgconfig.yml --format sarif" },
  changes = true,
  findings = "errors",
  returns = { findings = "list", rules = "integer", errors = "integer", list = "list", format = "string", patch = "table?" },
  run = function(ctx)
    local found, is_project = files.find(ctx.flags)
    local result = heck.ast.scan(found.rules, {
      utils = found.utils,
      filter = ctx.flags.filter,
      severities = severities(ctx.flags),
      unused = is_project and not ctx.flags.filter,
      paths = ctx.args.paths,
      globs = ctx.flags.glob,
      hidden = ctx.flags.hidden,
      ignored = ctx.flags.no_ignore,
    })
    files.tell_foreign(result.foreign)
    local errors, patch, last = 0, nil, nil
    if ctx.flags.fix then
      patch = heck.patch.new { title = "scan --fix" }
    end
    for _, finding in ipairs(result.findings) do
      if finding.severity == "error" then
        errors = errors + 1
      end
      local edits = finding.fix and finding.fix.edits or {}
      local first = edits[1]
      -- Fixes that overlap wait for the next round, as they do for ast-grep.
      if patch and first and not (last and last.path == first.path and first.from < last.to) then
        patch:add(edits)
        last = edits[#edits]
      end
    end
    local findings = result.findings
    if ctx.flags.limit and #findings > ctx.flags.limit then
      heck.ui.note(("shown: %d of %d findings"):format(ctx.flags.limit, #findings))
      findings = table.move(findings, 1, ctx.flags.limit, 1, {})
    end
    return {
      findings = findings,
      rules = #result.rules,
      list = result.rules,
      errors = patch and 0 or errors,
      format = ctx.flags.format,
      patch = patch,
    }
  end,
  render = function(payload, ui)
    if payload.format == "sarif" then
      ui.print(show.sarif(payload, heck.version))
    else
      show[payload.format](payload, ui)
    end
  end,
}
