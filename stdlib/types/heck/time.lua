---@meta

--- The clock, and a stopwatch.
---@class heck.time
local time = {}

--- Seconds since 1970-01-01 UTC.
---@return number seconds
---@since 0.1.0
function time.now() end

--- A moment as `2026-01-31T12:00:00Z`.
---@param seconds? number Since 1970; without it, now
---@return string text
---@since 0.1.0
function time.iso(seconds) end

--- Seconds on a clock that only goes forward, to measure with.
---@return number seconds
---@since 0.1.0
function time.clock() end

return time
