--- Change code and keep what it does.
--- Every change is a patch. What cannot be decided is listed and left alone. PLACE is a file with a line and a column,
--- or with a name that it declares: src/a.ts:12:5, src/a.ts:parse.
---@since 0.1.0
local function told(doubts, ui)
  for _, doubt in ipairs(doubts) do
    local at = doubt.span.from
    ui.note(("left alone: %s:%d:%d: %s"):format(heck.repo.shown(doubt.path), at.line, at.column, doubt.reason))
  end
end

return heck.command {
  commands = {
    {
      name = "inline",
      summary = "Put a variable's value wherever it is used, and take the variable away",
      help = "Only where nothing can come out differently; otherwise it says which place speaks against it.",
      args = { { name = "place", type = "place", required = true, help = "Where the variable is declared or used" } },
      examples = { "heck refactor inline src/a.ts:12:9" },
      changes = true,
      returns = { name = "string", kind = "string", uses = "integer", patch = "table?" },
      run = function(ctx)
        local inlined = heck.refactor.inline(ctx.args.place)
        local patch = heck.patch.new { title = ("inline %s %s"):format(inlined.kind, inlined.name) }
        patch:add(inlined.edits)
        return { name = inlined.name, kind = inlined.kind, uses = inlined.uses, patch = patch }
      end,
    },
    {
      name = "rename",
      summary = "Give something another name, everywhere it is meant",
      args = {
        { name = "place", type = "place", required = true, help = "Where it is mentioned, or declared" },
        { name = "name", required = true, help = "The new name" },
      },
      flags = { { name = "doubts", type = "boolean", help = "Also change what cannot be decided: words in comments and strings" } },
      examples = { "heck refactor rename src/a.ts:parse parseLine", "heck refactor rename src/a.ts:12:5 count --dry-run" },
      changes = true,
      returns = { name = "string", kind = "string", places = "integer", doubts = "list", patch = "table?" },
      run = function(ctx)
        local renamed = heck.refactor.rename(ctx.args.place, ctx.args.name)
        local patch = heck.patch.new { title = ("rename %s %s to %s"):format(renamed.kind, renamed.name, ctx.args.name) }
        patch:add(renamed.edits)
        local places = #renamed.edits
        if ctx.flags.doubts then
          for _, doubt in ipairs(renamed.doubts) do
            patch:edit { path = doubt.path, from = doubt.span.byte.from, to = doubt.span.byte.to, text = ctx.args.name }
            places = places + 1
          end
        end
        return {
          name = renamed.name,
          kind = renamed.kind,
          places = places,
          doubts = ctx.flags.doubts and {} or renamed.doubts,
          patch = patch,
        }
      end,
      render = function(payload, ui)
        told(payload.doubts, ui)
      end,
    },
  },
}
