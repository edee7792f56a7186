--- Show how things stand here.
---@since 0.1.0
return heck.command {
  flags = { { name = "config", type = "boolean", help = "Show every setting and where it came from" } },
  returns = {
    root = "string",
    is_repository = "boolean",
    branch = "string?",
    changed = "integer?",
    trust = "string",
    patches = "table",
    recipes = "integer",
    network = "string",
    version = "string",
    config = "table?",
  },
  run = function(ctx)
    local marked = heck.repo.is_marked()
    local counts = marked and heck.patch.count() or { pending = 0, applied = 0, ["rolled-back"] = 0 }
    local status = heck.try(heck.git.status)
    return {
      root = heck.repo.root(),
      is_repository = marked,
      branch = heck.try(heck.git.branch),
      changed = status and #status,
      trust = heck.trust.get().state,
      patches = counts,
      recipes = #heck.script.find_all "recipes",
      network = ctx.online and "online" or "offline",
      version = heck.version,
      config = ctx.flags.config and heck.config.find_all() or nil,
    }
  end,
  render = function(payload, ui)
    local patches = payload.patches
    local rows = {
      { "repository", payload.root .. (payload.is_repository and "" or " (not a repository)") },
      { "branch", payload.branch or "–" },
      { "changed files", payload.changed and tostring(payload.changed) or "–" },
      { "code in .heck", payload.trust },
      { "patches", ("%d pending, %d applied, %d rolled back"):format(patches.pending, patches.applied, patches["rolled-back"]) },
      { "recipes", tostring(payload.recipes) },
      { "network", payload.network },
      { "heck", payload.version },
    }
    ui.table(rows)
    if payload.config then
      ui.print ""
      local settings = {}
      for name, setting in pairs(payload.config) do
        settings[#settings + 1] = { name, heck.json.render(setting.value), setting.source }
      end
      table.sort(settings, function(a, b)
        return a[1] < b[1]
      end)
      ui.table(settings, { head = { "setting", "value", "from" } })
    end
  end,
}
