//! Puts patches into the working tree, or takes them out, as one transaction.

use std::collections::{BTreeSet, HashMap};

use super::Patch;
use super::content::Sections;
use super::hunk::Direction;
use super::meta::{Dirs, FileMeta, Meta, Standing, State};
use super::recover::lock;
use super::store::Store;
use super::supply::PatchContents;
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

/// Where a transaction puts a record.
pub(super) enum Move {
    /// Into this state, by this transaction.
    To(State),
    /// Where it stood once before.
    Stand(Standing),
    /// Into the tree, as what takes out the others of this transaction: it keeps how they stand with it.
    Taking,
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
pub(super) fn refresh(store: &Store, patch: &mut Patch) -> Result<()> {
    if let Some(meta) = store.find(&patch.meta.id)? {
        patch.meta = meta;
    }
    Ok(())
}

pub(super) fn one(
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

/// The records that a patch turns when it is applied or taken back, and where they stand then. `now` tells how a record
/// stands; one that somebody has moved otherwise is left alone.
pub(super) fn turns_of(
    meta: &Meta,
    direction: Direction,
    now: impl Fn(&str) -> Result<Option<Meta>>,
) -> Result<Vec<(Meta, Move)>> {
    let mut moves = Vec::new();
    for turn in &meta.turns {
        let (from, to) = match direction {
            Direction::Forward => (&turn.outside, &turn.inside),
            Direction::Reverse => (&turn.inside, &turn.outside),
        };
        if let Some(other) = now(&turn.id)?.filter(|other| other.state == from.state) {
            moves.push((other, Move::Stand(to.clone())));
        }
    }
    Ok(moves)
}

/// Plans and runs one transaction over the given operations, which puts each record into its new state.
pub(super) fn transact<C: Contents>(
    disk: &OsDisk,
    places: Places,
    ops: Vec<Op>,
    moves: Vec<(Meta, Move)>,
    known: &Known,
    contents: &C,
    insist: Insist,
) -> Result<(Vec<String>, Vec<Meta>)> {
    let plan = txn::plan(disk, ops, known, insist)?;
    let first = moves.first().map_or_else(host::new_id, |(meta, _)| meta.id.clone());
    let id = format!("{first}.{}", host::new_id());
    let (mut metas, mut records) = (Vec::new(), Vec::new());
    let taking = moves.iter().position(|(_, to)| matches!(to, Move::Taking));
    for (mut meta, to) in moves {
        records.push(Record { id: meta.id.clone(), before: meta.standing() });
        match to {
            Move::To(_) | Move::Taking => {
                meta.state = if let Move::To(state) = to { state } else { State::Applied };
                meta.undo = Some(id.clone());
                meta.dirs = Some(Dirs { made: plan.make_dirs.clone(), removed: plan.remove_dirs.clone() });
            }
            Move::Stand(standing) => meta.stand(standing),
        }
        metas.push(meta);
    }
    let stand: HashMap<String, Standing> = metas.iter().map(|meta| (meta.id.clone(), meta.standing())).collect();
    for turn in taking.and_then(|n| metas.get_mut(n)).into_iter().flat_map(|meta| &mut meta.turns) {
        turn.inside = stand.get(&turn.id).cloned().unwrap_or_else(|| turn.inside.clone());
    }
    let texts = metas.iter().map(Meta::to_bytes).collect::<Result<Vec<_>>>()?;
    let txn::Plan { ops, remove_dirs, make_dirs } = plan;
    let manifest = Manifest { id, ops, remove_dirs, make_dirs, records };
    let notes = txn::run(disk, &txn::Job { places, manifest: &manifest, records: &texts, contents, insist })?;
    Ok((notes, metas))
}

pub(super) fn op(file: &FileMeta, direction: Direction) -> Op {
    let (before, after) = match direction {
        Direction::Forward => (file.before.clone(), file.after.clone()),
        Direction::Reverse => (file.after.clone(), file.before.clone()),
    };
    Op { path: file.path.clone(), before, after }
}

pub(super) fn is_undone(disk: &OsDisk, ops: &[Op]) -> Result<bool> {
    for op in ops {
        // A directory or a link on the way is not what the patch left, and the plan will say so.
        if !txn::state(disk, &op.path).is_ok_and(|now| now == op.after) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the records know about directories from the last time.
pub(super) fn known(metas: &[Meta], direction: Direction) -> Known {
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
pub(super) fn backups<'m>(
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
