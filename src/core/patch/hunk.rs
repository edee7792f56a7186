//! Lays hunks on a text, forwards or backwards. Does no I/O.

use super::diff::lines;
use super::read::{FilePatch, Hunk, HunkLine};
use crate::core::{Error, Kind, Result};

/// Which way a patch is laid on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From before to after.
    Forward,
    /// From after to before.
    Reverse,
}

/// A file's content with its part of a diff laid on.
pub fn lay(path: &str, now: &[u8], section: &FilePatch<'_>, direction: Direction) -> Result<Vec<u8>> {
    apply_hunks(path, now, &section.hunks, direction)
}

/// The text with the hunks laid on. A hunk whose place has moved is found where its lines stand
/// exactly once nearest to it; one that fits nowhere is named with the line that differs.
pub fn apply_hunks(path: &str, text: &[u8], hunks: &[Hunk<'_>], direction: Direction) -> Result<Vec<u8>> {
    let old = lines(text);
    let mut out = Vec::with_capacity(text.len());
    let (mut copied, mut drift) = (0usize, 0isize);
    for (number, hunk) in hunks.iter().enumerate() {
        let (from, to) = sides(hunk, direction);
        let start = match direction {
            Direction::Forward => hunk.old_start,
            Direction::Reverse => hunk.new_start,
        };
        let stated = if from.is_empty() { start } else { start.saturating_sub(1) };
        let wanted = stated.saturating_add_signed(drift);
        let Some(at) = find(&old, &from, wanted, copied) else {
            return Err(misfit(path, number + 1, hunk, &old, &from, wanted));
        };
        drift = (at as isize).wrapping_sub(stated as isize);
        old[copied..at].iter().for_each(|line| out.extend_from_slice(line));
        to.iter().for_each(|line| out.extend_from_slice(line));
        copied = at + from.len();
    }
    old[copied..].iter().for_each(|line| out.extend_from_slice(line));
    Ok(out)
}

fn sides<'a>(hunk: &Hunk<'a>, direction: Direction) -> (Vec<&'a [u8]>, Vec<&'a [u8]>) {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for line in &hunk.lines {
        match *line {
            HunkLine::Both(text) => {
                old.push(text);
                new.push(text);
            }
            HunkLine::Old(text) => old.push(text),
            HunkLine::New(text) => new.push(text),
        }
    }
    match direction {
        Direction::Forward => (old, new),
        Direction::Reverse => (new, old),
    }
}

/// The place nearest to the wanted one where the lines stand, not before `from`.
fn find(text: &[&[u8]], lines: &[&[u8]], wanted: usize, from: usize) -> Option<usize> {
    let fits = |at: usize| text.get(at..at + lines.len()) == Some(lines);
    let last = text.len().checked_sub(lines.len())?;
    let wanted = wanted.clamp(from.min(last), last);
    (0..=text.len()).find_map(|distance| {
        let after = wanted + distance;
        if after <= last && after >= from && fits(after) {
            return Some(after);
        }
        wanted.checked_sub(distance).filter(|before| *before >= from && fits(*before))
    })
}

fn misfit(path: &str, number: usize, hunk: &Hunk<'_>, text: &[&[u8]], lines: &[&[u8]], wanted: usize) -> Error {
    let differs = lines.iter().enumerate().find(|(n, line)| text.get(wanted + n) != Some(line));
    let detail = match differs {
        Some((n, line)) => format!(
            "line {} should be '{}' and is {}",
            wanted + n + 1,
            String::from_utf8_lossy(line).trim_end(),
            match text.get(wanted + n) {
                Some(found) => format!("'{}'", String::from_utf8_lossy(found).trim_end()),
                None => "past the end of the file".to_owned(),
            }
        ),
        None => "it overlaps the hunk before it".to_owned(),
    };
    Error::new(Kind::Conflict, format!("{path}: hunk {number} (line {} of the diff) does not fit: {detail}", hunk.at))
        .path(path)
        .hint("the file is not the one the patch was made for; make the patch again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::patch::diff::unified;
    use crate::core::patch::read::read_diff;

    fn check(old: &str, new: &str, on: &str, expected: Option<&str>) -> Result<()> {
        let mut diff = b"--- a/f\n+++ b/f\n".to_vec();
        diff.extend(unified(old.as_bytes(), new.as_bytes()).0);
        let files = read_diff(&diff)?;
        let hunks = files.first().map(|f| f.hunks.clone()).unwrap_or_default();
        let got = apply_hunks("f", on.as_bytes(), &hunks, Direction::Forward).ok();
        assert_eq!(got.as_deref(), expected.map(str::as_bytes), "{old:?} → {new:?} on {on:?}");
        if old == on {
            let back = apply_hunks("f", new.as_bytes(), &hunks, Direction::Reverse)?;
            assert_eq!(back, old.as_bytes());
        }
        Ok(())
    }

    #[test]
    fn forwards_and_backwards() -> Result<()> {
        for (old, new) in [
            ("a\nb\nc\n", "a\nB\nc\n"),
            ("", "x"),
            ("x", ""),
            ("a\n", "a"),
            ("a", "a\n"),
            ("a\r\nb\r\n", "a\r\nc\r\n"),
            ("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n12\n"),
        ] {
            check(old, new, old, Some(new))?;
        }
        Ok(())
    }

    #[test]
    fn a_moved_place_is_found_and_a_changed_one_refused() -> Result<()> {
        check("a\nb\nc\n", "a\nB\nc\n", "x\ny\na\nb\nc\n", Some("x\ny\na\nB\nc\n"))?;
        check("a\nb\nc\n", "a\nB\nc\n", "a\nz\nc\n", None)
    }
}
