-- What each of unittest's assertions takes, and what is written around its operands.

local nodes = require "heck-pytest-node"
local field, parts, set = nodes.field, nodes.parts, nodes.set

---@class pytest.Form What an assertion takes, by name, and what is written around its operands
---@field [integer] string
---@field count integer How many it must be given
---@field head? string Of a context manager there is none
---@field mid? string
---@field tail? string
---@field module? string
---@field op? string How its rounded difference compares with 0
---@field within? string How its difference compares with its delta

---@class pytest.Argument A value
---@field name? string The parameter's
---@field node heck.Node
---@field whole heck.Node With its keyword

---@class pytest.Arguments In order and by the names of the parameters
---@field [integer] pytest.Argument
---@field [string] pytest.Argument?

---@param head string
---@param name string
---@param tail? string
---@return pytest.Form
local function one(head, name, tail)
  return { name, "msg", count = 1, head = head, mid = "", tail = tail or "" }
end

---@param op string
---@param first? string
---@param second? string
---@return pytest.Form
local function two(op, first, second)
  return { first or "first", second or "second", "msg", count = 2, head = "", mid = " " .. op, tail = "" }
end

---@param head string
---@param first string
---@param second string
---@param module? string
---@return pytest.Form
local function call_of(head, first, second, module)
  return { first, second, "msg", count = 2, head = head .. "(", mid = ",", tail = ")", module = module }
end

---@param op string
---@param within string
---@return pytest.Form
local function almost(op, within)
  return { "first", "second", "places", "msg", "delta", count = 2, head = "abs(", mid = " -", tail = ")", op = op, within = within }
end

---@type table<string, pytest.Form?>
local FORMS = {
  assertTrue = one("", "expr"),
  assertFalse = one("not ", "expr"),
  assertIsNone = one("", "obj", " is None"),
  assertIsNotNone = one("", "obj", " is not None"),
  assertEqual = two "==",
  assertNotEqual = two "!=",
  assertIs = two("is", "expr1", "expr2"),
  assertIsNot = two("is not", "expr1", "expr2"),
  assertIn = two("in", "member", "container"),
  assertNotIn = two("not in", "member", "container"),
  assertGreater = two(">", "a", "b"),
  assertGreaterEqual = two(">=", "a", "b"),
  assertLess = two("<", "a", "b"),
  assertLessEqual = two("<=", "a", "b"),
  assertListEqual = two("==", "list1", "list2"),
  assertTupleEqual = two("==", "tuple1", "tuple2"),
  assertSetEqual = two("==", "set1", "set2"),
  assertDictEqual = two("==", "d1", "d2"),
  assertSequenceEqual = two("==", "seq1", "seq2"),
  assertMultiLineEqual = two "==",
  assertIsInstance = call_of("isinstance", "obj", "cls"),
  assertNotIsInstance = call_of("not isinstance", "obj", "cls"),
  assertRegex = call_of("re.search", "text", "expected_regex", "re"),
  assertNotRegex = call_of("not re.search", "text", "unexpected_regex", "re"),
  assertAlmostEqual = almost("==", "<="),
  assertNotAlmostEqual = almost("!=", ">"),
  assertRaises = { "expected_exception", count = 1, module = "pytest" },
  assertRaisesRegex = { "expected_exception", "expected_regex", count = 2, module = "pytest" },
  fail = { "msg", count = 0, head = "pytest.fail", module = "pytest" },
  skipTest = { "reason", count = 1, head = "pytest.skip", module = "pytest" },
}
for old, new in pairs {
  assert_ = "assertTrue",
  assertEquals = "assertEqual",
  assertNotEquals = "assertNotEqual",
  assertAlmostEquals = "assertAlmostEqual",
  assertNotAlmostEquals = "assertNotAlmostEqual",
  assertRegexpMatches = "assertRegex",
  assertNotRegexpMatches = "assertNotRegex",
  assertRaisesRegexp = "assertRaisesRegex",
} do
  FORMS[old] = FORMS[new]
end

local UNSAID = set "assertCountEqual assertItemsEqual assertDictContainsSubset assertLogs assertNoLogs assertWarns assertWarnsRegex"

-- The arguments in order and by the names of the parameters, or why that is not plain.
---@param list heck.Node
---@param form pytest.Form
---@return pytest.Arguments args
---@return string? reason
local function arguments(list, form)
  local args = {} ---@type pytest.Arguments
  for _, whole in ipairs(list.kind == "argument_list" and parts(list) or { list }) do
    local name, node = form[#args + 1], whole
    if whole.kind == "keyword_argument" then
      name, node = field(whole, "name").text, field(whole, "value")
    end
    if whole.kind:find "splat" then
      return args, "nothing says how many arguments there are"
    elseif not name or args[name] or not heck.list.has(form, name) then
      return args, "unittest takes no such arguments, or pytest does not"
    end
    args[#args + 1] = { name = name, node = node, whole = whole }
    args[name] = args[#args]
  end
  for n = 1, form.count do
    if #args < n or args[n].name ~= form[n] then
      return args, "its arguments are not in their order"
    end
  end
  return args
end

return { FORMS = FORMS, UNSAID = UNSAID, arguments = arguments }
