//! A server's answer brought home: paths of the repository, bytes instead of UTF-16.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::core::text::LineIndex;

/// A place as a server names it: lines and columns from 0, columns in UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Line.
    pub line: usize,
    /// Column, in UTF-16 units.
    pub column: usize,
}

/// A change as a server names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The file.
    pub path: PathBuf,
    /// Where it begins.
    pub from: At,
    /// Where it ends.
    pub to: At,
    /// What stands there afterwards.
    pub text: String,
}

/// What a server would change.
#[derive(Debug, Default)]
pub struct Answer {
    /// The server's name with its version, as it says.
    pub server: String,
    /// Path, bytes, and what stands there afterwards, in order.
    pub edits: Vec<(String, Range<usize>, String)>,
    /// Files outside the repository, or ignored in it, that it would change, too.
    pub outside: Vec<String>,
}

impl Answer {
    /// Brings raw changes home; `read` gives the text of a file of the repository.
    pub fn new(server: String, root: &Path, raw: &[Raw], read: &dyn Fn(&str) -> Option<String>) -> Answer {
        let mut answer = Answer { server, ..Answer::default() };
        // The file that was read last, with its lines: edits come file by file.
        let mut known: Option<(String, String, LineIndex)> = None;
        let mut raw: Vec<&Raw> = raw.iter().collect();
        raw.sort_by_key(|one| (&one.path, one.from.line, one.from.column));
        for one in raw {
            let path = home(root, &one.path);
            if known.as_ref().map(|(known, ..)| known) != path.as_ref() {
                known = path.and_then(|path| {
                    let text = read(&path)?;
                    let lines = LineIndex::new(text.as_bytes());
                    Some((path, text, lines))
                });
            }
            let place = known.as_ref().and_then(|(path, text, lines)| {
                Some((path.clone(), byte(lines, text, one.from)?..byte(lines, text, one.to)?))
            });
            match place {
                Some((path, span)) => {
                    let edit = (path, span, one.text.clone());
                    if answer.edits.last() != Some(&edit) {
                        answer.edits.push(edit);
                    }
                }
                None => answer.outside.push(one.path.display().to_string()),
            }
        }
        answer.outside.dedup();
        answer
    }
}

/// The path of a file within the repository.
fn home(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).map(Path::to_owned).or_else(|_| {
        // The server may have followed symbolic links.
        let real = root.canonicalize()?;
        path.strip_prefix(real).map(Path::to_owned).map_err(std::io::Error::other)
    });
    Some(inside.ok()?.to_str()?.to_owned())
}

/// The byte of a place.
pub fn byte(lines: &LineIndex, text: &str, at: At) -> Option<usize> {
    let (start, end) = lines.line_range(at.line + 1, text.as_bytes())?;
    // A byte order mark is no column.
    let start = if start == 0 && text.starts_with('\u{feff}') { 3 } else { start };
    let mut units = 0;
    for (offset, c) in text[start..end].char_indices() {
        if units >= at.column {
            return Some(start + offset);
        }
        units += c.len_utf16();
    }
    (units >= at.column).then_some(end)
}

/// The place of a byte.
pub fn at(text: &str, offset: usize) -> At {
    let before = text[..offset].trim_start_matches('\u{feff}');
    let line = before.matches('\n').count();
    let begun = before.rfind('\n').map_or(0, |at| at + 1);
    At { line, column: before[begun..].encode_utf16().count() }
}

/// The URI of a file.
pub fn uri(path: &Path) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut uri = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(*byte)),
            // Writing to a string cannot fail.
            other => drop(write!(uri, "%{other:02X}")),
        }
    }
    uri
}

/// The file of a URI.
pub fn path(uri: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let rest = uri.strip_prefix("file://")?;
    let (mut bytes, mut rest) = (Vec::new(), rest.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16() {
        let text = "a\n'😀é' b\r\n";
        let lines = LineIndex::new(text.as_bytes());
        for (offset, line, column) in [(0, 0, 0), (2, 1, 0), (3, 1, 1), (7, 1, 3), (9, 1, 4), (11, 1, 6), (12, 1, 7)] {
            let place = At { line, column };
            assert_eq!((at(text, offset), byte(&lines, text, place)), (place, Some(offset)), "{offset}");
        }
        assert_eq!(byte(&lines, text, At { line: 1, column: 8 }), None);
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let text = "\u{feff}ab\nc";
        let lines = LineIndex::new(text.as_bytes());
        assert_eq!((at(text, 4), byte(&lines, text, At { line: 0, column: 1 })), (At { line: 0, column: 1 }, Some(4)));
    }

    #[test]
    fn uris_hold_any_path() {
        let odd = Path::new("/a b/ü%[x].ts");
        assert_eq!(uri(odd), "file:///a%20b/%C3%BC%25%5Bx%5D.ts");
        assert_eq!(path(&uri(odd)).as_deref(), Some(odd));
        assert_eq!((path("untitled:1"), path("file:///%g0")), (None, None));
    }

    #[test]
    fn what_lies_elsewhere_is_kept_apart() {
        let raw = |path: &str, from, to| Raw {
            path: path.into(),
            from: At { line: 0, column: from },
            to: At { line: 0, column: to },
            text: "z".into(),
        };
        let all = [raw("/r/b.ts", 4, 5), raw("/elsewhere/c.ts", 0, 1), raw("/r/b.ts", 0, 1), raw("/r/b.ts", 4, 5)];
        let read = |path: &str| (path == "b.ts").then(|| "a = a".to_owned());
        let answer = Answer::new("s".into(), Path::new("/r"), &all, &read);
        let edit = |span| ("b.ts".to_owned(), span, "z".to_owned());
        assert_eq!((answer.edits, answer.outside), (vec![edit(0..1), edit(4..5)], vec!["/elsewhere/c.ts".to_owned()]));
    }
}
