---@diagnostic disable: need-check-nil, param-type-mismatch
-- A nil where a case expects a value fails the case.

it("renames across files, as data", function()
  heck.fs.write("lib/total.ts", "export function total() {}\n// total is quick\n")
  heck.fs.write("lib/use.ts", "import { total } from './total';\nconst o = { total };\n")
  local renamed = heck.refactor.rename("lib/total.ts:total", "sum")
  equal({ renamed.name, renamed.kind, #renamed.edits, #renamed.doubts }, { "total", "function", 3, 1 })
  equal({ renamed.doubts[1].path, renamed.doubts[1].span.from.line, renamed.doubts[1].reason }, { "lib/total.ts", 2, "in a comment" })
  local patch = heck.patch.new { title = "sum" }
  patch:add(renamed.edits)
  patch:apply()
  equal(heck.fs.read "lib/use.ts", "import { sum } from './total';\nconst o = { total: sum };\n")
  patch:rollback()
end)

it("renames at a node", function()
  heck.fs.write("lib/one.ts", "let a = 1;\n")
  local node = heck.ast.open("lib/one.ts"):find "a"
  equal(heck.refactor.rename(node, "b").edits[1].text, "b")
end)

it("inlines a variable, as data", function()
  heck.fs.write("lib/area.ts", "export function area(w: number, h: number) {\n  const a = w * h;\n  return a;\n}\n")
  local inlined = heck.refactor.inline "lib/area.ts:a"
  equal({ inlined.name, inlined.kind, inlined.uses, #inlined.edits }, { "a", "variable", 1, 2 })
  local patch = heck.patch.new { title = "inline a" }
  patch:add(inlined.edits)
  patch:apply()
  equal(heck.fs.read "lib/area.ts", "export function area(w: number, h: number) {\n  return w * h;\n}\n")
  patch:rollback()
  local lost = raises("conflict", heck.refactor.inline, "lib/area.ts:w")
  equal({ lost.path, lost.span.from.column }, { "lib/area.ts", 22 })
  raises("not_found", heck.refactor.inline, "lib/area.ts:1:1")
end)

it("moves to a new file, as data", function()
  heck.fs.write("lib/shape.ts", "export const unit = 1;\n\nexport function area(w: number) {\n  return w * unit;\n}\n")
  heck.fs.write("lib/room.ts", "import { area } from './shape';\narea(2);\n")
  local moved = heck.refactor.move("lib/shape.ts:area", "lib/space.ts")
  equal({ moved.name, moved.kind, moved.names, moved.passed_on, #moved.doubts }, { "area", "function", { "area" }, false, 0 })
  equal(moved.created, "import { unit } from './shape';\n\nexport function area(w: number) {\n  return w * unit;\n}\n")
  local patch = heck.patch.new { title = "area" }
  patch:add(moved.edits)
  patch:apply()
  equal(heck.fs.read "lib/shape.ts", "export const unit = 1;\n")
  equal(heck.fs.read "lib/room.ts", "import { area } from './space';\narea(2);\n")
  patch:rollback()
  equal(heck.refactor.move({ "lib/shape.ts:area", "lib/shape.ts:unit" }, "lib/both.ts").names, { "unit", "area" })
  equal(heck.refactor.move("lib/shape.ts:area", "lib/space.ts", { keep = true }).passed_on, true)
  raises("usage", heck.refactor.move, { "lib/shape.ts:area", "lib/room.ts:1:10" }, "lib/b.ts")
  raises("usage", heck.refactor.move, "lib/shape.ts:area", "lib/b.py")
end)

it("moves a whole file", function()
  heck.fs.write("lib/old.ts", "import { load } from './load';\nexport const old = load;\n")
  heck.fs.write("lib/uses_old.ts", "import { old } from './old';\nold();\n")
  local moved = heck.refactor.move("lib/old.ts", "lib/deep/new.ts")
  equal({ moved.kind, #moved.renamed, moved.names, #moved.edits }, { "file", 1, { "lib/old.ts" }, 2 })
  local patch = heck.patch.new { title = "new" }
  patch:add(moved.edits)
  patch:rename(moved.renamed[1].from, moved.renamed[1].to)
  patch:apply()
  equal(heck.fs.read "lib/deep/new.ts", "import { load } from '../load';\nexport const old = load;\n")
  equal(heck.fs.read "lib/uses_old.ts", "import { old } from './deep/new';\nold();\n")
  patch:rollback()
  raises("conflict", heck.refactor.move, "lib/old.ts", "lib/uses_old.ts")
  raises("usage", heck.refactor.move, "lib/old.ts", "lib/old.py")
end)

it("moves a directory", function()
  heck.fs.write("lib/part/one.ts", "import { load } from '../load';\nexport const one = load;\n")
  heck.fs.write("lib/part/two.ts", "import { one } from './one';\nexport const two = one;\n")
  heck.fs.write("lib/uses_part.ts", "import { two } from './part/two';\ntwo();\n")
  local moved = heck.refactor.move("lib/part", "lib/deep/piece")
  equal({ moved.kind, #moved.renamed, moved.names, #moved.edits }, { "directory", 2, { "lib/part" }, 2 })
  local patch = heck.patch.new { title = "piece" }
  patch:add(moved.edits)
  for _, file in ipairs(moved.renamed) do
    patch:rename(file.from, file.to)
  end
  patch:apply()
  equal(heck.fs.read "lib/deep/piece/one.ts", "import { load } from '../../load';\nexport const one = load;\n")
  equal(heck.fs.read "lib/uses_part.ts", "import { two } from './deep/piece/two';\ntwo();\n")
  patch:rollback()
  raises("usage", heck.refactor.move, "lib/part", "lib/part/deeper")
  raises("usage", heck.refactor.move, "lib/nothing", "lib/there")
end)

it("exports, as data", function()
  heck.fs.write("lib/load.ts", "export function load() {}\n")
  heck.fs.write("lib/boot.ts", "import { load } from './load';\nload();\n")
  local found = heck.refactor.export("lib/load.ts:load", { as = "default" })
  equal({ found.name, found.kind, #found.doubts }, { "load", "function", 0 })
  local patch = heck.patch.new { title = "default" }
  patch:add(found.edits)
  patch:apply()
  equal(heck.fs.read "lib/load.ts", "export default function load() {}\n")
  equal(heck.fs.read "lib/boot.ts", "import load from './load';\nload();\n")
  patch:rollback()
  raises("conflict", heck.refactor.export, "lib/load.ts:load", { as = "none" })
  raises("conflict", heck.refactor.export, "lib/load.ts:load")
  raises("usage", heck.refactor.export, "lib/load.ts:load", { as = "module" })
end)

it("extracts, as data", function()
  heck.fs.write("lib/tax.ts", "function f(net: number) {\n  const tax = net * 0.2;\n  return net + tax;\n}\n")
  local node = heck.ast.open("lib/tax.ts"):find "net * 0.2"
  local found = heck.refactor.extract(node, "share")
  equal({ found.name, found.kind, #found.edits, #found.doubts }, { "share", "variable", 2, 0 })
  equal(heck.refactor.extract(node, "share", { as = "function" }).kind, "function")
  local patch = heck.patch.new { title = "sum" }
  patch:add(heck.refactor.extract("lib/tax.ts:2-3", "sum").edits)
  patch:apply()
  equal(
    heck.fs.read "lib/tax.ts",
    "function f(net: number) {\n  return sum(net);\n}\n\n"
      .. "function sum(net: number) {\n  const tax = net * 0.2;\n  return net + tax;\n}\n"
  )
  patch:rollback()
  raises("not_found", heck.refactor.extract, "lib/tax.ts:2:3-2:8", "x")
  raises("conflict", heck.refactor.extract, node, "tax")
  raises("usage", heck.refactor.extract, node, "let")
  raises("usage", heck.refactor.extract, "lib/tax.ts:2:3", "x")
  raises("usage", heck.refactor.extract, node, "x", { as = "class" })
end)

it("changes a signature, as data", function()
  heck.fs.write("lib/send.ts", "export function send(to: string, body: string) {}\n")
  heck.fs.write("lib/mail.ts", "import { send as post } from './send';\npost('a', 'b');\n[1].map(post);\n")
  local found = heck.refactor.signature("lib/send.ts:send", {
    remove = { "body" },
    add = { { declaration = "urgent: boolean", argument = "true", at = 1 } },
  })
  equal({ found.name, found.kind, found.calls, #found.edits, #found.doubts }, { "send", "function", 1, 2, 1 })
  local patch = heck.patch.new { title = "send" }
  patch:add(found.edits)
  patch:apply()
  equal(heck.fs.read "lib/send.ts", "export function send(urgent: boolean, to: string) {}\n")
  equal(heck.fs.read "lib/mail.ts", "import { send as post } from './send';\npost(true, 'a');\n[1].map(post);\n")
  patch:rollback()
  raises("usage", heck.refactor.signature, "lib/send.ts:send", { remove = { "from" } })
  raises("usage", heck.refactor.signature, "lib/send.ts:send", { add = { { argument = "1" } } })
  raises("usage", heck.refactor.signature, "lib/send.ts:send", { add = { { declaration = "n: number" } } })
  raises("not_found", heck.refactor.signature, "lib/mail.ts:2:8", {})
end)

it("tells what a name means", function()
  heck.fs.write("lib/store.ts", "export class Store {\n  get() {}\n}\n")
  heck.fs.write("lib/shop.ts", "import { Store } from './store';\nimport fs from 'node:fs';\nnew Store().get();\nfs.stat('a');\n")
  local meaning = heck.refactor.find "lib/shop.ts:3:13"
  equal({ meaning.kind, meaning.name, meaning.path, meaning.span.from.line }, { "method", "get", "lib/store.ts", 2 })
  local nodes = heck.ast.find_all({ kind = "member_expression" }, { lang = "ts", paths = { "lib/shop.ts" } })
  local all = heck.refactor.find_all(nodes)
  equal({ #all, all[1].path, all[2].kind, all[2].module, all[2].name }, { 2, "lib/store.ts", "foreign", "node:fs", "stat" })
  equal(heck.refactor.find "lib/shop.ts:4:9", nil)
  raises("usage", heck.refactor.find_all, "lib/shop.ts")
end)

it("says what is wrong", function()
  heck.fs.write("lib/two.ts", "let a, b;\n")
  assert(raises("conflict", heck.refactor.rename, "lib/two.ts:a", "b").message:find("lib/two.ts:1:8", 1, true))
  raises("usage", heck.refactor.rename, "lib/two.ts:a", "let")
  raises("not_found", heck.refactor.rename, "lib/two.ts:none", "c")
  raises("usage", heck.refactor.rename, "nowhere", "c")
end)
