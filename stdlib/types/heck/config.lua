---@meta

--- The settings in force, layered: built-in, user, repository, environment.
---@class heck.config
local config = {}

--- One setting's value, or nil.
---@param name string
---@return any value
---@since 0.1.0
function config.get(name) end

--- Every setting with where it came from.
---@return table<string, { value: any, source: string }> settings
---@since 0.1.0
function config.find_all() end

return config
