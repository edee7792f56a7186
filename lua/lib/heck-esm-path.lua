-- What a specifier means: to CommonJS, and as an ES module has to write it.

local BUILTIN = {}
for name in
  ([[assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain
  events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream
  string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib]]):gmatch "%S+"
do
  BUILTIN[name] = true
end

---@param path string
---@return string
local function directory(path)
  return path:match "^(.*)/[^/]*$" or ""
end

-- A path below another, or nil outside the repository.
---@param base string
---@param below string
---@return string?
local function joined(base, below)
  local parts = {}
  for part in (base .. "/" .. below):gmatch "[^/]+" do
    if part == ".." and #parts == 0 then
      return nil
    elseif part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return table.concat(parts, "/")
end

-- The file that a relative specifier means to CommonJS, and how an ES module has to write it.
---@param path string
---@param spec string
---@return string? file, string spec
local function resolved(path, spec)
  local at = joined(directory(path), spec)
  if not at then
    return nil, spec
  end
  local stem = spec:gsub("/+$", "")
  local is_directory = stem ~= spec or ("/" .. spec):match "/%.%.?$"
  local endings = is_directory and {} or { "", ".js", ".json", ".node", ".cjs" }
  local text = heck.try(heck.fs.read, joined(at, "package.json"))
  local manifest = text and heck.try(heck.json.parse, text)
  local main = type(manifest) == "table" and manifest.main
  if type(main) == "string" then
    main = "/" .. main:gsub("^%./", ""):gsub("/+$", "")
    endings = heck.list.concat(endings, { main, main .. ".js", main .. "/index.js" })
  end
  for _, ending in ipairs(heck.list.concat(endings, { "/index.js", "/index.json" })) do
    local file = ending:sub(1, 1) == "/" and joined(at, ending) or at .. ending
    if heck.fs.is_file(file) then
      return file, stem .. ending
    end
  end
  return nil, spec
end

---@param spec string
---@return boolean
local function is_builtin(spec)
  return (spec:match "^node:" ~= nil or BUILTIN[spec:match "^[^/]+"] == true) and not spec:match "/$"
end

---@class esm.Installed
---@field manifest table Its package.json
---@field name string
---@field below string What a specifier says behind the name
---@field directory string

-- What is installed under a package's name, seen from a file.
---@param path string
---@param spec string
---@return esm.Installed?
local function installed(path, spec)
  local name, below = spec:match "^(@[^/]+/[^/]+)(.*)$"
  if not name then
    name, below = spec:match "^([^/]+)(.*)$"
  end
  local dir = path
  while name and below and dir ~= "" do
    dir = directory(dir)
    local at = joined(dir, "node_modules/" .. name)
    local text = at and heck.try(heck.fs.read, at .. "/package.json")
    if at and text then
      local manifest = heck.try(heck.json.parse, text)
      return type(manifest) == "table" and { manifest = manifest, name = name, below = below, directory = at } or nil
    end
  end
end

-- The package.json that says what a file is.
---@param path string
---@return string?
local function package_of(path)
  local dir = path
  while dir ~= "" do
    dir = directory(dir)
    local manifest = joined(dir, "package.json")
    if manifest and heck.fs.is_file(manifest) then
      return manifest
    end
  end
end

return {
  directory = directory,
  installed = installed,
  is_builtin = is_builtin,
  joined = joined,
  package_of = package_of,
  resolved = resolved,
}
