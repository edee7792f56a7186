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
    {
      name = "resolves",
      value = "VAR=MODULE:NAME",
      many = true,
      help = "Only matches in which a metavariable means this: F=lodash:debounce, F=src/log.ts:debug",
    },
    { name = "where", value = "LUA", help = "Only matches of which this Lua expression is true; node is the match, A the text of $A" },
    { name = "hidden", type = "boolean", help = "Also hidden files" },
    { name = "no-ignore", type = "boolean", help = "Also files that ignore rules leave out" },
  },
  examples = {
    "heck rewrite 'assertEquals($A, $B)' 'assertEqual($A, $B)' --lang py",
    "heck rewrite 'var $A = $B' 'let $A = $B' src --yes --verify 'npm test'",
    "heck rewrite 'log($A)' 'debug($A)' --where 'A:match \"^user\"'",
  },
  changes = true,
  returns = { places = "integer", refused = "list", patch = "table?" },
  run = function(ctx)
    local args, flags = ctx.args, ctx.flags
    local patch = heck.patch.new { title = "rewrite " .. args.pattern .. " → " .. args.replacement }
    local options = {
      lang = #flags.lang > 0 and flags.lang or nil,
      globs = flags.glob,
      paths = args.paths,
      strictness = flags.strictness,
      selector = flags.selector,
      where = flags.where and require "heck-where"(flags.where),
      hidden = flags.hidden,
      ignored = flags.no_ignore,
    }
    if #flags.resolves > 0 then
      options.where = require "heck-resolves"(args.pattern, options, flags.resolves)
    end
    local found = heck.ast.each(args.pattern, options)
    local done = patch:rewrite(found, args.replacement)
    return { places = done.places, refused = done.refused, patch = patch }
  end,
  render = function(payload, ui)
    require("heck-left").tell(payload.refused, ui)
    if #payload.refused > 0 then
      ui.note(("hint: %s"):format(payload.refused[1].hint))
    end
  end,
}
