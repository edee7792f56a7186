//! Where hunks are put, and why not.

use super::*;
use crate::core::patch::read::read_diff;

fn fitted(text: &str, hunks: &str) -> Result<String, String> {
    let diff = format!("--- a/f\n+++ b/f\n{hunks}");
    let files = read_diff(diff.as_bytes()).map_err(|e| e.to_string())?;
    match fit(text.as_bytes(), &files[0].hunks) {
        Ok((bytes, _)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(misfits) => Err(misfits.iter().map(|m| format!("{}: {}", m.hunk, m.reason)).collect::<Vec<_>>().join("; ")),
    }
}

fn numbered(range: std::ops::RangeInclusive<usize>) -> String {
    range.map(|n| format!("{n}\n")).collect()
}

#[test]
fn in_its_place_and_moved() {
    let text = numbered(1..=20);
    let hunk = "@@ -9,3 +9,3 @@\n 9\n-10\n+ten\n 11\n";
    assert_eq!(fitted(&text, hunk), Ok(text.replace("10\n", "ten\n")));
    let moved = format!("new\nlines\n{text}");
    assert_eq!(fitted(&moved, hunk), Ok(moved.replace("10\n", "ten\n")));
    // Without numbers a place must be the only one.
    let sloppy = "@@\n 9\n-10\n+ten\n 11\n";
    assert_eq!(fitted(&moved, sloppy), Ok(moved.replace("10\n", "ten\n")));
    let twice = format!("{text}{text}");
    assert_eq!(fitted(&twice, sloppy), Err("1: it fits at line 9 and at line 29; it needs more context".into()));
    assert_eq!(fitted(&twice, hunk), Ok(twice.replacen("10\n", "ten\n", 1)));
    assert!(fitted("x\n", "@@ -0,0 +1 @@\n+y\n").is_err());
    assert_eq!(fitted("", "@@ -0,0 +1 @@\n+y\n"), Ok("y\n".into()));
}

#[test]
fn the_files_line_ends_stay() {
    let hunk = "@@ -1,3 +1,4 @@\n a\n-b\n+B\n+BB\n c\n";
    assert_eq!(fitted("a\r\nb\r\nc\r\n", hunk), Ok("a\r\nB\r\nBB\r\nc\r\n".into()));
    assert_eq!(fitted("\u{feff}a\nb\nc\n", hunk), Ok("\u{feff}a\nB\nBB\nc\n".into()));
    assert_eq!(fitted("\u{feff}a\nb\n", "@@ -1,2 +1,2 @@\n-a\n+A\n b\n"), Ok("\u{feff}A\nb\n".into()));
    let crlf = "@@ -1,3 +1,3 @@\r\n a\r\n-b\r\n+B\r\n c\r\n";
    assert_eq!(fitted("a\nb\nc\n", crlf), Ok("a\nB\nc\n".into()));
    assert_eq!(fitted("a  \nb\t\nc", "@@ -1,3 +1,3 @@\n a\n b\n-c\n+C\n"), Ok("a  \nb\t\nC".into()));
    assert_eq!(fitted("a\nb", "@@ -1,2 +1,3 @@\n a\n b\n+c\n"), Ok("a\nb\nc".into()));
    // What the diff says exactly is done exactly.
    assert_eq!(fitted("a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"), Ok("a\nc\n".into()));
}

#[test]
fn fuzz_needs_the_only_place() {
    let text = numbered(1..=12);
    let hunk = "@@ -3,7 +3,7 @@\n other\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n";
    assert_eq!(fitted(&text, hunk), Ok(text.replace("6\n", "six\n")));
    let wild = "@@ -5,3 +5,3 @@\n other\n-6\n+six\n another\n";
    assert!(fitted(&text, wild).is_err());
}

#[test]
fn a_misfit_says_where_it_nearly_fits() {
    let text = numbered(1..=20);
    let reason = |hunk: &str| fitted(&text, hunk).err().unwrap_or_default();
    assert_eq!(
        reason("@@ -3,4 +3,4 @@\n 3\n 4\n-5x\n+five\n 6\n"),
        "1: it nearly fits at line 3, where 3 of 4 lines agree: line 5 should be '5x' and is '5'"
    );
    assert_eq!(reason("@@ -3,3 +3,3 @@\n 3\n-four\n+4\n 5\n"), "1: its result stands at line 3 already");
    assert_eq!(
        reason("@@ -3,2 +3,2 @@\n x\n-y\n+z\n"),
        "1: none of its lines is in the file: line 3 should be 'x' and is '3'"
    );
    assert!(reason("@@ -19,3 +19,3 @@\n 19\n-20\n+x\n 21\n").contains("the file ends before it"));
    let both = reason("@@ -3,3 +3,3 @@\n 3\n-q\n+4\n 5\n@@ -9,3 +9,3 @@\n 9\n-p\n+q\n 11\n");
    assert!(both.starts_with("1: ") && both.contains("; 2: "), "{both}");
}
