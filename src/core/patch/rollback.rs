//! Takes applied patches out of the working tree, one or several, as one transaction.

use std::collections::{BTreeMap, HashMap};

use super::Patch;
use super::apply::{Applied, How, locked, one, refresh};
use super::builder::{Item, assemble};
use super::hunk::Direction;
use super::lift::{check_explained, lifted};
use super::merge::Contents;
use super::meta::{FileMeta, Meta, Standing, State, Turn};
use super::overlay::Overlay;
use super::pool::Pool;
use super::store::Store;
use super::supply::LaidContents;
use super::transact::{Move, backups, is_undone, known, op, transact, turns_of};
use super::txn::{self, Insist, Op, OsDisk, Places};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// Takes an applied patch back, to the byte. Where later patches have changed its files at other places, these changes
/// stay; with `merge` also those of somebody else. Then what is done is a patch of its own.
pub fn rollback(repo: &Repo, patch: &mut Patch, how: How, merge: bool) -> Result<Applied> {
    locked(repo, how.wait, |store, disk, places| {
        refresh(store, patch)?;
        single(repo, store, disk, places, patch, how.insist, merge)
    })
}

fn single(
    repo: &Repo,
    store: &Store,
    disk: &OsDisk,
    places: Places,
    patch: &mut Patch,
    insist: Insist,
    merge: bool,
) -> Result<Applied> {
    check_applied(&patch.meta)?;
    let as_left = |file: &FileMeta| txn::state(disk, &file.path).is_ok_and(|now| now == file.after);
    let ops: Vec<Op> = patch.meta.files.iter().map(|file| op(file, Direction::Reverse)).collect();
    let fits = patch.meta.files.iter().all(as_left) || is_undone(disk, &ops)?;
    if !fits && (merge || !later_patches(store, &patch.meta)?.is_empty()) {
        let (done, metas) = take_back(repo, store, disk, places, std::slice::from_ref(patch), insist, merge)?;
        patch.meta = metas.into_iter().find(|meta| meta.id == patch.meta.id).unwrap_or(patch.meta.clone());
        return Ok(done);
    }
    one(store, disk, places, patch, Direction::Reverse, insist)
}

/// Takes several applied patches back in one transaction, the newest first. Among them may be one that another of them
/// has taken out: with that one taken back, it is in the tree again.
pub fn rollback_all(repo: &Repo, ids: &[String], how: How, merge: bool) -> Result<(Applied, Vec<Meta>)> {
    locked(repo, how.wait, |store, disk, places| {
        let mut patches = ids.iter().map(|id| store.get(id)).collect::<Result<Vec<_>>>()?;
        if let [patch] = patches.as_mut_slice() {
            let done = single(repo, store, disk, places, patch, how.insist, merge)?;
            return Ok((done, vec![patch.meta.clone()]));
        }
        let turns =
            patches.iter().filter(|patch| patch.meta.state == State::Applied).flat_map(|patch| &patch.meta.turns);
        let back: HashMap<String, Standing> = turns
            .filter(|turn| turn.outside.state == State::Applied)
            .map(|turn| (turn.id.clone(), turn.outside.clone()))
            .collect();
        patches
            .iter()
            .filter(|patch| !back.contains_key(&patch.meta.id))
            .try_for_each(|patch| check_applied(&patch.meta))?;
        let at = |meta: &Meta| match back.get(&meta.id) {
            Some(standing) if meta.state != State::Applied => standing.at(&meta.id).to_owned(),
            _ => meta.applied_at().to_owned(),
        };
        patches.sort_by_key(|patch| std::cmp::Reverse(at(&patch.meta)));
        let (done, mut metas) = take_back(repo, store, disk, places, &patches, how.insist, merge)?;
        // Of all the records that were turned those that were asked for, the newest first.
        let place = |meta: &Meta| patches.iter().position(|patch| patch.meta.id == meta.id);
        metas.retain(|meta| place(meta).is_some());
        metas.sort_by_key(place);
        Ok((done, metas))
    })
}

fn standing_as(meta: &Meta, standing: &Standing) -> Meta {
    let mut meta = meta.clone();
    meta.stand(standing.clone());
    meta
}

fn check_applied(meta: &Meta) -> Result<()> {
    if meta.state == State::Applied {
        return Ok(());
    }
    Err(Error::new(Kind::Conflict, format!("patch {} is {}, not applied", meta.id, meta.state.name()))
        .hint("see `heck patch list`"))
}

/// The applied patches in the order of their application.
fn all_applied(store: &Store) -> Result<Vec<Meta>> {
    let mut all = store.find_all()?;
    all.retain(|meta| meta.state == State::Applied);
    all.sort_by(|a, b| a.applied_at().cmp(b.applied_at()));
    Ok(all)
}

/// Applied patches that were applied after one and touch a file of it, in the order of their application.
fn later_patches(store: &Store, meta: &Meta) -> Result<Vec<Meta>> {
    let mut later = all_applied(store)?;
    later.retain(|other| {
        other.id != meta.id
            && other.applied_at() > meta.applied_at()
            && other.files.iter().any(|file| meta.files.iter().any(|own| own.path == file.path))
    });
    Ok(later)
}

/// Takes patches back, each as the tree then is. Where later ones are in the way, only what it did is taken out; then
/// what is done to the tree is a new patch, which turns all of their records.
fn take_back(
    repo: &Repo,
    store: &Store,
    disk: &OsDisk,
    places: Places,
    patches: &[Patch],
    insist: Insist,
    merge: bool,
) -> Result<(Applied, Vec<Meta>)> {
    let ids: Vec<&str> = patches.iter().map(|patch| patch.meta.id.as_str()).collect();
    let applied = all_applied(store)?;
    let (mut overlay, pool) = (Overlay::new(disk), Pool::default());
    let (mut moves, mut is_lifted) = (BTreeMap::<String, (Meta, Move)>::new(), false);
    for patch in patches {
        match overlay.lay(patch, Direction::Reverse) {
            Err(error) if error.kind() == Kind::Conflict => {
                if !merge {
                    check_explained(disk, &patch.meta, &applied)?;
                }
                let at = patch.meta.applied_at();
                let is_later = |meta: &&Meta| !ids.contains(&meta.id.as_str()) && meta.applied_at() > at;
                let later: Vec<Meta> = applied.iter().filter(is_later).cloned().collect();
                let contents = Contents { repo, disk, places, laid: Some((&overlay, &pool)) };
                for Item { path, after, .. } in lifted(&contents, patch, &later)? {
                    overlay.set(&path, after)?;
                }
                is_lifted = true;
            }
            laid => laid?,
        }
        // One that was turned before in this transaction stands as it was left there.
        let now = |id: &str| -> Result<Option<Meta>> {
            Ok(match moves.get(id) {
                Some((meta, Move::Stand(standing))) => Some(standing_as(meta, standing)),
                Some((meta, _)) => Some(Meta { state: State::RolledBack, ..meta.clone() }),
                None => store.find(id)?,
            })
        };
        let turned = turns_of(&patch.meta, Direction::Reverse, now)?;
        for (other, to) in turned.into_iter().filter(|(other, _)| !ids.contains(&other.id.as_str())) {
            let stored = moves.remove(&other.id).map_or(other, |(stored, _)| stored);
            moves.insert(stored.id.clone(), (stored, to));
        }
        moves.insert(patch.meta.id.clone(), (patch.meta.clone(), Move::To(State::RolledBack)));
    }
    let mut moves: Vec<(Meta, Move)> = moves.into_values().collect();
    let metas: Vec<Meta> = patches.iter().map(|patch| patch.meta.clone()).collect();
    let known = known(&metas, Direction::Reverse);
    let backups = backups(disk, places, &metas)?;
    if !is_lifted {
        let (ops, contents) = overlay.into_ops();
        let files = ops.len();
        let contents = LaidContents { contents, backups, metas: &metas };
        let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, insist)?;
        return Ok((Applied { files, notes }, metas));
    }
    let items = overlay.into_items();
    let bytes = |item: &Item| Some((item.path.clone(), item.after.clone()?.1));
    let contents: BTreeMap<String, Vec<u8>> = items.iter().filter_map(bytes).collect();
    let Some(first) = metas.first() else { return Err(Error::usage("no patch is named")) };
    let more = if metas.len() > 1 { format!(" and {} more", metas.len() - 1) } else { String::new() };
    let mut new = assemble(format!("take out {}{more}", first.title), first.origin.clone(), items);
    if new.is_empty() {
        return Err(Error::new(Kind::Conflict, "taking them back changes nothing: later patches undo what they did")
            .hint("roll the later ones back first"));
    }
    new.meta.parents = metas.iter().map(|meta| meta.id.clone()).collect();
    // How each of them stood is for whoever takes the new patch back.
    let stood = |meta: &Meta| Turn { id: meta.id.clone(), inside: meta.standing(), outside: meta.standing() };
    new.meta.turns = moves.iter().map(|(meta, _)| stood(meta)).collect();
    store.add(&new)?;
    let ops: Vec<Op> = new.meta.files.iter().map(|file| op(file, Direction::Forward)).collect();
    let files = ops.len();
    moves.push((new.meta.clone(), Move::Taking));
    let contents = LaidContents { contents, backups, metas: &metas };
    let (notes, metas) = transact(disk, places, ops, moves, &known, &contents, insist).inspect_err(|_| {
        // Whoever finds the transaction unfinished still needs its diff.
        if txn::is_pending(disk, places).is_ok_and(|is_pending| !is_pending) {
            let _ = store.remove(&new.meta.id);
        }
    })?;
    Ok((Applied { files, notes }, metas))
}

#[cfg(test)]
#[path = "rollback_tests.rs"]
mod tests;
