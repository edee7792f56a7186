---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert, undefined-field, cast-type-mismatch
-- A nil where a case expects a value fails the case.

local function fresh(title)
  return heck.patch.new { title = title or "t" }
end

it("goes from draft to patch, is applied and taken back", function()
  local before = heck.fs.read "src/a.ts"
  local patch = fresh "greet"
  equal({ patch.state, patch.id, patch.is_empty }, { "draft", nil, true })
  patch:replace(heck.ast.find("console.log($X)", { lang = "ts" }), "log($X)")
  patch:write("new/x.sh", "echo\n", { executable = true })
  patch:remove "README.md"
  equal(patch.files, { "README.md", "new/x.sh", "src/a.ts" })
  assert(patch:diff():find("+log(1);", 1, true))
  equal(patch:check(), {})
  equal({ patch.state, patch.stat.added, patch.stat.removed }, { "pending", 2, 2 })
  equal(patch:apply(), 3)
  equal({ patch.state, heck.fs.is_file "README.md" }, { "applied", false })
  assert(patch:diff({ reverse = true }):find("-log(1);\n+console.log(1);", 1, true))
  equal(patch:check(), {})
  heck.fs.write("new/x.sh", "echo changed\n")
  local problems = patch:check()
  equal({ #problems, problems[1].path, problems[1].message }, { 1, "new/x.sh", "the file has changed since the patch was applied" })
  raises("conflict", patch.rollback, patch)
  heck.patch.get("last"):rollback()
  equal(patch:rollback(), 3)
  equal({ heck.fs.read "src/a.ts", heck.fs.is_file "new/x.sh" }, { before, false })
  raises("conflict", patch.write, patch, "late", "x")
end)

it("refuses what overlaps, and what is not there", function()
  local patch = fresh()
  patch:edit { path = "src/b.py", from = 0, to = 3, text = "async def" }
  raises("conflict", patch.edit, patch, { path = "src/b.py", from = 2, to = 5, text = "x" })
  raises("usage", patch.edit, patch, { path = "src/b.py", form = 1, to = 2, text = "" })
  equal(patch:add { { path = "src/b.py", from = 9, to = 9, text = " " } }, 1)
  raises("denied", patch.write, patch, "../x", "")
  raises("denied", patch.write, patch, ".git/config", "")
  local lost = fresh()
  lost:remove "nowhere"
  raises("not_found", lost.diff, lost)
end)

it("makes a file a directory in one go, and back", function()
  local alone = fresh()
  alone:write("README.md/inner", "x")
  equal(raises("conflict", alone.apply, alone).message, "README.md is a file, and README.md/inner needs it as a directory")
  local patch = fresh()
  patch:remove "README.md"
  patch:write("README.md/inner", "x")
  equal(patch:apply(), 2)
  equal(heck.fs.read "README.md/inner", "x")
  patch:rollback()
  equal(heck.fs.is_file "README.md", true)
end)

it("renames, copies, links and sets modes", function()
  local patch = fresh()
  patch:rename("src/b.py", "lib/c.py")
  patch:edit { path = "src/b.py", from = 0, to = 0, text = "# moved\n" }
  patch:copy("README.md", "COPY.md")
  patch:link("link", "README.md")
  patch:set("src/a.ts", { executable = true })
  raises("usage", patch.set, patch, "src/a.ts", {})
  raises("conflict", patch.rename, patch, "src/b.py", "again")
  local diff = patch:diff()
  for _, part in ipairs { "rename from src/b.py", "rename to lib/c.py", "copy to COPY.md", "new file mode 120000", "new mode 100755" } do
    assert(diff:find(part, 1, true), part .. "\n" .. diff)
  end
  equal(patch:apply(), 5)
  equal({ heck.fs.is_file "src/b.py", heck.fs.read("lib/c.py"):sub(1, 8) }, { false, "# moved\n" })
  equal(heck.fs.read "COPY.md", heck.fs.read "README.md")
  assert(patch:diff({ reverse = true }):find("rename to src/b.py", 1, true))
  patch:rollback()
  equal({ heck.fs.is_file "src/b.py", heck.fs.is_file "lib/c.py", heck.fs.is_file "COPY.md" }, { true, false, false })
  local onto = fresh()
  onto:rename("src/b.py", "README.md")
  raises("conflict", onto.diff, onto)
end)

it("lays a sloppy diff on, and says what was not as it says", function()
  local patch = heck.patch.parse "--- src/a.ts\n+++ src/a.ts\n@@\n-console.log(1);\n+console.info(1);\n"
  equal({ #patch.placed, patch.placed[1].path, patch.placed[1].hunk }, { 1, "src/a.ts", 1 })
  equal({ patch.files, fresh().placed }, { { "src/a.ts" }, {} })
  local failure = raises("conflict", heck.patch.parse, "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-nowhere\n+x\n")
  assert(failure.message:find("hunk 1 (line 3 of the diff)", 1, true), failure.message)
end)

it("makes patches of two directories and of a range", function()
  heck.fs.write("old/f", "1\n")
  heck.fs.write("new/f", "2\n")
  local patch, left_out = heck.patch.create { between = { "old", "new" } }
  equal({ patch.files, patch.state, left_out }, { { "f" }, "pending", {} })
  raises("usage", heck.patch.create, { between = { "old" } })
  equal(heck.patch.create { range = "HEAD..HEAD" }, nil)
  raises("not_found", heck.patch.create, { range = "nowhere.." })
  heck.fs.remove "old/f"
  heck.fs.remove "new/f"
end)

it("refuses to break a file's syntax unless forced", function()
  local patch = fresh()
  patch:edit { path = "src/c.go", from = 0, to = 7, text = "pakcage" }
  equal(patch:check()[1].kind, "syntax")
  raises("conflict", patch.apply, patch)
  equal(patch:apply { force = true }, 1)
  patch:rollback()
end)

it("reads diffs and the working tree", function()
  local diff = heck.diff.render("def g(a):\n    print(a)\n    return a\n", "def g(a):\n    return a\n", { path = "src/b.py" })
  local id = heck.patch.add(heck.patch.parse(diff, { title = "quiet" }))
  equal(heck.patch.get(id).title, "quiet")
  equal(heck.patch.get("last").id, id)
  equal(#heck.patch.find_all { state = "pending" } >= 1, true)
  raises("invalid", heck.patch.parse, "no diff")
  equal(heck.patch.remove(id), id)
  raises("not_found", heck.patch.get, id)
  equal(heck.patch.create(), nil)
  local last = heck.patch.get "last"
  last:apply { force = true }
  -- What an applied patch has is no change of anybody's.
  equal(heck.patch.create(), nil)
  heck.patch.remove(last.id, { force = true })
  local made = heck.patch.create { title = "by hand" }
  equal(made.state, "applied")
  raises("conflict", heck.patch.remove, made.id)
  made:rollback()
  equal(heck.patch.recover(), "clean")
  local kept = fresh "forgotten"
  kept:write("forgotten.txt", "x")
  kept:apply()
  equal(heck.patch.remove(kept.id, { force = true }), kept.id)
  equal(heck.fs.read "forgotten.txt", "x")
  local rest, left_out = heck.patch.create { title = "the rest" }
  equal({ rest.files, left_out }, { { "forgotten.txt" }, {} })
  rest:rollback()
end)

it("names mistakes", function()
  raises("usage", heck.patch.new, { titel = "x" })
  raises("usage", heck.patch.find_all, { state = "aplied" })
  local patch = fresh()
  equal(
    raises("usage", function()
      return patch.aply
    end).hint,
    "did you mean 'apply'?"
  )
end)

it("parts, merges and takes back several", function()
  local before = heck.fs.read "src/a.ts"
  local patch = fresh "three"
  patch:edit { path = "src/a.ts", from = 0, to = 0, text = "// first\n" }
  patch:write("one.txt", "1\n")
  patch:write("two.txt", "2\n")
  local id = heck.patch.add(patch)
  local hunks = heck.patch.get(id):hunks()
  equal({ #hunks, hunks[1].path, hunks[1].what, hunks[2].path }, { 3, "one.txt", "new file", "src/a.ts" })
  raises("usage", heck.patch.split, id, { hunks = { 4 } })
  raises("usage", heck.patch.split, id, { files = { "nothing" } })
  equal({ select("#", heck.patch.split(id, { files = { "*" } })), (heck.patch.split(id, { files = { "*" } })).id }, { 2, id })
  local first, second = heck.patch.split(id, { hunks = { 2 } })
  equal({ first.files, second.files }, { { "src/a.ts" }, { "one.txt", "two.txt" } })
  raises("not_found", heck.patch.get, id)
  equal({ first:apply(), second:apply() }, { 1, 2 })
  local merged = heck.patch.merge({ first.id, second.id }, { title = "again one" })
  equal({ merged.state, #merged.files, merged.title }, { "applied", 3, "again one" })
  local more = fresh "more"
  more:write("one.txt", "one\n")
  more:apply()
  local counts = heck.patch.count()
  assert(counts.applied >= 2)
  local files, ids = heck.patch.rollback { merged.id, more.id }
  equal({ files, #ids }, { 3, 2 })
  equal({ heck.fs.read "src/a.ts", heck.fs.is_file "one.txt" }, { before, false })
  equal(heck.patch.gc({ age = 0 }).rescued, {})
end)

it("makes a patch anew for what is there now", function()
  heck.fs.write("m.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
  local patch = fresh "nine"
  patch:edit { path = "m.txt", from = 16, to = 17, text = "nine" }
  local other = fresh "one"
  other:edit { path = "m.txt", from = 0, to = 1, text = "one" }
  heck.patch.add(patch)
  other:apply()
  raises("conflict", patch.apply, patch)
  local new, conflicts = patch:remake()
  equal({ new:apply(), conflicts }, { 1, {} })
  equal(heck.fs.read "m.txt", "one\n2\n3\n4\n5\n6\n7\n8\nnine\n")
  -- The older one can be taken out from under it.
  equal(other:rollback(), 1)
  equal(heck.fs.read "m.txt", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
  heck.fs.remove "m.txt"
end)

it("rewrites every match of a search, and says what it left alone", function()
  heck.fs.write("r/a.ts", "f(f(1)); f(/* x */ 2)\nif (a) { f(3) } else { f(4) }\n")
  local options = { lang = "ts", paths = { "r" } }
  local patch = fresh "rewrite"
  local done = patch:rewrite(heck.ast.each("f($A)", options), "g($A, 1)")
  equal({ done.places, #done.refused }, { 5, 0 })
  assert(patch:diff():find("+g(g(1, 1), 1); g(/* x */ 2, 1)\n+if (a) { g(3, 1) } else { g(4, 1) }\n", 1, true))
  local left = fresh("left"):rewrite(heck.ast.each("if ($A) { $$$B }", options), "while ($A) { $$$B }")
  equal({ left.places, #left.refused, left.refused[1].path, left.refused[1].span.from.line }, { 0, 1, "r/a.ts", 2 })
  options.where = function(node)
    return node.vars.A == "3"
  end
  equal(fresh("some"):rewrite(heck.ast.each("f($A)", options), "g($A)").places, 1)
  raises("usage", patch.rewrite, fresh(), heck.ast.each("f($A)", { lang = "ts" }), "g($B)")
  raises("usage", patch.rewrite, fresh(), "f($A)", "g($A)")
end)
