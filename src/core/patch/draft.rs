//! Edits on their way to a patch: byte ranges to replace, files to write, to create, to delete.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Patch;
use super::diff::file_diff;
use super::meta::{FileMeta, FileState, Meta, Origin, State, digest};
use super::recover::recover;
use super::txn::{self, OsDisk};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, host, time};

/// What is to happen to one path.
#[derive(Debug, Clone)]
pub enum FileDraft {
    /// Replace byte ranges of the content whose digest is known, or of whatever is there.
    Edits {
        /// Digest of the content that the ranges belong to.
        base: Option<String>,
        /// Ranges and what stands there afterwards, in any order, without overlap.
        edits: Vec<(Range<usize>, Vec<u8>)>,
    },
    /// Have this content, whether or not the file exists.
    Write {
        /// The content.
        content: Vec<u8>,
        /// Whether it is executable; without it, as it was.
        executable: Option<bool>,
    },
    /// Be absent.
    Delete,
}

/// A change that is being put together.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// One line for people.
    pub title: String,
    files: BTreeMap<String, FileDraft>,
}

impl Draft {
    /// An empty change.
    pub fn new(title: impl Into<String>) -> Draft {
        Draft { title: title.into(), files: BTreeMap::new() }
    }

    /// Tells whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The paths concerned so far, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Replaces a byte range of a file. `base` is the digest of the content that was looked at.
    /// Fails where the range overlaps one that is already there.
    pub fn edit(&mut self, path: &str, base: Option<String>, range: Range<usize>, text: Vec<u8>) -> Result<()> {
        let path = RepoPath::for_change(path)?;
        let entry = self
            .files
            .entry(path.as_str().to_owned())
            .or_insert_with(|| FileDraft::Edits { base: base.clone(), edits: Vec::new() });
        let FileDraft::Edits { base: known, edits } = entry else {
            return Err(conflict(path.as_str(), "is already written or deleted as a whole by this patch"));
        };
        match (&known, base) {
            (Some(known), Some(base)) if *known != base => {
                return Err(conflict(path.as_str(), "changed while the patch was being made"));
            }
            (None, Some(base)) => *known = Some(base),
            _ => {}
        }
        // Several insertions at one place stand in the order in which they were asked for.
        let at = edits.partition_point(|(other, _)| (other.start, other.end) <= (range.start, range.end));
        let touches = |other: &Range<usize>| {
            other.start < range.end && range.start < other.end || *other == range && !range.is_empty()
        };
        let neighbours = [at.checked_sub(1), Some(at)].into_iter().flatten();
        if let Some((other, old)) = neighbours.filter_map(|n| edits.get(n)).find(|(other, _)| touches(other)) {
            if *other == range && *old == text {
                return Ok(());
            }
            return Err(conflict(
                path.as_str(),
                &format!(
                    "has overlapping edits at bytes {}..{} and {}..{}",
                    other.start, other.end, range.start, range.end
                ),
            )
            .hint("edit the outer place only, or make two patches"));
        }
        edits.insert(at, (range, text));
        Ok(())
    }

    /// Tells whether a range overlaps an edit that is already there.
    pub fn overlaps(&self, path: &str, range: &Range<usize>) -> bool {
        match self.files.get(path) {
            Some(FileDraft::Edits { edits, .. }) => {
                edits.iter().any(|(other, _)| other.start < range.end && range.start < other.end || other == range)
            }
            Some(_) => true,
            None => false,
        }
    }

    /// Gives a file a content, creating it where it is absent.
    pub fn write(&mut self, path: &str, content: Vec<u8>, executable: Option<bool>) -> Result<()> {
        self.whole(path, FileDraft::Write { content, executable })
    }

    /// Deletes a file.
    pub fn delete(&mut self, path: &str) -> Result<()> {
        self.whole(path, FileDraft::Delete)
    }

    fn whole(&mut self, path: &str, draft: FileDraft) -> Result<()> {
        let path = RepoPath::for_change(path)?;
        if self.files.contains_key(path.as_str()) {
            return Err(conflict(path.as_str(), "is already changed by this patch"));
        }
        self.files.insert(path.as_str().to_owned(), draft);
        Ok(())
    }

    /// Reads what is there, lays the edits on, and makes the patch. Paths that would not change are left out.
    pub fn build(self, repo: &Repo, origin: Origin) -> Result<Patch> {
        repo.require_marked()?;
        recover(repo, false)?;
        let disk = OsDisk::open(repo.root())?;
        let (mut diff, mut files) = (Vec::new(), Vec::new());
        for (path, draft) in self.files {
            let before = txn::read(&disk, &path)?.map(|found| (found.mode.to_owned(), found.bytes));
            let after = draft.apply(&path, before.as_ref().map(|(mode, bytes)| (mode.as_str(), bytes.as_slice())))?;
            let before = before.as_ref().map(|(mode, bytes)| (mode.as_str(), bytes.as_slice()));
            let after = after.as_ref().map(|(mode, bytes)| (mode.as_str(), bytes.as_slice()));
            let (text, added, removed) = file_diff(&path, before, after);
            if text.is_empty() {
                continue;
            }
            for (_, bytes) in before.iter().chain(&after) {
                if bytes.contains(&0) {
                    return Err(
                        Error::invalid(format!("{path} is binary; a patch cannot hold its difference")).path(path)
                    );
                }
            }
            let state = |side: Option<(&str, &[u8])>| side.map(|(mode, bytes)| FileState::of(bytes, mode));
            diff.extend(text);
            files.push(FileMeta {
                path,
                before: state(before),
                after: state(after),
                from: None,
                bits: None,
                added,
                removed,
            });
        }
        Ok(Patch { meta: new_meta(self.title, origin, &diff, files), diff: Arc::new(diff) })
    }
}

/// A fresh record for a diff.
pub fn new_meta(title: String, origin: Origin, diff: &[u8], files: Vec<FileMeta>) -> Meta {
    let title = if title.is_empty() { origin.command.clone() } else { title };
    Meta {
        id: host::new_id(),
        title,
        state: State::Pending,
        created: time::now().iso(),
        origin,
        digest: digest(diff),
        files,
        undo: None,
        dirs: None,
        parents: Vec::new(),
    }
}

impl FileDraft {
    fn apply(self, path: &str, before: Option<(&str, &[u8])>) -> Result<Option<(String, Vec<u8>)>> {
        match self {
            FileDraft::Edits { base, edits } => {
                let Some((mode, bytes)) = before else {
                    return Err(
                        Error::new(Kind::NotFound, format!("{path} does not exist, so it cannot be edited")).path(path)
                    );
                };
                if base.is_some_and(|base| base != digest(bytes)) {
                    return Err(conflict(path, "changed after it was read"));
                }
                let mut out = Vec::with_capacity(bytes.len());
                let mut copied = 0;
                for (range, text) in edits {
                    let Some(kept) = bytes.get(copied..range.start).filter(|_| range.end <= bytes.len()) else {
                        return Err(Error::usage(format!(
                            "{path} has {} bytes; there is no range {}..{}",
                            bytes.len(),
                            range.start,
                            range.end
                        ))
                        .path(path));
                    };
                    out.extend_from_slice(kept);
                    out.extend_from_slice(&text);
                    copied = range.end;
                }
                out.extend_from_slice(&bytes[copied..]);
                Ok(Some((mode.to_owned(), out)))
            }
            FileDraft::Write { content, executable } => {
                let mode = match (executable, before) {
                    (Some(true), _) => "100755",
                    (Some(false), _) | (None, None) => "100644",
                    // A link is replaced by a file: its target is not what was meant.
                    (None, Some(("120000", _))) => "100644",
                    (None, Some((mode, _))) => mode,
                };
                Ok(Some((mode.to_owned(), content)))
            }
            FileDraft::Delete if before.is_none() => {
                Err(Error::new(Kind::NotFound, format!("{path} does not exist, so it cannot be deleted")).path(path))
            }
            FileDraft::Delete => Ok(None),
        }
    }
}

fn conflict(path: &str, what: &str) -> Error {
    Error::new(Kind::Conflict, format!("{path} {what}")).path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_refused_and_repeats_are_not() -> Result<()> {
        let mut draft = Draft::new("t");
        draft.edit("a", None, 5..10, b"x".to_vec())?;
        draft.edit("a", None, 10..12, b"y".to_vec())?;
        draft.edit("a", None, 0..5, b"z".to_vec())?;
        draft.edit("a", None, 5..10, b"x".to_vec())?;
        draft.edit("b", None, 3..3, b"1".to_vec())?;
        draft.edit("b", None, 3..3, b"2".to_vec())?;
        let applied = draft.files["b"].clone().apply("b", Some(("100644", b"abcdef")))?;
        assert_eq!(applied.map(|(_, bytes)| bytes), Some(b"abc12def".to_vec()));
        for bad in [4..6, 9..11, 0..20, 5..10] {
            assert!(draft.edit("a", None, bad.clone(), b"other".to_vec()).is_err(), "{bad:?}");
        }
        assert!(draft.delete("a").is_err());
        Ok(())
    }
}
