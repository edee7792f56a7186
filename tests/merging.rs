//! Patches made for one tree, merged into one: what git's merge does, or refused; and what is refused stays as it was.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::support::{Run, Sandbox};

fn lines(count: usize) -> String {
    (1..=count).map(|n| format!("{n}\n")).collect()
}

/// Makes a patch of what `change` does, and takes it back: its identifier.
fn made(sandbox: &Sandbox, title: &str, change: impl FnOnce(&Path)) -> String {
    change(&sandbox.root());
    let run = sandbox.heck(&["patch", "create", "-q", "--title", title]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let run = sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    sandbox.heck(&["patch", "list", "--json"]).json()["payload"]["patches"]
        .as_array()
        .and_then(|all| all.iter().find(|patch| patch["title"] == title)?["id"].as_str().map(str::to_owned))
        .expect("the patch")
}

fn merge(sandbox: &Sandbox, ids: &[&String]) -> Run {
    let mut args = vec!["patch", "merge", "-q"];
    args.extend(ids.iter().map(|id| id.as_str()));
    sandbox.heck(&args)
}

fn apply_last(sandbox: &Sandbox) {
    let run = sandbox.heck(&["patch", "apply", "last", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
}

/// Fails unless merging was refused with these words and both parts are still there.
fn refused(sandbox: &Sandbox, ids: &[&String], words: &str) {
    let run = merge(sandbox, ids);
    assert!(run.code != 0 && run.stderr.contains(words) && run.stderr.contains("hint:"), "{}", run.shown());
    for id in ids {
        assert_eq!(sandbox.heck(&["patch", "show", id, "-q"]).code, 0, "a part is gone");
    }
}

fn bits(path: &Path) -> u32 {
    path.metadata().expect("metadata").permissions().mode() & 0o777
}

fn executable(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("chmod");
}

fn relink(path: &Path, target: &str) {
    std::fs::remove_file(path).expect("remove");
    symlink(target, path).expect("link");
}

#[test]
fn a_mode_goes_with_a_renamed_file() {
    let sandbox = Sandbox::new(&[("a", &lines(20))]);
    let mode = made(&sandbox, "mode", |root| executable(&root.join("a")));
    let moved = made(&sandbox, "moved", |root| std::fs::rename(root.join("a"), root.join("b")).expect("rename"));
    assert_eq!(merge(&sandbox, &[&mode, &moved]).code, 0);
    apply_last(&sandbox);
    assert_eq!((bits(&sandbox.root().join("b")), sandbox.root().join("a").exists()), (0o755, false));
    // The same where the tree has the mode already.
    let sandbox = Sandbox::new(&[("a", &lines(20))]);
    let moved = made(&sandbox, "moved", |root| std::fs::rename(root.join("a"), root.join("b")).expect("rename"));
    executable(&sandbox.root().join("a"));
    assert_eq!(sandbox.heck(&["patch", "apply", &moved, "--merge", "--yes", "-q"]).code, 0);
    assert_eq!(bits(&sandbox.root().join("b")), 0o755);
}

#[test]
fn links_and_files_are_not_mixed() {
    let sandbox = Sandbox::new(&[("a", &lines(20))]);
    let link = made(&sandbox, "link", |root| relink(&root.join("a"), "foo"));
    let mode = made(&sandbox, "mode", |root| executable(&root.join("a")));
    let moved = made(&sandbox, "moved", |root| std::fs::rename(root.join("a"), root.join("b")).expect("rename"));
    refused(&sandbox, &[&link, &mode], "a link on one side and a file on the other");
    refused(&sandbox, &[&link, &moved], "a link on one side and a file on the other");
    let sandbox = Sandbox::new(&[("a", "n")]);
    let link = made(&sandbox, "link", |root| relink(&root.join("a"), "n"));
    let text = made(&sandbox, "text", |root| std::fs::write(root.join("a"), "nn").expect("write"));
    refused(&sandbox, &[&link, &text], "a link on one side and a file on the other");
}

#[test]
fn a_deletion_is_not_lost_where_the_file_has_moved() {
    let sandbox = Sandbox::new(&[("a", &lines(20)), ("c", &lines(9))]);
    let moved = made(&sandbox, "moved", |root| std::fs::rename(root.join("a"), root.join("b")).expect("rename"));
    let gone = made(&sandbox, "gone", |root| {
        std::fs::remove_file(root.join("a")).expect("remove");
        std::fs::write(root.join("c"), lines(9).replace('2', "two")).expect("write");
    });
    refused(&sandbox, &[&moved, &gone], "is moved by patch");
    refused(&sandbox, &[&gone, &moved], "which is gone or has changed");
}

#[test]
fn parts_of_one_patch_find_their_places_around_another() {
    let base = "x\n".repeat(60);
    let sandbox = Sandbox::new(&[("n", &base)]);
    let all: Vec<&str> = base.lines().collect();
    let with = |places: &[(usize, &str)]| {
        let mut lines = all.clone();
        places.iter().for_each(|(at, text)| lines[at - 1] = text);
        lines.join("\n") + "\n"
    };
    let write = |text: String| move |root: &Path| std::fs::write(root.join("n"), text).expect("write");
    let both = made(&sandbox, "both", write(with(&[(15, "B"), (58, "end")])));
    let top = made(&sandbox, "top", write(format!("y\ny\n{base}")));
    let run = sandbox.heck(&["patch", "split", &both, "--hunks", "2", "-q"]);
    let parts: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
    let run = merge(&sandbox, &[&parts[0], &top, &parts[1]]);
    assert_eq!(run.code, 0, "{}", run.shown());
    apply_last(&sandbox);
    assert_eq!(sandbox.read("n"), format!("y\ny\n{}", with(&[(15, "B"), (58, "end")])));
}

#[test]
fn what_could_not_be_applied_is_not_merged_and_a_dry_run_keeps_the_parts() {
    let sandbox = Sandbox::new(&[("k", "k\n")]);
    let file = made(&sandbox, "file", |root| std::fs::write(root.join("e"), "x\n").expect("write"));
    let below = made(&sandbox, "below", |root| {
        std::fs::create_dir(root.join("e")).expect("mkdir");
        std::fs::write(root.join("e/y"), "x\n").expect("write");
    });
    refused(&sandbox, &[&file, &below], "a directory for another");
    let other = made(&sandbox, "other", |root| std::fs::write(root.join("k"), "l\n").expect("write"));
    let run = sandbox.heck(&["patch", "merge", &file, &other, "--dry-run"]);
    assert!(run.code == 0 && run.stdout.contains("+l") && run.stdout.contains("+x"), "{}", run.shown());
    assert_eq!(merge(&sandbox, &[&file, &other]).code, 0);
}

#[test]
fn a_mode_and_bytes_of_a_binary_go_together() {
    let sandbox = Sandbox::new(&[("k", "k\n")]);
    sandbox.write_bytes("b", b"\0one");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "second"]);
    let bytes = made(&sandbox, "bytes", |root| std::fs::write(root.join("b"), b"\0two").expect("write"));
    let mode = made(&sandbox, "mode", |root| executable(&root.join("b")));
    assert_eq!(merge(&sandbox, &[&bytes, &mode]).code, 0);
    apply_last(&sandbox);
    let file = sandbox.root().join("b");
    assert_eq!((bits(&file), std::fs::read(&file).expect("read")), (0o755, b"\0two".to_vec()));
}
