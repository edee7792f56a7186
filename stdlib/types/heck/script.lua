---@meta

--- The commands and recipes there are, and what is made from their declarations.
---@class heck.script
local script = {}

--- Every script of a kind.
---@param kind "commands"|"recipes"
---@return { name: string, summary: string, layer: string, path: string, grants: string[], trusted: boolean }[] scripts
---@since 0.1.0
function script.find_all(kind) end

--- One script with its text.
---@param kind "commands"|"recipes"
---@param name string
---@return { name: string, summary: string, help: string, layer: string, path: string, grants: string[], text: string } script
---@error usage There is none of that name
---@since 0.1.0
function script.get(kind, name) end

--- The help of a command.
---@async
---@param words string[] Such as `{ "patch", "apply" }`
---@param options? { contract?: boolean } The payload's JSON Schema instead
---@return string text
---@since 0.1.0
function script.help(words, options) end

--- A shell's completion script. For heck's own commands.
---@async
---@param shell "bash"|"zsh"|"fish"
---@return string text
---@since 0.1.0
function script.completions(shell) end

--- The manual page. For heck's own commands.
---@async
---@return string text
---@since 0.1.0
function script.man() end

--- The command reference in Markdown. For heck's own commands.
---@async
---@return string text
---@since 0.1.0
function script.reference() end

return script
