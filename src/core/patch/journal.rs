//! The manifest of a transaction: what is being done, so that any later process can finish or undo it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::meta::{FileState, Meta, digest};
use crate::core::path::RepoPath;
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

/// The manifest of the transaction that a patch's record names as its last, if it is still there.
pub fn finished(places: &Places, patch: &super::Patch) -> Option<Manifest> {
    let bytes = std::fs::read(places.undo.join(patch.meta.undo.as_ref()?).join("manifest")).ok()?;
    let manifest = serde_json::from_slice::<Sealed>(&bytes).ok()?.manifest;
    check_names(&manifest).ok().map(|()| manifest)
}

/// A journal that somebody else put there must not lead anywhere.
fn check_names(manifest: &Manifest) -> Result<()> {
    let ops = manifest.ops.iter().map(|op| &op.path);
    for path in ops.chain(&manifest.make_dirs).chain(&manifest.remove_dirs) {
        RepoPath::for_change(path)?;
    }
    check_id(&manifest.id)?;
    check_meta(&manifest.meta)?;
    manifest.meta_before.as_ref().map_or(Ok(()), check_meta)
}

/// Fails for a record whose paths or names could lead out of where they belong.
pub fn check_meta(meta: &Meta) -> Result<()> {
    check_id(&meta.id)?;
    meta.undo.as_deref().map_or(Ok(()), check_id)?;
    meta.files.iter().try_for_each(|file| RepoPath::for_change(&file.path).map(drop))
}

fn check_id(id: &str) -> Result<()> {
    let fits =
        !id.is_empty() && !id.starts_with('.') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if fits { Ok(()) } else { Err(Error::new(Kind::Denied, format!("'{id}' is no identifier of heck's"))) }
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
    check_names(&sealed.manifest)?;
    Ok(Some(sealed.manifest))
}
