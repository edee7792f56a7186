---@meta

--- The repository: the nearest directory upwards with `.git` or `.heck`.
---@class heck.repo
local repo = {}

--- Which files are meant.
---@class heck.FileOptions
---@field lang? string|string[] Only these languages
---@field paths? string[] Only below these files and directories
---@field globs? string|string[] Only paths that match; a leading `!` excludes
---@field hidden? boolean Also hidden files
---@field ignored? boolean Also files that ignore rules leave out

--- The absolute path of the root.
---@return string path
---@since 0.1.0
function repo.root() end

--- Whether there is a `.git` or `.heck`, so that heck can keep patches here.
---@return boolean
---@since 0.1.0
function repo.is_marked() end

--- Its files, sorted, through `.gitignore` and `.heckignore`.
---@param options? heck.FileOptions
---@return string[] paths
---@since 0.1.0
--- ```lua
--- print(#heck.repo.files { lang = "py" })
--- ```
function repo.files(options) end

--- A path as it is written from the directory the user stands in. For printing.
---@param path string Relative to the root
---@return string path
---@since 0.1.0
function repo.shown(path) end

--- The language of a path, or nil.
---@param path string
---@return string? lang
---@since 0.1.0
function repo.lang(path) end

--- Every language that heck parses.
---@return string[] langs
---@since 0.1.0
function repo.langs() end

--- What `.heck/.gitignore` holds.
---@return string text
---@since 0.1.0
function repo.gitignore() end

--- What `.heck/.luarc.json` holds.
---@return string text
---@since 0.1.0
function repo.luarc() end

--- Writes one of heck's own files below `.heck`, unless it is there. For heck's own commands.
---@param path string Relative to `.heck`
---@param content string
---@param options? { replace?: boolean } Even if another content is there
---@return boolean written
---@since 0.1.0
function repo.add(path, content, options) end

return repo
