//! Between which files code does not move, and what is told where it does.

use super::tests::{check, refused, run};
use crate::core::Result;

#[test]
fn what_reviewers_broke_is_refused_or_told() {
    for (files, place, to, reason) in [
        // Names that come unseen, or are not there yet.
        (&[("a.py", "from math import *\ndef f(): return sqrt(4)\n")][..], "a.py:f", "b.py", "an import of all names"),
        (
            &[("a.py", "def f(): pass\n"), ("b.py", "from a import f\nX = f()\n")],
            "a.py:f",
            "b.py",
            "needs it at b.py:2:5",
        ),
        (&[("a.py", "def f(): return 1\nX = f()\ndef f(): return 2\n")], "a.py:f", "b.py", "declared more than once"),
        (
            &[("a.py", "cfg = 0\ndef f(): return cfg\n"), ("m.py", "import a\na.cfg = 5\n")],
            "a.py:f",
            "b.py",
            "gets more than one value",
        ),
        (
            &[("a.py", "def g(): pass\ng()\ndef f(): return g\n"), ("b.py", "f = 1\n")],
            "a.py:f",
            "b.py",
            "'f' means something else",
        ),
        (&[("tools/a.py", "def f(): pass\nf()\n")], "tools/a.py:f", "lib/b.py", "no way to name"),
        // What belongs to a file.
        (&[("a.ts", "\"use client\";\nexport function f() {}\n")], "a.ts:f", "b.ts", "says where it runs"),
        (
            &[("a.js", "import d from './d.json' with { type: 'json' };\nexport const f = () => d;\n")],
            "a.js:f",
            "b.js",
            "attributes",
        ),
        (&[("a.ts", "declare const G: number;\nexport const f = () => G;\n")], "a.ts:f", "b.ts", "only declared here"),
        (&[("a.ts", "export const f = (a: A) => a;\n")], "a.ts:f", "b.js", "types cannot stand"),
        (&[("a.js", "let q = 2\nexport function f() {}\n[1].map(q)\n")], "a.js:f", "b.js", "would go on with"),
        (&[("a.js", "import * as self from './a.js';\nexport function f() {}\n")], "a.js:f", "b.js", "imports itself"),
        (&[("l/a.js", "export const f = (n) => import('./' + n);\n")], "l/a.js:f", "b.js", "made when it runs"),
        (
            &[("p/a.go", "package p\n\nimport \"ex/go-foo\"\n\nfunc F() { foo.X() }\n")],
            "p/a.go:F",
            "p/b.go",
            "is not known",
        ),
    ] {
        let message = refused(files, place, to);
        assert!(message.contains(reason), "{files:?}: {message}");
    }
    for (files, place, to, reason) in [
        (&[("a.js", "reg();\nexport function f() {}\n")][..], "a.js:f", "b.js", "may not load this any more"),
        (&[("a.js", "const r = [];\nexport const f = r.length;\n")], "a.js:f", "b.js", "read when its file is loaded"),
        (
            &[("a.py", "def f(): pass\n"), ("b.py", "X = 1\n"), ("m.py", "from b import *\n")],
            "a.py:f",
            "b.py",
            "takes all names",
        ),
        (
            &[("a.py", "def f(): pass\n"), ("m.py", "import a\ngetattr(a, 'f')\n")],
            "a.py:f",
            "b.py",
            "names its old file",
        ),
        (
            &[("a.js", "export function f() {}\n"), ("m.vue", "import { f } from './a.js'\n")],
            "a.js:f",
            "b.js",
            "this kind of file",
        ),
    ] {
        let reasons: Vec<&str> = match run(files, &[place], to) {
            Ok((_, moved)) => moved.doubts.iter().map(|doubt| doubt.reason).collect(),
            Err(error) => panic!("{files:?}: {error}"),
        };
        assert!(reasons.iter().any(|one| one.contains(reason)), "{files:?}: {reasons:?}");
    }
}

#[test]
fn what_completes_it_is_loaded_still() -> Result<()> {
    check(
        &["a.py:f"],
        "b.py",
        &[
            ("a.py", "f = {}\nf['a'] = 1\n", "from b import f\n\nf['a'] = 1\n"),
            ("b.py", "", "f = {}\n"),
            ("m.py", "from a import f\n", "from a import f\n"),
        ],
    )?;
    let moved = check(
        &["a.js:f"],
        "b.js",
        &[
            (
                "a.js",
                "export function f() {}\nexport const g = 1;\n",
                "export { f } from './b.js';\n\nexport const g = 1;\n",
            ),
            ("b.js", "", "export function f() {}\n"),
            ("m.js", "import * as A from './a.js';\nspy(A, 'x');\n", "import * as A from './a.js';\nspy(A, 'x');\n"),
        ],
    )?;
    assert!(moved.is_passed_on);
    check(
        &["p/a.py:f"],
        "p/q/b.py",
        &[
            ("p/__init__.py", "#\n", "#\n"),
            (
                "p/a.py",
                "import xml.dom.minidom\nimport xml.sax\ndef f(): return xml\n\nX = 1\nprint(f())\n",
                "from p.q.b import f\n\nX = 1\nprint(f())\n",
            ),
            ("p/q/b.py", "", "import xml.dom.minidom\nimport xml.sax\n\n\ndef f(): return xml\n"),
        ],
    )?;
    Ok(())
}
