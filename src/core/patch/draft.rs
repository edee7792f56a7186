//! Edits on their way to a patch: byte ranges to replace, files to write, to create, to delete.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Patch;
use super::builder::{Builder, Content, Item, Part, assemble, side};
use super::diff::Side;
use super::meta::{Origin, Source, digest};
use super::recover::recover;
use super::txn::{self, OsDisk};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, share};

/// What is to happen to one path.
#[derive(Debug, Clone)]
pub enum FileDraft {
    /// Replace byte ranges of the content whose digest is known, or of whatever is there.
    Edits {
        /// Whether it is executable afterwards; without it, as it was.
        executable: Option<bool>,
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
    /// Have the content that another file has now.
    Copy {
        /// That file.
        from: String,
    },
    /// Be a symbolic link.
    Link {
        /// Where it leads.
        target: Vec<u8>,
    },
    /// Be absent.
    Delete,
}

/// How many contents are held in memory at a time.
const BATCH: usize = 128;

/// A change that is being put together.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// One line for people.
    pub title: String,
    files: BTreeMap<String, FileDraft>,
    /// Old path → new path.
    moves: BTreeMap<String, String>,
    /// Paths whose edits came all at once from who knows that they keep the syntax, and how many they are.
    vouched: BTreeMap<String, usize>,
}

impl Draft {
    /// An empty change.
    pub fn new(title: impl Into<String>) -> Draft {
        Draft { title: title.into(), ..Draft::default() }
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
        let entry = self.files.entry(path.as_str().to_owned()).or_insert_with(|| FileDraft::Edits {
            executable: None,
            base: base.clone(),
            edits: Vec::new(),
        });
        let FileDraft::Edits { base: known, edits, .. } = entry else {
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

    /// Replaces byte ranges of a file of which the caller knows that, together and alone, they keep its syntax.
    /// Where they are all that happens to it, nobody need parse it again.
    pub fn edit_vouched(&mut self, path: &str, base: &str, edits: Vec<(Range<usize>, String)>) -> Result<()> {
        let is_first = !self.files.contains_key(path);
        let count = edits.len();
        for (range, text) in edits {
            self.edit(path, Some(base.to_owned()), range, text.into_bytes())?;
        }
        if is_first {
            self.vouched.insert(path.to_owned(), count);
        }
        Ok(())
    }

    /// Tells whether the syntax of all that it changes is known to be kept.
    fn is_vouched(&self) -> bool {
        self.files.iter().all(|(path, file)| match file {
            FileDraft::Edits { edits, .. } => self.vouched.get(path) == Some(&edits.len()),
            _ => false,
        })
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

    /// Gives a file another path. Edits of it are named by the old one.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (RepoPath::for_change(from)?, RepoPath::for_change(to)?);
        let entry = self.files.entry(from.as_str().to_owned()).or_insert_with(FileDraft::untouched);
        if !matches!(entry, FileDraft::Edits { .. }) || self.moves.contains_key(from.as_str()) || from == to {
            return Err(conflict(from.as_str(), "is already moved, written or deleted by this patch"));
        }
        self.moves.insert(from.as_str().to_owned(), to.as_str().to_owned());
        Ok(())
    }

    /// Makes a second file of the content that a file has now.
    pub fn copy(&mut self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (RepoPath::for_change(from)?, RepoPath::for_change(to)?);
        self.whole(to.as_str(), FileDraft::Copy { from: from.as_str().to_owned() })
    }

    /// Makes a file executable, or not; its content may be edited besides.
    pub fn set_executable(&mut self, path: &str, wanted: bool) -> Result<()> {
        let path = RepoPath::for_change(path)?;
        match self.files.entry(path.as_str().to_owned()).or_insert_with(FileDraft::untouched) {
            FileDraft::Edits { executable, .. } | FileDraft::Write { executable, .. } => *executable = Some(wanted),
            _ => return Err(conflict(path.as_str(), "is copied, linked or deleted by this patch")),
        }
        Ok(())
    }

    /// Makes a symbolic link, in place of whatever is there.
    pub fn link(&mut self, path: &str, target: Vec<u8>) -> Result<()> {
        if target.is_empty() || target.contains(&0) || target.len() > 4095 {
            return Err(Error::usage(format!("{path}: that is no target for a link")).path(path));
        }
        self.whole(path, FileDraft::Link { target })
    }

    /// Reads what is there, lays the edits on, and makes the patch. Paths that would not change are left out.
    /// Few contents are held at a time.
    pub fn build(self, repo: &Repo, origin: Origin) -> Result<Patch> {
        repo.require_marked()?;
        recover(repo, false)?;
        let disk = OsDisk::open(repo.root())?;
        let read = |path: &str| -> Result<Content> {
            Ok(txn::read(&disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)))
        };
        // What moves needs both its names at once; the rest can go by one by one.
        if !self.moves.is_empty() || self.files.values().any(|draft| matches!(draft, FileDraft::Copy { .. })) {
            return self.build_moves(&read, origin);
        }
        let mut builder = Builder::default();
        let is_vouched = self.is_vouched();
        let mut files = self.files.into_iter();
        loop {
            let batch: Vec<(String, FileDraft)> = files.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                let mut patch = builder.finish(self.title, origin);
                if is_vouched {
                    patch.meta.broken = Some(Vec::new());
                }
                return Ok(patch);
            }
            let part = |(path, draft): &(String, FileDraft)| -> Result<Option<Part>> {
                let before = txn::read(&disk, path)?.map(|found| (found.mode.to_owned(), found.bytes));
                let after = draft.apply(path, side(&before))?;
                Ok(Part::of(&Item { path: path.clone(), before, after, ..Item::default() }))
            };
            // Starting a thread costs more than a few files.
            let parts = if batch.len() < 8 { batch.iter().map(part).collect() } else { share::map(&batch, part) };
            for part in parts {
                part?.into_iter().for_each(|part| builder.put(part));
            }
        }
    }

    fn build_moves(self, read: &dyn Fn(&str) -> Result<Content>, origin: Origin) -> Result<Patch> {
        let mut items: BTreeMap<String, Item> = BTreeMap::new();
        let item =
            |path: &str| -> Result<Item> { Ok(Item { path: path.to_owned(), before: read(path)?, ..Item::default() }) };
        let mut made = BTreeSet::new();
        let leaves: BTreeSet<&String> = self
            .moves
            .keys()
            .chain(self.files.iter().filter(|(_, draft)| matches!(draft, FileDraft::Delete)).map(|(path, _)| path))
            .collect();
        for (path, draft) in &self.files {
            let before = read(path)?;
            let (target, after, from) = match (self.moves.get(path), draft) {
                (_, FileDraft::Copy { from }) => {
                    let base = read(from)?;
                    if base.is_none() {
                        return Err(Error::new(
                            Kind::NotFound,
                            format!("{from} does not exist, so it cannot be copied"),
                        )
                        .path(from.as_str()));
                    }
                    let source = Source { path: from.clone(), is_copy: true };
                    (path, base.clone(), Some((source, base)))
                }
                (Some(target), _) => {
                    let after = draft.apply(path, side(&before))?;
                    let source = Source { path: path.clone(), is_copy: false };
                    (target, after, Some((source, before.clone())))
                }
                (None, _) => (path, draft.apply(path, side(&before))?, None),
            };
            if target != path && !items.contains_key(path) {
                items.insert(path.clone(), item(path)?);
            }
            if after.is_none() && from.is_none() {
                items.entry(path.clone()).or_insert(item(path)?);
                continue;
            }
            if !made.insert(target.clone()) {
                return Err(conflict(target, "is made twice by this patch"));
            }
            let entry = items.entry(target.clone()).or_insert(item(target)?);
            if from.is_some() && entry.before.is_some() && !leaves.contains(target) {
                return Err(
                    conflict(target, "exists already").hint("remove it in the same patch, if it is to be replaced")
                );
            }
            (entry.after, entry.from) = (after, from);
        }
        Ok(assemble(self.title, origin, items.into_values().collect()))
    }
}

impl FileDraft {
    fn untouched() -> FileDraft {
        FileDraft::Edits { executable: None, base: None, edits: Vec::new() }
    }

    fn apply(&self, path: &str, before: Side<'_>) -> Result<Content> {
        match self {
            FileDraft::Edits { executable, base, edits } => {
                let Some((mode, bytes)) = before else {
                    return Err(
                        Error::new(Kind::NotFound, format!("{path} does not exist, so it cannot be edited")).path(path)
                    );
                };
                if base.as_ref().is_some_and(|base| *base != digest(bytes)) {
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
                    out.extend_from_slice(text);
                    copied = range.end;
                }
                out.extend_from_slice(&bytes[copied..]);
                let mode = match executable {
                    Some(_) if mode == "120000" => {
                        return Err(conflict(path, "is a link, which has no mode of its own"));
                    }
                    Some(true) => "100755",
                    Some(false) => "100644",
                    None => mode,
                };
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
                Ok(Some((mode.to_owned(), content.clone())))
            }
            FileDraft::Link { target } => Ok(Some(("120000".to_owned(), target.clone()))),
            FileDraft::Copy { .. } => Ok(None),
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
        let applied = draft.files["b"].apply("b", Some(("100644", b"abcdef")))?;
        assert_eq!(applied.map(|(_, bytes)| bytes), Some(b"abc12def".to_vec()));
        for bad in [4..6, 9..11, 0..20, 5..10] {
            assert!(draft.edit("a", None, bad.clone(), b"other".to_vec()).is_err(), "{bad:?}");
        }
        assert!(draft.delete("a").is_err());
        Ok(())
    }
}
