//! Lays a part of a diff on the very content it was made for, forwards or backwards. Does no I/O.
//! For diffs of others, which may be made for something else, see `fit.rs`.

use super::binary;
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

/// A content with its part of a diff laid on: every line must be where the diff says.
pub fn lay(path: &str, now: &[u8], section: &FilePatch<'_>, direction: Direction) -> Result<Vec<u8>> {
    if let Some(difference) = &section.binary {
        let chunk = match direction {
            Direction::Forward => Some(&difference.forward),
            Direction::Reverse => difference.reverse.as_ref(),
        };
        let chunk = chunk.ok_or_else(|| {
            Error::new(Kind::Conflict, format!("{path}: the binary difference does not lead back")).path(path)
        })?;
        return binary::apply(path, now, chunk);
    }
    let old = lines(now);
    let mut out = Vec::with_capacity(now.len() + 256);
    let mut copied = 0;
    for (number, hunk) in section.hunks.iter().enumerate() {
        let (from, to) = sides(hunk, direction);
        let start = match direction {
            Direction::Forward => hunk.old_start,
            Direction::Reverse => hunk.new_start,
        };
        let at = if from.is_empty() { start } else { start.saturating_sub(1) };
        if at < copied || old.get(at..at + from.len()) != Some(&from) {
            return Err(misfit(path, number + 1, hunk, &old, &from, at));
        }
        old[copied..at].iter().for_each(|line| out.extend_from_slice(line));
        to.iter().for_each(|line| out.extend_from_slice(line));
        copied = at + from.len();
    }
    old[copied..].iter().for_each(|line| out.extend_from_slice(line));
    Ok(out)
}

/// The lines of a hunk's two sides, the one it is laid on first.
pub fn sides<'a>(hunk: &Hunk<'a>, direction: Direction) -> (Vec<&'a [u8]>, Vec<&'a [u8]>) {
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

fn misfit(path: &str, number: usize, hunk: &Hunk<'_>, text: &[&[u8]], lines: &[&[u8]], at: usize) -> Error {
    Error::new(
        Kind::Conflict,
        format!("{path}: hunk {number} (line {} of the diff) does not fit: {}", hunk.at, difference(text, lines, at)),
    )
    .path(path)
    .hint("the file is not the one the patch was made for; make the patch again")
}

/// The first line that is not as it should be.
pub fn difference(text: &[&[u8]], lines: &[&[u8]], at: usize) -> String {
    let shown = |line: &[u8]| String::from_utf8_lossy(line).trim_end().to_owned();
    match lines.iter().enumerate().find(|(n, line)| text.get(at + n) != Some(line)) {
        Some((n, line)) => match text.get(at + n) {
            Some(found) if shown(found) == shown(line) => {
                format!("line {} ends or is spaced in another way than '{}'", at + n + 1, shown(line))
            }
            Some(found) => format!("line {} should be '{}' and is '{}'", at + n + 1, shown(line), shown(found)),
            None => format!("line {} should be '{}', and the file ends before it", at + n + 1, shown(line)),
        },
        None => "it overlaps the hunk before it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::patch::diff::unified;
    use crate::core::patch::read::read_diff;

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
            ("\u{feff}a\rb\n", "\u{feff}a\rc\n"),
        ] {
            let mut diff = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n".to_vec();
            diff.extend(unified(old.as_bytes(), new.as_bytes()).0);
            let files = read_diff(&diff)?;
            assert_eq!(lay("f", old.as_bytes(), &files[0], Direction::Forward)?, new.as_bytes());
            assert_eq!(lay("f", new.as_bytes(), &files[0], Direction::Reverse)?, old.as_bytes());
            // New lines alone have nothing that must be there.
            assert!(old.is_empty() || lay("f", b"other\n", &files[0], Direction::Forward).is_err());
        }
        Ok(())
    }
}
