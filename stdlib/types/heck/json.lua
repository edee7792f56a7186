---@meta

--- Parse and render JSON.
---@class heck.json
local json = {}

--- Reads JSON.
---@param text string
---@return any value Null becomes nil
---@error invalid It is not JSON
---@since 0.1.0
function json.parse(text) end

--- Writes JSON.
---@param value any
---@param options? { pretty?: boolean } Over several lines
---@return string text
---@error invalid The value has something that JSON does not have
---@since 0.1.0
function json.render(value, options) end

return json
