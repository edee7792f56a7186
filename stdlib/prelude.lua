-- Runs in every VM, before anything else: builds the environment that scripts see.
-- Gets Rust's functions in a table and gives its own tools back; nothing here is reachable for scripts
-- save what `globals` and `heck` hold.

---@diagnostic disable: undefined-global, await-in-sync, need-check-nil, param-type-mismatch
local host = ...

local raw = {
  xpcall = xpcall,
  error = error,
  next = next,
  pairs = pairs,
  rawget = rawget,
  rawset = rawset,
  rawlen = rawlen,
  rawequal = rawequal,
  select = select,
  tostring = tostring,
  type = type,
  setmetatable = setmetatable,
  getmetatable = getmetatable,
  collectgarbage = collectgarbage,
  resume = coroutine.resume,
  yield = coroutine.yield,
  status = coroutine.status,
  create = coroutine.create,
  concat = table.concat,
  pack = table.pack,
  unpack = table.unpack,
  sort = table.sort,
  format = string.format,
  rep = string.rep,
  match = string.match,
  gsub = string.gsub,
}

-- Names -------------------------------------------------------------------------------------------

local function names_of(...)
  local seen, names = {}, {}
  for i = 1, raw.select("#", ...) do
    for key in raw.next, (raw.select(i, ...)) do
      if raw.type(key) == "string" and not seen[key] then
        seen[key] = true
        names[#names + 1] = key
      end
    end
  end
  raw.sort(names)
  return names
end

-- Freezing: a proxy that reads like the table, refuses writes, and names what is missing. ----------

local frozen = raw.setmetatable({}, { __mode = "k" })

local function freeze(name, inner, load_missing)
  raw.setmetatable(inner, {
    __index = function(_, key)
      local value
      if load_missing then
        value = load_missing(key)
      end
      if value == nil and raw.type(key) == "string" then
        host.unknown(name, key, names_of(inner, load_missing and load_missing() or {}))
      end
      return value
    end,
  })
  local proxy = {}
  frozen[proxy] = inner
  local call = raw.rawget(inner, "__call")
  raw.setmetatable(proxy, {
    __index = inner,
    __newindex = function(_, key)
      host.fail("denied", name .. " is frozen: '" .. raw.tostring(key) .. "' cannot be set", "keep it in a local of your own")
    end,
    -- Never `next, inner`: that would hand out the table itself.
    __pairs = function()
      return function(_, key)
        return raw.next(inner, key)
      end
    end,
    __call = call and function(_, ...)
      return call(...)
    end or nil,
    __len = function()
      return 0
    end,
    __name = name,
    __tostring = function()
      return name
    end,
    __metatable = "frozen",
  })
  return proxy
end

local function copy(from, names)
  local to = {}
  for name in names:gmatch("%S+") do
    to[name] = from[name]
  end
  return to
end

-- Errors: nobody can catch a stop; what Rust raises is a `heck.Error`. -------------------------------

local function after(ok, ...)
  if not ok and host.is_stopped() then
    host.stop()
  end
  return ok, ...
end

local function pcall(f, ...)
  return after(raw.xpcall(f, host.catch, ...))
end

local function xpcall(f, handler, ...)
  return after(raw.xpcall(f, function(err)
    return handler(host.catch(err))
  end, ...))
end

-- What Rust calls scripts through: place and trace are taken while the stack still stands.
local function guard(f, ...)
  return raw.xpcall(f, host.describe, ...)
end

local function unpack_try(ok, ...)
  if ok then
    return ...
  end
  return nil, (...)
end

local function try(f, ...)
  return unpack_try(after(raw.xpcall(f, host.describe, ...)))
end

-- Coroutines: a waiting call yields a token that is for the host, not for whoever resumed. ---------

local function resume(co, ...)
  local results = raw.pack(raw.resume(co, ...))
  while results[1] and results.n == 2 and results[2] == host.pending and raw.status(co) == "suspended" do
    raw.yield(host.pending)
    results = raw.pack(raw.resume(co))
  end
  if not results[1] then
    results[2] = host.catch(results[2])
    if host.is_stopped() then
      host.stop()
    end
  end
  return raw.unpack(results, 1, results.n)
end

local function unwrap(ok, ...)
  if ok then
    return ...
  end
  raw.error((...), 0)
end

local function wrap(f)
  local co = raw.create(f)
  return function(...)
    return unwrap(resume(co, ...))
  end
end

-- Globals -----------------------------------------------------------------------------------------

local libraries = {
  string = copy(string, "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper"),
  table = copy(table, "concat insert move pack remove sort unpack"),
  math = copy(
    math,
    "abs ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi rad random randomseed sin sqrt tan tointeger type ult"
  ),
  utf8 = copy(utf8, "char charpattern codepoint codes len offset"),
  coroutine = copy(coroutine, "close create isyieldable running status"),
}
libraries.coroutine.resume = resume
libraries.coroutine.wrap = wrap
libraries.coroutine.yield = raw.yield

local string_meta = raw.getmetatable("")
string_meta.__index = libraries.string
string_meta.__metatable = "locked"

local globals = copy(_G, "assert error ipairs next pairs rawequal rawget rawlen select tonumber tostring type _VERSION")
for name, library in raw.pairs(libraries) do
  globals[name] = freeze(name, library)
end
globals.pcall = pcall
globals.xpcall = xpcall

function globals.getmetatable(value)
  return raw.getmetatable(value)
end

-- A finalizer would run while the interpreter is being taken down, when nothing can stop it any more.
function globals.setmetatable(t, meta)
  if raw.type(meta) == "table" and raw.rawget(meta, "__gc") ~= nil then
    host.fail("denied", "a metatable cannot have __gc", "use `local x <close>` with __close instead")
  end
  return raw.setmetatable(t, meta)
end

function globals.rawset(t, key, value)
  if frozen[t] then
    host.fail("denied", raw.tostring(t) .. " is frozen: '" .. raw.tostring(key) .. "' cannot be set")
  end
  return raw.rawset(t, key, value)
end

function globals.collectgarbage(option)
  if option ~= nil and option ~= "count" and option ~= "collect" then
    host.fail("denied", "collectgarbage takes 'count' or 'collect' only")
  end
  return raw.collectgarbage(option)
end

function globals.print(...)
  local parts = {}
  for i = 1, raw.select("#", ...) do
    parts[i] = raw.tostring((raw.select(i, ...)))
  end
  host.print(raw.concat(parts, "\t") .. "\n")
end

-- Each chunk gets its own environment: globals it sets are its own, and what is undefined is told.
local function environment()
  local env = {}
  env._G = env
  return raw.setmetatable(env, {
    __index = function(_, key)
      local value = globals[key]
      if value == nil then
        host.unknown("", raw.tostring(key), names_of(globals, env))
      end
      return value
    end,
    __metatable = "locked",
  })
end

function globals.load(chunk, name, mode, env)
  if mode ~= nil and mode ~= "t" then
    host.fail("denied", "load takes text only", "leave the mode out, or pass 't'")
  end
  local text = chunk
  if raw.type(chunk) == "function" then
    local parts = {}
    for part in chunk do
      if part == "" then
        break
      end
      parts[#parts + 1] = part
    end
    text = raw.concat(parts)
  end
  if raw.type(text) ~= "string" then
    host.fail("usage", "load takes a string or a function, got a " .. raw.type(chunk))
  end
  local ok, result = pcall(host.load, text, raw.tostring(name or "=(load)"):gsub("^[@=]", ""), env or environment())
  if ok then
    return result
  end
  return nil, result
end

-- heck --------------------------------------------------------------------------------------------

local require
local rust = {}
for _, name in raw.next, host.modules do
  rust[name] = true
end
local library = {}
for _, name in raw.next, host.library() do
  library[name] = true
end

local function load_chunk(name, text)
  return host.load(text, name, environment())
end

local function load_module(key)
  if key == nil then
    local all = {}
    for _, set in raw.next, { rust, library } do
      for name in raw.pairs(set) do
        all[name] = true
      end
    end
    return all
  end
  if rust[key] then
    return freeze("heck." .. key, host.module(key))
  end
  if library[key] then
    return freeze("heck." .. key, load_chunk("heck:stdlib/heck/" .. key .. ".lua", host.stdlib(key))(host.takes, host.unknown))
  end
end

local inner = {
  version = host.version,
  api = 1,
  try = try,
}

function inner.fail(message, options)
  options = options or {}
  if raw.type(message) ~= "string" then
    host.fail("usage", "heck.fail: 'message' takes a string, got a " .. raw.type(message))
  end
  for key in raw.pairs(options) do
    if key ~= "kind" and key ~= "hint" then
      host.unknown("heck.fail", raw.tostring(key), { "kind", "hint" })
    end
  end
  host.fail(options.kind or "tool", message, options.hint)
end

local declarations = host.load(host.part "declare", "heck:stdlib/declare.lua", environment())(raw, host)
inner.command = declarations.command

local heck = freeze("heck", inner, function(key)
  if key == nil then
    return load_module()
  end
  local module = load_module(key)
  if module ~= nil then
    raw.rawset(inner, key, module)
  end
  return module
end)
globals.heck = heck

-- require: heck's own library first, then the trusted `.heck/lib`. ----------------------------------

local loaded, loading = {}, {}

function require(name)
  if raw.type(name) ~= "string" then
    host.fail("usage", "require takes a name, got a " .. raw.type(name))
  end
  if name == "heck" then
    return heck
  end
  local own = raw.match(name, "^heck%.([%w_]+)$")
  if own then
    return heck[own]
  end
  if loaded[name] ~= nil then
    return loaded[name]
  end
  if not raw.match(name, "^[%w_][%w_.-]*$") or raw.match(name, "%.%.") then
    host.fail("denied", "require cannot load '" .. name .. "'", "name a file below .heck/lib, such as 'team.names' for team/names.lua")
  end
  if loading[name] then
    host.fail("invalid", "'" .. name .. "' requires itself", "move what both sides need into a third file")
  end
  local text = host.lib(name)
  if not text then
    host.fail("not_found", "there is no module '" .. name .. "'", "modules of a repository are files below .heck/lib")
  end
  loading[name] = true
  local _ <close> = raw.setmetatable({}, {
    __close = function()
      loading[name] = nil
    end,
  })
  local value = load_chunk(".heck/lib/" .. raw.gsub(name, "%.", "/") .. ".lua", text)()
  loaded[name] = value == nil and true or value
  return loaded[name]
end
globals.require = require

-- What only the REPL needs, loaded when it does.
local function repl_tools()
  return host.load(host.part "repl", "heck:stdlib/repl.lua", environment())(raw, frozen, globals, load_module, heck)
end

local repl_env = environment()

return {
  environment = environment,
  guard = guard,
  heck = heck,
  member = declarations.member,
  plain = declarations.plain,
  repl_env = repl_env,
  repl_tools = repl_tools,
}
