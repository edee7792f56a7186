//! What applied patches have made of the last commit: the base of what somebody has changed besides.

use std::collections::BTreeMap;

use super::builder::{Content, state};
use super::content::Sections;
use super::hunk::Direction;
use super::meta::State;
use super::store::Store;
use crate::core::Result;

/// Lays the applied patches, in the order of their application, on contents of the last commit. A file on which one does
/// not fit, because it was committed or changed meanwhile, stays as it is.
pub fn with_applied(store: &Store, mut contents: BTreeMap<String, Content>) -> Result<BTreeMap<String, Content>> {
    let mut applied = store.find_all()?;
    applied
        .retain(|meta| meta.state == State::Applied && meta.files.iter().any(|file| contents.contains_key(&file.path)));
    applied.sort_by(|a, b| a.applied_at().cmp(b.applied_at()));
    for meta in applied {
        let patch = store.get(&meta.id)?;
        let sections = Sections::of(&patch)?;
        let mut after = Vec::new();
        for file in &meta.files {
            let Some(now) = contents.get(&file.path).filter(|now| state(now) == file.before) else { continue };
            let read =
                |path: &str| Ok(if path == file.path { now.clone() } else { contents.get(path).cloned().flatten() });
            let made = match &file.after {
                None => Some(None),
                Some(to) => sections
                    .content(&file.path, Direction::Forward, &read)
                    .ok()
                    .map(|bytes| Some((to.mode.clone(), bytes)))
                    .filter(|made| state(made) == file.after),
            };
            after.extend(made.map(|made| (file.path.clone(), made)));
        }
        contents.extend(after);
    }
    Ok(contents)
}
