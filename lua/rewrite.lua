--- Rewrite code by its structure.
--- What matches the pattern is replaced by the replacement, in which the pattern's metavariables
--- stand for what they captured. The result is a patch: shown, asked about, applied, reversible.
---@since 0.1.0
return heck.command {
  args = {
    { name = "pattern", required = true, help = "A piece of code with metavariables" },
    { name = "replacement", required = true, help = "What to put there" },
    { name = "paths", type = "path", many = true, default = { "." }, help = "Change only below these files and directories" },
  },
  flags = {
    { name = "lang", short = "l", many = true, help = "Language: ts, tsx, js, py, go" },
    { name = "glob", short = "g", many = true, help = "Only paths that match; a leading ! excludes" },
    { name = "strictness", choices = { "cst", "smart", "ast", "relaxed", "signature", "template" }, help = "How closely code must match" },
    { name = "selector", value = "KIND", help = "Look for the node of this kind inside the pattern" },
    { name = "hidden", type = "boolean", help = "Also hidden files" },
    { name = "no-ignore", type = "boolean", help = "Also files that ignore rules leave out" },
  },
  examples = {
    "heck rewrite 'assertEquals($A, $B)' 'assertEqual($A, $B)' --lang py",
    "heck rewrite 'var $A = $B' 'let $A = $B' src --yes --verify 'npm test'",
  },
  changes = true,
  returns = { places = "integer", patch = "table?" },
  run = function(ctx)
    local args, flags = ctx.args, ctx.flags
    local patch = heck.patch.new { title = "rewrite " .. args.pattern .. " → " .. args.replacement }
    local places = 0
    local found = heck.ast.each(args.pattern, {
      lang = #flags.lang > 0 and flags.lang or nil,
      globs = flags.glob,
      paths = args.paths,
      strictness = flags.strictness,
      selector = flags.selector,
      hidden = flags.hidden,
      ignored = flags.no_ignore,
      outermost = true,
    })
    for node in found do
      patch:replace(node, args.replacement)
      places = places + 1
    end
    return { places = places, patch = patch }
  end,
}
