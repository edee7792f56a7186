//! Runs tests/lua/*_spec.lua: the library as a script author sees it.

use crate::support::{Sandbox, files, read};

/// Loads a spec with `it`, `equal` and `raises`, runs each case, and returns what happened.
const RUNNER: &str = include_str!("lua/runner.lua");

#[test]
fn all_specs_hold() {
    let specs = files("tests/lua", "_spec.lua");
    assert!(specs.len() >= 20, "where have the specs gone?");
    let (mut failures, mut cases) = (Vec::new(), 0);
    for spec in specs {
        let sandbox = Sandbox::new(&[
            ("src/a.ts", "console.log(1);\nexport function f(x: number) { return f(x) }\n"),
            ("src/b.py", "def g(a):\n    print(a)\n    return a\n"),
            ("src/c.go", "package c\n\nfunc H() int { return 1 }\n"),
            ("README.md", "# Sandbox\n"),
            (".gitignore", "out/\n"),
            ("out/ignored.ts", "console.log(2);\n"),
        ]);
        let name = spec.rsplit('/').next().unwrap_or_default();
        let runner = sandbox.home().join(".config/heck/recipes");
        std::fs::create_dir_all(&runner).expect("mkdir");
        std::fs::write(runner.join("spec.lua"), RUNNER).expect("write");
        sandbox.write(".heck/state/spec.lua", &read(&spec));
        let run = sandbox.heck(&["run", "spec", "--json", "--timeout", "50"]);
        let envelope = run.json();
        let Some(results) = envelope["payload"]["results"].as_array() else {
            failures.push(format!("{name}: {}", run.shown()));
            continue;
        };
        assert!(!results.is_empty(), "{name} has no cases");
        cases += results.len();
        for result in results.iter().filter(|result| result["ok"] != true) {
            failures.push(format!("{name}: {}: {}", result["name"], result["error"].as_str().unwrap_or_default()));
        }
    }
    assert!(failures.is_empty(), "{} of {cases} cases failed:\n{}", failures.len(), failures.join("\n"));
}
