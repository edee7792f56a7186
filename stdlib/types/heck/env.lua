---@meta

--- Environment variables, by grant, and facts about the machine.
---@class heck.env
local env = {}

--- An environment variable, or nil. A repository's script needs the grant `env=NAME`.
---@param name string
---@return string? value
---@error denied There is no grant for it
---@since 0.1.0
function env.get(name) end

--- The operating system: `linux`, `macos` or `windows`.
---@return string
---@since 0.1.0
function env.os() end

--- How many threads work on a repository.
---@return integer
---@since 0.1.0
function env.cpus() end

return env
