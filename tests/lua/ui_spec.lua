---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("has a sane answer without a terminal", function()
  equal(heck.ui.is_interactive(), false)
  equal(heck.ui.confirm "sure?", false)
  equal(heck.ui.confirm("sure?", { default = true }), true)
  equal(raises("usage", heck.ui.confirm, "sure?", { required = true }).hint, "pass --yes to go on, or --dry-run to look")
  equal(heck.ui.choose("which?", { "a", "b" }), nil)
  equal({ heck.ui.choose("which?", { "a", "b" }, { default = 2 }) }, { "b", 2 })
  equal(heck.ui.input "name?", nil)
  equal(heck.ui.input("name?", { default = "x" }), "x")
  equal(heck.ui.read(), "")
end)

it("prints", function()
  heck.ui.print("a", 1, true)
  heck.ui.note "n"
  heck.ui.table({ { "a", 1 }, { "bb", 2 } }, { head = { "k", "v" } })
  heck.ui.diff "+a\n"
  equal(heck.ui.style("x", "good"), "x")
  equal(raises("usage", heck.ui.style, "x", "godo").hint, "did you mean 'good'?")
  local bar = heck.ui.progress("work", { total = 2 })
  bar:add()
  bar:add(1)
  equal(bar:done(), 2)
end)
