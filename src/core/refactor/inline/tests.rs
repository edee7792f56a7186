//! What may be inlined, what it becomes, and what is refused.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

/// Inlines `v` in a text.
fn run(path: &str, text: &str) -> Result<String> {
    let tree = Texts::new(&[(path, text)]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, &format!("{path}:v"))?;
    let inlined = inline(&mut project, &path, offset, false)?;
    Ok(tree.edited(&inlined.edits).remove(&path).unwrap_or_default())
}

/// Inlines only what stands at the first `HERE` of a text, whose marks are taken away.
fn run_here(path: &str, text: &str) -> Result<String> {
    let at = text.find("HERE").unwrap_or_default();
    let text = text.replace("HERE", "");
    let tree = Texts::new(&[(path, &text)]);
    let inlined = inline(&mut Project::new(&tree), path, at, true)?;
    Ok(tree.edited(&inlined.edits).remove(path).unwrap_or_default())
}

#[test]
fn one_use_alone_may_be_inlined() -> Result<()> {
    for (path, text, expected) in [
        (
            "a.ts",
            "export function v(a: number) {\n  return a + 1;\n}\nv(1);\nconst b = HEREv(2) * v(3);\n",
            "export function v(a: number) {\n  return a + 1;\n}\nv(1);\nconst b = (2 + 1) * v(3);\n",
        ),
        (
            "a.py",
            "def v(a):\n    return a.b\n\n\nx = HEREv(c)\ny = v\n",
            "def v(a):\n    return a.b\n\n\nx = c.b\ny = v\n",
        ),
        (
            "a.go",
            "package p\n\nfunc V(a int) int { return a }\n\nfunc f(b int) int { return HEREV(b) + V(b) }\n",
            "package p\n\nfunc V(a int) int { return a }\n\nfunc f(b int) int { return b + V(b) }\n",
        ),
        (
            "a.ts",
            "function f(a: number) {\n  const v = a;\n  return HEREv + v;\n}\n",
            "function f(a: number) {\n  const v = a;\n  return a + v;\n}\n",
        ),
    ] {
        assert_eq!(run_here(path, text)?, expected, "{text}");
    }
    assert_eq!(
        run_here("a.py", "def v(a):\n    return a\n\n\nx = HEREv(-2) ** 2\n")?,
        "def v(a):\n    return a\n\n\nx = (-2) ** 2\n"
    );
    for (path, text, reason) in [
        ("a.py", "def v(a):\n    return a\n\n\nx = f'{HEREv(3)=}'\n", "the string shows the call"),
        (
            "a.py",
            "__q = 1\n\n\ndef v():\n    return __q\n\n\nclass A:\n    x = HEREv()\n",
            "means something else in a class",
        ),
        (
            "a.ts",
            "function v(a: number): P {\n  return ({ a });\n}\nconst p = HEREv(1);\n",
            "has its type from the function",
        ),
        ("a.ts", "function HEREv(a: number) {\n  return a;\n}\nv(1);\n", "here it is declared"),
        ("a.ts", "function f() {\n  const v = g();\n  return HEREv;\n}\n", "its value would be made once more"),
        ("a.py", "def v(a):\n    return a\n\n\nx = HEREv(1)\np = patch('a.v')\n", "may put another one in its place"),
        ("a.py", "def v(a):\n    return a\n\n\nx = HEREv\n", "here it is not called"),
    ] {
        let message = run_here(path, text).map_err(|e| e.to_string()).err().unwrap_or_default();
        assert!(message.contains(reason), "{text}: {message}");
    }
    Ok(())
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

/// Inlines the function `v` in a text.
fn check_function(path: &str, before: &str, after: &str) -> Result<()> {
    assert_eq!(run(path, before)?, after, "{before}");
    Ok(())
}

#[test]
fn what_a_function_gives_takes_the_place_of_its_calls() -> Result<()> {
    for (path, before, after) in [
        (
            "a.ts",
            "import 'x';\n/** Twice. */\nfunction v(a: number) {\n  return a * 2;\n}\n\nexport const b = v(1) + v(c + d);\n",
            "import 'x';\n\nexport const b = (1 * 2) + ((c + d) * 2);\n",
        ),
        ("a.ts", "import 'x';\nconst v = (a: number) => g(a);\nf(v(h(1)));\n", "import 'x';\nf(g(h(1)));\n"),
        (
            "a.js",
            "export {};\nfunction v(a, b) { return { a, b }; }\nf(v(1, x.y));\n",
            "export {};\nf({ a: 1, b: x.y });\n",
        ),
        ("a.js", "export {};\nfunction v(a = 1, b) { return [a, b]; }\nf(v());\n", "export {};\nf([1, undefined]);\n"),
        (
            "a.py",
            "def v(a, b=2):\n    \"\"\"Doc.\"\"\"\n    return a + b\n\n\ndef f(x):\n    return v(b=x, a=1) * v(3)\n",
            "def f(x):\n    return (1 + x) * (3 + 2)\n",
        ),
        (
            "a.go",
            "package a\n\nfunc v(a, b int) int {\n\treturn a / b\n}\n\nfunc f(x int) int {\n\treturn v(x, x) + 1\n}\n",
            "package a\n\nfunc f(x int) int {\n\treturn (x / x) + 1\n}\n",
        ),
        (
            "a.go",
            "package a\n\ntype T struct{ a int }\n\nfunc v(a int) T {\n\treturn T{a}\n}\n\nfunc f(x int) {\n\tg(v(x))\n}\n",
            "package a\n\ntype T struct{ a int }\n\nfunc f(x int) {\n\tg(T{x})\n}\n",
        ),
    ] {
        check_function(path, before, after)?;
    }
    Ok(())
}

#[test]
fn a_function_that_could_come_out_differently_is_refused() {
    for (path, text, reason) in [
        ("a.ts", "export function v() { return 1 }\nv();\n", "outside of the repository"),
        ("a.js", "export {};\nfunction v(a) { g(); return a }\nv();\n", "more than one expression"),
        ("a.js", "export {};\nasync function v(a) { return a }\nv();\n", "comes later"),
        ("a.js", "export {};\nfunction v(a) { return this.x }\nv();\n", "who called it"),
        ("a.js", "export {};\nfunction v(a) { return a }\ng(v);\n", "passed on"),
        ("a.js", "export {};\nfunction v(a) { return a ? v(1) : 2 }\nv();\n", "calls itself"),
        ("a.js", "export {};\nfunction v(a) { return a + a }\nv(g());\n", "as often as the parameter"),
        ("a.js", "export {};\nfunction v(a, b) { return b && a }\nf(v(g(), 1));\n", "under a condition"),
        ("a.js", "export {};\nfunction v(a, b) { return b - a }\nf(v(g(), h()));\n", "after something else"),
        ("a.js", "export {};\nfunction v(a) { return x.y + a }\nf(v(g()));\n", "after something else"),
        (
            "a.js",
            "export {};\nconst x = 1;\nfunction v(a) { return a + x }\nfunction f(x) { return v(x) }\n",
            "means what is declared",
        ),
        (
            "a.js",
            "export {};\nfunction v(a) { return b.map(c => c + a) }\nfunction f(c) { return v(c) }\n",
            "inside of the function",
        ),
        ("a.js", "export {};\nfunction v(a = 1) { return a }\nfunction f(c) { return v(c) }\n", "undefined"),
        ("a.js", "export {};\nfunction v(...a) { return a }\nf(v(1));\n", "no plain one"),
        ("a.js", "export {};\nfunction v(a) { return a }\nf(v(...b));\n", "not known"),
        ("a.js", "export {};\nfunction v(a) { return a++ }\nf(v(1));\n", "not just read"),
        ("a.js", "export {};\nfunction v(a) { return a }\nf(v(v(1)));\n", "argument of another"),
        ("a.ts", "export {};\nfunction v(a: T) { return g(a) }\nf(v({ x: 1 }));\n", "type from the parameter"),
        ("a.js", "export {};\nconst v = a => () => a;\nlet i;\nfor (i of b) f(v(i));\n", "as it is later"),
        ("a.js", "export {};\nconst v = () => o.m;\nv()();\n", "another `this`"),
        ("a.py", "def v(a, b): return a - b\nx = v(b=f(), a=g())\n", "after something else"),
        ("a.go", "package a\n\nfunc v(a uint) uint { return a - b }\n\nvar x = v(1)\n", "a constant"),
        ("a.ts", "export {};\nfunction v(x: any): x is T { return x.t }\nif (v(y)) {}\n", "type from the function"),
        ("a.ts", "export {};\nfunction v(x: T): F { return (a) => x }\ng(v(y));\n", "type from the function"),
        ("a.py", "@d\ndef v(a): return a\nv(1)\n", "decorator"),
        ("a.py", "def v(a):\n    return f'{a}'\nv('x')\n", "inside a string"),
        ("a.py", "def v(a=[]): return a\nv()\n", "made anew"),
        ("a.go", "package a\n\nfunc v(a I) int { return a.n() }\n\nvar x = v(t)\n", "made a I"),
        ("a.go", "package a\n\nfunc v(a int) error { return &e{a} }\n\nvar x = v(1)\n", "made a error"),
        ("a.go", "package a\n\nfunc v(a int) int64 { return 1 }\n\nvar x = v(1)\n", "a constant"),
        ("a.go", "package a\n\nfunc v(a int) (int, error) { return a, nil }\n\nvar x, e = v(1)\n", "several values"),
    ] {
        let error = run(path, text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(reason), "{text}: {error}");
    }
}
