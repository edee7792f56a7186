-- Matches whose metavariables mean what is asked for, for `--resolves F=MODULE:NAME`. The module is one from outside, a
-- file or a directory of the repository; without a name, anything of it will do.

---@param text string
---@return { var: string, module: string, name: string?, meaning: heck.Meaning? } wanted
local function parse(text)
  local var, module = text:match "^(%u[%u%d_]*)=(.+)$"
  if not var then
    heck.fail(("--resolves cannot be '%s'"):format(text), {
      kind = "usage",
      hint = "write a metavariable and what it means, such as F=lodash:debounce or F=src/log.ts:debug",
    })
  end
  ---@cast var string
  ---@cast module string
  local before, name = module:match "^(.*):([^:]+)$"
  module = before or module
  -- What a file of the repository declares is known by its place.
  local meaning = name and heck.fs.is_file(module) and heck.refactor.find(module .. ":" .. name) or nil
  return { var = var, module = module, name = name, meaning = meaning }
end

---@param meaning heck.Meaning
---@param wanted { module: string, name: string?, meaning: heck.Meaning? }
---@return boolean
local function is_meant(meaning, wanted)
  if wanted.meaning then
    local there, here = wanted.meaning.span, meaning.span
    return meaning.path == wanted.meaning.path and there ~= nil and here ~= nil and here.byte.from == there.byte.from
  end
  if wanted.name and meaning.name ~= wanted.name then
    return false
  end
  local path = meaning.path
  return meaning.module == wanted.module
    or path ~= nil and (path == wanted.module or path:match "^(.*)/[^/]*$" == wanted.module:gsub("/$", ""))
end

---@param pattern string
---@param options heck.QueryOptions
---@param texts string[] What is asked for, each such as `F=lodash:debounce`
---@return fun(node: heck.Node): boolean predicate
return function(pattern, options, texts)
  local all = heck.ast.find_all(pattern, options)
  local wanted = heck.iter(texts):map(parse):list()
  local counts = {}
  local function key(node)
    return ("%s:%d:%d"):format(node.path, node.span.byte.from, node.span.byte.to)
  end
  for _, one in ipairs(wanted) do
    local nodes, keys = {}, {}
    for _, match in ipairs(all) do
      local node = match:get_match(one.var)
      if node then
        table.insert(nodes, node)
        table.insert(keys, key(match))
      end
    end
    for n, meaning in ipairs(heck.refactor.find_all(nodes)) do
      if is_meant(meaning, one) then
        counts[keys[n]] = (counts[keys[n]] or 0) + 1
      end
    end
  end
  return function(node)
    return counts[key(node)] == #wanted
  end
end
