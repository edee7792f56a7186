//! The committed part of a transaction, and its end. Each step can be the last one that a process takes:
//! what has been done shows in the staged side of an operation, so the next process goes on from there.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use super::disk::{Disk, Naming, NodeKind};
use super::journal::{Manifest, Op, Places, staged, write_file};
use super::look::{failed, is_loop, state_or_other};
use super::swap::{Names, Way, exchange, move_new, settle_exchange, settle_move};
use crate::core::patch::meta::{Dir, FileState};
use crate::core::{Error, Kind, Result};

/// Whether this very process staged the contents, so that they need no second look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It did.
    Fresh,
    /// Some other process did, and may have done any part of the work.
    Found,
}

/// Step 5: swap, path by path, and look at what came out.
pub fn forward<D: Disk>(disk: &D, places: Places, manifest: &Manifest, start: Start) -> Result<()> {
    let (deletions, others): (Vec<_>, Vec<_>) = manifest.ops.iter().enumerate().partition(|(_, op)| op.after.is_none());
    for (k, op) in deletions {
        step(disk, places, k, op, start)?;
    }
    remove_dirs(disk, places, manifest.remove_dirs.iter())?;
    for dir in &manifest.make_dirs {
        make_dir(disk, dir)?;
    }
    for (k, op) in others {
        step(disk, places, k, op, start)?;
    }
    Ok(())
}

/// Removes directories, children first.
pub fn remove_dirs<'m, D: Disk>(disk: &D, places: Places, mut dirs: impl Iterator<Item = &'m Dir>) -> Result<()> {
    let Some(first) = dirs.next() else { return Ok(()) };
    // Where a file system keeps no order between names, a directory must not go before what was moved out of it.
    let txn = places.txn("");
    disk.sync_dir(&txn).map_err(failed("flush", &txn))?;
    std::iter::once(first).chain(dirs).try_for_each(|dir| remove_dir(disk, &dir.path))
}

/// Removes a directory if it is empty; what somebody has put there meanwhile stays.
fn remove_dir<D: Disk>(disk: &D, path: &str) -> Result<()> {
    match disk.remove_dir(path) {
        // On the second time a file or a link may stand there already.
        Err(e) if is_loop(&e) => Ok(()),
        Err(e)
            if !matches!(
                e.kind(),
                ErrorKind::NotFound
                    | ErrorKind::NotADirectory
                    | ErrorKind::DirectoryNotEmpty
                    | ErrorKind::AlreadyExists
                    | ErrorKind::ResourceBusy
            ) =>
        {
            Err(failed("remove directory", path)(e))
        }
        _ => Ok(()),
    }
}

/// Makes a directory, with the bits it had where that is known.
pub fn make_dir<D: Disk>(disk: &D, dir: &Dir) -> Result<()> {
    let path = dir.path.as_str();
    match disk.make_dir(path, 0o777) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(failed("create directory", path)(e)),
        _ => {}
    }
    let Some(bits) = dir.bits else { return Ok(()) };
    match disk.stat(path).map_err(failed("look at", path))? {
        Some(stat) if stat.kind == NodeKind::Dir && stat.bits != bits => {
            disk.set_dir_bits(path, bits).map_err(failed("set the mode of", path))
        }
        _ => Ok(()),
    }
}

fn changed(path: &str) -> Error {
    Error::new(Kind::Conflict, format!("{path} changed while the patch was being applied"))
        .path(path)
        .hint("everything was put back; try again")
}

/// A failed rename says what it means for the path in the tree.
fn moved(path: &str) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotFound => changed(path),
        _ => failed("replace", path)(error),
    }
}

fn step<D: Disk>(disk: &D, places: Places, k: usize, op: &Op, start: Start) -> Result<()> {
    let held_path = places.txn(&staged(k));
    let aside = places.txn(&format!("o{k}"));
    let path = op.path.as_str();
    if start == Start::Found && is_done(disk, &Names { path, staged: &held_path, aside: &aside }, op)? {
        return Ok(());
    }
    match (&op.before, &op.after) {
        (None, Some(_)) => move_new(disk, &held_path, path).map_err(moved(path)),
        (Some(_), None) => {
            move_new(disk, path, &held_path).map_err(moved(path))?;
            let came_out = state_or_other(disk, &held_path);
            if came_out.as_ref().is_ok_and(|state| *state == op.before) {
                return Ok(());
            }
            move_new(disk, &held_path, path).map_err(moved(path))?;
            Err(came_out.err().unwrap_or_else(|| changed(path)))
        }
        (Some(_), Some(_)) => {
            exchange(disk, &held_path, path, &aside).map_err(moved(path))?;
            // Someone may have saved between our look and our swap: what came out decides.
            let came_out = state_or_other(disk, &held_path);
            if came_out.as_ref().is_ok_and(|state| *state == op.before) {
                return Ok(());
            }
            exchange(disk, &held_path, path, &aside).map_err(moved(path))?;
            Err(came_out.err().unwrap_or_else(|| changed(path)))
        }
        (None, None) => Ok(()),
    }
}

/// Whether an operation was done before the last process ended. Its staged side tells: the old content lies
/// there afterwards, whatever has happened to the path since.
fn is_done<D: Disk>(disk: &D, names: &Names<'_>, op: &Op) -> Result<bool> {
    settle(disk, names, op, Way::Forward)?;
    let held = state_or_other(disk, names.staged)?;
    match (&op.before, &op.after) {
        (None, Some(_)) if held.is_none() => Ok(true),
        (Some(_), None) if held.is_none() => match state_or_other(disk, names.path)? == op.before {
            true => Ok(false),
            false => Err(changed(names.path)),
        },
        (Some(_), _) if held == op.before => Ok(true),
        (_, Some(_)) if held == op.after => match state_or_other(disk, names.path)? == op.before {
            true => Ok(false),
            false => Err(changed(names.path)),
        },
        // It came out of the tree, and nobody has looked at it yet.
        _ => Err(changed(names.path)),
    }
}

/// Completes a rename that a file system without the right one has done by halves.
pub fn settle<D: Disk>(disk: &D, names: &Names<'_>, op: &Op, way: Way) -> Result<()> {
    if op.before.is_some() && op.after.is_some() {
        let wanted = if way == Way::Forward { &op.after } else { &op.before };
        let (staged, aside) = (names.staged, names.aside);
        let equals = |path: &str, wanted: &Option<FileState>| {
            state_or_other(disk, path).map(|state| state == *wanted).map_err(std::io::Error::other)
        };
        let is_due = || {
            let untouched = way == Way::Back || equals(aside, &op.before)?;
            Ok(untouched && equals(staged, wanted)?)
        };
        return settle_exchange(disk, names, is_due).map_err(failed("settle", names.path));
    }
    settle_move(disk, names, op.before.is_none(), way).map_err(failed("settle", names.path))
}

/// Step 6: durable directories, the records, and the one rename that ends the transaction.
pub fn finish<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<()> {
    sync_touched(disk, places, manifest)?;
    place_records(disk, places, manifest)?;
    end(disk, places, &manifest.id)
}

/// Makes every directory that was changed durable.
pub fn sync_touched<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<()> {
    const MANY: usize = 20;
    let parent = |path: &str| path.rsplit_once('/').map_or(String::new(), |(dir, _)| dir.to_owned());
    let dirs = manifest.make_dirs.iter().chain(&manifest.remove_dirs).map(|dir| dir.path.as_str());
    let mut touched: BTreeSet<String> =
        manifest.ops.iter().map(|op| op.path.as_str()).chain(dirs).map(parent).collect();
    touched.insert(places.txn(""));
    if touched.len() > MANY {
        return disk.sync_all(&places.txn("")).map_err(failed("flush", "the file system"));
    }
    for dir in touched {
        match disk.sync_dir(&dir) {
            // One that was removed, or is a link now, has nothing to keep.
            Err(e) if !matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) && !is_loop(&e) => {
                return Err(failed("flush", &dir)(e));
            }
            _ => {}
        }
    }
    Ok(())
}

/// `.heck/patches/<id>.json`.
pub fn record_path(id: &str) -> String {
    format!(".heck/patches/{id}.json")
}

fn place_records<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<()> {
    for (k, record) in manifest.records.iter().enumerate() {
        let staged = places.txn(&format!("r{k}"));
        let path = record_path(&record.id);
        match disk.rename(&staged, &path, Naming::Replace) {
            // An earlier process has done it.
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) if e.kind() == ErrorKind::CrossesDevices => {
                let mut file = disk.open(&staged).map_err(failed("read", &staged))?;
                let bytes = disk.read(&mut file, 0).map_err(failed("read", &staged))?;
                replace_record(disk, &path, &bytes)?;
            }
            other => other.map_err(failed("replace", &path))?,
        }
    }
    let dir = ".heck/patches";
    if manifest.records.is_empty() { Ok(()) } else { disk.sync_dir(dir).map_err(failed("flush", dir)) }
}

/// Writes a record anew, in one step as seen by its readers.
pub fn replace_record<D: Disk>(disk: &D, path: &str, bytes: &[u8]) -> Result<()> {
    let draft = format!("{path}.tmp");
    match disk.remove_file(&draft) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed("remove", &draft)(e)),
        _ => {}
    }
    write_file(disk, &draft, bytes, true)?;
    disk.rename(&draft, path, Naming::Replace).map_err(failed("replace", path))
}

/// Ends a transaction: it becomes a finished one of that name.
pub fn end<D: Disk>(disk: &D, places: Places, name: &str) -> Result<()> {
    let (txn, undo) = (places.txn(""), places.undo(""));
    disk.rename(&txn, &places.undo(name), Naming::Replace).map_err(failed("end the transaction in", &txn))?;
    disk.sync_dir(&undo).map_err(failed("flush", &undo))?;
    disk.sync_dir(places.base()).map_err(failed("flush", places.base()))
}
