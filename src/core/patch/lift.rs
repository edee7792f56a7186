//! What takes an old patch out from under later ones.

use super::Patch;
use super::builder::{Content, Item, state};
use super::content::Sections;
use super::hunk::Direction;
use super::merge::Contents;
use super::meta::{FileState, Meta, digest};
use super::txn::{self, OsDisk};
use crate::core::git;
use crate::core::{Error, Kind, Result};

/// What each file of a patch becomes when the patch is taken out from under later ones. `contents` tells what there is now;
/// `later` are the applied patches that may have changed it since, of which one is named where the two overlap.
pub fn lifted(contents: &Contents<'_>, patch: &Patch, later: &[Meta]) -> Result<Vec<Item>> {
    let sections = Sections::of(patch)?;
    let mut items = Vec::new();
    let mut clashes = Vec::new();
    for file in &patch.meta.files {
        let path = file.path.as_str();
        let now = contents.read(path)?;
        let whole = |after: Content| Item { path: path.to_owned(), before: now.clone(), after, ..Item::default() };
        let bring_back = || -> Result<Content> {
            let Some(before) = &file.before else { return Ok(None) };
            if let Some(bytes) = contents.find(path, before)? {
                return Ok(Some((before.mode.clone(), bytes)));
            }
            let bytes = sections.content(path, Direction::Reverse, &|path| contents.read(path))?;
            Ok((digest(&bytes) == before.digest).then(|| (before.mode.clone(), bytes)))
        };
        if state(&now) == file.after {
            match (bring_back()?, &file.before) {
                (None, Some(_)) => clashes.push(overlap(path, later, "its old content is nowhere to be found")),
                (content, _) => items.push(whole(content)),
            }
            continue;
        }
        let (Some(before), Some(after), Some((mode, ours))) = (&file.before, &file.after, &now) else {
            clashes.push(overlap(path, later, "it was created, deleted or moved on both sides"));
            continue;
        };
        let (mut old, mut base) = (contents.find(path, before)?, contents.find(path, after)?);
        // Of the two the diff makes one from the other.
        if base.is_none()
            && let Some(bytes) = &old
        {
            base = rebuilt(&sections, path, Direction::Forward, (&before.mode, bytes), after);
        }
        if old.is_none()
            && let Some(bytes) = &base
        {
            old = rebuilt(&sections, path, Direction::Reverse, (&after.mode, bytes), before);
        }
        let (Some(old), Some(base)) = (old, base) else {
            clashes.push(overlap(path, later, "its old contents are nowhere to be found"));
            continue;
        };
        if [&old, &base, ours].iter().any(|side| super::binary::is_binary(side)) {
            clashes.push(overlap(path, later, "it is binary"));
            continue;
        }
        let (bytes, is_clean) = git::merge(&base, ours, &old, ("now", &patch.meta.id))?;
        match is_clean {
            true => {
                let mode = if before.mode == after.mode { mode.clone() } else { before.mode.clone() };
                items.push(whole(Some((mode, bytes))));
            }
            false => clashes.push(overlap(path, later, "the same lines have changed since")),
        }
    }
    if let Some(first) = clashes.first() {
        return Err(first.clone());
    }
    Ok(items)
}

/// One side of a patch's file from the other, if that is what comes out.
fn rebuilt(
    sections: &Sections<'_>,
    path: &str,
    direction: Direction,
    (mode, bytes): (&str, &[u8]),
    wanted: &FileState,
) -> Option<Vec<u8>> {
    let read = |_: &str| Ok(Some((mode.to_owned(), bytes.to_vec())));
    sections.content(path, direction, &read).ok().filter(|made| digest(made) == wanted.digest)
}

/// Fails where somebody else has changed a file of a patch since: what it holds is not what the last applied patch left.
pub fn check_explained(disk: &OsDisk, patch: &Meta, applied: &[Meta]) -> Result<()> {
    for file in &patch.files {
        let now = txn::state(disk, &file.path)?;
        let left =
            |meta: &Meta| meta.files.iter().find(|other| other.path == file.path).map(|other| other.after.clone());
        let last = applied.iter().rev().find_map(left);
        if now != file.after && last != Some(now) {
            let what = format!("{} has changed since patch {} was made", file.path, patch.id);
            return Err(Error::new(Kind::Conflict, what)
                .path(file.path.as_str())
                .hint("nothing was touched; to take out only what the patch did and keep the rest, say --merge"));
        }
    }
    Ok(())
}

fn overlap(path: &str, later: &[Meta], what: &str) -> Error {
    let other = later.iter().rev().find(|meta| meta.files.iter().any(|file| file.path == path));
    let hint = match other {
        Some(other) => format!("patch {} ({}) changed it since; roll that back first", other.id, other.title),
        None => "nothing was touched".to_owned(),
    };
    Error::new(Kind::Conflict, format!("{path} cannot be taken back by itself: {what}")).path(path).hint(hint)
}
