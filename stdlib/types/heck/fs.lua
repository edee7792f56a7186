---@meta

--- Files of the repository. Paths are relative to its root, with `/`. A write is an applied patch of its own.
---@class heck.fs
local fs = {}

--- Reads a file.
---@param path string
---@return string text Its bytes
---@error not_found There is no such file
---@error denied It lies outside the repository
---@since 0.1.0
function fs.read(path) end

--- Writes a file, as a patch of its own.
---@param path string
---@param content string
---@param options? { executable?: boolean }
---@return string? id The patch, or nil when the content was there already
---@error denied The script has no grant for it
---@since 0.1.0
function fs.write(path, content, options) end

--- Deletes a file, as a patch of its own.
---@param path string
---@return string? id The patch
---@error not_found There is no such file
---@error denied The script has no grant for it
---@since 0.1.0
function fs.remove(path) end

--- Whether there is a file.
---@param path string
---@return boolean
---@since 0.1.0
function fs.is_file(path) end

--- Whether there is a directory.
---@param path string
---@return boolean
---@since 0.1.0
function fs.is_dir(path) end

--- The files that match globs, sorted; ignored files are left out.
---@param globs string|string[] A leading `!` excludes
---@param options? { hidden?: boolean, ignored?: boolean }
---@return string[] paths
---@since 0.1.0
--- ```lua
--- for _, path in ipairs(heck.fs.find_all("**/*.md")) do
---   print(path)
--- end
--- ```
function fs.find_all(globs, options) end

return fs
