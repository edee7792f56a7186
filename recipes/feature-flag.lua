--- Put a function behind a feature flag.
--- The body runs only while the flag is on; otherwise the function returns at once.
---
---   heck run feature-flag renderBanner new-banner --check 'flags.isOn("$FLAG")'
---@grant fs.write=**
---@since 0.1.0
local GUARDS = {
  ts = "if (!%s) return;",
  tsx = "if (!%s) return;",
  js = "if (!%s) return;",
  py = "if not %s:\n    return",
  go = "if !%s {\n\treturn\n}",
}
local KINDS = {
  ts = { "function_declaration", "method_definition" },
  tsx = { "function_declaration", "method_definition" },
  js = { "function_declaration", "method_definition" },
  py = { "function_definition" },
  go = { "function_declaration", "method_declaration" },
}

---@param body heck.Node
---@return heck.Node?
local function first_statement(body)
  for _, child in ipairs(body:children()) do
    local inner = child:child(1)
    local is_docstring = child.kind == "expression_statement" and inner and inner.kind == "string"
    if child.kind ~= "comment" and not is_docstring then
      return child
    end
  end
end

return heck.command {
  args = {
    { name = "name", required = true, help = "The function" },
    { name = "flag", required = true, help = "The flag" },
  },
  flags = { { name = "check", default = 'flags.isOn("$FLAG")', help = "The expression that tells whether it is on" } },
  returns = { places = "integer", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = ("put %s behind %s"):format(ctx.args.name, ctx.args.flag) }
    local check = ctx.flags.check:gsub("%$FLAG", (ctx.args.flag:gsub("%%", "%%%%")))
    local places = 0
    for lang, kinds in pairs(KINDS) do
      for _, kind in ipairs(kinds) do
        for node in heck.ast.each({ kind = kind }, { lang = lang }) do
          local name, body = node:field "name", node:field "body"
          local is_it = name and name.text == ctx.args.name
          local first = is_it and body and first_statement(body) or nil
          if first then
            local at = first.span.byte.from
            -- The statement's own indentation, whatever it is made of.
            local indent = heck.fs.read(node.path):sub(at - first.column + 2, at)
            local guard = GUARDS[lang]:format(check):gsub("\n", "\n" .. indent)
            patch:edit { path = node.path, from = at, to = at, text = guard .. "\n" .. indent }
            places = places + 1
          end
        end
      end
    end
    if places == 0 then
      heck.fail("there is no function '" .. ctx.args.name .. "' with a body", { kind = "not_found" })
    end
    return { places = places, patch = patch }
  end,
}
