--- Find code by its structure.
--- The pattern is a piece of code in which $NAME stands for one node and $$$NAME for several,
--- as in ast-grep. Without --lang it is tried in every language in which it is proper code.
---@since 0.1.0

-- How people want matches printed; the envelope has no use for it.
local function view_of(flags)
  return {
    context = flags.context,
    before = flags.before,
    after = flags.after,
    files_only = flags.files_with_matches,
    heading = flags.heading or nil,
  }
end

return heck.command {
  args = {
    { name = "pattern", required = true, help = "A piece of code with metavariables" },
    { name = "paths", type = "path", many = true, default = { "." }, help = "Look only below these files and directories" },
  },
  flags = {
    { name = "lang", short = "l", many = true, help = "Language: ts, tsx, js, py, go" },
    { name = "glob", short = "g", many = true, help = "Only paths that match; a leading ! excludes" },
    { name = "strictness", choices = { "cst", "smart", "ast", "relaxed", "signature", "template" }, help = "How closely code must match" },
    { name = "selector", value = "KIND", help = "Look for the node of this kind inside the pattern" },
    { name = "loose", type = "boolean", help = "Also code with an optional part that the pattern does not write, such as a return type" },
    {
      name = "resolves",
      value = "VAR=MODULE:NAME",
      many = true,
      help = "Only matches in which a metavariable means this: F=lodash:debounce, F=src/log.ts:debug",
    },
    { name = "where", value = "LUA", help = "Only matches of which this Lua expression is true; node is the match, A the text of $A" },
    { name = "context", short = "C", type = "integer", value = "LINES", help = "Show lines before and after" },
    { name = "before", short = "B", type = "integer", value = "LINES", help = "Show lines before" },
    { name = "after", short = "A", type = "integer", value = "LINES", help = "Show lines after" },
    { name = "limit", short = "m", type = "integer", value = "COUNT", help = "Stop after so many matches" },
    { name = "count", short = "c", type = "boolean", help = "Print only how many there are" },
    { name = "files-with-matches", type = "boolean", help = "Print only the paths of files with a match" },
    { name = "heading", type = "boolean", help = "Print the path above its matches" },
    { name = "hidden", type = "boolean", help = "Also hidden files" },
    { name = "no-ignore", type = "boolean", help = "Also files that ignore rules leave out" },
    { name = "stdin", type = "boolean", help = "Look into standard input, whose language --lang names" },
    { name = "debug-query", type = "boolean", help = "Show how the pattern is understood" },
  },
  examples = {
    "heck find 'console.log($$$ARGS)'",
    "heck find '$F($$$)' --resolves F=node:fs:readFileSync --lang js",
    "heck find 'if err != nil { return $$$ }' --lang go --count",
  },
  returns = { matches = "list?", count = "integer?", query = "string?", misses = "list?" },
  stream = true,
  run = function(ctx)
    local flags = ctx.flags
    if flags.debug_query then
      local lang = flags.lang[1] or heck.fail("--debug-query needs a language", { kind = "usage", hint = "such as --lang ts" })
      return { query = heck.ast.debug(ctx.args.pattern, { lang = lang }) }
    end
    local options = {
      lang = #flags.lang > 0 and flags.lang or nil,
      globs = flags.glob,
      paths = ctx.args.paths,
      strictness = flags.strictness,
      selector = flags.selector,
      loose = flags.loose or nil,
      where = flags.where and require "heck-where"(flags.where),
      hidden = flags.hidden,
      ignored = flags.no_ignore,
    }
    local payload ---@type table<string, any>
    if flags.stdin then
      local found = require "heck-stdin"(ctx.args.pattern, options, flags)
      payload = flags.count and { count = #found } or { matches = found }
    else
      if #flags.resolves > 0 then
        options.where = require "heck-resolves"(ctx.args.pattern, options, flags.resolves)
      end
      options.limit = flags.limit
      local found = heck.ast.each(ctx.args.pattern, options)
      payload = flags.count and { count = found:count() } or { matches = found, view = not ctx.json and view_of(flags) or nil }
    end
    -- A pattern is taken at its word where somebody says how closely.
    local is_plain = not (flags.loose or flags.selector or flags.strictness)
    payload.misses = is_plain and heck.ast.check(ctx.args.pattern, { lang = options.lang }) or {}
    return payload
  end,
  render = function(payload, ui)
    if payload.query then
      ui.print(payload.query)
    elseif payload.count then
      ui.print(payload.count)
    elseif payload.view then
      payload.matches:print(payload.view)
    else
      for _, node in ipairs(payload.matches) do
        ui.print(("%d:%d:%s"):format(node.span.from.line, node.span.from.column, node.text))
      end
    end
    for _, missed in ipairs(payload.misses or {}) do
      ui.note(("hint: this misses %s (%s); --loose takes them along"):format(missed.misses, missed.lang))
    end
  end,
}
