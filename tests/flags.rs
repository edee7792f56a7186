//! What code of every language becomes when the recipe removes a finished feature flag, and what it tells.

use crate::flag_cases::{Case, GO, JAVASCRIPT, PYTHON};
use crate::support::Sandbox;

const FLAG: &str = r#"isOn("n")"#;

/// The files, as they are or as they become.
fn files<'a>(cases: &[&'a Case], column: usize) -> Vec<(&'a str, String)> {
    let text =
        |bits: &[&[&str]]| bits.iter().map(|bit| bit[column % bit.len()]).collect::<String>().replace("FLAG", FLAG);
    cases.iter().map(|(path, bits)| (*path, text(bits))).collect()
}

fn sandbox(files: &[(&str, String)]) -> Sandbox {
    Sandbox::new(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>())
}

fn check(cases: &[Case]) {
    let cases: Vec<&Case> = cases.iter().collect();
    for (column, value) in [(1, "on"), (2, "off")] {
        let sandbox = sandbox(&files(&cases, 0));
        let args = ["run", "remove-flag", FLAG, "--value", value, "--yes", "-q"];
        let run = sandbox.heck(&args);
        assert_eq!(run.code, 0, "{}", run.shown());
        // Where the flag is left, a second run finds it again and still changes nothing.
        for _ in 0..2 {
            for (path, expected) in files(&cases, column) {
                assert_eq!(sandbox.read(path), expected, "{path} where the flag is {value}");
            }
            sandbox.heck(&args);
        }
    }
}

#[test]
fn remove_flag_in_javascript() {
    check(JAVASCRIPT);
}

#[test]
fn remove_flag_in_python() {
    check(PYTHON);
}

#[test]
fn remove_flag_in_go() {
    check(GO);
}

#[test]
fn remove_flag_tells_what_it_leaves() {
    let cases: Vec<&Case> = [JAVASCRIPT, PYTHON, GO].into_iter().flatten().collect();
    let sandbox = sandbox(&files(&cases, 0));
    let run = sandbox.heck(&["run", "remove-flag", FLAG, "--value", "on", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let left: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("left: ")).collect();
    let expected = [
        "left: chain_go.go:16:15: its condition begins with a statement",
        "left: chain_go.go:73:1: it cannot be reached any more, but declares something",
        "left: hoisted_js.js:2:7: what would go declares 'x', which is used elsewhere",
        "left: imports_go.go:5:2: nothing uses 'strings' any more",
        "left: imports_ts.ts:2:10: nothing uses 'old' any more",
        "left: places_js.js:5:1: neither true nor false can stand here",
        "left: places_js.js:6:12: neither true nor false can stand here",
        "left: tests_js.js:3:15: 'true' stays: what stands before it matters",
        "left: tests_js.js:4:15: 'false' stays: what stands before it matters",
        "left: tests_py.py:10:18: 'True' stays: what stands before it matters",
        "left: unreachable_js.js:12:3: it cannot be reached any more, but declares something",
        "left: values_js.js:2:16: 'true' stays: what stands before it matters",
        "left: values_py.py:3:10: 'True' stays: what stands before it matters",
        "left: values_py.py:7:1: 'g' stays: another file may use it",
        "left: values_py.py:8:1: 'h' stays: another file may use it",
        "left: vars_py.py:9:1: 'OTHER' stays: another file may use it",
        "left: vars_ts.ts:8:7: 'on' stays: line 9 does more than read it",
        "left: vars_ts.ts:18:7: 'E' stays: line 19 does more than read it",
        "left: yield_py.py:2:12: its function would be no generator any more",
        "left: yield_py.py:16:5: it cannot be reached any more, but declares something",
    ];
    assert_eq!(left, expected, "{}", run.shown());
}

#[test]
fn remove_flag_finds_nothing() {
    let run = Sandbox::new(&[("a.js", "go();\n")]).heck(&["run", "remove-flag", FLAG]);
    assert_eq!(run.code, 4, "{}", run.shown());
}

#[test]
fn remove_flag_takes_metavariables_and_either_quotation_marks() {
    let files = [
        ("a.ts", "if (flags.isOn('n', user)) go();\n"),
        ("b.go", "package b\n\nfunc f() {\n\tif flags.isOn(\"n\", user) {\n\t\tg()\n\t}\n}\n"),
    ];
    let sandbox = Sandbox::new(&files);
    let run = sandbox.heck(&["run", "remove-flag", r#"flags.isOn("n", $USER)"#, "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(sandbox.read("a.ts"), "go();\n");
    assert_eq!(sandbox.read("b.go"), "package b\n\nfunc f() {\n\tg()\n}\n");
}
