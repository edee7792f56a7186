---@meta

--- Questions to git, answered without a git program. Nothing here changes a repository.
---@class heck.git
local git = {}

--- What to compare.
---@class heck.DiffOptions
---@field from? string The old side; without it HEAD (staged) or the index
---@field to? string The new side; without it the working tree
---@field staged? boolean Compare the index
---@field untracked? boolean Also files git does not know
---@field paths? string[] Only below these

--- Every changed and untracked file.
---@return { path: string, staged?: string, unstaged?: string }[] files
---@error not_found This is no git repository
---@since 0.1.0
function git.status() end

--- A difference, as a patch that `git apply` accepts.
---@param options? heck.DiffOptions
---@return string diff
---@error not_found There is no such revision
---@since 0.1.0
function git.diff(options) end

--- The paths that differ.
---@param options? heck.DiffOptions
---@return string[] paths
---@since 0.1.0
function git.changed(options) end

--- Commits, newest first.
---@param options? { from?: string, path?: string, limit?: integer } At most 50 without a limit
---@return { id: string, author: string, email: string, time: string, summary: string, body: string, parents: string[] }[] commits
---@since 0.1.0
function git.log(options) end

--- Who last changed each line of a committed file.
---@param path string
---@return { line: integer, commit: string, author: string, time: string }[] lines
---@since 0.1.0
function git.blame(path) end

--- The branch that is checked out, or nil.
---@return string? name
---@since 0.1.0
function git.branch() end

--- A file as it was.
---@param revision string
---@param path string
---@return string text
---@error not_found There is no such revision or file
---@since 0.1.0
function git.show(revision, path) end

return git
