---@meta

--- The library. One global, `heck`; `require "heck"` gives the same table. Its modules are loaded when
--- they are first used, are frozen, and name what they do not have.
---@class heck
---@field version string The version of the program
---@field api integer The version of this library's interface
---@field ast heck.ast
---@field config heck.config
---@field diff heck.diff
---@field env heck.env
---@field fs heck.fs
---@field git heck.git
---@field help heck.help
---@field iter heck.iter
---@field json heck.json
---@field list heck.list
---@field log heck.log
---@field patch heck.patch
---@field proc heck.proc
---@field refactor heck.refactor
---@field repl heck.repl
---@field repo heck.repo
---@field report heck.report
---@field runlog heck.runlog
---@field script heck.script
---@field str heck.str
---@field task heck.task
---@field text heck.text
---@field time heck.time
---@field toml heck.toml
---@field trust heck.trust
---@field ui heck.ui
---@field yaml heck.yaml
heck = {}

--- What went wrong. Raised by everything in the library; `tostring` gives the message with its hint.
---@class heck.Error
---@field kind "usage"|"not_found"|"denied"|"untrusted"|"conflict"|"invalid"|"timeout"|"cancelled"|"budget"|"tool"|"network"|"provider"|"internal" What kind of failure it is
---@field message string One sentence
---@field hint? string What to do next
---@field path? string The file concerned
---@field span? heck.Span The place in it
---@field source? string The text of that line
---@field cause? heck.Error What caused it
---@field trace? string The script's call stack

--- A place in a text: 1-based line, 1-based byte column.
---@class heck.Position
---@field line integer From 1
---@field column integer Bytes, from 1

--- A range of a text.
---@class heck.Span
---@field from heck.Position Where it begins
---@field to heck.Position Where it ends, exclusive
---@field byte { from: integer, to: integer } Byte offsets from 0, the end exclusive

--- One positional argument or flag of a command.
---@class heck.Parameter
---@field name string Its name; a flag `max-count` is read as `ctx.flags.max_count`
---@field type? "string"|"integer"|"number"|"boolean"|"path"|"name"|"file"|"place" A path is given to the script relative to the repository; a name may be gone, and a link is named itself, not what it leads to; a file may also lie outside, and then its path is absolute; a place is a path with a line and column or a name behind it
---@field help? string What it is
---@field short? string One letter, for a flag
---@field value? string What its value is called in help
---@field required? boolean Whether it must be given
---@field many? boolean Whether it may be given several times, and is a list
---@field choices? string[] The only values it may have
---@field default? any Its value when it is not given

--- What `run` is told.
---@class heck.Context
---@field args table<string, any> The positional arguments
---@field flags table<string, any> The flags
---@field dry_run boolean Whether nothing may be changed
---@field yes boolean Whether every question is answered with yes
---@field json boolean Whether an envelope is printed
---@field quiet boolean Whether only results are wanted
---@field verbose boolean Whether details are wanted
---@field online boolean Whether the network may be used

--- The declaration of a command or recipe. `run` returns data and prints nothing; a patch in it (or as
--- it) is shown, asked about, applied and verified. `render` turns the data into text for people.
---@class heck.Command
---@field name? string The name of a subcommand; a file's own name comes from the file
---@field summary? string One line; a file's comes from its header
---@field help? string More lines
---@field args? heck.Parameter[] Positional arguments, in order
---@field flags? heck.Parameter[] Flags
---@field commands? heck.Command[] Subcommands
---@field delegates? string The folder of scripts that are its subcommands
---@field changes? boolean Whether it takes `--verify`; recipes do
---@field recovers? boolean Whether it deals with an interrupted change itself, with `heck.patch.recover`
---@field records? boolean Whether each run stands in the runlog even when it changes nothing
---@field findings? string The payload field that, when it is not zero, makes the exit code 1
---@field stream? boolean Whether its payload holds a search that is printed as it is found
---@field verify? string[] A program and its arguments that decide whether a change is kept
---@field returns? table<string, any> The payload's contract: field → type, with `?` for one that may be absent
---@field examples? string[] Command lines that show its use
---@field run? async fun(ctx: heck.Context): any The work
---@field render? async fun(payload: any, ui: heck.ui) The text for people

--- Declares a command or recipe: the value that such a file returns.
---@param declaration heck.Command
---@return heck.Command declaration The same table, checked
---@error usage A field is unknown
---@since 0.1.0
--- ```lua
--- return heck.command {
---   run = function(ctx)
---     return { files = #heck.repo.files() }
---   end,
--- }
--- ```
function heck.command(declaration) end

--- Calls a function and gives its results, or nil and the error as a `heck.Error`. A stop (Ctrl-C, the
--- deadline) cannot be caught.
---@param f function
---@param ... any Its arguments
---@return any ... Its results, or nil and the error
---@since 0.1.0
--- ```lua
--- local text, err = heck.try(heck.fs.read, "notes.md")
--- if not text then
---   heck.log.warn(err.message)
--- end
--- ```
function heck.try(f, ...) end

--- Raises a `heck.Error`.
---@param message string One sentence without a final period
---@param options? { kind?: string, hint?: string } The kind (`tool` without it) and what to do next
---@error usage The kind is unknown
---@since 0.1.0
--- ```lua
--- heck.try(heck.fail, "no tests here", { kind = "not_found", hint = "write one" })
--- ```
function heck.fail(message, options) end
