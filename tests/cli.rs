//! What people and programs meet at the command line: exit codes, envelopes, help, bad input.

use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use expect_test::expect;

use crate::support::{Sandbox, finish, stable};

fn ts() -> Sandbox {
    Sandbox::new(&[("src/a.ts", "console.log(1);\nf(2);\n"), ("src/b.ts", "console.log(3);\n")])
}

#[test]
fn find_prints_places_counts_and_json() {
    let sandbox = ts();
    let shown = |args: &[&str]| stable(&sandbox.heck(args).shown(), &sandbox);
    expect![[r#"
        exit 0
        src/a.ts:1:1:console.log(1);
        src/b.ts:1:1:console.log(3);
    "#]]
    .assert_eq(&shown(&["find", "console.log($A)"]));
    expect![[r#"
        exit 0
        src/a.ts
           1:console.log(1);
           2-f(2);

    "#]]
    .assert_eq(&shown(&["find", "console.log($A)", "src/a.ts", "--heading", "-C", "1"]));
    expect!["exit 0\n2\n"].assert_eq(&shown(&["find", "console.log($A)", "--count"]));
    expect!["exit 0\nsrc/a.ts\n"].assert_eq(&shown(&["find", "f($A)", "--files-with-matches"]));
    expect!["exit 0\n"].assert_eq(&shown(&["find", "nothing($A)"]));
    let json = sandbox.heck(&["find", "f($A)", "--json"]).json();
    assert_eq!(json["payload"]["matches"][0]["vars"]["A"], "2");
    assert_eq!(json["payload"]["matches"][0]["span"]["from"], serde_json::json!({ "line": 2, "column": 1 }));
    // Paths are the user's, relative to where they stand.
    let run = sandbox.run(&["find", "f($A)", "a.ts"], None, &sandbox.root().join("src"));
    assert_eq!(run.stdout, "a.ts:2:1:f(2);\n");
}

#[test]
fn bad_input_has_a_documented_exit_code_and_one_envelope() {
    let sandbox = ts();
    let long = "x".repeat(100_000);
    let cases: &[(&[&str], i32, &str)] = &[
        (&["fnid", "x"], 2, "usage"),
        (&["find"], 2, "usage"),
        (&["find", "x", "--lnag", "ts"], 2, "usage"),
        (&["find", "x", "--lang", "cobol"], 2, "usage"),
        (&["find", "x", "--limit", "many"], 2, "usage"),
        (&["find", "(", "--lang", "ts", "--selector", "nope"], 2, "invalid"),
        (&["find", "x", "no/such/file.ts"], 4, "not_found"),
        (&["find", "x", "/etc"], 3, "denied"),
        (&["find", &long], 0, ""),
        (&["--repo", "/no/such/dir", "find", "x"], 4, "not_found"),
        (&["--repo", "src/a.ts", "find", "x"], 2, "usage"),
        (&["--bogus"], 2, "usage"),
        (&["--timeout", "soon", "status"], 2, "usage"),
        (&["patch", "show", "nope"], 4, "not_found"),
        (&["patch", "aply"], 2, "usage"),
        (&["patch"], 2, "usage"),
        (&["run", "no-such-recipe"], 2, "usage"),
        (&["run", "no/such.lua"], 4, "not_found"),
        (&["recipe", "new", "../x"], 2, "usage"),
        (&["scan"], 4, "not_found"),
        (&["scan", "--rule", "src/a.ts"], 2, "invalid"),
        (&["log", "show", "99"], 4, "not_found"),
        (&["help", "fs.raed"], 2, "usage"),
        (&["completions", "tcsh"], 2, "usage"),
        (&["rewrite", "f($A)", "g($B)"], 2, "usage"),
    ];
    for (args, code, kind) in cases {
        let run = sandbox.heck(args);
        assert_eq!(run.code, *code, "{args:?}: {}", run.shown());
        assert!(!run.stderr.contains("a bug in heck"), "{args:?}: {}", run.shown());
        let json = sandbox.heck(&[args, &["--json"][..]].concat());
        assert_eq!(json.code, *code, "{args:?}: {}", json.shown());
        assert_eq!(json.json()["error"]["kind"].as_str().unwrap_or_default(), *kind, "{args:?}");
    }
    assert_eq!(sandbox.status(), "");
}

#[test]
fn odd_surroundings_are_survived() {
    let sandbox = ts();
    // No home and no state directory: reading works, deciding says what to set.
    let mut bare =
        Sandbox::new(&[("a.ts", "f(1)\n"), (".heck/recipes/r.lua", "return heck.command { run = print }\n")]);
    bare.env = vec![("HOME".into(), None)];
    assert_eq!(bare.heck(&["find", "f($A)"]).code, 0);
    let run = bare.heck(&["trust", "--yes"]);
    assert!(run.code == 4 && run.stderr.contains("HOME"), "{}", run.shown());
    // Invalid UTF-8 in an argument and in a file name.
    let mut command = sandbox.command(&sandbox.root());
    command.arg("find").arg(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    assert_eq!(finish(command, None).code, 2);
    let odd = sandbox.root().join(std::ffi::OsStr::from_bytes(b"od\xffd.ts"));
    std::fs::write(&odd, "f(9)\n").expect("write");
    sandbox.write_bytes("latin.ts", b"f('\xe9')\n");
    let run = sandbox.heck(&["find", "f($A)", "--count"]);
    assert_eq!(run.stdout, "1\n");
    assert!(run.stderr.contains("left out: latin.ts"), "{}", run.shown());
    // Standard output that is closed, full, or goes away.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output =
        sandbox.command(&sandbox.root()).args(["find", "f($A)"]).stdout(Stdio::from(full)).output().expect("run");
    assert_eq!(output.status.code(), Some(4));
    let heck = env!("CARGO_BIN_EXE_heck");
    for script in [
        format!("{heck} find 'f($A)' >&-"),
        format!("{heck} find 'f($A)' | true; exit ${{PIPESTATUS[0]}}"),
        format!("{heck} --help | head -1; exit ${{PIPESTATUS[0]}}"),
    ] {
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script]).current_dir(sandbox.root()).env("HOME", sandbox.home());
        let run = finish(command, None);
        assert!(run.code == 0 && !run.stderr.contains("a bug in heck"), "{script}: {}", run.shown());
    }
    // Not a repository: looking is fine, changing is refused.
    let plain = Sandbox::bare(&[("a.ts", "f(1)\n")]);
    assert_eq!(plain.heck(&["find", "f($A)", "--count"]).stdout, "1\n");
    let run = plain.heck(&["rewrite", "f($A)", "g($A)", "--yes"]);
    assert!(run.code == 4 && run.stderr.contains("heck init"), "{}", run.shown());
    assert_eq!(plain.read("a.ts"), "f(1)\n");
    assert_eq!(plain.heck(&["init", "-q"]).code, 0);
    assert_eq!(plain.heck(&["rewrite", "f($A)", "g($A)", "--yes", "-q"]).code, 0);
    assert_eq!(plain.read("a.ts"), "g(1)\n");
}

#[test]
fn a_change_is_shown_asked_about_and_can_be_undone() {
    let sandbox = ts();
    let rewrite = ["rewrite", "console.log($A)", "log($A)"];
    let run = sandbox.heck(&[&rewrite[..], &["--dry-run"]].concat());
    expect![[r#"
        exit 0
        diff --git a/src/a.ts b/src/a.ts
        --- a/src/a.ts
        +++ b/src/a.ts
        @@ -1,2 +1,2 @@
        -console.log(1);
        +log(1);
         f(2);
        diff --git a/src/b.ts b/src/b.ts
        --- a/src/b.ts
        +++ b/src/b.ts
        @@ -1 +1 @@
        -console.log(3);
        +log(3);
        --- stderr
        2 files, +2 −2
        patch <id> is pending: apply it with `heck patch apply <id>`
    "#]]
    .assert_eq(&stable(&run.shown(), &sandbox));
    let run = sandbox.heck(&rewrite);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("there is no terminal to ask on"), "{}", run.shown());
    assert_eq!(sandbox.status(), "");
    let json = sandbox.heck(&["patch", "apply", "last", "--yes", "--json"]).json();
    assert_eq!(json["payload"]["patch"]["state"], "applied");
    assert_eq!(json["meta"]["patches"][0], json["payload"]["patch"]["id"]);
    assert_eq!(sandbox.read("src/b.ts"), "log(3);\n");
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes"]).code, 0);
    assert_eq!(sandbox.status(), "");
    assert_eq!(sandbox.heck(&["patch", "redo", "last", "--yes"]).code, 0);
    // A newer pending patch is not the last one that can be rolled back.
    assert_eq!(sandbox.heck(&["rewrite", "f($A)", "g($A)", "--dry-run", "-q"]).code, 0);
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes"]).code, 0);
    assert_eq!(sandbox.heck(&["patch", "drop", "last"]).code, 0);
    assert_eq!(sandbox.heck(&["patch", "redo", "last", "--yes"]).code, 0);
    assert_eq!(sandbox.status(), " M src/a.ts\n M src/b.ts\n");
    assert_eq!(sandbox.heck(&["patch", "drop", "last"]).code, 4);
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes"]).code, 0);
    assert_eq!(sandbox.heck(&["patch", "drop", "last"]).code, 0);
    let list = sandbox.heck(&["patch", "list"]);
    assert_eq!(list.stdout.lines().count(), 1, "{}", list.shown());
    assert_eq!(sandbox.heck(&["log", "verify"]).code, 0);
}

#[test]
fn verification_decides_whether_a_change_stays() {
    let sandbox = ts();
    let rewrite = |verify: &str| sandbox.heck(&["rewrite", "f($A)", "g($A)", "--yes", "--json", "--verify", verify]);
    let run = rewrite("grep -q g src/a.ts");
    assert_eq!((run.code, &run.json()["payload"]["patch"]["state"]), (0, &"applied".into()));
    sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    let run = rewrite("sh -c 'echo no; exit 3'");
    assert_eq!(run.code, 1, "{}", run.shown());
    assert_eq!(run.json()["payload"]["patch"]["state"], "rolled-back");
    assert_eq!(run.json()["payload"]["patch"]["verify"]["code"], 3);
    assert!(run.stderr.contains("  no\n"), "{}", run.shown());
    assert_eq!(rewrite("true && false").code, 2);
    assert_eq!(rewrite("").code, 2);
    let run = rewrite("surely-no-such-program");
    assert_eq!(run.code, 4, "{}", run.shown());
    assert_eq!(sandbox.status(), "");
}

#[test]
fn git_agrees_with_our_diffs() {
    let sandbox = ts();
    sandbox.write("x y/é.ts", "f(1)");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "odd"]);
    sandbox.heck(&["rewrite", "f($A)", "g($A)", "--dry-run"]);
    let id = sandbox.heck(&["patch", "list", "--json"]).json()["payload"]["patches"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let diff = format!(".heck/patches/{id}.diff");
    sandbox.git(&["apply", "--check", &diff]);
    sandbox.git(&["apply", &diff]);
    let by_git = (sandbox.read("src/a.ts"), sandbox.read("x y/é.ts"));
    let made = sandbox.heck(&["patch", "create", "--json"]).json();
    assert_eq!(made["payload"]["patch"]["state"], "applied");
    sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    assert_eq!(sandbox.status(), "");
    assert_eq!(sandbox.heck(&["patch", "apply", &id, "--yes"]).code, 0);
    assert_eq!((sandbox.read("src/a.ts"), sandbox.read("x y/é.ts")), by_git);
    sandbox.heck(&["patch", "rollback", &id, "--yes"]);
    let text = std::fs::read_to_string(sandbox.root().join(&diff)).expect("the diff");
    let run = sandbox.heck_with(&["patch", "create", "--from", "-", "-q"], &text);
    assert_eq!(run.code, 0, "{}", run.shown());
}

#[test]
fn init_writes_once_and_keeps_git_clean() {
    let sandbox = ts();
    expect![[r#"
        exit 0
        wrote .heck/.gitignore
        wrote .heck/.luarc.json
        wrote .heck/config.toml
        --- stderr
        next: `heck recipe new NAME` begins a recipe, `heck find PATTERN` looks around
    "#]]
    .assert_eq(&sandbox.heck(&["init"]).shown());
    assert_eq!(sandbox.status(), "?? .heck/\n");
    assert_eq!(sandbox.git(&["status", "--short", "-uall"]), "?? .heck/config.toml\n");
    assert!(sandbox.root().join(".heck/types/heck/ast.lua").is_file());
    let again = sandbox.heck(&["init", "--json"]).json();
    assert_eq!(again["payload"]["written"], serde_json::json!([]));
    assert_eq!(sandbox.heck(&["types"]).code, 0);
}

#[test]
fn status_help_and_types_answer() {
    let sandbox = ts();
    expect![[r#"
        exit 0
        repository     <repo>
        branch         main
        changed files  0
        code in .heck  empty
        patches        0 pending, 0 applied, 0 rolled back
        recipes        8
        network        offline
        heck           0.1.0
    "#]]
    .assert_eq(&stable(&sandbox.heck(&["status"]).shown(), &sandbox));
    sandbox.write(".heck/config.toml", "timeout = 9\n");
    let run = sandbox.heck(&["status", "--config"]);
    assert!(run.stdout.contains("timeout       9       repository"), "{}", run.shown());
    sandbox.write(".heck/config.toml", "tiemout = 9\n");
    let run = sandbox.heck(&["status", "--config"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean 'timeout'?"), "{}", run.shown());
    sandbox.write(".heck/config.toml", "");
    let schema: serde_json::Value =
        serde_json::from_str(&sandbox.heck(&["help", "rewrite", "--contract"]).stdout).expect("a schema");
    assert_eq!(schema["required"], serde_json::json!(["places", "refused"]));
    assert!(sandbox.heck(&["help", "ast", "find"]).stdout.starts_with("heck.ast.find(pattern, options)"));
    assert!(sandbox.heck(&["help", "--man"]).stdout.contains(".TH"));
}

#[test]
fn commands_of_user_and_repository_become_heck_commands() {
    let sandbox = ts();
    let text = "--- Greets.\nreturn heck.command { args = { { name = 'who', default = 'you' } }, run = function(ctx) return 'hi ' .. ctx.args.who end }\n";
    sandbox.write(".heck/commands/greet.lua", text);
    sandbox.write(".heck/commands/find.lua", text);
    assert_eq!(sandbox.heck(&["greet"]).code, 3);
    let help = sandbox.heck(&["--help"]);
    assert!(help.stdout.contains("greet        Greets"), "{}", help.shown());
    sandbox.trust();
    assert_eq!(sandbox.heck(&["greet", "all"]).stdout, "hi all\n");
    assert_eq!(sandbox.heck(&["gret"]).stderr, "error: there is no command 'gret'\nhint: did you mean 'greet'?\n");
    // A built-in name cannot be shadowed without the user's leave.
    assert_ne!(sandbox.heck(&["find", "f($A)"]).stdout, "hi f($A)\n");
    let dir = sandbox.home().join(".config/heck");
    std::fs::create_dir_all(&dir).expect("mkdir");
    std::fs::write(dir.join("config.toml"), "allow_shadow = true\n").expect("write");
    assert_eq!(sandbox.heck(&["find", "f($A)"]).stdout, "hi f($A)\n");
}

#[test]
fn interrupts_and_deadlines_end_a_run() {
    let sandbox = ts();
    sandbox.write("slow.lua", "--- Slow.\n---@grant proc=sleep\nreturn heck.command { run = function() heck.proc.run { 'sleep', '30' } end }\n");
    let run = sandbox.heck(&["run", "./slow.lua", "--timeout", "0.2", "--json"]);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (124, &"timeout".into()));
    sandbox
        .write("busy.lua", "--- Busy.\nreturn heck.command { run = function() while true do pcall(error) end end }\n");
    for (script, signal, code) in
        [("./slow.lua", "-INT", 130), ("./busy.lua", "-INT", 130), ("./slow.lua", "-TERM", 130)]
    {
        let mut child =
            sandbox.command(&sandbox.root()).args(["run", script, "-q"]).stderr(Stdio::null()).spawn().expect("start");
        std::thread::sleep(std::time::Duration::from_millis(400));
        let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        assert_eq!(child.wait().expect("wait").code(), Some(code), "{script} {signal}");
    }
}

#[test]
fn settings_are_layered_below_the_flags() {
    let sandbox = ts();
    sandbox.write(".heck/config.toml", "color = \"always\"\ntimeout = 1\n");
    let run = sandbox.heck(&["find", "f($A)", "--heading"]);
    assert!(run.stdout.contains("\x1b["), "{}", run.shown());
    assert!(!sandbox.heck(&["find", "f($A)", "--color", "never"]).stdout.contains("\x1b["));
    sandbox.write("busy.lua", "--- Busy.\nreturn heck.command { run = function() while true do end end }\n");
    assert_eq!(sandbox.heck(&["run", "./busy.lua"]).code, 124);
    let mut command = sandbox.command(&sandbox.root());
    command.args(["find", "f($A)"]).env("HECK_COLOR", "never");
    assert!(!finish(command, None).stdout.contains("\x1b["));
    sandbox.write(".heck/config.toml", "color = \"someitmes\"\n");
    assert_eq!(sandbox.heck(&["--help"]).code, 0);
}

#[test]
fn help_and_version_are_envelopes_too() {
    let sandbox = ts();
    for (args, field) in [
        (&["--version", "--json"][..], "text"),
        (&["--help", "--json"], "help"),
        (&["find", "--help", "--json"], "help"),
    ] {
        let run = sandbox.heck(args);
        assert!(run.code == 0 && run.json()["payload"][field].is_string(), "{args:?}: {}", run.shown());
    }
    assert_eq!(sandbox.heck(&["--version"]).stdout, format!("heck {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn standard_input_is_searched_like_a_file() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.heck_with(&["find", "f($A)", "--stdin", "--lang", "py"], "f(1)\nif x:\n    f(2)\n");
    assert_eq!(run.shown(), "exit 0\n1:1:f(1)\n3:5:f(2)\n");
    let stdin = "f(1)\nif x:\n    f(2)\n";
    let run = sandbox.heck_with(&["find", "f($A)", "--stdin", "--lang", "py", "--limit", "1"], stdin);
    assert_eq!(run.stdout, "1:1:f(1)\n", "{}", run.shown());
    let run = sandbox.heck_with(&["find", "f($A)", "--stdin", "--lang", "py", "--count"], stdin);
    assert_eq!(run.stdout, "2\n", "{}", run.shown());
    let run = sandbox.heck_with(&["find", "f($A)", "--stdin", "--lang", "py", "--files-with-matches"], stdin);
    assert_eq!(run.code, 2, "{}", run.shown());
    assert!(run.stderr.contains("--stdin does not go with --files-with-matches"), "{}", run.shown());
    let run = sandbox.heck_with(&["find", "f($A)", "--stdin"], "f(1)\n");
    assert_eq!(run.code, 2, "{}", run.shown());
}
