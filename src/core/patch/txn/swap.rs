//! The two renames that a transaction is made of, and what stands for them where a file system has not got them:
//! a second name and the removal of the first, or two moves, each of which leaves every content a name.

use std::io::{ErrorKind, Result};

use super::disk::{Disk, Naming, Stat};

/// Moves a name to one that must be free.
pub fn move_new<D: Disk>(disk: &D, from: &str, to: &str) -> Result<()> {
    match disk.rename(from, to, Naming::New) {
        Err(e) if e.kind() == ErrorKind::Unsupported => {
            disk.add_name(from, to)?;
            disk.remove_file(from)
        }
        other => other,
    }
}

/// Swaps two names; `aside` is a free name beside `staged`.
pub fn exchange<D: Disk>(disk: &D, staged: &str, path: &str, aside: &str) -> Result<()> {
    match disk.rename(staged, path, Naming::Exchange) {
        Err(e) if e.kind() == ErrorKind::Unsupported => {
            move_new(disk, path, aside)?;
            move_new(disk, staged, path)?;
            move_new(disk, aside, staged)
        }
        other => other,
    }
}

/// Which way a transaction goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the new tree.
    Forward,
    /// Back to the old one.
    Back,
}

/// The three names of one operation.
pub struct Names<'a> {
    /// In the tree.
    pub path: &'a str,
    /// In the transaction.
    pub staged: &'a str,
    /// For the time between two moves.
    pub aside: &'a str,
}

/// Completes a move by second name that was cut off between its two steps.
pub fn settle_move<D: Disk>(disk: &D, names: &Names<'_>, is_creation: bool, way: Way) -> Result<()> {
    let (Some(a), Some(b)) = (disk.stat(names.path)?, disk.stat(names.staged)?) else { return Ok(()) };
    if !same(&a, &b) {
        return Ok(());
    }
    let tree_keeps = is_creation == (way == Way::Forward);
    disk.remove_file(if tree_keeps { names.staged } else { names.path })
}

/// Completes an exchange by moves that was cut off. `is_due` tells whether the staged content is the one that
/// the tree is to have; otherwise what was put aside goes back.
pub fn settle_exchange<D: Disk>(disk: &D, names: &Names<'_>, is_due: impl Fn() -> Result<bool>) -> Result<()> {
    let Some(aside) = disk.stat(names.aside)? else { return Ok(()) };
    let (path, staged) = (disk.stat(names.path)?, disk.stat(names.staged)?);
    match (path, staged) {
        // The first or the third move is half done: its content has both names.
        (Some(path), _) if same(&path, &aside) => disk.remove_file(names.aside),
        (_, Some(staged)) if same(&staged, &aside) => disk.remove_file(names.aside),
        (_, None) => move_new(disk, names.aside, names.staged),
        (Some(path), Some(staged)) if same(&path, &staged) => {
            disk.remove_file(names.staged)?;
            move_new(disk, names.aside, names.staged)
        }
        (None, Some(_)) if is_due()? => {
            move_new(disk, names.staged, names.path)?;
            move_new(disk, names.aside, names.staged)
        }
        (None, Some(_)) => move_new(disk, names.aside, names.path),
        // Somebody has made the path anew: all three stay, and the caller sees that nothing fits.
        (Some(_), Some(_)) => Ok(()),
    }
}

fn same(a: &Stat, b: &Stat) -> bool {
    a.id == b.id
}
