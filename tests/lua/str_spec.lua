---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

local str = heck.str

it("works by plain text", function()
  equal({ str.starts_with("a.b", "a."), str.ends_with("a.b", ".b"), str.ends_with("x", "") }, { true, true, true })
  equal({ str.has("a.b", "."), str.has("ab", ".") }, { true, false })
  equal(str.trim "  a b\n", "a b")
  equal(str.split("a,,b", ","), { "a", "", "b" })
  equal(str.replace("a.b.c", ".", "%"), "a%b%c")
  raises("usage", str.split, "a", "")
end)

it("changes a name's style", function()
  equal(str.words "parseHTTPHeader", { "parse", "http", "header" })
  equal({ str.snake "fooBar", str.kebab "FooBar", str.pascal "foo_bar", str.camel "foo-bar" }, { "foo_bar", "foo-bar", "FooBar", "fooBar" })
end)

it("says what a function takes", function()
  for _, name in ipairs { "starts_with", "ends_with", "has", "trim", "split", "replace", "words", "snake", "camel" } do
    raises("usage", heck.str[name])
  end
  equal(raises("usage", heck.str.split, "a").message, "heck.str.split: 'separator' takes a string, got nothing")
end)
