//! The new contents of a transaction, complete and durable beside the tree, before anything in it is touched.
//! Here every precondition is looked at: a file that is not as the patch expects stops it all.

use std::collections::HashSet;

use super::disk::Disk;
use super::inherit::inherited;
use super::journal::{Manifest, Op, Places, staged, write_all, write_file};
use super::look::{self, Attributes, Found, failed};
use super::plan::{Insist, parents};
use crate::core::patch::meta::FileState;
use crate::core::{Error, Kind, Result, share};

/// Where the new contents of a transaction come from.
pub trait Contents: Sync {
    /// The content that an operation gives its path, which holds `now` so far.
    fn content(&self, op: &Op, now: Option<&Found>) -> Result<Vec<u8>>;
    /// Where the last transaction keeps what it took from the path.
    fn backup(&self, path: &str) -> Option<String>;
    /// The permission bits the path had, as far as the record knows.
    fn bits(&self, path: &str) -> Option<u32>;
    /// Why a path is not as expected, and what to do about it.
    fn conflict(&self, op: &Op, now: Option<&FileState>) -> Error;
}

/// All that a transaction is made of.
pub struct Job<'a, C: Contents> {
    /// Where it lies.
    pub places: Places,
    /// What it does.
    pub manifest: &'a Manifest,
    /// The new records of the patches that the manifest names.
    pub records: &'a [Vec<u8>],
    /// The new contents.
    pub contents: &'a C,
    /// What the user insists on.
    pub insist: Insist,
}

/// From this many files on, one flush of the whole file system costs less than one for each.
const FEW: usize = 20;
/// How many contents are held in memory at a time.
const BATCH: usize = 256;

/// One operation's new content and what its file takes over.
struct Prepared {
    content: Option<Vec<u8>>,
    attributes: Attributes,
}

/// Makes the directories that transactions need, durable down from the root.
pub fn prepare_places<D: Disk>(disk: &D, places: Places) -> Result<()> {
    for dir in [places.base(), &places.undo("")] {
        for dir in parents(dir).chain([dir]) {
            if disk.stat(dir).map_err(failed("look at", dir))?.is_none() {
                make_dir(disk, dir)?;
                let parent = dir.rsplit_once('/').map_or("", |(parent, _)| parent);
                disk.sync_dir(parent).map_err(failed("flush", parent))?;
            }
        }
    }
    let ignore = format!("{}/.gitignore", places.base());
    if places.is_elsewhere() && disk.stat(&ignore).map_err(failed("look at", &ignore))?.is_none() {
        write_file(disk, &ignore, b"*\n", true)?;
    }
    Ok(())
}

fn make_dir<D: Disk>(disk: &D, path: &str) -> Result<()> {
    match disk.make_dir(path, 0o777) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(failed("create directory", path)(e)),
        _ => Ok(()),
    }
}

/// Stages everything and tells what could not be taken over. On an error nothing is left behind.
pub fn stage<D: Disk, C: Contents>(disk: &D, job: &Job<'_, C>) -> Result<Vec<String>> {
    let txn = job.places.txn("");
    disk.make_dir(&txn, 0o777).map_err(failed("create directory", &txn))?;
    stage_all(disk, job).inspect_err(|_| {
        // Without a manifest it is litter that the next one removes.
        let _ = discard(disk, job.places);
    })
}

/// Removes what was staged for a transaction that is not carried out.
pub fn discard<D: Disk>(disk: &D, places: Places) -> Result<()> {
    let txn = places.txn("");
    let manifest = places.txn("manifest");
    if disk.stat(&manifest).map_err(failed("look at", &manifest))?.is_some() {
        // Without its contents a manifest would be taken for a transaction that is half done.
        disk.remove_file(&manifest).map_err(failed("remove", &manifest))?;
        disk.sync_dir(&txn).map_err(failed("flush", &txn))?;
    }
    for name in disk.list(&txn).map_err(failed("read", &txn))? {
        let path = places.txn(&name);
        disk.remove_file(&path).map_err(failed("remove", &path))?;
    }
    disk.remove_dir(&txn).map_err(failed("remove", &txn))
}

fn stage_all<D: Disk, C: Contents>(disk: &D, job: &Job<'_, C>) -> Result<Vec<String>> {
    let Job { places, manifest, records, contents, insist } = *job;
    let sync = manifest.ops.len() + records.len() <= FEW;
    let mut notes = Vec::new();
    // What is staged belongs elsewhere: it must not take over what is handed on here.
    let txn = places.txn("");
    if disk.default_acl(&txn).map_err(failed("prepare", &txn))?.is_some() {
        disk.clear_default_acl(&txn).map_err(failed("prepare", &txn))?;
    }
    let deleted = ids_of_deleted(disk, manifest)?;
    for (batch, ops) in manifest.ops.chunks(BATCH).enumerate() {
        let work = |op: &Op| prepare(disk, contents, op, &deleted, insist);
        // Starting a thread costs more than a few files.
        let prepared: Vec<_> = if ops.len() < 16 { ops.iter().map(work).collect() } else { share::map(ops, work) };
        for (n, (op, prepared)) in ops.iter().zip(prepared).enumerate() {
            let prepared = prepared?;
            let path = places.txn(&staged(batch * BATCH + n));
            if let (Some(after), Some(content)) = (&op.after, prepared.content) {
                put(disk, &path, op, after, &content, prepared.attributes, sync, &mut notes)?;
            }
        }
    }
    for (k, record) in records.iter().enumerate() {
        write_file(disk, &places.txn(&format!("r{k}")), record, sync)?;
    }
    // An abort must not need space that a full disk does not have.
    write_file(disk, &places.txn("undecided"), b"", sync)?;
    if !sync {
        disk.sync_all(&txn).map_err(failed("flush", &txn))?;
    }
    Ok(notes)
}

/// On a file system that folds case, the new name of `readme` is there already when it becomes `README`.
fn ids_of_deleted<D: Disk>(disk: &D, manifest: &Manifest) -> Result<HashSet<(u64, u64)>> {
    let mut ids = HashSet::new();
    if manifest.ops.iter().any(|op| op.before.is_none()) {
        for op in manifest.ops.iter().filter(|op| op.after.is_none()) {
            ids.extend(disk.stat(&op.path).map_err(failed("look at", &op.path))?.map(|stat| stat.id));
        }
    }
    Ok(ids)
}

fn prepare<D: Disk, C: Contents>(
    disk: &D,
    contents: &C,
    op: &Op,
    deleted: &HashSet<(u64, u64)>,
    insist: Insist,
) -> Result<Prepared> {
    let makes_room = op.before.is_none()
        && look::stat_beneath(disk, &op.path)?
            .is_none_or(|stat| deleted.contains(&stat.id) || stat.kind == super::disk::NodeKind::Dir);
    // What stands in the way goes first; the plan has seen to it.
    let now = if makes_room { None } else { look::read_with_attributes(disk, &op.path)? };
    let (now, kept) = now.unzip();
    let state = now.as_ref().map(Found::state);
    if state != op.before {
        return Err(contents.conflict(op, state.as_ref()));
    }
    if let Some(found) = now.as_ref().filter(|found| found.mode != "120000") {
        check_replaceable(disk, op, found, insist)?;
    }
    let Some(after) = &op.after else { return Ok(Prepared { content: None, attributes: Attributes::default() }) };
    let content = contents.content(op, now.as_ref())?;
    if FileState::of(&content, &after.mode) != *after {
        return Err(Error::new(
            Kind::Conflict,
            format!("{}: the patch does not give the content it promises", op.path),
        )
        .path(op.path.as_str())
        .hint("its record and its diff do not belong together"));
    }
    let attributes = taken_over(disk, contents, op, after, kept.filter(|kept| kept.bits.is_some()))?;
    Ok(Prepared { content: Some(content), attributes })
}

fn check_replaceable<D: Disk>(disk: &D, op: &Op, found: &Found, insist: Insist) -> Result<()> {
    let path = op.path.as_str();
    if found.stat.bits & 0o6000 != 0 {
        return Err(Error::new(Kind::Denied, format!("{path} is setuid or setgid; heck does not replace it"))
            .path(path)
            .hint("take the bit away first, and set it again afterwards"));
    }
    if found.stat.links > 1 && !insist.hardlinks {
        let names = other_names(disk, path, found.stat.id);
        let told = if names.is_empty() { "outside the repository".to_owned() } else { names.join(", ") };
        return Err(Error::new(
            Kind::Denied,
            format!("{path} has {} other names ({told}), which would keep the old content", found.stat.links - 1),
        )
        .path(path)
        .hint("to part them, say --break-hardlinks"));
    }
    Ok(())
}

/// The other names of a file inside the tree, some of them.
fn other_names<D: Disk>(disk: &D, path: &str, id: (u64, u64)) -> Vec<String> {
    const LOOKED_AT: usize = 200_000;
    let (mut open, mut found, mut count) = (vec![String::new()], Vec::new(), 0);
    while let Some(dir) = open.pop() {
        for name in disk.list(&dir).unwrap_or_default() {
            let full = if dir.is_empty() { name } else { format!("{dir}/{name}") };
            count += 1;
            match disk.stat(&full) {
                Ok(Some(stat)) if stat.kind == super::disk::NodeKind::Dir => open.push(full),
                Ok(Some(stat)) if stat.id == id && full != path => found.push(full),
                _ => {}
            }
            if count > LOOKED_AT || found.len() >= 8 {
                return found;
            }
        }
    }
    found.sort();
    found
}

/// What the new file takes over: from the file it replaces, or, when something comes back, from that very file.
fn taken_over<D: Disk, C: Contents>(
    disk: &D,
    contents: &C,
    op: &Op,
    after: &FileState,
    now: Option<Attributes>,
) -> Result<Attributes> {
    if after.mode == "120000" {
        return Ok(Attributes::default());
    }
    let backup = match contents.backup(&op.path) {
        Some(path) => look::attributes(disk, &path)?,
        None => Attributes::default(),
    };
    let old = backup.bits.or_else(|| contents.bits(&op.path));
    let Some(mut kept) = now else {
        let new = match backup.bits {
            Some(_) => backup,
            None => inherited(disk, &op.path, asked_for(after))?,
        };
        return Ok(Attributes { bits: old.map(|bits| bits_for(&after.mode, bits)), ..new });
    };
    let is_untouched = |old: u32| op.before.as_ref().is_some_and(|b| kept.bits == Some(bits_for(&b.mode, old)));
    // Whoever has changed the permissions since means them.
    let bits = old.filter(|old| is_untouched(*old)).or(kept.bits);
    kept.bits = bits.map(|bits| bits_for(&after.mode, bits));
    Ok(kept)
}

/// Permission bits with the execute bits touched only where the patch changes them, and nothing widened.
pub fn bits_for(mode: &str, bits: u32) -> u32 {
    match mode == "100755" {
        true if bits & 0o100 == 0 => bits | 0o100 | (bits & 0o044) >> 2,
        false if bits & 0o100 != 0 => bits & !0o111,
        _ => bits,
    }
}

/// The permission bits that a program asks for when it makes such a file.
fn asked_for(state: &FileState) -> u32 {
    if state.mode == "100755" { 0o777 } else { 0o666 }
}

#[expect(clippy::too_many_arguments, reason = "each is another side of the one file")]
fn put<D: Disk>(
    disk: &D,
    staged: &str,
    op: &Op,
    after: &FileState,
    content: &[u8],
    attributes: Attributes,
    sync: bool,
    notes: &mut Vec<String>,
) -> Result<()> {
    if after.mode == "120000" {
        return disk.make_link(content, staged).map_err(failed("stage", &op.path));
    }
    let first = if attributes.bits.is_some() { 0o600 } else { asked_for(after) };
    let mut file = disk.create(staged, first).map_err(failed("stage", &op.path))?;
    write_all(disk, &mut file, content, &op.path)?;
    if attributes != Attributes::default() {
        take_over(disk, &file, op, &attributes, notes)?;
    }
    if sync {
        disk.sync(&file).map_err(failed("flush", &op.path))?;
    }
    Ok(())
}

fn take_over<D: Disk>(
    disk: &D,
    file: &D::File,
    op: &Op,
    attributes: &Attributes,
    notes: &mut Vec<String>,
) -> Result<()> {
    let path = op.path.as_str();
    let stat = disk.stat_file(file).map_err(failed("look at", path))?;
    let user = attributes.user.filter(|user| *user != stat.owner.0);
    let group = attributes.group.filter(|group| *group != stat.owner.1);
    if user.is_some() || group.is_some() {
        // Only root gives files away; a group of one's own is possible still.
        let whole = tolerated(disk.set_owner(file, user, group)).map_err(failed("set the owner of", path))?;
        let part = whole || tolerated(disk.set_owner(file, None, group)).map_err(failed("set the group of", path))?;
        if !whole {
            let lost = if part { "owner" } else { "owner and group" };
            notes.push(format!("{path}: the {lost} could not be kept"));
        }
    }
    for attribute in &attributes.extended {
        let name = String::from_utf8_lossy(&attribute.0);
        // What the system labels by itself is not ours to copy.
        let is_label = ["security.selinux", "security.ima", "security.evm"].contains(&&*name);
        let kept = tolerated(disk.set_attribute(file, attribute)).map_err(failed("set the attributes of", path))?;
        if !kept && !is_label {
            notes.push(format!("{path}: the attribute {name} could not be kept"));
        }
    }
    match attributes.bits {
        Some(bits) => disk.set_bits(file, bits).map_err(failed("stage", path)),
        None => Ok(()),
    }
}

/// Whether something was done; that this user or this file system cannot do it is no failure.
fn tolerated(result: std::io::Result<()>) -> std::io::Result<bool> {
    use rustix::io::Errno;
    match result {
        Ok(()) => Ok(true),
        // In a container, a user or group may have no number here.
        Err(e)
            if [Errno::PERM, Errno::NOTSUP, Errno::INVAL]
                .iter()
                .any(|t| e.raw_os_error() == Some(t.raw_os_error())) =>
        {
            Ok(false)
        }
        Err(e) => Err(e),
    }
}
