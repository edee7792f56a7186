---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("renders as text and Markdown", function()
  local report = heck.report.new():section("Files"):add("two files"):table({ { "a|b", 1 }, { "c", 22 } }, { "name", "n" })
  equal(report:render(), "Files\n-----\ntwo files\nname  n\na|b   1\nc     22\n")
  equal(report:render "markdown", "## Files\n\ntwo files\n| name | n |\n|---|---|\n| a\\|b | 1 |\n| c | 22 |\n")
end)
