-- What `heck find --stdin` finds in a text that is no file.

-- Flags that ask for files.
local OF_FILES = { "after", "before", "context", "files_with_matches", "glob", "heading", "hidden", "no_ignore", "resolves" }

---@param pattern string
---@param options heck.QueryOptions
---@param flags table The command's
---@return heck.Node[] matches
return function(pattern, options, flags)
  local lang = options.lang and options.lang[1] or heck.fail("--stdin needs a language", { kind = "usage", hint = "such as --lang ts" })
  for _, name in ipairs(OF_FILES) do
    local value = flags[name]
    if value and not (type(value) == "table" and #value == 0) then
      heck.fail(("--stdin does not go with --%s"):format(name:gsub("_", "-")), {
        kind = "usage",
        hint = "what comes from standard input is no file",
      })
    end
  end
  local root = heck.ast.parse(heck.ui.read(), { lang = lang })
  local prepared = heck.ast.pattern(pattern, { loose = options.loose, selector = options.selector, strictness = options.strictness })
  local where, limit = options.where, flags.limit
  local matches = {}
  for _, node in ipairs(limit == 0 and {} or root:find_all(prepared)) do
    if not where or where(node) then
      table.insert(matches, node)
      if #matches == limit then
        break
      end
    end
  end
  return matches
end
