//! Turns a diff round, to show what taking a patch back will do. Does no I/O.

use super::binary;
use super::diff::put;
use super::names::quoted;
use super::read::{FilePatch, Hunk, HunkLine, read_diff};
use crate::core::Result;

/// The diff from after to before, of a diff in git's format.
pub fn reversed(diff: &[u8]) -> Result<Vec<u8>> {
    let files = read_diff(diff)?;
    let mut out = Vec::with_capacity(diff.len());
    let mut at = 0;
    while let Some(file) = files.get(at) {
        let next = files.get(at + 1).filter(|next| {
            // A file that becomes another kind of thing is deleted first, then made anew: in this order both ways.
            file.new_path.is_none() && next.old_path.is_none() && file.old_path == next.new_path
        });
        if let Some(next) = next {
            put_reversed(&mut out, next);
            at += 1;
        }
        put_reversed(&mut out, file);
        at += 1;
    }
    Ok(out)
}

fn put_reversed(out: &mut Vec<u8>, file: &FilePatch<'_>) {
    // The way back from a copy is to delete it; what it held is not in the diff.
    let (old, new) = if file.is_copy { (&file.new_path, &None) } else { (&file.new_path, &file.old_path) };
    let Some(any) = old.as_deref().or(new.as_deref()) else { return };
    let (a, b) = (old.as_deref().unwrap_or(any), new.as_deref().unwrap_or(any));
    let mut head = format!("diff --git {} {}\n", quoted("a/", a), quoted("b/", b));
    let mode = |mode: &Option<String>| mode.clone().unwrap_or_else(|| "100644".into());
    match (old, new) {
        (Some(_), None) => head.push_str(&format!("deleted file mode {}\n", mode(&file.new_mode))),
        (None, Some(_)) => head.push_str(&format!("new file mode {}\n", mode(&file.old_mode))),
        _ => {
            if let (Some(before), Some(after)) = (&file.old_mode, &file.new_mode) {
                head.push_str(&format!("old mode {after}\nnew mode {before}\n"));
            }
        }
    }
    if old.is_some() && new.is_some() && old != new {
        let similarity = file.similarity.as_deref().unwrap_or("100%");
        let (from, to) = (quoted("", a), quoted("", b));
        head.push_str(&format!("similarity index {similarity}\nrename from {from}\nrename to {to}\n"));
    }
    if let (Some(binary), Some((from, to, rest))) = (&file.binary, &file.index) {
        head.push_str(&format!("index {to}..{from}{rest}\n"));
        out.extend_from_slice(head.as_bytes());
        binary::write_reversed(out, binary);
        return;
    }
    if let Some((from, to, rest)) = file.index.as_ref().filter(|_| !file.hunks.is_empty()) {
        head.push_str(&format!("index {to}..{from}{rest}\n"));
    }
    out.extend_from_slice(head.as_bytes());
    if file.hunks.is_empty() || file.is_copy {
        return;
    }
    let name = |prefix, path: &Option<String>| match path {
        Some(path) => {
            let name = quoted(prefix, path);
            if name.contains(' ') && !name.starts_with('"') { name + "\t" } else { name }
        }
        None => "/dev/null".to_owned(),
    };
    out.extend_from_slice(format!("--- {}\n+++ {}\n", name("a/", old), name("b/", new)).as_bytes());
    file.hunks.iter().for_each(|hunk| put_hunk(out, hunk));
}

fn put_hunk(out: &mut Vec<u8>, hunk: &Hunk<'_>) {
    let count = |other: fn(&HunkLine<'_>) -> bool| hunk.lines.iter().filter(|line| !other(line)).count();
    let old = count(|line| matches!(line, HunkLine::New(_)));
    let new = count(|line| matches!(line, HunkLine::Old(_)));
    let range = |start: usize, len: usize| if len == 1 { start.to_string() } else { format!("{start},{len}") };
    out.extend_from_slice(
        format!("@@ -{} +{} @@\n", range(hunk.new_start, new), range(hunk.old_start, old)).as_bytes(),
    );
    // Of lines that changed together, those that go stand before those that come.
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for line in &hunk.lines {
        match line {
            HunkLine::New(text) => put(&mut removed, b'-', text),
            HunkLine::Old(text) => put(&mut added, b'+', text),
            HunkLine::Both(text) => {
                out.append(&mut removed);
                out.append(&mut added);
                put(out, b' ', text);
            }
        }
    }
    out.append(&mut removed);
    out.append(&mut added);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::patch::diff::{Section, Side, file_diff, section};

    #[test]
    fn it_is_the_diff_of_the_sides_exchanged() -> Result<()> {
        let long: String = (1..40).map(|n| format!("{n}\n")).collect();
        let other = long.replace("7\n", "--- seven\n").replace("20\n21\n", "+++ x\n");
        let texts =
            ["", "a\n", "a", "a\nb\nc\n", "a\nB\nc", "x\ny\n", "-- a\n++ b\n", "\\ No newline\n", &long, &other];
        for before in texts {
            for after in texts {
                let left: Side<'_> = Some(("100644", before.as_bytes()));
                let right: Side<'_> = Some(("100755", after.as_bytes()));
                for (old, new) in [(left, right), (None, right), (left, None)] {
                    for path in ["f", "dir/a b.txt", "é"] {
                        let expected = file_diff(path, new, old).0;
                        let got = reversed(&file_diff(path, old, new).0)?;
                        assert_eq!(
                            String::from_utf8_lossy(&got),
                            String::from_utf8_lossy(&expected),
                            "{before:?} {after:?}"
                        );
                    }
                }
            }
        }
        Ok(())
    }

    #[test]
    fn binaries_renames_and_links() -> Result<()> {
        let (old, new): (Side<'_>, Side<'_>) = (Some(("100644", b"a\0b")), Some(("100755", b"a\0c")));
        for (before, after) in [(old, new), (None, new), (old, None), (old, Some(("120000", b"target")))] {
            let there = file_diff("f", before, after).0;
            assert_eq!(reversed(&there)?, file_diff("f", after, before).0);
        }
        let renamed =
            |path, from, before, after| section(&Section { path, from: Some((from, false)), before, after }).0;
        let (x, y): (Side<'_>, Side<'_>) = (Some(("100644", b"1\n2\n3\n")), Some(("100644", b"1\n2\nx\n")));
        assert_eq!(reversed(&renamed("b", "a", x, y))?, renamed("a", "b", y, x));
        Ok(())
    }
}
