-- What a package.json says of its package's modules.

local nodes = require "heck-esm-node"
local paths = require "heck-esm-path"
local field, from, to = nodes.field, nodes.from, nodes.to
local directory, joined = paths.directory, paths.joined

-- Where and how the package says that its files are ES modules: at its type, or behind its version or name.
---@param object heck.Node
---@param text string
---@return integer? from, integer? to, string? new Nil where it says so
local function type_edit(object, text)
  local members = object:children()
  local at ---@type heck.Node?
  for _, pair in ipairs(members) do
    local key = field(pair, "key").text
    if key == '"type"' then
      local value = field(pair, "value")
      if value.text == '"module"' then
        return nil
      end
      return from(value) - 1, to(value) - 1, '"module"'
    elseif key == '"version"' or (key == '"name"' and not at) then
      at = pair
    end
  end
  at = at or members[1]
  if not at then
    return from(object), from(object), '"type": "module"'
  end
  local gap = text:sub(1, from(at) - 1):match "%s*$" or ""
  return to(at) - 1, to(at) - 1, "," .. gap .. '"type": "module"'
end

-- Says that a package's files are ES modules, and names the renamed ones anew.
---@param patch heck.Patch
---@param files table<string, esm.File?>
---@param path string The package.json
---@param has_esm boolean Whether any of its files has become one
local function change_package(patch, files, path, has_esm)
  local text = heck.fs.read(path)
  -- A bracket before it makes it an expression.
  local object = heck.ast.parse("(" .. text .. ")", { lang = "js" }):find { kind = "object" }
  if not object then
    heck.fail(heck.repo.shown(path) .. " is no object", { kind = "conflict" })
    return
  end
  for _, string in ipairs(object:find_all { kind = "string" }) do
    local target = joined(directory(path), string.text:sub(2, -2))
    local file = target and files[target]
    if file and file.state == "left" then
      patch:edit { path = path, from = from(string) - 1, to = to(string) - 1, text = (string.text:gsub("%.js(.)$", ".cjs%1")) }
    end
  end
  if has_esm then
    local first, last, new = type_edit(object, text)
    if first and last and new then
      patch:edit { path = path, from = first, to = last, text = new }
    end
  end
end

return change_package
