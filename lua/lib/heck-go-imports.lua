-- Imports of a Go file: which there are, and the edits that add or take one out.

-- A list in which several imports stand, as far as a spec is in one.
---@param spec heck.Node
---@return boolean
local function is_in_list(spec)
  local parent = spec:parent()
  return parent ~= nil and parent.kind == "import_spec_list"
end

---@class GoImports
---@field path string The file
---@field declaration heck.Node? The first import declaration
---@field specs table<string, heck.Node> The imports by the package's path
local Imports = {}
Imports.__index = Imports

-- Packages of the standard library have no dot in the first part of their path; they stand before the others.
local function is_standard(path)
  return not path:match("^[^/]*"):find(".", 1, true)
end

---@param declarations heck.Node[]
---@return heck.Node[] specs
local function specs_of(declarations)
  local specs = {}
  for _, declaration in ipairs(declarations) do
    for _, child in ipairs(declaration:children()) do
      local list = child.kind == "import_spec_list" and child:children() or { child }
      for _, spec in ipairs(list) do
        if spec.kind == "import_spec" then
          table.insert(specs, spec)
        end
      end
    end
  end
  return specs
end

---@param root heck.Node
---@return GoImports
local function read(root)
  local declarations = heck
    .iter(root:children())
    :filter(function(node)
      return node.kind == "import_declaration"
    end)
    :list()
  local imports = setmetatable({ path = root.path, declaration = declarations[1], specs = {} }, Imports)
  for _, spec in ipairs(specs_of(declarations)) do
    local path = spec:field "path"
    if path then
      imports.specs[path.text:sub(2, -2)] = spec
    end
  end
  return imports
end

--- The name by which the file knows a package; nil where it does not import it by one.
---@param package string
---@return string?
function Imports:name_of(package)
  local spec = self.specs[package]
  local name = spec and spec:field "name"
  if name then
    return name.text ~= "." and name.text ~= "_" and name.text or nil
  end
  return spec and package:match "[^/]*$" or nil
end

-- The import of the standard library beside which a new one belongs, and on which side.
---@param package string
---@param removed table<string, boolean>
---@return heck.Node? spec, "before"|"after" side
function Imports:place_of(package, removed)
  ---@type string?, string?
  local before, after
  for path, spec in pairs(self.specs) do
    if is_standard(path) and not removed[path] and is_in_list(spec) then
      if path > package and (not before or path < before) then
        before = path
      elseif path < package and (not after or path > after) then
        after = path
      end
    end
  end
  local anchor = after or before
  return anchor and self.specs[anchor], after and "after" or "before"
end

--- The edits that import packages, in the order of the standard library's, and take others out.
---@param added string[]
---@param removed string[]
---@return heck.Edit[] edits
function Imports:change(added, removed)
  local edits, goes = {}, {}
  for _, package in ipairs(removed) do
    goes[package] = true
  end
  ---@type GoPlaces, string[]
  local places, order = {}, {}
  for _, package in ipairs(heck.list.sorted(added)) do
    if not self.specs[package] or goes[package] then
      local spec, side = self:place_of(package, goes)
      local key = spec and spec.text .. side or ""
      if not places[key] then
        places[key] = { spec = spec, side = side, lines = {} }
        table.insert(order, key)
      end
      table.insert(places[key].lines, ('"%s"'):format(package))
    end
  end
  for _, package in ipairs(removed) do
    edits = heck.list.concat(edits, self:take_out(package, places))
  end
  for _, key in ipairs(order) do
    local place = places[key] --- @type table?
    if place then
      edits = heck.list.concat(edits, self:put(place))
    end
  end
  return edits
end

---@alias GoPlaces table<string, { spec: heck.Node?, side: "before"|"after", lines: string[] }>

-- Takes an import out. What has no place beside others comes to where the only import was.
---@param package string
---@param places GoPlaces
---@return heck.Edit[]
function Imports:take_out(package, places)
  local spec = self.specs[package]
  local around = spec and spec:parent()
  if not spec or not around then
    return {}
  end
  local place, is_single = places[""], around.kind == "import_declaration"
  if not place or not (is_single or #around:children() == 1) then
    return (is_single and around or spec):remove()
  end
  places[""] = nil
  local text = table.concat(place.lines, "\n\t")
  if is_single and #place.lines > 1 then
    text = "(\n\t" .. text .. "\n)"
  end
  return { { path = self.path, from = spec.span.byte.from, to = spec.span.byte.to, text = text } }
end

---@param place { spec: heck.Node?, side: "before"|"after", lines: string[] }
---@return heck.Edit[]
function Imports:put(place)
  local text = table.concat(place.lines, "\n")
  if place.spec then
    return place.side == "after" and place.spec:insert_after(text) or place.spec:insert_before(text)
  end
  local whole = #place.lines > 1 and "import (\n\t" .. text:gsub("\n", "\n\t") .. "\n)" or "import " .. text
  if self.declaration then
    return self.declaration:insert_before(whole)
  end
  local clause = heck.ast.open(self.path):find { kind = "package_clause" }
  local at = clause and clause.span.byte.to
  return at and { { path = self.path, from = at, to = at, text = "\n\n" .. whole } } or {}
end

return read
