--- Turn unittest's assertions into pytest's.
--- `self.assertEqual(a, b)` becomes `assert a == b`, `self.assertRaises` becomes `pytest.raises`, `self.fail` and
--- `self.skipTest` become `pytest.fail` and `pytest.skip`, with the imports they need. The classes stay. So does, and is
--- told, what could come out differently: where the value of the call is used, where `self` is not surely a TestCase or
--- its class declares that assertion itself, where pytest's failure would not be caught as unittest's is, and what no
--- plain assert says: assertCountEqual, assertWarns, assertLogs, assertAlmostEqual of what may be infinite, and
--- assertSequenceEqual of what may be of two types. Some wording of failures changes.
---
---   heck run pytest-asserts tests
---@grant fs.write=**
---@since 0.1.0
local tests = require("heck-pytest-class").tests
local change = require "heck-pytest-change"

return heck.command {
  args = { { name = "paths", type = "path", many = true, default = { "." }, help = "Change only below these files and directories" } },
  returns = { places = "integer", left = "list", patch = "table?" },
  run = function(ctx)
    local patch, classes = heck.patch.new { title = "turn unittest's assertions into pytest's" }, tests()
    local places, left = 0, {}
    local rule = { kind = "attribute", regex = "\\.(assert\\w+|fail|skipTest)$" }
    local found = heck.iter(heck.ast.each(rule, { lang = "py", paths = ctx.args.paths })):group(function(node)
      return node.path
    end)
    for _, path in ipairs(heck.list.keys(found)) do
      local edits, count, more = change(path, found[path], classes)
      patch:add(edits)
      places, left = places + count, heck.list.concat(left, more)
    end
    return { places = places, left = require("heck-left").sorted(left), patch = patch }
  end,
  render = function(payload, ui)
    require("heck-left").tell(payload.left, ui)
  end,
}
