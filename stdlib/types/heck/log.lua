---@meta

--- Messages on standard error, by importance.
---@class heck.log
local log = {}

--- A detail, shown with `--verbose`.
---@param message string
---@since 0.1.0
function log.debug(message) end

--- Something worth knowing.
---@param message string
---@since 0.1.0
function log.info(message) end

--- A warning; it also stands in the envelope.
---@param message string
---@since 0.1.0
function log.warn(message) end

--- Something that is wrong, when the script goes on all the same.
---@param message string
---@since 0.1.0
function log.error(message) end

return log
