//! The manifest of a transaction: what is being done, so that any later process can finish or undo it.

use serde::{Deserialize, Serialize};

use super::disk::{Disk, Naming};
use super::look::failed;
use crate::core::patch::meta::{Dir, FileState, Standing, check_id, digest};
use crate::core::path::{RepoPath, STATE_ELSEWHERE};
use crate::core::{Error, Kind, Result};

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

/// A patch whose record the transaction changes. The new record is staged as `r<K>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The patch.
    pub id: String,
    /// Where it stands again if the transaction is undone.
    pub before: Standing,
}

/// A whole transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Identifies the transaction, and its directory below `undo/` afterwards.
    pub id: String,
    /// The operations, in order: deletions, edits, creations.
    pub ops: Vec<Op>,
    /// Directories to remove after the deletions, children first.
    pub remove_dirs: Vec<Dir>,
    /// Directories to make after that, parents first.
    pub make_dirs: Vec<Dir>,
    /// The patches concerned.
    pub records: Vec<Record>,
}

/// Where transactions lie: on the file system that holds the tree, since a rename cannot leave one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    base: &'static str,
}

const BESIDE: &str = ".heck/state";

impl Places {
    /// The places of a tree.
    pub fn of<D: Disk>(disk: &D) -> Result<Places> {
        if disk.stat(&format!("{STATE_ELSEWHERE}/txn")).map_err(failed("look at", STATE_ELSEWHERE))?.is_some() {
            return Ok(Places { base: STATE_ELSEWHERE });
        }
        let heck = match disk.stat(BESIDE).map_err(failed("look at", BESIDE))? {
            Some(stat) => Some(stat),
            None => disk.stat(".heck").map_err(failed("look at", ".heck"))?,
        };
        let Some(heck) = heck else { return Ok(Places { base: BESIDE }) };
        let root = disk.stat_root().map_err(failed("look at", "."))?;
        Ok(Places { base: if root.id.0 == heck.id.0 { BESIDE } else { STATE_ELSEWHERE } })
    }

    /// Tells whether the transactions lie outside `.heck`.
    pub fn is_elsewhere(self) -> bool {
        self.base == STATE_ELSEWHERE
    }

    /// The directory of all of them.
    pub fn base(self) -> &'static str {
        self.base
    }

    /// The running transaction, or something in it.
    pub fn txn(self, name: &str) -> String {
        if name.is_empty() { format!("{}/txn", self.base) } else { format!("{}/txn/{name}", self.base) }
    }

    /// The finished transactions, or one of them.
    pub fn undo(self, id: &str) -> String {
        if id.is_empty() { format!("{}/undo", self.base) } else { format!("{}/undo/{id}", self.base) }
    }

    /// What somebody wrote into a backup through an old descriptor.
    pub fn rescue(self, name: &str) -> String {
        if name.is_empty() { format!("{}/rescue", self.base) } else { format!("{}/rescue/{name}", self.base) }
    }
}

/// The name of an operation's staged content.
pub fn staged(k: usize) -> String {
    format!("n{k}")
}

/// Writes a new file whole, durable if `sync` says so.
pub fn write_file<D: Disk>(disk: &D, path: &str, bytes: &[u8], sync: bool) -> Result<()> {
    let mut file = disk.create(path, 0o666).map_err(failed("create", path))?;
    write_all(disk, &mut file, bytes, path)?;
    if sync {
        disk.sync(&file).map_err(failed("flush", path))?;
    }
    Ok(())
}

/// Writes all bytes to an open file.
pub fn write_all<D: Disk>(disk: &D, file: &mut D::File, mut bytes: &[u8], path: &str) -> Result<()> {
    while !bytes.is_empty() {
        match disk.write(file, bytes).map_err(failed("write", path))? {
            0 => return Err(Error::tool(format!("cannot write {path}: the file takes no more")).path(path)),
            written => bytes = bytes.get(written..).unwrap_or_default(),
        }
    }
    Ok(())
}

const HEAD: &str = "heck-journal 1 ";

/// Commits: the manifest's rename is the moment from which the transaction is carried through.
pub fn commit<D: Disk>(disk: &D, places: Places, manifest: &Manifest) -> Result<()> {
    let json = serde_json::to_vec(manifest).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
    let mut text = format!("{HEAD}{}\n", digest(&json)).into_bytes();
    text.extend_from_slice(&json);
    let (draft, path) = (places.txn("manifest.tmp"), places.txn("manifest"));
    write_file(disk, &draft, &text, true)?;
    let txn = places.txn("");
    disk.sync_dir(&txn).map_err(failed("flush", &txn))?;
    disk.rename(&draft, &path, Naming::Replace).map_err(failed("create", &path))?;
    disk.sync_dir(&txn).map_err(failed("flush", &txn))?;
    disk.sync_dir(places.base()).map_err(failed("flush", places.base()))
}

/// Reads the manifest of a transaction that did not end; `None` when it never committed.
pub fn read<D: Disk>(disk: &D, places: Places) -> Result<Option<Manifest>> {
    read_in(disk, &places.txn(""))
}

/// Reads the manifest in a transaction's directory.
pub fn read_in<D: Disk>(disk: &D, dir: &str) -> Result<Option<Manifest>> {
    let path = format!("{dir}/manifest");
    if disk.stat(&path).map_err(failed("look at", &path))?.is_none() {
        return Ok(None);
    }
    let mut file = disk.open(&path).map_err(failed("read", &path))?;
    let bytes = disk.read(&mut file, 0).map_err(failed("read", &path))?;
    let manifest = unsealed(&bytes).ok_or_else(|| {
        Error::new(Kind::Conflict, format!("the journal {path} is damaged"))
            .path(path.as_str())
            .hint("nothing was touched; the staged files beside it hold both versions: compare them by hand, then move the directory away")
    })?;
    check_names(&manifest)?;
    Ok(Some(manifest))
}

fn unsealed(bytes: &[u8]) -> Option<Manifest> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let stated = std::str::from_utf8(&bytes[..end]).ok()?.strip_prefix(HEAD)?;
    let json = &bytes[end + 1..];
    (digest(json) == stated).then(|| serde_json::from_slice(json).ok())?
}

/// A journal that somebody else put there must not lead anywhere.
fn check_names(manifest: &Manifest) -> Result<()> {
    let dirs = manifest.make_dirs.iter().chain(&manifest.remove_dirs).map(|dir| &dir.path);
    for path in manifest.ops.iter().map(|op| &op.path).chain(dirs) {
        RepoPath::for_change(path)?;
    }
    manifest.records.iter().map(|record| &record.id).chain([&manifest.id]).try_for_each(|id| check_id(id))
}
