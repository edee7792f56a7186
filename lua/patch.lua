--- Make, look at, apply and take back changes.
--- ID is a patch's identifier, its unique beginning or end, or `last`: the newest, and for apply, rollback
--- and redo the newest that is pending, applied or rolled back.
---@since 0.1.0
local ID = { name = "id", required = true, help = "A patch's identifier, or `last`" }

-- Ways to take a patch back or to apply it again.
local INSIST = {
  { name = "break-hardlinks", type = "boolean", help = "Even files with other names, which keep the old content" },
  { name = "nested", type = "boolean", help = "Also files of repositories inside this one" },
}

local shared = require "heck-patch"

return heck.command {
  commands = {
    {
      name = "create",
      summary = "Make a patch of what has changed here, of a diff, of two commits or of two directories",
      args = { { name = "paths", type = "name", many = true, help = "Only what changed below these" } },
      flags = {
        { name = "from", type = "file", value = "FILE", help = "Read a diff from this file, or from standard input with -" },
        { name = "range", value = "A..B", help = "What lies between two commits" },
        { name = "between", many = true, value = "DIR", help = "Said twice: what makes the first directory the second" },
        { name = "staged", type = "boolean", help = "Only what is staged" },
        { name = "tracked", type = "boolean", help = "Without the files that git does not know" },
        { name = "title", help = "One line that says what it is for" },
      },
      returns = { patch = "table?", known = "boolean?", dry_run = "boolean?" },
      records = true,
      run = function(ctx)
        local from = ctx.flags.from
        shared.alone(ctx)
        if from then
          local patch = heck.patch.parse(from == "-" and heck.ui.read() or heck.fs.read(from), { title = ctx.flags.title })
          for _, placed in ipairs(patch.placed) do
            heck.log.warn(shared.told(placed))
          end
          if patch.is_empty then
            return {}
          elseif not ctx.dry_run then
            heck.patch.add(patch)
          end
          return { patch = shared.patch_of(patch), dry_run = ctx.dry_run }
        end
        local patch, left_out = heck.patch.create {
          staged = ctx.flags.staged,
          untracked = not ctx.flags.tracked,
          range = ctx.flags.range,
          between = ctx.flags.between,
          title = ctx.flags.title,
          paths = ctx.args.paths,
        }
        for _, file in ipairs(left_out) do
          heck.log.warn(("left out: %s %s"):format(file.path, file.reason))
        end
        return {
          patch = patch and shared.patch_of(patch) or nil,
          dry_run = ctx.dry_run,
          known = not patch and heck.patch.count().applied > 0 or nil,
        }
      end,
      render = function(payload, ui)
        local patch = payload.patch
        if not patch then
          ui.note(payload.known and "nothing has changed besides what applied patches did" or "nothing has changed")
        else
          if not payload.dry_run then
            ui.print(patch.id)
          end
          ui.note(("%s, %s, %s"):format(patch.state, shared.names(patch.files), shared.counts(patch)))
        end
      end,
    },
    {
      name = "list",
      summary = "List the patches of this repository, newest last",
      flags = { { name = "state", choices = { "pending", "applied", "rolled-back" }, help = "Only patches in this state" } },
      returns = { patches = "list", state = "string?" },
      run = function(ctx)
        local list = {}
        for _, meta in ipairs(heck.patch.find_all { state = ctx.flags.state }) do
          list[#list + 1] = shared.describe(meta)
        end
        return { patches = list, state = ctx.flags.state }
      end,
      render = function(payload, ui)
        local rows = {}
        for _, patch in ipairs(payload.patches) do
          rows[#rows + 1] = { patch.id, patch.state, shared.names(patch.files), shared.counts(patch), patch.title }
        end
        if #rows == 0 then
          ui.note(payload.state and "no patch is " .. payload.state or "there are no patches yet")
        end
        ui.table(rows)
      end,
    },
    {
      name = "show",
      summary = "Show a patch's diff",
      args = { ID },
      flags = {
        { name = "stat", type = "boolean", help = "Only the files and their counts" },
        { name = "hunks", type = "boolean", help = "Only the hunks and their numbers" },
        { name = "side-by-side", short = "s", type = "boolean", help = "The old side on the left, the new one on the right" },
        { name = "reverse", type = "boolean", help = "What taking it back does" },
      },
      returns = { patch = "table", diff = "string", how = "string", hunks = "list" },
      run = function(ctx)
        local flags, patch = ctx.flags, heck.patch.get(ctx.args.id)
        return {
          diff = patch:diff { reverse = flags.reverse },
          how = flags.stat and "stat" or flags.hunks and "hunks" or flags.side_by_side and "columns" or "diff",
          hunks = patch:hunks(),
          patch = shared.record(patch.id),
        }
      end,
      render = function(payload, ui)
        local patch = payload.patch
        ui.note(("%s (%s) %s"):format(patch.id, patch.state, patch.title))
        if payload.how == "stat" then
          local rows = {}
          for _, file in ipairs(patch.files) do
            rows[#rows + 1] = { file.path, shared.counts(file) }
          end
          ui.table(rows)
        elseif payload.how == "hunks" then
          local rows = {}
          for _, hunk in ipairs(payload.hunks) do
            rows[#rows + 1] = { tostring(hunk.number), hunk.path, hunk.what, shared.counts(hunk) }
          end
          ui.table(rows)
        else
          ui.diff(payload.diff, { columns = payload.how == "columns" })
        end
      end,
    },
    {
      name = "check",
      summary = "Tell whether a patch could be applied now, or taken back",
      args = { ID },
      findings = "count",
      returns = { id = "string", state = "string", problems = "list", count = "integer" },
      run = function(ctx)
        local patch = heck.patch.get(ctx.args.id)
        local problems = patch:check()
        return { id = patch.id, state = patch.state, problems = problems, count = #problems }
      end,
      render = function(payload, ui)
        for _, problem in ipairs(payload.problems) do
          ui.print(problem.path .. ": " .. problem.message)
        end
        if payload.count == 0 then
          ui.note(payload.state == "applied" and "it is applied and can be taken back" or "it can be applied")
        end
      end,
    },
    {
      name = "apply",
      summary = "Apply a pending patch, or a part of it",
      help = "With --hunks or --files the patch is split: the part is applied, the rest stays pending.",
      args = { ID },
      flags = {
        { name = "hunks", value = "1,3", help = "Only these, by the numbers of `heck patch show --hunks`" },
        { name = "files", many = true, value = "GLOB", help = "Only what happens to these files" },
        { name = "merge", type = "boolean", help = "Where files have changed since, make a new patch for what is there now" },
        { name = "markers", type = "boolean", help = "With --merge: write conflicts into the files" },
        { name = "force", type = "boolean", help = "Even if it breaks the syntax of a file" },
        INSIST[1],
        INSIST[2],
      },
      changes = true,
      findings = "conflicts",
      returns = { patch = "table?", rest = "string?", conflicts = "integer?" },
      run = function(ctx)
        local flags = ctx.flags
        local part = shared.part(flags)
        local patch, rest = shared.get(ctx.args.id, "pending"), nil
        local clashes = {}
        if part then
          patch, rest = heck.patch.split(assert(patch.id), part)
          if rest and ctx.dry_run then
            shared.wanted(ctx, { patch }, "")
            return { patch = shared.patch_of(patch) }
          elseif rest then
            heck.log.info(("the rest is pending: %s"):format(rest.id))
          end
        end
        if flags.merge then
          local old, found = patch, nil
          patch, found = old:remake { markers = flags.markers }
          clashes = found or clashes
          for _, clash in ipairs(clashes) do
            heck.log.warn(clash.path .. ": " .. clash.message)
          end
          if not ctx.dry_run then
            if #clashes > 0 then
              heck.log.warn "the conflicts will stand between markers in the files: put them right, or take it back"
            end
            heck.patch.add(patch)
          end
        end
        if not (flags.force or flags.break_hardlinks or flags.nested or flags.markers) then
          return rest and { patch = patch, rest = rest.id } or patch
        end
        if shared.wanted(ctx, { patch }, "apply to " .. shared.names(#patch.files) .. "?") then
          patch:apply { force = flags.force or flags.markers, break_hardlinks = flags.break_hardlinks, nested = flags.nested }
        end
        return { patch = shared.patch_of(patch), rest = rest and rest.id, conflicts = #clashes }
      end,
      render = function() end,
    },
    {
      name = "rollback",
      summary = "Take applied patches back, to the byte",
      help = "Several are taken back in one go: all or none. Changes that later patches made to the same files stay.",
      args = { { name = "ids", many = true, help = "Patches' identifiers, or `last`" } },
      flags = {
        { name = "to", value = "ID", help = "This patch and everything that was applied after it" },
        { name = "merge", type = "boolean", help = "Keep what others have changed in the files since" },
        INSIST[1],
        INSIST[2],
      },
      returns = { ids = "list<string>", state = "string", files = "integer", dry_run = "boolean" },
      run = function(ctx)
        local flags = ctx.flags
        local ids = shared.applied_ids(ctx.args.ids, flags.to)
        local patches = {} ---@type heck.Patch[]
        local files = 0
        for n = #ids, 1, -1 do
          patches[#patches + 1] = heck.patch.get(ids[n])
        end
        if #ids == 1 then
          shared.must_be(assert(patches[1]), "applied")
        end
        local what = #ids == 1 and "it back from " .. shared.names(#assert(patches[1]).files) or #ids .. " patches back"
        if shared.wanted(ctx, patches, "take " .. what .. "?", { reverse = true }) then
          local how = { merge = flags.merge, break_hardlinks = flags.break_hardlinks, nested = flags.nested }
          files = heck.patch.rollback(ids, how)
        end
        return { ids = ids, state = heck.patch.get(ids[1]).state, files = files, dry_run = ctx.dry_run }
      end,
      render = function(payload, ui)
        if payload.dry_run then
          return
        end
        ui.note(("%s: %s, %s"):format(table.concat(payload.ids, ", "), payload.state, shared.names(payload.files)))
      end,
    },
    {
      name = "redo",
      summary = "Apply a patch again that was rolled back",
      args = { ID },
      flags = INSIST,
      returns = { id = "string", state = "string", files = "integer" },
      run = function(ctx)
        local patch = shared.must_be(shared.get(ctx.args.id, "rolled-back"), "rolled-back")
        if shared.wanted(ctx, { patch }, "apply it again to " .. shared.names(#patch.files) .. "?") then
          local out = shared.taken_out(patch.id)
          local how = { break_hardlinks = ctx.flags.break_hardlinks, nested = ctx.flags.nested }
          if out then
            out:rollback(how)
          else
            how.force = true
            patch:apply(how)
          end
        end
        return { id = patch.id, state = heck.patch.get(assert(patch.id)).state, files = #patch.files }
      end,
      render = function(payload, ui)
        ui.note(("%s: %s, %s"):format(payload.id, payload.state, shared.names(payload.files)))
      end,
    },
    {
      name = "split",
      summary = "Part a pending patch in two: what is named, and the rest",
      args = { ID },
      flags = {
        { name = "hunks", value = "1,3", help = "These, by the numbers of `heck patch show --hunks`" },
        { name = "files", many = true, value = "GLOB", help = "What happens to these files" },
      },
      returns = { ids = "list<string>", dry_run = "boolean" },
      records = true,
      run = function(ctx)
        local id = assert(shared.get(ctx.args.id, "pending").id)
        local part = shared.part(ctx.flags)
        if not part then
          heck.fail("nothing is named to split off", { kind = "usage", hint = "say --hunks 1,3 or --files GLOB" })
        end
        local first, second = heck.patch.split(id, assert(part))
        if not second then
          heck.fail(
            "that is all of the patch, so there is nothing to split",
            { kind = "usage", hint = "see `heck patch show " .. id .. " --hunks`" }
          )
        end
        if ctx.dry_run then
          shared.wanted(ctx, { first }, "")
        end
        return { ids = { first.id, assert(second).id }, dry_run = ctx.dry_run }
      end,
      render = function(payload, ui)
        if not payload.dry_run then
          ui.print(payload.ids[1])
          ui.print(payload.ids[2])
          ui.note "the second can be applied after the first"
        end
      end,
    },
    {
      name = "merge",
      summary = "Make one patch of several",
      args = { { name = "ids", many = true, required = true, help = "Patches that are all pending, in their order, or all applied" } },
      flags = { { name = "title", help = "One line that says what it is for" } },
      returns = { patch = "table", dry_run = "boolean" },
      records = true,
      run = function(ctx)
        local merged = heck.patch.merge(ctx.args.ids, { title = ctx.flags.title })
        if ctx.dry_run then
          shared.wanted(ctx, { merged }, "")
        end
        return { patch = shared.patch_of(merged), dry_run = ctx.dry_run }
      end,
      render = function(payload, ui)
        if not payload.dry_run then
          ui.print(payload.patch.id)
          ui.note(("%s, %s"):format(payload.patch.state, shared.names(payload.patch.files)))
        end
      end,
    },
    {
      name = "drop",
      summary = "Forget patches that are not applied",
      args = { { name = "ids", many = true, required = true, help = "Patches' identifiers, or `last`" } },
      flags = { { name = "force", type = "boolean", help = "Also applied ones: their changes stay" } },
      returns = { ids = "list<string>", dry_run = "boolean" },
      records = true,
      run = function(ctx)
        local ids = {}
        for n, id in ipairs(ctx.args.ids) do
          ids[n] = heck.patch.get(id).id
        end
        if not ctx.dry_run then
          for _, id in ipairs(ids) do
            heck.patch.remove(id, { force = ctx.flags.force })
          end
        end
        return { ids = ids, dry_run = ctx.dry_run }
      end,
      render = function(payload, ui)
        ui.note((payload.dry_run and "would drop " or "dropped ") .. table.concat(payload.ids, ", "))
      end,
    },
    {
      name = "gc",
      summary = "Remove the kept contents of old changes",
      help = "Rollback works without them: the diffs have the contents, too. A kept content that somebody has\n"
        .. "written to through a file that was open is moved to .heck/state/rescue instead, and named.",
      flags = {
        { name = "days", type = "number", default = 30, help = "From which age on" },
        { name = "patches", type = "boolean", help = "Also pending and rolled-back patches of that age" },
      },
      returns = {
        transactions = "integer",
        bytes = "integer",
        patches = "integer",
        rescued = "list",
        kept = "list<string>",
        dry_run = "boolean",
      },
      records = true,
      run = function(ctx)
        local done = heck.patch.gc { age = ctx.flags.days * 86400, patches = ctx.flags.patches }
        return {
          transactions = done.transactions,
          bytes = done.bytes,
          patches = done.patches,
          rescued = done.rescued,
          kept = done.kept,
          dry_run = ctx.dry_run,
        }
      end,
      render = function(payload, ui)
        for _, rescued in ipairs(payload.rescued) do
          ui.print(("%s was written to after it had been replaced: kept as %s"):format(rescued.path, rescued.kept))
        end
        for _, path in ipairs(payload.kept) do
          ui.print("kept, because it cannot be read: " .. path)
        end
        local done = payload.dry_run and "%d kept changes (%d KB) and %d patches would go"
          or "%d kept changes (%d KB) and %d patches removed"
        ui.note(done:format(payload.transactions, payload.bytes // 1024, payload.patches))
      end,
    },
  },
}
