---@meta

--- The interactive loop.
---@class heck.repl
local repl = {}

--- Runs until the user leaves. For heck's own commands.
---@async
---@return { lines: integer, failures: integer } counts
---@since 0.1.0
function repl.run() end

return repl
