---@meta

--- Whether the repository's own code may run.
---@class heck.trust
local trust = {}

--- The code in `.heck` and what was decided about it.
---@return { state: "empty"|"trusted"|"denied"|"changed"|"unknown", digest: string, files: { path: string, text: string }[], decided?: table } code
---@since 0.1.0
function trust.get() end

--- Decides. For heck's own commands.
---@param allow boolean
---@param options? { digest?: string } The digest of the code that was looked at
---@return string digest
---@error conflict The code has changed since
---@since 0.1.0
function trust.set(allow, options) end

--- Forgets the decision. For heck's own commands.
---@return boolean had Whether there was one
---@since 0.1.0
function trust.remove() end

--- Every decision of this user. For heck's own commands.
---@return { root: string, digest: string, allow: boolean, at: string }[] decisions
---@since 0.1.0
function trust.find_all() end

--- What changed since the decision, as a diff.
---@return string diff
---@since 0.1.0
function trust.diff() end

return trust
