//! The program itself, stopped at each system call: whatever is left behind, `heck recover` makes the old tree or the
//! new one of it. By default a part of the calls is visited; with HECK_FAULTS=full every call, every way and every command.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;

use crate::support::{Sandbox, finish};
use crate::tracer::{Fault, run};

/// Path → kind and mode, content.
type Tree = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn snapshot(root: &Path) -> Tree {
    fn walk(root: &Path, dir: &Path, tree: &mut Tree) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).expect("below the root").to_path_buf();
            if name == Path::new(".heck") || name == Path::new(".git") {
                continue;
            }
            let meta = entry.metadata().expect("metadata");
            let content = match meta.is_symlink() {
                true => std::fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes(),
                false => std::fs::read(&path).unwrap_or_default(),
            };
            tree.insert(name, (meta.permissions().mode(), content));
            if meta.is_dir() {
                walk(root, &path, tree);
            }
        }
    }
    let mut tree = Tree::new();
    walk(root, root, &mut tree);
    tree
}

fn is_full() -> bool {
    std::env::var("HECK_FAULTS").is_ok_and(|value| value == "full")
}

/// The program under test: a release build tells more, and faster.
fn program() -> PathBuf {
    std::env::var_os("HECK_BIN").map_or_else(|| env!("CARGO_BIN_EXE_heck").into(), PathBuf::from)
}

/// A repository with a patch of every kind of change.
fn template(count: usize) -> Sandbox {
    let sandbox = Sandbox::new(&[("keep/k", "kept\n"), ("gone/deep/x", "bye\n"), ("to-dir", "a file\n")]);
    sandbox.write("run.sh", "echo\n");
    sandbox.chmod("run.sh", 0o640);
    for n in 0..count {
        sandbox.write(&format!("many/f{n}"), &format!("one {n}\ntwo\n"));
    }
    let mut diff = String::from(
        "diff --git a/gone/deep/x b/gone/deep/x\ndeleted file mode 100644\n--- a/gone/deep/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-bye\n\
         diff --git a/to-dir b/to-dir\ndeleted file mode 100644\n--- a/to-dir\n+++ /dev/null\n@@ -1 +0,0 @@\n-a file\n\
         diff --git a/to-dir/inner b/to-dir/inner\nnew file mode 100644\n--- /dev/null\n+++ b/to-dir/inner\n@@ -0,0 +1 @@\n+inner\n\
         diff --git a/new/link b/new/link\nnew file mode 120000\n--- /dev/null\n+++ b/new/link\n@@ -0,0 +1 @@\n+keep\n\\ No newline at end of file\n\
         diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
    );
    for n in 0..count {
        diff.push_str(&format!("--- a/many/f{n}\n+++ b/many/f{n}\n@@ -1,2 +1,2 @@\n one {n}\n-two\n+2\n"));
    }
    let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &diff);
    assert_eq!(run.code, 0, "{}", run.shown());
    sandbox
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp");
    assert!(status.success());
}

/// A copy of the template, and heck in it.
struct Copy {
    dir: tempfile::TempDir,
}

impl Copy {
    fn of(template: &Sandbox) -> Copy {
        let dir = tempfile::tempdir().expect("a temporary directory");
        copy(&template.root(), &dir.path().join("repo"));
        copy(&template.home(), &dir.path().join("home"));
        Copy { dir }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    fn heck(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(args).current_dir(self.root()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.dir.path().join("home"));
        command
    }
}

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EACCES: i32 = 13;
const EROFS: i32 = 30;
const EMFILE: i32 = 24;
const EINTR: i32 = 4;

/// Visits the calls of a command; `stride` leaves some of them out, another part for each fault.
fn visit(template: &Sandbox, args: &[&str], faults: &[Fault], stride: usize) {
    let before = snapshot(&template.root());
    let clean = Copy::of(template);
    let counted = run(clean.heck(args), 0, Fault::Kill);
    assert_eq!(counted.code, Some(0), "{args:?} does not even run undisturbed");
    let after = snapshot(&clean.root());
    assert_ne!(before, after, "{args:?} changes nothing");
    // Six or seven points for each operation; a falling number of flushes would be a bug.
    let flushes = counted.calls.iter().filter(|name| matches!(**name, "fsync" | "syncfs")).count();
    assert!(counted.calls.len() > 40 && flushes >= 12, "{args:?}: {:?}", counted.calls);
    for (nth, fault) in faults.iter().enumerate() {
        let mut at = 1 + nth % stride;
        loop {
            let copy = Copy::of(template);
            let traced = run(copy.heck(args), at, *fault);
            if !traced.has_fired {
                break;
            }
            let what = format!("{args:?}: {fault:?} at call {at} ({})", traced.calls[at - 1]);
            let recovered = finish(copy.heck(&["recover"]), None);
            assert_eq!(recovered.code, 0, "{what}: {}", recovered.shown());
            let tree = snapshot(&copy.root());
            assert!(tree == before || tree == after, "{what}: a mixed tree: {:?}", tree.keys());
            assert!(traced.code != Some(0) || tree == after, "{what}: said to be done and is not");
            assert!(!matches!(traced.code, Some(101 | 134 | 139)), "{what}: it crashed");
            let again = finish(copy.heck(&["recover", "--json"]), None);
            assert_eq!(again.json()["payload"]["outcome"], "clean", "{what}");
            // And the command can be given again.
            if tree == before {
                let run = finish(copy.heck(args), None);
                assert_eq!(run.code, 0, "{what}: afterwards: {}", run.shown());
                assert_eq!(snapshot(&copy.root()), after, "{what}");
            }
            at += stride;
        }
    }
}

const APPLY: &[&str] = &["patch", "apply", "last", "--yes", "-q"];
const ROLLBACK: &[&str] = &["patch", "rollback", "last", "--yes", "-q"];
const REDO: &[&str] = &["patch", "redo", "last", "--yes", "-q"];

fn apply(sandbox: &Sandbox) {
    assert_eq!(sandbox.heck(APPLY).code, 0);
}

fn all_faults() -> Vec<Fault> {
    let errors = [ENOSPC, EIO, EACCES, EROFS, EMFILE, EINTR].map(Fault::Fail);
    let rest = [
        Fault::Torn,
        Fault::Short,
        Fault::Sticky(ENOSPC),
        Fault::Sticky(EROFS),
        Fault::Signal(Signal::SIGINT),
        Fault::Signal(Signal::SIGTERM),
    ];
    [Fault::Kill].into_iter().chain(errors).chain(rest).collect()
}

#[test]
fn apply_is_all_or_nothing_wherever_it_is_killed() {
    let stride = if is_full() { 1 } else { 3 };
    visit(&template(2), APPLY, &[Fault::Kill], stride);
}

#[test]
fn apply_survives_every_other_fault() {
    let stride = if is_full() { 1 } else { 13 };
    visit(&template(1), APPLY, &all_faults()[1..], stride);
}

#[test]
fn rollback_and_redo_are_all_or_nothing() {
    let (faults, stride) = if is_full() { (all_faults(), 1) } else { (vec![Fault::Kill, Fault::Fail(EIO)], 9) };
    let sandbox = template(1);
    apply(&sandbox);
    visit(&sandbox, ROLLBACK, &faults, stride);
    assert_eq!(sandbox.heck(ROLLBACK).code, 0);
    visit(&sandbox, REDO, &faults, stride);
}

#[test]
fn many_files_take_the_other_way_of_flushing() {
    let stride = if is_full() { 1 } else { 29 };
    let faults = if is_full() { all_faults() } else { vec![Fault::Kill] };
    visit(&template(if is_full() { 200 } else { 30 }), APPLY, &faults, stride);
}

#[test]
fn a_killed_recovery_is_recovered() {
    let template = template(1);
    let before = snapshot(&template.root());
    let clean = Copy::of(&template);
    let calls = run(clean.heck(APPLY), 0, Fault::Kill).calls.len();
    let after = snapshot(&clean.root());
    let stride = if is_full() { 1 } else { 7 };
    for first in (1..=calls).step_by(stride) {
        let left = Copy::of(&template);
        run(left.heck(APPLY), first, Fault::Kill);
        for second in (1..).step_by(stride) {
            let copy = tempfile::tempdir().map(|dir| Copy { dir }).expect("a temporary directory");
            self::copy(&left.root(), &copy.root());
            self::copy(&left.dir.path().join("home"), &copy.dir.path().join("home"));
            let traced = run(copy.heck(&["recover"]), second, Fault::Kill);
            assert_eq!(finish(copy.heck(&["recover"]), None).code, 0);
            let tree = snapshot(&copy.root());
            assert!(tree == before || tree == after, "apply killed at {first}, recovery at {second}: a mixed tree");
            if !traced.has_fired {
                break;
            }
        }
    }
}
