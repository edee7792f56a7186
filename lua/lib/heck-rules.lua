-- Where rule files lie: named ones, those of a project file as ast-grep has it (sgconfig.yml), those of `.heck/rules`.

local M = {}

---@class RuleFiles
---@field rules { path: string, text: string }[]
---@field utils { path: string, text: string }[]
---@field tests { path: string, text: string }[]
---@field snapshots string Where the answers that are expected of tests lie

-- The directory a file lies in, with its slash.
local function dir_of(path)
  return path:match "^(.*/)[^/]*$" or ""
end

local function joined(base, path)
  local all = {}
  for part in (base .. path):gmatch "[^/]+" do
    if part == ".." and #all > 0 and all[#all] ~= ".." then
      all[#all] = nil
    elseif part ~= "." then
      all[#all + 1] = part
    end
  end
  return table.concat(all, "/")
end

-- The YAML files below directories. They count even where an ignore rule leaves them out.
local function yaml_below(base, dirs, is_optional)
  local files = {}
  for _, dir in ipairs(dirs or {}) do
    dir = joined(base, dir)
    if not is_optional and not heck.fs.is_dir(dir) then
      heck.fail("there is no directory " .. dir, { kind = "not_found", hint = "see ruleDirs and utilDirs in the project file" })
    end
    for _, path in ipairs(heck.fs.find_all({ dir .. "/**/*.yml", dir .. "/**/*.yaml" }, { hidden = true, ignored = true })) do
      if not path:find("/__snapshots__/", 1, true) then
        files[#files + 1] = { path = path, text = heck.fs.read(path) }
      end
    end
  end
  return files
end

---@param path string
---@return RuleFiles
local function of_config(path)
  local config = heck.yaml.parse(heck.fs.read(path))
  if type(config) ~= "table" or not config.ruleDirs then
    heck.fail(
      path .. " names no ruleDirs",
      { kind = "invalid", hint = "a project file has `ruleDirs: [rules]`, as ast-grep's sgconfig.yml" }
    )
  end
  local base = dir_of(path)
  local tests, snapshots = {}, nil
  for _, each in ipairs(config.testConfigs or {}) do
    for _, file in ipairs(yaml_below(base, { each.testDir }, true)) do
      tests[#tests + 1] = file
    end
    snapshots = snapshots or joined(base, each.testDir .. "/" .. (each.snapshotDir or "__snapshots__"))
  end
  return {
    rules = yaml_below(base, config.ruleDirs),
    utils = yaml_below(base, config.utilDirs),
    tests = tests,
    snapshots = snapshots or joined(base, "rule-tests/__snapshots__"),
  }
end

-- What lies in `.heck` is left out of every walk; trust lists it, and reads it anyway.
---@return RuleFiles
local function of_repository()
  local code = heck.trust.get()
  local files = { rules = {}, utils = {}, tests = {}, snapshots = ".heck/rules/tests/__snapshots__" }
  for _, file in ipairs(code.files) do
    local place = file.path:match "^rules/(.*)%.ya?ml$"
    if place and not place:find("__snapshots__", 1, true) then
      local kind = place:match "^tests/" and "tests" or place:match "^utils/" and "utils" or "rules"
      local path = ".heck/" .. file.path
      table.insert(files[kind], { path = path, text = heck.fs.read(path) })
    end
  end
  if #files.rules > 0 and code.state ~= "trusted" then
    heck.fail("the rules in .heck have not been trusted", { kind = "untrusted", hint = "review and allow them with `heck trust`" })
  end
  return files
end

--- The rule files that flags name: `rule`, `inline_rules`, `config`; without any, those of the repository.
---@param flags table<string, any>
---@return RuleFiles files
---@return boolean is_project Whether they are all there are, not some that were picked
function M.find(flags)
  local config = flags.config and of_config(flags.config) or nil
  if (flags.rule and #flags.rule > 0) or flags.inline_rules then
    local rules = {}
    for _, path in ipairs(flags.rule or {}) do
      rules[#rules + 1] = { path = path, text = heck.fs.read(path) }
    end
    if flags.inline_rules then
      rules[#rules + 1] = { path = "--inline-rules", text = flags.inline_rules }
    end
    return { rules = rules, utils = config and config.utils or {}, tests = {}, snapshots = "" }, false
  end
  local files = config or of_repository()
  if #files.rules == 0 then
    local hint = "put ast-grep rule files into .heck/rules (`heck rule new`), or name one with --rule"
    if not config and heck.fs.is_file "sgconfig.yml" then
      hint = "this repository has rules for ast-grep: --config sgconfig.yml"
    end
    heck.fail("there are no rules", { kind = "not_found", hint = hint })
  end
  return files, true
end

--- Says which rules are for languages that heck does not parse.
---@param foreign { file: string, language: string }[]
function M.tell_foreign(foreign)
  if #foreign == 0 then
    return
  end
  local languages = heck.list.unique(heck.list.map(foreign, function(rule)
    return rule.language
  end))
  heck.ui.note(("left out: %d rules for %s, which heck does not parse"):format(#foreign, table.concat(languages, ", ")))
end

--- The rules of files, without running them. Says which are for languages that heck does not parse.
---@param files RuleFiles
---@return table[] rules
function M.list(files)
  local found = heck.ast.scan(files.rules, { utils = files.utils, text = "", lang = "ts" })
  M.tell_foreign(found.foreign)
  return found.rules
end

return M
