--- Decide whether this repository's own code may run.
--- The code is every file in .heck/commands, lib, recipes and rules. The decision holds for exactly that
--- code: any change asks again. It is kept in your own state directory, never in the repository.
---@since 0.1.0
local function count(files)
  return files == 1 and "1 file" or files .. " files"
end

return heck.command {
  flags = {
    { name = "deny", type = "boolean", help = "Refuse this code" },
    { name = "list", type = "boolean", help = "List every decision you made" },
    { name = "forget", type = "boolean", help = "Forget the decision about this repository" },
    { name = "diff", type = "boolean", help = "Show what changed since the code was trusted" },
  },
  returns = {
    state = "string?",
    digest = "string?",
    files = "list<string>?",
    decisions = "list?",
    diff = "string?",
    forgotten = "boolean?",
  },
  run = function(ctx)
    local flags = ctx.flags
    if flags.list then
      return { decisions = heck.trust.find_all() }
    elseif flags.forget then
      return { forgotten = heck.trust.remove() }
    elseif flags.diff then
      return { diff = heck.trust.diff() }
    end
    local code = heck.trust.get()
    local paths = {}
    for _, file in ipairs(code.files) do
      paths[#paths + 1] = ".heck/" .. file.path
    end
    local result = { state = code.state, digest = code.digest, files = paths }
    if code.state == "empty" or ctx.dry_run then
      return result
    elseif flags.deny then
      heck.trust.set(false, { digest = code.digest })
      result.state = "denied"
    elseif code.state ~= "trusted" then
      local ui = heck.ui
      -- Whoever says yes beforehand and wants quiet has looked elsewhere.
      for _, file in ipairs(ctx.yes and ctx.quiet and {} or code.files) do
        ui.print(ui.style("── .heck/" .. file.path, "path"))
        ui.print((file.text:gsub("\n$", "")))
        for grant in ("\n" .. file.text):gmatch "\n%-%-%-@grant ([^\n]+)" do
          ui.note(ui.style(".heck/" .. file.path .. " may: " .. grant, "warn"))
        end
      end
      local yes = ctx.yes or ui.input("type yes to let this code run:") == "yes"
      if not yes then
        heck.fail("the code in .heck was not trusted", {
          kind = "untrusted",
          hint = ui.is_interactive() and "nothing was changed"
            or "there is no terminal to ask on: pass --yes, or set HECK_TRUST=" .. code.digest,
        })
      end
      heck.trust.set(true, { digest = code.digest })
      result.state = "trusted"
    end
    return result
  end,
  render = function(payload, ui)
    if payload.decisions then
      local rows = {}
      for _, decision in ipairs(payload.decisions) do
        rows[#rows + 1] = { decision.allow and "trusted" or "denied", decision.at, decision.digest, decision.root }
      end
      ui.table(rows)
    elseif payload.diff then
      ui.diff(payload.diff)
    elseif payload.forgotten ~= nil then
      ui.note(payload.forgotten and "forgotten" or "there was no decision about this repository")
    elseif payload.state == "empty" then
      ui.note "there is no code in .heck"
    else
      ui.note(("%s: %s, digest %s"):format(payload.state, count(#payload.files), payload.digest))
    end
  end,
}
