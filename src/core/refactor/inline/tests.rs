//! What may be inlined, what it becomes, and what is refused.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

/// Inlines `v` in a text.
fn run(path: &str, text: &str) -> Result<String> {
    let tree = Texts::new(&[(path, text)]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, &format!("{path}:v"))?;
    let inlined = inline(&mut project, &path, offset)?;
    Ok(tree.edited(&inlined.edits).remove(&path).unwrap_or_default())
}

#[test]
fn a_value_takes_the_place_of_its_name() -> Result<()> {
    for (path, text, expected) in [
        (
            "a.ts",
            "function f(a: number) {\n  const v = a;\n  return v + v;\n}\n",
            "function f(a: number) {\n  return a + a;\n}\n",
        ),
        (
            "a.ts",
            "function f(a: any, b: any) {\n  const v = a === b;\n  return !v;\n}\n",
            "function f(a: any, b: any) {\n  return !(a === b);\n}\n",
        ),
        ("a.ts", "function f() {\n  const v = g(1);\n  return h(v);\n}\n", "function f() {\n  return h(g(1));\n}\n"),
        ("a.ts", "function f() {\n  const v = g?.h;\n  return v.x;\n}\n", "function f() {\n  return (g?.h).x;\n}\n"),
        (
            "a.ts",
            "function f(a: any) {\n  const v = a;\n  return { v, w: v };\n}\n",
            "function f(a: any) {\n  return { v: a, w: a };\n}\n",
        ),
        (
            "a.js",
            "function f(a) {\n  const v = a ? 1 : 2; // why\n  g(v);\n  return v.x;\n}\n",
            "function f(a) {\n   // why\n  g(a ? 1 : 2);\n  return (a ? 1 : 2).x;\n}\n",
        ),
        ("a.py", "def f(a):\n    v = g(a)\n    return v\n", "def f(a):\n    return g(a)\n"),
        ("a.py", "def f(a):\n    v = a, 1\n    return h(v)\n", "def f(a):\n    return h((a, 1))\n"),
        (
            "a.py",
            "def f(a):\n    v = a is None\n    if b:\n        return not v\n    return v\n",
            "def f(a):\n    if b:\n        return not (a is None)\n    return a is None\n",
        ),
        (
            "a.go",
            "package a\n\nfunc f() int {\n\tv := g(1)\n\treturn v\n}\n",
            "package a\n\nfunc f() int {\n\treturn g(1)\n}\n",
        ),
        ("a.go", "package a\n\nfunc f() {\n\tconst v = 5\n\tg(v * 2)\n}\n", "package a\n\nfunc f() {\n\tg(5 * 2)\n}\n"),
    ] {
        assert_eq!(run(path, text)?, expected, "{text}");
    }
    Ok(())
}

#[test]
fn what_could_come_out_differently_is_refused() {
    for (path, text, reason) in [
        ("a.ts", "export const v = 1;\ng(v);\n", "other files"),
        ("a.py", "v = 1\ng(v)\n", "other files"),
        ("a.ts", "function f() {\n  let v = 1;\n  v += 1;\n  return v;\n}\n", "not just read"),
        ("a.ts", "function f() {\n  const v = g();\n  h();\n  return v;\n}\n", "something happens"),
        ("a.ts", "function f() {\n  const v = g();\n  return h(i(), v);\n}\n", "something happens"),
        ("a.ts", "function f() {\n  const v = g();\n  return () => v;\n}\n", "something happens"),
        ("a.ts", "function f() {\n  const v = g();\n  while (v) h();\n}\n", "something happens"),
        ("a.ts", "function f() {\n  const v = g();\n  return a && v;\n}\n", "something happens"),
        ("a.js", "function f() {\n  const v = [];\n  return h(v, v);\n}\n", "more than once"),
        ("a.ts", "function f(a: any) {\n  const v = a.b;\n  return v();\n}\n", "another `this`"),
        ("a.ts", "function f() {\n  const v = { a: 1 };\n  return h(v);\n}\n", "strictly"),
        ("a.js", "function f(a) {\n  const v = a;\n  return (a) => v;\n}\n", "means what is declared"),
        ("a.ts", "function f(a: any) {\n  const v = a;\n  a = 2;\n  return v;\n}\n", "something happens"),
        ("a.ts", "function f(a: any) {\n  const { v } = a;\n  return v;\n}\n", "not declared alone"),
        ("a.ts", "function f(a: any) {\n  const v: T = a;\n  return v;\n}\n", "not declared alone"),
        ("a.py", "def f():\n    v = 1\n    v = 2\n    return v\n", "one place"),
        ("a.py", "def f():\n    if a:\n        v = 1\n    return v\n", "may not have run"),
        ("a.py", "def f():\n    v = []\n    for a in b:\n        v.append(a)\n", "something happens"),
        ("a.py", "def f(a):\n    v = a['x']\n    return f'{v}'\n", "something happens"),
        ("a.py", "def f(x, s):\n    v = x in s\n    s.add(x)\n    return v\n", "something happens"),
        ("a.py", "def f(s):\n    v = not s\n    s.append(1)\n    return v\n", "something happens"),
        ("a.py", "def f(a, b):\n    v = a or b\n    a.clear()\n    return v\n", "something happens"),
        ("a.js", "function f(d) {\n  const v = +d;\n  d.setTime(0);\n  return v;\n}\n", "something happens"),
        ("a.py", "def f(self):\n    v = self.inc()\n    return (self.n, v)\n", "something happens"),
        ("a.ts", "let n = 0;\nexport function f() {\n  const v = inc();\n  return g(n, v);\n}\n", "something happens"),
        ("a.ts", "let cb = h;\nexport function f() {\n  const v = g();\n  return cb(v);\n}\n", "something happens"),
        ("a.js", "function f(a) {\n  g(a)\n  const v = [1, 2]\n  v.forEach(h)\n}\n", "the one before it"),
        ("a.js", "function f() {\n  let v = 1\n  ;[v].map(g)\n}\n", "not declared alone"),
        ("a.js", "function f(a) {\n  const v = (a.b);\n  return v(1);\n}\n", "another `this`"),
        ("a.js", "function f(a) {\n  const v = a.b;\n  return (v)(1);\n}\n", "another `this`"),
        ("a.py", "class A:\n    v = 1\n    w = v + 1\n", "attribute of its class"),
        (
            "a.js",
            "import { n, inc } from './c';\nexport function f() {\n  const v = n;\n  inc();\n  return n - v;\n}\n",
            "something happens",
        ),
        ("a.ts", "function f() {\n  let v = 'a';\n  return v === 'b';\n}\n", "narrower"),
        ("a.go", "package a\n\nfunc f() int {\n\tconst v = iota\n\treturn v\n}\n", "means something only"),
        ("a.go", "package a\n\nfunc f() {\n\tv := \"a\"\n\tg(v)\n}\n", "constant without a type"),
        ("a.py", "def f(a):\n    v = a\n    return f'{v=}'\n", "shows its name"),
        ("a.py", "def f(a):\n    v = a\n    return v, locals()\n", "by name or number"),
        ("a.js", "function f(a) {\n  const v = a;\n  arguments[0] = 2;\n  return v;\n}\n", "by name or number"),
        ("a.js", "function f() {\n  const v = x;\n  var x = 1;\n  return v;\n}\n", "something happens"),
        ("a.go", "package a\n\nfunc f() {\n\tv := 5\n\tg(v)\n}\n", "constant without a type"),
        ("a.go", "package a\n\nfunc f(b T) {\n\tv := b\n\tv.c()\n}\n", "not just read"),
        ("a.go", "package a\n\nfunc f() {\n\tv := g()\n\th(&v)\n}\n", "not just read"),
    ] {
        let error = run(path, text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(reason), "{text}: {error}");
    }
}
