---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert, undefined-field
-- A nil where a case expects a value fails the case.

it("finds in file order, with captures", function()
  local found = heck.ast.find_all("f($A)", { lang = "ts" })
  equal(#found, 1)
  local node = found[1]
  equal({ node.path, node.line, node.kind, node.lang }, { "src/a.ts", 2, "call_expression", "ts" })
  equal(node.vars, { A = "x" })
  equal(node:get_match("A").text, "x")
  equal(node:get_match "B", nil)
  equal(node.span.byte.to - node.span.byte.from, 4)
end)

it("iterates lazily and stops when the loop does", function()
  local n = 0
  for node in heck.ast.each "$F($$$ARGS)" do
    n = n + 1
    assert(#node:get_matches "ARGS" >= 0)
    break
  end
  equal(n, 1)
  equal(heck.ast.each("console.log($X)", { lang = "ts" }):count(), 1)
  equal(#heck.ast.each("console.log($X)", { lang = "ts", ignored = true }):find_all(), 2)
  equal(heck.ast.find("nothing($X)", { lang = "ts" }), nil)
  equal(heck.ast.find("$F($X)", { lang = "py" }).path, "src/b.py")
end)

it("loses nothing when several tasks share a search, or a wait is given up", function()
  local each = heck.ast.each("$F($$$ARGS)", { ignored = true })
  local counts = heck.task.map({ 1, 2, 3 }, function()
    local n = 0
    while each() do
      n = n + 1
    end
    return n
  end)
  equal(counts[1] + counts[2] + counts[3], heck.ast.each("$F($$$ARGS)", { ignored = true }):count())
end)

it("prints matches and tells how many", function()
  equal(heck.ast.each("console.log($X)", { lang = "ts" }):print { files_only = true }, { files = 1, matches = 1 })
end)

it("knows a node's surroundings", function()
  local root = heck.ast.parse("if (a) { f(1); g(2) }", { lang = "js" })
  local call = root:find "f($X)"
  equal(call:inside { kind = "if_statement" }, true)
  equal(call:has { kind = "number" }, true)
  equal(call:has { kind = "string" }, false)
  equal(call:parent().kind, "expression_statement")
  equal(call:parent():precedes "g($X)", false)
  equal(call:parent():precedes { kind = "expression_statement" }, true)
  equal(root:find("g($X)"):parent():follows { kind = "expression_statement" }, true)
  equal(call:field("function").text, "f")
  equal(call:children()[1].text, "f")
  equal(call:child(1).text, "f")
  equal(call:child(9), nil)
  equal(call:next().text, ";")
  equal(call:next():prev() == call, true)
  equal(call:matches("f($Y)").vars.Y, "1")
  equal(call:ancestors()[1].kind, "expression_statement")
  equal({ call.is_named, call.is_error, call.column }, { true, false, 10 })
  equal(#root:find_all "$F($X)", 2)
end)

it("walks with handlers whose return value is the edit", function()
  local root = heck.ast.parse("f(1)\nx = 2\nf(3)\n", { lang = "py" })
  local edits = heck.ast.walk(root, {
    ["f($X)"] = function(node)
      if node.vars.X == "1" then
        return "g($X)"
      end
      return false
    end,
    assignment = function()
      return { "y = 2", "z = 2" }
    end,
  })
  equal(#edits, 3)
  equal(heck.ast.render(root, edits), "g(1)\ny = 2\nz = 2\n\n")
end)

it("gives edits as data", function()
  local node = heck.ast.open("src/a.ts"):find "console.log($X)"
  local edits = node:replace "log($X)"
  -- Only what differs from the pattern: `console.` goes.
  equal(#edits, 1)
  equal({ edits[1].path, edits[1].from, edits[1].to, edits[1].text }, { "src/a.ts", 0, 8, "" })
  local lost = heck.ast.parse("function f() { if (a) { b() } else { c() } }", { lang = "ts" }):find "if ($A) { $$$B }"
  assert(raises("conflict", lost.replace, lost, "$$$B").hint:find "name it in the pattern")
  raises("usage", node.replace, node, "log($Y)")
end)

it("puts text beside nodes and takes nodes out, as the file is laid out", function()
  local text = "def f(a, b):\n    # why\n    if a:\n        g(b)\n"
  local root = heck.ast.parse(text, { lang = "py" })
  local edits = heck.ast.walk(root, {
    ["g(b)"] = function(node)
      return node:insert_after "if b:\n  h()"
    end,
    if_statement = function(node)
      return node:insert_before "x = 1"
    end,
    parameters = function(node)
      return node:child(2):remove()
    end,
  })
  equal(heck.ast.render(root, edits), "def f(a):\n    x = 1\n    # why\n    if a:\n        g(b)\n        if b:\n            h()\n")
  local sum = heck.ast.parse("a + b", { lang = "js" }):find "a"
  assert(raises("conflict", sum.remove, sum).hint:find ":parent")
  raises("conflict", sum.insert_before, sum, "c")
end)

it("scans with rules", function()
  local rule = "id: no-log\nlanguage: ts\nseverity: error\nmessage: no $A\nrule: { pattern: console.log($A) }\nfix: log($A)\n"
  local result = heck.ast.scan { { path = "r.yml", text = rule } }
  equal(#result.rules, 1)
  local finding = result.findings[1]
  equal({ finding.rule, finding.severity, finding.message }, { "no-log", "error", "no 1" })
  -- The argument stays, and only what is before it goes.
  equal(finding.fix.edits[1].to - finding.fix.edits[1].from, #"console.")
  equal(heck.ast.scan({ { path = "r.yml", text = rule } }, { filter = "^yes-" }).rules, {})
  equal(#heck.ast.scan({ { path = "r.yml", text = rule } }, { severities = { ["no-log"] = "off" } }).findings, 0)
  raises("usage", heck.ast.scan, {}, { filter = "(" })
  raises("usage", heck.ast.scan, {}, { severities = { a = "loud" } })
  raises("usage", heck.ast.scan, {}, { text = "f()" })
  raises("invalid", heck.ast.scan, { { path = "r.yml", text = "id: x" } })
end)

it("prepares patterns", function()
  local root = heck.ast.parse("f(1, 2,); f(1)", { lang = "js" })
  equal(#root:find_all(heck.ast.pattern "f($$$A)"), 2)
  equal(root:find(heck.ast.pattern("f($A, $B)", { strictness = "cst" })), nil)
  equal(#root:find_all(heck.ast.pattern { kind = "number" }), 3)
  equal(heck.ast.find(heck.ast.pattern("class A { x = $V }", { selector = "public_field_definition" }), { lang = "ts" }), nil)
  raises("invalid", root.find, root, heck.ast.pattern "")
  raises("usage", heck.ast.pattern, 5)
end)

it("shows all that lies around a match of the repository", function()
  local long = ("1 + "):rep(200)
  local id = heck.fs.write("src/long.ts", ("function f() {\n  let a = %s1;\n  far(a);\n  last(a);\n}\n"):format(long))
  local node = heck.ast.find("far($A)", { lang = "ts" })
  local statement = node:parent()
  equal(statement:prev().kind, "lexical_declaration")
  equal(statement:next().text, "last(a);")
  equal(statement:child(1) == node, true)
  equal(#node:ancestors(), 4)
  equal(node:inside { has = { pattern = "last($A)", stopBy = "end" } }, true)
  equal(statement:follows { kind = "lexical_declaration" }, true)
  equal(node:get_match("A"):parent():parent() == node, true)
  local added = heck.patch.new { title = "beside it" }
  added:edit(statement:insert_after("again(a);")[1])
  assert(added:diff():find("+  again(a);", 1, true))
  heck.patch.rollback { id }
end)

it("leaves out what a predicate does not want", function()
  local options = {
    lang = "ts",
    where = function(node)
      return node.vars.A == "1"
    end,
  }
  equal(heck.ast.each("console.log($A)", options):count(), #heck.ast.find_all("console.log(1)", { lang = "ts" }))
  options.limit = 1
  local seen = 0
  for node in heck.ast.each("console.log($A)", options) do
    seen = seen + 1
    equal(node.vars.A, "1")
  end
  equal(seen, 1)
  raises("usage", heck.ast.each, "f()", { where = "x" })
end)

it("lends a predicate its node", function()
  local kept
  local options = {
    lang = "ts",
    where = function(node)
      kept = node
      return node.vars.A == "1"
    end,
  }
  equal(heck.ast.find("console.log($A)", options).text, "console.log(1)")
  assert(raises("usage", function()
    return kept.text
  end).hint:find "while it runs")
  for node in heck.ast.each("console.log($A)", options) do
    equal(node.text, "console.log(1)")
  end
end)

it("tells what a pattern leaves out, and takes it along", function()
  equal(heck.ast.check("def $F($$$): $$$")[1].misses, "functions with a return annotation")
  equal(#heck.ast.check("f($A)"), 0)
  equal(heck.ast.check("fmt.Println($A)", { lang = "go" })[1].lang, "go")
  local root = heck.ast.parse("def f() -> int:\n    return 1\n", { lang = "py" })
  assert(not root:has "def $F($$$): $$$")
  assert(root:has(heck.ast.pattern("def $F($$$): $$$", { loose = true })))
  raises("usage", heck.ast.pattern, "f()", { loose = true, selector = "call" })
end)

it("explains a pattern", function()
  assert(heck.ast.debug("console.log($A)", { lang = "ts" }):find("console . log ( … )", 1, true))
end)

it("names mistakes", function()
  equal(raises("usage", heck.ast.each, "f()", { lnag = "ts" }).hint, "did you mean 'lang'?")
  raises("usage", heck.ast.each, 5)
  raises("usage", heck.ast.each, "f()", { lang = "cobol" })
  raises("invalid", heck.ast.each, "", { lang = "ts" })
  raises("usage", heck.ast.parse, "x", {})
  raises("not_found", heck.ast.open, "src/none.ts")
  local node = heck.ast.parse("f(1)", { lang = "js" })
  local err = raises("usage", function()
    return node.txet
  end)
  equal(err.hint, "did you mean 'text'?")
end)
