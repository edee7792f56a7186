---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("knows commands and recipes", function()
  local names = {}
  for _, command in ipairs(heck.script.find_all "commands") do
    names[command.name] = command.layer
  end
  equal(names.find, "built-in")
  equal(heck.script.get("recipes", "log-calls").layer, "built-in")
  equal(raises("usage", heck.script.get, "recipes", "log-call").hint, "did you mean 'log-calls'?")
  raises("usage", heck.script.find_all, "recipe")
end)

it("writes help and more from the declarations", function()
  assert(heck.script.help({ "patch", "apply" }):find "--force")
  assert(heck.script.help({}):find "find")
  equal(heck.json.parse(heck.script.help({ "patch", "check" }, { contract = true })).properties.count.type, "integer")
  raises("usage", heck.script.help, { "patch", "aply" })
  for _, shell in ipairs { "bash", "zsh", "fish" } do
    assert(heck.script.completions(shell):find "rewrite")
  end
  raises("usage", heck.script.completions, "tcsh")
  assert(heck.script.man():find "heck")
  assert(heck.script.reference():find("## `heck patch apply`", 1, true))
end)
