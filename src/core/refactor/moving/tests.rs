//! What moves, what changes with it, and what is refused.

use super::*;
use crate::core::refactor::texts::Texts;
use crate::core::refactor::{WithFile, find_place};

/// Moves what some places name, and gives all texts and what was found.
pub fn run(files: &[(&str, &str)], places: &[&str], to: &str) -> Result<(BTreeMap<String, String>, Moved)> {
    let tree = Texts::new(files);
    let with = WithFile::new(&tree, to);
    let mut project = Project::new(&with);
    let mut found = Vec::new();
    for place in places {
        found.push(find_place(&mut project, place)?);
    }
    let offsets: Vec<usize> = found.iter().map(|(_, offset)| *offset).collect();
    let moved = move_symbols(&mut project, &Move { from: &found[0].0, offsets: &offsets, to, is_kept: false })?;
    Ok((tree.edited(&moved.edits), moved))
}

/// Moves, and compares all files: path, before, after.
pub fn check(places: &[&str], to: &str, files: &[(&str, &str, &str)]) -> Result<Moved> {
    let before: Vec<(&str, &str)> =
        files.iter().filter(|(_, text, _)| !text.is_empty()).map(|(path, text, _)| (*path, *text)).collect();
    let (after, moved) = run(&before, places, to)?;
    for (path, _, expected) in files {
        assert_eq!(after.get(*path).map_or("", String::as_str), *expected, "{path}");
    }
    Ok(moved)
}

/// The reason for which something is not moved.
pub fn refused(files: &[(&str, &str)], place: &str, to: &str) -> String {
    match run(files, &[place], to) {
        Ok((texts, _)) => format!("moved: {texts:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_function_takes_its_imports_along() -> Result<()> {
    check(
        &["src/a.ts:f"],
        "lib/b.ts",
        &[
            (
                "src/a.ts",
                "import { x, y } from './x';\nimport fs from \"fs\";\n\n// About f.\nexport function f(): number {\n  return x + g(fs);\n}\n\nexport function g(a: any) {\n  return y + a;\n}\n",
                "import { y } from './x';\n\nexport function g(a: any) {\n  return y + a;\n}\n",
            ),
            ("src/x.ts", "export const x = 1;\nexport const y = 2;\n", "export const x = 1;\nexport const y = 2;\n"),
            (
                "lib/b.ts",
                "",
                "import { x } from '../src/x';\nimport fs from 'fs';\nimport { g } from '../src/a';\n\n// About f.\nexport function f(): number {\n  return x + g(fs);\n}\n",
            ),
            ("src/use.ts", "import { f } from './a';\nf();\n", "import { f } from '../lib/b';\nf();\n"),
            (
                "src/both.ts",
                "import { f, g } from './a';\nf(g);\n",
                "import { g } from './a';\nimport { f } from '../lib/b';\nf(g);\n",
            ),
        ],
    )?;
    Ok(())
}

#[test]
fn paths_of_modules_are_turned_and_no_others() -> Result<()> {
    check(
        &["src/a.ts:f"],
        "lib/b.ts",
        &[
            (
                "src/a.ts",
                "import './gen.css';\nimport { g } from './gen';\n\nexport const f = async () => [await import('./x'), './x', g];\n",
                "import './gen.css';\n",
            ),
            ("src/x.ts", "1;\n", "1;\n"),
            (
                "lib/b.ts",
                "",
                "import { g } from '../src/gen';\n\nexport const f = async () => [await import('../src/x'), './x', g];\n",
            ),
        ],
    )?;
    Ok(())
}

#[test]
fn what_stays_behind_imports_what_left() -> Result<()> {
    let moved = check(
        &["a.ts:T"],
        "b.ts",
        &[
            (
                "a.ts",
                "interface T {\n  a: number;\n}\n\nexport const t: T = { a: 1 };\n",
                "import type { T } from './b';\n\nexport const t: T = { a: 1 };\n",
            ),
            (
                "b.ts",
                "import z from 'z';\n\nz();\n",
                "import z from 'z';\n\nz();\n\nexport interface T {\n  a: number;\n}\n",
            ),
        ],
    )?;
    assert!(!moved.is_passed_on && moved.doubts.is_empty());
    Ok(())
}

#[test]
fn a_target_that_used_it_loses_its_import() -> Result<()> {
    check(
        &["a.ts:f"],
        "b.ts",
        &[
            ("a.ts", "const n = 1;\n\nexport function f() {\n  return 1;\n}\n", "const n = 1;\n"),
            ("b.ts", "import { f } from './a';\n\nf();\n", "f();\n\nexport function f() {\n  return 1;\n}\n"),
        ],
    )?;
    Ok(())
}

#[test]
fn whoever_cannot_be_rewritten_still_finds_it() -> Result<()> {
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
            ("c.js", "import * as a from './a.js';\na.f();\n", "import * as a from './a.js';\na.f();\n"),
            ("index.js", "export * from './a.js';\n", "export * from './a.js';\n"),
            ("d.js", "import { f } from './a.js';\n", "import { f } from './b.js';\n"),
            ("e.js", "export { f as h } from './a.js';\n", "export { f as h } from './b.js';\n"),
        ],
    )?;
    assert!(moved.is_passed_on);
    Ok(())
}

#[test]
fn several_go_together() -> Result<()> {
    check(
        &["pkg/a.py:f", "pkg/a.py:_helper"],
        "pkg/sub/b.py",
        &[
            ("pkg/__init__.py", "from .a import f\n", "from .sub.b import f\n"),
            ("pkg/sub/__init__.py", "#\n", "#\n"),
            ("pkg/c.py", "X = 1\n", "X = 1\n"),
            (
                "pkg/a.py",
                "\"\"\"Doc.\"\"\"\nimport os\nimport re\nfrom .c import X\n\n\ndef _helper(x):\n    return os.path.join(x, X)\n\n\n# Joins.\ndef f(x):\n    return _helper(x)\n\n\ndef g():\n    return re.X\n",
                "\"\"\"Doc.\"\"\"\nimport re\n\n\ndef g():\n    return re.X\n",
            ),
            (
                "pkg/sub/b.py",
                "",
                "import os\nfrom ..c import X\n\n\ndef _helper(x):\n    return os.path.join(x, X)\n\n\n# Joins.\ndef f(x):\n    return _helper(x)\n",
            ),
            ("use.py", "from pkg.a import f, g\nf(g)\n", "from pkg.a import g\nfrom pkg.sub.b import f\nf(g)\n"),
        ],
    )?;
    Ok(())
}

#[test]
fn a_new_file_of_python_is_read_like_the_old_one() -> Result<()> {
    check(
        &["a.py:f"],
        "b.py",
        &[
            (
                "a.py",
                "from __future__ import annotations\n\nimport sys\n\n\ndef f(x: T):\n    return sys\n",
                "from __future__ import annotations\n\n",
            ),
            ("b.py", "", "from __future__ import annotations\n\nimport sys\n\n\ndef f(x: T):\n    return sys\n"),
        ],
    )?;
    check(
        &["a.py:f"],
        "b.py",
        &[
            (
                "a.py",
                "from __future__ import annotations\nimport sys\n\n\ndef f(): return sys\n\n\nX = 1\n",
                "from __future__ import annotations\n\n\nX = 1\n",
            ),
            (
                "b.py",
                "from __future__ import annotations\n\nY = 2\n\n\ndef g(): pass\n\n\nfrom z import w\n",
                "from __future__ import annotations\nimport sys\n\nY = 2\n\n\ndef g(): pass\n\n\nfrom z import w\n\n\ndef f(): return sys\n",
            ),
        ],
    )?;
    Ok(())
}

#[test]
fn go_stays_in_its_package() -> Result<()> {
    check(
        &["p/a.go:T"],
        "p/b.go",
        &[
            (
                "p/a.go",
                "package p\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\n// T is.\ntype T struct{}\n\nfunc (t *T) Do() { fmt.Println(t, os.Args) }\n\nfunc Other() { os.Exit(1) }\n",
                "package p\n\nimport (\n\t\"os\"\n)\n\nfunc Other() { os.Exit(1) }\n",
            ),
            (
                "p/b.go",
                "package p\n\nimport \"io\"\n\nvar R io.Reader\n",
                "package p\n\nimport \"io\"\nimport \"fmt\"\nimport \"os\"\n\nvar R io.Reader\n\n// T is.\ntype T struct{}\n\nfunc (t *T) Do() { fmt.Println(t, os.Args) }\n",
            ),
        ],
    )?;
    check(
        &["p/a.go:F"],
        "p/c.go",
        &[
            ("p/a.go", "package p\n\nimport \"fmt\"\n\nfunc F() { fmt.Println() }\n", "package p\n\n"),
            ("p/c.go", "", "package p\n\nimport \"fmt\"\n\nfunc F() { fmt.Println() }\n"),
        ],
    )?;
    Ok(())
}

#[test]
fn what_could_change_its_meaning_is_refused() {
    for (files, place, to, reason) in [
        (&[("a.ts", "export default function f() {}\n")][..], "a.ts:f", "b.ts", "by default"),
        (&[("a.ts", "let n = 0;\nexport function f() { n++ }\n")], "a.ts:f", "b.ts", "it writes a variable"),
        (
            &[("a.ts", "export function f() {}\n"), ("b.ts", "const f = 1;\n")],
            "a.ts:f",
            "b.ts",
            "'f' means something else at b.ts:1:7",
        ),
        (
            &[
                ("a.ts", "import { x } from './x';\nexport const f = () => x;\n"),
                ("x.ts", ""),
                ("b.ts", "let x = 1;\n"),
            ],
            "a.ts:f",
            "b.ts",
            "'x' means",
        ),
        (
            &[("a.ts", "export const f = () => fetch();\n"), ("b.ts", "function fetch() {}\n")],
            "a.ts:f",
            "b.ts",
            "'fetch' means",
        ),
        (&[("a.ts", "export function f() {}\n"), ("b.ts", "f();\n")], "a.ts:f", "b.ts", "does not declare"),
        (&[("a.ts", "const a = 1, f = 2;\n")], "a.ts:f", "b.ts", "the same statement"),
        (&[("a.js", "const f = () => __dirname;\n")], "a.js:f", "b/b.js", "'__dirname' is about the file"),
        (&[("a.ts", "export const f = import.meta.url;\n")], "a.ts:f", "b.ts", "'import.meta' is about"),
        (
            &[("a.ts", "const x = require('x');\nfunction f() { x() }\n")],
            "a.ts:f",
            "b.ts",
            "'x' is not imported by a plain import",
        ),
        (
            &[("a.ts", "export class B {}\nexport class f extends B {}\nnew f();\n")],
            "a.ts:f",
            "b.ts",
            "files would import each other: b.ts → a.ts → b.ts",
        ),
        (&[("a.py", "def h(): pass\ndef f(): h()\nf()\n")], "a.py:f", "b.py", "files would import each other"),
        (&[("a.py", "N = 1\nN = 2\ndef f(): return N\n")], "a.py:f", "b.py", "'N' gets more than one value"),
        (&[("a.py", "def f(): return __file__\n")], "a.py:f", "b.py", "'__file__' is about"),
        (
            &[("a.py", "def f(): pass\n"), ("c.py", "from a import f\n"), ("b.py", "import c\n")],
            "a.py:f",
            "b.py",
            "each other: b.py → c.py → b.py",
        ),
        (&[("a.js", "var f = 1;\nmodule.exports = f;\n")], "a.js:f", "b.js", "a.js is CommonJS"),
        (&[("a.js", "const x = require('x');\nfunction f() { x() }\n")], "a.js:f", "b.js", "a.js is CommonJS"),
        (&[("a.mjs", "export function f() {}\n"), ("b.js", "exports.g = 1;\n")], "a.mjs:f", "b.js", "b.js is CommonJS"),
        (&[("p/a.go", "package p\n\nfunc F() {}\n")], "p/a.go:F", "q/b.go", "it would leave its package"),
        (&[("p/a.go", "package p\n\nfunc F() {}\n")], "p/a.go:F", "p/b_windows.go", "different conditions"),
        (&[("p/a.go", "package p\n\nconst (\n\tA = iota\n\tB\n)\n")], "p/a.go:A", "p/b.go", "the same statement"),
    ] {
        let message = refused(files, place, to);
        assert!(message.contains(reason), "{files:?}: {message}");
    }
}

#[test]
fn what_runs_when_it_is_loaded_is_told() -> Result<()> {
    let moved = check(
        &["a.py:handler"],
        "b.py",
        &[
            (
                "a.py",
                "from app import route\n\n\n@route('/')\ndef handler():\n    return 1\n\n\nX = 1\n",
                "from b import handler\n\n\nX = 1\n",
            ),
            ("b.py", "", "from app import route\n\n\n@route('/')\ndef handler():\n    return 1\n"),
        ],
    )?;
    assert!(moved.is_passed_on);
    assert_eq!(moved.doubts[0].reason, "this runs when its file is loaded, which will be another one");
    Ok(())
}

#[test]
fn modules_whose_names_are_looked_at_are_told() -> Result<()> {
    let test = "from importlib import import_module\nnames = vars(import_module('p.b'))\n";
    let files = [("p/a.py", "def f():\n    return 1\n\n\nX = 1\n"), ("p/b.py", "Y = 2\n"), ("t.py", test)];
    let (_, moved) = run(&files, &["p/a.py:f"], "p/b.py")?;
    let told: Vec<_> = moved.doubts.iter().map(|doubt| (doubt.place.path.as_str(), doubt.reason)).collect();
    assert_eq!(told, [("t.py", LOOKED_AT)]);
    Ok(())
}
