-- A predicate over matches from a Lua expression, for `--where`. In the expression `node` is the match, and each
-- metavariable is known by its name, as text.

---@param expression string
---@return fun(node: heck.Node): any
return function(expression)
  ---@type heck.Node, table<string, string>?
  local node, vars
  local env = setmetatable({}, {
    __index = function(_, name)
      if name == "node" then
        return node
      end
      vars = vars or node.vars
      local text = vars[name]
      if text ~= nil then
        return text
      end
      return _G[name]
    end,
  })
  local predicate, problem = load("return " .. expression, "=--where", "t", env)
  if not predicate then
    heck.fail("--where is no Lua expression: " .. problem, { kind = "usage", hint = "such as --where 'A ~= \"x\"'" })
  end
  ---@cast predicate function
  return function(found)
    node, vars = found, nil
    return predicate()
  end
end
