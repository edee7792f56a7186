---@meta

--- The library's own documentation.
---@class heck.help
local help = {}

--- The help on a module, function or class, or nil.
---@param topic string Such as `ast.find`
---@return string? text
---@since 0.1.0
function help.get(topic) end

--- The help on a module, function or class.
---@param topic string
---@return string text
---@error usage There is none; the nearest name is the hint
---@since 0.1.0
function help.open(topic) end

--- Every topic there is help on.
---@return string[] topics
---@since 0.1.0
function help.find_all() end

--- Every module there is.
---@return string[] modules
---@since 0.1.0
function help.modules() end

--- The type stubs for editors: path → text.
---@return table<string, string> files
---@since 0.1.0
function help.stubs() end

--- A module's page in Markdown, or nil.
---@param module string
---@return string? text
---@since 0.1.0
function help.markdown(module) end

return help
