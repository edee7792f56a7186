---@meta

--- Lines, indentation, widths, hashes and near names.
---@class heck.text
local text = {}

--- The lines of a text, without their line ends.
---@param text string
---@return string[] lines
---@since 0.1.0
function text.lines(text) end

--- Indents every line that has text.
---@param text string
---@param by string Such as two spaces
---@return string text
---@since 0.1.0
function text.indent(text, by) end

--- Removes the indentation that all lines with text share.
---@param text string
---@return string text
---@since 0.1.0
function text.dedent(text) end

--- How many terminal cells a text takes.
---@param text string
---@return integer cells
---@since 0.1.0
function text.width(text) end

--- The BLAKE3 hash of a text, in hexadecimal digits.
---@param text string
---@return string hash
---@since 0.1.0
function text.hash(text) end

--- The name that was meant by a mistyped one, or nil.
---@param name string
---@param names string[]
---@return string? nearest
---@since 0.1.0
--- ```lua
--- assert(heck.text.nearest("statsu", { "status", "start" }) == "status")
--- ```
function text.nearest(name, names) end

--- The line and column of a byte offset.
---@param text string
---@param byte integer From 0
---@return heck.Position position
---@since 0.1.0
function text.position(text, byte) end

return text
