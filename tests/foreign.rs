//! Diffs of others: whatever git, GNU diff, Mercurial, Subversion, people and models write is laid on as it was meant, or
//! refused with hunk and reason. What was meant is known here, since the tests make both the diff and the drift.

use std::path::Path;
use std::process::Command;

use crate::dice::Dice;
use crate::support::Sandbox;

/// A text with lines that occur more than once, as code has them.
fn text(dice: &mut Dice) -> Vec<String> {
    const COMMON: [&str; 6] = ["}", "", "    return;", "    if (x) {", "    }", "  end"];
    (0..30 + dice.roll(60))
        .map(|n| match dice.roll(3) {
            0 => COMMON[dice.roll(COMMON.len())].to_owned(),
            _ => format!("    call_{n}(arg{});", dice.roll(1000)),
        })
        .collect()
}

/// Changes a few lines, away from each other; gives the line numbers.
fn edited(dice: &mut Dice, lines: &[String]) -> (Vec<String>, Vec<usize>) {
    let (mut new, mut places) = (lines.to_vec(), Vec::new());
    for _ in 0..1 + dice.roll(3) {
        let at = dice.roll(lines.len());
        if places.iter().any(|p: &usize| p.abs_diff(at) < 8) {
            continue;
        }
        new[at] = format!("    changed_{}();", dice.roll(1000));
        places.push(at);
    }
    (new, places)
}

/// Changes lines away from what the diff changes: further than its context reaches, or within it. A near one may also
/// put a copy of a changed place elsewhere.
fn drifted(dice: &mut Dice, lines: &[String], places: &[usize], is_near: bool) -> Vec<(usize, usize, Vec<String>)> {
    let mut edits: Vec<(usize, usize, Vec<String>)> = Vec::new();
    for _ in 0..1 + dice.roll(2) {
        let at = dice.roll(lines.len() + 1);
        let far = |other: &usize| other.abs_diff(at) > if is_near { 2 } else { 6 };
        if !places.iter().all(far) || !edits.iter().all(|(from, ..)| far(from)) {
            continue;
        }
        let new = match places.first() {
            Some(place) if is_near && dice.roll(4) == 0 => {
                let reach = dice.roll(3);
                lines[place.saturating_sub(reach)..(place + 1 + reach).min(lines.len())].to_vec()
            }
            _ => (0..dice.roll(6)).map(|n| format!("drift {n} {}", dice.roll(1000))).collect(),
        };
        edits.push((at, (at + dice.roll(3)).min(lines.len()), new));
    }
    edits.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    edits
}

fn with(lines: &[String], edits: &[(usize, usize, Vec<String>)]) -> Vec<String> {
    let mut all = lines.to_vec();
    for (from, to, new) in edits {
        all.splice(*from..*to, new.clone());
    }
    all
}

fn joined(lines: &[String], end: &str) -> String {
    lines.iter().map(|line| format!("{line}{end}")).collect()
}

/// The hunks between two texts, by git.
fn hunks(dir: &Path, old: &str, new: &str) -> String {
    std::fs::write(dir.join("old"), old).expect("write");
    std::fs::write(dir.join("new"), new).expect("write");
    let output = Command::new("git")
        .args(["diff", "--no-index", "--no-color", "--no-ext-diff", "old", "new"])
        .current_dir(dir)
        .output()
        .expect("git");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().skip_while(|line| !line.starts_with("@@")).map(|line| format!("{line}\n")).collect()
}

/// What is done to the diff on its way.
const WAYS: [&str; 10] =
    ["git", "plain", "timestamps", "svn", "hg", "numbers gone", "counts wrong", "spaces gone", "fenced", "crlf"];

fn written(way: &str, hunks: &str) -> String {
    let no_section = |line: &str| match line.strip_prefix("@@ ").and_then(|rest| rest.split_once(" @@")) {
        Some((numbers, _)) => format!("@@ {numbers} @@\n"),
        None => format!("{line}\n"),
    };
    let hunks: String = hunks.lines().map(no_section).collect();
    match way {
        "git" => format!(
            "diff --git a/src/f.c b/src/f.c\nindex 1234567..89abcde 100644\n--- a/src/f.c\n+++ b/src/f.c\n{hunks}"
        ),
        "plain" => format!("--- src/f.c\n+++ src/f.c\n{hunks}"),
        "timestamps" => format!(
            "diff -ruN pkg-1.0/src/f.c pkg-1.1/src/f.c\n--- pkg-1.0/src/f.c\t2020-01-01 00:00:00.000000000 +0000\n\
             +++ pkg-1.1/src/f.c\t2021-01-01 00:00:00.000000000 +0000\n{hunks}"
        ),
        "svn" => format!(
            "Index: src/f.c\n===================================================================\n\
             --- src/f.c\t(revision 1)\n+++ src/f.c\t(working copy)\n{hunks}"
        ),
        "hg" => format!(
            "diff -r 0123456789ab -r ba9876543210 src/f.c\n--- a/src/f.c\tThu Jan 02 03:04:05 2020 +0000\n+++ b/src/f.c\tFri Jan 03 03:04:05 2020 +0000\n{hunks}"
        ),
        "numbers gone" => {
            let bare: String = hunks
                .lines()
                .map(|l| if l.starts_with("@@") { "@@ ... @@\n".into() } else { format!("{l}\n") })
                .collect();
            format!("--- a/src/f.c\n+++ b/src/f.c\n{bare}")
        }
        "counts wrong" => {
            let wrong: String = hunks
                .lines()
                .map(|l| if l.starts_with("@@") { "@@ -1,4 +1,5 @@\n".into() } else { format!("{l}\n") })
                .collect();
            format!("Here is the change:\n\n--- a/src/f.c\n+++ b/src/f.c\n{wrong}\nHope that helps.\n")
        }
        "spaces gone" => {
            let stripped: String = hunks.lines().map(|l| format!("{}\n", l.trim_end())).collect();
            format!("--- a/src/f.c\n+++ b/src/f.c\n{stripped}")
        }
        "fenced" => format!("```diff\n--- a/src/f.c\n+++ b/src/f.c\n{hunks}```\n"),
        _ => format!("--- a/src/f.c\n+++ b/src/f.c\n{hunks}").replace('\n', "\r\n"),
    }
}

/// What another tool makes of a file with a diff; nothing where it refuses or is not there.
fn rival(dir: &Path, tool: &[&str], way: &str, target: &str, diff: &str) -> Option<String> {
    let place = dir.join("rival");
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(place.join("src")).expect("mkdir");
    std::fs::write(place.join("src/f.c"), target).expect("write");
    std::fs::write(dir.join("rival.diff"), diff).expect("write");
    let strip = if matches!(way, "plain" | "svn") { "-p0" } else { "-p1" };
    let mut command = Command::new(tool[0]);
    command
        .args(&tool[1..])
        .arg(strip)
        .current_dir(&place)
        .stdin(std::fs::File::open(dir.join("rival.diff")).expect("the diff"));
    let output = command.env("GIT_CEILING_DIRECTORIES", dir).output().ok()?;
    output.status.success().then(|| std::fs::read_to_string(place.join("src/f.c")).unwrap_or_default())
}

/// Two tools that lay diffs on, and how often each of them was right, wrong, and right where heck refuses.
const RIVALS: [&[&str]; 2] = [&["git", "apply"], &["patch", "-f", "-s", "--no-backup-if-mismatch"]];

#[test]
fn two_hundred_diffs_of_others() {
    let sandbox = Sandbox::new(&[("src/f.c", ""), ("other/f.c", "a decoy\n")]);
    let dir = sandbox.home();
    let (mut applied, mut refused) = ([0; 2], [0; 2]);
    let mut tally = [[[0; 3]; 2]; 2];
    for seed in 1..=360u64 {
        let is_near = seed > 240;
        let mut dice = Dice::new(seed);
        let way = WAYS[seed as usize % WAYS.len()];
        let base = text(&mut dice);
        let (new, places) = edited(&mut dice, &base);
        let drift = if seed % 3 == 0 { Vec::new() } else { drifted(&mut dice, &base, &places, is_near) };
        let end = if seed % 7 == 0 { "\r\n" } else { "\n" };
        let diff = written(way, &hunks(&dir, &joined(&base, "\n"), &joined(&new, "\n")));
        let target = joined(&with(&base, &drift), end);
        let meant = joined(&with(&new, &drift), end);
        sandbox.write("src/f.c", &target);
        let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], &diff);
        let what = format!("seed {seed}, {way}\n{diff}\n{}", run.shown());
        for (tool, [right, wrong, missed]) in RIVALS.iter().zip(&mut tally[usize::from(is_near)]) {
            let Some(theirs) = rival(&dir, tool, way, &target, &diff) else { continue };
            *(if theirs == meant { &mut *right } else { wrong }) += 1;
            *missed += i32::from(theirs == meant && run.code != 0);
        }
        if run.code != 0 {
            refused[usize::from(is_near)] += 1;
            assert!(run.stderr.contains("hunk ") && run.stderr.contains("line "), "no reason: {what}");
            // In its place and without drift nothing may be refused, but where numbers are missing a place may be ambiguous.
            let is_sure = drift.is_empty() && !matches!(way, "numbers gone" | "counts wrong");
            assert!(!is_sure, "refused: {what}");
            continue;
        }
        let run = sandbox.heck(&["patch", "apply", "last", "--yes", "-q"]);
        assert_eq!(run.code, 0, "{what}{}", run.shown());
        assert_eq!(sandbox.read("src/f.c"), meant, "applied wrongly: {what}");
        applied[usize::from(is_near)] += 1;
    }
    for (n, drift) in ["far", "near"].iter().enumerate() {
        println!(
            "drift {drift}: heck right {}, refused {}; git apply, patch [right, wrong, right where heck refuses]: {:?}",
            applied[n], refused[n], tally[n]
        );
    }
    assert!(applied[0] >= 230, "only {applied:?} of 240 were applied, {refused:?} refused");
    // Whatever git takes, heck takes.
    assert!(tally[0][0][0] > 100, "git applied next to nothing: {tally:?}");
    assert_eq!((tally[0][0][2], tally[1][0][2]), (0, 0), "git applies what heck refuses: {tally:?}");
}

#[test]
fn bytes_and_links_are_only_changed_where_they_are_what_the_diff_says() {
    let sandbox = Sandbox::new(&[("f", "one\n")]);
    let root = sandbox.root();
    let create = |diff: &str| sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], diff);
    sandbox.write_bytes("b", b"\0one");
    std::os::unix::fs::symlink("t1", root.join("l")).expect("link");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "second"]);
    sandbox.write_bytes("b", b"\0two");
    std::fs::remove_file(root.join("l")).expect("remove");
    std::os::unix::fs::symlink("t2", root.join("l")).expect("link");
    let binary = sandbox.git(&["diff", "--binary", "b"]);
    let link = sandbox.git(&["diff", "l"]);
    sandbox.git(&["checkout", "-q", "."]);
    assert_eq!((create(&binary).code, create(&link).code), (0, 0));
    sandbox.write_bytes("b", b"\0other");
    std::fs::remove_file(root.join("l")).expect("remove");
    sandbox.write("l", "t1");
    for diff in [&binary, &link] {
        let run = create(diff);
        assert_eq!(run.code, 4, "{diff}{}", run.shown());
    }
    let run = create("Binary files old/b and new/b differ\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\n");
    assert!(run.code != 0 && run.stderr.contains("the diff does not have"), "{}", run.shown());
    // A copy is one of what was there before, whatever else happens to its source.
    let copy = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\ndiff --git a/f b/g\nsimilarity index 100%\ncopy from f\ncopy to g\n";
    let id = create(copy).stdout;
    assert_eq!(sandbox.heck(&["patch", "apply", id.trim(), "--yes", "-q"]).code, 0);
    assert_eq!((sandbox.read("f"), sandbox.read("g")), ("two\n".into(), "one\n".into()));
    assert_eq!(sandbox.heck(&["patch", "rollback", id.trim(), "--yes", "-q"]).code, 0);
    // A file that is changed and then moved by the same diff is two changes.
    let series = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\ndiff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n";
    let run = create(series);
    assert!(run.code == 4 && run.stderr.contains("changed and then moved"), "{}", run.shown());
}

#[test]
fn names_of_two_directories_lose_one_everywhere() {
    let sandbox = Sandbox::new(&[("gone", "x\n"), ("README", "mine\n"), ("lib/f", "one\n")]);
    let apply = |diff: &str| {
        let run = sandbox.heck_with(&["patch", "create", "-q", "--from", "-"], diff);
        assert_eq!(run.code, 0, "{}", run.shown());
        let run = sandbox.heck(&["patch", "apply", "last", "--yes", "-q"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        let tree = sandbox.status();
        assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes", "-q"]).code, 0);
        tree
    };
    let (then, never) = ("2020-01-01 00:00:00.000000000 +0000", "1970-01-01 00:00:00.000000000 +0000");
    let made = |name: &str| {
        format!("diff -ruN old/{name} new/{name}\n--- old/{name}\t{never}\n+++ new/{name}\t{then}\n@@ -0,0 +1 @@\n+y\n")
    };
    let gone = format!("diff -ruN old/gone new/gone\n--- old/gone\t{then}\n+++ new/gone\t{never}\n@@ -1 +0,0 @@\n-x\n");
    // The file at the root of the same name is another one.
    assert_eq!(apply(&(gone + &made("added") + &made("lib/sub/README"))), " D gone\n?? added\n?? lib/sub/\n");
    // New files alone, one of which could lie deeper than it seems, and a name for one that is nowhere.
    assert_eq!(apply(&(made("README2") + &made("x/lib/n"))), "?? README2\n?? x/\n");
    assert_eq!(apply(&made("src/new.py")), "?? src/\n");
    assert_eq!(apply("--- a/n1\n+++ b/n1\n@@ -0,0 +1 @@\n+y\n"), "?? n1\n");
}
