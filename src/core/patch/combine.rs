//! Several patches as one.

use super::Patch;
use super::apply::locked;
use super::builder::{Item, assemble};
use super::hunk::Direction;
use super::merge::remake_over;
use super::meta::{Dirs, FileMeta, Origin, State};
use super::overlay::Overlay;
use super::pool::Pool;
use super::txn::{self, OsDisk, Places};
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

/// Lays pending patches on each other. One that was made for the tree that the others were made for is merged with them.
fn lay_all(repo: &Repo, disk: &OsDisk, places: Places, patches: &[Patch], overlay: &mut Overlay<'_>) -> Result<()> {
    let mut pool = None;
    for (n, patch) in patches.iter().enumerate() {
        match overlay.lay(patch, Direction::Forward) {
            Err(e) if n > 0 && e.kind() == Kind::Conflict => {
                check_moves(&patches[..n], patch)?;
                let pool = match &mut pool {
                    Some(pool) => pool,
                    none => none.insert(Pool::of(disk, patches)?),
                };
                let moved = remake_over(repo, disk, places, patch, overlay, pool)?;
                overlay.lay(&moved, Direction::Forward)?;
            }
            laid => laid?,
        }
    }
    Ok(())
}

/// Fails where a patch deletes or moves what another has moved: its deletion would pass for done.
fn check_moves(earlier: &[Patch], patch: &Patch) -> Result<()> {
    let gone = |file: &&FileMeta| file.before.is_some() && file.after.is_none();
    for file in patch.meta.files.iter().filter(gone) {
        let moves =
            |file: &FileMeta, path: &str| file.from.as_ref().is_some_and(|from| !from.is_copy && from.path == path);
        let other = earlier.iter().find(|other| other.meta.files.iter().any(|other| moves(other, &file.path)));
        if let Some(other) = other {
            let what =
                format!("{} is moved by patch {}, and patch {} takes it away", file.path, other.meta.id, patch.meta.id);
            return Err(Error::new(Kind::Conflict, what)
                .path(file.path.as_str())
                .hint("nothing was touched; leave one of the two out"));
        }
    }
    Ok(())
}

/// One patch that does what several do, in the given order for pending ones, in the order of their application for
/// applied ones. It takes their place in the store, unless it is only asked what it would be.
pub fn combine(repo: &Repo, ids: &[String], title: &str, origin: Origin, wait: bool, dry_run: bool) -> Result<Patch> {
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
            lay_all(repo, disk, places, &patches, &mut overlay)?;
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
        if !is_applied {
            // What cannot be applied in the end must not take the place of what can.
            let op = |file: &FileMeta| txn::Op {
                path: file.path.clone(),
                before: file.before.clone(),
                after: file.after.clone(),
            };
            let insist = txn::Insist { hardlinks: true, nested: true };
            txn::plan(disk, merged.meta.files.iter().map(op).collect(), &txn::Known::default(), insist)
                .map_err(|error| error.hint("nothing was touched; leave one of them out"))?;
        }
        if dry_run {
            return Ok(merged);
        }
        // Should this be interrupted, both are there: the parts can still be told by the whole's parents.
        store.add(&merged)?;
        for patch in &patches {
            store.remove(&patch.meta.id)?;
        }
        Ok(merged)
    })
}
