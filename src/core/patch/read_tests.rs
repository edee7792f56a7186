//! What is read of diffs, and what is refused.

use super::*;
use crate::core::patch::diff::file_diff;

#[test]
fn reads_back_what_is_written() -> Result<()> {
    for (name, before, after) in [
        ("f", Some("a\nb\n"), Some("a\nc")),
        ("x y/é\"", None, Some("new\n")),
        ("gone", Some("old"), None),
        ("empty", None, Some("")),
    ] {
        let side = |s: Option<&'static str>| s.map(|s| ("100755", s.as_bytes()));
        let (diff, _, _) = file_diff(name, side(before), side(after));
        let files = read_diff(&diff)?;
        assert_eq!(files.len(), 1, "{name}");
        assert_eq!(files[0].old_path.as_deref(), before.map(|_| name), "{name}");
        assert_eq!(files[0].new_path.as_deref(), after.map(|_| name), "{name}");
    }
    Ok(())
}

#[test]
fn plain_diffs_and_prose_around_them() -> Result<()> {
    let text = b"Here you are:\n\n--- a/x\t2020-01-01\n+++ b/x\t2020-01-02\n@@ -1 +1 @@\n-a\n+b\nbye\n";
    let files = read_diff(text)?;
    assert_eq!(files[0].new_path.as_deref(), Some("x"));
    assert_eq!(files[0].hunks[0].lines, [HunkLine::Old(b"a\n"), HunkLine::New(b"b\n")]);
    Ok(())
}

#[test]
fn damage_is_told_with_its_line() {
    for (text, part) in [
        (&b"--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n"[..], "line 5"),
        (b"--- a/x\n+++ b/x\n@@ nonsense @@\n", "changes nothing"),
        (b"diff --git a/x b/x\nGIT binary patch\nliteral 3\nKcmZQzfP\n", "line 2"),
    ] {
        let error = read_diff(text).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_binary_file_without_its_bytes_is_named_and_the_next_one_read() -> Result<()> {
    let diff = b"diff --git a/x b/x\nindex 1..2 100644\nBinary files a/x and b/x differ\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
    let files: Vec<_> = read_diff(diff)?.into_iter().map(|f| (f.new_path, f.is_binary, f.hunks.len())).collect();
    assert_eq!(files, [(Some("x".into()), true, 0), (Some("y".into()), false, 1)]);
    Ok(())
}

#[test]
fn a_mode_alone_and_a_plain_file_behind_it() -> Result<()> {
    let diff = b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
    let files: Vec<_> = read_diff(diff)?.into_iter().map(|f| (f.new_path, f.hunks.len())).collect();
    assert_eq!(files, [(Some("x".into()), 0), (Some("y".into()), 1)]);
    Ok(())
}

#[test]
fn what_people_and_models_write() -> Result<()> {
    for (what, text, lines) in [
        ("no numbers", "--- a/x\n+++ b/x\n@@\n a\n-b\n+c\n", 3),
        ("dots", "--- a/x\n+++ b/x\n@@ ... @@\n a\n-b\n+c\n", 3),
        ("wrong counts", "--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n a\n-b\n+c\nThat is all.\n", 3),
        ("too small counts", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-b\n+c\n+d\n e\n", 4),
        ("an empty line without its space", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n", 4),
        ("a fence", "```diff\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n```\n", 3),
        ("svn", "Index: x\n=====\n--- x\t(revision 1)\n+++ x\t(working copy)\n@@ -1 +1 @@\n-b\n+c\n", 2),
        (
            "hg",
            "diff -r 0123456789ab x\n--- a/x\tThu Jan 02 00:00:00 2020 +0000\n+++ b/x\tFri Jan 03\n@@ -1,1 +1,1 @@\n-b\n+c\n",
            2,
        ),
        ("a signature", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-b\n+c\n-- \n2.47.3\n", 2),
    ] {
        let files = read_diff(text.as_bytes())?;
        assert_eq!(files.len(), 1, "{what}");
        assert_eq!(files[0].new_path.as_deref(), Some("x"), "{what}");
        assert_eq!(files[0].hunks.first().map(|hunk| hunk.lines.len()), Some(lines), "{what}");
    }
    let gone =
        read_diff(b"--- old/f\t2020-01-01\n+++ new/f\t1970-01-01 00:00:00.000000000 +0000\n@@ -1 +0,0 @@\n-b\n")?;
    assert_eq!((gone[0].old_path.as_deref(), gone[0].new_path.as_deref()), (Some("f"), None));
    Ok(())
}

#[test]
fn what_was_cut_off_or_damaged_is_refused() {
    const HEAD: &str = "--- a/x\n+++ b/x\n";
    for (what, text) in [
        ("the last line", format!("{HEAD}@@ -1,2 +1,2 @@\n a\n-b\n+B")),
        ("the last line without numbers", format!("{HEAD}@@ @@\n a\n b\n+new")),
        ("a space", format!("{HEAD}@@ -1,4 +1,4 @@\n a\n-b\nc\n+B\n d\n")),
        ("a hunk behind prose", format!("{HEAD}@@ -1 +1 @@\n-a\n+b\nprose\n@@ -9 +9 @@\n-c\n+d\n")),
        ("the names", "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b\n".into()),
        ("all behind index", "diff --git a/x b/x\nindex 1111111..2222222 100644\n".into()),
        ("all behind ---", "diff --git a/x b/x\n--- a/x\n".into()),
        ("all behind +++", format!("diff --git a/x b/x\n{HEAD}")),
        ("a new file's content", "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..2222222\n".into()),
        ("what changes", format!("{HEAD}@@ -1,2 +1,2 @@\n a\n b\n")),
        ("a merge", "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -0,0 -0,0 +1,1 @@@\n++a\n".into()),
    ] {
        assert!(read_diff(text.as_bytes()).is_err(), "{what}: {:?}", read_diff(text.as_bytes()));
    }
    for (what, text, hunks) in [
        ("empty lines between hunks", format!("{HEAD}@@ -1 +1 @@\n-a\n+b\n\n\n@@ -9 +9 @@\n-c\n+d\n"), 2),
        ("a line of dashes behind", format!("{HEAD}@@ -1 +1 @@\n-a\n+b\n-------- end\n"), 1),
        ("an empty file", "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n".into(), 0),
    ] {
        let files = read_diff(text.as_bytes()).expect(what);
        assert_eq!(files[0].hunks.len(), hunks, "{what}");
    }
}
