//! Patches of what is there already: of the working tree, and of diffs that others made.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::Sandbox;

#[test]
fn a_patch_is_made_of_what_differs_from_the_last_commit() {
    let sandbox = Sandbox::three();
    sandbox.write("src/a.ts", "staged(1);\n");
    sandbox.git(&["add", "src/a.ts"]);
    sandbox.write("src/new.ts", "n();\n");
    sandbox.git(&["add", "src/new.ts"]);
    sandbox.write("src/b.ts", "unstaged(2);\n");
    sandbox.git(&["rm", "-q", "--cached", "other/c.ts"]);
    sandbox.write_bytes("image.bin", b"\0\x01\x02");
    let run = sandbox.heck(&["patch", "create", "--title", "all"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(!run.stderr.contains("left out"), "{}", run.shown());
    let files = |id: &str| -> Vec<String> {
        let json = sandbox.heck(&["patch", "show", id, "--json"]).json();
        let list = json["payload"]["patch"]["files"].as_array().cloned().unwrap_or_default();
        list.iter().map(|file| file["path"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(files("last"), ["image.bin", "src/a.ts", "src/b.ts", "src/new.ts"]);
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]).code, 0);
    assert_eq!((sandbox.read("src/a.ts"), sandbox.read("src/b.ts")), ("f(1);\n".into(), "f(2);\n".into()));
    assert!(!sandbox.root().join("src/new.ts").exists() && !sandbox.root().join("image.bin").exists());
    assert_eq!(sandbox.heck(&["patch", "redo", "last", "--yes", "-q"]).code, 0);
    assert_eq!(sandbox.read("src/new.ts"), "n();\n");
    assert_eq!(sandbox.read("image.bin").as_bytes(), b"\0\x01\x02");
    // What an applied patch has is nobody's change any more.
    assert_eq!(sandbox.heck(&["patch", "create", "-q"]).stdout, "");
    assert_eq!(sandbox.heck(&["patch", "drop", "last", "--force", "-q"]).code, 0);
    // Only what is staged; a file that has more than that cannot be taken back alone.
    let run = sandbox.heck(&["patch", "create", "--staged", "--json"]);
    assert_eq!((run.code, &run.json()["error"]["kind"]), (4, &"conflict".into()), "{}", run.shown());
    sandbox.git(&["add", "other/c.ts"]);
    let run = sandbox.heck(&["patch", "create", "--staged", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(files("last"), ["src/a.ts", "src/new.ts"]);
    sandbox.write("src/a.ts", "more(1);\n");
    let run = sandbox.heck(&["patch", "create", "--staged"]);
    assert!(run.code == 4 && run.stderr.contains("src/a.ts has changes that are not staged"), "{}", run.shown());
}

#[test]
fn a_diff_is_read_from_where_the_user_stands() {
    let sandbox = Sandbox::three();
    sandbox.write("src/x.diff", "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-f(1);\n+g(1);\n");
    let run = sandbox.run(&["patch", "create", "--from", "x.diff", "-q"], None, &sandbox.root().join("src"));
    assert_eq!(run.code, 0, "{}", run.shown());
    let binary = "diff --git a/src/a.ts b/src/a.ts\nBinary files a/src/a.ts and b/src/a.ts differ\n";
    let run = sandbox.heck_with(&["patch", "create", "--from", "-"], binary);
    assert!(run.code == 2 && run.stderr.contains("the diff does not have"), "{}", run.shown());
}

/// Makes a patch of the working tree and takes it back; the lines that `create` wrote about files left out.
fn create_and_roll_back(sandbox: &Sandbox) -> String {
    let run = sandbox.heck(&["patch", "create"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    if !run.stderr.contains("nothing has changed") {
        let run = sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]);
        assert_eq!(run.code, 0, "{}", run.shown());
    }
    run.stderr
}

#[test]
fn what_git_converts_is_left_out_of_a_patch() {
    let sandbox = Sandbox::three();
    sandbox.git(&["config", "filter.up.clean", "tr A-Z a-z"]);
    sandbox.git(&["config", "filter.up.smudge", "tr a-z A-Z"]);
    sandbox.write(".gitattributes", "*.up filter=up\n*.win eol=crlf\n");
    sandbox.write("x.up", "HELLO\n");
    sandbox.write("gone.win", "gone\r\n");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "filters"]);
    // Only the time differs, and git's index knows it.
    Command::new("touch").args(["-d", "1 hour ago"]).arg(sandbox.root().join("x.up")).status().expect("touch");
    sandbox.git(&["update-index", "--refresh"]);
    assert!(create_and_roll_back(&sandbox).contains("nothing has changed"));
    sandbox.write("x.up", "OTHER\n");
    std::fs::remove_file(sandbox.root().join("gone.win")).expect("remove");
    sandbox.write("src/a.ts", "g(1);\n");
    let said = create_and_roll_back(&sandbox);
    assert!(said.contains("left out: x.up goes through a filter of git's"), "{said}");
    assert!(said.contains("left out: gone.win has line ends that git converts"), "{said}");
    assert_eq!((sandbox.read("x.up"), sandbox.read("src/a.ts")), ("OTHER\n".into(), "f(1);\n".into()));
    assert!(!sandbox.root().join("gone.win").exists());
}

#[test]
fn line_ends_that_gits_configuration_converts_are_left_alone() {
    let sandbox = Sandbox::three();
    sandbox.git(&["config", "core.autocrlf", "true"]);
    std::fs::remove_file(sandbox.root().join("src/a.ts")).expect("remove");
    sandbox.git(&["checkout", "-q", "."]);
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\r\n");
    sandbox.write("src/a.ts", "g(1);\r\n");
    let said = create_and_roll_back(&sandbox);
    assert!(said.contains("left out: src/a.ts has line ends that git converts"), "{said}");
    assert_eq!(sandbox.read("src/a.ts"), "g(1);\r\n");
}

#[test]
fn odd_files_do_not_stop_a_patch_of_the_others() {
    let sandbox = Sandbox::three();
    sandbox.write("dir", "was a file\n");
    sandbox.write("link", "was a file\n");
    sandbox.write("w/x.ts", "tracked\n");
    sandbox.write("xa", "tracked\n");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "odd"]);
    for path in ["dir", "link"] {
        std::fs::remove_file(sandbox.root().join(path)).expect("remove");
    }
    sandbox.write("dir/inner", "new\n");
    std::os::unix::fs::symlink("xa", sandbox.root().join("link")).expect("link");
    // What the user's git calls the sides, and how it quotes names, must not lead to another file.
    sandbox.git(&["config", "diff.mnemonicPrefix", "true"]);
    sandbox.write("x.ts", "new\n");
    sandbox.write("x\u{7}", "new\n");
    std::fs::write(sandbox.root().join(std::ffi::OsStr::from_bytes(b"od\xffd")), "new\n").expect("write");
    sandbox.write("src/a.ts", "g(1);\n");
    let said = create_and_roll_back(&sandbox);
    assert!(!said.contains("left out"), "{said}");
    assert_eq!((sandbox.read("dir"), sandbox.read("link")), ("was a file\n".into(), "was a file\n".into()));
    assert!(!sandbox.root().join(std::ffi::OsStr::from_bytes(b"od\xffd")).exists());
    assert_eq!((sandbox.read("w/x.ts"), sandbox.read("xa")), ("tracked\n".into(), "tracked\n".into()));
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
    assert!(!sandbox.root().join("x.ts").exists() && !sandbox.root().join("x\u{7}").exists());
    // Neither a submodule that changed, nor what a sparse checkout leaves out.
    let sandbox = Sandbox::three();
    sandbox.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        &sandbox.root().to_string_lossy(),
        "sub",
    ]);
    sandbox.git(&["commit", "-q", "-m", "sub"]);
    let inner = sandbox.root().join("sub");
    Command::new("git").args(["checkout", "-q", "--orphan", "x"]).current_dir(&inner).status().expect("git");
    Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@t.invalid", "commit", "-q", "-m", "x"])
        .current_dir(&inner)
        .status()
        .expect("git");
    let said = create_and_roll_back(&sandbox);
    assert!(said.contains("sub is a submodule"), "{said}");
    let sandbox = Sandbox::three();
    sandbox.git(&["sparse-checkout", "set", "src"]);
    assert!(!sandbox.root().join("other").exists());
    assert!(create_and_roll_back(&sandbox).contains("nothing has changed"));
}

#[test]
fn a_rename_keeps_the_mode_and_overwrites_nothing() {
    let sandbox = Sandbox::three();
    sandbox.write("s.sh", "echo\n");
    sandbox.chmod("s.sh", 0o755);
    let rename =
        |to: &str| format!("diff --git a/s.sh b/{to}\nsimilarity index 100%\nrename from s.sh\nrename to {to}\n");
    let run = sandbox.heck_with(&["patch", "create", "--from", "-"], &rename("src/a.ts"));
    assert!(run.code == 4 && run.stderr.contains("src/a.ts exists"), "{}", run.shown());
    assert_eq!(sandbox.heck_with(&["patch", "create", "--from", "-", "-q"], &rename("t.sh")).code, 0);
    assert_eq!(sandbox.heck(&["patch", "apply", "last", "--yes", "-q"]).code, 0);
    let mode = |path: &str| std::fs::metadata(sandbox.root().join(path)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("t.sh") & 0o100, 0o100);
    // A file that nobody else may read is not opened up by a redo.
    let sandbox = Sandbox::three();
    sandbox.write("key", "secret\n");
    sandbox.chmod("key", 0o600);
    create_and_roll_back(&sandbox);
    assert_eq!(sandbox.heck(&["patch", "redo", "last", "--yes", "-q"]).code, 0);
    let mode = std::fs::metadata(sandbox.root().join("key")).expect("key").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}
