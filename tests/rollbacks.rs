//! Patches taken back in any order, from under others, and put in again.

use crate::numbered::{lines, made, numbers, ok};
use crate::support::Sandbox;

#[test]
fn an_older_patch_is_taken_out_from_under_a_newer_one() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let old = made(&sandbox, &[("2", "two"), ("3", "three")]);
    ok(&sandbox, &["patch", "redo", &old, "--yes", "-q"]);
    let far = made(&sandbox, &[("18", "eighteen")]);
    ok(&sandbox, &["patch", "redo", &far, "--yes", "-q"]);
    ok(&sandbox, &["patch", "rollback", &old, "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 3, 18]), ["2", "3", "eighteen"]);
    // To have it again, what took it out is taken back.
    ok(&sandbox, &["patch", "redo", &old, "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 3, 18]), ["two", "three", "eighteen"]);
    // Where both have changed the same, the later one is named.
    let near = made(&sandbox, &[("two", "zwei")]);
    ok(&sandbox, &["patch", "redo", &near, "--yes", "-q"]);
    let before = sandbox.read("n");
    let merged = ok(&sandbox, &["patch", "list", "--state", "applied"]);
    let under = merged.lines().find(|line| !line.contains(&far) && !line.contains(&near) && !line.contains("take out"));
    let under = under.and_then(|line| line.split(' ').next()).expect("the patch that was made anew").to_owned();
    let run = sandbox.heck(&["patch", "rollback", &under, "--yes", "-q"]);
    assert!(run.code == 4 && run.stderr.contains(&near), "{}", run.shown());
    assert_eq!(sandbox.read("n"), before);
}

#[test]
fn what_others_have_changed_since_stays_on_request() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let id = made(&sandbox, &[("2", "two")]);
    ok(&sandbox, &["patch", "redo", &id, "--yes", "-q"]);
    sandbox.write("n", &sandbox.read("n").replace("20\n", "twenty\n"));
    let run = sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]);
    assert_eq!(run.code, 4, "{}", run.shown());
    ok(&sandbox, &["patch", "rollback", &id, "--merge", "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 20]), ["2", "twenty"]);
}

#[test]
fn several_go_back_together_or_not_at_all() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let mut ids = Vec::new();
    for (old, new) in [("2", "two"), ("9", "nine"), ("18", "eighteen")] {
        let id = made(&sandbox, &[(old, new)]);
        ok(&sandbox, &["patch", "redo", &id, "--yes", "-q"]);
        ids.push(id);
    }
    ok(&sandbox, &["patch", "rollback", "--to", &ids[1], "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 9, 18]), ["two", "9", "18"]);
    let states = ok(&sandbox, &["patch", "list"]);
    assert_eq!(states.matches("rolled-back").count(), 2, "{states}");
    ok(&sandbox, &["patch", "redo", &ids[1], "--yes", "-q"]);
    sandbox.write("n", "gone\n");
    let run = sandbox.heck(&["patch", "rollback", &ids[0], &ids[1], "--yes", "-q"]);
    assert_eq!((run.code, sandbox.read("n")), (4, "gone\n".into()), "{}", run.shown());
}

#[test]
fn taking_out_can_be_taken_back_as_well() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let old = made(&sandbox, &[("2", "two")]);
    ok(&sandbox, &["patch", "redo", &old, "--yes", "-q"]);
    let new = made(&sandbox, &[("18", "eighteen")]);
    ok(&sandbox, &["patch", "redo", &new, "--yes", "-q"]);
    let both = sandbox.read("n");
    ok(&sandbox, &["patch", "rollback", &old, "--yes", "-q"]);
    let listed = ok(&sandbox, &["patch", "list"]);
    let out =
        listed.lines().find(|line| line.contains("take out")).and_then(|line| line.split(' ').next()).expect("a patch");
    ok(&sandbox, &["patch", "rollback", out, "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), both);
    // Now both are applied again, and go one after the other.
    ok(&sandbox, &["patch", "rollback", &new, "--yes", "-q"]);
    ok(&sandbox, &["patch", "rollback", &old, "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
}

/// Applies three patches for different places of one file: A, B and C.
fn three(sandbox: &Sandbox) -> [String; 3] {
    [("2", "A"), ("10", "B"), ("18", "C")].map(|change| {
        let id = made(sandbox, &[change]);
        ok(sandbox, &["patch", "redo", &id, "--yes", "-q"]);
        id
    })
}

fn state(sandbox: &Sandbox, id: &str) -> String {
    let all = sandbox.heck(&["patch", "list", "--json"]).json();
    let patches = all["payload"]["patches"].as_array().cloned().unwrap_or_default();
    let found = patches.iter().find(|patch| patch["id"] == id);
    found.map_or_else(String::new, |patch| patch["state"].as_str().unwrap_or("").into())
}

#[test]
fn records_say_what_the_tree_has_after_any_order_of_rollbacks() {
    // What took A out goes back as well, so A is in the tree again, and its record says so.
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let [a, b, c] = three(&sandbox);
    ok(&sandbox, &["patch", "rollback", &a, "--yes", "-q"]);
    ok(&sandbox, &["patch", "rollback", "--to", &b, "--yes", "-q"]);
    assert_eq!(lines(&sandbox, &[2, 10, 18]), ["A", "10", "18"]);
    assert_eq!([&a, &b, &c].map(|id| state(&sandbox, id)), ["applied", "rolled-back", "rolled-back"]);
    ok(&sandbox, &["patch", "rollback", &a, "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
    // What was taken out came after A, so it goes with A.
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let [a, b, c] = three(&sandbox);
    ok(&sandbox, &["patch", "rollback", &b, "--yes", "-q"]);
    ok(&sandbox, &["patch", "rollback", "--to", &a, "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
    assert_eq!([&a, &b, &c].map(|id| state(&sandbox, id)), ["rolled-back", "rolled-back", "rolled-back"]);
}

#[test]
fn several_are_taken_out_from_under_others_and_put_in_again() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let [a, b, c] = three(&sandbox);
    let all = sandbox.read("n");
    ok(&sandbox, &["patch", "rollback", &b, "--yes", "-q"]);
    // Taken back and forth it stays where it was in the order.
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!((sandbox.read("n"), state(&sandbox, &b)), (all.clone(), "applied".into()));
    ok(&sandbox, &["patch", "rollback", &b, "--yes", "-q"]);
    let without = sandbox.read("n");
    ok(&sandbox, &["patch", "rollback", &a, &c, "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
    assert_eq!([&a, &b, &c].map(|id| state(&sandbox, id)), ["rolled-back", "rolled-back", "rolled-back"]);
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), without);
    assert_eq!([&a, &b, &c].map(|id| state(&sandbox, id)), ["applied", "rolled-back", "applied"]);
    ok(&sandbox, &["patch", "redo", "last", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers());
    // Somebody else's change is not taken along unasked.
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    sandbox.write("n", &(sandbox.read("n") + "mine\n"));
    let run = sandbox.heck(&["patch", "rollback", &a, &c, "--yes", "-q"]);
    assert!(run.code == 4 && run.stderr.contains("--merge"), "{}", run.shown());
    ok(&sandbox, &["patch", "rollback", &a, &c, "--merge", "--yes", "-q"]);
    assert_eq!(sandbox.read("n"), numbers() + "mine\n");
}

#[test]
fn what_was_taken_out_is_no_change_of_anybody() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let [a, b, _] = three(&sandbox);
    ok(&sandbox, &["patch", "rollback", &a, "--yes", "-q"]);
    assert_eq!(ok(&sandbox, &["patch", "create", "-q"]), "");
    sandbox.write("n", &(sandbox.read("n") + "mine\n"));
    let id = ok(&sandbox, &["patch", "create", "-q"]);
    let diff = ok(&sandbox, &["patch", "show", id.trim(), "-q"]);
    assert!(diff.contains("+mine") && !diff.contains("+B") && !diff.contains("-A"), "{diff}");
    ok(&sandbox, &["patch", "rollback", &b, "--yes", "-q"]);
}

#[test]
fn records_hold_through_taking_out_what_took_out() {
    let sandbox = Sandbox::new(&[("n", &numbers())]);
    let [a, b, c] = three(&sandbox);
    let last = |sandbox: &Sandbox| {
        let all = sandbox.heck(&["patch", "list", "--json"]).json();
        let patches = all["payload"]["patches"].as_array().cloned().unwrap_or_default();
        patches.last().map(|patch| patch["id"].as_str().unwrap_or("").to_owned()).expect("a patch")
    };
    let check = |what: &str| {
        for (id, token) in [(&a, "A"), (&b, "B"), (&c, "C")] {
            let has = sandbox.read("n").lines().any(|line| line == token);
            assert_eq!(state(&sandbox, id) == "applied", has, "{token} {what}");
        }
    };
    ok(&sandbox, &["patch", "rollback", &a, "--yes", "-q"]);
    let first = last(&sandbox);
    ok(&sandbox, &["patch", "rollback", &c, "--yes", "-q"]);
    ok(&sandbox, &["patch", "rollback", &first, "--yes", "-q"]);
    check("with what took it out taken out");
    let second = last(&sandbox);
    ok(&sandbox, &["patch", "rollback", &second, "--yes", "-q"]);
    check("with that taken back");
    ok(&sandbox, &["patch", "rollback", &first, "--yes", "-q"]);
    check("with the first taken back");
    // Git undid a taking out: its record goes back, and those of what it took out as well.
    sandbox.git(&["commit", "-q", "-a", "--allow-empty", "-m", "all"]);
    ok(&sandbox, &["patch", "rollback", &a, "--yes", "-q"]);
    sandbox.git(&["checkout", "-q", "n"]);
    ok(&sandbox, &["patch", "rollback", "last", "--yes", "-q"]);
    check("with git's help");
}
