//! The dirty cases of the promise: what may stand in a change's way, and what happens then.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::{Run, Sandbox, finish};

fn edit(path: &str, old: &str, new: &str) -> String {
    format!("diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-{old}\n+{new}\n")
}

fn create(path: &str) -> String {
    format!("diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+new\n")
}

/// Makes a pending patch of a diff; its identifier.
fn pending(sandbox: &Sandbox, diff: &str) -> String {
    let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], diff);
    assert_eq!(run.code, 0, "{}", run.shown());
    run.stdout.trim().to_owned()
}

fn apply(sandbox: &Sandbox, id: &str) -> Run {
    sandbox.heck(&["patch", "apply", id, "--yes", "-q"])
}

/// Fails unless a run was refused with a code and words, and nothing was left behind.
fn refused(sandbox: &Sandbox, run: &Run, code: i32, words: &str) {
    assert!(run.code == code && run.stderr.contains(words), "expected {code} and '{words}': {}", run.shown());
    assert!(run.stderr.contains("hint:"), "it does not say what to do: {}", run.shown());
    assert!(!sandbox.root().join(".heck/state/txn").exists());
}

#[test]
fn names_that_lead_elsewhere_are_refused_before_anything() {
    let sandbox = Sandbox::three();
    for path in [".git/hooks/x", ".GIT/x", "GIT~1/x", ".git./x", "../x", "/etc/x", ".heck/state/x", ".heck-state/x"] {
        let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &create(path));
        assert_eq!(run.code, 3, "{path}: {}", run.shown());
    }
    let long = create(&"x".repeat(300));
    assert_eq!(sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &long).code, 3);
    assert_eq!(sandbox.heck(&["patch", "list", "--json"]).json()["payload"]["patches"], serde_json::json!([]));
}

#[test]
fn links_are_never_followed() {
    let sandbox = Sandbox::three();
    let outside = sandbox.home().join("outside");
    std::fs::create_dir(&outside).expect("mkdir");
    std::fs::write(outside.join("f"), "one\n").expect("write");
    symlink(&outside, sandbox.root().join("way")).expect("link");
    let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &create("way/new"));
    let run = if run.code == 0 { apply(&sandbox, "last") } else { run };
    refused(&sandbox, &run, 3, "behind");
    // Made before the link was there.
    sandbox.write("real/f", "one\n");
    let id = pending(&sandbox, &edit("real/f", "one", "two"));
    std::fs::remove_dir_all(sandbox.root().join("real")).expect("remove");
    symlink(&outside, sandbox.root().join("real")).expect("link");
    refused(&sandbox, &apply(&sandbox, &id), 3, "behind");
    assert_eq!(std::fs::read_to_string(outside.join("f")).expect("read"), "one\n");
    assert!(!outside.join("new").exists());
}

#[test]
fn hard_links_are_told_and_parted_only_on_request() {
    let sandbox = Sandbox::three();
    std::fs::hard_link(sandbox.root().join("src/a.ts"), sandbox.root().join("other/twin.ts")).expect("link");
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    refused(&sandbox, &apply(&sandbox, &id), 3, "other/twin.ts");
    let run = sandbox.heck(&["patch", "apply", &id, "--yes", "-q", "--break-hardlinks"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!((sandbox.read("src/a.ts"), sandbox.read("other/twin.ts")), ("g(1);\n".into(), "f(1);\n".into()));
    assert_eq!(sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]).code, 0);
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
}

#[test]
fn modes_and_attributes_are_kept_and_setuid_is_not_touched() {
    let sandbox = Sandbox::three();
    let file = sandbox.root().join("src/a.ts");
    sandbox.chmod("src/a.ts", 0o640);
    let has_attributes = rustix::fs::setxattr(&file, "user.note", b"kept", rustix::fs::XattrFlags::empty()).is_ok();
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    assert_eq!(apply(&sandbox, &id).code, 0);
    let check = |text: &str| {
        assert_eq!(sandbox.read("src/a.ts"), text);
        assert_eq!(std::fs::metadata(&file).expect("metadata").permissions().mode() & 0o7777, 0o640);
        if has_attributes {
            let mut value = vec![0; 16];
            let len = rustix::fs::getxattr(&file, "user.note", value.as_mut_slice()).expect("the attribute");
            assert_eq!(&value[..len], b"kept");
        }
    };
    check("g(1);\n");
    assert_eq!(sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]).code, 0);
    check("f(1);\n");
    sandbox.chmod("src/a.ts", 0o4755);
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "h(1);"));
    refused(&sandbox, &apply(&sandbox, &id), 3, "setuid");
}

/// A list by which user 12345 may read and write, and others nothing, as the kernel stores it.
const LIST: [&[u8]; 6] = [
    &2u32.to_le_bytes(),
    &[1, 0, 7, 0, 0xff, 0xff, 0xff, 0xff],
    &[2, 0, 6, 0, 0x39, 0x30, 0, 0],
    &[4, 0, 5, 0, 0xff, 0xff, 0xff, 0xff],
    &[0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff],
    &[0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
];

#[test]
fn new_files_get_the_access_list_of_their_directory_and_others_get_none() {
    let sandbox = Sandbox::three();
    let dir = sandbox.root().join("shared");
    std::fs::create_dir(&dir).expect("mkdir");
    let hand_on = |dir: &Path| {
        rustix::fs::setxattr(dir, "system.posix_acl_default", &LIST.concat(), rustix::fs::XattrFlags::empty()).is_ok()
    };
    if !hand_on(&dir) {
        eprintln!("passed over: this file system has no access control lists");
        return;
    }
    let list = |path: &Path| {
        let mut value = vec![0; 256];
        let len = rustix::fs::getxattr(path, "system.posix_acl_access", value.as_mut_slice()).unwrap_or(0);
        (value[..len].to_vec(), std::fs::metadata(path).expect("metadata").permissions().mode())
    };
    std::fs::write(dir.join("by-hand"), "x\n").expect("write");
    let id = pending(&sandbox, &(create("shared/new") + &create("shared/deep/newer")));
    assert_eq!(apply(&sandbox, &id).code, 0);
    let by_hand = list(&dir.join("by-hand"));
    assert_eq!(by_hand.0.len(), LIST.concat().len());
    assert_eq!((list(&dir.join("new")), list(&dir.join("deep/newer"))), (by_hand.clone(), by_hand));
    // A file that makes room for a directory has nothing to hand on; the directory above has.
    std::fs::write(dir.join("room"), "new\n").expect("write");
    let gone = "diff --git a/shared/room b/shared/room\ndeleted file mode 100644\n--- a/shared/room\n+++ /dev/null\n@@ -1 +0,0 @@\n-new\n";
    let id = pending(&sandbox, &(gone.to_owned() + &create("shared/room/f")));
    assert_eq!(apply(&sandbox, &id).code, 0);
    assert_eq!(list(&dir.join("room/f")), list(&dir.join("by-hand")));
    // A list that lets the owner run nothing must not take the patch's own bit away.
    let closed: Vec<u8> = [LIST[0], &[1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff], LIST[3], LIST[5]].concat();
    rustix::fs::setxattr(&dir, "system.posix_acl_default", &closed, rustix::fs::XattrFlags::empty()).expect("set");
    let id = pending(&sandbox, &create("shared/run.sh").replace("100644", "100755"));
    assert_eq!(apply(&sandbox, &id).code, 0);
    assert_eq!(std::fs::metadata(dir.join("run.sh")).expect("metadata").permissions().mode() & 0o777, 0o750);
    assert_eq!(sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]).code, 0);
    // What is staged lies below the root: the root's list is not for a file that had none.
    let file = sandbox.root().join("src/a.ts");
    let before = list(&file);
    assert!(hand_on(&sandbox.root()) && hand_on(&sandbox.root().join(".heck/state")));
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    assert_eq!((apply(&sandbox, &id).code, list(&file)), (0, before));
}

#[test]
fn other_repositories_inside_are_not_crossed() {
    let sandbox = Sandbox::three();
    sandbox.write("inner/f", "one\n");
    Command::new("git").args(["init", "-q"]).current_dir(sandbox.root().join("inner")).status().expect("git");
    let id = pending(&sandbox, &edit("inner/f", "one", "two"));
    refused(&sandbox, &apply(&sandbox, &id), 3, "a repository of its own");
    let run = sandbox.heck(&["patch", "apply", &id, "--yes", "-q", "--nested"]);
    assert_eq!((run.code, sandbox.read("inner/f")), (0, "two\n".into()), "{}", run.shown());
}

#[test]
fn a_second_heck_says_so_at_once_or_waits() {
    let sandbox = Sandbox::three();
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    std::fs::create_dir_all(sandbox.root().join(".heck/state")).expect("mkdir");
    let lock = std::fs::File::create(sandbox.root().join(".heck/state/lock")).expect("a lock");
    lock.lock().expect("lock");
    refused(&sandbox, &apply(&sandbox, &id), 4, "another heck is changing this repository");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| sandbox.heck(&["patch", "apply", &id, "--yes", "-q", "--wait"]));
        std::thread::sleep(Duration::from_millis(200));
        assert!(!waiting.is_finished());
        lock.unlock().expect("unlock");
        assert_eq!(waiting.join().expect("a run").code, 0);
    });
    assert_eq!(sandbox.read("src/a.ts"), "g(1);\n");
}

#[test]
fn ten_at_once_and_readers_meanwhile() {
    let sandbox = Sandbox::new(&[("shared", "0\n")]);
    let ids: Vec<String> = (0..10).map(|n| pending(&sandbox, &create(&format!("new/{n}")))).collect();
    let id = pending(&sandbox, &edit("shared", "0", "1"));
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut seen, mut listed) = (0, 0);
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let text = sandbox.read("shared");
                assert!(text == "0\n" || text == "1\n", "half a file: {text:?}");
                seen += 1;
                listed += usize::from(sandbox.heck(&["patch", "list", "-q"]).code == 0);
            }
            (seen, listed)
        });
        let runs: Vec<_> = ids
            .iter()
            .chain([&id])
            .map(|id| scope.spawn(|| sandbox.heck(&["patch", "apply", id, "--yes", "-q", "--wait"])))
            .collect();
        for run in runs {
            let run = run.join().expect("a run");
            assert_eq!(run.code, 0, "{}", run.shown());
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        let (seen, listed) = reader.join().expect("a reader");
        assert!(seen > 0 && listed == seen, "{listed} of {seen} lists could be read");
    });
    assert_eq!(std::fs::read_dir(sandbox.root().join("new")).expect("new").count(), 10);
    assert_eq!(sandbox.heck(&["log", "verify"]).code, 0);
}

#[test]
fn a_damaged_journal_stops_writers_and_not_readers() {
    let sandbox = Sandbox::three();
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    let txn = sandbox.root().join(".heck/state/txn");
    std::fs::create_dir_all(&txn).expect("mkdir");
    std::fs::write(txn.join("manifest"), "heck-journal 1 0000\n{}").expect("write");
    std::fs::write(txn.join("n0"), "content\n").expect("write");
    let run = apply(&sandbox, &id);
    assert!(run.code == 4 && run.stderr.contains("damaged"), "{}", run.shown());
    assert_eq!(sandbox.heck(&["recover"]).code, 4);
    let run = sandbox.heck(&["find", "f($A)", "--lang", "ts"]);
    assert!(run.code == 0 && run.stderr.contains("damaged"), "{}", run.shown());
    assert_eq!(std::fs::read_to_string(txn.join("n0")).expect("read"), "content\n");
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
}

#[test]
fn an_old_backup_that_somebody_wrote_to_is_rescued() {
    use std::io::Write;
    let sandbox = Sandbox::three();
    let id = pending(&sandbox, &edit("src/a.ts", "f(1);", "g(1);"));
    let mut editor = std::fs::OpenOptions::new().append(true).open(sandbox.root().join("src/a.ts")).expect("open");
    assert_eq!(apply(&sandbox, &id).code, 0);
    editor.write_all(b"written late\n").expect("write");
    std::thread::sleep(Duration::from_millis(1100));
    let run = sandbox.heck(&["patch", "gc", "--days", "0", "--json"]);
    let rescued = run.json()["payload"]["rescued"][0]["kept"].as_str().unwrap_or_default().to_owned();
    assert!(sandbox.read(&rescued).contains("written late"), "{}", run.shown());
    // What is left of the store is enough: the diff leads back.
    assert_eq!(sandbox.heck(&["patch", "rollback", &id, "--yes", "-q"]).code, 0);
    assert_eq!(sandbox.read("src/a.ts"), "f(1);\n");
}

/// Runs a script in a mount namespace of its own; nothing where that needs rights one does not have.
fn mounted(sandbox: &Sandbox, script: &str) -> Option<Run> {
    let mut probe = Command::new("unshare");
    probe.args(["-m", "sh", "-c", "mount -t tmpfs none /mnt"]);
    if !probe.output().is_ok_and(|output| output.status.success()) {
        eprintln!("not tested: mounting needs root and util-linux");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-euc", script]).current_dir(sandbox.root()).env("HOME", sandbox.home());
    command.env("HECK", env!("CARGO_BIN_EXE_heck"));
    Some(finish(command, None))
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let sandbox = Sandbox::bare(&[("big.diff", "")]);
    let script = r#"
        mkdir -p full && mount -t tmpfs -o size=1200k none full && cd full && mkdir .heck
        for i in 1 2 3 4 5 6; do head -c 40000 /dev/zero | tr '\0' x > f$i; echo >> f$i; done
        for i in 1 2 3 4 5 6; do
            printf -- '--- a/f%s\n+++ b/f%s\n@@ -1 +1,2 @@\n ' $i $i; cat f$i; echo '+more'
        done > ../big.diff
        id=$("$HECK" patch create -q --from - < ../big.diff)
        cat f* | cksum > ../before
        head -c 3000000 /dev/zero > filler 2> /dev/null || true
        code=0; "$HECK" patch apply "$id" --yes -q || code=$?
        rm filler
        cat f* | cksum | cmp - ../before
        ls -d .heck/state/txn 2> /dev/null && exit 99
        "$HECK" patch apply "$id" --yes -q
        grep -c more f6
        exit $code
    "#;
    let Some(run) = mounted(&sandbox, script) else { return };
    assert!(run.code == 4 && run.stderr.contains("free some space"), "{}", run.shown());
    assert_eq!(run.stdout.trim(), "1", "{}", run.shown());
}

#[test]
fn heck_on_another_device_and_mounts_inside() {
    let sandbox = Sandbox::three();
    let script = r#"
        mkdir -p .heck inner && mount -t tmpfs none .heck && mount -t tmpfs none inner && echo one > inner/f
        printf -- '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-f(1);\n+g(1);\n' > d1
        id=$("$HECK" patch create -q --from - < d1); rm d1
        "$HECK" patch apply "$id" --yes -q
        cat src/a.ts; git status --short
        "$HECK" patch rollback "$id" --yes -q
        cat src/a.ts
        "$HECK" recover
        printf -- '--- a/inner/f\n+++ b/inner/f\n@@ -1 +1 @@\n-one\n+two\n' > d2
        id=$("$HECK" patch create -q --from - < d2); rm d2
        "$HECK" patch apply "$id" --yes -q
    "#;
    let Some(run) = mounted(&sandbox, script) else { return };
    assert!(run.code == 3 && run.stderr.contains("inner is on another file system"), "{}", run.shown());
    assert_eq!(run.stdout, "g(1);\n M src/a.ts\n?? inner/\nf(1);\nnothing was left behind\n", "{}", run.shown());
}

#[test]
fn a_missing_permission_in_the_middle_changes_nothing() {
    let sandbox = Sandbox::new(&[("a/f", "one\n"), ("b/f", "one\n"), ("c/f", "one\n")]);
    let diff: String = ["a/f", "b/f", "c/f"].map(|path| edit(path, "one", "two")).concat();
    let id = pending(&sandbox, &diff);
    sandbox.chmod("b", 0o555);
    let user = std::fs::metadata(sandbox.root()).expect("metadata").uid();
    let run = match user {
        // Permissions do not apply to root.
        0 => {
            Command::new("chown")
                .args(["-R", "65534"])
                .arg(sandbox.root())
                .arg(sandbox.home())
                .status()
                .expect("chown");
            open_to_all(&sandbox.root());
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid",
                "65534",
                "--clear-groups",
                env!("CARGO_BIN_EXE_heck"),
                "patch",
                "apply",
                &id,
                "--yes",
                "-q",
            ]);
            command.current_dir(sandbox.root()).env("HOME", sandbox.home());
            finish(command, None)
        }
        _ => apply(&sandbox, &id),
    };
    sandbox.chmod("b", 0o755);
    refused(&sandbox, &run, 4, "b/f");
    for path in ["a/f", "b/f", "c/f"] {
        assert_eq!(sandbox.read(path), "one\n");
    }
}

/// Lets another user reach a directory below the temporary one.
fn open_to_all(path: &Path) {
    for dir in path.ancestors().take(2) {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    }
}
