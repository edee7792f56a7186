---@meta

--- The user's terminal. Each question has a sane answer where nobody can be asked: its default.
---@class heck.ui
local ui = {}

--- A progress bar.
---@class heck.Progress
local Progress = {}

--- Some more is done.
---@param more? integer One without it
---@since 0.1.0
function Progress:add(more) end

--- How much is done.
---@return integer
---@since 0.1.0
function Progress:done() end

--- Prints values and a line end to standard output; with `--json`, to standard error.
---@param ... any
---@since 0.1.0
function ui.print(...) end

--- Prints a line to standard error, unless `--quiet`.
---@param text string
---@since 0.1.0
function ui.note(text) end

--- A text in a style, where there is colour.
---@param text string
---@param style "strong"|"faint"|"path"|"line"|"bad"|"good"|"warn"|"hint"
---@return string text
---@since 0.1.0
function ui.style(text, style) end

--- Prints rows in aligned columns.
---@param rows any[][]
---@param options? { head?: string[] }
---@since 0.1.0
function ui.table(rows, options) end

--- Prints a diff in colours.
---@param diff string
---@param options? { columns?: boolean } The old side on the left, the new one on the right
---@since 0.1.0
function ui.diff(diff, options) end

--- Begins a progress bar, which appears when the work takes longer than half a second.
---@param label string
---@param options? { total?: integer }
---@return heck.Progress bar
---@since 0.1.0
function ui.progress(label, options) end

--- Asks a yes-or-no question. `--yes` answers it; without a terminal the answer is the default.
---@param question string
---@param options? { default?: boolean, required?: boolean } No, without a default; where an answer is required, nobody to ask is an error
---@return boolean
---@since 0.1.0
function ui.confirm(question, options) end

--- Lets the user choose; without a terminal it is the default, or nil.
---@param question string
---@param choices string[]
---@param options? { default?: integer } Its number, from 1
---@return string? choice
---@return integer? number
---@since 0.1.0
function ui.choose(question, choices, options) end

--- Asks for a line; without a terminal it is the default, or nil.
---@param question string
---@param options? { default?: string }
---@return string? text
---@since 0.1.0
function ui.input(question, options) end

--- Reads standard input to its end. For heck's own commands.
---@return string text
---@since 0.1.0
function ui.read() end

--- Whether somebody can be asked.
---@return boolean
---@since 0.1.0
function ui.is_interactive() end

return ui
