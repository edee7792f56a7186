-- Reads a file: its names, what it requires, what it offers, and what speaks against an ES module.

local nodes = require "heck-esm-node"
local paths = require "heck-esm-path"
local offers = require "heck-esm-offer"
local strict = require "heck-esm-strict"
local FUNCTION, OWN, bound, field, from, parent = nodes.FUNCTION, nodes.OWN, nodes.bound, nodes.field, nodes.from, nodes.parent
local resolved, is_builtin, installed = paths.resolved, paths.is_builtin, paths.installed

-- Where code runs whenever its module does, so that a require there can become an import.
local SURE = {}
for kind in
  ([[program expression_statement lexical_declaration variable_declaration variable_declarator assignment_expression
  call_expression arguments member_expression object pair array new_expression parenthesized_expression spread_element
  class_heritage class class_declaration]]):gmatch "%S+"
do
  SURE[kind] = true
end

local MODULE = { any = { { kind = "import_statement" }, { kind = "export_statement" }, { kind = "meta_property", regex = "^import" } } }
local NAMED = { function_declaration = true, generator_function_declaration = true, class_declaration = true }

---@param file esm.File
local function see_names(file)
  local kinds = { any = {} }
  for n, kind in ipairs { "identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern" } do
    kinds.any[n] = { kind = kind }
  end
  local names = file.root:find_all(kinds)
  local meanings = heck.refactor.find_all(names)
  for n, node in ipairs(names) do
    local meaning, name = meanings[n], node.text
    file.all_used[name] = (file.all_used[name] or 0) + 1
    if meaning and meaning.kind ~= "unknown" then
      local place = meaning.span and meaning.span.byte.from or meaning.module .. ":" .. tostring(meaning.name)
      local places, uses = file.places[name] or {}, file.uses[place] or {}
      places[place] = true
      table.insert(uses, node)
      file.meant[from(node)], file.places[name], file.uses[place] = place, places, uses
    elseif OWN[name] then
      local free = file.free[name] or {}
      table.insert(free, node)
      file.free[name] = free
    end
  end
end

---@param file esm.File
local function see_top(file)
  ---@param node heck.Node
  local function add(node)
    file.shaky[node.text] = file.shaky[node.text] or file.top[node.text] ~= nil
    file.top[node.text] = node
  end
  for _, statement in ipairs(file.root:children()) do
    if NAMED[statement.kind] then
      add(field(statement, "name"))
    elseif statement.kind == "lexical_declaration" then
      for _, declarator in ipairs(statement:find_all { kind = "variable_declarator" }) do
        if parent(declarator) == statement then
          heck.iter(bound(field(declarator, "name"))):each(add)
        end
      end
    end
  end
  for _, declaration in ipairs(file.root:find_all { kind = "variable_declaration" }) do
    if not declaration:inside(FUNCTION) then
      for _, declarator in ipairs(declaration:children()) do
        if declarator.kind == "variable_declarator" then
          heck.iter(bound(field(declarator, "name"))):each(add)
        end
      end
    end
  end
end

---@param node heck.Node
---@return boolean
local function is_sure(node)
  for _, ancestor in ipairs(node:ancestors()) do
    if not SURE[ancestor.kind] then
      return false
    end
  end
  return true
end

-- A file of a package needs its ending, unless the package says what it exports.
---@param file esm.File
---@param call esm.Call
local function see_package(file, call)
  local found = installed(file.path, call.spec)
  local manifest = found and found.manifest or {}
  if found and found.below ~= "" and not manifest.exports then
    local _, inner = resolved(found.directory .. "/package.json", "." .. found.below)
    call.spec = found.name .. inner:sub(2)
  end
  call.sure = call.sure and not call.spec:match "%.json$" and not call.spec:match "%.node$"
  local exports = manifest.exports and heck.json.render(manifest.exports) or ""
  call.is_esm = manifest.type == "module" and not exports:find '"require"'
  call.is_dual = exports:find '"import"' ~= nil and not call.is_esm
end

---@param file esm.File
local function see_requires(file)
  for _, node in ipairs(file.free.require or {}) do
    local call = parent(node)
    local callee = call.kind == "call_expression" and call:field "function"
    local arguments = callee and from(callee) == from(node) and field(call, "arguments"):children() or {}
    local string = arguments[1]
    if #arguments == 1 and string and string.kind == "string" then
      local spec = string.text:sub(2, -2)
      ---@type esm.Call
      local one = { node = call, string = string, spec = spec, sure = is_sure(call) }
      if spec:match "^%.%.?$" or spec:match "^%.%.?/" then
        local target, written = resolved(file.path, spec)
        one.target, one.spec, one.missing = target, written, target == nil
        one.sure = one.sure and target ~= nil and target:match "%.[cm]?js$" ~= nil
      elseif not is_builtin(spec) then
        see_package(file, one)
      end
      table.insert(file.calls, one)
    else
      table.insert(file.kept, call)
    end
  end
end

-- The "use strict" at the head of a file.
---@param root heck.Node
---@return heck.Node?
local function directive_of(root)
  ---@type heck.Node?
  local directive
  for _, child in ipairs(root:children()) do
    local string = child.kind == "expression_statement" and child:child(1)
    if string and string.kind == "string" and string.text:sub(2, -2) == "use strict" then
      directive = child
    elseif child.kind ~= "comment" and child.kind ~= "hash_bang_line" then
      break
    end
  end
  return directive
end

---@param path string
---@return esm.File
local function new_file(path)
  ---@type esm.File
  return {
    path = path,
    files = {},
    root = heck.ast.open(path),
    text = heck.fs.read(path),
    state = "plain",
    against = {},
    told = {},
    all_used = {},
    used = {},
    places = {},
    meant = {},
    uses = {},
    top = {},
    shaky = {},
    free = {},
    calls = {},
    kept = {},
    sets = {},
    mentions = {},
    selfish = {},
    is_round = false,
    needs_require = false,
    quote = '"',
    semi = "",
    edits = {},
    leads = {},
    bindings = {},
    pure = {},
    taken = {},
    locals = {},
  }
end

---@param path string
---@return esm.File
local function seen(path)
  local file = new_file(path)
  if file.root:has(MODULE) then
    file.state = "esm"
    return file
  end
  see_names(file)
  if next(file.free) then
    file.state = "cjs"
    file.directive = directive_of(file.root)
    see_top(file)
    strict.see_writes(file)
    see_requires(file)
    offers.see_exports(file)
    offers.see_offer(file)
    strict.see_rest(file)
  end
  return file
end

return seen
