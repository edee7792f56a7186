-- The edits of one file, and the names that they need.

local nodes = require "heck-esm-node"
local offers = require "heck-esm-offer"
local RESERVED, OWN, from, to, statement_of = nodes.RESERVED, nodes.OWN, nodes.from, nodes.to, nodes.statement_of
local given = offers.given

-- Replaces what stands between two offsets; a second time at the same one, adds to the first.
---@param file esm.File
---@param first integer
---@param last integer
---@param text string
local function put(file, first, last, text)
  local edit = file.edits[first]
  if edit then
    edit.to, edit.text = math.max(edit.to, last), edit.text .. text
  else
    file.edits[first] = { path = file.path, from = first, to = last, text = text }
  end
end

-- A name that nothing in the file has, after what it is for.
---@param file esm.File
---@param base string
---@return string
local function fresh(file, base)
  base = base:gsub("[^%w_$]", "")
  base = (base == "" or base:match "^%d") and "module" .. base or base
  local name, number = base, 1
  while file.used[name] or RESERVED[name] or OWN[name] do
    name, number = base .. "Module" .. (number > 1 and number or ""), number + 1
  end
  file.used[name] = 1
  return name
end

-- What a module may be called after its path.
---@param path string
---@return string
local function base_of(path)
  local stem = path:gsub("%.%w+$", ""):gsub("/index$", ""):gsub("[./]+$", "")
  local base = stem:match "[^/:]+$" or "module"
  return base == "index" and "exported" or heck.str.camel(base)
end

-- A specifier in the quotes of a require.
---@param call esm.Call
---@param spec string
---@return string
local function quoted(call, spec)
  return call.string.text:sub(1, 1) .. spec .. call.string.text:sub(-1)
end

-- What an importer writes for a file that stays CommonJS and is renamed.
---@param file esm.File
---@param call esm.Call
---@return string
local function spec_of(file, call)
  local target = call.target and file.files[call.target]
  return target and target.state == "left" and (call.spec:gsub("%.js$", ".cjs")) or call.spec
end

-- The name of a whole module in a file, which an import gives it before the statement.
---@param file esm.File
---@param call esm.Call
---@param base? string
---@return string
local function binding(file, call, base)
  local spec = spec_of(file, call)
  local name = file.bindings[spec]
  if not name then
    name = fresh(file, base or base_of(spec))
    local all = given(file, call).kind == "names" and "* as " or ""
    local at = from(statement_of(call.node))
    local line = ("import %s%s from %s%s\n"):format(all, name, quoted(call, spec), file.semi)
    file.leads[at] = (file.leads[at] or "") .. line
    file.bindings[spec] = name
  end
  return name
end

-- Drops the semicolon behind what has become a declaration.
---@param file esm.File
---@param statement heck.Node
local function drop_semicolon(file, statement)
  if statement.text:sub(-1) == ";" then
    put(file, to(statement) - 1, to(statement), "")
  end
end

-- Adds a line behind a statement.
---@param file esm.File
---@param statement heck.Node
---@param text string
local function after(file, statement, text)
  put(file, to(statement), to(statement), "\n" .. text .. file.semi)
end

-- A name as an import or an export lists it, under another one.
---@param name string
---@param other string
---@return string
local function as(name, other)
  local is_word = RESERVED[other] and other ~= "default"
  return name == other and name or ("%s as %s"):format(name, is_word and '"' .. other .. '"' or other)
end

-- Gives a patch what is to be changed in a file.
---@param patch heck.Patch
---@param file esm.File
local function add_edits(patch, file)
  for at, text in pairs(file.leads) do
    local edit = file.edits[at]
    if edit then
      edit.text = text .. edit.text
    else
      put(file, at, at, text)
    end
  end
  for _, at in ipairs(heck.list.keys(file.edits)) do
    local edit = file.edits[at]
    if edit and file.text:find "\r\n" then
      edit.text = edit.text:gsub("\r?\n", "\r\n")
    end
    if edit and file.text:sub(edit.from + 1, edit.to) ~= edit.text then
      patch:edit(edit)
    end
  end
end

return {
  add_edits = add_edits,
  after = after,
  as = as,
  base_of = base_of,
  binding = binding,
  drop_semicolon = drop_semicolon,
  fresh = fresh,
  put = put,
  quoted = quoted,
  spec_of = spec_of,
}
