//! The recipe `pytest-asserts`: what does each of unittest's assertions become, and what is left alone?

use crate::support::Sandbox;

/// The files after a run.
fn after(files: &[(&str, &str)], args: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new(files);
    let run = sandbox.heck(&[&["run"], args, &["--yes", "-q"]].concat());
    assert_eq!(run.code, 0, "{}", run.shown());
    sandbox
}

/// A test method of these statements, with what stands around it.
fn suite(body: &str) -> String {
    format!("import unittest\n\n\nclass T(unittest.TestCase):\n    def test(self):\n{}", indented(body))
}

/// What becomes of it, with these imports in place of unittest's.
fn changed(imports: &str, body: &str) -> String {
    format!("{imports}\n\n\nclass T(unittest.TestCase):\n    def test(self):\n{}", indented(body))
}

fn indented(body: &str) -> String {
    body.lines().map(|line| format!("        {line}\n")).collect()
}

/// Each statement with what it becomes; a second run changes nothing.
fn check(imports: &str, table: &[(&str, &str)]) {
    let before: Vec<&str> = table.iter().map(|row| row.0).collect();
    let expected: Vec<&str> = table.iter().map(|row| row.1).collect();
    let sandbox = after(&[("t.py", &suite(&before.join("\n")))], &["pytest-asserts"]);
    assert_eq!(sandbox.read("t.py"), changed(imports, &expected.join("\n")));
    let again = sandbox.heck(&["run", "pytest-asserts", "--yes", "-q"]);
    assert_eq!(again.code, 0, "{}", again.shown());
    assert_eq!(sandbox.read("t.py"), changed(imports, &expected.join("\n")));
}

const ALONE: &str = "import unittest";
const WITH_PYTEST: &str = "import unittest\nimport pytest";
const WITH_RE: &str = "import re\nimport unittest";

#[test]
fn pytest_asserts_compares() {
    check(
        ALONE,
        &[
            ("self.assertEqual(a, b)", "assert a == b"),
            ("self.assertEquals(a,b)", "assert a == b"),
            ("self.assertNotEqual(a, b)", "assert a != b"),
            ("self.assertTrue(a)", "assert a"),
            ("self.assert_(a)", "assert a"),
            ("self.assertFalse(a)", "assert not a"),
            ("self.assertIs(a, b)", "assert a is b"),
            ("self.assertIsNot(a, b)", "assert a is not b"),
            ("self.assertIsNone(a)", "assert a is None"),
            ("self.assertIsNotNone(a)", "assert a is not None"),
            ("self.assertIn(a, b)", "assert a in b"),
            ("self.assertNotIn(a, b)", "assert a not in b"),
            ("self.assertIsInstance(a, (int, str))", "assert isinstance(a, (int, str))"),
            ("self.assertNotIsInstance(a or b, int)", "assert not isinstance(a or b, int)"),
            ("self.assertGreater(a, b)", "assert a > b"),
            ("self.assertGreaterEqual(a, b)", "assert a >= b"),
            ("self.assertLess(a, b)", "assert a < b"),
            ("self.assertLessEqual(a, b)", "assert a <= b"),
            ("self.assertListEqual(a, [1])", "assert a == [1]"),
            ("self.assertTupleEqual(a, (1,))", "assert a == (1,)"),
            ("self.assertSetEqual(a, {1})", "assert a == {1}"),
            ("self.assertDictEqual(a, {})", "assert a == {}"),
            ("self.assertMultiLineEqual(a, 'x')", "assert a == 'x'"),
            ("self.assertSequenceEqual([a], [b])", "assert [a] == [b]"),
            // Sequences of two types are equal to it.
            ("self.assertSequenceEqual(a, [b])", "self.assertSequenceEqual(a, [b])"),
        ],
    );
}

#[test]
fn pytest_asserts_messages_and_keywords() {
    check(
        ALONE,
        &[
            ("self.assertEqual(a, b, 'no')", "assert a == b, 'no'"),
            ("self.assertEqual(first=a, second=b, msg='no')", "assert a == b, 'no'"),
            ("self.assertTrue(expr=a, msg='no' % b)  # why", "assert a, 'no' % b  # why"),
            ("self.assertEqual(a, b, msg=None)", "assert a == b"),
            ("self.assertIsNone(a, f'{a}')", "assert a is None, f'{a}'"),
            ("self.assertIsInstance(a, int, 'no')", "assert isinstance(a, int), 'no'"),
            // The order of evaluation, the arguments, a message that does something.
            ("self.assertEqual(second=b, first=a)", "self.assertEqual(second=b, first=a)"),
            ("self.assertEqual(a)", "self.assertEqual(a)"),
            ("self.assertEqual(*a)", "self.assertEqual(*a)"),
            ("self.assertTrue(a, **b)", "self.assertTrue(a, **b)"),
            ("self.assertTrue(a, (yield))", "self.assertTrue(a, (yield))"),
        ],
    );
}

#[test]
fn pytest_asserts_brackets() {
    check(
        ALONE,
        &[
            ("self.assertEqual(a == b, lambda: 3)", "assert (a == b) == (lambda: 3)"),
            ("self.assertEqual(not a, b or c)", "assert (not a) == (b or c)"),
            ("self.assertEqual(a if b else c, d | e)", "assert (a if b else c) == d | e"),
            ("self.assertEqual(a := 3, (yield))", "assert (a := 3) == (yield)"),
            ("self.assertEqual(a, (1, 2))", "assert a == (1, 2)"),
            ("self.assertIsNone(a and b)", "assert (a and b) is None"),
            ("self.assertTrue(a == b)", "assert a == b"),
            ("self.assertTrue(a if b else c)", "assert a if b else c"),
            ("self.assertTrue(a := b)", "assert (a := b)"),
            ("self.assertTrue(x for x in y)", "assert (x for x in y)"),
            ("self.assertFalse(x for x in y)", "assert not (x for x in y)"),
            ("self.assertFalse(a or b)", "assert not (a or b)"),
            ("self.assertFalse(a == b)", "assert not (a == b)"),
            ("self.assertFalse(a in b)", "assert a not in b"),
            ("self.assertFalse(a is b)", "assert a is not b"),
            ("self.assertFalse(a not in b)", "assert not (a not in b)"),
            ("self.assertFalse(a in b in c)", "assert not (a in b in c)"),
            // Python warns of these.
            ("self.assertTrue((a, b))", "self.assertTrue((a, b))"),
            ("self.assertIs(a, 3)", "self.assertIs(a, 3)"),
        ],
    );
}

#[test]
fn pytest_asserts_patterns_and_numbers() {
    check(
        WITH_RE,
        &[
            ("self.assertRegex(str(a), r'x+')", "assert re.search(r'x+', str(a))"),
            ("self.assertNotRegex(text=a, unexpected_regex=b, msg='no')", "assert not re.search(b, a), 'no'"),
            ("self.assertRegex(f(), g())", "self.assertRegex(f(), g())"),
            ("self.assertRegex(a, '')", "self.assertRegex(a, '')"),
            ("self.assertAlmostEqual(a, 1.5)", "assert round(abs(a - 1.5), 7) == 0"),
            ("self.assertAlmostEqual(a | b, 1 + 2, 3, 'no')", "assert round(abs((a | b) - (1 + 2)), 3) == 0, 'no'"),
            ("self.assertNotAlmostEqual(a, -2, places=0)", "assert round(abs(a - -2), 0) != 0"),
            ("self.assertAlmostEqual(a, 2, delta=0.1)", "assert abs(a - 2) <= 0.1"),
            ("self.assertNotAlmostEqual(a, b, delta=timedelta(1))", "assert abs(a - b) > timedelta(1)"),
            ("self.assertAlmostEqual(a, b)", "self.assertAlmostEqual(a, b)"),
            ("self.assertAlmostEqual(a, 2, places=p)", "self.assertAlmostEqual(a, 2, places=p)"),
        ],
    );
    let files = [("t.py", suite("re = 'x'\nself.assertRegex(a, re)"))];
    let sandbox = after(&[("t.py", &files[0].1)], &["pytest-asserts"]);
    assert_eq!(sandbox.read("t.py"), files[0].1);
}

#[test]
fn pytest_asserts_helpers() {
    check(
        WITH_PYTEST,
        &[
            ("with self.assertRaises(E):\n    f()", "with pytest.raises(E):\n    f()"),
            ("with self.assertRaises(E) as a, g() as b:\n    f()", "with pytest.raises(E) as a, g() as b:\n    f()"),
            ("with self.assertRaisesRegex(E, 'x') as a:\n    f()", "with pytest.raises(E, match='x') as a:\n    f()"),
            ("with self.assertRaisesRegex(E, expected_regex=r):\n    f()", "with pytest.raises(E, match=r):\n    f()"),
            ("self.assertEqual(a.exception.args, (1,), a.exception)", "assert a.value.args == (1,), a.value"),
            ("print(a.exception)", "print(a.value)"),
            ("self.assertRaises(E, f, *b, **c)", "pytest.raises(E, f, *b, **c)"),
            ("self.assertRaisesRegex(E, 'x', f, 1)", "pytest.raises(E, f, 1).match('x')"),
            ("self.skipTest('x')", "pytest.skip('x')"),
            ("self.skipTest(reason='x')", "pytest.skip('x')"),
            ("self.fail()", "pytest.fail()"),
            ("self.fail(msg='x')", "pytest.fail('x')"),
            (
                "try:\n    self.fail('x')\nexcept ValueError:\n    pass",
                "try:\n    pytest.fail('x')\nexcept ValueError:\n    pass",
            ),
            // What pytest raises is no Exception.
            (
                "try:\n    self.fail('x')\nexcept Exception:\n    pass",
                "try:\n    self.fail('x')\nexcept Exception:\n    pass",
            ),
            ("with self.assertRaises(E, msg='x'):\n    f()", "with self.assertRaises(E, msg='x'):\n    f()"),
            ("with self.assertRaises(E) as d:\n    f()\ng(d)", "with self.assertRaises(E) as d:\n    f()\ng(d)"),
            ("self.assertRaises(E)", "self.assertRaises(E)"),
            ("with self.assertWarns(W):\n    f()", "with self.assertWarns(W):\n    f()"),
        ],
    );
}

#[test]
fn pytest_asserts_keeps_the_layout() {
    check(
        ALONE,
        &[
            (
                "self.assertEqual(\n    f(a),  # one\n    # two\n    [\n        1,\n    ],\n    'no',\n)",
                "assert (\n    f(a) ==  # one\n    # two\n    [\n        1,\n    ]\n), 'no'",
            ),
            (
                "self.assertEqual(\n    a,\n    [\n        1,\n    ],\n)",
                "assert (\n    a\n    == [\n        1,\n    ]\n)",
            ),
            ("self.assertEqual(f(a,\n                   b), c)", "assert f(a,\n         b) == c"),
            ("self.assertEqual(a,\n                 b)", "assert (a ==\n        b)"),
            ("self.assertEqual(a, '''x\n                 y''')", "assert a == '''x\n                 y'''"),
            (
                "self.assertTrue(\n    a\n    and b,\n    'no'\n    'yes',\n)",
                "assert (\n    a\n    and b\n), (\n    'no'\n    'yes'\n)",
            ),
            ("self.assertTrue(a,\n                'no')", "assert a, 'no'"),
            ("self.assertEqual(a, b,  # why\n                 'no')", "assert a == b, (  # why\n       'no')"),
            ("self.assertIsInstance(\n    a,\n    int,\n)", "assert isinstance(\n    a,\n    int\n)"),
            ("self.assertFalse(\n    a or b\n)", "assert not (\n    a or b\n)"),
            ("self.assertEqual(a, \\\n    b)", "assert (a == \\\n    b)"),
            ("self.assertTrue(a),", "self.assertTrue(a),"),
            ("if a: self.assertTrue(b); self.assertFalse(c)", "if a: assert b; assert not c"),
        ],
    );
}

#[test]
fn pytest_asserts_leaves_what_is_not_a_test() {
    let left = "import unittest\n\n\nclass Base(unittest.TestCase):\n    def assertEqual(self, a, b):\n        pass\n\n    \
        @classmethod\n    def setUpClass(cls):\n        cls.assertTrue(1)\n\n\nclass T(Base):\n    def test(self):\n        \
        self.assertEqual(1, 2)\n        x = self.assertTrue(1)\n        f(self.assertTrue)\n        \
        g = lambda: self.assertTrue(1)\n        self.assertCountEqual(a, b)\n\n        def h(self):\n            \
        self.assertTrue(1)\n\n\nclass N:\n    def test(self):\n        self.assertTrue(1)\n\n\ndef k(t):\n    t.assertTrue(1)\n";
    let base = "from unittest import TestCase\n\n\nclass Base(TestCase):\n    pass\n";
    let derived = "from base import Base\n\n\nclass T(Base):\n    def test(self):\n        self.assertTrue(1)\n";
    let files = [("t.py", left), ("base.py", base), ("derived.py", derived)];
    let sandbox = after(&files, &["pytest-asserts"]);
    assert_eq!(sandbox.read("t.py"), left);
    assert_eq!(sandbox.read("derived.py"), derived.replace("self.assertTrue(1)", "assert 1"));
    let run = sandbox.heck(&["run", "pytest-asserts", "--yes"]);
    assert_eq!(run.stderr.matches("left alone: t.py:").count(), 9, "{}", run.shown());
}

#[test]
fn pytest_asserts_fails_where_it_is_caught_elsewhere() {
    let helper = "import unittest\n\n\nclass T(unittest.TestCase):\n    def helper(self):\n        self.fail('x')\n\n    \
        def test(self):\n        with self.assertRaises(AssertionError):\n            self.helper()\n";
    let sandbox = after(&[("t.py", helper)], &["pytest-asserts"]);
    let expected =
        helper.replace("self.assertRaises", "pytest.raises").replace("unittest\n\n", "unittest\nimport pytest\n\n");
    assert_eq!(sandbox.read("t.py"), expected);
}

#[test]
fn pytest_asserts_imports_beside_the_others() {
    let body = "\n\nclass T(TestCase):\n    def test(self):\n        self.fail()\n        self.assertRegex(a, 'x')\n";
    let test = "\n\nclass T(TestCase):\n    def test(self):\n        pytest.fail()\n        assert re.search('x', a)\n";
    let table = [
        (
            "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport os\nfrom unittest import TestCase  # T\nfrom .a import b\n",
            "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport os\nimport re\nfrom unittest import TestCase  # T\nimport pytest\nfrom .a import b\n",
        ),
        (
            "import re\nimport pytest\nfrom django.test import TestCase\n",
            "import re\nimport pytest\nfrom django.test import TestCase\n",
        ),
    ];
    for (before, expected) in table {
        let sandbox = after(&[("t.py", &format!("{before}{body}"))], &["pytest-asserts"]);
        assert_eq!(sandbox.read("t.py"), format!("{expected}{test}"));
    }
}
