//! A repository's code is inert until it is trusted, and again once it has changed.

use crate::support::Sandbox;

const RECIPE: &str = "--- Touches.\nreturn heck.command { run = function() return 'ran' end }\n";

#[test]
fn the_whole_life_of_a_decision() {
    let mut sandbox = Sandbox::new(&[(".heck/recipes/r.lua", RECIPE)]);
    let run = sandbox.heck(&["run", "r"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("`heck trust`") && run.stderr.contains("HECK_TRUST="), "{}", run.shown());
    // Nobody to ask, so it fails closed; and it shows what it is about.
    let run = sandbox.heck(&["trust"]);
    assert!(run.code == 3 && run.stdout.contains("return 'ran'"), "{}", run.shown());
    assert_eq!(sandbox.heck(&["trust", "--deny"]).code, 0);
    assert!(sandbox.heck(&["run", "r"]).stderr.contains("was denied"));
    sandbox.trust();
    assert_eq!(sandbox.heck(&["run", "r"]).stdout, "ran\n");
    assert!(sandbox.heck(&["trust", "--list"]).stdout.contains("trusted"));
    sandbox.write(".heck/recipes/r.lua", &RECIPE.replace("'ran'", "'changed'"));
    let run = sandbox.heck(&["run", "r"]);
    assert!(run.code == 3 && run.stderr.contains("--diff"), "{}", run.shown());
    let diff = sandbox.heck(&["trust", "--diff"]).stdout;
    assert!(diff.contains("-return heck.command { run = function() return 'ran' end }"), "{diff}");
    assert_eq!(sandbox.heck(&["trust", "--forget"]).code, 0);
    // CI says which code it means.
    let digest = sandbox.heck(&["trust", "--dry-run", "--json"]).json()["payload"]["digest"]
        .as_str()
        .expect("digest")
        .to_owned();
    sandbox.env = vec![("HECK_TRUST".into(), Some(digest))];
    assert_eq!(sandbox.heck(&["run", "r"]).stdout, "changed\n");
    sandbox.env = vec![("HECK_TRUST".into(), Some("0".repeat(32)))];
    assert_eq!(sandbox.heck(&["run", "r"]).code, 3);
}

#[test]
fn an_untrusted_repository_can_be_looked_at_with_heck() {
    let sandbox = Sandbox::new(&[
        ("a.ts", "f(1)\n"),
        (".heck/recipes/r.lua", "heck.fs.write('x', 'x')\nreturn 1\n"),
        (".heck/lib/l.lua", "return 1\n"),
    ]);
    for args in
        [&["recipe", "list"][..], &["find", "f($A)"], &["status"], &["--help"], &["completions", "bash"], &["run"]]
    {
        let run = sandbox.heck(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.shown());
    }
    let run = sandbox.heck_with(&["repl"], "require 'l'\n");
    assert!(run.stderr.contains("there is no module 'l'"), "{}", run.shown());
    assert_eq!(sandbox.status(), "");
}

#[test]
fn worktrees_share_the_decision_while_the_code_is_equal() {
    let sandbox = Sandbox::new(&[(".heck/recipes/r.lua", RECIPE)]);
    sandbox.trust();
    sandbox.git(&["worktree", "add", "-q", "../other"]);
    let other = sandbox.root().join("../other").canonicalize().expect("the worktree");
    assert_eq!(sandbox.run(&["run", "r"], None, &other).stdout, "ran\n");
    std::fs::write(other.join(".heck/recipes/r.lua"), "return 1\n").expect("write");
    assert_eq!(sandbox.run(&["run", "r"], None, &other).code, 3);
    assert_eq!(sandbox.heck(&["run", "r"]).stdout, "ran\n");
}

#[test]
fn grants_are_what_the_header_says() {
    let recipe = "--- Writes.\n---@grant fs.write=docs/** env=MINE\nreturn heck.command { run = function() return { v = heck.env.get 'MINE' or '' , id = heck.fs.write('docs/x.md', 'x') } end }\n";
    let mut sandbox = Sandbox::new(&[(".heck/recipes/w.lua", recipe)]);
    let run = sandbox.heck(&["trust"]);
    assert!(run.stderr.contains("may: fs.write=docs/** env=MINE"), "{}", run.shown());
    sandbox.trust();
    sandbox.env = vec![("MINE".into(), Some("v".into()))];
    let json = sandbox.heck(&["run", "w", "--json"]).json();
    assert_eq!(json["payload"]["v"], "v");
    assert_eq!(sandbox.read("docs/x.md"), "x");
    let log = sandbox.heck(&["log", "list", "--json"]).json();
    assert_eq!(log["payload"]["records"][0]["patches"][0]["state"], "applied");
}

#[test]
fn no_way_around_trust_and_grants() {
    let sandbox = Sandbox::new(&[("a.txt", "a\n")]);
    sandbox.write(".heck/commands/evil.lua", "error('it ran')\n");
    let help = sandbox.heck(&["help", "evil"]);
    assert!(help.code == 3 && !help.stderr.contains("it ran"), "{}", help.shown());
    // The code of another repository, by path, from outside of it.
    let other = sandbox.home().join("other");
    std::fs::create_dir_all(other.join(".heck/recipes")).expect("mkdir");
    std::fs::write(other.join(".heck/recipes/r.lua"), RECIPE).expect("write");
    let path = other.join(".heck/recipes/r.lua");
    let run = sandbox.heck(&["run", &path.to_string_lossy()]);
    assert!(run.code == 3 && run.stdout.is_empty(), "{}", run.shown());
    // An exclusion holds however the path is spelled, and a script cannot write in a dry run.
    let write = |path: &str| {
        format!(
            "--- W.\n---@grant fs.write=src/**,!src/secret/**\nreturn heck.command {{ run = function() heck.fs.write('{path}', 'x') end }}\n"
        )
    };
    for (path, code) in [("src//secret/x", 3), ("src/./secret/x", 3), ("src/open/x", 0)] {
        sandbox.write("w.lua", &write(path));
        let run = sandbox.heck(&["run", "./w.lua", "--dry-run"]);
        assert_eq!(run.code, code, "{path}: {}", run.shown());
    }
    assert!(!sandbox.root().join("src").exists());
    // Records do not go where a link of the repository leads.
    let elsewhere = sandbox.home().join("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("mkdir");
    std::fs::remove_dir_all(sandbox.root().join(".heck/runlogs")).ok();
    std::os::unix::fs::symlink(&elsewhere, sandbox.root().join(".heck/runlogs")).expect("link");
    assert_eq!(sandbox.heck(&["run", "./w.lua", "--dry-run"]).code, 3);
    assert_eq!(std::fs::read_dir(&elsewhere).expect("read").count(), 0);
}
