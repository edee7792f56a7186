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
    by_path: HashMap<String, usize>,
    /// Old name of a rename → its section.
    by_source: HashMap<String, usize>,
}

impl<'a> Sections<'a> {
    /// Reads the diff of a patch.
    pub fn of(patch: &'a Patch) -> Result<Sections<'a>> {
        let files = read_diff(&patch.diff)?;
        let (mut by_path, mut by_source) = (HashMap::with_capacity(files.len()), HashMap::new());
        for (n, file) in files.iter().enumerate() {
            if let Some(path) = file.new_path.as_ref().or(file.old_path.as_ref()) {
                by_path.insert(path.clone(), n);
            }
            if let (Some(old), Some(new)) = (&file.old_path, &file.new_path)
                && old != new
                && !file.is_copy
            {
                by_source.insert(old.clone(), n);
            }
        }
        Ok(Sections { patch, files, by_path, by_source })
    }

    /// The content a path has afterwards, which must be one that has any.
    pub fn content(&self, file: &FileMeta, direction: Direction, read: &Reader<'_>) -> Result<Vec<u8>> {
        let path = file.path.as_str();
        let silent = || Error::new(Kind::Conflict, format!("the diff says nothing about {path}")).path(path);
        let (base, section) = match direction {
            Direction::Forward => {
                let section = self.by_path.get(path).and_then(|n| self.files.get(*n)).ok_or_else(silent)?;
                (file.from.as_ref().map_or(path, |from| from.path.as_str()), section)
            }
            Direction::Reverse => match self.by_path.get(path).and_then(|n| self.files.get(*n)) {
                Some(section) => (path, section),
                None => {
                    let section = self.by_source.get(path).and_then(|n| self.files.get(*n)).ok_or_else(silent)?;
                    (section.new_path.as_deref().unwrap_or(path), section)
                }
            },
        };
        let now = read(base)?.map(|(_, bytes)| bytes).unwrap_or_default();
        lay(path, &now, section, direction)
    }

    /// The record of a path.
    pub fn file(&self, path: &str) -> Option<&'a FileMeta> {
        let files = &self.patch.meta.files;
        files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|n| files.get(n))
    }
}
