--- Make, look at, apply and take back changes.
--- ID is a patch's identifier, its unique beginning or end, or `last`: the newest, and for apply, rollback
--- and redo the newest that is pending, applied or rolled back.
---@since 0.1.0
local ID = { name = "id", required = true, help = "A patch's identifier, or `last`" }

local function describe(meta)
  local added, removed = 0, 0
  for _, file in ipairs(meta.files) do
    added, removed = added + file.added, removed + file.removed
  end
  return {
    id = meta.id,
    state = meta.state,
    title = meta.title,
    created = meta.created,
    files = #meta.files,
    added = added,
    removed = removed,
  }
end

local function record(id)
  for _, meta in ipairs(heck.patch.find_all()) do
    if meta.id == id then
      return meta
    end
  end
end

local function names(files)
  return files == 1 and "1 file" or files .. " files"
end

-- Shows what would happen and asks. Without a terminal --yes or --dry-run must have said it.
local function wanted(ctx, diff, question)
  if not (ctx.quiet or ctx.json) then
    heck.ui.diff(diff)
  end
  return not ctx.dry_run and heck.ui.confirm(question, { required = true })
end

-- The patch that is meant: `last` is the newest that can be taken from that state.
local function get(id, state)
  if id == "last" then
    local all = heck.patch.find_all { state = state }
    if #all == 0 then
      heck.fail("no patch is " .. state, { kind = "not_found", hint = "see `heck patch list`" })
    end
    id = all[#all].id
  end
  return heck.patch.get(id)
end

local function where(patch)
  return { id = patch.id, state = patch.state, files = #patch.files }
end

local function render_moved(payload, ui)
  ui.note(("%s: %s, %s"):format(payload.id, payload.state, names(payload.files)))
end

return heck.command {
  commands = {
    {
      name = "create",
      summary = "Make a patch of what has changed here since the last commit, or of a diff",
      args = { { name = "paths", type = "path", many = true, help = "Only what changed below these" } },
      flags = {
        { name = "from", type = "path", value = "FILE", help = "Read a diff from this file, or from standard input with -" },
        { name = "staged", type = "boolean", help = "Only what is staged" },
        { name = "tracked", type = "boolean", help = "Without the files that git does not know" },
        { name = "title", help = "One line that says what it is for" },
      },
      returns = { patch = "table?" },
      records = true,
      run = function(ctx)
        local from = ctx.flags.from
        if from then
          local text = from == "-" and heck.ui.read() or heck.fs.read(from)
          local patch = heck.patch.parse(text, { title = ctx.flags.title })
          return { patch = describe(record(heck.patch.add(patch))) }
        end
        local patch, left_out = heck.patch.create {
          staged = ctx.flags.staged,
          untracked = not ctx.flags.tracked,
          title = ctx.flags.title,
          paths = ctx.args.paths,
        }
        for _, file in ipairs(left_out) do
          heck.log.warn(("left out: %s %s"):format(file.path, file.reason))
        end
        return { patch = patch and describe(record(patch.id)) or nil }
      end,
      render = function(payload, ui)
        local patch = payload.patch
        if not patch then
          ui.note "nothing has changed"
        else
          ui.print(patch.id)
          ui.note(("%s, %s, +%d −%d"):format(patch.state, names(patch.files), patch.added, patch.removed))
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
          list[#list + 1] = describe(meta)
        end
        return { patches = list, state = ctx.flags.state }
      end,
      render = function(payload, ui)
        local rows = {}
        for _, patch in ipairs(payload.patches) do
          rows[#rows + 1] = { patch.id, patch.state, names(patch.files), ("+%d −%d"):format(patch.added, patch.removed), patch.title }
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
      flags = { { name = "stat", type = "boolean", help = "Only the files and their counts" } },
      returns = { patch = "table", diff = "string", stat = "boolean" },
      run = function(ctx)
        local patch = heck.patch.get(ctx.args.id)
        return { diff = patch:diff(), stat = ctx.flags.stat, patch = record(patch.id) }
      end,
      render = function(payload, ui)
        local patch = payload.patch
        ui.note(("%s (%s) %s"):format(patch.id, patch.state, patch.title))
        if payload.stat then
          local rows = {}
          for _, file in ipairs(patch.files) do
            rows[#rows + 1] = { file.path, ("+%d −%d"):format(file.added, file.removed) }
          end
          ui.table(rows)
        else
          ui.diff(payload.diff)
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
      summary = "Apply a pending patch",
      args = { ID },
      flags = { { name = "force", type = "boolean", help = "Even if it breaks the syntax of a file" } },
      changes = true,
      returns = { patch = "table?" },
      run = function(ctx)
        local patch = get(ctx.args.id, "pending")
        if not ctx.flags.force then
          return patch
        end
        if wanted(ctx, patch:diff(), "apply to " .. names(#patch.files) .. "?") then
          patch:apply { force = true }
        end
        return { patch = describe(record(patch.id)) }
      end,
      render = function() end,
    },
    {
      name = "rollback",
      summary = "Take an applied patch back, to the byte",
      args = { ID },
      returns = { id = "string", state = "string", files = "integer" },
      run = function(ctx)
        local patch = get(ctx.args.id, "applied")
        if patch.state ~= "applied" then
          heck.fail("patch " .. patch.id .. " is " .. patch.state .. ", not applied", { kind = "conflict", hint = "see `heck patch list`" })
        end
        if wanted(ctx, patch:diff { reverse = true }, "take it back from " .. names(#patch.files) .. "?") then
          patch:rollback()
        end
        return where(patch)
      end,
      render = render_moved,
    },
    {
      name = "redo",
      summary = "Apply a patch again that was rolled back",
      args = { ID },
      returns = { id = "string", state = "string", files = "integer" },
      run = function(ctx)
        local patch = get(ctx.args.id, "rolled-back")
        if patch.state ~= "rolled-back" then
          heck.fail(
            "patch " .. patch.id .. " is " .. patch.state .. ", not rolled back",
            { kind = "conflict", hint = "apply a pending patch with `heck patch apply`" }
          )
        end
        if wanted(ctx, patch:diff(), "apply it again to " .. names(#patch.files) .. "?") then
          patch:apply { force = true }
        end
        return where(patch)
      end,
      render = render_moved,
    },
    {
      name = "drop",
      summary = "Forget a patch that is not applied",
      args = { ID },
      flags = { { name = "force", type = "boolean", help = "Also an applied one: its change stays" } },
      returns = { id = "string" },
      records = true,
      run = function(ctx)
        if ctx.dry_run then
          return { id = heck.patch.get(ctx.args.id).id }
        end
        return { id = heck.patch.remove(ctx.args.id, { force = ctx.flags.force }) }
      end,
      render = function(payload, ui)
        ui.note("dropped " .. payload.id)
      end,
    },
  },
}
