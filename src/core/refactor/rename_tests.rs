//! What a renaming changes, what it leaves alone, and what it refuses.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

fn run(files: &[(&str, &str)], place: &str, to: &str) -> Result<(BTreeMap<String, String>, Renamed)> {
    let tree = Texts::new(files);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, place)?;
    let renamed = rename(&mut project, &Rename { path: &path, offset, to })?;
    let texts = tree.edited(&renamed.edits);
    Ok((texts, renamed))
}

/// Renames in the first file, and compares all of them.
fn check(place: &str, to: &str, files: &[(&str, &str, &str)]) -> Result<()> {
    let before: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, *text)).collect();
    let (after, _) = run(&before, place, to)?;
    for (path, _, expected) in files {
        assert_eq!(after.get(*path).map(String::as_str), Some(*expected), "{path}");
    }
    Ok(())
}

#[test]
fn names_in_one_file() -> Result<()> {
    for (text, place, expected) in [
        ("let a = 1; { let a = 2; a }", "x.ts:a", "let b = 1; { let a = 2; a }"),
        ("let a = 1; f({ a, x: a })", "x.ts:a", "let b = 1; f({ a: b, x: b })"),
        ("const { a, c: { a: d } } = o; a", "x.ts:a", "const { a: b, c: { a: d } } = o; b"),
        ("function f(a = 1) { return a.a }", "x.ts:1:12", "function f(b = 1) { return b.a }"),
        ("type T<a> = a | A.a", "x.ts:1:8", "type T<b> = b | A.a"),
        ("import { a } from 'm'; a()", "x.ts:a", "import { a as b } from 'm'; b()"),
        ("let a; export { a }; export { a as c }", "x.ts:a", "let b; export { b as a }; export { b as c }"),
        ("enum E { a, c = a }; E.a; E['a']; X.a", "x.ts:1:10", "enum E { b, c = b }; E.b; E['b']; X.a"),
    ] {
        check(place, "b", &[("x.ts", text, expected)])?;
    }
    Ok(())
}

#[test]
fn names_across_files() -> Result<()> {
    check(
        "a.ts:f",
        "g",
        &[
            ("a.ts", "export function f() { f() }", "export function g() { g() }"),
            ("b.ts", "import { f } from './a'; f(); x = { f }", "import { g } from './a'; g(); x = { f: g }"),
            ("c.ts", "import { f as h } from './a'; h()", "import { g as h } from './a'; h()"),
            ("d.ts", "import * as n from './a.js'; n.f(); m.f()", "import * as n from './a.js'; n.g(); m.f()"),
            ("e.ts", "export { f } from './a'", "export { g as f } from './a'"),
            ("f.ts", "import { f } from './e'; f()", "import { f } from './e'; f()"),
            ("h/index.ts", "export * from '../a'", "export * from '../a'"),
            ("i.ts", "import { f } from './h'; f()", "import { g } from './h'; g()"),
            ("j.ts", "import { f } from './other'; f()", "import { f } from './other'; f()"),
            ("k.ts", "import { f } from './a'; let g = f()", "import { g as f } from './a'; let g = f()"),
            ("l.js", "const { f } = require('./a'); f()", "const { g: f } = require('./a'); f()"),
            ("m.ts", "let t: import('./a').f", "let t: import('./a').g"),
        ],
    )
}

#[test]
fn members_of_enums_and_namespaces_across_files() -> Result<()> {
    check(
        "a.ts:1:17",
        "Y",
        &[
            ("a.ts", "export enum E { X }", "export enum E { Y }"),
            ("b.ts", "import { E } from './a'; E.X; export { E }", "import { E } from './a'; E.Y; export { E }"),
            ("c.ts", "import { E as F } from './b'; F.X", "import { E as F } from './b'; F.Y"),
        ],
    )
}

#[test]
fn names_for_others_only() -> Result<()> {
    check(
        "a.ts:1:22",
        "c",
        &[
            ("a.ts", "let a; export { a as b }", "let a; export { a as c }"),
            ("b.ts", "import { b } from './a'; b", "import { c } from './a'; c"),
        ],
    )?;
    check(
        "a.ts:1:13",
        "m",
        &[
            ("a.ts", "export * as n from './x'", "export * as m from './x'"),
            ("b.ts", "import { n } from './a'; n.y; export { n }", "import { m } from './a'; m.y; export { m as n }"),
            ("x.ts", "", ""),
        ],
    )
}

#[test]
fn common_js() -> Result<()> {
    check(
        "a.js:1:9",
        "y",
        &[
            ("a.js", "exports.x = 1; exports.x", "exports.y = 1; exports.y"),
            (
                "b.js",
                "const a = require('./a'); a.x; const { x } = require('./a')",
                "const a = require('./a'); a.y; const { y: x } = require('./a')",
            ),
        ],
    )
}

#[test]
fn a_taken_name_is_refused_with_both_places() {
    for (text, place) in [
        ("let a, b", "x.ts:a"),
        ("let a; { let b; a }", "x.ts:a"),
        ("let b; { let a; b }", "x.ts:1:14"),
        ("let a; b()", "x.ts:a"),
    ] {
        let error = run(&[("x.ts", text)], place, "b").err();
        assert_eq!(error.as_ref().map(Error::kind), Some(Kind::Conflict), "{text}");
        assert!(error.is_some_and(|e| e.to_string().matches("x.ts:1:").count() == 2), "{text}");
    }
}

#[test]
fn what_cannot_be_decided_is_listed() -> Result<()> {
    let files = [
        ("a.ts", "// f is good\nexport function f() {}"),
        ("b.ts", "import { f } from './a'; spy(f, 'f')"),
        ("c.ts", "import { f from './a'"),
        ("d.ts", "'f'"),
    ];
    let (_, renamed) = run(&files, "a.ts:f", "g")?;
    let doubts: Vec<_> = renamed.doubts.iter().map(|d| (d.place.path.as_str(), d.place.span.start, d.reason)).collect();
    assert_eq!(
        doubts,
        [("a.ts", 3, "in a comment"), ("b.ts", 33, "in a string"), ("c.ts", 9, "the file has syntax errors"),]
    );
    Ok(())
}

#[test]
fn bad_names_and_places_are_told() {
    let files = [("a.ts", "let a = 1; a.b")];
    for (place, to, kind) in [
        ("a.ts:a", "1x", Kind::Usage),
        ("a.ts:a", "class", Kind::Usage),
        ("a.ts:a", "a", Kind::Usage),
        ("a.ts:zz", "b", Kind::NotFound),
        ("a.ts:9:9", "b", Kind::Usage),
        ("a.ts:1:14", "c", Kind::NotFound),
        ("no.ts:a", "c", Kind::NotFound),
        ("a", "c", Kind::Usage),
    ] {
        assert_eq!(run(&files, place, to).map_err(|e| e.kind()).err(), Some(kind), "{place} {to}");
    }
}

#[test]
fn python_modules() -> Result<()> {
    check(
        "pkg/m.py:f",
        "g",
        &[
            ("pkg/m.py", "def f(): f()\n__all__ = ['f']\n", "def g(): g()\n__all__ = ['g']\n"),
            ("pkg/__init__.py", "from .m import f\n", "from .m import g\n"),
            (
                "pkg/n.py",
                "from . import m\nfrom .m import f as h\nm.f(); h()\n",
                "from . import m\nfrom .m import g as h\nm.g(); h()\n",
            ),
            (
                "a.py",
                "import pkg.m\nfrom pkg import f\npkg.m.f(); pkg.f(); f()\n",
                "import pkg.m\nfrom pkg import g\npkg.m.g(); pkg.g(); g()\n",
            ),
            ("b.py", "from pkg.m import *\nf()\n", "from pkg.m import *\ng()\n"),
            ("c.py", "from pkg.m import f as f\nf()\n", "from pkg.m import g as g\ng()\n"),
            ("d.py", "from other import f\nf()\n", "from other import f\nf()\n"),
        ],
    )?;
    // Whoever imports a module of a package makes it known there.
    check(
        "p/b.py:f",
        "g",
        &[
            ("p/b.py", "def f(): pass\n", "def g(): pass\n"),
            ("p/a.py", "import p.b as s\n", "import p.b as s\n"),
            ("p/__init__.py", "from .a import *\na.s.f()\n", "from .a import *\na.s.g()\n"),
        ],
    )
}

#[test]
fn modules_that_are_imported_by_name_are_told() -> Result<()> {
    let tree = Texts::new(&[
        ("p/m.py", "def f(): pass\n"),
        ("t.py", "from importlib import import_module\nnames = vars(import_module('p.m'))\nlog = get('p.m')\n"),
    ]);
    let mut project = Project::new(&tree);
    let renamed = rename(&mut project, &Rename { path: "p/m.py", offset: 4, to: "g" })?;
    let told: Vec<_> = renamed.doubts.iter().map(|doubt| (doubt.place.path.as_str(), doubt.reason)).collect();
    assert_eq!(told, [("t.py", crate::core::refactor::references::LOOKED_AT)]);
    Ok(())
}

#[test]
fn python_arguments_and_members() -> Result<()> {
    check(
        "m.py:1:7",
        "b",
        &[
            ("m.py", "def f(a): return a\nf(a=1)\n", "def f(b): return b\nf(b=1)\n"),
            (
                "n.py",
                "from m import f\nimport m\nf(a=2); m.f(a=3); g(a=4)\n",
                "from m import f\nimport m\nf(b=2); m.f(b=3); g(a=4)\n",
            ),
        ],
    )?;
    check(
        "m.py:2:24",
        "b",
        &[
            (
                "m.py",
                "class C:\n    def __init__(self, a): self.a = a\nC(a=1).a\n",
                "class C:\n    def __init__(self, b): self.a = b\nC(b=1).a\n",
            ),
            ("n.py", "from m import C\nC(a=1)\n", "from m import C\nC(b=1)\n"),
        ],
    )?;
    let files = [
        ("m.py", "class C:\n    x = 1\n    def m(self): return self.x\nC.x\n"),
        ("n.py", "from m import C\nC.x\nc.x\n"),
    ];
    let (texts, renamed) = run(&files, "m.py:x", "y")?;
    assert_eq!(texts["m.py"], "class C:\n    y = 1\n    def m(self): return self.y\nC.y\n");
    assert_eq!(texts["n.py"], "from m import C\nC.y\nc.x\n");
    let doubts: Vec<_> =
        renamed.doubts.iter().map(|doubt| (doubt.place.path.as_str(), doubt.place.span.start)).collect();
    assert_eq!(doubts, [("n.py", 22)]);
    Ok(())
}

#[test]
fn go_packages() -> Result<()> {
    check(
        "a/x.go:F",
        "G",
        &[
            ("go.mod", "module m\n", "module m\n"),
            ("a/x.go", "package a\n\nfunc F() { F() }\n", "package a\n\nfunc G() { G() }\n"),
            ("a/y.go", "package a\n\nvar _ = F\n", "package a\n\nvar _ = G\n"),
            (
                "a/y_test.go",
                "package a_test\n\nimport \"m/a\"\n\nvar _ = a.F\n",
                "package a_test\n\nimport \"m/a\"\n\nvar _ = a.G\n",
            ),
            (
                "b/z.go",
                "package b\n\nimport x \"m/a\"\n\nvar _, F = x.F, y.F\n",
                "package b\n\nimport x \"m/a\"\n\nvar _, F = x.G, y.F\n",
            ),
        ],
    )?;
    check(
        "a/x.go:f",
        "g",
        &[
            (
                "a/x.go",
                "//go:build linux\n\npackage a\n\nfunc f() {}\n",
                "//go:build linux\n\npackage a\n\nfunc g() {}\n",
            ),
            (
                "a/y.go",
                "//go:build !linux\n\npackage a\n\nfunc f() { f() }\n",
                "//go:build !linux\n\npackage a\n\nfunc g() { g() }\n",
            ),
            ("b/x.go", "package b\n\nfunc f() {}\n", "package b\n\nfunc f() {}\n"),
        ],
    )?;
    check(
        "a/y.go:3:9",
        "G",
        &[
            ("a/x.go", "package a\n\ntype F struct{}\n", "package a\n\ntype G struct{}\n"),
            ("a/y.go", "package a\n\nvar _ = F{}\n", "package a\n\nvar _ = G{}\n"),
        ],
    )
}

#[test]
fn go_names_that_are_taken_or_could_not_be_seen() {
    let files = [
        ("go.mod", "module m\n"),
        ("a/x.go", "package a\n\nfunc F() {}\n"),
        ("a/y.go", "package a\n\nfunc G() { h := 1; _ = h; F() }\n"),
        ("b/z.go", "package b\n\nimport \"m/a\"\n\nvar _ = a.F\n"),
    ];
    for (to, why) in [("G", "a/y.go:3:6"), ("h", "b/z.go"), ("func", "cannot be a name")] {
        let error = run(&files, "a/x.go:F", to).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains(why), "{to}: {error}");
    }
    let error = run(&files[..3], "a/x.go:F", "h").err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("a/y.go:3:12"), "{error}");
}

#[test]
fn files_that_pass_names_on_in_circles_are_looked_at_once() -> Result<()> {
    let all: Vec<String> = (0..8).map(|n| format!("m{n}")).collect();
    let barrel = |own: &str| -> String {
        all.iter().filter(|other| *other != own).map(|other| format!("export * from './{other}';")).collect()
    };
    let mut files: Vec<(String, String)> = all.iter().map(|own| (format!("{own}.ts"), barrel(own))).collect();
    files[0].1.push_str("export enum E { A }");
    files.push(("use.ts".to_owned(), "import { E } from './m7'; E.A; import { none } from './m3'".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (texts, _) = run(&files, "m0.ts:A", "B")?;
    assert_eq!(texts["use.ts"], "import { E } from './m7'; E.B; import { none } from './m3'");
    let (texts, _) = run(&files, "m0.ts:E", "F")?;
    assert_eq!(texts["use.ts"], "import { F } from './m7'; F.A; import { none } from './m3'");
    // Asked where none of them declares it, the end is reached all the same.
    assert_eq!(
        run(
            &[("a.ts", "export * from './b'; export { x } from './b'"), ("b.ts", "export * from './a'")],
            "a.ts:1:31",
            "y"
        )
        .err()
        .map(|e| e.kind()),
        Some(Kind::NotFound)
    );
    Ok(())
}
