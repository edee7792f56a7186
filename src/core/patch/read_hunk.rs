//! Reads the hunks of a diff, by the numbers of their heads or, where these are missing or wrong, by the look of their
//! lines. Does no I/O.

use super::read::{Hunk, HunkLine, Reader, trimmed};
use crate::core::Result;

impl<'a> Reader<'_, 'a> {
    /// A hunk by the numbers of its header; where these do not fit, by the look of its lines.
    pub(super) fn hunk(&mut self) -> Result<Hunk<'a>> {
        let start = self.at;
        let header = String::from_utf8_lossy(trimmed(self.lines[start])).into_owned();
        self.at += 1;
        let numbers = hunk_header(&header);
        let mut hunk = Hunk { at: start + 1, ..Hunk::default() };
        if let Some((old_start, old_len, new_start, new_len)) = numbers {
            (hunk.old_start, hunk.new_start) = (old_start, new_start);
            let misfit = match self.counted_lines(&mut hunk, old_len, new_len) {
                Ok(()) if self.goes_on() => self.bad("the hunk has more lines than its header promises"),
                Ok(()) if changes_nothing(&hunk) => {
                    self.at = start;
                    return Err(self.bad(&format!("the hunk '{header}' changes nothing")));
                }
                Ok(()) => return Ok(hunk),
                Err(error) => error,
            };
            (self.at, hunk.lines) = (start + 1, Vec::new());
            if !self.looks_whole(old_len, new_len) {
                return Err(misfit.hint("if the diff is whole, correct the hunk's numbers or leave them out: '@@ @@'"));
            }
        }
        hunk.is_sloppy = true;
        self.sloppy_lines(&mut hunk)?;
        if changes_nothing(&hunk) {
            self.at = start;
            return Err(self.bad(&format!("the hunk '{header}' changes nothing")));
        }
        self.refuse_strays()?;
        Ok(hunk)
    }

    /// A line that begins with a sign, behind a hunk that was read by the look of its lines, may belong to it.
    fn refuse_strays(&mut self) -> Result<()> {
        for (n, line) in self.lines[self.at..].iter().enumerate() {
            let is_head =
                ["diff ", "Index: ", "@@", "--- ", "```"].iter().any(|head| line.starts_with(head.as_bytes()));
            if is_head || trimmed(line) == b"--" || trimmed(line) == b"-- " {
                break;
            }
            if matches!(line.first(), Some(b'+' | b'-')) {
                self.at += n;
                return Err(self
                    .bad("a line of a hunk behind one that is none")
                    .hint("does a line before it lack the space at its beginning?"));
            }
        }
        Ok(())
    }

    /// Whether lines of the hunk stand behind the last that its header counts.
    fn goes_on(&self) -> bool {
        let Some(line) = self.peek() else { return false };
        match line.first() {
            Some(b'+') => true,
            // `-- ` ends a mail.
            Some(b'-') => !self.is_plain_head() && !trimmed(line).starts_with(b"--"),
            Some(b' ') => !trimmed(line).trim_ascii().is_empty(),
            _ => false,
        }
    }

    /// Whether the hunk that begins here is only miscounted. One with too few lines at the end of the input may
    /// have been cut off.
    fn looks_whole(&self, old_len: usize, new_len: usize) -> bool {
        let body = self.lines[self.at..]
            .iter()
            .take_while(|line| matches!(line.first(), Some(b' ' | b'+' | b'-' | b'\\' | b'\n' | b'\r')));
        let (mut count, mut old, mut new, mut changes) = (0, 0, 0, false);
        for line in body {
            count += 1;
            match line.first() {
                Some(b'+') => (new, changes) = (new + 1, true),
                Some(b'-') => (old, changes) = (old + 1, true),
                Some(b'\\') => {}
                _ => (old, new) = (old + 1, new + 1),
            }
        }
        let is_last = self.at + count >= self.lines.len();
        changes && (!is_last || old >= old_len && new >= new_len)
    }

    fn sloppy_lines(&mut self, hunk: &mut Hunk<'a>) -> Result<()> {
        while let Some(line) = self.peek() {
            let entry = match line.first() {
                _ if self.is_plain_head() => break,
                Some(b' ') => HunkLine::Both(&line[1..]),
                Some(b'+') => HunkLine::New(&line[1..]),
                Some(b'-') => HunkLine::Old(&line[1..]),
                Some(b'\n' | b'\r') => HunkLine::Both(line),
                Some(b'\\') => {
                    without_feed(hunk);
                    self.at += 1;
                    continue;
                }
                _ => break,
            };
            if !line.ends_with(b"\n") {
                return Err(self.bad("the diff ends in the middle of a line"));
            }
            hunk.lines.push(entry);
            self.at += 1;
        }
        // Empty lines before the next header are more likely to part the two than to be context.
        while hunk.lines.last().is_some_and(|line| matches!(line, HunkLine::Both(text) if text.trim_ascii().is_empty()))
        {
            hunk.lines.pop();
        }
        Ok(())
    }

    fn counted_lines(&mut self, hunk: &mut Hunk<'a>, mut old_len: usize, mut new_len: usize) -> Result<()> {
        while old_len > 0 || new_len > 0 || self.peek().is_some_and(|line| line.starts_with(b"\\ ")) {
            let Some(line) = self.peek() else { return Err(self.bad("the hunk ends too early")) };
            if line.starts_with(b"\\ ") {
                if hunk.lines.is_empty() {
                    return Err(self.bad("a hunk cannot begin with a backslash"));
                }
                without_feed(hunk);
                self.at += 1;
                continue;
            }
            let (sign, text) = line.split_first().map_or((b' ', line), |(sign, text)| (*sign, text));
            let fits = |sides: &[&mut usize]| sides.iter().all(|n| **n > 0);
            let entry = match sign {
                b' ' if fits(&[&mut old_len, &mut new_len]) => {
                    (old_len, new_len) = (old_len - 1, new_len - 1);
                    HunkLine::Both(text)
                }
                // Some tools drop the space of an empty context line.
                b'\n' | b'\r' if fits(&[&mut old_len, &mut new_len]) => {
                    (old_len, new_len) = (old_len - 1, new_len - 1);
                    HunkLine::Both(line)
                }
                b'-' if old_len > 0 => {
                    old_len -= 1;
                    HunkLine::Old(text)
                }
                b'+' if new_len > 0 => {
                    new_len -= 1;
                    HunkLine::New(text)
                }
                _ => return Err(self.bad("the hunk does not have the lines its header promises")),
            };
            if !line.ends_with(b"\n") {
                return Err(self.bad("the diff ends in the middle of a line"));
            }
            hunk.lines.push(entry);
            self.at += 1;
        }
        Ok(())
    }
}

fn changes_nothing(hunk: &Hunk<'_>) -> bool {
    hunk.lines.iter().all(|line| matches!(line, HunkLine::Both(_)))
}

/// The last line of a hunk has no line feed in the file.
fn without_feed(hunk: &mut Hunk<'_>) {
    if let Some(HunkLine::Both(text) | HunkLine::Old(text) | HunkLine::New(text)) = hunk.lines.last_mut() {
        *text = text.strip_suffix(b"\n").unwrap_or(text);
    }
}

/// `-1,5 +1,6` of a hunk header; a missing length is 1.
fn hunk_header(header: &str) -> Option<(usize, usize, usize, usize)> {
    let (ranges, _) = header.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| match text.split_once(',') {
        Some((start, len)) => Some((start.parse().ok()?, len.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    let (old_start, old_len) = range(old)?;
    let (new_start, new_len) = range(new)?;
    Some((old_start, old_len, new_start, new_len))
}
