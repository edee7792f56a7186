---@meta

--- The record of operations: one entry each, chained by hash.
---@class heck.runlog
local runlog = {}

--- Every record, oldest first.
---@return table[] records
---@since 0.1.0
function runlog.find_all() end

--- What is wrong with the record; empty when it is whole.
---@return { kind: string, file: string, line: integer, message: string }[] damage
---@since 0.1.0
function runlog.check() end

return runlog
