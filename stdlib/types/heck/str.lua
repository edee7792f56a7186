---@meta

--- Helpers over strings, all by plain text, never by pattern.
---@class heck.str
local str = {}

--- Whether a text begins with another.
---@param text string
---@param prefix string
---@return boolean
---@since 0.1.0
function str.starts_with(text, prefix) end

--- Whether a text ends with another.
---@param text string
---@param suffix string
---@return boolean
---@since 0.1.0
function str.ends_with(text, suffix) end

--- Whether a text contains another.
---@param text string
---@param part string
---@return boolean
---@since 0.1.0
function str.has(text, part) end

--- The text without white space at both ends.
---@param text string
---@return string
---@since 0.1.0
function str.trim(text) end

--- The parts between separators.
---@param text string
---@param separator string
---@return string[] parts
---@since 0.1.0
function str.split(text, separator) end

--- The text with every occurrence of a part replaced.
---@param text string
---@param old string
---@param new string
---@return string
---@since 0.1.0
function str.replace(text, old, new) end

--- The words of a name in lower case, whatever its style.
---@param name string
---@return string[] words
---@since 0.1.0
--- ```lua
--- assert(table.concat(heck.str.words("parseHTTPHeader"), " ") == "parse http header")
--- ```
function str.words(name) end

--- `snake_case`.
---@param name string
---@return string
---@since 0.1.0
function str.snake(name) end

--- `kebab-case`.
---@param name string
---@return string
---@since 0.1.0
function str.kebab(name) end

--- `PascalCase`.
---@param name string
---@return string
---@since 0.1.0
function str.pascal(name) end

--- `camelCase`.
---@param name string
---@return string
---@since 0.1.0
function str.camel(name) end

return str
