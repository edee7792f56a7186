---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("splits, indents and measures", function()
  equal(heck.text.lines "a\r\nb\n\nc", { "a", "b", "", "c" })
  equal(heck.text.lines "", {})
  equal(heck.text.indent("a\n\nb\n", "  "), "  a\n\n  b\n")
  equal(heck.text.dedent "  a\n    b\n\n", "a\n  b\n\n")
  equal({ heck.text.width "aé", heck.text.width "漢" }, { 2, 2 })
  equal(#heck.text.hash "x", 64)
  equal(heck.text.nearest("statsu", { "status", "start" }), "status")
  equal(heck.text.nearest("zzz", { "status" }), nil)
  equal(heck.text.position("ab\ncd", 4), { line = 2, column = 2 })
end)
