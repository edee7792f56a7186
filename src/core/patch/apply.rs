//! Puts a patch into the working tree, or takes it out, as one transaction: all or nothing.

use std::collections::HashMap;

use super::Patch;
use super::hunk::{Direction, apply_hunks};
use super::journal::{self, Manifest, Op, Places, TXN, staged};
use super::meta::{FileMeta, FileState, State};
use super::read::{FilePatch, by_path, read_diff};
use super::recover::recover_locked;
use super::store::Store;
use super::tree::Tree;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, fs, host};

/// What a transaction did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// The patch.
    pub id: String,
    /// How many files changed.
    pub files: usize,
}

/// Applies a pending or rolled-back patch. Nothing is touched unless every path is as the patch expects.
pub fn apply(repo: &Repo, patch: &mut Patch) -> Result<Applied> {
    if patch.meta.state == State::Applied {
        return Err(Error::new(Kind::Conflict, format!("patch {} is already applied", patch.meta.id))
            .hint("take it back with `heck patch rollback`"));
    }
    transact(repo, patch, Direction::Forward)
}

/// Takes an applied patch back, to the byte.
pub fn rollback(repo: &Repo, patch: &mut Patch) -> Result<Applied> {
    if patch.meta.state != State::Applied {
        return Err(Error::new(
            Kind::Conflict,
            format!("patch {} is {}, not applied", patch.meta.id, patch.meta.state.name()),
        ));
    }
    transact(repo, patch, Direction::Reverse)
}

fn transact(repo: &Repo, patch: &mut Patch, direction: Direction) -> Result<Applied> {
    let store = Store::open(repo)?;
    store.prepare()?;
    let places = Places::of(repo);
    let Some(_lock) = fs::Lock::try_take(&places.lock)? else {
        return Err(
            Error::new(Kind::Conflict, "another heck is changing this repository").hint("try again when it has ended")
        );
    };
    recover_locked(repo, &places)?;
    let tree = Tree::open(repo.root())?;
    let ops: Vec<Op> = patch.meta.files.iter().map(|file| op(file, direction)).collect();
    if direction == Direction::Reverse && is_undone(&tree, &ops)? {
        // Somebody, perhaps git, has put everything back already.
        patch.meta.state = State::RolledBack;
        store.set(&patch.meta)?;
        return Ok(Applied { id: patch.meta.id.clone(), files: 0 });
    }
    check_before(&store, &tree, patch, &ops)?;

    let txn_id = format!("{}.{}", patch.meta.id, host::new_id());
    let mut meta = patch.meta.clone();
    meta.state = if direction == Direction::Forward { State::Applied } else { State::RolledBack };
    meta.undo = Some(txn_id.clone());
    let manifest = Manifest {
        id: txn_id,
        meta,
        meta_before: Some(patch.meta.clone()),
        make_dirs: dirs_to_make(&tree, &ops)?,
        remove_dirs: match direction {
            Direction::Forward => dirs_to_remove(&ops),
            // Only what this patch's own apply made; a directory that was empty before stays.
            Direction::Reverse => journal::finished(&places, patch)
                .map_or_else(|| dirs_to_remove(&ops), |applied| applied.make_dirs.into_iter().rev().collect()),
        },
        ops,
    };
    if let Err(error) =
        stage(&tree, &places, patch, &manifest, direction).and_then(|()| journal::write(&places, &manifest))
    {
        // Nothing but our own staging directory exists yet.
        let _ = std::fs::remove_dir_all(&places.txn);
        return Err(error);
    }
    if let Err(error) = roll_forward(&tree, &manifest) {
        undo(repo, &places, &tree, &manifest)?;
        return Err(error);
    }
    finish(repo, &places, &tree, &manifest)?;
    patch.meta = manifest.meta;
    Ok(Applied { id: patch.meta.id.clone(), files: patch.meta.files.len() })
}

fn op(file: &FileMeta, direction: Direction) -> Op {
    let (before, after) = match direction {
        Direction::Forward => (file.before.clone(), file.after.clone()),
        Direction::Reverse => (file.after.clone(), file.before.clone()),
    };
    Op { path: file.path.clone(), before, after }
}

fn is_undone(tree: &Tree, ops: &[Op]) -> Result<bool> {
    for op in ops {
        if tree.state(&op.path)? != op.after {
            return Ok(false);
        }
    }
    Ok(true)
}

fn check_before(store: &Store, tree: &Tree, patch: &Patch, ops: &[Op]) -> Result<()> {
    for op in ops {
        let now = tree.state(&op.path)?;
        if now == op.before {
            continue;
        }
        let what = match (&now, &op.before) {
            (None, _) => "is gone",
            (Some(_), None) => "exists already",
            (Some(now), Some(before)) if now.digest == before.digest => "has another mode",
            _ => "has changed",
        };
        let later = store.find_all().unwrap_or_default().into_iter().rev().find(|other| {
            other.id != patch.meta.id
                && other.state == State::Applied
                && other.files.iter().any(|f| f.path == op.path && f.after == now)
        });
        let hint = match later {
            Some(other) => format!("patch {} ({}) changed it since; roll that back first", other.id, other.title),
            None if patch.meta.state == State::Applied => format!(
                "nothing was touched; put the file back as the patch left it, or forget the patch: `heck patch drop {} --force`",
                patch.meta.id
            ),
            None => "nothing was touched; make the patch again from what is there now".to_owned(),
        };
        return Err(Error::new(Kind::Conflict, format!("{} {what} since patch {} was made", op.path, patch.meta.id))
            .path(op.path.as_str())
            .hint(hint));
    }
    Ok(())
}

fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn dirs_to_make(tree: &Tree, ops: &[Op]) -> Result<Vec<String>> {
    let mut dirs: Vec<String> = Vec::new();
    for op in ops.iter().filter(|op| op.before.is_none()) {
        for dir in parents(&op.path) {
            if dirs.iter().any(|known| known == dir) || tree.is_dir(dir)? {
                continue;
            }
            if tree.state(dir)?.is_some() {
                return Err(Error::new(
                    Kind::Conflict,
                    format!("{dir} is a file, and {} needs it as a directory", op.path),
                )
                .path(dir)
                .hint("nothing was touched; remove the file with a patch of its own first"));
            }
            dirs.push(dir.to_owned());
        }
    }
    Ok(dirs)
}

/// A deletion may empty its directories; git does not keep empty ones, and neither do we.
fn dirs_to_remove(ops: &[Op]) -> Vec<String> {
    let mut dirs: Vec<String> =
        ops.iter().filter(|op| op.after.is_none()).flat_map(|op| parents(&op.path)).map(str::to_owned).collect();
    dirs.sort_by_key(|dir| std::cmp::Reverse(dir.len()));
    dirs.dedup();
    dirs
}

/// Step 3: all new contents, durable, on the same file system. The tree is untouched.
fn stage(tree: &Tree, places: &Places, patch: &Patch, manifest: &Manifest, direction: Direction) -> Result<()> {
    fs::create_dirs(&places.undo)?;
    std::fs::create_dir(&places.txn).map_err(|e| Error::io("create directory", &places.txn, &e))?;
    let files = by_path(read_diff(&patch.diff)?);
    for (k, op) in manifest.ops.iter().enumerate() {
        let Some(after) = &op.after else { continue };
        let bytes = new_content(tree, places, patch, &files, op, direction)?;
        if FileState::of(&bytes, &after.mode) != *after {
            return Err(Error::new(
                Kind::Conflict,
                format!("{}: the patch does not give the content it promises", op.path),
            )
            .path(op.path.as_str())
            .hint("its record and its diff do not belong together"));
        }
        tree.stage(&staged(k), &after.mode, permissions(tree, patch, op)?, &bytes)?;
    }
    for op in manifest.ops.iter().filter(|op| op.after.is_none()) {
        tree.permissions(&op.path)?;
    }
    fs::sync_dir(&places.txn)?;
    places.txn.parent().map_or(Ok(()), fs::sync_dir)
}

/// The permission bits of the new content: those of the file it replaces; when something comes back, on a
/// rollback or a redo, those of the very file that comes back, which the undo store still has.
fn permissions(tree: &Tree, patch: &Patch, op: &Op) -> Result<Option<u32>> {
    let now = tree.permissions(&op.path)?;
    if let Some(undo) = &patch.meta.undo
        && let Some(k) = patch.meta.files.iter().position(|file| file.path == op.path)
        && let Some(bits) = tree.permissions(&format!(".heck/state/undo/{undo}/n{k}"))?
    {
        return Ok(Some(bits));
    }
    Ok(now)
}

fn new_content(
    tree: &Tree,
    places: &Places,
    patch: &Patch,
    files: &HashMap<String, FilePatch<'_>>,
    op: &Op,
    direction: Direction,
) -> Result<Vec<u8>> {
    let current = tree.read(&op.path)?.map(|(_, bytes)| bytes).unwrap_or_default();
    let from_diff = match files.get(&op.path) {
        Some(file) => apply_hunks(&op.path, &current, &file.hunks, direction),
        None => {
            Err(Error::new(Kind::Conflict, format!("the diff says nothing about {}", op.path)).path(op.path.as_str()))
        }
    };
    let wanted = op.after.as_ref().map(|after| after.digest.as_str());
    match &from_diff {
        Ok(bytes) if Some(super::meta::digest(bytes).as_str()) == wanted => return from_diff,
        _ => {}
    }
    // The undo store holds the replaced contents as they were.
    if let (Direction::Reverse, Some(undo)) = (direction, &patch.meta.undo)
        && let Some(k) = patch.meta.files.iter().position(|file| file.path == op.path)
        && let Some(bytes) = fs::read_if_present(&places.undo.join(undo).join(format!("n{k}")))?
    {
        return Ok(bytes);
    }
    from_diff
}

/// Step 5: per operation, swap and look at what came out. Running it again does nothing new.
pub fn roll_forward(tree: &Tree, manifest: &Manifest) -> Result<()> {
    for dir in &manifest.make_dirs {
        tree.make_dir(dir)?;
    }
    for (k, op) in manifest.ops.iter().enumerate() {
        forward(tree, &staged(k), op)?;
    }
    Ok(())
}

fn forward(tree: &Tree, staged: &str, op: &Op) -> Result<()> {
    let now = tree.state(&op.path)?;
    let held = tree.state(staged)?;
    // Only when the other side is also in place has this very operation been done.
    if now == op.after && held == op.before {
        return Ok(());
    }
    let changed = || {
        Error::new(Kind::Conflict, format!("{} changed while the patch was being applied", op.path))
            .path(op.path.as_str())
            .hint("everything was put back; try again")
    };
    if now != op.before {
        return Err(changed());
    }
    match (&op.before, &op.after) {
        (None, Some(_)) => tree.move_new(staged, &op.path),
        (Some(_), None) => {
            tree.move_new(&op.path, staged)?;
            if tree.state(staged)? != op.before {
                tree.move_new(staged, &op.path)?;
                return Err(changed());
            }
            Ok(())
        }
        (Some(_), Some(_)) => {
            tree.exchange(staged, &op.path)?;
            // Someone may have saved between our look and our swap: what came out decides.
            if tree.state(staged)? != op.before {
                tree.exchange(staged, &op.path)?;
                return Err(changed());
            }
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

/// Step 6: durable directories, the record, and the one rename that ends the transaction.
pub fn finish(repo: &Repo, places: &Places, tree: &Tree, manifest: &Manifest) -> Result<()> {
    for dir in &manifest.remove_dirs {
        tree.remove_empty_dir(dir)?;
    }
    sync_touched(tree, manifest)?;
    Store::open(repo)?.set(&manifest.meta)?;
    end(places, &places.undo.join(&manifest.id))
}

/// Step 7: a durable decision to undo, then undo in reverse, only what is exactly as we left it.
pub fn undo(repo: &Repo, places: &Places, tree: &Tree, manifest: &Manifest) -> Result<()> {
    fs::write_atomic(&places.txn.join("abort"), b"abort\n")?;
    // A deletion of a later operation may have emptied a directory that an earlier one needs.
    for op in manifest.ops.iter().filter(|op| op.after.is_none()) {
        for dir in parents(&op.path) {
            tree.make_dir(dir)?;
        }
    }
    let mut foreign = Vec::new();
    for (k, op) in manifest.ops.iter().enumerate().rev() {
        let staged = staged(k);
        let (now, held) = (tree.state(&op.path)?, tree.state(&staged)?);
        if now != op.after || held != op.before {
            // While the new content is still staged nothing was done here. Anything else is someone's
            // save between our steps, of which both sides are kept.
            if held != op.after {
                foreign.push(op.path.clone());
            }
            continue;
        }
        match (&op.before, &op.after) {
            (None, Some(_)) => tree.move_new(&op.path, &staged)?,
            (Some(_), None) => tree.move_new(&staged, &op.path)?,
            (Some(_), Some(_)) => tree.exchange(&staged, &op.path)?,
            (None, None) => {}
        }
    }
    for dir in manifest.make_dirs.iter().rev() {
        tree.remove_empty_dir(dir)?;
    }
    sync_touched(tree, manifest)?;
    if let Some(meta) = &manifest.meta_before {
        Store::open(repo)?.set(meta)?;
    }
    let kept = places.undo.join(format!("{}.undone", manifest.id));
    end(places, &kept)?;
    match foreign.first() {
        None => Ok(()),
        Some(first) => Err(Error::new(
            Kind::Conflict,
            format!("{first} was changed by someone else while a patch was being applied"),
        )
        .path(first.as_str())
        .hint(format!("everything else was put back; what was there before is kept in {}", kept.display()))),
    }
}

fn sync_touched(tree: &Tree, manifest: &Manifest) -> Result<()> {
    let mut seen: Vec<&str> = Vec::new();
    let paths = manifest.ops.iter().map(|op| op.path.as_str());
    for path in paths.chain(manifest.make_dirs.iter().map(String::as_str)) {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        if !seen.contains(&dir) {
            seen.push(dir);
            tree.sync_parent(path)?;
        }
    }
    tree.sync_parent(&format!("{TXN}/n0"))
}

fn end(places: &Places, target: &std::path::Path) -> Result<()> {
    fs::create_dirs(&places.undo)?;
    std::fs::rename(&places.txn, target).map_err(|e| Error::io("end the transaction in", &places.txn, &e))?;
    fs::sync_dir(&places.undo)?;
    places.txn.parent().map_or(Ok(()), fs::sync_dir)
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
