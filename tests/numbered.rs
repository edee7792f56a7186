//! A file of numbered lines, `n`, and patches of it.

use crate::support::Sandbox;

/// Twenty numbered lines.
pub fn numbers() -> String {
    (1..=20).map(|n| format!("{n}\n")).collect()
}

/// Changes lines of `n`, makes a patch of it and takes it back: its identifier.
pub fn made(sandbox: &Sandbox, changes: &[(&str, &str)]) -> String {
    sandbox.git(&["commit", "-q", "-a", "--allow-empty", "-m", "so far"]);
    let before = sandbox.read("n");
    let changed = changes
        .iter()
        .fold(format!("\n{before}"), |text, (old, new)| text.replacen(&format!("\n{old}\n"), &format!("\n{new}\n"), 1));
    sandbox.write("n", &changed[1..]);
    let run = sandbox.heck(&["patch", "create", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let id = run.stdout.trim().to_owned();
    let run = sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(sandbox.read("n"), before);
    id
}

/// Runs heck, which must succeed: what it prints.
pub fn ok(sandbox: &Sandbox, args: &[&str]) -> String {
    let run = sandbox.heck(args);
    assert_eq!(run.code, 0, "{args:?}: {}", run.shown());
    run.stdout
}

/// Some lines of `n`.
pub fn lines(sandbox: &Sandbox, numbers: &[usize]) -> Vec<String> {
    let text = sandbox.read("n");
    let all: Vec<&str> = text.lines().collect();
    numbers.iter().map(|n| all[n - 1].to_owned()).collect()
}
