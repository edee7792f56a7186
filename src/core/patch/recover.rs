//! Finishes or undoes a transaction that some process left behind.

use super::txn::{self, OsDisk, Places, Recovery};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, fs};

/// Tells, at the price of a look at one or two names, whether a transaction was left behind or is running.
pub fn is_left_behind(repo: &Repo) -> Result<bool> {
    let disk = OsDisk::open(repo.root())?;
    txn::is_pending(&disk, Places::of(&disk)?)
}

/// The lock of everything that changes the tree or its records. With `wait` it is waited for.
pub fn lock(repo: &Repo, wait: bool) -> Result<fs::Lock> {
    let path = repo.heck_dir().join("state/lock");
    let lock = if wait { Some(fs::Lock::take(&path)?) } else { fs::Lock::try_take(&path)? };
    lock.ok_or_else(|| {
        Error::new(Kind::Conflict, "another heck is changing this repository")
            .hint("try again when it has ended, or wait for it with --wait")
    })
}

/// Recovers under the lock. Every command that writes does this first.
pub fn recover(repo: &Repo, wait: bool) -> Result<Recovery> {
    if !is_left_behind(repo)? {
        return Ok(Recovery::Clean);
    }
    repo.require_marked()?;
    let _lock = lock(repo, wait)?;
    let disk = OsDisk::open(repo.root())?;
    txn::recover(&disk, Places::of(&disk)?)
}
