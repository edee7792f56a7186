//! Several patches as one.

use super::Patch;
use super::apply::locked;
use super::builder::{Item, assemble};
use super::hunk::Direction;
use super::merge::remake_over;
use super::meta::{Dirs, Origin, State};
use super::overlay::Overlay;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// The directories that any of them made or removed, where all of them know theirs.
fn all_dirs(patches: &[Patch]) -> Option<Dirs> {
    let mut all = Dirs::default();
    for patch in patches {
        let dirs = patch.meta.dirs.as_ref()?;
        all.made.extend(dirs.made.iter().cloned());
        all.removed.extend(dirs.removed.iter().cloned());
    }
    Some(all)
}

/// One patch that does what several do, in the given order for pending ones, in the order of their application for
/// applied ones. It takes their place in the store.
pub fn combine(repo: &Repo, ids: &[String], title: &str, origin: Origin, wait: bool) -> Result<Patch> {
    locked(repo, wait, |store, disk, places| {
        let mut patches = ids.iter().map(|id| store.get(id)).collect::<Result<Vec<_>>>()?;
        if patches.len() < 2 {
            return Err(Error::usage("one patch alone cannot be merged").hint("name two patches or more"));
        }
        let is_applied = patches.iter().all(|patch| patch.meta.state == State::Applied);
        if !is_applied && patches.iter().any(|patch| patch.meta.state == State::Applied) {
            return Err(Error::new(Kind::Conflict, "some of the patches are applied and some are not")
                .hint("apply the rest first, or roll the others back"));
        }
        let mut overlay = Overlay::new(disk);
        if is_applied {
            patches.sort_by(|a, b| a.meta.applied_at().cmp(b.meta.applied_at()));
            for patch in patches.iter().rev() {
                overlay.lay(patch, Direction::Reverse)?;
            }
        } else {
            for (n, patch) in patches.iter().enumerate() {
                match overlay.lay(patch, Direction::Forward) {
                    // Made for the tree that the others were made for, too: what it does elsewhere can be had besides.
                    Err(e) if n > 0 && e.kind() == Kind::Conflict => {
                        let moved = remake_over(repo, disk, places, patch, &overlay).map_err(|clash| {
                            clash.hint(
                                "nothing was touched; apply one after the other instead, with --merge and --markers",
                            )
                        })?;
                        overlay.lay(&moved, Direction::Forward)?;
                    }
                    laid => laid?,
                }
            }
        }
        let turned = |item: Item| Item { before: item.after, after: item.before, ..item };
        let items = overlay.into_items();
        let items = if is_applied { items.into_iter().map(turned).collect() } else { items };
        let mut merged = assemble(title.to_owned(), origin, items);
        if merged.is_empty() {
            return Err(
                Error::new(Kind::Conflict, "together the patches change nothing").hint("drop or roll back each")
            );
        }
        merged.meta.parents = patches.iter().map(|patch| patch.meta.id.clone()).collect();
        if is_applied {
            merged.meta.state = State::Applied;
            merged.meta.dirs = all_dirs(&patches);
            for file in &mut merged.meta.files {
                // The oldest knows what was there before all of them.
                let known = |patch: &Patch| patch.meta.files.iter().find(|f| f.path == file.path)?.bits;
                file.bits = patches.iter().find_map(known);
            }
        }
        // Should this be interrupted, both are there: the parts can still be told by the whole's parents.
        store.add(&merged)?;
        for patch in &patches {
            store.remove(&patch.meta.id)?;
        }
        Ok(merged)
    })
}
