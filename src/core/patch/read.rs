//! Reads unified diffs: git's, with its extended headers, and those of GNU diff, Mercurial, Subversion and of
//! people and models that write them by hand. Does no I/O.

use super::binary::{self, Binary};
use super::names::{git_names, unquoted, without_prefixes};
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
    /// Whether its header is missing numbers or has wrong ones, so that they say nothing about its place.
    pub is_sloppy: bool,
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
    /// Whether git's headers say what happens; without them names may have directories too many.
    pub is_git: bool,
    /// Whether the diff says that it differs in bytes that are no text.
    pub is_binary: bool,
    /// Those bytes, where the diff has them.
    pub binary: Option<Binary>,
    /// What git calls the two contents, and what else stands in that line.
    pub index: Option<(String, String, String)>,
    /// How much of the old content git found in the new one, as in `90%`.
    pub similarity: Option<String>,
    /// Where it begins in the diff, as a line from 1.
    pub at: usize,
}

/// Reads every file of a diff.
pub fn read_diff(diff: &[u8]) -> Result<Vec<FilePatch<'_>>> {
    let lines: Vec<&[u8]> = diff.split_inclusive(|b| *b == b'\n').collect();
    let mut reader = Reader { lines: &lines, at: 0 };
    let mut files = Vec::new();
    while let Some(line) = reader.peek() {
        if line.starts_with(b"diff --git ") {
            files.push(reader.git_file()?);
        } else if reader.is_plain_head() {
            let mut file = FilePatch { at: reader.at + 1, ..FilePatch::default() };
            reader.names_and_hunks(&mut file)?;
            files.push(file);
        } else if line.starts_with(b"*** Begin Patch") || line.starts_with(b"***************") {
            return Err(reader
                .bad("this is another kind of diff")
                .hint("heck reads unified diffs: `diff -u`, `git diff`"));
        } else {
            // Commit messages, stat tables and other prose around a diff are skipped.
            reader.at += 1;
        }
    }
    Ok(files)
}

struct Reader<'l, 'a> {
    lines: &'l [&'a [u8]],
    at: usize,
}

impl<'a> Reader<'_, 'a> {
    fn peek(&self) -> Option<&'a [u8]> {
        self.lines.get(self.at).copied()
    }

    fn is_plain_head(&self) -> bool {
        self.peek().is_some_and(|line| line.starts_with(b"--- "))
            && self.lines.get(self.at + 1).is_some_and(|line| line.starts_with(b"+++ "))
    }

    fn bad(&self, what: &str) -> Error {
        Error::invalid(format!("line {} of the diff: {what}", self.at + 1))
            .hint("is the diff cut off or edited by hand?")
    }

    fn git_file(&mut self) -> Result<FilePatch<'a>> {
        let mut file = FilePatch { is_git: true, at: self.at + 1, ..FilePatch::default() };
        let first = trimmed(self.lines[self.at]);
        if let Some((old, new)) = git_names(&first[b"diff --git ".len()..]) {
            (file.old_path, file.new_path) = without_prefixes(Some(&old), Some(&new)).unwrap_or((Some(old), Some(new)));
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
            } else if let Some(rest) = text.strip_prefix(b"copy from ") {
                (file.old_path, file.is_copy) = (Some(unquoted(rest)), true);
            } else if let Some(rest) = text.strip_prefix(b"copy to ") {
                (file.new_path, file.is_copy) = (Some(unquoted(rest)), true);
            } else if text.starts_with(b"Binary files ") {
                file.is_binary = true;
                self.at += 1;
                return Ok(file);
            } else if text.starts_with(b"GIT binary patch") {
                file.is_binary = true;
                let (binary, used) = binary::read(&self.lines[self.at + 1..])
                    .map_err(|what| self.bad(&format!("the binary difference cannot be read: {what}")))?;
                file.binary = Some(binary);
                self.at += 1 + used;
                return Ok(file);
            } else if self.is_plain_head() {
                // After a section that only changes a mode, one without git's headers may begin.
                if self.is_about(&file) {
                    self.names_and_hunks(&mut file)?;
                }
                return Ok(file);
            } else if let Some(ids) = value("index ") {
                let (ids, rest) =
                    ids.split_once(' ').map_or((ids.as_str(), String::new()), |(ids, rest)| (ids, format!(" {rest}")));
                file.index = ids.split_once("..").map(|(old, new)| (old.to_owned(), new.to_owned(), rest));
            } else if let Some(similarity) = value("similarity index ") {
                file.similarity = Some(similarity);
            } else if text.starts_with(b"dissimilarity ") {
                // Of no use here.
            } else {
                break;
            }
            self.at += 1;
        }
        Ok(file)
    }

    /// Whether the names that follow are those of this file.
    fn is_about(&self, file: &FilePatch<'_>) -> bool {
        let ends_with = |name: Option<String>, path: &Option<String>| match (name, path) {
            (Some(name), Some(path)) => name == *path || name.ends_with(&format!("/{path}")),
            (None, _) => true,
            (Some(_), None) => false,
        };
        ends_with(header_name(&trimmed(self.lines[self.at])[4..]), &file.old_path)
            && ends_with(header_name(&trimmed(self.lines[self.at + 1])[4..]), &file.new_path)
    }

    fn names_and_hunks(&mut self, file: &mut FilePatch<'a>) -> Result<()> {
        let old = header_name(&trimmed(self.lines[self.at])[4..]);
        let new = header_name(&trimmed(self.lines[self.at + 1])[4..]);
        self.at += 2;
        if file.old_path.is_none() && file.new_path.is_none() {
            (file.old_path, file.new_path) = without_prefixes(old.as_deref(), new.as_deref()).unwrap_or((old, new));
        }
        while let Some(line) = self.peek() {
            if line.starts_with(b"@@") {
                let hunk = self.hunk()?;
                file.hunks.push(hunk);
            } else if trimmed(line).is_empty() && self.lines.get(self.at + 1).is_some_and(|l| l.starts_with(b"@@")) {
                self.at += 1;
            } else {
                break;
            }
        }
        Ok(())
    }

    /// A hunk by the numbers of its header; where these do not fit, by the look of its lines.
    fn hunk(&mut self) -> Result<Hunk<'a>> {
        let start = self.at;
        let header = String::from_utf8_lossy(trimmed(self.lines[start])).into_owned();
        self.at += 1;
        let numbers = hunk_header(&header);
        let mut hunk = Hunk { at: start + 1, ..Hunk::default() };
        if let Some((old_start, old_len, new_start, new_len)) = numbers {
            (hunk.old_start, hunk.new_start) = (old_start, new_start);
            let misfit = match self.counted_lines(&mut hunk, old_len, new_len) {
                Ok(()) if self.goes_on() => self.bad("the hunk has more lines than its header promises"),
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
        if hunk.lines.iter().all(|line| matches!(line, HunkLine::Both(_))) {
            self.at = start;
            return Err(self.bad(&format!("the hunk '{header}' changes nothing")));
        }
        Ok(hunk)
    }

    /// Whether lines of the hunk stand behind the last that its header counts.
    fn goes_on(&self) -> bool {
        let Some(line) = self.peek() else { return false };
        match line.first() {
            Some(b'+') => true,
            // `-- ` ends a mail.
            Some(b'-') => !self.is_plain_head() && trimmed(line) != b"-- " && trimmed(line) != b"--",
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
            hunk.lines.push(entry);
            self.at += 1;
        }
        Ok(())
    }
}

/// The last line of a hunk has no line feed in the file.
fn without_feed(hunk: &mut Hunk<'_>) {
    if let Some(HunkLine::Both(text) | HunkLine::Old(text) | HunkLine::New(text)) = hunk.lines.last_mut() {
        *text = text.strip_suffix(b"\n").unwrap_or(text);
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

/// The name on a `---` or `+++` line, without a trailing timestamp or revision; `None` for `/dev/null`, and for
/// a file from before all time, which is how GNU diff says that there is none.
fn header_name(text: &[u8]) -> Option<String> {
    let (name, rest) = match text.iter().position(|b| *b == b'\t').filter(|_| !text.starts_with(b"\"")) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b""[..]),
    };
    let is_epoch =
        ["1970-01-01", "1969-12-31", "Thu Jan 01 00:00:00 1970"].iter().any(|e| rest.starts_with(e.as_bytes()));
    let name = unquoted(name);
    (name != "/dev/null" && !is_epoch).then_some(name)
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
}
