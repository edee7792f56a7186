---@meta

--- Parse, find and rewrite code by its structure, with ast-grep's patterns and rules. A pattern is a
--- piece of code in which `$NAME` stands for one node and `$$$NAME` for several; a rule is a table such
--- as `{ kind = "call_expression", inside = { kind = "if_statement", stopBy = "end" } }`. Languages: ts, tsx, js (with
--- JSX), py, go.
---@class heck.ast
local ast = {}

--- A pattern that is compiled once, for each language when that is first met.
---@class heck.Pattern

---@alias heck.PatternLike string|table|heck.Pattern

--- Which code to look for, and where.
---@class heck.QueryOptions
---@field lang? string|string[] Languages; without it every one in which the pattern is proper code
---@field paths? string[] Only below these files and directories
---@field globs? string|string[] Only paths that match; a leading `!` excludes
---@field hidden? boolean Also hidden files
---@field ignored? boolean Also files that ignore rules leave out
---@field strictness? "cst"|"smart"|"ast"|"relaxed"|"signature"|"template" How closely code must match
---@field selector? string Look for the node of this kind inside the pattern
---@field loose? boolean Also code with an optional part that the pattern does not write, such as a return type
---@field outermost? boolean Leave out matches inside matches
---@field limit? integer Stop after so many
---@field where? fun(node: heck.Node): any Only matches of which it is true; it must not wait, and has the node only while it runs

--- An edit as data: replace the bytes from `from` to `to` of a file.
---@class heck.Edit
---@field path string The file
---@field from integer Byte offset from 0
---@field to integer Byte offset, exclusive
---@field text string What to put there
---@field base? string Hash of the content that the offsets belong to

--- A node of a syntax tree, or a match.
---@class heck.Node
---@field path string The file, or an empty string
---@field kind string The grammar's name for it
---@field text string Its text
---@field lang string Its language
---@field line integer Where it begins, from 1
---@field column integer Byte column, from 1
---@field span heck.Span Its place
---@field is_named boolean Whether it is more than punctuation
---@field is_error boolean Whether the parser did not understand it
---@field vars table<string, string> The text of each captured metavariable
local Node = {}

--- The node that a metavariable captured.
---@param name string Such as `A`, for `$A`
---@return heck.Node? node
---@since 0.1.0
function Node:get_match(name) end

--- The nodes that a multiple metavariable captured.
---@param name string Such as `ARGS`, for `$$$ARGS`
---@return heck.Node[] nodes
---@since 0.1.0
function Node:get_matches(name) end

--- The first match at or below this node.
---@param pattern heck.PatternLike
---@return heck.Node? node
---@since 0.1.0
function Node:find(pattern) end

--- All matches at or below this node.
---@param pattern heck.PatternLike
---@return heck.Node[] nodes
---@since 0.1.0
function Node:find_all(pattern) end

--- This node as a match of a pattern, or nil.
---@param pattern heck.PatternLike
---@return heck.Node? node
---@since 0.1.0
function Node:matches(pattern) end

--- Whether a descendant matches.
---@param pattern heck.PatternLike
---@return boolean
---@since 0.1.0
function Node:has(pattern) end

--- Whether an ancestor matches.
---@param pattern heck.PatternLike
---@return boolean
---@since 0.1.0
function Node:inside(pattern) end

--- Whether a later sibling matches.
---@param pattern heck.PatternLike
---@return boolean
---@since 0.1.0
function Node:precedes(pattern) end

--- Whether an earlier sibling matches.
---@param pattern heck.PatternLike
---@return boolean
---@since 0.1.0
function Node:follows(pattern) end

--- The parent.
---@return heck.Node? node
---@since 0.1.0
function Node:parent() end

--- The next sibling.
---@return heck.Node? node
---@since 0.1.0
function Node:next() end

--- The previous sibling.
---@return heck.Node? node
---@since 0.1.0
function Node:prev() end

--- The ancestors, innermost first.
---@return heck.Node[] nodes
---@since 0.1.0
function Node:ancestors() end

--- The named children.
---@return heck.Node[] nodes
---@since 0.1.0
function Node:children() end

--- The named child at a position from 1.
---@param number integer
---@return heck.Node? node
---@since 0.1.0
function Node:child(number) end

--- The child in a field of the grammar, such as `name`, `body` or `function`.
---@param name string
---@return heck.Node? node
---@since 0.1.0
function Node:field(name) end

--- The edits that replace this node, in order: the tokens in which the replacement differs from the pattern that
--- found the node. What they have in common stays as it is written, with its layout, its comments, and what the
--- pattern does not name.
---@param text string The replacement, in which metavariables stand for what they captured
---@return heck.Edit[] edits
---@error usage The replacement names a metavariable that was not captured
---@error conflict A comment, or code that the pattern does not name, would be lost
---@since 0.1.0
function Node:replace(text) end

--- The edits that put a text before this node, as the file is laid out: a statement or a member on lines of its own, with
--- the file's steps of indentation and above the comments that belong to the node; an element of a list with its comma.
---@param text string
---@return heck.Edit[] edits
---@error conflict The node is neither a statement nor an element of a list
---@since 0.1.0
--- ```lua
--- local root = heck.ast.parse("f(b)", { lang = "js" })
--- assert(heck.ast.render(root, root:find("b"):insert_before "a") == "f(a, b)")
--- ```
function Node:insert_before(text) end

--- The edits that put a text after this node, likewise.
---@param text string
---@return heck.Edit[] edits
---@error conflict The node is neither a statement nor an element of a list
---@since 0.1.0
function Node:insert_after(text) end

--- The edits that take this node out, with the comma or the line it would leave behind. Comments stay.
---@return heck.Edit[] edits
---@error conflict The node is neither a statement nor an element of a list
---@since 0.1.0
function Node:remove() end

--- A search that is made while it is iterated, file by file in order.
---@class heck.Matches
---@overload fun(): heck.Node?
local Matches = {}

--- All matches at once.
---@return heck.Node[] nodes
---@since 0.1.0
function Matches:find_all() end

--- How many there are.
---@return integer
---@since 0.1.0
function Matches:count() end

--- Prints the matches with path, line and column, as they are found.
---@param options? { after?: integer, before?: integer, context?: integer, files_only?: boolean, heading?: boolean } Lines around
---@return { files: integer, matches: integer } counts
---@since 0.1.0
function Matches:print(options) end

--- Parses a text and gives its root.
---@param text string
---@param options { lang?: string, path?: string } The language, or a path whose ending tells it
---@return heck.Node root
---@since 0.1.0
--- ```lua
--- local root = heck.ast.parse("f(1)", { lang = "js" })
--- assert(root:find("f($A)").vars.A == "1")
--- ```
function ast.parse(text, options) end

--- Parses a file of the repository and gives its root.
---@param path string
---@param options? { lang?: string }
---@return heck.Node root
---@error not_found There is no such file
---@error usage The language cannot be told
---@since 0.1.0
function ast.open(path, options) end

--- Iterates over the matches in the repository. The files are read and parsed on several threads.
---@param pattern heck.PatternLike
---@param options? heck.QueryOptions
---@return heck.Matches matches
---@error invalid The pattern is not proper code
---@since 0.1.0
--- ```lua
--- for call in heck.ast.each("console.log($$$ARGS)", { lang = "js" }) do
---   print(call.path, call.line)
--- end
--- ```
function ast.each(pattern, options) end

--- The first match in the repository.
---@param pattern heck.PatternLike
---@param options? heck.QueryOptions
---@return heck.Node? node
---@since 0.1.0
function ast.find(pattern, options) end

--- All matches in the repository.
---@param pattern heck.PatternLike
---@param options? heck.QueryOptions
---@return heck.Node[] nodes
---@since 0.1.0
function ast.find_all(pattern, options) end

--- Walks a tree with handlers keyed by node kind or pattern; what a handler returns is the edit: nil
--- leaves the node, a string replaces it, a list is spliced in its place, false deletes its text, and edits, such as
--- `node:insert_after` gives, are done.
---@async
---@param node heck.Node
---@param handlers table<string, fun(node: heck.Node): string|string[]|heck.Edit[]|boolean|nil>
---@return heck.Edit[] edits
---@since 0.1.0
--- ```lua
--- local root = heck.ast.parse("a = f(1)", { lang = "py" })
--- local edits = heck.ast.walk(root, { ["f($X)"] = function() return "g($X)" end })
--- assert(heck.ast.render(root, edits) == "a = g(1)")
--- ```
function ast.walk(node, handlers) end

--- The text of a node's file with edits laid on.
---@param node heck.Node
---@param edits heck.Edit[]
---@return string text
---@error conflict The edits overlap
---@since 0.1.0
function ast.render(node, edits) end

--- Prepares a pattern, to be used wherever one is taken. A text is as good: one that was used is not compiled again.
---@param pattern string|table
---@param options? { loose?: boolean, selector?: string, strictness?: "cst"|"smart"|"ast"|"relaxed"|"signature"|"template" }
---@return heck.Pattern pattern
---@since 0.1.0
--- ```lua
--- local strict = heck.ast.pattern("f($A)", { strictness = "cst" })
--- assert(heck.ast.parse("f(1)", { lang = "js" }):has(strict))
--- ```
function ast.pattern(pattern, options) end

--- What a pattern leaves out only because it does not write a part that is optional in the language: `def $F($$$): $$$` finds no
--- function with a return annotation, and a lone call of Go is read as a conversion. The option `loose` takes these along.
---@param pattern string
---@param options? { lang: string|string[]? } Languages; without it the one in which alone the pattern is proper code
---@return { lang: string, misses: string }[] missed In words
---@since 0.1.0
--- ```lua
--- local missed = heck.ast.check("def $F($$$): $$$", { lang = "py" })
--- assert(missed[1].misses == "functions with a return annotation")
--- ```
function ast.check(pattern, options) end

--- How a pattern is understood: its tree, and the words that every match must contain.
---@param pattern string
---@param options { lang: string }
---@return string text
---@since 0.1.0
function ast.debug(pattern, options) end

---@class heck.RuleFile
---@field path string What errors call it
---@field text string YAML; one file may hold several rules

---@class heck.ScanOptions: heck.FileOptions
---@field utils? heck.RuleFile[] Rules that the others may name with `matches`
---@field filter? string Only rules whose ids match this regular expression
---@field severities? table<string, "error"|"warning"|"info"|"hint"|"off"> By id; that of `""` goes for all
---@field unused? boolean Whether suppression comments that suppress nothing are told
---@field text? string Look at this text, of the language `lang`, instead of the repository

---@class heck.Finding
---@field rule string
---@field severity "error"|"warning"|"info"|"hint"
---@field message string
---@field note? string
---@field url? string
---@field path string
---@field span heck.Span
---@field text string
---@field labels? { style: "primary"|"secondary", message?: string, span: heck.Span, text: string }[]
---@field fix? { edits: heck.Edit[], title?: string } What the rule would change
---@field unfixed? string Why its fix cannot be made here

---@class heck.Rule
---@field id string
---@field language string
---@field severity "error"|"warning"|"info"|"hint"|"off"
---@field message string
---@field note? string
---@field url? string
---@field has_fix boolean
---@field file string

--- Runs ast-grep rule files over the repository. `foreign` are rules for languages that heck does not parse.
---@param rules heck.RuleFile[]
---@param options? heck.ScanOptions
---@return { findings: heck.Finding[], rules: heck.Rule[], foreign: { file: string, language: string }[] } result
---@error invalid A rule file is not right
---@since 0.1.0
--- ```lua
--- local rules = { { path = "r.yml", text = "id: no-f\nlanguage: js\nrule: { pattern: f($A) }\nfix: g($A)" } }
--- local found = heck.ast.scan(rules, { text = "f(1)", lang = "js" }).findings[1]
--- assert(found.text == "f(1)" and found.fix.edits[1].text == "g")
--- ```
function ast.scan(rules, options) end

return ast
