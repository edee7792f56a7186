//! Taking an old patch out from under later ones, as a new patch.

use super::Patch;
use super::builder::{Content, Item, assemble, state};
use super::content::Sections;
use super::hunk::Direction;
use super::merge::Contents;
use super::meta::{FileState, Meta, digest};
use super::txn::{OsDisk, Places};
use crate::core::git;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// What taking a patch out from under later changes comes to: a new patch, to be applied while the old one becomes
/// rolled back. `later` are the applied patches that may have changed its files since; with `foreign` others may have.
pub fn lifted(
    repo: &Repo,
    disk: &OsDisk,
    places: Places,
    patch: &Patch,
    later: &[Meta],
    foreign: bool,
) -> Result<Patch> {
    let contents = Contents { repo, disk, places, laid: None };
    let sections = Sections::of(patch)?;
    let mut items = Vec::new();
    let mut clashes = Vec::new();
    for file in &patch.meta.files {
        let path = file.path.as_str();
        let now = contents.read(path)?;
        if state(&now) != file.after && !foreign && !is_explained(path, file.after.as_ref(), &now, later) {
            return Err(Error::new(
                Kind::Conflict,
                format!("{path} has changed since patch {} was made", patch.meta.id),
            )
            .path(path)
            .hint("nothing was touched; to take out only what the patch did and keep the rest, say --merge"));
        }
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
    let mut lifted = assemble(format!("take out {}", patch.meta.title), patch.meta.origin.clone(), items);
    lifted.meta.parents = vec![patch.meta.id.clone()];
    lifted.meta.lifts = Some(patch.meta.id.clone());
    Ok(lifted)
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

/// Whether later patches of heck's account for what the path holds now.
fn is_explained(path: &str, after: Option<&FileState>, now: &Content, later: &[Meta]) -> bool {
    let mut expected = after.cloned();
    for meta in later {
        if let Some(file) = meta.files.iter().find(|file| file.path == path && file.before == expected) {
            expected.clone_from(&file.after);
        }
    }
    expected == state(now)
}

fn overlap(path: &str, later: &[Meta], what: &str) -> Error {
    let other = later.iter().rev().find(|meta| meta.files.iter().any(|file| file.path == path));
    let hint = match other {
        Some(other) => format!("patch {} ({}) changed it since; roll that back first", other.id, other.title),
        None => "nothing was touched".to_owned(),
    };
    Error::new(Kind::Conflict, format!("{path} cannot be taken back by itself: {what}")).path(path).hint(hint)
}
