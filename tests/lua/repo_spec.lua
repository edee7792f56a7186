---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("lists files by language through ignore rules", function()
  equal(heck.repo.files { lang = "ts" }, { "src/a.ts" })
  equal(heck.repo.files { lang = { "py", "go" } }, { "src/b.py", "src/c.go" })
  equal(heck.repo.files { paths = { "src" }, globs = "!*.go" }, { "src/a.ts", "src/b.py" })
  equal(heck.repo.files { lang = "ts", ignored = true }, { "out/ignored.ts", "src/a.ts" })
  equal(#heck.repo.files { hidden = true } > #heck.repo.files(), true)
end)

it("knows itself", function()
  equal(heck.repo.is_marked(), true)
  equal(heck.str.ends_with(heck.repo.root(), "/repo"), true)
  equal(heck.repo.shown "src/a.ts", "src/a.ts")
  equal({ heck.repo.lang "a.tsx", heck.repo.lang "Makefile" }, { "tsx" })
  equal(heck.repo.langs(), { "ts", "tsx", "js", "py", "go" })
  assert(heck.repo.gitignore():find "/state/")
  assert(heck.repo.luarc():find "types")
end)

it("writes heck's own files once", function()
  equal(heck.repo.add("recipes/x.lua", "return 1"), true)
  equal(heck.repo.add("recipes/x.lua", "return 2"), false)
  equal(heck.fs.read ".heck/recipes/x.lua", "return 1")
  equal(heck.repo.add("recipes/x.lua", "return 2", { replace = true }), true)
  raises("denied", heck.repo.add, "../x", "")
end)
