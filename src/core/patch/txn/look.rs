//! What stands under a path, as a transaction compares it: type, mode as git sees it, content.

use std::io;
use std::path::Path;

use rustix::io::Errno;

use super::disk::{Attribute, Disk, NodeKind, Stat};
use crate::core::patch::meta::FileState;
use crate::core::{Error, Kind, Result};

/// A file or link that was read.
#[derive(Debug, Clone)]
pub struct Found {
    /// As git writes it: `100644`, `100755` or `120000`.
    pub mode: &'static str,
    /// The content; the target, for a link.
    pub bytes: Vec<u8>,
    /// What else is known.
    pub stat: Stat,
}

impl Found {
    /// What decides whether two of them are the same.
    pub fn state(&self) -> FileState {
        FileState::of(&self.bytes, self.mode)
    }
}

/// What a replacement takes over from the file it replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Permission bits.
    pub bits: Option<u32>,
    /// The user.
    pub user: Option<u32>,
    /// The group.
    pub group: Option<u32>,
    /// Extended attributes, access control lists among them.
    pub extended: Vec<Attribute>,
}

/// What a name is, or will be once links on the way have made room: behind a link there is nothing of ours.
pub fn stat_beneath<D: Disk>(disk: &D, path: &str) -> Result<Option<Stat>> {
    match disk.stat(path) {
        Err(e) if is_loop(&e) => Ok(None),
        other => other.map_err(failed("look at", path)),
    }
}

/// Whether a link stood in the way.
pub fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Gives a failed step its words.
pub fn failed<'a>(action: &'a str, path: &'a str) -> impl Fn(io::Error) -> Error + 'a {
    move |error| match is_loop(&error) {
        true => Error::new(Kind::Denied, format!("{path} lies behind a symbolic link"))
            .path(path)
            .hint("heck never writes through a link; name the real path"),
        false => Error::io(action, Path::new(path), &error),
    }
}

/// The mode of a file as git sees it.
pub fn git_mode(bits: u32) -> &'static str {
    if bits & 0o100 != 0 { "100755" } else { "100644" }
}

/// Reads a file or a link; `None` where there is nothing.
pub fn read<D: Disk>(disk: &D, path: &str) -> Result<Option<Found>> {
    Ok(open(disk, path)?.map(|(found, _)| found))
}

/// Reads a file or a link, with what a replacement of it has to take over.
pub fn read_with_attributes<D: Disk>(disk: &D, path: &str) -> Result<Option<(Found, Attributes)>> {
    let Some((found, file)) = open(disk, path)? else { return Ok(None) };
    let attributes = match file {
        Some(file) => attributes_of(disk, path, &file, &found.stat)?,
        None => Attributes::default(),
    };
    Ok(Some((found, attributes)))
}

fn open<D: Disk>(disk: &D, path: &str) -> Result<Option<(Found, Option<D::File>)>> {
    let mut file = match disk.open(path) {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        // Nearly always a file; what else there is takes a second look.
        Err(e) => return read_other(disk, path, e),
    };
    let stat = disk.stat_file(&file).map_err(failed("look at", path))?;
    match stat.kind {
        NodeKind::File => {
            let bytes = disk.read(&mut file, stat.size).map_err(failed("read", path))?;
            Ok(Some((Found { mode: git_mode(stat.bits), bytes, stat }, Some(file))))
        }
        NodeKind::Link => read_other(disk, path, io::ErrorKind::NotFound.into()),
        kind => Err(strange(path, kind)),
    }
}

fn read_other<D: Disk, F>(disk: &D, path: &str, error: io::Error) -> Result<Option<(Found, Option<F>)>> {
    match disk.stat(path).map_err(failed("look at", path))? {
        Some(stat) if stat.kind == NodeKind::Link => {
            let bytes = disk.read_link(path).map_err(failed("read", path))?;
            Ok(Some((Found { mode: "120000", bytes, stat }, None)))
        }
        Some(stat) if stat.kind != NodeKind::File => Err(strange(path, stat.kind)),
        _ => Err(failed("read", path)(error)),
    }
}

fn strange(path: &str, kind: NodeKind) -> Error {
    let what = if kind == NodeKind::Dir { "a directory" } else { "no regular file" };
    Error::new(Kind::Conflict, format!("{path} is {what}")).path(path)
}

/// The state of a path. Something that is neither file nor link is no state of ours, so it equals none.
pub fn state<D: Disk>(disk: &D, path: &str) -> Result<Option<FileState>> {
    Ok(read(disk, path)?.map(|found| found.state()))
}

/// The state of a path; a directory, a pipe, or something behind a link is a state that equals no other. What could not
/// be read is an error, and never taken for somebody's change.
pub fn state_or_other<D: Disk>(disk: &D, path: &str) -> Result<Option<FileState>> {
    match state(disk, path) {
        Err(e) if matches!(e.kind(), Kind::Conflict | Kind::Denied) => {
            Ok(Some(FileState { digest: "other".into(), mode: "other".into(), size: 0 }))
        }
        other => other,
    }
}

/// What a replacement of a file has to take over.
pub fn attributes<D: Disk>(disk: &D, path: &str) -> Result<Attributes> {
    match disk.stat(path).map_err(failed("look at", path))? {
        Some(stat) if stat.kind == NodeKind::File => {}
        _ => return Ok(Attributes::default()),
    }
    let file = disk.open(path).map_err(failed("read", path))?;
    let stat = disk.stat_file(&file).map_err(failed("look at", path))?;
    attributes_of(disk, path, &file, &stat)
}

fn attributes_of<D: Disk>(disk: &D, path: &str, file: &D::File, stat: &Stat) -> Result<Attributes> {
    let extended = disk.attributes(file).map_err(failed("read the attributes of", path))?;
    Ok(Attributes { bits: Some(stat.bits), user: Some(stat.owner.0), group: Some(stat.owner.1), extended })
}
