//! Finishes or undoes a transaction that some process left behind.

use super::apply::{finish, roll_forward, undo};
use super::journal::{self, Places};
use super::tree::Tree;
use crate::core::repo::Repo;
use crate::core::{Error, Result, fs};

/// What recovery found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing was left behind.
    Clean,
    /// Staged files of a transaction that never committed were removed.
    Discarded,
    /// A committed transaction was finished: the patch's id.
    Finished(String),
    /// A transaction was undone: the patch's id.
    Undone(String),
}

/// Recovers under the lock. Every command that writes does this first.
pub fn recover(repo: &Repo) -> Result<Recovery> {
    let places = Places::of(repo);
    if !places.txn.exists() {
        return Ok(Recovery::Clean);
    }
    let _lock = fs::Lock::take(&places.lock)?;
    recover_locked(repo, &places)
}

/// Recovers for a caller that holds the lock.
pub fn recover_locked(repo: &Repo, places: &Places) -> Result<Recovery> {
    if !places.txn.exists() {
        return Ok(Recovery::Clean);
    }
    let tree = Tree::open(repo.root())?;
    let Some(manifest) = journal::read(places)? else {
        // Without a manifest the tree was never touched; what was staged is ours alone.
        std::fs::remove_dir_all(&places.txn).map_err(|e| Error::io("remove", &places.txn, &e))?;
        return Ok(Recovery::Discarded);
    };
    let id = manifest.meta.id.clone();
    if !places.txn.join("abort").exists() && roll_forward(&tree, &manifest).is_ok() {
        finish(repo, places, &tree, &manifest)?;
        return Ok(Recovery::Finished(id));
    }
    undo(repo, places, &tree, &manifest)?;
    Ok(Recovery::Undone(id))
}
