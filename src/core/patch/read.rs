//! Reads unified diffs: git's, with its extended headers, and plain ones. Does no I/O.

use std::collections::HashMap;

use crate::core::{Error, Result};

/// What a line of a hunk does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HunkLine<'a> {
    /// Stands on both sides.
    Both(&'a [u8]),
    /// Stands on the old side only.
    Old(&'a [u8]),
    /// Stands on the new side only.
    New(&'a [u8]),
}

/// One hunk; its lines carry their line feeds, save a last line that has none in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// First line on the old side, from 1; for an empty old side the line before.
    pub old_start: usize,
    /// First line on the new side.
    pub new_start: usize,
    /// Its lines.
    pub lines: Vec<HunkLine<'a>>,
    /// Where it begins in the diff, as a line from 1.
    pub at: usize,
}

/// One file of a diff.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilePatch<'a> {
    /// The old path; absent for a new file.
    pub old_path: Option<String>,
    /// The new path; absent for a deleted file.
    pub new_path: Option<String>,
    /// The old mode, where the diff says it.
    pub old_mode: Option<String>,
    /// The new mode, where the diff says it.
    pub new_mode: Option<String>,
    /// Its hunks in order.
    pub hunks: Vec<Hunk<'a>>,
    /// Whether the new file is a copy, and the old one stays.
    pub is_copy: bool,
    /// Whether the diff says that it differs in bytes that are no text.
    pub is_binary: bool,
}

/// Reads every file of a diff.
pub fn read_diff(diff: &[u8]) -> Result<Vec<FilePatch<'_>>> {
    let lines: Vec<&[u8]> = diff.split_inclusive(|b| *b == b'\n').collect();
    let mut reader = Reader { lines: &lines, at: 0 };
    let mut files = Vec::new();
    while let Some(line) = reader.peek() {
        if line.starts_with(b"diff --git ") {
            files.push(reader.git_file()?);
        } else if line.starts_with(b"--- ") && reader.lines.get(reader.at + 1).is_some_and(|l| l.starts_with(b"+++ ")) {
            let mut file = FilePatch::default();
            reader.names_and_hunks(&mut file)?;
            files.push(file);
        } else {
            // Commit messages, stat tables and other prose around a diff are skipped.
            reader.at += 1;
        }
    }
    Ok(files)
}

/// The files of a diff by the path that a patch's record has for them.
pub fn by_path(files: Vec<FilePatch<'_>>) -> HashMap<String, FilePatch<'_>> {
    let mut map = HashMap::with_capacity(files.len());
    for file in files {
        if let Some(path) = file.new_path.clone().or_else(|| file.old_path.clone()) {
            map.insert(path, file);
        }
    }
    map
}

struct Reader<'l, 'a> {
    lines: &'l [&'a [u8]],
    at: usize,
}

impl<'a> Reader<'_, 'a> {
    fn peek(&self) -> Option<&'a [u8]> {
        self.lines.get(self.at).copied()
    }

    fn bad(&self, what: &str) -> Error {
        Error::invalid(format!("line {} of the diff: {what}", self.at + 1))
            .hint("is the diff cut off or edited by hand?")
    }

    fn git_file(&mut self) -> Result<FilePatch<'a>> {
        let mut file = FilePatch::default();
        let first = trimmed(self.lines[self.at]);
        if let Some((old, new)) = git_names(&first[b"diff --git ".len()..]) {
            file.old_path = Some(old);
            file.new_path = Some(new);
        }
        self.at += 1;
        while let Some(line) = self.peek() {
            let text = trimmed(line);
            let value =
                |prefix: &str| text.strip_prefix(prefix.as_bytes()).map(|v| String::from_utf8_lossy(v).into_owned());
            if let Some(mode) = value("new file mode ") {
                file.old_path = None;
                file.new_mode = Some(mode);
            } else if let Some(mode) = value("deleted file mode ") {
                file.new_path = None;
                file.old_mode = Some(mode);
            } else if let Some(mode) = value("old mode ") {
                file.old_mode = Some(mode);
            } else if let Some(mode) = value("new mode ") {
                file.new_mode = Some(mode);
            } else if let Some(rest) = text.strip_prefix(b"rename from ") {
                file.old_path = Some(unquoted(rest));
            } else if let Some(rest) = text.strip_prefix(b"rename to ") {
                file.new_path = Some(unquoted(rest));
            } else if text.starts_with(b"copy from ") || text.starts_with(b"copy to ") {
                return Err(self.bad("copies are not supported").hint("make the diff without -C"));
            } else if text.starts_with(b"GIT binary patch") || text.starts_with(b"Binary files ") {
                file.is_binary = true;
                self.at += 1;
                // What follows is git's encoding of the bytes.
                while self.peek().is_some_and(|line| !line.starts_with(b"diff --git ")) {
                    self.at += 1;
                }
                return Ok(file);
            } else if text.starts_with(b"--- ") {
                self.names_and_hunks(&mut file)?;
                return Ok(file);
            } else if text.starts_with(b"index ")
                || text.starts_with(b"similarity ")
                || text.starts_with(b"dissimilarity ")
            {
                // What these say is checked by digest instead.
            } else {
                break;
            }
            self.at += 1;
        }
        Ok(file)
    }

    fn names_and_hunks(&mut self, file: &mut FilePatch<'a>) -> Result<()> {
        let has_git_names = file.old_path.is_some() || file.new_path.is_some();
        let old = header_name(&trimmed(self.lines[self.at])[4..]);
        self.at += 1;
        let Some(line) = self.peek().filter(|line| line.starts_with(b"+++ ")) else {
            return Err(self.bad("expected a line that begins with '+++ '"));
        };
        let new = header_name(&trimmed(line)[4..]);
        self.at += 1;
        if !has_git_names {
            file.old_path = old.map(|name| strip(&name, "a/"));
            file.new_path = new.map(|name| strip(&name, "b/"));
        }
        while let Some(line) = self.peek().filter(|line| line.starts_with(b"@@ ")) {
            let header = String::from_utf8_lossy(trimmed(line)).into_owned();
            let Some((old_start, old_len, new_start, new_len)) = hunk_header(&header) else {
                return Err(self.bad(&format!("'{header}' is not a hunk header")));
            };
            let mut hunk = Hunk { old_start, new_start, lines: Vec::new(), at: self.at + 1 };
            self.at += 1;
            self.hunk_lines(&mut hunk, old_len, new_len)?;
            file.hunks.push(hunk);
        }
        Ok(())
    }

    fn hunk_lines(&mut self, hunk: &mut Hunk<'a>, mut old_len: usize, mut new_len: usize) -> Result<()> {
        while old_len > 0 || new_len > 0 || self.peek().is_some_and(|line| line.starts_with(b"\\ ")) {
            let Some(line) = self.peek() else { return Err(self.bad("the hunk ends too early")) };
            if line.starts_with(b"\\ ") {
                match hunk.lines.last_mut() {
                    Some(HunkLine::Both(text) | HunkLine::Old(text) | HunkLine::New(text)) => {
                        *text = text.strip_suffix(b"\n").unwrap_or(text);
                    }
                    None => return Err(self.bad("a hunk cannot begin with a backslash")),
                }
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
                b'\n' if fits(&[&mut old_len, &mut new_len]) => {
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
            hunk.lines.push(entry);
            self.at += 1;
        }
        Ok(())
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
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

/// The name on a `---` or `+++` line, without a trailing timestamp; `None` for `/dev/null`.
fn header_name(text: &[u8]) -> Option<String> {
    let text = if text.starts_with(b"\"") { text } else { text.split(|b| *b == b'\t').next().unwrap_or(text) };
    let name = unquoted(text);
    (name != "/dev/null").then_some(name)
}

/// The two names of a `diff --git` line, without `a/` and `b/`.
fn git_names(text: &[u8]) -> Option<(String, String)> {
    if text.starts_with(b"\"") {
        let end = 1 + closing_quote(&text[1..])?;
        let old = unquoted(&text[..=end]);
        let new = unquoted(text[end + 1..].strip_prefix(b" ")?);
        return Some((strip(&old, "a/"), strip(&new, "b/")));
    }
    if let Some(at) = text.windows(2).position(|w| w == b" \"") {
        let old = String::from_utf8_lossy(&text[..at]).into_owned();
        return Some((strip(&old, "a/"), strip(&unquoted(&text[at + 1..]), "b/")));
    }
    // Unless it is a rename, which says its names again, both names are equal: split in the middle.
    let text = String::from_utf8_lossy(text).into_owned();
    let middle = text.len() / 2;
    if text.as_bytes().get(middle) == Some(&b' ') {
        let (old, new) = (strip(&text[..middle], "a/"), strip(&text[middle + 1..], "b/"));
        if old == new {
            return Some((old, new));
        }
    }
    let (old, new) = text.split_once(" b/")?;
    Some((strip(old, "a/"), new.to_owned()))
}

fn strip(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_owned()
}

fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|b| {
        let closes = *b == b'"' && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    })
}

/// Undoes git's quoting of a name.
fn unquoted(text: &[u8]) -> String {
    let Some(inner) = text.strip_prefix(b"\"").and_then(|t| t.strip_suffix(b"\"")) else {
        return String::from_utf8_lossy(text).into_owned();
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while at < inner.len() {
        if inner[at] != b'\\' || at + 1 == inner.len() {
            out.push(inner[at]);
            at += 1;
            continue;
        }
        let octal = inner.get(at + 1..at + 4).and_then(|d| std::str::from_utf8(d).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            out.push(byte);
            at += 4;
            continue;
        }
        out.push(match inner[at + 1] {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 0x07,
            b'b' => 0x08,
            b'v' => 0x0b,
            b'f' => 0x0c,
            other => other,
        });
        at += 2;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
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
            (b"--- a/x\n+++ b/x\n@@ nonsense @@\n", "not a hunk header"),
        ] {
            let error = read_diff(text).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_binary_file_is_named_and_the_next_one_read() -> Result<()> {
        let diff = b"diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQzfP\n\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
        let files: Vec<_> = read_diff(diff)?.into_iter().map(|f| (f.new_path, f.is_binary, f.hunks.len())).collect();
        assert_eq!(files, [(Some("x".into()), true, 0), (Some("y".into()), false, 1)]);
        Ok(())
    }
}
