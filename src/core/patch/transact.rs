//! One transaction over the files and the records of patches: where each record goes, and what is known from the last time.

use std::collections::{BTreeSet, HashMap};

use super::hunk::Direction;
use super::meta::{Dirs, FileMeta, Meta, Standing, State};
use super::txn::{self, Contents, Insist, Known, Manifest, Op, OsDisk, Places, Record};
use crate::core::{Result, host};

/// Where a transaction puts a record.
pub enum Move {
    /// Into this state, by this transaction.
    To(State),
    /// Where it stood once before.
    Stand(Standing),
    /// Into the tree, as what takes out the others of this transaction: it keeps how they stand with it.
    Taking,
}

/// The records that a patch turns when it is applied or taken back, and where they stand then. `now` tells how a record
/// stands; one that somebody has moved otherwise is left alone.
pub fn turns_of(
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
pub fn transact<C: Contents>(
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

/// What is to happen to one file of a patch, forwards or backwards.
pub fn op(file: &FileMeta, direction: Direction) -> Op {
    let (before, after) = match direction {
        Direction::Forward => (file.before.clone(), file.after.clone()),
        Direction::Reverse => (file.after.clone(), file.before.clone()),
    };
    Op { path: file.path.clone(), before, after }
}

/// Whether every path holds already what the operations lead to.
pub fn is_undone(disk: &OsDisk, ops: &[Op]) -> Result<bool> {
    for op in ops {
        // A directory or a link on the way is not what the patch left, and the plan will say so.
        if !txn::state(disk, &op.path).is_ok_and(|now| now == op.after) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the records know about directories from the last time.
pub fn known(metas: &[Meta], direction: Direction) -> Known {
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
pub fn backups<'m>(
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
