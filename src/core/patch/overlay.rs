//! Several patches laid on each other in memory, over what is on the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Patch;
use super::content::Sections;
use super::hunk::Direction;
use super::meta::FileState;
use super::txn::{self, Op, OsDisk};
use crate::core::{Error, Kind, Result};

/// A file's mode and content.
pub type Content = Option<(String, Vec<u8>)>;

struct Entry {
    origin: Option<FileState>,
    now: Content,
}

/// A tree as it would be.
pub struct Overlay<'d> {
    disk: &'d OsDisk,
    files: RefCell<BTreeMap<String, Entry>>,
}

fn state_of(content: &Content) -> Option<FileState> {
    content.as_ref().map(|(mode, bytes)| FileState::of(bytes, mode))
}

impl<'d> Overlay<'d> {
    /// The tree as it is.
    pub fn new(disk: &'d OsDisk) -> Overlay<'d> {
        Overlay { disk, files: RefCell::default() }
    }

    /// What a path holds.
    pub fn read(&self, path: &str) -> Result<Content> {
        if let Some(entry) = self.files.borrow().get(path) {
            return Ok(entry.now.clone());
        }
        let now: Content = txn::read(self.disk, path)?.map(|found| (found.mode.to_owned(), found.bytes));
        let entry = Entry { origin: state_of(&now), now: now.clone() };
        self.files.borrow_mut().insert(path.to_owned(), entry);
        Ok(now)
    }

    /// Lays a patch on, forwards or backwards. Fails where a path is not as the patch expects.
    pub fn lay(&mut self, patch: &Patch, direction: Direction) -> Result<()> {
        let sections = Sections::of(patch)?;
        let mut results = Vec::new();
        for file in &patch.meta.files {
            let (before, after) = match direction {
                Direction::Forward => (&file.before, &file.after),
                Direction::Reverse => (&file.after, &file.before),
            };
            let now = self.read(&file.path)?;
            if state_of(&now) != *before {
                return Err(Error::new(
                    Kind::Conflict,
                    format!(
                        "{} is not as patch {} {} it",
                        file.path,
                        patch.meta.id,
                        match direction {
                            Direction::Forward => "expects",
                            Direction::Reverse => "left",
                        }
                    ),
                )
                .path(file.path.as_str())
                .hint("nothing was touched"));
            }
            let content = match after {
                None => None,
                Some(after) => {
                    let bytes = sections.content(file, direction, &|path| self.read(path))?;
                    Some((after.mode.clone(), bytes))
                }
            };
            if state_of(&content) != *after {
                return Err(Error::new(
                    Kind::Conflict,
                    format!("{}: patch {} does not give the content it promises", file.path, patch.meta.id),
                )
                .path(file.path.as_str())
                .hint("its record and its diff do not belong together"));
            }
            results.push((&file.path, content));
        }
        for (path, content) in results {
            self.set(path, content)?;
        }
        Ok(())
    }

    /// Gives a path a content.
    pub fn set(&mut self, path: &str, content: Content) -> Result<()> {
        self.read(path)?;
        if let Some(entry) = self.files.get_mut().get_mut(path) {
            entry.now = content;
        }
        Ok(())
    }

    /// What must be done to the disk, and with which contents.
    pub fn into_ops(self) -> Result<(Vec<Op>, BTreeMap<String, Vec<u8>>)> {
        let (mut ops, mut contents) = (Vec::new(), BTreeMap::new());
        for (path, entry) in self.files.into_inner() {
            let after = state_of(&entry.now);
            if after == entry.origin {
                continue;
            }
            if let Some((_, bytes)) = entry.now {
                contents.insert(path.clone(), bytes);
            }
            ops.push(Op { path, before: entry.origin, after });
        }
        Ok((ops, contents))
    }
}
