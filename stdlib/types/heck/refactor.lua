---@meta

--- Changes that keep the behaviour of code, across files. What is found is data: edits that are certain, for a patch,
--- and doubts, which are places that nothing decides and that are left alone. Languages: ts, tsx, js, py, go.
---@class heck.refactor
local refactor = {}

--- A place that may or may not be meant.
---@class heck.Doubt
---@field path string The file
---@field span heck.Span The place
---@field reason string Why it cannot be decided

--- What a name means: where the repository declares it, or where it comes from.
---@class heck.Meaning
---@field kind string What it is: `function`, `class`, `method`, …; `foreign` from outside; `unknown` where nothing says it
---@field name string? Its name there; of what is foreign with dots between, `default` for what has none, nil for the module
---@field path string? The file that declares it
---@field span heck.Span? Where its name stands
---@field module string? The module that it comes from, as it is written, if that is not in the repository

--- What a refactoring changes.
---@class heck.Refactoring
---@field name string What it is about
---@field kind string What that is: `function`, `class`, `parameter`, `import`, …
---@field edits heck.Edit[] The places to change, in order
---@field doubts heck.Doubt[] The places that are left alone
---@field server heck.ServerSays? What a language server says of it, where one was asked

--- A place of a file.
---@class heck.Place
---@field path string The file
---@field span heck.Span The place

--- What a language server says of a renaming, beside heck.
---@class heck.ServerSays
---@field name string The server with its version
---@field both integer How many places both name
---@field only_heck heck.Place[] Places that the server lacks; they stay among the edits
---@field only_server heck.Place[] Places that the server adds; they are among the edits
---@field outside string[] Files outside the repository, or ignored in it, that the server would change; they are left alone

--- Finds what a name means, or a member of something whose type is plain, through imports and files.
---@param place heck.Node|string A node, `src/a.ts:12:5` or `src/a.ts:name`
---@return heck.Meaning? meaning
---@error not_found There is no such file or name
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/load.py", "import os.path as p\np.join('a')\n")
--- local meaning = heck.refactor.find "src/load.py:2:3"
--- assert(meaning and meaning.module == "os.path" and meaning.name == "join")
--- ```
function refactor.find(place) end

--- The same for many nodes at once, which reads each file once. The list has one entry for each node.
---@param nodes heck.Node[]
---@return heck.Meaning[] meanings
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/load.py", "from json import loads\nloads('1')\n")
--- local calls = heck.ast.find_all("$F($$$)", { lang = "py", paths = { "src/load.py" } })
--- local callees = heck.iter(calls):map(function(call) return call:field "function" end):list()
--- assert(heck.refactor.find_all(callees)[1].module == "json")
--- ```
function refactor.find_all(nodes) end

--- Finds everything that changes when something gets another name: its mentions in every scope and file, imports,
--- re-exports, shorthand properties and destructuring. A member is renamed where it is named on a value whose type is plain
--- from the code, with what overrides it or satisfies an interface by it. Asked at an import without alias, only that file changes.
--- With a language server, what it adds is among the edits, and where it differs is told: TypeScript (`typescript` in the
--- project), pyright or gopls, whichever the project or the machine has. It is started and ended for the question.
---@param place heck.Node|string A node, `src/a.ts:12:5`, `src/a.ts:name` or `src/a.ts:Type.member`
---@param name string The new name
---@param options? { with: "lsp"?, server: string[]? } Ask the server that is found, or the one that a command starts
---@return heck.Refactoring refactoring
---@error not_found There is no such file or name, or no server is installed
---@error denied A recipe needs `---@grant proc=…` for the server's program
---@error tool The server refused, or ended
---@error timeout The server did not answer within 3 minutes
---@error conflict The new name means something else somewhere; both places are named
---@error usage The new name cannot be one
---@error invalid The file has a syntax error
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/total.ts", "export function total() {}\n")
--- local renamed = heck.refactor.rename("src/total.ts:total", "sum")
--- local patch = heck.patch.new { title = "total becomes sum" }
--- patch:add(renamed.edits)
--- print(renamed.kind, #renamed.edits, #renamed.doubts)
--- ```
function refactor.rename(place, name, options) end

--- Finds what changes when a declaration at the top of a file is offered in another way: `export` at its declaration or
--- in a list, the imports of all files that take it, and what passes it on. In Python its name is put into `__all__` or
--- taken out; Go has no exports of its own.
---@param place heck.Node|string A node, `src/a.ts:12:5` or `src/a.ts:name`
---@param options? { as: "named"|"default"|"none"? } How it is offered; `named` without it
---@return heck.Refactoring refactoring
---@error not_found There is no such file or declaration
---@error conflict Another file takes what is withdrawn, the file offers something else by default, or it is offered so already
---@error invalid The file has a syntax error
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/parse.ts", "export function parse() {}\n")
--- heck.fs.write("src/use.ts", "import { parse } from './parse';\nparse();\n")
--- assert(#heck.refactor.export("src/parse.ts:parse", { as = "default" }).edits >= 2)
--- ```
function refactor.export(place, options) end

--- What extracting changes.
---@class heck.Extraction
---@field name string Its name
---@field kind "variable"|"function" What it became
---@field edits heck.Edit[] The places to change, in order
---@field doubts heck.Doubt[] What may be different now

--- Finds what changes when code gets a name: an expression becomes a variable before its statement, if it is evaluated
--- surely and once, and nothing before it in its statement can change it; statements become a function at the top of the
--- file. Its parameters are the variables that the code needs, and what is needed after it is returned. In TypeScript and
--- Go the types of these must be written down.
---@param place heck.Node|string A node, `src/a.ts:12:5-12:20` up to the second place, or whole lines, `src/a.ts:12-14`
---@param name string The name
---@param options? { as: "variable"|"function"? } What an expression becomes
---@return heck.Extraction extraction
---@error not_found There is no such file, expression or run of whole statements
---@error conflict It could come out differently, or the name is taken; the place is named
---@error invalid The file has a syntax error
---@error usage The name cannot be one
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/price.py", "def price(net):\n    return net + net * 0.2\n")
--- local extracted = heck.refactor.extract("src/price.py:2:18-2:27", "tax")
--- assert(extracted.kind == "variable" and #extracted.edits == 2)
--- ```
function refactor.extract(place, name, options) end

--- What inlining changes.
---@class heck.Inlining
---@field name string The variable or function
---@field kind string What it is
---@field uses integer How many places used or called it
---@field edits heck.Edit[] The places to change, in order

--- Finds what changes when a variable's value takes the place of its name and the variable goes: only for a variable
--- that is declared once, alone and with a value, that is only read, and where the value cannot come out differently or
--- do what it does at another time. A value that does or makes something is inlined into the next statement only, where it
--- is used once and evaluated first. A function that is one expression goes the same way: its result takes the place of
--- its calls. With `here` only the use or call at the place is inlined, and the declaration stays.
---@param place heck.Node|string A node, `src/a.ts:12:5` or `src/a.ts:name`
---@param options? { here?: boolean } Only at this place
---@return heck.Inlining inlining
---@error not_found There is no such file or variable
---@error conflict Something speaks against it; the place is named
---@error invalid The file has a syntax error
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/area.ts", "export function area(w: number, h: number) {\n  const a = w * h;\n  return a;\n}\n")
--- local inlined = heck.refactor.inline "src/area.ts:a"
--- assert(inlined.uses == 1)
--- ```
function refactor.inline(place, options) end

--- What moving changes.
---@class heck.Moving
---@field name string What is moved, with commas between
---@field names string[] The same as a list
---@field kind string What the first of it is
---@field edits heck.Edit[] The places to change, in order, without those of a new file
---@field created string? The text of the file it goes to, if that is new
---@field renamed { from: string, to: string }[]? The files that get another path, if a file or directory moves as a whole: the patch renames them
---@field passed_on boolean Whether the old file passes it on, for whoever reaches it in a way that cannot be rewritten
---@field doubts heck.Doubt[] Places to look at: code that runs when its file is loaded, strings that name the old file

--- Finds what changes when declarations at the top of a file move to another one: the code with its comments, the
--- imports that it needs there, exports of what it needs from the old file, the imports of whoever uses it, and imports
--- that the old file has no use for any more. In Go it moves within its package, a type with its methods of that file.
--- A path alone moves the whole file or directory: whoever imports from it writes the new path, and its own relative
--- imports are turned. A directory of Go is a package with those below it; they keep their names.
---@param places heck.Node|string|string[] What is moved: a node, `src/a.ts:12:5` or `src/a.ts:name`; several of one file; a file or directory
---@param to string The file, which need not be there yet, or the new path
---@param options? { keep: boolean? } `keep`: the old file passes it on in any case
---@return heck.Moving moving
---@error not_found There is no such file or declaration
---@error conflict A name is in the way, files would import each other, the code is about its file; the place is named
---@error invalid A file has a syntax error
---@error usage The files are of different languages, or the places of different files
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/shape.ts", "export const unit = 1;\n\nexport function area(w: number) {\n  return w * unit;\n}\n")
--- local moved = heck.refactor.move("src/shape.ts:area", "src/area.ts")
--- assert(moved.created:find("import { unit } from './shape'", 1, true))
--- ```
function refactor.move(places, to, options) end

--- A parameter that comes to a function.
---@class heck.NewParameter
---@field declaration string How it is declared: `n`, `n: number = 1`, `n=0`, `n int`
---@field argument string? What calls pass for it; without it, they pass nothing
---@field at integer? Its place among the parameters, from 1; without it, behind the others

--- What a change of signature changes.
---@class heck.Resigning
---@field name string The function
---@field kind "function"
---@field calls integer How many calls of it were found
---@field edits heck.Edit[] The places to change, in order
---@field doubts heck.Doubt[] Calls that cannot follow, and places where the function is no more than a value

--- Finds what changes with the signature of a function: its parameters, and the arguments of every call, which are found
--- in all files, under other names and through modules taken as a whole. Arguments are passed in place or by name as
--- they were. A method changes with all that override it; calls on something whose type is not known are doubts. Of a
--- class its constructor changes, with all that makes its values and those of classes that inherit it. Not for
--- overloads.
---@param place heck.Node|string A node, `src/a.ts:12:5`, `src/a.ts:name`, `src/a.ts:Type.method` or `src/a.ts:Class`
---@param change { remove: string[]?, add: heck.NewParameter[]?, order: string[]? } `order`: all that stay, by name
---@return heck.Resigning resigning
---@error not_found There is no such file or function
---@error conflict The function uses what goes, the name of what comes is taken, the language does not allow the order
---@error invalid The file has a syntax error
---@error usage A parameter is not the function's, or calls would pass nothing for a new one
---@since 0.1.0
--- ```lua
--- heck.fs.write("src/greet.py", "def greet(name, loud): pass\n\ngreet('a', True)\n")
--- local found = heck.refactor.signature("src/greet.py:greet", { order = { "loud", "name" } })
--- assert(found.calls == 1 and #found.edits == 2)
--- ```
function refactor.signature(place, change) end

return refactor
