-- A CommonJS module's file, its nodes, and what is told of their places.

---@class esm.Remark What speaks against a change, or is to be looked at.
---@field path string
---@field line integer
---@field reason string

---@class esm.Offer What a file gives its importers.
---@field kind "names"|"default"
---@field names? table<string, boolean> Nil where they are not known
---@field builtin? boolean A module of Node's own, which has both

---@class esm.Set Where a file says what it offers.
---@field statement heck.Node
---@field declarator? heck.Node
---@field targets heck.Node[]
---@field keys string[] What each target names; see target_of
---@field value heck.Node

---@class esm.Mention Where `exports` or `module.exports` stands.
---@field node heck.Node
---@field key? string The name behind a dot
---@field whole heck.Node With that name
---@field set? esm.Set The set that it is a target of

---@class esm.Pair What an object offers under a name.
---@field node heck.Node
---@field key string
---@field value heck.Node
---@field call? esm.Call

---@class esm.Call A require of a text.
---@field node heck.Node
---@field string heck.Node
---@field spec string As it is to be written
---@field target? string The file of the repository
---@field sure boolean Whether it becomes an import
---@field missing? boolean
---@field is_esm? boolean A package of ES modules
---@field is_dual? boolean A package that has something of its own for ES modules

---@alias esm.Place integer|string Where a name is declared: its offset in the file, or the module it comes from

---@class esm.File
---@field path string
---@field files table<string, esm.File?> All of them
---@field root heck.Node
---@field text string
---@field state "cjs"|"esm"|"plain"|"left"
---@field directive? heck.Node "use strict"
---@field against esm.Remark[]
---@field told esm.Remark[]
---@field all_used table<string, integer?> How often a name stands there
---@field used table<string, integer?> The same, with the names that the conversion adds
---@field places table<string, table<esm.Place, boolean>?> Where a name is declared
---@field meant table<integer, esm.Place?> What the name at an offset means
---@field uses table<esm.Place, heck.Node[]?> Where what is declared at a place is named
---@field top table<string, heck.Node?> What is declared at the top, by name
---@field shaky table<string, boolean> Names that are assigned, or declared again
---@field free table<string, heck.Node[]?> Uses of what Node gives a CommonJS module
---@field calls esm.Call[]
---@field kept heck.Node[] Other uses of require
---@field sets esm.Set[]
---@field mentions esm.Mention[]
---@field selfish table<string, boolean> Offered names whose values say `this`
---@field star? esm.Set The one that sets `module.exports`
---@field names? table<string, boolean> What it offers, where that is names
---@field passes? esm.Call The require that is all it offers
---@field is_round boolean Whether it imports itself, through others
---@field needs_require boolean
---@field quote string What it puts around texts
---@field semi string What it ends statements with
---@field edits table<integer, heck.Edit?> By where they begin
---@field leads table<integer, string?> What comes before an offset, ahead of its edit
---@field bindings table<string, string?> The names of whole modules, by what an import says
---@field pure table<integer, boolean> Where declarators begin that are imports as they stand
---@field taken table<integer, boolean> Where requires begin that are offered, and need no name where they stand
---@field locals table<string, string?> What an offered name is called in the file

local FUNCTION = {
  any = {
    { kind = "function_declaration" },
    { kind = "function_expression" },
    { kind = "generator_function_declaration" },
    { kind = "generator_function" },
    { kind = "method_definition" },
    { kind = "arrow_function" },
  },
}

local DECLARATION = { lexical_declaration = true, variable_declaration = true }
local MAKER = { function_expression = true, generator_function = true, class = true }
local RESERVED = {}
for name in
  ([[arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected public
  return static super switch this throw true try typeof var void while with yield undefined NaN Infinity]]):gmatch "%S+"
do
  RESERVED[name] = true
end

-- What Node gives a CommonJS module.
---@type table<string, boolean>
local OWN = { require = true, module = true, exports = true, __dirname = true, __filename = true }

---@param node heck.Node
---@return integer
local function from(node)
  return node.span.byte.from
end

---@param node heck.Node
---@return integer
local function to(node)
  return node.span.byte.to
end

-- A child that the grammar always gives such a node.
---@param node heck.Node
---@param name string
---@return heck.Node
local function field(node, name)
  return node:field(name) or error(("a %s without a %s"):format(node.kind, name))
end

-- The parent of what is not a whole file.
---@param node heck.Node
---@return heck.Node
local function parent(node)
  return node:parent() or error(("a %s without a parent"):format(node.kind))
end

---@param list esm.Remark[]
---@param file esm.File
---@param node heck.Node
---@param reason string
local function tell(list, file, node, reason)
  list[#list + 1] = { path = file.path, line = node.line, reason = reason }
end

---@param file esm.File
---@param node heck.Node
---@param reason string
local function against(file, node, reason)
  tell(file.against, file, node, reason)
end

-- The names that a pattern, or a declarator's name, binds.
---@param node heck.Node
---@return heck.Node[]
local function bound(node)
  local names = { any = { { kind = "identifier" }, { kind = "shorthand_property_identifier_pattern" } } }
  return node:find_all(names)
end

-- The statement at the top of the file that a node is in.
---@param node heck.Node
---@return heck.Node
local function statement_of(node)
  local ancestors = node:ancestors()
  return ancestors[#ancestors - 1] or error(("a %s outside of statements"):format(node.kind))
end

-- Where what a name means is named.
---@param file esm.File
---@param name heck.Node
---@return heck.Node[]
local function uses_of(file, name)
  local place = file.meant[from(name)]
  return place and file.uses[place] or {}
end

-- The require that a node is, if that becomes an import.
---@param file esm.File
---@param node heck.Node
---@return esm.Call?
local function sure_call(file, node)
  return (heck.list.find(file.calls, function(call)
    return call.sure and call.node == node
  end))
end

return {
  DECLARATION = DECLARATION,
  FUNCTION = FUNCTION,
  MAKER = MAKER,
  OWN = OWN,
  RESERVED = RESERVED,
  against = against,
  bound = bound,
  field = field,
  from = from,
  parent = parent,
  statement_of = statement_of,
  sure_call = sure_call,
  tell = tell,
  to = to,
  uses_of = uses_of,
}
