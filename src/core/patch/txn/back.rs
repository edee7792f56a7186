//! The way back: a durable decision to undo, then everything in reverse, as far as it is exactly as we left it.

use std::io::ErrorKind;

use super::disk::{Disk, Naming};
use super::forward::{end, make_dir, record_path, remove_dirs, replace_record, settle, sync_touched};
use super::journal::{Manifest, Op, Places, staged, write_file};
use super::look::{failed, is_loop, state_or_other};
use super::swap::{Names, Way, exchange, move_new};
use crate::core::patch::meta::Meta;
use crate::core::{Error, Kind, Result};

/// Undoes a transaction. What comes back are the paths that somebody else has changed meanwhile: they stay as
/// they are, and what was there before is kept.
pub fn undo<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<Vec<String>> {
    decide(disk, places)?;
    let mut foreign = Vec::new();
    let (deletions, others): (Vec<_>, Vec<_>) = manifest.ops.iter().enumerate().partition(|(_, op)| op.after.is_none());
    for (k, op) in others.into_iter().rev() {
        unstep(disk, places, k, op, &mut foreign)?;
    }
    remove_dirs(disk, places, manifest.make_dirs.iter().rev())?;
    for dir in manifest.remove_dirs.iter().rev() {
        make_dir(disk, dir)?;
    }
    for (k, op) in deletions.into_iter().rev() {
        unstep(disk, places, k, op, &mut foreign)?;
    }
    sync_touched(disk, places, manifest)?;
    restore_records(disk, places, manifest)?;
    end(disk, places, &kept_as(manifest))?;
    Ok(foreign)
}

/// Where the contents of an undone transaction are kept.
pub fn kept_as(manifest: &Manifest) -> String {
    format!("{}.undone", manifest.id)
}

/// Whether the decision to undo was taken.
pub fn is_decided<D: Disk>(disk: &D, places: Places) -> Result<bool> {
    let abort = places.txn("abort");
    Ok(disk.stat(&abort).map_err(failed("look at", &abort))?.is_some())
}

fn decide<D: Disk>(disk: &D, places: Places) -> Result<()> {
    let (abort, txn) = (places.txn("abort"), places.txn(""));
    if !is_decided(disk, places)? {
        match disk.rename(&places.txn("undecided"), &abort, Naming::Replace) {
            Err(e) if e.kind() == ErrorKind::NotFound => write_file(disk, &abort, b"", true)?,
            other => other.map_err(failed("create", &abort))?,
        }
    }
    disk.sync_dir(&txn).map_err(failed("flush", &txn))
}

fn unstep<D: Disk>(disk: &D, places: Places, k: usize, op: &Op, foreign: &mut Vec<String>) -> Result<()> {
    let held_path = places.txn(&staged(k));
    let aside = places.txn(&format!("o{k}"));
    let path = op.path.as_str();
    settle(disk, &Names { path, staged: &held_path, aside: &aside }, op, Way::Back)?;
    let mut stays = || foreign.push(op.path.clone());
    if disk.stat(&aside).map_err(failed("look at", &aside))?.is_some() {
        stays();
        return Ok(());
    }
    let held = state_or_other(disk, &held_path)?;
    match (&op.before, &op.after) {
        (None, Some(_)) if held.is_none() => {
            // A directory in its place is somebody else's, like any other content.
            if state_or_other(disk, path)? != op.after {
                stays();
                return Ok(());
            }
            move_new(disk, path, &held_path).map_err(failed("move away", path))?;
            if state_or_other(disk, &held_path)? != op.after {
                // Saved between the look and the move.
                move_new(disk, &held_path, path).map_err(failed("move back", path))?;
                stays();
            }
        }
        (Some(_), None) if held.is_some() => match move_new(disk, &held_path, path) {
            // Somebody has made the name anew, or a file where its directory was.
            Err(e)
                if is_loop(&e)
                    || matches!(
                        e.kind(),
                        ErrorKind::AlreadyExists | ErrorKind::NotFound | ErrorKind::NotADirectory
                    ) =>
            {
                stays();
            }
            other => other.map_err(failed("put back", path))?,
        },
        (Some(_), Some(_)) if held != op.after => {
            if state_or_other(disk, path)? != op.after {
                stays();
                return Ok(());
            }
            exchange(disk, &held_path, path, &aside).map_err(failed("put back", path))?;
            if state_or_other(disk, &held_path)? != op.after {
                exchange(disk, &held_path, path, &aside).map_err(failed("put back", path))?;
                stays();
            }
        }
        _ => {}
    }
    Ok(())
}

/// A record that was placed already says again what it said before.
fn restore_records<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<()> {
    for (k, record) in manifest.records.iter().enumerate() {
        let staged = places.txn(&format!("r{k}"));
        if disk.stat(&staged).map_err(failed("look at", &staged))?.is_some() {
            continue;
        }
        let path = record_path(&record.id);
        let mut file = match disk.open(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            other => other.map_err(failed("read", &path))?,
        };
        let bytes = disk.read(&mut file, 0).map_err(failed("read", &path))?;
        let Ok(mut meta) = serde_json::from_slice::<Meta>(&bytes) else {
            return Err(Error::new(Kind::Conflict, format!("the patch record {path} is damaged")).path(path.as_str()));
        };
        meta.stand(record.before.clone());
        let text = serde_json::to_vec(&meta).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
        replace_record(disk, &path, &text)?;
        let dir = ".heck/patches";
        disk.sync_dir(dir).map_err(failed("flush", dir))?;
    }
    Ok(())
}
