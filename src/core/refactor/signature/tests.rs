//! What becomes of calls, and what is told or refused.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

fn change(remove: &[&str], add: &[(&str, Option<&str>, Option<usize>)], order: &[&str]) -> Change {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let add = add.iter().map(|(declaration, argument, at)| Added {
        declaration: (*declaration).to_owned(),
        argument: argument.map(str::to_owned),
        at: *at,
    });
    Change { remove: owned(remove), add: add.collect(), order: owned(order) }
}

fn run(path: &str, text: &str, change: &Change) -> Result<(String, Vec<&'static str>)> {
    let tree = Texts::new(&[(path, text)]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, &format!("{path}:f"))?;
    let changed = signature(&mut project, &path, offset, change)?;
    let reasons = changed.doubts.iter().map(|doubt| doubt.reason).collect();
    Ok((tree.edited(&changed.edits).remove(&path).unwrap_or_default(), reasons))
}

#[test]
fn calls_follow_the_signature() -> Result<()> {
    for (path, text, change, expected) in [
        (
            "a.ts",
            "function f(a: A, b: B) {}\nf(1, 2);\nf(1, f(3, 4));\n",
            change(&["a"], &[], &[]),
            "function f(b: B) {}\nf(2);\nf(f(4));\n",
        ),
        (
            "a.ts",
            "function f(a: A, b: B) {}\nf(1, x);\n",
            change(&[], &[], &["b", "a"]),
            "function f(b: B, a: A) {}\nf(x, 1);\n",
        ),
        (
            "a.ts",
            "const f = (a: A) => a;\nf(1);\n",
            change(&[], &[("n: N", Some("0"), Some(1))], &[]),
            "const f = (n: N, a: A) => a;\nf(0, 1);\n",
        ),
        ("a.js", "const f = a => 1;\nf(1);\n", change(&["a"], &[], &[]), "const f = () => 1;\nf();\n"),
        (
            "a.js",
            "function f(a, b = 1) {}\nf(x);\n",
            change(&[], &[], &["b", "a"]),
            "function f(b = 1, a) {}\nf(undefined, x);\n",
        ),
        (
            "a.js",
            "function f(a, ...r) {}\nf(1, 2, 3);\n",
            change(&[], &[("b", Some("9"), None)], &[]),
            "function f(a, b, ...r) {}\nf(1, 9, 2, 3);\n",
        ),
        (
            "a.js",
            "function f(\n  a,\n  b,\n) {}\nf(\n  1,\n  2,\n);\n",
            change(&[], &[("c", Some("3"), None)], &[]),
            "function f(\n  a,\n  b,\n  c,\n) {}\nf(\n  1,\n  2,\n  3,\n);\n",
        ),
        (
            "a.py",
            "def f(a, b=1): pass\nf(1)\nf(1, 2)\nf(a=3, b=4)\n",
            change(&["b"], &[], &[]),
            "def f(a): pass\nf(1)\nf(1)\nf(a=3)\n",
        ),
        (
            "a.py",
            "def f(a=0, b=1): pass\nf(1)\nf(1, 2)\nf(b=4)\n",
            change(&[], &[], &["b", "a"]),
            "def f(b=1, a=0): pass\nf(a=1)\nf(2, 1)\nf(b=4)\n",
        ),
        (
            "a.py",
            "def f(a, *, k): pass\nf(1, k=2)\n",
            change(&[], &[("n=0", None, None)], &[]),
            "def f(a, n=0, *, k): pass\nf(1, k=2)\n",
        ),
        (
            "a.py",
            "def f(a, *args, b=1): pass\nf(1, 2, 3, b=4)\n",
            change(&[], &[("z=0", Some("9"), Some(3))], &[]),
            "def f(a, *args, z=0, b=1): pass\nf(1, 2, 3, z=9, b=4)\n",
        ),
        (
            "a.go",
            "package p\n\nfunc f(a, b int) {}\n\nfunc g() { f(1, 2) }\n",
            change(&["a"], &[("s string", Some("\"\""), None)], &[]),
            "package p\n\nfunc f(b int, s string) {}\n\nfunc g() { f(2, \"\") }\n",
        ),
    ] {
        let (after, reasons) = run(path, text, &change)?;
        assert_eq!(after, expected, "{text}");
        assert!(reasons.is_empty(), "{text}: {reasons:?}");
    }
    Ok(())
}

#[test]
fn what_is_declared_for_each_system_changes_everywhere() -> Result<()> {
    let linux = "//go:build linux\n\npackage a\n\nfunc f(s string) {}\n";
    let others = "//go:build !linux\n\npackage a\n\nfunc f(s string) { g(s) }\n";
    let tree = Texts::new(&[("a.go", linux), ("b.go", others), ("c.go", "package a\n\nfunc init() { f(\"\") }\n")]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, "a.go:f")?;
    let add = change(&[], &[("n int", Some("0"), Some(1))], &[]);
    let after = tree.edited(&signature(&mut project, &path, offset, &add)?.edits);
    assert!(after["a.go"].contains("func f(n int, s string) {}"), "{after:?}");
    assert!(after["b.go"].contains("func f(n int, s string) { g(s) }"), "{after:?}");
    assert!(after["c.go"].contains("f(0, \"\")"), "{after:?}");
    let tree = Texts::new(&[("a.go", linux), ("b.go", &others.replace("s ", "t "))]);
    let mut project = Project::new(&tree);
    assert!(signature(&mut project, &path, offset, &add).is_err());
    Ok(())
}

#[test]
fn calls_are_found_under_other_names() -> Result<()> {
    let tree = Texts::new(&[
        ("a.ts", "export function f(a: A, b: B) {}\n"),
        ("b.ts", "import { f as g } from './a';\ng(1, 2);\n"),
        ("c.ts", "import * as a from './a';\na.f(1, 2);\n"),
        ("d.ts", "export { f as h } from './a';\n"),
        ("e.ts", "import { h } from './d';\nh(1, 2);\n[1].map(h);\n"),
    ]);
    let mut project = Project::new(&tree);
    let changed = signature(&mut project, "a.ts", 17, &change(&["a"], &[], &[]))?;
    let after = tree.edited(&changed.edits);
    for (path, text) in [
        ("a.ts", "export function f(b: B) {}\n"),
        ("b.ts", "import { f as g } from './a';\ng(2);\n"),
        ("c.ts", "import * as a from './a';\na.f(2);\n"),
        ("e.ts", "import { h } from './d';\nh(2);\n[1].map(h);\n"),
    ] {
        assert_eq!(after.get(path).map(String::as_str), Some(text), "{path}");
    }
    assert_eq!(changed.calls, 3);
    assert_eq!(changed.doubts.len(), 1, "{:?}", changed.doubts);
    Ok(())
}

#[test]
fn what_may_be_another_function_is_left_alone() -> Result<()> {
    let tree = Texts::new(&[
        ("a.py", "def f(a): pass\n"),
        ("b.py", "if X:\n    from a import f\nelse:\n    def f(a): pass\n\nf(1)\n"),
    ]);
    let mut project = Project::new(&tree);
    let changed = signature(&mut project, "a.py", 4, &change(&["a"], &[], &[]))?;
    assert_eq!(changed.edits.len(), 1);
    assert_eq!(changed.doubts.len(), 1);
    Ok(())
}

#[test]
fn what_cannot_follow_is_told() -> Result<()> {
    for (path, text, change, reason) in [
        ("a.js", "function f(a, b) {}\nf(...x);\n", change(&["a"], &[], &[]), "spread"),
        ("a.js", "function f(a, b) {}\nf(g(), 2);\n", change(&["a"], &[], &[]), "does something"),
        ("a.js", "function f(a, b) {}\nf(g(), h());\n", change(&[], &[], &["b", "a"]), "in another order"),
        ("a.js", "function f(a, b) {}\nx.map(f);\n", change(&["a"], &[], &[]), "used as a value"),
        ("a.py", "def f(a): pass\nf(1) # x\nf(**k)\n", change(&[], &[("n", Some("1"), None)], &[]), "spread"),
        ("a.py", "@d\ndef f(a): pass\n", change(&["a"], &[], &[]), "its decorator"),
        ("a.js", "/** @param a the a */\nfunction f(a) {}\n", change(&["a"], &[], &[]), "the comment"),
    ] {
        let (_, reasons) = run(path, text, &change)?;
        assert!(reasons.iter().any(|one| one.contains(reason)), "{text}: {reasons:?}");
    }
    Ok(())
}

#[test]
fn a_module_that_is_handed_on_is_told() -> Result<()> {
    let tree = Texts::new(&[
        ("a.js", "export function f(a, b) {}\n"),
        ("b.js", "import * as ns from './a.js';\ngo(ns);\nns.f(1, 2);\n"),
        ("c.js", "import * as ns from './a.js';\nns[k](1, 2);\n"),
    ]);
    let mut project = Project::new(&tree);
    let changed = signature(&mut project, "a.js", 16, &change(&[], &[], &["b", "a"]))?;
    assert_eq!((changed.edits.len(), changed.doubts.len()), (2, 2), "{:?}", changed.doubts);
    Ok(())
}

#[test]
fn what_would_break_the_function_is_refused() {
    for (path, text, change, reason) in [
        ("a.js", "function f(a) { return a }\n", change(&["a"], &[], &[]), "the function uses 'a'"),
        ("a.js", "function f(a) { return n }\n", change(&[], &[("n", Some("1"), None)], &[]), "'n' means something"),
        ("a.js", "function f(a) {}\n", change(&["b"], &[], &[]), "no parameter 'b'"),
        ("a.js", "function f(a, b) {}\n", change(&[], &[], &["a"]), "does not name every parameter"),
        ("a.js", "function f(a) { arguments }\n", change(&[], &[("b", None, None)], &[]), "looks its parameters up"),
        ("a.ts", "function f(a: A) {}\n", change(&[], &[("b: B", None, None)], &[]), "calls would pass nothing"),
        ("a.py", "def f(a, b=1): pass\n", change(&[], &[], &["b", "a"]), "without a default"),
        ("a.js", "function f(a, ...r) {}\n", change(&[], &[], &["r", "a"]), "must come last"),
        ("a.js", "function f(a, b = a) {}\n", change(&["a"], &[], &[]), "the function uses 'a'"),
        ("a.js", "function f(a, b = a) {}\n", change(&[], &[], &["b", "a"]), "another parameter asks for 'a'"),
        ("a.js", "function f({ a }, b) { a }\n", change(&["{ a }"], &[], &[]), "the function uses 'a'"),
        ("a.js", "function f(...r) {}\n", change(&["r"], &[], &[]), "takes all arguments"),
        ("a.js", "function f(a /* it */) {}\n", change(&["a"], &[], &[]), "comments between"),
        ("a.js", "const f = function g(a) { g(1) };\n", change(&["a"], &[], &[]), "a name of its own"),
        ("a.ts", "const f: F = (a) => 1;\n", change(&["a"], &[], &[]), "written at the variable"),
        ("a.ts", "function f(this: T, a: A) {}\n", change(&["a"], &[], &[]), "declares its `this`"),
        (
            "a.ts",
            "function f(a: A) {}\n",
            change(&[], &[("z: () => void", None, None)], &[]),
            "calls would pass nothing",
        ),
        ("a.py", "def f(a, *, c=3): pass\n", change(&["c"], &[], &[]), "separated by"),
        (
            "a.go",
            "package p\n\nfunc f(int, string) {}\n",
            change(&[], &[("z int", Some("1"), None)], &[]),
            "have no names",
        ),
        ("a.js", "class f {}\n", change(&[], &[], &[]), "declares no constructor"),
        ("a.ts", "function f(a: A): void;\nfunction f(a: B) {}\n", change(&["a"], &[], &[]), "more than once"),
    ] {
        let answer = run(path, text, &change).map_or_else(|error| error.to_string(), |done| format!("done: {done:?}"));
        assert!(answer.contains(reason), "{text}: {answer}");
    }
}
