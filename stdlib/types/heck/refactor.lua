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

--- What a refactoring changes.
---@class heck.Refactoring
---@field name string What it is about
---@field kind string What that is: `function`, `class`, `parameter`, `import`, …
---@field edits heck.Edit[] The places to change, in order
---@field doubts heck.Doubt[] The places that are left alone

--- Finds everything that changes when something gets another name: its mentions in every scope and file, imports,
--- re-exports, shorthand properties and destructuring. Asked at an import without alias, only that file changes.
---@param place heck.Node|string A node, `src/a.ts:12:5` or `src/a.ts:name`
---@param name string The new name
---@return heck.Refactoring refactoring
---@error not_found There is no such file or name
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
function refactor.rename(place, name) end

--- What inlining changes.
---@class heck.Inlining
---@field name string The variable
---@field kind string What it is
---@field uses integer How many places used it
---@field edits heck.Edit[] The places to change, in order

--- Finds what changes when a variable's value takes the place of its name and the variable goes: only for a variable
--- that is declared once, alone and with a value, that is only read, and where the value cannot come out differently or
--- do what it does at another time. A value that does or makes something is inlined into the next statement only, where it
--- is used once and evaluated first.
---@param place heck.Node|string A node, `src/a.ts:12:5` or `src/a.ts:name`
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
function refactor.inline(place) end

return refactor
