---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert, undefined-field, cast-type-mismatch
-- A nil where a case expects a value fails the case.

it("gives errors as objects", function()
  local value, err = heck.try(heck.fs.read, "nope")
  equal(value, nil)
  equal({ err.kind, err.path, err.span.from.line > 0 }, { "not_found", "spec.lua", true })
  assert(tostring(err):find "no file")
  local ok, caught = pcall(heck.fs.read, "nope")
  ---@cast caught heck.Error
  equal({ ok, caught.kind }, { false, "not_found" })
  equal({ pcall(error, "plain") }, { false, "plain" })
  equal({ pcall(error, { 1 }) }, { false, { 1 } })
  local seen
  xpcall(heck.fs.read, function(e)
    seen = e.kind
  end, "nope")
  equal(seen, "not_found")
end)

it("fails with kind and hint", function()
  local err = raises("conflict", heck.fail, "no", { kind = "conflict", hint = "do" })
  equal({ err.message, err.hint }, { "no", "do" })
  raises("tool", heck.fail, "no")
  raises("usage", heck.fail, "no", { knid = "conflict" })
  raises("usage", heck.fail, "no", { kind = "nonsense" })
end)

it("keeps an error's kind across tasks and callbacks", function()
  local err = raises("conflict", heck.task.all, {
    function()
      heck.task.map({ 1 }, function()
        heck.fail("deep", { kind = "conflict" })
      end)
    end,
  })
  equal(err.message, "deep")
end)

it("is frozen and says what is missing", function()
  raises("denied", function()
    heck.fs.read = nil
  end)
  raises("denied", rawset, heck.fs, "read", nil)
  equal(
    raises("usage", function()
      ---@diagnostic disable-next-line: undefined-field
      return heck.fss
    end).hint,
    "did you mean 'fs'?"
  )
  equal(
    raises("usage", function()
      ---@diagnostic disable-next-line: undefined-field
      return heck.fs.raed
    end).hint,
    "did you mean 'read'?"
  )
  equal(getmetatable "", "locked")
  equal(require "heck" == heck, true)
  equal(require "heck.list" == heck.list, true)
  raises("not_found", require, "nope")
  raises("denied", require, "../x")
  equal({ type(heck.version), heck.api }, { "string", 1 })
end)

it("checks declarations", function()
  equal(raises("usage", heck.command, { rnu = print }).hint, "did you mean 'run'?")
  raises("usage", heck.command, { flags = { { nmae = "x" } } })
  equal(heck.command({ run = print }).run, print)
end)

it("loads text only", function()
  equal(assert(load "return 1 + 1")(), 2)
  local f, err = load "return +"
  equal({ f, type(err) }, { nil, "table" })
  equal(assert(load("return x", "c", "t", { x = 5 }))(), 5)
  raises("denied", load, "return 1", "c", "b")
  local bytecode, why = load "\27Lua"
  ---@cast why heck.Error
  equal({ bytecode, why.kind }, { nil, "denied" })
end)
