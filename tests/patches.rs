//! Parts of patches, several of them, and what they are made of.

use crate::numbered::{lines, made, numbers, ok};
use crate::support::Sandbox;

#[test]
fn a_part_is_applied_and_the_rest_stays_pending() {
    let sandbox = Sandbox::new(&[("n", &numbers()), ("other", "x\n")]);
    let id = made(&sandbox, &[("2", "two"), ("18", "eighteen")]);
    sandbox.write("other", "y\n");
    let other = ok(&sandbox, &["patch", "create", "-q"]);
    ok(&sandbox, &["patch", "rollback", other.trim(), "--yes", "-q"]);
    let id = ok(&sandbox, &["patch", "merge", &id, other.trim(), "-q"]).trim().to_owned();
    let shown = ok(&sandbox, &["patch", "show", &id, "--hunks", "-q"]);
    assert_eq!(shown.lines().count(), 3, "{shown}");
    // A rolled-back patch can be parted like a pending one.
    let parts = ok(&sandbox, &["patch", "split", &id, "--hunks", "2-3", "-q"]);
    let parts: Vec<&str> = parts.lines().collect();
    ok(&sandbox, &["patch", "apply", parts[0], "--yes", "-q"]);
    assert_eq!((lines(&sandbox, &[2, 18]), sandbox.read("other")), (vec!["2".into(), "eighteen".into()], "y\n".into()));
    ok(&sandbox, &["patch", "apply", parts[1], "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 18]), ["two", "eighteen"]);
    // Both as one again, and back.
    let merged = ok(&sandbox, &["patch", "merge", parts[0], parts[1], "-q"]);
    ok(&sandbox, &["patch", "rollback", merged.trim(), "--yes", "-q"]);
    assert_eq!((sandbox.read("n"), sandbox.read("other")), (numbers(), "x\n".into()));
}

#[test]
fn apply_takes_hunks_and_globs() {
    let sandbox = Sandbox::new(&[("n", &numbers()), ("other", "x\n")]);
    sandbox.write("other", "y\n");
    let diff = sandbox.git(&["diff"]);
    sandbox.git(&["checkout", "-q", "."]);
    let more = "--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n";
    let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &format!("{diff}{more}"));
    let id = run.stdout.trim().to_owned();
    let run = sandbox.heck(&["patch", "apply", &id, "--hunks", "7", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("the patch has no hunk 7: it has 2"), "{}", run.shown());
    let run = sandbox.heck(&["patch", "apply", &id, "--hunks", "one", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("'one' is no hunk's number"), "{}", run.shown());
    let run = sandbox.heck(&["patch", "apply", &id, "--files", "oth*", "--yes", "--json"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!((sandbox.read("other"), sandbox.read("n")), ("y\n".into(), numbers()));
    let rest = run.json()["payload"]["rest"].as_str().unwrap_or_default().to_owned();
    ok(&sandbox, &["patch", "apply", &rest, "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2]), ["two"]);
}

#[test]
fn conflicts_stand_between_markers_only_on_request() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let id = made(&sandbox, &[("2", "two")]);
    sandbox.write("n", &sandbox.read("n").replace("\n2\n", "\nzwei\n"));
    let before = sandbox.read("n");
    let run = sandbox.heck(&["patch", "apply", &id, "--merge", "--yes", "-q"]);
    assert!(run.code == 4 && run.stderr.contains("both sides have changed what stands at line 2"), "{}", run.shown());
    assert_eq!(sandbox.read("n"), before);
    let run = sandbox.heck(&["patch", "apply", &id, "--merge", "--markers", "--yes", "-q"]);
    // It is applied, but not done.
    assert_eq!(run.code, 1, "{}", run.shown());
    assert!(sandbox.read("n").contains("<<<<<<< now\nzwei\n=======\ntwo\n>>>>>>> "));
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), before);
}

#[test]
fn a_broken_head_is_no_empty_tree() {
    let sandbox = Sandbox::three();
    sandbox.write("src/a.ts", "g(1);\n");
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    let (dir, file) = commit.trim().split_at(2);
    std::fs::remove_file(sandbox.root().join(".git/objects").join(dir).join(file)).expect("remove");
    let run = sandbox.heck(&["patch", "create"]);
    assert_eq!(run.code, 4, "{}", run.shown());
    assert_eq!(sandbox.heck(&["patch", "list", "-q"]).stdout, "");
}

#[test]
fn patches_for_different_places_of_one_tree_become_one() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let (early, late) = (made(&sandbox, &[("2", "two")]), made(&sandbox, &[("18", "eighteen")]));
    let other = made(&sandbox, &[("2", "deux")]);
    let run = sandbox.heck(&["patch", "merge", &early, &other]);
    assert!(run.code == 4 && run.stderr.contains("line 2"), "{}", run.shown());
    let merged = ok(&sandbox, &["patch", "merge", &early, &late, "-q"]);
    ok(&sandbox, &["patch", "apply", merged.trim(), "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 18]), ["two", "eighteen"]);
    ok(&sandbox, &["patch", "rollback", merged.trim(), "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
}

#[test]
fn a_patch_that_does_not_fit_is_told_what_comes_first() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let create = |diff: &str| {
        let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], diff);
        assert_eq!(run.code, 0, "{}", run.shown());
        run.stdout.trim().to_owned()
    };
    let both =
        create("--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n@@ -17,3 +17,3 @@\n 17\n-18\n+eighteen\n 19\n");
    let other = create("--- a/n\n+++ b/n\n@@ -9,3 +9,3 @@\n 9\n-10\n+ten\n 11\n");
    let parts = ok(&sandbox, &["patch", "split", &both, "--hunks", "2", "-q"]);
    let parts: Vec<&str> = parts.lines().collect();
    let run = sandbox.heck(&["patch", "apply", parts[1], "--yes", "-q"]);
    assert!(run.code == 4 && run.stderr.contains(&format!("what patch {}", parts[0])), "{}", run.shown());
    ok(&sandbox, &["patch", "apply", parts[0], "--yes", "-q"]);
    // Somebody else's patch was made for the old tree: there is a way for it, too, and it leaves nothing to apply twice.
    let run = sandbox.heck(&["patch", "apply", &other, "--yes", "-q"]);
    assert!(run.code == 4 && run.stderr.contains("--merge"), "{}", run.shown());
    ok(&sandbox, &["patch", "apply", &other, "--merge", "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 10, 18]), ["2", "ten", "eighteen"]);
    let left = sandbox.heck(&["patch", "list", "--state", "pending", "--json"]).json();
    assert_eq!(left["payload"]["patches"][0]["id"], parts[1]);
    assert_eq!(left["payload"]["patches"].as_array().map(Vec::len), Some(1));
}

#[test]
fn names_of_what_is_gone_and_of_links_are_taken_as_they_are() {
    let sandbox = Sandbox::new(&[("d/gone", "x\n"), ("kept", "x\n"), ("n", "x\n")]);
    std::os::unix::fs::symlink("kept", sandbox.root().join("link")).expect("link");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "second"]);
    std::fs::remove_dir_all(sandbox.root().join("d")).expect("remove");
    std::fs::remove_file(sandbox.root().join("link")).expect("remove");
    std::os::unix::fs::symlink("n", sandbox.root().join("link")).expect("link");
    sandbox.write("n", "changed\n");
    let gone = ok(&sandbox, &["patch", "create", "-q", "d/gone"]);
    let link = ok(&sandbox, &["patch", "create", "-q", "./link"]);
    let files =
        |id: &str| sandbox.heck(&["patch", "show", id.trim(), "--json"]).json()["payload"]["patch"]["files"].clone();
    assert_eq!((files(&gone)[0]["path"].clone(), files(&gone)[1].is_null()), ("d/gone".into(), true));
    assert_eq!((files(&link)[0]["path"].clone(), files(&link)[1].is_null()), ("link".into(), true));
    assert_eq!(sandbox.heck(&["patch", "create", "../elsewhere"]).code, 3);
}

#[test]
fn one_state_of_the_tree_has_one_record_and_another_one_its_own() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let change = |pairs: &[(&str, &str)]| {
        let text = pairs
            .iter()
            .fold(sandbox.read("n"), |text, (old, new)| text.replacen(&format!("\n{old}\n"), &format!("\n{new}\n"), 1));
        sandbox.write("n", &text);
    };
    change(&[("2", "two")]);
    let first = ok(&sandbox, &["patch", "create", "-q"]);
    assert_eq!(ok(&sandbox, &["patch", "create", "-q"]), "");
    sandbox.git(&["commit", "-q", "-a", "-m", "two"]);
    change(&[("two", "2"), ("18", "eighteen")]);
    sandbox.git(&["commit", "-q", "-a", "-m", "eighteen"]);
    // The very same diff, of another content.
    let before = sandbox.read("n");
    change(&[("2", "two")]);
    let second = ok(&sandbox, &["patch", "create", "-q"]);
    assert_ne!(first, second);
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), before);
}

#[test]
fn the_root_is_everything_and_a_mistyped_name_is_told() {
    let sandbox = Sandbox::new(&[("d/x", "x\n"), ("e/x", "y\n"), ("n", "x\n")]);
    sandbox.write("n", "changed\n");
    let run = sandbox.heck(&["patch", "create", "-q", "."]);
    assert!(run.code == 0 && !run.stdout.is_empty(), "{}", run.shown());
    let run = sandbox.heck(&["patch", "create", "nothere"]);
    assert!(run.code == 4 && run.stderr.contains("there is no 'nothere'"), "{}", run.shown());
    // What was in a directory that is a link now is still named by its name.
    std::fs::remove_dir_all(sandbox.root().join("d")).expect("remove");
    std::os::unix::fs::symlink("e", sandbox.root().join("d")).expect("link");
    sandbox.write("e/x", "y2\n");
    let id = ok(&sandbox, &["patch", "create", "-q", "d/x"]);
    let diff = ok(&sandbox, &["patch", "show", id.trim(), "-q"]);
    assert!(diff.contains("a/d/x") && !diff.contains("y2"), "{diff}");
}

#[test]
fn what_an_applied_patch_has_is_not_recorded_twice() {
    let sandbox = Sandbox::new(&[("f", "a\nb\nc\n"), ("n", &numbers())]);
    sandbox.write("f", "a\nb\nc\nd\n");
    let one = ok(&sandbox, &["patch", "create", "-q", "--title", "one"]);
    sandbox.write("f", "a\nb\nc\nd\ne\n");
    sandbox.write("n", "other\n");
    let two = ok(&sandbox, &["patch", "create", "-q", "--title", "two"]);
    let diff = ok(&sandbox, &["patch", "show", two.trim(), "-q"]);
    assert!(diff.contains("+e\n") && !diff.contains("+d\n"), "{diff}");
    ok(&sandbox, &["patch", "rollback", "--to", one.trim(), "--yes", "-q"]);
    assert_eq!((sandbox.read("f"), sandbox.read("n")), ("a\nb\nc\n".into(), numbers()));
    assert_eq!(sandbox.status(), "");
}

#[test]
fn what_was_undone_by_hand_is_not_written_again() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    sandbox.write("n", &numbers().replace("\n2\n", "\ntwo\n"));
    ok(&sandbox, &["patch", "create", "-q"]);
    sandbox.git(&["checkout", "-q", "n"]);
    sandbox.write("n", &numbers().replace("\n18\n", "\nmine\n"));
    ok(&sandbox, &["patch", "create", "-q", "--title", "mine"]);
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
    // A file of a patch that has another name now is back under the old one.
    let sandbox = Sandbox::new(&[("k", "k\n")]);
    sandbox.write("made", "by a patch\n");
    ok(&sandbox, &["patch", "create", "-q"]);
    std::fs::rename(sandbox.root().join("made"), sandbox.root().join("moved")).expect("rename");
    ok(&sandbox, &["patch", "create", "-q", "--title", "moved"]);
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!((sandbox.read("made"), sandbox.root().join("moved").exists()), ("by a patch\n".into(), false));
}

#[test]
fn an_empty_choice_chooses_nothing() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let id = made(&sandbox, &[("2", "two"), ("18", "eighteen")]);
    for (flag, value) in [("--hunks", ""), ("--hunks", ","), ("--files", "")] {
        let run = sandbox.heck(&["patch", "apply", &id, flag, value, "--yes"]);
        assert_eq!(run.code, 2, "{flag}: {}", run.shown());
    }
    let run = sandbox.heck(&["patch", "split", &id, "--files", ""]);
    assert_eq!(run.code, 2, "{}", run.shown());
    // A dry run names no patch, for there is none.
    let diff = "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-1\n+one\n";
    assert_eq!(sandbox.heck_with(&["patch", "create", "--dry-run", "--from", "-"], diff).stdout, "");
    assert_eq!(sandbox.read("n"), numbers());
    let run = sandbox.heck(&["patch", "create", "--from", "-", "n"]);
    assert!(run.code == 2 && run.stderr.contains("do not go together"), "{}", run.shown());
}
