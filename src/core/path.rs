//! Repo-relative paths: what may be named at all. Pure: no I/O, so links are the business of who opens.

use std::borrow::Cow;

use super::{Error, Kind, Result};

/// Unix names are bytes, ours are text: a byte that is no UTF-8 stands as the private character `ESCAPE + byte`.
const ESCAPE: u32 = 0x10_FF00;

/// A name of the file system as text, so that [`to_os`] gives the very bytes back.
pub fn from_os(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    let escape = |out: &mut String, bytes: &[u8]| out.extend(bytes.iter().filter_map(|b| escaped(*b)));
    for chunk in name.utf8_chunks() {
        for char in chunk.valid().chars() {
            // Such a character in a real name must not be taken for one of ours.
            match is_escape(char) {
                true => escape(&mut out, char.encode_utf8(&mut [0; 4]).as_bytes()),
                false => out.push(char),
            }
        }
        escape(&mut out, chunk.invalid());
    }
    out
}

/// The bytes of a name that [`from_os`] made.
pub fn to_os(name: &str) -> Cow<'_, [u8]> {
    if name.is_ascii() || !name.chars().any(is_escape) {
        return Cow::Borrowed(name.as_bytes());
    }
    let mut out = Vec::with_capacity(name.len());
    for char in name.chars() {
        match is_escape(char) {
            true => out.push((char as u32 - ESCAPE) as u8),
            false => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(out)
}

fn escaped(byte: u8) -> Option<char> {
    char::from_u32(ESCAPE + u32::from(byte))
}

fn is_escape(char: char) -> bool {
    (ESCAPE + 0x80..=ESCAPE + 0xFF).contains(&(char as u32))
}

/// The last part of a path.
pub fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The directory that a path lies in, without a slash at its end; empty for what lies at the root.
pub fn dir_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// A path inside the repository: relative, `/`-separated, without `.` or `..`, not inside `.git`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RepoPath(String);

impl RepoPath {
    /// Accepts a path that a change may name; `./` and doubled slashes are normalised away.
    pub fn new(path: &str) -> Result<Self> {
        let refuse = |why: &str| Error::new(Kind::Denied, format!("path '{}' {why}", path.escape_debug())).path(path);
        if path.is_empty() {
            return Err(refuse("is empty"));
        }
        if path.len() > 4096 {
            return Err(Error::new(Kind::Denied, "path is longer than 4096 bytes"));
        }
        if path.starts_with('/') || path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':') {
            return Err(refuse("is absolute").hint("paths are relative to the root of the repository"));
        }
        if path.contains('\0') {
            return Err(refuse("contains a NUL byte"));
        }
        let mut parts = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => continue,
                ".." => return Err(refuse("leaves the repository").hint("'..' is not allowed in a path")),
                _ => {}
            }
            if is_git_dir(part) {
                return Err(refuse("lies inside .git").hint("heck changes git's own files through git only"));
            }
            if part.len() > 255 {
                return Err(refuse("has a part longer than 255 bytes"));
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return Err(refuse("names the repository itself"));
        }
        if path.ends_with('/') {
            return Err(refuse("ends with a slash"));
        }
        Ok(RepoPath(parts.join("/")))
    }

    /// Refuses, besides what [`RepoPath::new`] refuses, heck's own state.
    pub fn for_change(path: &str) -> Result<Self> {
        let path = Self::new(path)?;
        let mut parts = path.0.split('/').map(plain_name);
        let first = parts.next().unwrap_or_default();
        let in_heck = [".heck", "heck~1"].contains(&first.as_str());
        let own = ["state", "patches", "runlogs"];
        if first == STATE_ELSEWHERE || in_heck && parts.next().is_some_and(|second| own.contains(&second.as_str())) {
            return Err(Error::new(Kind::Denied, format!("path '{path}' holds heck's own records"))
                .path(path.as_str())
                .hint("patches, runlogs and state change through heck's commands only"));
        }
        Ok(path)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether the path lies in `.heck`.
    pub fn is_heck(&self) -> bool {
        self.0.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".heck"))
    }
}

/// Where transactions lie when `.heck` is on another file system than the tree.
pub const STATE_ELSEWHERE: &str = ".heck-state";

/// Names that some file system resolves to `.git`: other cases, the 8.3 name, trailing dots, streams.
fn is_git_dir(part: &str) -> bool {
    [".git", "git~1"].contains(&plain_name(part).as_str())
}

/// A name as file systems that fold names see it: without case, streams, trailing dots, and the characters
/// that HFS+ leaves out.
fn plain_name(part: &str) -> String {
    let ignored = |c: char| matches!(c as u32, 0x200C..=0x200F | 0x202A..=0x202E | 0x206A..=0x206F | 0xFEFF);
    let base = part.split(':').next().unwrap_or(part).trim_end_matches(['.', ' ']);
    base.chars().filter(|c| !ignored(*c)).collect::<String>().to_ascii_lowercase()
}

impl std::fmt::Display for RepoPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path of the repository as it is written from a directory of it, `here`, which is empty for the root.
pub fn seen_from(here: &str, path: &str) -> String {
    let (mut here, mut path) = (here, path);
    let first = |text: &str| text.split('/').next().unwrap_or_default().len();
    while !here.is_empty() && path.len() > first(path) && path[..first(path)] == here[..first(here)] {
        path = &path[first(path) + 1..];
        here = here[first(here)..].trim_start_matches('/');
    }
    let up = if here.is_empty() { 0 } else { here.split('/').count() };
    "../".repeat(up) + path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_from_where_one_stands() {
        for (here, path, expected) in [
            ("", "a/b", "a/b"),
            ("a", "a/b", "b"),
            ("a", "ab/c", "../ab/c"),
            ("a/b", "a/c/d", "../c/d"),
            ("a/b", "x", "../../x"),
            ("a/b", "a", "../../a"),
            ("é/b", "é/b/c", "c"),
        ] {
            assert_eq!(seen_from(here, path), expected, "{here} {path}");
        }
    }

    #[test]
    fn names_that_are_no_text_come_through() {
        for name in [&b"plain"[..], b"\xff\xfe", "é".as_bytes(), b"a\x80/\xc3", "\u{10ff80}\u{10ffff}x".as_bytes()] {
            let text = from_os(name);
            assert_eq!(&*to_os(&text), name, "{text:?}");
        }
        assert_ne!(from_os(b"\x80"), from_os("\u{10ff80}".as_bytes()));
    }

    #[test]
    fn paths_that_leave_the_repository_or_enter_git_are_refused() {
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "C:/x",
            "\\x",
            ".git/config",
            ".GIT/config",
            "a/.git/x",
            "GIT~1/x",
            ".git./x",
            ".git::$INDEX/x",
            ".g\u{200c}it/x",
            "a\0b",
            ".",
            "./",
            "a/",
        ] {
            assert!(RepoPath::new(bad).is_err(), "{bad:?} was accepted");
        }
        assert!(RepoPath::new(&"x/".repeat(3000)).is_err());
        assert!(RepoPath::new(&"x".repeat(300)).is_err());
    }

    #[test]
    fn harmless_paths_are_normalised() -> Result<()> {
        assert_eq!(RepoPath::new("./a//b.ts")?.as_str(), "a/b.ts");
        assert_eq!(RepoPath::new(".gitignore")?.as_str(), ".gitignore");
        assert_eq!(RepoPath::new("a/..b")?.as_str(), "a/..b");
        Ok(())
    }

    #[test]
    fn a_change_may_not_touch_hecks_records() {
        assert!(RepoPath::for_change(".heck/patches/x.diff").is_err());
        assert!(RepoPath::for_change(".HECK/state/lock").is_err());
        assert!(RepoPath::for_change(".heck./state./lock").is_err());
        assert!(RepoPath::for_change("HECK~1/patches/x").is_err());
        assert!(RepoPath::for_change(".heck-state/txn/n0").is_err());
        assert!(RepoPath::for_change(".heck/recipes/x.lua").is_ok());
    }
}
