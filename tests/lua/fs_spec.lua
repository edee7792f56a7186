---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("reads and looks", function()
  equal(heck.fs.read "README.md", "# Sandbox\n")
  equal({ heck.fs.is_file "README.md", heck.fs.is_dir "src", heck.fs.is_file "nope" }, { true, true, false })
  equal(heck.fs.find_all "*.ts", { "src/a.ts" })
  equal(heck.fs.find_all({ "src/**", "!**/*.py" }), { "src/a.ts", "src/c.go" })
  equal(#heck.fs.find_all("**", { ignored = true }) > #heck.fs.find_all "**", true)
  raises("not_found", heck.fs.read, "nope")
  raises("usage", heck.fs.read)
  raises("usage", heck.fs.read, "a", "b")
end)

it("writes and removes as patches", function()
  local id = heck.fs.write("notes/a.txt", "one\n")
  equal(heck.fs.read "notes/a.txt", "one\n")
  equal(heck.fs.write("notes/a.txt", "one\n"), nil)
  equal(heck.patch.get(id).state, "applied")
  heck.patch.get(id):rollback()
  equal(heck.fs.is_file "notes/a.txt", false)
  heck.fs.remove "README.md"
  equal(heck.fs.is_file "README.md", false)
  raises("not_found", heck.fs.remove, "README.md")
  raises("denied", heck.fs.write, "/etc/x", "")
end)
