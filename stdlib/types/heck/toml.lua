---@meta

--- Parse and render TOML.
---@class heck.toml
local toml = {}

--- Reads TOML.
---@param text string
---@return any value Null becomes nil
---@error invalid It is not TOML
---@since 0.1.0
function toml.parse(text) end

--- Writes TOML.
---@param value any
---@return string text
---@error invalid The value has something that TOML does not have
---@since 0.1.0
function toml.render(value) end

return toml
