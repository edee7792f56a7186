---@meta

--- Other programs. A repository's script needs the grant `proc=PROGRAM`, which gives that program the
--- user's full rights.
---@class heck.proc
local proc = {}

--- How to run a program.
---@class heck.ProcOptions
---@field cwd? string Where, relative to the repository
---@field env? table<string, string|integer|false> Variables to set, or with false to remove
---@field stdin? string What it reads
---@field timeout? number Seconds, after which its whole process group is killed
---@field check? boolean Raise an error when it does not end with code 0

--- Runs a program to its end. No shell is involved.
---@async
---@param argv string[] The program and its arguments
---@param options? heck.ProcOptions
---@return { ok: boolean, code?: integer, signal?: integer, stdout: string, stderr: string, duration: number } result
---@error denied There is no grant for it
---@error not_found There is no such program
---@error timeout It took too long
---@error tool It failed, with `check`
---@since 0.1.0
--- ```lua
--- local result = heck.proc.run({ "git", "--version" }, { check = true })
--- print(result.stdout)
--- ```
function proc.run(argv, options) end

--- Iterates over a program's lines as they come: the line and the stream it came from. Leaving the loop
--- ends the program.
---@param argv string[]
---@param options? heck.ProcOptions
---@return fun(): string?, string? lines
---@since 0.1.0
function proc.each(argv, options) end

--- The absolute path of a program on PATH, or nil.
---@param program string
---@return string? path
---@since 0.1.0
function proc.find(program) end

--- Splits a command line into words as a shell does, without expanding anything.
---@param line string
---@return string[] words
---@since 0.1.0
function proc.split(line) end

return proc
