//! Three-way merges: a patch whose base has moved becomes a new one for what is there now.

use super::Patch;
use super::builder::{Content, Item, assemble, state};
use super::content::Sections;
use super::fit::fit;
use super::hunk::Direction;
use super::meta::{FileMeta, FileState, State, digest};
use super::overlay::Overlay;
use super::pool::Pool;
use super::read::{FilePatch, read_diff};
use super::txn::{self, Disk, OsDisk, Places};
use crate::core::git;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// A conflict and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Clash {
    /// The file.
    pub path: String,
    /// What the two sides want.
    pub message: String,
    /// Whether it can stand in the file, between markers.
    #[serde(skip)]
    is_text: bool,
}

/// Contents by what they are: in the tree, in the undo store, in git.
pub(super) struct Contents<'a> {
    pub(super) repo: &'a Repo,
    pub(super) disk: &'a OsDisk,
    pub(super) places: Places,
    /// What is laid over the tree, and what it is made of.
    pub(super) laid: Option<(&'a Overlay<'a>, &'a Pool)>,
}

impl Contents<'_> {
    /// What a path holds now.
    pub(super) fn read(&self, path: &str) -> Result<Content> {
        if let Some((overlay, _)) = self.laid {
            return overlay.read(path);
        }
        Ok(txn::read(self.disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)))
    }

    /// A content that the path once had.
    pub(super) fn find(&self, path: &str, wanted: &FileState) -> Result<Option<Vec<u8>>> {
        if let Some((overlay, pool)) = self.laid {
            if let Some(bytes) = pool.get(path, wanted) {
                return Ok(Some(bytes.to_vec()));
            }
            if let Some((_, bytes)) = overlay.origin(path)?.filter(|(_, bytes)| digest(bytes) == wanted.digest) {
                return Ok(Some(bytes));
            }
        }
        let undo = self.places.undo("");
        let names = match self.disk.stat(&undo).map_err(txn::failed("look at", &undo))? {
            Some(_) => self.disk.list(&undo).map_err(txn::failed("read", &undo))?,
            None => Vec::new(),
        };
        for name in names.iter().rev() {
            let dir = self.places.undo(name);
            let Ok(Some(manifest)) = txn::read_in(self.disk, &dir) else { continue };
            let fits =
                |op: &txn::Op| op.path == path && [&op.before, &op.after].iter().any(|s| s.as_ref() == Some(wanted));
            if let Some(k) = manifest.ops.iter().position(fits)
                && let Ok(Some(found)) = txn::read(self.disk, &format!("{dir}/n{k}"))
                && digest(&found.bytes) == wanted.digest
            {
                return Ok(Some(found.bytes));
            }
        }
        if !self.repo.root().join(".git").exists() {
            return Ok(None);
        }
        let is_it = |bytes: &[u8]| bytes.len() as u64 == wanted.size && digest(bytes) == wanted.digest;
        git::find_content(self.repo.root(), path, is_it)
    }
}

/// A new patch that does to what is there now what another does to what it was made for. Conflicts are an error, unless
/// they are to stand in the files between the usual markers; then they are told.
pub fn remake(repo: &Repo, patch: &Patch, markers: bool) -> Result<(Patch, Vec<Clash>)> {
    if patch.meta.state == State::Applied {
        return Err(Error::new(Kind::Conflict, format!("patch {} is already applied", patch.meta.id)));
    }
    let disk = OsDisk::open(repo.root())?;
    let contents = Contents { repo, disk: &disk, places: Places::of(&disk)?, laid: None };
    remade(&contents, patch, markers)
}

/// The same for what an overlay of other patches holds now. A conflict is an error.
pub fn remake_over(
    repo: &Repo,
    disk: &OsDisk,
    places: Places,
    patch: &Patch,
    overlay: &Overlay<'_>,
    pool: &Pool,
) -> Result<Patch> {
    let contents = Contents { repo, disk, places, laid: Some((overlay, pool)) };
    Ok(remade(&contents, patch, false)?.0)
}

fn remade(contents: &Contents<'_>, patch: &Patch, markers: bool) -> Result<(Patch, Vec<Clash>)> {
    let files = read_diff(&patch.diff)?;
    let mut merge = Merge { contents, patch, files: &files, markers, clashes: Vec::new() };
    let mut items = Vec::new();
    for file in &patch.meta.files {
        items.extend(merge.file(file)?);
    }
    let clashes = merge.clashes;
    refuse(&clashes, markers, contents.laid.is_some())?;
    let mut new = assemble(patch.meta.title.clone(), patch.meta.origin.clone(), items);
    if new.is_empty() {
        return Err(Error::new(Kind::Conflict, format!("what patch {} does is there already", patch.meta.id))
            .hint(format!("drop it: `heck patch drop {}`", patch.meta.id)));
    }
    // With conflicts in its files it cannot stand for the other.
    if clashes.is_empty() {
        new.meta.parents = vec![patch.meta.id.clone()];
    }
    Ok((new, clashes))
}

fn refuse(clashes: &[Clash], markers: bool, is_laid: bool) -> Result<()> {
    let Some(first) = clashes.first() else { return Ok(()) };
    let first = match markers {
        true => match clashes.iter().find(|clash| !clash.is_text) {
            Some(clash) => clash,
            None => return Ok(()),
        },
        false => first,
    };
    let hint = match first.is_text {
        true if is_laid => "nothing was touched; apply one after the other instead, with --merge and --markers",
        _ if is_laid => "nothing was touched; leave one of the two out",
        true => "nothing was touched; with --markers the conflicts are written into the files",
        false => {
            "nothing was touched; this conflict cannot be written into a file: leave it out with --files, or put it right first"
        }
    };
    let more = if clashes.len() > 1 { format!(" (and {} more)", clashes.len() - 1) } else { String::new() };
    Err(Error::new(Kind::Conflict, format!("{}: {}{more}", first.path, first.message))
        .path(first.path.as_str())
        .hint(hint))
}

struct Merge<'a> {
    contents: &'a Contents<'a>,
    patch: &'a Patch,
    files: &'a [FilePatch<'a>],
    markers: bool,
    clashes: Vec<Clash>,
}

impl Merge<'_> {
    fn clash(&mut self, path: &str, message: impl Into<String>) {
        self.clashes.push(Clash { path: path.to_owned(), message: message.into(), is_text: false });
    }

    fn file(&mut self, file: &FileMeta) -> Result<Option<Item>> {
        let path = file.path.as_str();
        let now = self.contents.read(path)?;
        let item =
            |before: Content, after: Content| Some(Item { path: path.to_owned(), before, after, ..Item::default() });
        if state(&now) == file.after {
            return Ok(None);
        }
        if state(&now) == file.before && file.from.is_none() {
            return match &file.after {
                None => Ok(item(now, None)),
                Some(after) => {
                    let read = |path: &str| self.contents.read(path);
                    let bytes = Sections::of(self.patch)?.content(path, Direction::Forward, &read)?;
                    Ok(item(now, Some((after.mode.clone(), bytes))))
                }
            };
        }
        match (&file.before, &file.after, &now) {
            // What has changed in it goes into the file that it becomes.
            (_, None, Some(_)) if self.moves_on(path) => return Ok(item(now, None)),
            (_, None, Some(_)) => self.clash(path, "the patch deletes it, and it has changed"),
            (Some(_), Some(_), None) => self.clash(path, "the patch changes it, and it is gone"),
            (None, Some(_), Some(_)) => self.clash(path, "the patch creates it, and it is there with another content"),
            (Some(before), Some(after), Some((mode, ours))) => {
                if !self.are_of_one_kind(path, [&before.mode, &after.mode, mode]) {
                    return Ok(None);
                }
                let mode = if before.mode == after.mode { mode } else { &after.mode };
                let merged = self.merged(path, before, ours)?;
                return Ok(merged.and_then(|bytes| item(now.clone(), Some((mode.clone(), bytes)))));
            }
            (None, Some(after), None) => return self.moved(file, after),
            (_, None, None) => {}
        }
        Ok(None)
    }

    /// Whether a file is only renamed.
    fn moves_on(&self, path: &str) -> bool {
        let names = |file: &FileMeta| file.from.as_ref().is_some_and(|from| !from.is_copy && from.path == path);
        self.patch.meta.files.iter().any(names)
    }

    /// A renamed or copied file: the merge is with what is under the old name now.
    fn moved(&mut self, file: &FileMeta, after: &FileState) -> Result<Option<Item>> {
        let path = file.path.as_str();
        let Some(from) = &file.from else { return Ok(None) };
        let source =
            self.patch.meta.files.iter().find(|other| other.path == from.path).and_then(|other| other.before.clone());
        let base = self.contents.read(&from.path)?;
        let mode = match (&source, &base) {
            (Some(before), Some((mode, _))) if !self.are_of_one_kind(path, [&before.mode, &after.mode, mode]) => {
                return Ok(None);
            }
            // Whoever has changed the mode since means it.
            (Some(before), Some((mode, _))) if before.mode == after.mode => mode.clone(),
            _ => after.mode.clone(),
        };
        let whole = |bytes: Vec<u8>| Item {
            path: path.to_owned(),
            after: Some((mode.clone(), bytes)),
            from: Some((from.clone(), base.clone())),
            ..Item::default()
        };
        // A copy's source may be no part of the patch; what comes out tells whether it is the same.
        let read = |path: &str| self.contents.read(path);
        if let Ok(bytes) = Sections::of(self.patch)?.content(path, Direction::Forward, &read)
            && digest(&bytes) == after.digest
        {
            return Ok(Some(whole(bytes)));
        }
        let (Some(before), Some((_, ours))) = (source, &base) else {
            self.clash(path, format!("it is made of {}, which is gone or has changed", from.path));
            return Ok(None);
        };
        let bytes = self.merged(path, &before, ours)?;
        Ok(bytes.map(whole))
    }

    /// Whether all of them are links, or none of them is.
    fn are_of_one_kind(&mut self, path: &str, modes: [&str; 3]) -> bool {
        let links = modes.iter().filter(|mode| **mode == "120000").count();
        if links % 3 != 0 {
            self.clash(path, "it is a link on one side and a file on the other");
        }
        links % 3 == 0
    }

    fn merged(&mut self, path: &str, before: &FileState, ours: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(section) = self.files.iter().find(|f| f.new_path.as_deref() == Some(path)) else { return Ok(None) };
        let old = section.old_path.as_deref().unwrap_or(path);
        let found = self.contents.find(old, before)?;
        if found.is_none() && self.contents.laid.is_some() {
            // Where its hunks might fit is no more than a guess.
            self.clash(path, "what the patch was made for is nowhere to be found");
            return Ok(None);
        }
        let Some(base) = found else {
            // Nobody knows the base any more; the hunks may still have a certain place.
            return match fit(ours, &section.hunks) {
                Ok((bytes, _)) if section.binary.is_none() => Ok(Some(bytes)),
                Ok(_) => {
                    self.clash(path, "it is binary, and what the patch was made for is nowhere to be found");
                    Ok(None)
                }
                Err(misfits) => {
                    let first = misfits.first().map(|m| format!("hunk {}: {}", m.hunk, m.reason)).unwrap_or_default();
                    self.clash(path, format!("what the patch was made for is nowhere to be found, and {first}"));
                    Ok(None)
                }
            };
        };
        let theirs = super::hunk::lay(path, &base, section, Direction::Forward)?;
        if theirs == base || theirs == ours {
            return Ok(Some(ours.to_vec()));
        }
        if base == ours {
            return Ok(Some(theirs));
        }
        if before.mode == "120000" {
            self.clash(path, "it is a link, and both sides have changed it");
            return Ok(None);
        }
        let text =
            [&base, &theirs].iter().all(|side| !super::binary::is_binary(side)) && !super::binary::is_binary(ours);
        if !text {
            self.clash(path, "it is binary, and both sides have changed it");
            return Ok(None);
        }
        let (bytes, is_clean) = git::merge(&base, ours, &theirs, ("now", &self.patch.meta.id))?;
        if !is_clean {
            let line = bytes.split(|b| *b == b'\n').position(|line| line.starts_with(b"<<<<<<< ")).unwrap_or(0) + 1;
            let message = format!("both sides have changed what stands at line {line}");
            self.clashes.push(Clash { path: path.to_owned(), message, is_text: true });
            if !self.markers {
                return Ok(None);
            }
        }
        Ok(Some(bytes))
    }
}
