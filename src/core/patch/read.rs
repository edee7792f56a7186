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
    /// Whether its two names are one path below two directories, as `diff -r` writes them.
    pub is_between: bool,
    /// Whether its names had the prefixes of the two sides, which are taken off.
    pub has_prefixes: bool,
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
        } else if let Some(names) = binary_names(line) {
            let (old_path, new_path) =
                without_prefixes(Some(&names.0), Some(&names.1)).unwrap_or((Some(names.0), Some(names.1)));
            let at = reader.at + 1;
            files.push(FilePatch { old_path, new_path, is_binary: true, at, ..FilePatch::default() });
            reader.at += 1;
        } else if line.starts_with(b"@@ ") || line.starts_with(b"@@@") {
            return Err(reader.bad(match line.starts_with(b"@@@") {
                true => "this is the combined diff of a merge, which says nothing for certain",
                false => "a hunk that belongs to no file",
            }));
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

/// The lines of a diff and how far they are read.
pub(super) struct Reader<'l, 'a> {
    pub(super) lines: &'l [&'a [u8]],
    pub(super) at: usize,
}

impl<'a> Reader<'_, 'a> {
    pub(super) fn peek(&self) -> Option<&'a [u8]> {
        self.lines.get(self.at).copied()
    }

    pub(super) fn is_plain_head(&self) -> bool {
        self.peek().is_some_and(|line| line.starts_with(b"--- "))
            && self.lines.get(self.at + 1).is_some_and(|line| line.starts_with(b"+++ "))
    }

    pub(super) fn bad(&self, what: &str) -> Error {
        Error::invalid(format!("line {} of the diff: {what}", self.at + 1))
            .hint("is the diff cut off or edited by hand?")
    }

    fn git_file(&mut self) -> Result<FilePatch<'a>> {
        let mut file = FilePatch { is_git: true, at: self.at + 1, ..FilePatch::default() };
        let first = trimmed(self.lines[self.at]);
        if let Some((old, new)) = git_names(&first[b"diff --git ".len()..]) {
            let bare = without_prefixes(Some(&old), Some(&new));
            file.has_prefixes = bare.is_some();
            (file.old_path, file.new_path) = bare.unwrap_or((Some(old), Some(new)));
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
                match self.is_about(&file) {
                    true => self.names_and_hunks(&mut file)?,
                    false => self.refuse_cut_off(&file)?,
                }
                return Ok(file);
            } else if let Some(ids) = value("index ") {
                let (ids, rest) =
                    ids.split_once(' ').map_or((ids.as_str(), String::new()), |(ids, rest)| (ids, format!(" {rest}")));
                file.index = ids.split_once("..").map(|(old, new)| (old.to_owned(), new.to_owned(), rest));
            } else if let Some(similarity) = value("similarity index ") {
                file.similarity = Some(similarity);
            } else if text.starts_with(b"--- ") {
                return Err(self.bad("a line that begins with '+++ ' should follow"));
            } else if text.starts_with(b"dissimilarity ") {
                // Of no use here.
            } else {
                break;
            }
            self.at += 1;
        }
        self.refuse_cut_off(&file)?;
        Ok(file)
    }

    /// A section whose contents have other names must say how they differ, unless one is absent and the other empty.
    fn refuse_cut_off(&self, file: &FilePatch<'_>) -> Result<()> {
        let Some((old, new, _)) = &file.index else { return Ok(()) };
        let is_nothing =
            |id: &str| id.bytes().all(|b| b == b'0') || "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391".starts_with(id);
        if old == new || is_nothing(old) && is_nothing(new) {
            return Ok(());
        }
        Err(self.bad("the difference of the contents should follow"))
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
        let (old, new) = (&trimmed(self.lines[self.at])[4..], &trimmed(self.lines[self.at + 1])[4..]);
        file.is_between = are_between(&bare_name(old), &bare_name(new));
        let (old, new) = (header_name(old), header_name(new));
        self.at += 2;
        if file.old_path.is_none() && file.new_path.is_none() {
            let bare = without_prefixes(old.as_deref(), new.as_deref());
            file.has_prefixes = bare.is_some();
            file.is_between &= bare.is_none();
            (file.old_path, file.new_path) = bare.unwrap_or((old, new));
        }
        loop {
            let blank = self.lines[self.at..].iter().take_while(|line| trimmed(line).trim_ascii().is_empty()).count();
            let next = self.lines.get(self.at + blank).copied().unwrap_or_default();
            if next.starts_with(b"@@") && !next.starts_with(b"@@@") {
                self.at += blank;
                let hunk = self.hunk()?;
                file.hunks.push(hunk);
                continue;
            }
            // Subversion prints the two names also where only a property changes.
            let says_nothing = file.hunks.is_empty() && !next.starts_with(b"Property changes on");
            return if says_nothing { Err(self.bad("a hunk should follow the two names")) } else { Ok(()) };
        }
    }
}

/// The names of `Binary files old/x and new/x differ`, which stands alone where git has no part in it.
fn binary_names(line: &[u8]) -> Option<(String, String)> {
    let names = trimmed(line).strip_prefix(b"Binary files ")?.strip_suffix(b" differ")?;
    let at = names.windows(5).position(|w| w == b" and ")?;
    Some((unquoted(&names[..at]), unquoted(&names[at + 5..])))
}

/// A line without its end.
pub(super) fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether two names are one path below two directories, other than the usual `a` and `b`.
fn are_between(old: &str, new: &str) -> bool {
    match (old.trim_start_matches("./").split_once('/'), new.trim_start_matches("./").split_once('/')) {
        (Some((a, old)), Some((b, new))) => a != b && (a, b) != ("a", "b") && old == new,
        _ => false,
    }
}

/// The name on a `---` or `+++` line as it is written.
fn bare_name(text: &[u8]) -> String {
    let end = text.iter().position(|b| *b == b'\t').filter(|_| !text.starts_with(b"\"")).unwrap_or(text.len());
    unquoted(&text[..end])
}

/// The name on a `---` or `+++` line, without a trailing timestamp or revision; `None` for `/dev/null`, and for
/// a file from before all time, which is how GNU diff says that there is none.
fn header_name(text: &[u8]) -> Option<String> {
    let tab = text.iter().position(|b| *b == b'\t').filter(|_| !text.starts_with(b"\""));
    let rest = tab.map_or(&b""[..], |at| &text[at + 1..]);
    let is_epoch =
        ["1970-01-01", "1969-12-31", "Thu Jan 01 00:00:00 1970"].iter().any(|e| rest.starts_with(e.as_bytes()));
    let name = bare_name(text);
    (name != "/dev/null" && !is_epoch).then_some(name)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
