//! Puts patches into the working tree, or takes them out, as one transaction.

use std::collections::{BTreeSet, HashMap};

use super::Patch;
use super::content::Sections;
use super::hunk::Direction;
use super::lift::lifted;
use super::meta::{Dirs, FileMeta, Meta, State};
use super::overlay::Overlay;
use super::recover::lock;
use super::store::Store;
use super::supply::{LaidContents, PatchContents};
use super::txn::{self, Contents, Disk, Insist, Known, Manifest, NodeKind, Op, OsDisk, Places, Record};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, host};

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

/// Takes an applied patch back, to the byte. Where later patches have changed its files at other places, these changes
/// stay; with `merge` also those of somebody else. Then what is done is a patch of its own.
pub fn rollback(repo: &Repo, patch: &mut Patch, how: How, merge: bool) -> Result<Applied> {
    locked(repo, how.wait, |store, disk, places| {
        refresh(store, patch)?;
        check_applied(&patch.meta)?;
        let as_left = |file: &FileMeta| txn::state(disk, &file.path).is_ok_and(|now| now == file.after);
        let ops: Vec<Op> = patch.meta.files.iter().map(|file| op(file, Direction::Reverse)).collect();
        if !patch.meta.files.iter().all(as_left) && !is_undone(disk, &ops)? {
            let later = later_patches(store, &patch.meta)?;
            if merge || !later.is_empty() {
                return lift(repo, store, disk, places, patch, &later, how.insist, merge);
            }
        }
        one(store, disk, places, patch, Direction::Reverse, how.insist)
    })
}

/// Applied patches that were applied after one and touch a file of it, in the order of their application.
fn later_patches(store: &Store, meta: &Meta) -> Result<Vec<Meta>> {
    let mut later = store.find_all()?;
    later.retain(|other| {
        other.state == State::Applied
            && other.id != meta.id
            && other.applied_at() > meta.applied_at()
            && other.files.iter().any(|file| meta.files.iter().any(|own| own.path == file.path))
    });
    later.sort_by(|a, b| a.applied_at().cmp(b.applied_at()));
    Ok(later)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one transaction")]
fn lift(
    repo: &Repo,
    store: &Store,
    disk: &OsDisk,
    places: Places,
    patch: &mut Patch,
    later: &[Meta],
    insist: Insist,
    merge: bool,
) -> Result<Applied> {
    let lifted = lifted(repo, disk, places, patch, later, merge)?;
    store.add(&lifted)?;
    let ops: Vec<Op> = lifted.meta.files.iter().map(|file| op(file, Direction::Forward)).collect();
    let files = ops.len();
    let moves = vec![(patch.meta.clone(), State::RolledBack), (lifted.meta.clone(), State::Applied)];
    let contents = PatchContents {
        disk,
        store,
        sections: Sections::of(&lifted)?,
        direction: Direction::Forward,
        backups: backups(disk, places, [&patch.meta])?,
        meta: &lifted.meta,
    };
    let known = known(std::slice::from_ref(&patch.meta), Direction::Reverse);
    let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, insist)?;
    if let Some(meta) = metas.into_iter().next() {
        patch.meta = meta;
    }
    Ok(Applied { files, notes })
}

fn check_applied(meta: &Meta) -> Result<()> {
    if meta.state == State::Applied {
        return Ok(());
    }
    Err(Error::new(Kind::Conflict, format!("patch {} is {}, not applied", meta.id, meta.state.name()))
        .hint("see `heck patch list`"))
}

/// Another process, or the recovery just now, may have moved the patch since it was read.
fn refresh(store: &Store, patch: &mut Patch) -> Result<()> {
    if let Some(meta) = store.find(&patch.meta.id)? {
        patch.meta = meta;
    }
    Ok(())
}

fn one(
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
    let mut moves = vec![(meta, state)];
    // Who takes back what took another patch out puts that one in again.
    if let Some(lifted) = patch.meta.lifts.as_deref().map(|id| store.find(id)).transpose()?.flatten() {
        let (from, to) = match direction {
            Direction::Forward => (State::Applied, State::RolledBack),
            Direction::Reverse => (State::RolledBack, State::Applied),
        };
        if lifted.state == from {
            moves.push((lifted, to));
        }
    }
    let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, insist)?;
    drop(contents);
    if let Some(meta) = metas.into_iter().next() {
        patch.meta = meta;
    }
    Ok(Applied { files: patch.meta.files.len(), notes })
}

/// Takes several applied patches back in one transaction, the newest first.
pub fn rollback_all(repo: &Repo, ids: &[String], how: How) -> Result<(Applied, Vec<Meta>)> {
    locked(repo, how.wait, |store, disk, places| {
        let mut patches = ids.iter().map(|id| store.get(id)).collect::<Result<Vec<_>>>()?;
        patches.iter().try_for_each(|patch| check_applied(&patch.meta))?;
        patches.sort_by(|a, b| b.meta.applied_at().cmp(a.meta.applied_at()));
        let mut overlay = Overlay::new(disk);
        for patch in &patches {
            overlay.lay(patch, Direction::Reverse)?;
        }
        let (ops, contents) = overlay.into_ops();
        let metas: Vec<Meta> = patches.iter().map(|patch| patch.meta.clone()).collect();
        let contents = LaidContents { contents, backups: backups(disk, places, &metas)?, metas: &metas };
        let files = ops.len();
        let known = known(&metas, Direction::Reverse);
        let moves = metas.iter().map(|meta| (meta.clone(), State::RolledBack)).collect();
        let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, how.insist)?;
        Ok((Applied { files, notes }, metas))
    })
}

/// Plans and runs one transaction over the given operations, which puts each record into its new state.
fn transact<C: Contents>(
    disk: &OsDisk,
    places: Places,
    ops: Vec<Op>,
    moves: Vec<(Meta, State)>,
    known: &Known,
    contents: &C,
    insist: Insist,
) -> Result<(Vec<String>, Vec<Meta>)> {
    let plan = txn::plan(disk, ops, known, insist)?;
    let first = moves.first().map_or_else(host::new_id, |(meta, _)| meta.id.clone());
    let id = format!("{first}.{}", host::new_id());
    let (mut metas, mut records) = (Vec::new(), Vec::new());
    for (mut meta, state) in moves {
        records.push(Record { id: meta.id.clone(), before: meta.standing() });
        meta.state = state;
        meta.undo = Some(id.clone());
        meta.dirs = Some(Dirs { made: plan.make_dirs.clone(), removed: plan.remove_dirs.clone() });
        metas.push(meta);
    }
    let texts = metas.iter().map(Meta::to_bytes).collect::<Result<Vec<_>>>()?;
    let txn::Plan { ops, remove_dirs, make_dirs } = plan;
    let manifest = Manifest { id, ops, remove_dirs, make_dirs, records };
    let notes = txn::run(disk, &txn::Job { places, manifest: &manifest, records: &texts, contents, insist })?;
    Ok((notes, metas))
}

fn op(file: &FileMeta, direction: Direction) -> Op {
    let (before, after) = match direction {
        Direction::Forward => (file.before.clone(), file.after.clone()),
        Direction::Reverse => (file.after.clone(), file.before.clone()),
    };
    Op { path: file.path.clone(), before, after }
}

fn is_undone(disk: &OsDisk, ops: &[Op]) -> Result<bool> {
    for op in ops {
        // A directory or a link on the way is not what the patch left, and the plan will say so.
        if !txn::state(disk, &op.path).is_ok_and(|now| now == op.after) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the records know about directories from the last time.
fn known(metas: &[Meta], direction: Direction) -> Known {
    let mut known = Known::default();
    let mut made = Some(BTreeSet::new());
    for meta in metas {
        match &meta.dirs {
            Some(dirs) => {
                known.bits.extend(dirs.removed.iter().filter_map(|dir| Some((dir.path.clone(), dir.bits?))));
                made.iter_mut().for_each(|made| made.extend(dirs.made.iter().map(|dir| dir.path.clone())));
            }
            None => made = None,
        }
    }
    if direction == Direction::Reverse {
        known.removable = made;
    }
    known
}

/// Where the last transactions of some patches keep what they took from each path; of two, the older one's.
fn backups<'m>(
    disk: &OsDisk,
    places: Places,
    metas: impl IntoIterator<Item = &'m Meta>,
) -> Result<HashMap<String, String>> {
    let mut backups = HashMap::new();
    for undo in metas.into_iter().filter_map(|meta| meta.undo.as_deref()) {
        let dir = places.undo(undo);
        // A store that was collected or damaged is no obstacle: the diff has the contents.
        let Ok(Some(manifest)) = txn::read_in(disk, &dir) else { continue };
        backups.extend(manifest.ops.into_iter().enumerate().map(|(k, op)| (op.path, format!("{dir}/n{k}"))));
    }
    Ok(backups)
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
