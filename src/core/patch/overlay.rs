//! Several patches laid on each other in memory, over what is on the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Patch;
use super::builder::{Content, Item, state};
use super::content::Sections;
use super::hunk::Direction;
use super::txn::{self, NodeKind, Op, OsDisk};
use crate::core::{Error, Kind, Result};

struct Entry {
    origin: Content,
    now: Content,
}

/// A tree as it would be.
pub struct Overlay<'d> {
    disk: &'d OsDisk,
    files: RefCell<BTreeMap<String, Entry>>,
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
        let stat = txn::stat_beneath(self.disk, path)?;
        let now: Content = match stat.map(|stat| stat.kind) {
            // Whether it makes room for a file is for the plan to find out.
            None | Some(NodeKind::Dir) => None,
            _ => txn::read(self.disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)),
        };
        let entry = Entry { origin: now.clone(), now: now.clone() };
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
            if state(&now) != *before {
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
                    let bytes = sections.content(&file.path, direction, &|path| self.read(path))?;
                    Some((after.mode.clone(), bytes))
                }
            };
            if state(&content) != *after {
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
    pub fn into_ops(self) -> (Vec<Op>, BTreeMap<String, Vec<u8>>) {
        let (mut ops, mut contents) = (Vec::new(), BTreeMap::new());
        for (path, entry) in self.files.into_inner() {
            let (before, after) = (state(&entry.origin), state(&entry.now));
            if before == after {
                continue;
            }
            if let Some((_, bytes)) = entry.now {
                contents.insert(path.clone(), bytes);
            }
            ops.push(Op { path, before, after });
        }
        (ops, contents)
    }

    /// What was and what would be, path by path.
    pub fn into_items(self) -> Vec<Item> {
        let item =
            |(path, entry): (String, Entry)| Item { path, before: entry.origin, after: entry.now, ..Item::default() };
        self.files.into_inner().into_iter().map(item).collect()
    }

    /// What the disk holds under a path.
    pub fn origin(&self, path: &str) -> Result<Content> {
        self.read(path)?;
        Ok(self.files.borrow().get(path).and_then(|entry| entry.origin.clone()))
    }
}
