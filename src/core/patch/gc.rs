//! Collects what old transactions keep. A backup that somebody has changed through an old descriptor is rescued.

use std::time::Duration;

use super::apply::locked;
use super::meta::State;
use super::store::Store;
use super::txn::{self, Disk, NodeKind, OsDisk, Places, failed};
use crate::core::repo::Repo;
use crate::core::{Error, Result, time};

/// What to collect.
#[derive(Debug, Clone, Copy)]
pub struct Old {
    /// From which age on.
    pub age: Duration,
    /// Also pending and rolled-back patches of that age.
    pub patches: bool,
    /// Only tell.
    pub dry_run: bool,
    /// Wait for another heck.
    pub wait: bool,
}

/// A backup that somebody has changed, which is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rescued {
    /// The file it was.
    pub path: String,
    /// Where it lies now, relative to the root.
    pub kept: String,
}

/// What was collected.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Finished transactions whose contents were removed.
    pub transactions: usize,
    /// What that freed, in bytes.
    pub bytes: u64,
    /// Patches that were removed.
    pub patches: usize,
    /// Backups that somebody has changed.
    pub rescued: Vec<Rescued>,
    /// What could not be read, and stays.
    pub kept: Vec<String>,
}

/// Collects everything of an age. Rollback works without it: the diffs have the contents, too.
pub fn collect(repo: &Repo, old: Old) -> Result<Collected> {
    locked(repo, old.wait, |store, disk, places| {
        // Identifiers begin with the time at which they were made.
        let now = time::now();
        let limit = time::Utc { seconds: now.seconds.saturating_sub(old.age.as_secs()), ..now }.compact();
        let mut collected = Collected::default();
        let undo = places.undo("");
        if disk.stat(&undo).map_err(failed("look at", &undo))?.is_some() {
            for name in disk.list(&undo).map_err(failed("read", &undo))? {
                let made = name.trim_end_matches(".undone").rsplit_once('.').map_or("", |(_, made)| made);
                if !made.is_empty() && *made < *limit {
                    transaction(disk, places, &name, old.dry_run, &mut collected)?;
                }
            }
        }
        if old.patches {
            patches(store, &limit, old.dry_run, &mut collected)?;
        }
        Ok(collected)
    })
}

fn transaction(disk: &OsDisk, places: Places, name: &str, dry_run: bool, collected: &mut Collected) -> Result<()> {
    let dir = places.undo(name);
    let manifest = match txn::read_in(disk, &dir) {
        Ok(manifest) => manifest.unwrap_or_default(),
        Err(_) => {
            collected.kept.push(dir);
            return Ok(());
        }
    };
    let mut names = disk.list(&dir).map_err(failed("read", &dir))?;
    // What says what the others are goes last, so that an interrupted collection can be continued.
    names.sort_by_key(|name| name == "manifest");
    for file in names {
        let path = format!("{dir}/{file}");
        let Some(stat) = disk.stat(&path).map_err(failed("look at", &path))? else { continue };
        if stat.kind == NodeKind::Dir {
            collected.kept.push(path);
            continue;
        }
        let op = file.get(1..).and_then(|k| k.parse().ok()).and_then(|k: usize| manifest.ops.get(k));
        let is_backup = file.starts_with('n') || file.starts_with('o');
        if let Some(op) = op.filter(|_| is_backup) {
            let state = txn::state(disk, &path)?;
            if state != op.before && state != op.after {
                let to = places.rescue(&format!("{name}-{file}"));
                if !dry_run {
                    rescue(disk, places, &path, &to)?;
                }
                collected.rescued.push(Rescued { path: op.path.clone(), kept: to });
                continue;
            }
        }
        collected.bytes += stat.size;
        if !dry_run {
            disk.remove_file(&path).map_err(failed("remove", &path))?;
        }
    }
    collected.transactions += 1;
    if dry_run {
        return Ok(());
    }
    match disk.remove_dir(&dir) {
        // Something in it was kept.
        Err(e) if e.kind() == std::io::ErrorKind::DirectoryNotEmpty => Ok(()),
        other => other.map_err(failed("remove", &dir)),
    }
}

fn rescue(disk: &OsDisk, places: Places, from: &str, to: &str) -> Result<()> {
    let dir = places.rescue("");
    match disk.make_dir(&dir, 0o777) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed("create directory", &dir)(e)),
        _ => {}
    }
    txn::move_new(disk, from, to).map_err(|e| -> Error { failed("rescue", to)(e) })?;
    disk.sync_dir(&dir).map_err(failed("flush", &dir))
}

fn patches(store: &Store, limit: &str, dry_run: bool, collected: &mut Collected) -> Result<()> {
    for meta in store.find_all()? {
        if meta.state != State::Applied && meta.applied_at() < limit {
            if !dry_run {
                store.remove(&meta.id)?;
            }
            collected.patches += 1;
        }
    }
    Ok(())
}
