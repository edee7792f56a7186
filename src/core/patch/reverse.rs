//! Turns a diff round, to show what taking a patch back will do. Does no I/O.

use super::diff::lines;

/// The diff from after to before. For diffs that heck wrote, which is every diff of the store.
pub fn reversed(diff: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(diff.len());
    let mut lines = lines(diff).into_iter().peekable();
    // Lines of the hunk that are still to come, on both sides: inside one, `--- ` is a line like any other.
    let mut left = (0usize, 0usize);
    let mut run = Run::default();
    while let Some(line) = lines.next() {
        let is_whole = lines.peek().is_none_or(|next| !next.starts_with(b"\\"));
        if left != (0, 0) || line.starts_with(b"\\") {
            let text = line.get(1..).unwrap_or_default();
            match line.first() {
                Some(b'-') => left.0 = left.0.saturating_sub(1),
                Some(b'+') => left.1 = left.1.saturating_sub(1),
                Some(b'\\') => {}
                _ => left = (left.0.saturating_sub(1), left.1.saturating_sub(1)),
            }
            run.take(line.first().copied(), text, &mut out);
            if left == (0, 0) && is_whole {
                run.end(&mut out);
            }
            continue;
        }
        if let Some((old, new)) = hunk_sides(line) {
            left = (length(old), length(new));
            out.extend_from_slice(format!("@@ -{new} +{old} @@\n").as_bytes());
            continue;
        }
        match (line.starts_with(b"--- "), line.starts_with(b"old mode "), lines.peek()) {
            (true, _, Some(next)) | (_, true, Some(next)) => {
                let next = *next;
                lines.next();
                let begin =
                    if line.starts_with(b"--- ") { [&b"--- "[..], b"+++ "] } else { [&b"old mode "[..], b"new mode "] };
                let side = |prefix: &[u8], text: &[u8], from: &str, to: &str| {
                    let name = String::from_utf8_lossy(text.get(prefix.len()..).unwrap_or_default()).into_owned();
                    let quoted = (format!("\"{from}"), format!("\"{to}"));
                    match name.strip_prefix(from) {
                        Some(rest) => format!("{to}{rest}"),
                        None => name.strip_prefix(&quoted.0).map_or(name.clone(), |rest| format!("{}{rest}", quoted.1)),
                    }
                };
                out.extend_from_slice(begin[0]);
                out.extend_from_slice(side(begin[1], next, "b/", "a/").as_bytes());
                out.extend_from_slice(begin[1]);
                out.extend_from_slice(side(begin[0], line, "a/", "b/").as_bytes());
            }
            _ => match (line.strip_prefix(b"new file"), line.strip_prefix(b"deleted file")) {
                (Some(rest), _) => out.extend_from_slice(&[b"deleted file", rest].concat()),
                (_, Some(rest)) => out.extend_from_slice(&[b"new file", rest].concat()),
                _ => out.extend_from_slice(line),
            },
        }
    }
    run.end(&mut out);
    out
}

/// Changed lines that stand together: what was added is removed, and what is removed comes first.
#[derive(Default)]
struct Run {
    removed: Vec<u8>,
    added: Vec<u8>,
    is_adding: bool,
}

impl Run {
    fn take(&mut self, sign: Option<u8>, text: &[u8], out: &mut Vec<u8>) {
        let side = match sign {
            Some(b'+') => {
                self.is_adding = false;
                self.removed.push(b'-');
                &mut self.removed
            }
            Some(b'-') => {
                self.is_adding = true;
                self.added.push(b'+');
                &mut self.added
            }
            Some(b'\\') => {
                // It belongs to the line before it, changed or not.
                let side = match (self.removed.is_empty() && self.added.is_empty(), self.is_adding) {
                    (true, _) => out,
                    (_, true) => &mut self.added,
                    (_, false) => &mut self.removed,
                };
                side.push(b'\\');
                side
            }
            _ => {
                self.end(out);
                out.push(b' ');
                out
            }
        };
        side.extend_from_slice(text);
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.removed);
        out.append(&mut self.added);
    }
}

/// The two ranges of a hunk's head.
fn hunk_sides(line: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(line).ok()?.strip_prefix("@@ -")?;
    let (ranges, _) = text.split_once(" @@")?;
    ranges.split_once(" +")
}

fn length(range: &str) -> usize {
    range.split_once(',').map_or(Some(1), |(_, len)| len.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::patch::diff::{Side, file_diff};

    #[test]
    fn it_is_the_diff_of_the_sides_exchanged() {
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
                        let got = reversed(&file_diff(path, old, new).0);
                        assert_eq!(
                            String::from_utf8_lossy(&got),
                            String::from_utf8_lossy(&expected),
                            "{before:?} {after:?}"
                        );
                    }
                }
            }
        }
    }
}
