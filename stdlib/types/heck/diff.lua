---@meta

--- Differences of texts, and reading diffs.
---@class heck.diff
local diff = {}

--- The difference of two texts, as a unified diff; empty when they are equal.
---@param old string
---@param new string
---@param options? { path?: string } What the file is called in it
---@return string diff
---@since 0.1.0
function diff.render(old, new, options) end

--- The files of a diff.
---@param diff string
---@return { old_path?: string, new_path?: string, hunks: integer, added: integer, removed: integer }[] files
---@error invalid It is damaged
---@since 0.1.0
function diff.parse(diff) end

return diff
