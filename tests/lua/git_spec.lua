---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("answers questions about the repository", function()
  equal(heck.git.branch(), "main")
  equal(heck.git.log({ limit = 1 })[1].summary, "first")
  equal(#heck.git.log { path = "src/a.ts" }, 1)
  equal(heck.git.show("HEAD", "README.md"), "# Sandbox\n")
  equal(heck.git.blame("README.md")[1].line, 1)
  raises("not_found", heck.git.show, "HEAD", "nope")
  raises("not_found", heck.git.diff, { from = "no-such-branch", to = "HEAD" })
end)

it("sees changes", function()
  heck.fs.write("README.md", "# Changed\n")
  heck.fs.write("added.txt", "x\n")
  local by_path = {}
  for _, file in ipairs(heck.git.status()) do
    by_path[file.path] = file.unstaged
  end
  equal({ by_path["README.md"], by_path["added.txt"] }, { "modified", "untracked" })
  equal(heck.git.changed(), { "README.md" })
  equal(heck.git.changed { untracked = true, paths = { "added.txt" } }, { "added.txt" })
  assert(heck.git.diff():find("+# Changed", 1, true))
end)
