---@meta

--- Builds a report of sections, lines and tables.
---@class heck.report
local report = {}

--- A report in the making.
---@class heck.Report
local Report = {}

--- Begins a section.
---@param title string
---@return heck.Report self
---@since 0.1.0
function Report:section(title) end

--- Adds a line.
---@param text string
---@return heck.Report self
---@since 0.1.0
function Report:add(text) end

--- Adds a table.
---@param rows any[][]
---@param head? string[]
---@return heck.Report self
---@since 0.1.0
function Report:table(rows, head) end

--- The text, as `text` or `markdown`.
---@param format? "text"|"markdown"
---@return string text
---@since 0.1.0
function Report:render(format) end

--- Begins a report.
---@return heck.Report report
---@since 0.1.0
--- ```lua
--- local report = heck.report.new():section("Files"):add(#heck.repo.files() .. " files")
--- print(report:render("markdown"))
--- ```
function report.new() end

return report
