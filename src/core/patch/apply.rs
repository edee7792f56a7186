//! Puts a patch into the working tree, or takes it out just as it was made.

use super::Patch;
use super::content::Sections;
use super::hunk::Direction;
use super::meta::{Meta, State};
use super::recover::lock;
use super::store::Store;
use super::supply::PatchContents;
use super::transact::{Move, backups, is_undone, known, op, transact, turns_of};
use super::txn::{self, Disk, Insist, NodeKind, Op, OsDisk, Places};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// How a transaction is to be carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// What the user insists on.
    pub insist: Insist,
    /// Wait for another heck that is changing the repository, instead of saying so at once.
    pub wait: bool,
}

/// What a transaction did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// How many files changed.
    pub files: usize,
    /// What could not be kept of the files' attributes.
    pub notes: Vec<String>,
}

/// Does something under the lock of the repository, after recovery.
pub fn locked<T>(repo: &Repo, wait: bool, work: impl FnOnce(&Store, &OsDisk, Places) -> Result<T>) -> Result<T> {
    let store = Store::open(repo)?;
    store.prepare()?;
    let _lock = lock(repo, wait)?;
    let disk = OsDisk::open(repo.root())?;
    let places = Places::of(&disk)?;
    txn::recover(&disk, places)?;
    work(&store, &disk, places)
}

/// Applies a pending or rolled-back patch. Nothing is touched unless every path is as the patch expects.
pub fn apply(repo: &Repo, patch: &mut Patch, how: How) -> Result<Applied> {
    locked(repo, how.wait, |store, disk, places| {
        refresh(store, patch)?;
        if patch.meta.state == State::Applied {
            return Err(Error::new(Kind::Conflict, format!("patch {} is already applied", patch.meta.id))
                .hint("take it back with `heck patch rollback`"));
        }
        let mut done = one(store, disk, places, patch, Direction::Forward, how.insist)?;
        // What was made anew for another tree takes the place of what it was made from.
        for parent in &patch.meta.parents {
            let is_pending = store.find(parent).is_ok_and(|meta| meta.is_some_and(|meta| meta.state == State::Pending));
            if is_pending && let Err(error) = store.remove(parent) {
                done.notes.push(format!("patch {parent}, whose place it takes, could not be removed: {error}"));
            }
        }
        Ok(done)
    })
}

/// Another process, or the recovery just now, may have moved the patch since it was read.
pub fn refresh(store: &Store, patch: &mut Patch) -> Result<()> {
    if let Some(meta) = store.find(&patch.meta.id)? {
        patch.meta = meta;
    }
    Ok(())
}

/// Applies one patch or takes it back, just as it was made.
pub fn one(
    store: &Store,
    disk: &OsDisk,
    places: Places,
    patch: &mut Patch,
    direction: Direction,
    insist: Insist,
) -> Result<Applied> {
    let ops: Vec<Op> = patch.meta.files.iter().map(|file| op(file, direction)).collect();
    if direction == Direction::Reverse && is_undone(disk, &ops)? {
        // Somebody, perhaps git, has put everything back already.
        for (mut other, to) in turns_of(&patch.meta, direction, |id| store.find(id))? {
            if let Move::Stand(standing) = to {
                other.stand(standing);
                store.set(&other)?;
            }
        }
        patch.meta.state = State::RolledBack;
        store.set(&patch.meta)?;
        return Ok(Applied { files: 0, notes: Vec::new() });
    }
    let mut meta = patch.meta.clone();
    if direction == Direction::Forward {
        remember_bits(disk, &mut meta)?;
    }
    let contents = PatchContents {
        disk,
        store,
        sections: Sections::of(patch)?,
        direction,
        backups: backups(disk, places, [&patch.meta])?,
        meta: &patch.meta,
    };
    let known = known(std::slice::from_ref(&patch.meta), direction);
    let state = if direction == Direction::Forward { State::Applied } else { State::RolledBack };
    // What it took out of the tree is in it again, or the other way round.
    let turned = turns_of(&meta, direction, |id| store.find(id))?;
    let mut moves = vec![(meta, Move::To(state))];
    moves.extend(turned);
    let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, insist)?;
    drop(contents);
    if let Some(meta) = metas.into_iter().next() {
        patch.meta = meta;
    }
    Ok(Applied { files: patch.meta.files.len(), notes })
}

/// Notes the permission bits that a rollback has to give back.
fn remember_bits(disk: &OsDisk, meta: &mut Meta) -> Result<()> {
    for file in meta.files.iter_mut().filter(|file| file.before.is_some()) {
        let stat = disk.stat(&file.path).map_err(txn::failed("look at", &file.path))?;
        file.bits = stat.filter(|stat| stat.kind == NodeKind::File).map(|stat| stat.bits);
    }
    Ok(())
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
