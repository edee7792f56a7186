---@meta

--- Parse and render YAML.
---@class heck.yaml
local yaml = {}

--- Reads YAML.
---@param text string
---@return any value Null becomes nil
---@error invalid It is not YAML
---@since 0.1.0
function yaml.parse(text) end

--- Writes YAML.
---@param value any
---@return string text
---@error invalid The value has something that YAML does not have
---@since 0.1.0
function yaml.render(value) end

return yaml
