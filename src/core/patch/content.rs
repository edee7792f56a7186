//! The content that a patch gives a path, forwards or backwards, from its diff and what is there.

use std::collections::HashMap;

use super::Patch;
use super::hunk::{Direction, lay};
use super::meta::FileMeta;
use super::read::{FilePatch, read_diff};
use crate::core::{Error, Kind, Result};

/// Reads a path's mode and content as they are before the patch is laid on.
pub type Reader<'r> = dyn Fn(&str) -> Result<Option<(String, Vec<u8>)>> + 'r;

/// A patch's diff by path.
pub struct Sections<'a> {
    patch: &'a Patch,
    files: Vec<FilePatch<'a>>,
    /// By the path that a section makes, and by the one it takes from.
    by_new: HashMap<String, usize>,
    by_old: HashMap<String, usize>,
}

impl<'a> Sections<'a> {
    /// Reads the diff of a patch.
    pub fn of(patch: &'a Patch) -> Result<Sections<'a>> {
        let files = read_diff(&patch.diff)?;
        let (mut by_new, mut by_old) = (HashMap::with_capacity(files.len()), HashMap::with_capacity(files.len()));
        for (n, file) in files.iter().enumerate() {
            by_new.extend(file.new_path.clone().map(|path| (path, n)));
            by_old.extend(file.old_path.clone().filter(|_| !file.is_copy).map(|path| (path, n)));
        }
        Ok(Sections { patch, files, by_new, by_old })
    }

    /// The content a path has afterwards, which must be one that has any.
    pub fn content(&self, path: &str, direction: Direction, read: &Reader<'_>) -> Result<Vec<u8>> {
        let known = if direction == Direction::Forward { &self.by_new } else { &self.by_old };
        let section = known
            .get(path)
            .and_then(|n| self.files.get(*n))
            .ok_or_else(|| Error::new(Kind::Conflict, format!("the diff says nothing about {path}")).path(path))?;
        let base = if direction == Direction::Forward { &section.old_path } else { &section.new_path };
        let now = base.as_ref().map(|base| read(base)).transpose()?.flatten().map(|(_, bytes)| bytes);
        lay(path, &now.unwrap_or_default(), section, direction)
    }

    /// The record of a path.
    pub fn file(&self, path: &str) -> Option<&'a FileMeta> {
        let files = &self.patch.meta.files;
        files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|n| files.get(n))
    }
}
