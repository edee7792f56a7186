-- What `heck find --stdin` finds in a text that is no file.

---@param pattern string
---@param options heck.QueryOptions
---@return { matches: heck.Node[] } payload
return function(pattern, options)
  local lang = options.lang and options.lang[1] or heck.fail("--stdin needs a language", { kind = "usage", hint = "such as --lang ts" })
  local root = heck.ast.parse(heck.ui.read(), { lang = lang })
  local prepared = heck.ast.pattern(pattern, { loose = options.loose, selector = options.selector, strictness = options.strictness })
  local where = options.where
  return {
    matches = heck
      .iter(root:find_all(prepared))
      :filter(function(node)
        return not where or where(node)
      end)
      :list(),
  }
end
