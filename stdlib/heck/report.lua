-- Builds a report of sections, lines and tables, as plain text or Markdown.

local Report = {}
Report.__index = Report

function Report:section(title)
  self.parts[#self.parts + 1] = { kind = "section", text = title }
  return self
end

function Report:add(text)
  self.parts[#self.parts + 1] = { kind = "line", text = text }
  return self
end

function Report:table(rows, head)
  self.parts[#self.parts + 1] = { kind = "table", rows = rows, head = head }
  return self
end

local function markdown_row(row)
  local cells = {}
  for n, cell in ipairs(row) do
    cells[n] = (tostring(cell):gsub("|", "\\|"):gsub("\n", " "))
  end
  return "| " .. table.concat(cells, " | ") .. " |"
end

local function markdown_table(part, lines)
  local head = part.head or {}
  local width = #head
  for _, row in ipairs(part.rows) do
    width = math.max(width, #row)
  end
  local titles, rule = {}, {}
  for n = 1, width do
    titles[n], rule[n] = head[n] or "", "---"
  end
  lines[#lines + 1] = markdown_row(titles)
  lines[#lines + 1] = "|" .. table.concat(rule, "|") .. "|"
  for _, row in ipairs(part.rows) do
    lines[#lines + 1] = markdown_row(row)
  end
end

local function text_table(part, lines)
  local rows, widths = {}, {}
  if part.head then
    rows[1] = part.head
  end
  for _, row in ipairs(part.rows) do
    rows[#rows + 1] = row
  end
  for _, row in ipairs(rows) do
    for n, cell in ipairs(row) do
      widths[n] = math.max(widths[n] or 0, heck.text.width(tostring(cell)))
    end
  end
  for _, row in ipairs(rows) do
    local cells = {}
    for n, cell in ipairs(row) do
      local shown = tostring(cell)
      cells[n] = n == #row and shown or shown .. (" "):rep(widths[n] - heck.text.width(shown))
    end
    lines[#lines + 1] = table.concat(cells, "  ")
  end
end

function Report:render(format)
  local is_markdown = format == "markdown"
  local lines = {}
  for _, part in ipairs(self.parts) do
    if part.kind == "section" then
      if #lines > 0 then
        lines[#lines + 1] = ""
      end
      lines[#lines + 1] = is_markdown and "## " .. part.text or part.text
      lines[#lines + 1] = is_markdown and "" or ("-"):rep(heck.text.width(part.text))
    elseif part.kind == "line" then
      lines[#lines + 1] = part.text
    elseif is_markdown then
      markdown_table(part, lines)
    else
      text_table(part, lines)
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return {
  new = function()
    return setmetatable({ parts = {} }, Report)
  end,
}
