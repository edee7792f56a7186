//! Writes differences in git's format. Does no I/O.

use std::collections::HashSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::binary;
use super::names::quoted;

const CONTEXT: usize = 3;

/// One side of a file: its mode as git writes it, and its bytes.
pub type Side<'a> = Option<(&'a str, &'a [u8])>;

/// What a section of a diff is about.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// The path afterwards; before, for a deletion.
    pub path: &'a str,
    /// Where the content comes from, and whether it stays there too.
    pub from: Option<(&'a str, bool)>,
    /// Before; what the content is made from, for a rename or a copy.
    pub before: Side<'a>,
    /// After.
    pub after: Side<'a>,
}

/// The difference of one file with git's headers, and the lines added and removed.
/// Equal sides give an empty diff.
pub fn file_diff(path: &str, before: Side<'_>, after: Side<'_>) -> (Vec<u8>, usize, usize) {
    section(&Section { path, from: None, before, after })
}

/// One section in git's format, and the lines added and removed.
pub fn section(section: &Section<'_>) -> (Vec<u8>, usize, usize) {
    let Section { path, from, before, after } = *section;
    if from.is_none() && before == after {
        return (Vec::new(), 0, 0);
    }
    let is_link = |side: Side<'_>| side.is_some_and(|(mode, _)| mode == "120000");
    if before.is_some() && after.is_some() && is_link(before) != is_link(after) {
        // A file that becomes a link is another thing: git writes two sections.
        let (mut out, _, removed) = file_diff(path, before, None);
        let (more, added, _) = file_diff(path, None, after);
        out.extend(more);
        return (out, added, removed);
    }
    let old_path = from.map_or(path, |(from, _)| from);
    let (old, new) = (before.map_or(&b""[..], |(_, bytes)| bytes), after.map_or(&b""[..], |(_, bytes)| bytes));
    let is_binary = old != new && (binary::is_binary(old) || binary::is_binary(new));
    let (hunks, added, removed) = if old == new || is_binary { (Vec::new(), 0, 0) } else { unified(old, new) };

    let mut head = format!("diff --git {} {}\n", quoted("a/", old_path), quoted("b/", path));
    match (before, after) {
        (None, Some((mode, _))) => head.push_str(&format!("new file mode {mode}\n")),
        (Some((mode, _)), None) => head.push_str(&format!("deleted file mode {mode}\n")),
        (Some((old, _)), Some((new, _))) if old != new => {
            head.push_str(&format!("old mode {old}\nnew mode {new}\n"));
        }
        _ => {}
    }
    if let Some((from, is_copy)) = from {
        let word = if is_copy { "copy" } else { "rename" };
        let (from, to) = (quoted("", from), quoted("", path));
        let similarity = similarity(old, new, &hunks);
        head.push_str(&format!("similarity index {similarity}%\n{word} from {from}\n{word} to {to}\n"));
    }
    let mut out = head.into_bytes();
    let is_link_edit = old != new && is_link(before) && is_link(after);
    if is_binary || is_link_edit {
        // git refuses to lay a binary difference on without the full names of both contents; and nothing else says that
        // a difference is a link's.
        let id = |side: Side<'_>| side.map_or("0".repeat(40), |(_, bytes)| crate::core::git::blob_id(bytes));
        let mode = match (before, after) {
            (Some((old, _)), Some((new, _))) if old == new => format!(" {new}"),
            _ => String::new(),
        };
        out.extend_from_slice(format!("index {}..{}{mode}\n", id(before), id(after)).as_bytes());
    }
    if is_binary {
        binary::write(&mut out, old, new);
    } else if old != new {
        let name = |prefix: &str, path: &str, side: Side<'_>| match side {
            Some(_) => {
                let name = quoted(prefix, path);
                // git ends a name that has a space with a tab, so that tools know where it stops.
                if name.contains(' ') && !name.starts_with('"') { name + "\t" } else { name }
            }
            None => "/dev/null".to_owned(),
        };
        let (old, new) = (name("a/", old_path, before), name("b/", path, after));
        out.extend_from_slice(format!("--- {old}\n+++ {new}\n").as_bytes());
        out.extend_from_slice(&hunks);
    }
    (out, added, removed)
}

/// How much of the old content is in the new one, in percent, roughly as git counts.
fn similarity(old: &[u8], new: &[u8], hunks: &[u8]) -> usize {
    let removed: usize = lines(hunks).iter().filter(|line| line.starts_with(b"-")).map(|line| line.len() - 1).sum();
    let kept = if old == new { old.len() } else { old.len().saturating_sub(removed) };
    (kept * 100).checked_div(old.len().max(new.len())).unwrap_or(100).min(100)
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
    let middle = in_step(old_middle, new_middle);
    let middle = middle.unwrap_or_else(|| capture_diff_slices(Algorithm::Myers, old_middle, new_middle));
    ops.extend(middle.into_iter().map(|op| shifted(op, head)));
    if tail > 0 {
        ops.push(DiffOp::Equal { old_index: old.len() - tail, new_index: new.len() - tail, len: tail });
    }
    ops
}

/// The operations where lines were replaced in their places, few at a time, as most rewriting does, or stand at the end:
/// far cheaper than the search for the shortest difference. Nothing where a line that goes comes again elsewhere, as it
/// does where lines moved up or down.
fn in_step(old: &[&[u8]], new: &[&[u8]]) -> Option<Vec<DiffOp>> {
    const FEW: usize = 8;
    let (mut ops, mut at) = (Vec::new(), 0);
    let (mut gone, mut come): (HashSet<&[u8]>, HashSet<&[u8]>) = Default::default();
    let both = old.len().min(new.len());
    while at < old.len().max(new.len()) {
        let pairs = || old[at..].iter().zip(&new[at..]);
        let equal = pairs().take_while(|(a, b)| a == b).count();
        if equal > 0 {
            ops.push(DiffOp::Equal { old_index: at, new_index: at, len: equal });
            at += equal;
            continue;
        }
        let replaced = pairs().take(FEW + 1).take_while(|(a, b)| a != b).count();
        if replaced > FEW {
            return None;
        }
        let (old_end, new_end) = match at + replaced == both {
            true => (old.len(), new.len()),
            false => (at + replaced, at + replaced),
        };
        gone.extend(&old[at..old_end]);
        come.extend(&new[at..new_end]);
        ops.push(match (old_end - at, new_end - at) {
            (0, new_len) => DiffOp::Insert { old_index: at, new_index: at, new_len },
            (old_len, 0) => DiffOp::Delete { old_index: at, old_len, new_index: at },
            (old_len, new_len) => DiffOp::Replace { old_index: at, old_len, new_index: at, new_len },
        });
        at = old_end.max(new_end);
    }
    gone.is_disjoint(&come).then_some(ops)
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
    let mut all = Vec::with_capacity(text.len() / 32 + 1);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        all.push(&text[start..=end]);
        start = end + 1;
    }
    if start < text.len() {
        all.push(&text[start..]);
    }
    all
}

fn hunk_range(range: &std::ops::Range<usize>) -> String {
    match range.len() {
        // An empty side is named by the line before it.
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        len => format!("{},{len}", range.start + 1),
    }
}

/// Writes a line of a hunk.
pub fn put(out: &mut Vec<u8>, sign: u8, line: &[u8]) {
    out.push(sign);
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
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
    fn lines_replaced_in_place_give_what_the_search_gives() {
        let of = |text: &'static str| text.split_inclusive(' ').map(str::as_bytes).collect::<Vec<_>>();
        for (old, new, is_in_step) in [
            ("a b c d e ", "a B c D e ", true),
            ("a b c d e ", "A B c d E ", true),
            ("a ", "b ", true),
            ("a b c d ", "a N b d ", false),
            ("x a a a y ", "x a b a y ", true),
            ("1 2 3 4 5 6 7 8 9 ", "a b c d e f g h i ", false),
            ("a b ", "a b c d ", true),
            ("a b c d ", "A b ", true),
            ("a b ", "A b c ", true),
            ("a b ", "B a ", false),
            ("a b ", "b a b ", false),
            // Lines that all look alike coincide wherever the others have gone.
            ("1 { } 2 { } 3 { } 4 { } ", "2 { } 3 { } 4 { } end ", false),
        ] {
            let found = in_step(&of(old), &of(new));
            assert_eq!(found.is_some(), is_in_step, "{old} -> {new}");
            if let Some(found) = found {
                assert_eq!(found, capture_diff_slices(Algorithm::Myers, &of(old), &of(new)), "{old} -> {new}");
            }
        }
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
}
