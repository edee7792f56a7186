//! The contents that several patches lead through, as far as they follow from what is there and from each other.

use std::collections::HashMap;

use super::Patch;
use super::builder::Content;
use super::content::Sections;
use super::hunk::Direction;
use super::meta::{FileState, digest};
use super::txn::{self, OsDisk};
use crate::core::Result;

/// Contents by path and digest.
#[derive(Debug, Default)]
pub struct Pool(HashMap<(String, String), Vec<u8>>);

impl Pool {
    /// What each of the patches makes, in whatever order they follow each other.
    pub fn of(disk: &OsDisk, patches: &[Patch]) -> Result<Pool> {
        let mut pool = Pool::default();
        loop {
            let known = pool.0.len();
            patches.iter().try_for_each(|patch| pool.follow(disk, patch))?;
            if pool.0.len() == known {
                return Ok(pool);
            }
        }
    }

    /// The content that a path once has.
    pub fn get(&self, path: &str, state: &FileState) -> Option<&[u8]> {
        self.0.get(&(path.to_owned(), state.digest.clone())).map(Vec::as_slice)
    }

    fn follow(&mut self, disk: &OsDisk, patch: &Patch) -> Result<()> {
        let sections = Sections::of(patch)?;
        for file in &patch.meta.files {
            let Some(after) = file.after.as_ref().filter(|after| self.get(&file.path, after).is_none()) else {
                continue;
            };
            let read = |path: &str| Ok(self.before(disk, &sections, path));
            if let Ok(bytes) = sections.content(&file.path, Direction::Forward, &read)
                && digest(&bytes) == after.digest
            {
                self.0.insert((file.path.clone(), after.digest.clone()), bytes);
            }
        }
        Ok(())
    }

    /// What a path holds where the patch begins, if that is known.
    fn before(&self, disk: &OsDisk, sections: &Sections<'_>, path: &str) -> Content {
        let wanted = sections.file(path).and_then(|file| file.before.as_ref());
        if let Some(state) = wanted
            && let Some(bytes) = self.get(path, state)
        {
            return Some((state.mode.clone(), bytes.to_vec()));
        }
        let found = txn::read(disk, path).ok().flatten().map(|found| (found.mode.to_owned(), found.bytes));
        found.filter(|(_, bytes)| wanted.is_none_or(|state| digest(bytes) == state.digest))
    }
}
