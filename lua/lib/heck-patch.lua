-- What the subcommands of `heck patch` share.

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

-- What is known of a patch that is not kept.
local function brief(patch)
  return {
    id = patch.id,
    state = patch.state,
    title = patch.title,
    created = "",
    files = #patch.files,
    added = patch.stat.added,
    removed = patch.stat.removed,
  }
end

local function record(id)
  for _, meta in ipairs(heck.patch.find_all()) do
    if meta.id == id then
      return meta
    end
  end
end

-- What is known of a patch that may not be kept, as in a dry run.
local function patch_of(patch)
  local meta = record(patch.id)
  return meta and describe(meta) or brief(patch)
end

local function names(files)
  return files == 1 and "1 file" or files .. " files"
end

local function counts(of)
  return ("+%d −%d"):format(of.added, of.removed)
end

-- How a hunk of somebody else's diff came to its place.
local function told(placed)
  local how = {}
  if placed.offset ~= 0 then
    how[#how + 1] = ("%d lines %s than it says"):format(math.abs(placed.offset), placed.offset > 0 and "lower" or "higher")
  end
  if placed.fuzz > 0 then
    how[#how + 1] = ("without %d lines of its context"):format(placed.fuzz)
  end
  if placed.spacing then
    how[#how + 1] = "with the line ends and spaces of the file"
  end
  local place = ("%s: hunk %d stands at line %d"):format(placed.path, placed.hunk, placed.line)
  return #how == 0 and place or place .. ", " .. table.concat(how, ", ")
end

-- Shows what the patches would do, if anybody looks, and asks. Without a terminal --yes or --dry-run must have said it.
local function wanted(ctx, patches, question, options)
  if not (ctx.quiet or ctx.json) then
    local diffs = {}
    for n, patch in ipairs(patches) do
      diffs[n] = patch:diff(options)
    end
    heck.ui.diff(table.concat(diffs))
  end
  return not ctx.dry_run and heck.ui.confirm(question, { required = true })
end

-- When a patch was last applied or taken back, as a text that sorts.
local function moved(meta)
  return meta.undo and meta.undo:match "%.([^.]+)$" or meta.id
end

-- The patch that is meant: `last` is the one that got into that state last. Of those that were taken back together the
-- first is the one to apply first.
local function get(id, state)
  if id == "last" then
    local all = heck.patch.find_all { state = state }
    if #all == 0 then
      heck.fail("no patch is " .. state, { kind = "not_found", hint = "see `heck patch list`" })
    end
    table.sort(all, function(a, b)
      if moved(a) ~= moved(b) then
        return moved(a) < moved(b)
      end
      return a.id > b.id
    end)
    id = all[#all].id
  end
  return heck.patch.get(id)
end

local function must_be(patch, state)
  if patch.state ~= state then
    local hint = patch.state == "pending" and "apply it with `heck patch apply`" or "see `heck patch list`"
    heck.fail(("patch %s is %s, not %s"):format(patch.id, patch.state, state), { kind = "conflict", hint = hint })
  end
  return patch
end

-- The patch that took another out from under later ones. What it did for others, too, is not undone for one.
local function taken_out(id)
  local undo = assert(record(id)).undo
  for _, meta in ipairs(heck.patch.find_all { state = "applied" }) do
    local out, is_among = 0, false
    for _, turn in ipairs(meta.turns or {}) do
      if turn.outside.state == "applied" and turn.inside.state ~= "applied" then
        out = out + 1
        is_among = is_among or turn.id == id and turn.inside.undo == undo
      end
    end
    if is_among then
      if out == 1 then
        return heck.patch.get(meta.id)
      else
        heck.fail(
          ("patch %s was taken out together with others"):format(id),
          { kind = "conflict", hint = ("to have them all again: `heck patch rollback %s`"):format(meta.id) }
        )
      end
    end
  end
end

-- `1,3-5` as a list.
local function numbers(text)
  local list = {}
  for part in (text or ""):gmatch "[^,%s]+" do
    local from, to = part:match "^(%d+)%-?(%d*)$"
    if not from or #from > 9 or #to > 9 then
      heck.fail("'" .. part .. "' is no hunk's number", { kind = "usage", hint = "as in --hunks 1,3-5" })
    end
    for n = math.tointeger(from), math.tointeger(to ~= "" and to or from) do
      list[#list + 1] = n
    end
  end
  if text and #list == 0 then
    heck.fail("no hunk is named", { kind = "usage", hint = "as in --hunks 1,3-5" })
  end
  return list
end

-- What of a patch the flags choose; nothing where they do not choose.
local function part(flags)
  if flags.hunks and flags.merge then
    heck.fail("--hunks counts the hunks of the patch as it was made, and --merge makes it anew", {
      kind = "usage",
      hint = "choose with --files, or make it anew first and apply parts of that",
    })
  end
  for _, glob in ipairs(flags.files) do
    if glob == "" then
      heck.fail("--files names nothing", { kind = "usage", hint = "as in --files 'src/**'" })
    end
  end
  if flags.hunks or #flags.files > 0 then
    return { hunks = numbers(flags.hunks), files = flags.files }
  end
end

-- The applied patches that are named, or all that were applied since one was, in the order of their making.
local function applied_ids(names, to)
  local ids = {}
  if to then
    local first = must_be(get(to, "applied"), "applied")
    local since = moved(assert(record(first.id)))
    for _, meta in ipairs(heck.patch.find_all { state = "applied", since = first.id }) do
      ids[#ids + 1] = meta.id
      -- What it took out is in the tree again, and may have come after the first, too.
      for _, turn in ipairs(meta.turns or {}) do
        if turn.outside.state == "applied" and moved { id = turn.id, undo = turn.outside.undo } >= since then
          ids[#ids + 1] = turn.id
        end
      end
    end
  end
  for _, name in ipairs(names) do
    ids[#ids + 1] = get(name, "applied").id
  end
  local seen, once = {}, {}
  for _, id in ipairs(ids) do
    if not seen[id] then
      seen[id] = true
      once[#once + 1] = id
    end
  end
  ids = once
  if #ids == 0 then
    heck.fail("no patch is named", { kind = "usage", hint = "`heck patch rollback last` takes the last one back" })
  end
  return ids
end

-- Fails where one source of a patch is named together with what belongs to another.
local function alone(ctx)
  local flags = ctx.flags
  local source = flags.from and "--from" or #flags.between > 0 and "--between" or flags.range and "--range"
  local others = {
    ["--range"] = source ~= "--range" and flags.range,
    ["--between"] = source ~= "--between" and #flags.between > 0,
    ["--staged"] = flags.staged,
    ["--tracked"] = flags.tracked,
    ["a path"] = source ~= "--range" and #ctx.args.paths > 0,
  }
  for name, is_said in pairs(others) do
    if source and is_said then
      heck.fail(("%s and %s do not go together"):format(source, name), { kind = "usage", hint = "see `heck help patch create`" })
    end
  end
end

return {
  alone = alone,
  applied_ids = applied_ids,
  counts = counts,
  describe = describe,
  get = get,
  must_be = must_be,
  names = names,
  part = part,
  patch_of = patch_of,
  record = record,
  taken_out = taken_out,
  told = told,
  wanted = wanted,
}
