---@diagnostic disable: need-check-nil, param-type-mismatch, unnecessary-assert
-- A nil where a case expects a value fails the case.

it("explains the library", function()
  assert(heck.help.get("fs.read"):find "Reads a file")
  assert(heck.help.get("heck.fs"):find "fs.read")
  equal(heck.help.get "fs.raed", nil)
  equal(raises("usage", heck.help.open, "fs.raed").hint, "did you mean 'fs.read'?")
  assert(heck.list.has(heck.help.find_all(), "ast.each"))
  assert(heck.list.has(heck.help.modules(), "iter"))
  assert(heck.help.stubs()["heck/fs.lua"])
  assert(heck.help.markdown("fs"):find "# heck.fs")
  equal(heck.help.markdown "nope", nil)
end)
