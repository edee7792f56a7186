---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("renders and parses", function()
  local diff = heck.diff.render("a\nb\n", "a\nc\n", { path = "f.txt" })
  assert(diff:find("-b\n+c\n", 1, true))
  equal(heck.diff.render("x", "x"), "")
  equal(heck.diff.parse(diff), { { old_path = "f.txt", new_path = "f.txt", hunks = 1, added = 1, removed = 1 } })
  equal(heck.diff.parse "just prose", {})
  raises("invalid", heck.diff.parse, "--- a/x\n+++ b/x\n@@ -1,9 +1 @@\n-a\n")
end)
