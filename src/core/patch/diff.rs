//! Writes differences in git's format. Does no I/O.

use similar::{Algorithm, DiffOp, capture_diff_slices};

const CONTEXT: usize = 3;

/// One side of a file: its mode as git writes it, and its bytes.
pub type Side<'a> = Option<(&'a str, &'a [u8])>;

/// The difference of one file with git's headers, and the lines added and removed.
/// Equal sides give an empty diff.
pub fn file_diff(path: &str, before: Side<'_>, after: Side<'_>) -> (Vec<u8>, usize, usize) {
    if before == after {
        return (Vec::new(), 0, 0);
    }
    let mut head = format!("diff --git {} {}\n", quoted("a/", path), quoted("b/", path));
    match (before, after) {
        (None, Some((mode, _))) => head.push_str(&format!("new file mode {mode}\n")),
        (Some((mode, _)), None) => head.push_str(&format!("deleted file mode {mode}\n")),
        (Some((old, _)), Some((new, _))) if old != new => {
            head.push_str(&format!("old mode {old}\nnew mode {new}\n"));
        }
        _ => {}
    }
    let (old, new) = (before.map_or(&b""[..], |(_, bytes)| bytes), after.map_or(&b""[..], |(_, bytes)| bytes));
    let mut out = head.into_bytes();
    if old == new {
        return (out, 0, 0);
    }
    let name = |prefix: &str, side: Side<'_>| match side {
        Some(_) => {
            let name = quoted(prefix, path);
            // git ends a name that has a space with a tab, so that tools know where it stops.
            if name.contains(' ') && !name.starts_with('"') { name + "\t" } else { name }
        }
        None => "/dev/null".to_owned(),
    };
    out.extend_from_slice(format!("--- {}\n+++ {}\n", name("a/", before), name("b/", after)).as_bytes());
    let (hunks, added, removed) = unified(old, new);
    out.extend_from_slice(&hunks);
    (out, added, removed)
}

/// The hunks between two texts with three lines of context, and the lines added and removed.
pub fn unified(old: &[u8], new: &[u8]) -> (Vec<u8>, usize, usize) {
    let (old, new) = (lines(old), lines(new));
    let ops = line_ops(&old, &new);
    let (mut out, mut added, mut removed) = (Vec::new(), 0, 0);
    for group in similar::group_diff_ops(ops, CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old_range = first.old_range().start..last.old_range().end;
        let new_range = first.new_range().start..last.new_range().end;
        out.extend_from_slice(format!("@@ -{} +{} @@\n", hunk_range(&old_range), hunk_range(&new_range)).as_bytes());
        for op in &group {
            if let DiffOp::Equal { old_index, len, .. } = *op {
                old[old_index..old_index + len].iter().for_each(|line| put(&mut out, b' ', line));
                continue;
            }
            for line in &old[op.old_range()] {
                removed += 1;
                put(&mut out, b'-', line);
            }
            for line in &new[op.new_range()] {
                added += 1;
                put(&mut out, b'+', line);
            }
        }
    }
    (out, added, removed)
}

/// The operations between two lists of lines. Common ends are cut off first: edits are usually few
/// and far from both ends of a file, and the algorithm's cost grows with what it is shown.
fn line_ops(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut ops = Vec::new();
    if head > 0 {
        ops.push(DiffOp::Equal { old_index: 0, new_index: 0, len: head });
    }
    for op in capture_diff_slices(Algorithm::Myers, old_middle, new_middle) {
        ops.push(shifted(op, head));
    }
    if tail > 0 {
        ops.push(DiffOp::Equal { old_index: old.len() - tail, new_index: new.len() - tail, len: tail });
    }
    ops
}

fn shifted(op: DiffOp, by: usize) -> DiffOp {
    match op {
        DiffOp::Equal { old_index, new_index, len } => {
            DiffOp::Equal { old_index: old_index + by, new_index: new_index + by, len }
        }
        DiffOp::Delete { old_index, old_len, new_index } => {
            DiffOp::Delete { old_index: old_index + by, old_len, new_index: new_index + by }
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            DiffOp::Insert { old_index: old_index + by, new_index: new_index + by, new_len }
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            DiffOp::Replace { old_index: old_index + by, old_len, new_index: new_index + by, new_len }
        }
    }
}

/// Splits after each line feed; the last line may lack one.
pub fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|b| *b == b'\n').collect()
}

fn hunk_range(range: &std::ops::Range<usize>) -> String {
    match range.len() {
        // An empty side is named by the line before it.
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        len => format!("{},{len}", range.start + 1),
    }
}

fn put(out: &mut Vec<u8>, sign: u8, line: &[u8]) {
    out.push(sign);
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

/// A path as git writes it: in C's quotes when it has bytes that would not survive bare.
fn quoted(prefix: &str, path: &str) -> String {
    let full = format!("{prefix}{path}");
    if full.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\') {
        return full;
    }
    let mut out = String::from("\"");
    for byte in full.bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x20..0x7f => out.push(byte as char),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(before: Option<&str>, after: Option<&str>) -> String {
        let side = |s: Option<&'static str>| s.map(|s| ("100644", s.as_bytes()));
        let leak = |s: Option<&str>| s.map(|s| &*Box::leak(s.to_owned().into_boxed_str()));
        String::from_utf8_lossy(&file_diff("f", side(leak(before)), side(leak(after))).0).into_owned()
    }

    #[test]
    fn git_headers_and_missing_newlines() {
        assert_eq!(
            text(None, Some("a")),
            "diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n"
        );
        assert_eq!(
            text(Some("a\n"), None),
            "diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        );
        assert_eq!(text(None, Some("")), "diff --git a/f b/f\nnew file mode 100644\n");
        assert_eq!(text(Some("x"), Some("x")), "");
    }

    #[test]
    fn distant_changes_make_two_hunks() {
        let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("2\n", "two\n").replacen("19\n", "nineteen\n", 1);
        let (hunks, added, removed) = unified(old.as_bytes(), new.as_bytes());
        let hunks = String::from_utf8_lossy(&hunks).into_owned();
        assert!(hunks.starts_with("@@ -1,5 +1,5 @@\n 1\n-2\n+two\n"), "{hunks}");
        assert_eq!(added, removed);
    }

    #[test]
    fn odd_names_are_quoted_as_git_does() {
        assert_eq!(quoted("a/", "x y"), "a/x y");
        assert_eq!(quoted("a/", "é\"\n"), "\"a/\\303\\251\\\"\\n\"");
    }
}
