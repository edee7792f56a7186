-- How findings are shown: to people, to GitHub's log, to whatever reads SARIF.

local M = {}

local COLORS = { error = "bad", warning = "warn", info = "hint", hint = "faint" }

--- For people.
---@param payload { findings: table[], rules: integer }
---@param ui heck.ui
function M.text(payload, ui)
  for _, finding in ipairs(payload.findings) do
    local at = finding.span.from
    local place = ("%s:%d:%d"):format(heck.repo.shown(finding.path), at.line, at.column)
    local severity = ui.style(finding.severity, COLORS[finding.severity] or "faint")
    ui.print(("%s: %s[%s] %s"):format(place, severity, finding.rule, finding.message))
    if finding.note then
      ui.print("  " .. heck.str.trim(finding.note):gsub("\n", "\n  "))
    end
    if finding.unfixed then
      ui.print("  not fixed: " .. finding.unfixed)
    end
  end
  ui.note(("%d findings of %d rules"):format(#payload.findings, payload.rules))
end

-- heck counts columns in bytes, others in characters. Gives a function from a file's line and column to that.
---@return fun(path: string, at: heck.Position): integer
local function characters()
  ---@type string?, string[]
  local known, lines = nil, {}
  return function(path, at)
    if path ~= known then
      known, lines = path, heck.text.lines(heck.fs.read(path))
    end
    local before = (lines[at.line] or ""):sub(1, at.column - 1)
    return (utf8.len(before) or #before) + 1
  end
end

local COMMANDS = { error = "error", warning = "warning" }

local function escaped(text, is_property)
  text = text:gsub("%%", "%%25"):gsub("\r", "%%0D"):gsub("\n", "%%0A")
  if is_property then
    text = text:gsub(":", "%%3A"):gsub(",", "%%2C")
  end
  return text
end

--- Commands in a log from which GitHub makes annotations.
---@param payload { findings: table[] }
---@param ui heck.ui
function M.github(payload, ui)
  local column = characters()
  for _, finding in ipairs(payload.findings) do
    local from, to = finding.span.from, finding.span.to
    local message = finding.message ~= "" and finding.message or finding.rule
    if finding.note then
      message = message .. "\n" .. heck.str.trim(finding.note)
    end
    ui.print(
      ("::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s"):format(
        COMMANDS[finding.severity] or "notice",
        escaped(finding.path, true),
        from.line,
        to.line,
        column(finding.path, from),
        column(finding.path, to),
        escaped(finding.rule, true),
        escaped(message)
      )
    )
  end
end

local LEVELS = { error = "error", warning = "warning" }

local function uri(path)
  return (path:gsub("[^%w%-%._~/]", function(c)
    return ("%%%02X"):format(c:byte())
  end))
end

local function location(path, span, text, column)
  return {
    physicalLocation = {
      artifactLocation = { uri = uri(path), uriBaseId = "%SRCROOT%" },
      region = {
        startLine = span.from.line,
        startColumn = column(path, span.from),
        endLine = span.to.line,
        endColumn = column(path, span.to),
        byteOffset = span.byte[1],
        byteLength = span.byte[2] - span.byte[1],
        snippet = { text = text },
      },
    },
  }
end

local function fixes(finding)
  if not finding.fix then
    return nil
  end
  local replacements = heck.list.map(finding.fix.edits, function(edit)
    return { deletedRegion = { byteOffset = edit.from, byteLength = edit.to - edit.from }, insertedContent = { text = edit.text } }
  end)
  return {
    {
      description = { text = finding.fix.title or finding.message },
      artifactChanges = { { artifactLocation = { uri = uri(finding.path), uriBaseId = "%SRCROOT%" }, replacements = replacements } },
    },
  }
end

--- SARIF 2.1.0, which code scanning services read.
---@param payload { findings: table[], list: table[] }
---@param version string
---@return string
function M.sarif(payload, version)
  local rules, numbers = {}, {}
  for _, rule in ipairs(payload.list) do
    if not numbers[rule.id] then
      numbers[rule.id] = #rules
      rules[#rules + 1] = {
        id = rule.id,
        shortDescription = rule.message ~= "" and { text = rule.message } or nil,
        fullDescription = rule.note and { text = rule.note } or nil,
        helpUri = rule.url,
        defaultConfiguration = { level = LEVELS[rule.severity] or "note" },
      }
    end
  end
  local column = characters()
  local results = heck.list.map(payload.findings, function(finding)
    local related = {}
    for _, label in ipairs(finding.labels or {}) do
      if label.style == "secondary" then
        local place = location(finding.path, label.span, label.text, column)
        place.message = label.message and { text = label.message } or nil
        related[#related + 1] = place
      end
    end
    return {
      ruleId = finding.rule,
      ruleIndex = numbers[finding.rule],
      level = LEVELS[finding.severity] or "note",
      message = { text = finding.message ~= "" and finding.message or finding.rule },
      locations = { location(finding.path, finding.span, finding.text, column) },
      relatedLocations = #related > 0 and related or nil,
      fixes = fixes(finding),
    }
  end)
  return heck.json.render({
    ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
    version = "2.1.0",
    runs = {
      {
        tool = { driver = { name = "heck", semanticVersion = version, rules = rules } },
        columnKind = "unicodeCodePoints",
        results = results,
      },
    },
  }, { pretty = true })
end

return M
