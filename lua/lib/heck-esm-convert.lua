-- Converts files, each against the offers of the others.

local nodes = require "heck-esm-node"
local offers = require "heck-esm-offer"
local edits = require "heck-esm-edit"
local imports = require "heck-esm-import"
local exports = require "heck-esm-export"
local FUNCTION, from, to, tell = nodes.FUNCTION, nodes.from, nodes.to, nodes.tell
local field, parent, statement_of = nodes.field, nodes.parent, nodes.statement_of
local put, fresh, as = edits.put, edits.fresh, edits.as

-- Where a file's first code stands, behind its head: the shebang, and comments with an empty line below.
---@param file esm.File
---@return integer
local function head_end(file)
  for _, child in ipairs(file.root:children()) do
    local gap = file.text:sub(to(child) + 1):match "^%s*" or ""
    local is_head = child.kind == "hash_bang_line" or (child.kind == "comment" and gap:match "\n[ \t\r]*\n")
    if not is_head then
      return from(child)
    end
  end
  return #file.text
end

-- Imports of what a CommonJS module was given by Node, and what is made of them; a directive gives way to them.
---@param file esm.File
local function add_preamble(file)
  local lines, body = {}, {} ---@type string[], string[]
  local q, free = file.quote, file.free
  local function import(name, module)
    local own = file.used[name] and fresh(file, name) or name
    table.insert(lines, ("import { %s } from %snode:%s%s%s"):format(as(name, own), q, module, q, file.semi))
    return own
  end
  local function define(text, ...)
    table.insert(body, text:format(...) .. file.semi)
  end
  if file.needs_require then
    define("const require = %s(import.meta.url)", import("createRequire", "module"))
  end
  if free.__dirname or free.__filename then
    define("const __filename = %s(import.meta.url)", import("fileURLToPath", "url"))
  end
  if free.__dirname then
    define("const __dirname = %s(__filename)", import("dirname", "path"))
  end
  local text = table.concat(heck.list.concat(lines, body), "\n")
  local directive = file.directive
  if directive and text ~= "" then
    put(file, from(directive), to(directive), text)
  elseif directive then
    local gap = file.text:sub(to(directive) + 1):match "^[ \t]*\r?\n[ \t\r\n]*" or ""
    put(file, from(directive), to(directive) + #gap, "")
  elseif text ~= "" then
    local at = head_end(file)
    file.leads[at] = text .. "\n" .. (file.leads[at] or "")
  end
end

-- Whether a statement at the top does something, rather than load, declare or export.
---@param file esm.File
---@param statement heck.Node
---@param call? esm.Call What it loads
---@return boolean
local function is_doing(file, statement, call)
  local inner = statement.kind == "expression_statement" and statement:child(1)
  if not inner or (call and inner == call.node) then
    return false
  elseif inner.kind ~= "call_expression" and inner.kind ~= "assignment_expression" then
    return false
  elseif inner.kind == "assignment_expression" and field(inner, "left").kind == "identifier" then
    return false
  end
  return not heck.list.has(file.sets, function(set)
    return from(set.statement) == from(statement)
  end)
end

-- Imports are loaded before anything else runs; tells of a statement at the top that ran before some.
---@param file esm.File
local function check_order(file)
  local ran ---@type heck.Node?
  for _, statement in ipairs(file.root:children()) do
    ---@type esm.Call?
    local call = heck.list.find(file.calls, function(one)
      return one.sure and not offers.given(file, one).builtin and from(statement_of(one.node)) == from(statement)
    end)
    if ran ~= nil and call then
      tell(file.told, file, ran, ("ran before %s was loaded, and runs after it now"):format(call.spec))
      return
    elseif is_doing(file, statement, call) then
      ran = statement
    end
  end
end

-- Whether loading a file loads another one.
---@param files table<string, esm.File?>
---@param path string
---@param other string
---@param passed? table<string, boolean>
---@return boolean
local function reaches(files, path, other, passed)
  local before = passed or {} ---@type table<string, boolean>
  before[path] = true
  local file = files[path]
  for _, call in ipairs(file and file.calls or {}) do
    local target = call.sure and call.target
    if target and (target == other or (not before[target] and reaches(files, target, other, before))) then
      return true
    end
  end
  return false
end

-- Files that import each other: what one offers may not be there yet when the other uses it at its top.
---@param file esm.File
local function check_rounds(file)
  for _, call in ipairs(file.calls) do
    local target = call.sure and call.target
    local name = target and parent(call.node):field "name"
    local uses = target and name and reaches(file.files, target, file.path) and nodes.uses_of(file, name) or {}
    for _, use in ipairs(uses) do
      if use ~= name and not use:inside(FUNCTION) and not use:inside { kind = "export_specifier" } then
        tell(file.told, file, use, ("%s imports this file, and may have run after it"):format(target))
        break
      end
    end
  end
end

-- Finds the edits of one file, from the start.
---@param file esm.File
---@return boolean is_more Whether more speaks against it than before
local function convert(file)
  file.edits, file.leads, file.bindings, file.pure, file.taken, file.locals = {}, {}, {}, {}, {}, {}
  file.told, file.needs_require = {}, #file.kept > 0
  file.used = setmetatable({}, { __index = file.all_used })
  local first = file.calls[1]
  file.quote = first and first.string.text:sub(1, 1) or '"'
  file.semi = file.text:find ";%s*\n" and ";" or ""
  if file.state == "left" then
    for _, call in ipairs(file.calls) do
      imports.keep(file, call)
    end
    return false
  end
  local count = #file.against
  file.is_round = reaches(file.files, file.path, file.path)
  if file.star and not file.names then
    exports.convert_default(file, file.star)
  else
    exports.convert_names(file)
  end
  imports.convert_requires(file)
  imports.check_namespaces(file)
  check_order(file)
  check_rounds(file)
  add_preamble(file)
  return #file.against > count
end

-- Converts every file against the offers of the others, until no more have to be left.
---@param files table<string, esm.File>
local function convert_all(files)
  local more = true
  while more do
    more = false
    for _, file in pairs(files) do
      if file.state == "cjs" or file.state == "left" then
        more = convert(file) or more
        if #file.against > 0 and file.state == "cjs" then
          file.state, more = "left", true
        end
      end
    end
  end
end

return convert_all
