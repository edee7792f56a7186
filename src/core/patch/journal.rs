//! The manifest of a transaction: what is being done, so that any later process can finish or undo it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::meta::{FileState, Meta, digest};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result, fs};

/// `.heck/state/txn`, relative to the root.
pub const TXN: &str = ".heck/state/txn";

/// One path's change. Its new content is staged as `n<K>`; afterwards `n<K>` holds the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// Path relative to the root.
    pub path: String,
    /// What must be there.
    pub before: Option<FileState>,
    /// What is there afterwards.
    pub after: Option<FileState>,
}

/// A whole transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Identifies the transaction, and its directory below `undo/` afterwards.
    pub id: String,
    /// The patch's record as it is once the transaction has ended.
    pub meta: Meta,
    /// The patch's record as it is if the transaction is undone.
    pub meta_before: Option<Meta>,
    /// The operations, in order.
    pub ops: Vec<Op>,
    /// Directories to make, parents first.
    pub make_dirs: Vec<String>,
    /// Directories to remove if they are empty then, children first.
    pub remove_dirs: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    checksum: String,
    manifest: Manifest,
}

/// Where things lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The lock of everything that writes.
    pub lock: PathBuf,
    /// The running transaction.
    pub txn: PathBuf,
    /// The finished transactions with the contents they replaced.
    pub undo: PathBuf,
}

impl Places {
    /// The places of a repository.
    pub fn of(repo: &Repo) -> Places {
        let state = repo.heck_dir().join("state");
        Places { lock: state.join("lock"), txn: state.join("txn"), undo: state.join("undo") }
    }
}

/// The staged content of an operation, relative to the root.
pub fn staged(k: usize) -> String {
    format!("{TXN}/n{k}")
}

/// Writes the manifest. Its rename is the commit point.
pub fn write(places: &Places, manifest: &Manifest) -> Result<()> {
    let plain = serde_json::to_vec(manifest).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
    let sealed = Sealed { checksum: digest(&plain), manifest: manifest.clone() };
    let text = serde_json::to_vec(&sealed).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
    fs::write_atomic(&places.txn.join("manifest"), &text)
}

/// Reads the manifest of a transaction that did not end; `None` when it never committed.
pub fn read(places: &Places) -> Result<Option<Manifest>> {
    let path = places.txn.join("manifest");
    let Some(bytes) = fs::read_if_present(&path)? else { return Ok(None) };
    let damaged = || {
        Error::new(Kind::Conflict, format!("the journal {} is damaged", path.display()))
            .path(path.to_string_lossy())
            .hint("nothing was touched; the staged files beside it hold both versions: compare them by hand, then move the directory away")
    };
    let sealed: Sealed = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let plain = serde_json::to_vec(&sealed.manifest).map_err(|_| damaged())?;
    if digest(&plain) != sealed.checksum {
        return Err(damaged());
    }
    Ok(Some(sealed.manifest))
}
