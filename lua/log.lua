--- Show and verify the record of operations.
---@since 0.1.0
return heck.command {
  commands = {
    {
      name = "list",
      summary = "List operations, newest last",
      flags = { { name = "limit", short = "n", type = "integer", default = 20, help = "How many" } },
      returns = { records = "list" },
      run = function(ctx)
        local all = heck.runlog.find_all()
        local records = {}
        for n = math.max(1, #all - ctx.flags.limit + 1), #all do
          records[#records + 1] = all[n]
        end
        return { records = records }
      end,
      render = function(payload, ui)
        local rows = {}
        for _, record in ipairs(payload.records) do
          local outcome = record.ok and "ok" or record.error and record.error.kind or "failed"
          rows[#rows + 1] =
            { tostring(record.seq), record.time, outcome, record.cmd, #record.patches == 1 and "1 patch" or #record.patches .. " patches" }
        end
        if #rows == 0 then
          ui.note "nothing has been recorded yet"
        end
        ui.table(rows)
      end,
    },
    {
      name = "show",
      summary = "Show one operation",
      args = { { name = "seq", type = "integer", required = true, help = "Its number" } },
      returns = { record = "table" },
      run = function(ctx)
        for _, record in ipairs(heck.runlog.find_all()) do
          if record.seq == ctx.args.seq then
            return { record = record }
          end
        end
        heck.fail("there is no record " .. ctx.args.seq, { kind = "not_found", hint = "see `heck log list`" })
      end,
      render = function(payload, ui)
        ui.print(heck.json.render(payload.record, { pretty = true }))
      end,
    },
    {
      name = "verify",
      summary = "Tell whether the record was tampered with",
      findings = "count",
      returns = { records = "integer", damage = "list", count = "integer" },
      run = function()
        local damage = heck.runlog.check()
        return { records = #heck.runlog.find_all(), damage = damage, count = #damage }
      end,
      render = function(payload, ui)
        for _, damage in ipairs(payload.damage) do
          ui.print(("%s:%d: %s: %s"):format(damage.file, damage.line, damage.kind, damage.message))
        end
        ui.note(payload.count == 0 and ("%d records, all in order"):format(payload.records) or "the record is not whole")
      end,
    },
  },
}
