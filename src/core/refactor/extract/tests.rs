//! What is taken out, what stands in its place, and what is refused.

use super::*;
use crate::core::refactor::texts::Texts;

/// Extracts what stands between `«` and `»`.
fn run(path: &str, marked: &str, into: Option<Shape>) -> Result<String> {
    let start = marked.find('«').unwrap_or_default();
    let end = marked.find('»').unwrap_or_default() - '«'.len_utf8();
    let text = marked.replace(['«', '»'], "");
    let tree = Texts::new(&[(path, &text)]);
    let mut project = Project::new(&tree);
    let extracted = extract(&mut project, path, &(start..end), "v", into)?;
    let mut edits = extracted.edits;
    edits.sort_by_key(|edit| (edit.place.span.start, edit.place.span.end));
    Ok(tree.edited(&edits).remove(path).unwrap_or_default())
}

fn check(path: &str, into: Option<Shape>, cases: &[(&str, &str)]) {
    for (marked, expected) in cases {
        match run(path, marked, into) {
            Ok(text) => assert_eq!(text, *expected, "{marked}"),
            Err(error) => panic!("{marked}: {error}"),
        }
    }
}

fn refuse(path: &str, into: Option<Shape>, cases: &[(&str, &str)]) {
    for (marked, reason) in cases {
        let answer = run(path, marked, into).map_or_else(|error| error.to_string(), |text| format!("done: {text}"));
        assert!(answer.contains(reason), "{marked}: {answer}");
    }
}

#[test]
fn an_expression_becomes_a_variable() {
    check(
        "a.ts",
        None,
        &[
            ("f(«a + b», c);\n", "const v = a + b;\nf(v, c);\n"),
            ("  return «x.y»;\n", "  const v = x.y;\n  return v;\n"),
            ("«f(1)»;\n", "const v = f(1);\n"),
            ("if («a.b === 1») {\n}\n", "const v = a.b === 1;\nif (v) {\n}\n"),
            ("const t = `a ${«x + 1»}`\nf()\n", "const v = x + 1\nconst t = `a ${v}`\nf()\n"),
            ("for (const a of «b.c») {\n}\n", "const v = b.c;\nfor (const a of v) {\n}\n"),
            ("const o = { k: «a * 2» };\n", "const v = a * 2;\nconst o = { k: v };\n"),
            ("x && f(«\"s\"»);\n", "const v = \"s\";\nx && f(v);\n"),
            ("g(«{\n  a: 1,\n}»);\n", "const v = {\n  a: 1,\n};\ng(v);\n"),
        ],
    );
    check(
        "a.tsx",
        None,
        &[
            ("const e = <A b={«c.d»} />;\n", "const v = c.d;\nconst e = <A b={v} />;\n"),
            ("const e = <A b=«\"c\"» />;\n", "const v = \"c\";\nconst e = <A b={v} />;\n"),
        ],
    );
    check(
        "a.py",
        None,
        &[
            ("def f(a):\n    return g(«a + 1», a)\n", "def f(a):\n    v = a + 1\n    return g(v, a)\n"),
            ("x = [\n    «a\n    + b»,\n]\n", "v = (a\n+ b)\nx = [\n    v,\n]\n"),
            ("for a in «b.items()»:\n    pass\n", "v = b.items()\nfor a in v:\n    pass\n"),
            ("x = f\"{«a.b»}\"\n", "v = a.b\nx = f\"{v}\"\n"),
            ("y = a if «c.d» else d\n", "v = c.d\ny = a if v else d\n"),
        ],
    );
    check(
        "a.go",
        None,
        &[
            (
                "package p\n\nfunc f(a int) {\n\tg(a, «a*2+1»)\n}\n",
                "package p\n\nfunc f(a int) {\n\tv := a*2+1\n\tg(a, v)\n}\n",
            ),
            ("package p\n\nfunc f() {\n\tg(«60»)\n}\n", "package p\n\nfunc f() {\n\tconst v = 60\n\tg(v)\n}\n"),
        ],
    );
}

#[test]
fn an_expression_stays_where_it_could_come_out_differently() {
    refuse(
        "a.ts",
        None,
        &[
            ("f(g(), «a.b»);\n", "is evaluated before it"),
            ("f(a, «g()»);\n", "is evaluated before it"),
            ("x && «x.y»;\n", "only sometimes"),
            ("x ? «x.y» : 1;\n", "only sometimes"),
            ("x?.f(«g(x)»);\n", "only sometimes"),
            ("while («a.b») {}\n", "each time round"),
            ("if (a) {} else if («b.c») {}\n", "only if a condition before"),
            ("h(() => «a.b»);\n", "when the function around it is called"),
            ("«a.b»();\n", "could not hold"),
            ("«a.b» = 1;\n", "could not hold"),
            ("delete «a.b»;\n", "could not hold"),
            ("const w = 1; f(«a.b»);\n", "does not begin its line"),
            ("const v = 1;\nf(«a.b»);\n", "'v' means something at a.ts:1:7"),
            ("h(«(a) => a»);\n", "from where it stands"),
            ("a + «b + c»;\n", "neither an expression"),
            ("class A {\n  b = «c.d»;\n}\n", "could not hold"),
            ("function f(a = «b.c») {}\n", "could not hold"),
        ],
    );
    refuse(
        "a.py",
        None,
        &[
            ("x = [«b.c» for a in d]\n", "could not hold"),
            ("class A:\n    b = «c.d»\n", "an attribute of the class"),
            ("x = a or «b.c»\n", "only sometimes"),
            ("while «a.b»:\n    pass\n", "each time round"),
            ("x = f\"{«a.b»=}\"\n", "shows its text"),
            ("f(«a for a in b»)\n", "neither an expression"),
        ],
    );
    refuse(
        "a.go",
        None,
        &[
            ("package p\n\nfunc f() {\n\tg(«h()»)\n}\n", "more than one value"),
            ("package p\n\nfunc f() {\n\ta, ok := «m[k]»\n}\n", "more than one value"),
            ("package p\n\nfunc f() {\n\tx := &«a.b»\n}\n", "could not hold"),
            ("package p\n\nvar x = «h()»\n", "the whole package's"),
        ],
    );
}

#[test]
fn statements_become_a_function() {
    check(
        "a.js",
        None,
        &[
            (
                "function f(a) {\n  const b = 1;\n  «g(a);\n  const c = a + b;»\n  return c;\n}\n",
                "function f(a) {\n  const b = 1;\n  const c = v(a, b);\n  return c;\n}\n\nfunction v(a, b) {\n  g(a);\n  const c = a + b;\n  return c;\n}\n",
            ),
            (
                "async function f(a) {\n  if (a) {\n    «const b = await g(a);\n    return b;»\n  }\n}\n",
                "async function f(a) {\n  if (a) {\n    return await v(a);\n  }\n}\n\nasync function v(a) {\n  const b = await g(a);\n  return b;\n}\n",
            ),
            (
                "function f(a) {\n  let n = 0;\n  for (const b of a) {\n    «n += b;»\n  }\n  return n;\n}\n",
                "function f(a) {\n  let n = 0;\n  for (const b of a) {\n    n = v(n, b);\n  }\n  return n;\n}\n\nfunction v(n, b) {\n  n += b;\n  return n;\n}\n",
            ),
        ],
    );
    check(
        "a.js",
        Some(Shape::Function),
        &[(
            "function f(a) {\n  return «a + 1» > 2;\n}\n",
            "function f(a) {\n  return v(a) > 2;\n}\n\nfunction v(a) {\n  return a + 1;\n}\n",
        )],
    );
    check(
        "a.ts",
        None,
        &[(
            "function f(a: string) {\n  const n = 1;\n  «g(a, n);»\n}\n",
            "function f(a: string) {\n  const n = 1;\n  v(a, n);\n}\n\nfunction v(a: string, n: number) {\n  g(a, n);\n}\n",
        )],
    );
    check(
        "a.py",
        None,
        &[
            (
                "class A:\n    def f(self, a):\n        «b = self.g(a)\n        c = b + 1»\n        return b, c\n\n\nX = 1\n",
                "def v(self, a):\n    b = self.g(a)\n    c = b + 1\n    return b, c\n\n\nclass A:\n    def f(self, a):\n        b, c = v(self, a)\n        return b, c\n\n\nX = 1\n",
            ),
            (
                "def f(a):\n    x = 0\n    «if a:\n        x = 1»\n    return x\n",
                "def f(a):\n    x = 0\n    x = v(a, x)\n    return x\n\n\ndef v(a, x):\n    if a:\n        x = 1\n    return x\n",
            ),
            (
                "def f():\n    «s = '''\n  a\n'''\n    g(s)»\n",
                "def f():\n    v()\n\n\ndef v():\n    s = '''\n  a\n'''\n    g(s)\n",
            ),
        ],
    );
    check("a.py", Some(Shape::Function), &[("import a\n\n«a.b(1)»\n", "import a\n\ndef v():\n    a.b(1)\n\n\nv()\n")]);
    check(
        "a.go",
        None,
        &[(
            "package p\n\nfunc f(a int, s string) {\n\t«g(a)\n\th(s)»\n}\n",
            "package p\n\nfunc f(a int, s string) {\n\tv(a, s)\n}\n\nfunc v(a int, s string) {\n\tg(a)\n\th(s)\n}\n",
        )],
    );
}

#[test]
fn a_variable_that_only_gets_a_value_is_declared_anew() {
    check(
        "a.js",
        None,
        &[(
            "function f(a) {\n  let b;\n  if (a) {\n    «b = 1;»\n  }\n  return b;\n}\n",
            "function f(a) {\n  let b;\n  if (a) {\n    b = v();\n  }\n  return b;\n}\n\nfunction v() {\n  let b;\n  b = 1;\n  return b;\n}\n",
        )],
    );
    check(
        "a.go",
        None,
        &[(
            "package p\n\nfunc f() (s string) {\n\t«s = g()»\n\treturn\n}\n",
            "package p\n\nfunc f() (s string) {\n\ts = v()\n\treturn\n}\n\nfunc v() string {\n\tvar s string\n\ts = g()\n\treturn s\n}\n",
        )],
    );
}

#[test]
fn what_reviewers_broke_stays_whole() {
    // Loops carry values, exceptions lose them, copies are changed in vain.
    check(
        "a.py",
        None,
        &[(
            "def f(xs):\n    first = True\n    for x in xs:\n        «if not first:\n            p()\n        first = False»\n",
            "def f(xs):\n    first = True\n    for x in xs:\n        first = v(first)\n\n\ndef v(first):\n    if not first:\n        p()\n    first = False\n    return first\n",
        )],
    );
    check(
        "a.js",
        None,
        &[
            ("«c.log(1);\nd();»\n", "v();\n\nfunction v() {\n  c.log(1);\n  d();\n}\n"),
            ("«o.items».map(g);\n", "const v = o.items;\nv.map(g);\n"),
        ],
    );
    check("a.js", None, &[("{\n  [1].map(«c.d»)\n}\n", "{\n  const v = c.d;\n  [1].map(v)\n}\n")]);
    check(
        "a.tsx",
        Some(Shape::Function),
        &[("const e = <p>«<b>{q}</b>»</p>;\n", "const e = <p>{v()}</p>;\n\nfunction v() {\n  return <b>{q}</b>;\n}\n")],
    );
    for (path, into, marked, reason) in [
        (
            "a.py",
            None,
            "def f(xs):\n    n = 0\n    try:\n        «n += 1\n        g(xs)»\n    except E:\n        pass\n    return n\n",
            "an exception may come",
        ),
        (
            "a.py",
            None,
            "def f(x):\n    n = 1\n    «g = (x + n for x in y)»\n    n = 2\n    return g\n",
            "sees how this variable changes",
        ),
        ("a.py", None, "def f(a):\n    y = 0\n    «ok = a and (y := 5)\n    g()»\n    return ok, y\n", "v(a, y)"),
        ("a.py", None, "def f(n):\n    if n:\n        y = 1\n    «g(y)\n    g(y)»\n", "may have no value here"),
        (
            "a.py",
            None,
            "def f(a):\n    for b in a:\n        «for c in b:\n            pass\n        else:\n            break»\n",
            "leaves a loop",
        ),
        ("a.py", None, "def f():\n    «'doc'\n    g()»\n", "the docstring"),
        ("a.py", None, "assert n, «g()»\n", "could not hold"),
        ("a.py", None, "x = n.«real»\n", "could not hold"),
        ("a.js", None, "function f(o) {\n  let a = 1;\n  «o && (a = 2);\n  g();»\n  return a;\n}\n", "v(o, a)"),
        ("a.js", None, "return_(«a?.b».c);\n", "left out with it"),
        ("a.js", None, "const a = 2, b = «a * 2»;\n", "could not hold"),
        ("a.js", None, "o.a ||= «y.z»;\n", "only sometimes"),
        ("a.js", Some(Shape::Function), "const a = «i++» + 1;\n", "gives a variable a value"),
        ("a.js", None, "function f(a) {\n  if (a) {\n    «var z = 1;»\n  }\n  return z;\n}\n", "as `var` and"),
        ("a.js", None, "class A {\n  f(o) {\n    «g(o.#v);\n    g();»\n  }\n}\n", "private to its class"),
        ("a.go", None, "package p\n\nfunc f(b B) {\n\t«b.n = 3\n\tg(b)»\n}\n", "change a copy"),
        ("a.go", None, "package p\n\nfunc f(n int) {\n\t«g(&n)\n\tg(n)»\n}\n", "change a copy"),
        (
            "a.go",
            None,
            "package p\n\nfunc f(n int) {\n\tg(func() int {\n\t\t«n := n + 1\n\t\treturn n»\n\t})\n}\n",
            "would be a parameter",
        ),
        (
            "a.go",
            None,
            "package p\n\nfunc f(n int) (m int, err error) {\n\t«g()\n\treturn n, nil»\n}\n",
            "results of its function have names",
        ),
        ("a.go", None, "package p\n\nfunc f(t T) {\n\t«t.c».inc()\n}\n", "would change a copy"),
        ("a.go", None, "package p\n\nfunc f() {\n\tg(«math.Pi * 2»)\n}\n", "may be a constant"),
        ("a.go", None, "package p\n\nfunc f() {\n\tdefer «g()»\n}\n", "could not hold"),
    ] {
        let answer = run(path, marked, into).map_or_else(|error| error.to_string(), |text| format!("done: {text}"));
        assert!(answer.contains(reason), "{marked}: {answer}");
    }
}

#[test]
fn statements_stay_where_a_function_could_not_do_the_same() {
    refuse(
        "a.js",
        None,
        &[
            ("function f(a) {\n  «if (a) return 1;»\n  g();\n}\n", "in some cases only"),
            ("function f(a) {\n  for (;;) {\n    «if (a) break;»\n  }\n}\n", "leaves a loop"),
            ("class A {\n  f() {\n    «this.g();»\n  }\n}\n", "the object of the function"),
            ("function f() {\n  «g(arguments);»\n}\n", "the arguments of the function"),
            ("function* f() {\n  «yield 1;»\n}\n", "a part of a generator"),
            ("function f() {\n  let n = 0;\n  h(() => n);\n  «n = 1;»\n  g();\n}\n", "sees how this variable changes"),
            ("function f(a) {\n  let b;\n  «b = 1;\n  const c = 2;»\n  return b + c;\n}\n", "not all are declared"),
            ("«export const a = 1;»\n", "others can know"),
        ],
    );
    refuse(
        "a.ts",
        None,
        &[
            ("function f(a: string | null) {\n  «g(a);»\n}\n", "is not written down"),
            ("function f<T>(a: T) {\n  «g(a);»\n}\n", "not written down"),
        ],
    );
    refuse(
        "a.py",
        None,
        &[
            ("def f(a):\n    «if a:\n        x = 1»\n    return x\n", "may or may not get a value"),
            ("def f(a):\n    «x: int»\n    x = a\n    return x\n", "may or may not get a value"),
            ("class A:\n    def f(self):\n        «super().f()\n        g()»\n", "looks at the function"),
            ("class A:\n    «def f(self):\n        pass»\n", "a part of a class"),
            ("def f():\n    «# a»\n    g()\n", "neither an expression"),
            ("class A:\n    def f(self, b):\n        «g(self.__x)\n        g()»\n", "outside of its class"),
            ("def f():\n    global x\n    «x = 1\n    g()»\n", "a variable of the file"),
            ("def f(a):\n    for b in a:\n        «if b:\n            continue\n        g()»\n", "goes on with a loop"),
        ],
    );
    refuse(
        "a.go",
        None,
        &[
            ("package p\n\nfunc f() (n int) {\n\tn = 1\n\t«return»\n}\n", "results by their names"),
            ("package p\n\nfunc f() {\n\ta := g()\n\t«h(a)\n\th(a)»\n}\n", "is not written down"),
        ],
    );
}
