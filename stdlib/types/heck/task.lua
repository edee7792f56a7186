---@meta

--- Several things at once, structured: what is begun here has ended when the call returns. When one
--- fails, the others are cancelled.
---@class heck.task
local task = {}

--- Runs functions at the same time and gives the first result of each, in order.
---@async
---@param functions (fun(): any)[]
---@return any[] results
---@since 0.1.0
--- ```lua
--- local results = heck.task.all {
---   function() return 1 end,
---   function() heck.task.sleep(0.01) return 2 end,
--- }
--- assert(results[2] == 2)
--- ```
function task.all(functions) end

--- Calls a function for each item, several at the same time, and gives the results in order.
---@async
---@param items any[]
---@param f fun(item: any, n: integer): any
---@param options? { jobs?: integer } How many at once; 8 without it
---@return any[] results
---@since 0.1.0
function task.map(items, f, options) end

--- Runs functions at the same time, gives the results of the first to end, and cancels the others.
---@async
---@param functions (fun(): any)[]
---@return any ... results
---@since 0.1.0
function task.race(functions) end

--- Runs a function, but not longer than so many seconds, whether it waits or computes.
---@async
---@param seconds number
---@param f fun(): any
---@return any ... results
---@error timeout It took too long
---@since 0.1.0
function task.timeout(seconds, f) end

--- Waits.
---@async
---@param seconds number
---@since 0.1.0
function task.sleep(seconds) end

return task
