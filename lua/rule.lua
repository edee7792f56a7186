--- List, begin and test rules.
--- A rule's tests are YAML files, as ast-grep has them: `id`, `valid` (code it must not find) and `invalid` (code it
--- must find). They lie in .heck/rules/tests, or where the project file of --config says (`testConfigs`).
---@since 0.1.0
local files = require "heck-rules"

local RULE = [==[
id: %s
language: %s
severity: warning
message: say in one line what is wrong with $A
rule:
  pattern: console.log($A)
fix: log.debug($A)
]==]

local TEST = [==[
id: %s
valid:
  - log.debug(1)
invalid:
  - console.log(1)
]==]

local config =
  { name = "config", short = "c", type = "path", value = "FILE", help = "A project file that names rule directories (sgconfig.yml)" }

-- The documents of a YAML text.
local function documents(file)
  local all = {}
  for part in ("\n" .. file.text .. "\n---\n"):gmatch "(.-)\n%-%-%-[^\n]*" do
    local document = part:find "%S" and heck.yaml.parse(part)
    if type(document) == "table" then
      all[#all + 1] = document
    end
  end
  return all
end

-- What a rule makes of a piece of code, as ast-grep's snapshots have it: of the first place.
local function answer(code, lang, findings)
  local first = findings[1]
  local labels = heck.list.map(first.labels or {}, function(label)
    return { source = label.text, style = label.style, message = label.message, start = label.span.byte[1], ["end"] = label.span.byte[2] }
  end)
  local fixed = first.fix and heck.ast.render(heck.ast.parse(code, { lang = lang }), first.fix.edits) or nil
  return { fixed = fixed, labels = labels }
end

-- Runs the tests of one document; gives the failures and the answers for its invalid code.
local function run_test(test, rule, found)
  local failures, answers, count = {}, {}, 0
  local function scan(code)
    count = count + 1
    return heck.ast.scan(found.rules, {
      utils = found.utils,
      filter = "^" .. rule.id:gsub("[^%w_-]", "\\%0") .. "$",
      severities = { [""] = "error" },
      lang = rule.language,
      text = code,
    }).findings
  end
  for _, code in ipairs(test.valid or {}) do
    local finding = scan(code)[1]
    if finding then
      failures[#failures + 1] = { id = rule.id, kind = "noisy", code = code, found = finding.text }
    end
  end
  for _, code in ipairs(test.invalid or {}) do
    local findings = scan(code)
    if #findings == 0 then
      failures[#failures + 1] = { id = rule.id, kind = "missing", code = code }
    else
      answers[code] = answer(code, rule.language, findings)
    end
  end
  return failures, answers, count
end

-- Lays the answers beside those that were kept.
local function compare(id, answers, kept, failures)
  for code, wanted in pairs(kept) do
    local got = answers[code]
    local expected = { fixed = wanted.fixed, labels = wanted.labels or {} }
    if got and heck.json.render(got) ~= heck.json.render(expected) then
      failures[#failures + 1] = { id = id, kind = "changed", code = code, wanted = wanted, got = got }
    end
  end
end

local function run_tests(ctx)
  local found = files.find(ctx.flags)
  if #found.tests == 0 then
    heck.fail(
      "there are no tests of rules",
      { kind = "not_found", hint = "put them into .heck/rules/tests, or name their directory in testConfigs" }
    )
  end
  local rules, failures, unknown, total, tested = {}, {}, {}, 0, 0
  for _, rule in ipairs(files.list(found)) do
    rules[rule.id] = rule
  end
  local patch
  if ctx.flags.update then
    patch = heck.patch.new { title = "rule test --update" }
  end
  for _, file in ipairs(found.tests) do
    for _, test in ipairs(documents(file)) do
      local rule = rules[test.id]
      if not rule then
        unknown[#unknown + 1] = { id = tostring(test.id), file = file.path }
      elseif #ctx.args.ids == 0 or heck.list.has(ctx.args.ids, rule.id) then
        tested = tested + 1
        local failed, answers, count = run_test(test, rule, found)
        total = total + count
        failures = heck.list.concat(failures, failed)
        local path = ("%s/%s-snapshot.yml"):format(found.snapshots, rule.id)
        if patch then
          patch:write(path, heck.yaml.render { id = rule.id, snapshots = answers })
        elseif heck.fs.is_file(path) then
          compare(rule.id, answers, heck.yaml.parse(heck.fs.read(path)).snapshots or {}, failures)
        end
      end
    end
  end
  return { tests = tested, samples = total, failures = failures, failed = #failures, unknown = unknown, patch = patch }
end

local WHY = {
  noisy = "finds what it must not",
  missing = "does not find what it must",
  changed = "finds or fixes something else than its snapshot says",
}

return heck.command {
  commands = {
    {
      name = "list",
      summary = "List the rules there are",
      flags = { config },
      returns = { rules = "list" },
      run = function(ctx)
        return { rules = files.list(files.find(ctx.flags)) }
      end,
      render = function(payload, ui)
        local rows = {}
        for _, rule in ipairs(payload.rules) do
          rows[#rows + 1] = { rule.id, rule.language, rule.severity, rule.has_fix and "fix" or "", rule.message }
        end
        ui.table(rows)
      end,
    },
    {
      name = "new",
      summary = "Begin a rule and its test in .heck/rules",
      args = { { name = "id", required = true } },
      flags = { { name = "lang", short = "l", default = "ts", help = "Language: ts, tsx, js, py, go" } },
      returns = { paths = "list<string>" },
      records = true,
      run = function(ctx)
        local id = ctx.args.id
        if not id:match "^[%w_-]+$" then
          heck.fail("'" .. id .. "' cannot be the name of a rule", { kind = "usage", hint = "letters, digits, - and _" })
        end
        local rule, test = "rules/" .. id .. ".yml", "rules/tests/" .. id .. "-test.yml"
        if not heck.repo.add(rule, RULE:format(id, ctx.flags.lang)) then
          heck.fail(".heck/" .. rule .. " exists", { kind = "conflict", hint = "choose another name" })
        end
        heck.repo.add(test, TEST:format(id))
        return { paths = { ".heck/" .. rule, ".heck/" .. test } }
      end,
      render = function(payload, ui)
        for _, path in ipairs(payload.paths) do
          ui.print("wrote " .. path)
        end
        ui.note "test it with `heck rule test`, run it with `heck scan`"
      end,
    },
    {
      name = "test",
      summary = "Test rules with code that they must find, and code that they must not",
      args = { { name = "ids", many = true, help = "Only these rules" } },
      flags = {
        config,
        { name = "update", short = "U", type = "boolean", help = "Keep what the rules find and fix now as snapshots" },
      },
      examples = { "heck rule test", "heck rule test --config sgconfig.yml no-eval" },
      findings = "failed",
      returns = { tests = "integer", samples = "integer", failures = "list", failed = "integer", unknown = "list", patch = "table?" },
      run = run_tests,
      render = function(payload, ui)
        for _, failure in ipairs(payload.failures) do
          ui.print(("%s: %s %s"):format(ui.style("failed", "bad"), failure.id, WHY[failure.kind]))
          ui.print("  " .. heck.str.trim(failure.code):gsub("\n", "\n  "))
          if failure.kind == "changed" then
            ui.print(heck.diff.render(heck.yaml.render(failure.wanted), heck.yaml.render(failure.got)))
          end
        end
        for _, test in ipairs(payload.unknown) do
          ui.note(("%s: there is no rule '%s'"):format(test.file, test.id))
        end
        ui.note(("%d rules tested with %d samples, %d failed"):format(payload.tests, payload.samples, payload.failed))
      end,
    },
  },
}
