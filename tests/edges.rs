//! Where things go wrong around a change: half-staged files, links, directories that may not be written,
//! torn records, questions nobody answers, declarations that make no sense.

use std::process::{Command, Stdio};

use crate::support::{Run, Sandbox, finish};

/// Runs heck as someone to whom permissions apply, which they do not for root.
fn as_plain_user(sandbox: &Sandbox, args: &[&str]) -> Run {
    let id = Command::new("id").arg("-u").output().expect("id");
    if id.stdout.trim_ascii() != b"0" {
        return sandbox.heck(args);
    }
    let heck = sandbox.home().join("heck");
    if !heck.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_heck"), &heck).expect("a copy");
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&heck).args(args);
    command.current_dir(sandbox.root()).env_clear().env("HOME", sandbox.home());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    finish(command, None)
}

/// Gives the sandbox to that user.
fn hand_over(sandbox: &Sandbox) {
    let top = sandbox.home().parent().expect("the sandbox").to_path_buf();
    let is_root = Command::new("id").arg("-u").output().expect("id").stdout.trim_ascii() == b"0";
    if is_root {
        let status = Command::new("chown").args(["-R", "65534:65534"]).arg(&top).status().expect("chown");
        assert!(status.success());
    }
}

#[test]
fn a_read_only_directory_stops_a_change_as_a_whole() {
    let sandbox = Sandbox::three();
    hand_over(&sandbox);
    let rewrite = ["rewrite", "f($A)", "g($A)", "--yes", "--json"];
    sandbox.chmod("src", 0o555);
    let run = as_plain_user(&sandbox, &rewrite);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"tool".into()), "{}", run.shown());
    assert!(run.json()["error"]["message"].as_str().is_some_and(|text| text.contains("src")), "{}", run.shown());
    for (path, text) in [("src/a.ts", "f(1);\n"), ("src/b.ts", "f(2);\n"), ("other/c.ts", "f(3);\n")] {
        assert_eq!(sandbox.read(path), text);
    }
    sandbox.chmod("src", 0o755);
    assert_eq!(as_plain_user(&sandbox, &["patch", "apply", "last", "--yes"]).code, 0);
    assert_eq!(as_plain_user(&sandbox, &["patch", "rollback", "last", "--yes"]).code, 0);
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
    // The whole repository: looking works, changing does not, and says so.
    let sandbox = Sandbox::three();
    hand_over(&sandbox);
    sandbox.chmod("", 0o555);
    let run = as_plain_user(&sandbox, &["find", "f($A)", "--count", "--json"]);
    assert_eq!((run.code, &run.json()["payload"]["count"]), (0, &3.into()), "{}", run.shown());
    let run = as_plain_user(&sandbox, &rewrite);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"tool".into()), "{}", run.shown());
    let run = as_plain_user(&sandbox, &["init", "--json"]);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"tool".into()), "{}", run.shown());
    sandbox.chmod("", 0o755);
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
    assert!(!sandbox.root().join(".heck").exists());
}

#[test]
fn a_subdirectory_is_the_scope_and_the_point_of_view() {
    let sandbox = Sandbox::three();
    let below = |args: &[&str], dir: &str| sandbox.run(args, None, &sandbox.root().join(dir));
    assert_eq!(below(&["find", "f($A)"], "src").stdout, "a.ts:1:1:f(1);\nb.ts:1:1:f(2);\n");
    assert_eq!(below(&["find", "f($A)", "..", "--files-with-matches"], "src").stdout, "../other/c.ts\na.ts\nb.ts\n");
    let json = below(&["find", "f($A)", "--json"], "other").json();
    assert_eq!(json["payload"]["matches"][0]["path"], "other/c.ts");
    let root = sandbox.root().to_string_lossy().into_owned();
    let run = below(&["--repo", &root, "find", "f($A)", "--count"], "../home");
    assert_eq!((run.code, run.stdout.as_str()), (0, "3\n"), "{}", run.shown());
    assert_eq!(below(&["rewrite", "f($A)", "g($A)", "--yes", "-q"], "other").code, 0);
    assert_eq!(sandbox.status(), " M other/c.ts\n");
}

#[test]
fn taking_back_is_shown_and_asked_about() {
    let sandbox = Sandbox::three();
    assert_eq!(sandbox.heck(&["rewrite", "f($A)", "g($A)", "src/a.ts", "--yes", "-q"]).code, 0);
    let run = sandbox.heck(&["patch", "rollback", "last"]);
    assert!(run.code == 2 && run.stdout.contains("-g(1);\n+f(1);\n"), "{}", run.shown());
    assert!(run.stderr.contains("pass --yes"), "{}", run.shown());
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--dry-run", "-q"]).code, 0);
    assert_eq!(sandbox.read("src/a.ts"), "g(1);\n");
    // Git undid it: so it is taken back.
    sandbox.git(&["checkout", "-q", "."]);
    let run = sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    let run = sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    assert!(run.code == 4 && run.stderr.contains("no patch is applied"), "{}", run.shown());
    // The file is another now: the record can be forgotten, and says what stands in the way.
    assert_eq!(sandbox.heck(&["patch", "redo", "last", "--yes", "-q"]).code, 0);
    sandbox.write("src/a.ts", "mine(1);\n");
    let run = sandbox.heck(&["patch", "check", "last"]);
    assert!(run.code == 1 && run.stdout.contains("changed since the patch was applied"), "{}", run.shown());
    let run = sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    assert!(run.code == 4 && run.stderr.contains("--force"), "{}", run.shown());
    assert_eq!(sandbox.heck(&["patch", "drop", "last", "--force"]).code, 0);
    let run = sandbox.heck(&["patch", "list", "--state", "applied"]);
    assert!(run.stderr.contains("no patch is applied"), "{}", run.shown());
}

#[test]
fn a_change_never_goes_through_a_link() {
    let sandbox = Sandbox::three();
    let outside = sandbox.home().join("target.ts");
    std::fs::write(&outside, "f(9);\n").expect("write");
    std::os::unix::fs::symlink(&outside, sandbox.root().join("link.ts")).expect("link");
    std::os::unix::fs::symlink(sandbox.home(), sandbox.root().join("linkdir")).expect("link");
    sandbox.write(
        ".heck/recipes/w.lua",
        "--- Writes.\nreturn heck.command { changes = true, args = { { name = 'path', required = true } },\n  run = function(ctx)\n    local p = heck.patch.new()\n    p:write(ctx.args.path, 'owned\\n')\n    return { patch = p }\n  end }\n",
    );
    sandbox.trust();
    for path in ["link.ts", "linkdir/target.ts", "linkdir/new.ts"] {
        let run = sandbox.heck(&["run", "w", path, "--yes", "--json"]);
        assert_ne!(run.code, 0, "{path}: {}", run.shown());
        assert_eq!(run.json()["error"]["kind"], "denied", "{path}: {}", run.shown());
    }
    assert_eq!(std::fs::read_to_string(&outside).expect("read"), "f(9);\n");
    assert!(sandbox.root().join("link.ts").is_symlink());
    assert!(!sandbox.home().join("new.ts").exists());
}

#[test]
fn a_rollback_that_fails_after_a_failed_verification_is_told() {
    let sandbox = Sandbox::three();
    let run = sandbox.heck(&[
        "rewrite",
        "f($A)",
        "g($A)",
        "src/a.ts",
        "--yes",
        "--json",
        "--verify",
        "sh -c 'echo x >> src/a.ts; exit 1'",
    ]);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"conflict".into()), "{}", run.shown());
    assert!(run.stdout.contains("could not be rolled back"), "{}", run.shown());
    // What the verification wrote is not lost.
    assert_eq!(sandbox.read("src/a.ts"), "g(1);\nx\n");
}

#[test]
fn an_edit_of_a_file_that_was_saved_meanwhile_is_refused() {
    let sandbox = Sandbox::three();
    sandbox.write(
        ".heck/recipes/late.lua",
        "--- Late.\n---@grant proc=sh\nreturn heck.command { changes = true, run = function()\n  local node = heck.ast.find('f($A)', { lang = 'ts', paths = { 'src/a.ts' } })\n  heck.proc.run { 'sh', '-c', 'printf \"/* mine */ f(1);\\\\n\" > src/a.ts' }\n  local p = heck.patch.new()\n  p:replace(node, 'g($A)')\n  return { patch = p }\nend }\n",
    );
    sandbox.trust();
    let run = sandbox.heck(&["run", "late", "--yes", "--json"]);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"conflict".into()), "{}", run.shown());
    assert_eq!(sandbox.read("src/a.ts"), "/* mine */ f(1);\n");
}

#[test]
fn a_torn_record_is_named_and_the_log_goes_on() {
    let sandbox = Sandbox::three();
    for _ in 0..2 {
        assert_eq!(sandbox.heck(&["rewrite", "f($A)", "g($A)", "--dry-run", "-q"]).code, 0);
    }
    let dir = sandbox.root().join(".heck/runlogs");
    // Around midnight there are two days; the newest has the last record.
    let days = || {
        let entries = std::fs::read_dir(&dir).expect("runlogs").flatten().map(|entry| entry.path());
        let mut days: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
        days.sort();
        days
    };
    let day = days().pop().expect("a day");
    let bytes = std::fs::read(&day).expect("read");
    std::fs::write(&day, &bytes[..bytes.len() - 20]).expect("write");
    assert_eq!(sandbox.heck(&["rewrite", "f($A)", "g($A)", "--dry-run", "-q"]).code, 0);
    let run = sandbox.heck(&["log", "verify"]);
    assert!(run.code == 1 && !run.stderr.contains("a bug in heck"), "{}", run.shown());
    let lines: String = days().iter().map(|day| std::fs::read_to_string(day).expect("read")).collect();
    assert!(lines.ends_with("}\n") && lines.lines().count() == 2, "{lines}");
}

#[test]
fn a_record_that_a_crash_has_cut_off_is_no_damage() {
    let sandbox = Sandbox::three();
    let rewrite = || assert_eq!(sandbox.heck(&["rewrite", "f($A)", "g($A)", "--dry-run", "-q"]).code, 0);
    rewrite();
    let dir = sandbox.root().join(".heck/runlogs");
    let day = std::fs::read_dir(&dir).expect("runlogs").flatten().map(|entry| entry.path());
    let day = day.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).max().expect("a day");
    let bytes = std::fs::read(&day).expect("read");
    std::fs::write(&day, [&bytes[..], &bytes[..40]].concat()).expect("write");
    assert_eq!(sandbox.heck(&["log", "verify"]).code, 0);
    rewrite();
    assert_eq!(sandbox.heck(&["log", "verify"]).code, 0);
    assert!(!std::fs::read_to_string(&day).expect("read").contains("}{"));
}

#[test]
fn senseless_declarations_are_errors_of_their_author() {
    let sandbox = Sandbox::three();
    let cases = [
        "flags = { { name = 'json' } }",
        "flags = { { name = 'a' }, { name = 'a' } }",
        "flags = { { name = 'a', short = 'y' } }",
        "flags = { { name = 'a', type = 'integer', choices = { '1' } } }",
        "flags = { { name = '' } }",
        "flags = { { name = 'a b' } }",
        "flags = { { name = '-a' } }",
        "commands = { { name = 'a b' } }",
        "flags = { { name = 'a', type = 'date' } }",
        "args = { { name = 'a' }, { name = 'b', required = true } }",
        "args = { { name = 'a', many = true }, { name = 'b' } }",
        "commands = { { name = 'x' }, { name = 'x' } }",
        "args = 7",
    ];
    for declaration in cases {
        let text = format!("--- X.\nreturn heck.command {{ {declaration}, run = function() end }}\n");
        sandbox.write("x.lua", &text);
        let run = sandbox.heck(&["run", "./x.lua", "--json"]);
        assert_eq!(run.code, 2, "{declaration}: {}", run.shown());
        assert!(run.json()["error"]["message"].is_string(), "{declaration}");
    }
}

#[test]
fn a_loop_beside_the_declaration_ends_too() {
    let sandbox = Sandbox::three();
    sandbox.write(".heck/commands/spin.lua", "--- Spins.\nwhile true do end\n");
    sandbox.write(".heck/commands/match.lua", "--- Matches.\nstring.find(('a'):rep(40), ('a*'):rep(40) .. 'b')\n");
    sandbox.trust();
    for (name, codes) in [("spin", [2, 124]), ("match", [124, 124])] {
        let run = sandbox.heck(&[name, "--timeout", "0.5", "--json"]);
        assert!(codes.contains(&run.code), "{name}: {}", run.shown());
        assert!(!run.stderr.contains("a bug in heck"), "{name}: {}", run.shown());
    }
}

#[test]
fn ctrl_c_at_a_question_changes_nothing() {
    let sandbox = Sandbox::three();
    // `script` gives it a terminal to ask on.
    let heck = env!("CARGO_BIN_EXE_heck");
    let line = format!("trap : INT; {heck} rewrite 'f($A)' 'g($A)'; echo \"code $?\"");
    let ask = |answer: &[u8]| {
        use std::io::{Read, Write};
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &line, "/dev/null"])
            .current_dir(sandbox.root())
            .env("HOME", sandbox.home())
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script, of util-linux");
        // A question that never comes must not hang the tests.
        let id = child.id().to_string();
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let guard = std::thread::spawn(move || {
            if ended.recv_timeout(std::time::Duration::from_secs(60)).is_err() {
                let _ = Command::new("kill").arg(id).status();
            }
        });
        let (mut stdin, mut stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&seen).contains("[y/N]") {
            let count = stdout.read(&mut buffer).expect("read");
            assert!(count > 0, "no question: {}", String::from_utf8_lossy(&seen));
            seen.extend_from_slice(&buffer[..count]);
        }
        stdin.write_all(answer).expect("write");
        let _ = stdout.read_to_end(&mut seen);
        let _ = child.wait();
        let _ = done.send(());
        let _ = guard.join();
        String::from_utf8_lossy(&seen).into_owned()
    };
    let text = ask(b"\x03");
    assert!(text.contains("code 130"), "{text}");
    assert_eq!(sandbox.status(), "");
    let text = ask(b"no\n");
    assert!(text.contains("code 0") && text.contains("is pending"), "{text}");
    assert_eq!(sandbox.status(), "");
    let text = ask(b"y\n");
    assert!(text.contains("applied to 3 files"), "{text}");
    assert_eq!(sandbox.read("src/a.ts"), "g(1);\n");
}

#[test]
fn a_directory_that_must_stay_does_not_stop_what_comes_later() {
    let sandbox = Sandbox::three();
    sandbox.write("ro/d/x.ts", "f(1)\n");
    sandbox.write("y.ts", "h(1)\n");
    sandbox.write("x.diff", "--- a/ro/d/x.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-f(1)\n");
    hand_over(&sandbox);
    assert_eq!(as_plain_user(&sandbox, &["patch", "create", "--from", "x.diff", "-q"]).code, 0);
    sandbox.chmod("ro", 0o555);
    let run = as_plain_user(&sandbox, &["patch", "apply", "last", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(as_plain_user(&sandbox, &["rewrite", "h($A)", "i($A)", "y.ts", "--yes", "-q"]).code, 0);
    sandbox.chmod("ro", 0o755);
    assert_eq!(sandbox.read("y.ts"), "i(1)\n");
}

#[test]
fn a_link_to_nothing_in_heck_stops_no_command() {
    let sandbox = Sandbox::three();
    sandbox.write(".heck/recipes/ok.lua", "--- Ok.\nreturn heck.command { run = print }\n");
    std::os::unix::fs::symlink("nope", sandbox.root().join(".heck/recipes/x.lua")).expect("link");
    for args in [&["--help"][..], &["status"], &["recipe", "list"], &["trust", "--yes"], &["run", "ok"]] {
        assert_eq!(sandbox.heck(args).code, 0, "{args:?}");
    }
    sandbox.write(".heck/recipes/nope", "return 1\n");
    assert_eq!(sandbox.heck(&["run", "ok"]).code, 3);
}

#[test]
fn words_of_a_rule_may_look_like_numbers() {
    let sandbox = Sandbox::three();
    sandbox.write("r.yml", "id: 42\nlanguage: ts\nmessage: 404\nseverity: warning\nrule: { pattern: f($A) }\n");
    let run = sandbox.heck(&["scan", "--rule", "r.yml"]);
    assert!(run.code == 0 && run.stdout.contains("warning[42] 404"), "{}", run.shown());
}

#[test]
fn what_a_script_does_beside_its_patch_is_told() {
    let sandbox = Sandbox::three();
    sandbox.write(
        ".heck/recipes/own.lua",
        "--- Own.\n---@grant fs.write=**\nreturn heck.command { run = function()\n  local p = heck.patch.new()\n  p:write('z.txt', 'a\\n')\n  p:apply()\n  return 'done'\nend }\n",
    );
    sandbox.write(
        ".heck/recipes/two.lua",
        "--- Two.\n---@grant fs.write=**\nreturn heck.command { run = function()\n  local p, q = heck.patch.new(), heck.patch.new()\n  p:write('p.txt', 'a')\n  q:write('q.txt', 'a')\n  return { p, q }\nend }\n",
    );
    sandbox.trust();
    let run = sandbox.heck(&["run", "own"]);
    assert!(run.code == 0 && run.stderr.contains("undo with `heck patch rollback"), "{}", run.shown());
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]).code, 0);
    let run = sandbox.heck(&["run", "own", "--verify", "false"]);
    assert!(run.code == 2 && run.stderr.contains("--verify was not run"), "{}", run.shown());
    let run = sandbox.heck(&["run", "two", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("a script returns one patch"), "{}", run.shown());
    // heck's own files are not swept up by a patch of the tree, nor is what git does not know, if so wished.
    sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]);
    sandbox.write("src/a.ts", "g(1);\n");
    sandbox.write("new.txt", "n\n");
    assert_eq!(sandbox.heck(&["patch", "create", "--tracked", "-q"]).code, 0);
    let files = sandbox.heck(&["patch", "show", "last", "--stat"]).stdout;
    assert!(files.contains("src/a.ts") && !files.contains("new.txt") && !files.contains(".heck"), "{files}");
    // A verification's words are heard when it fails, quiet or not.
    let verify = ["--yes", "-q", "--verify", "sh -c 'echo three failed; exit 1'"];
    let run = sandbox.heck(&[&["rewrite", "f($A)", "g($A)", "src/b.ts"][..], &verify].concat());
    assert!(run.code == 1 && run.stderr.contains("three failed"), "{}", run.shown());
}

#[test]
fn a_module_that_fails_can_be_required_again() {
    let sandbox = Sandbox::three();
    sandbox.write(".heck/lib/bad.lua", "error('not ready')\n");
    sandbox.write(".heck/lib/a.lua", "return require 'b'\n");
    sandbox.write(".heck/lib/b.lua", "return require 'a'\n");
    sandbox.write(
        ".heck/recipes/r.lua",
        "--- R.\nreturn heck.command { run = function()\n  for _, name in ipairs { 'bad', 'bad', 'a', 'a' } do\n    print(select(2, heck.try(require, name)).message)\n  end\nend }\n",
    );
    sandbox.trust();
    let run = sandbox.heck(&["run", "r"]);
    assert_eq!(run.stdout, "not ready\nnot ready\n'a' requires itself\n'a' requires itself\n", "{}", run.shown());
}
