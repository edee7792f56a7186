--- Remove a finished feature flag.
--- FLAG is an expression that tells whether it is on. It counts as --value, and what follows from that goes: the branch
--- that is never taken, conditions that become constant, code that cannot be reached, a variable that holds nothing but
--- the flag, and an import for it alone. Left and told: a flag where true or false cannot stand, a branch that declares
--- what is used elsewhere, and names that nothing uses any more.
---
---   heck run remove-flag 'flags.isOn("new-banner")' --value on
---@grant fs.write=**
---@since 0.1.0
local plan_for = require "heck-flag-plan"

-- In Go a call that stands alone would be understood as a conversion, so it stands in a function.
---@param flag string
---@return string|table
local function in_go(flag)
  local context = "package p\nfunc _() { _ = " .. flag .. " }"
  local root = heck.ast.parse((context:gsub("%$+", "")), { lang = "go" })
  local values = root:find { kind = "expression_list", follows = { kind = "expression_list", stopBy = "end" } }
  local first = values and values:child(1)
  local kind = first and first.kind
  return kind and kind ~= "identifier" and { pattern = { context = context, selector = kind } } or flag
end

-- Where the flag is asked for, by file. Either quotation marks do, where a language has both.
---@param flag string
---@return table<string, heck.Node[]>
local function places_of(flag)
  local found, problem = {}, nil
  local patterns = { { "ts", flag }, { "py", flag }, { "go", in_go(flag) } }
  for _, quotes in ipairs { { '"', "'" }, { "'", '"' } } do
    if flag:find(quotes[1], 1, true) then
      local other = flag:gsub(quotes[1], quotes[2])
      patterns = heck.list.concat(patterns, { { "ts", other }, { "py", other } })
    end
  end
  for _, one in ipairs(patterns) do
    local langs = one[1] == "ts" and { "ts", "tsx", "js" } or one[1]
    local nodes, refused = heck.try(heck.ast.find_all, one[2], { lang = langs, outermost = true })
    problem = problem or refused
    for _, node in ipairs(nodes or {}) do
      found[node.path] = found[node.path] or {}
      table.insert(found[node.path], node)
    end
  end
  if next(found) == nil then
    heck.fail(problem and problem.message or "nothing asks for " .. flag, { kind = problem and "invalid" or "not_found" })
  end
  return found
end

return heck.command {
  args = { { name = "flag", required = true, help = "The expression that tells whether the flag is on" } },
  flags = { { name = "value", choices = { "on", "off" }, default = "on", help = "What it is from now on" } },
  returns = { places = "integer", left = "list", patch = "table?" },
  run = function(ctx)
    local patch = heck.patch.new { title = ("remove %s, which is %s"):format(ctx.args.flag, ctx.flags.value) }
    local groups = places_of(ctx.args.flag)
    local places, left = 0, {}
    for _, path in ipairs(heck.list.keys(groups)) do
      local plan = plan_for(path, groups[path], ctx.flags.value == "on")
      plan:settle()
      for _, one in ipairs(heck.list.concat(plan.kept_hits, plan.told)) do
        plan:tell(one.node, one.reason)
      end
      local edits, is_proper = plan:unused(plan:edits())
      if is_proper then
        patch:add(edits)
        places = places + plan.places - #plan.kept_hits
      else
        plan:tell(plan.root, "it would be no proper code any more")
      end
      left = heck.list.concat(left, plan.left)
    end
    return { places = places, left = require("heck-left").sorted(left), patch = patch }
  end,
  render = function(payload, ui)
    require("heck-left").tell(payload.left, ui, "left")
  end,
}
