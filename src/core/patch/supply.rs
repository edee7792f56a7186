//! Where a transaction's contents come from: one patch, laid on file by file, or contents laid on beforehand.

use std::collections::{BTreeMap, HashMap};

use super::content::Sections;
use super::hunk::Direction;
use super::meta::{FileMeta, FileState, Meta, State, digest};
use super::store::Store;
use super::txn::{self, Contents, Found, Op, OsDisk};
use crate::core::{Error, Kind, Result};

/// The contents of one patch, laid on file by file.
pub struct PatchContents<'a> {
    /// Where it is laid on.
    pub disk: &'a OsDisk,
    /// For what later patches did.
    pub store: &'a Store,
    /// Its diff.
    pub sections: Sections<'a>,
    /// Which way.
    pub direction: Direction,
    /// Where the last transactions keep what they took from each path.
    pub backups: HashMap<String, String>,
    /// Its record.
    pub meta: &'a Meta,
}

impl Contents for PatchContents<'_> {
    fn content(&self, op: &Op, now: Option<&Found>) -> Result<Vec<u8>> {
        let read = |path: &str| match now {
            Some(found) if path == op.path => Ok(Some((found.mode.to_owned(), found.bytes.clone()))),
            _ => Ok(txn::read(self.disk, path)?.map(|found| (found.mode.to_owned(), found.bytes))),
        };
        let from_diff = self.sections.content(&op.path, self.direction, &read);
        let fits = |bytes: &[u8]| op.after.as_ref().is_some_and(|after| digest(bytes) == after.digest);
        if from_diff.as_ref().is_ok_and(|bytes| fits(bytes)) {
            return from_diff;
        }
        // The undo store holds the replaced contents as they were.
        if let Some(backup) = self.backups.get(&op.path)
            && let Ok(Some(found)) = txn::read(self.disk, backup)
            && fits(&found.bytes)
        {
            return Ok(found.bytes);
        }
        from_diff
    }

    fn backup(&self, path: &str) -> Option<String> {
        self.backups.get(path).cloned()
    }

    fn bits(&self, path: &str) -> Option<u32> {
        self.sections.file(path)?.bits
    }

    fn conflict(&self, op: &Op, now: Option<&FileState>) -> Error {
        let does = |other: &Meta, fits: &dyn Fn(&FileMeta) -> bool| {
            other.id != self.meta.id && other.files.iter().any(|file| file.path == op.path && fits(file))
        };
        let all = self.store.find_all().unwrap_or_default();
        let led_here = |file: &FileMeta| file.after.as_ref() == now;
        let later = all.iter().rev().find(|other| other.state == State::Applied && does(other, &led_here));
        // One that could be applied now, and then this one could.
        let leads_on = |file: &FileMeta| file.before.as_ref() == now && op.before.is_some() && file.after == op.before;
        let is_earlier = |other: &Meta| other.state != State::Applied && other.id < self.meta.id;
        let first = all
            .iter()
            .rev()
            .find(|other| self.meta.state == State::Pending && is_earlier(other) && does(other, &leads_on));
        let error = mismatch(self.meta, op, now, later);
        match first {
            Some(first) => error.hint(format!(
                "nothing was touched; it was made for what patch {} ({}) leads to: apply that first",
                first.id, first.title
            )),
            None => error,
        }
    }
}

fn mismatch(meta: &Meta, op: &Op, now: Option<&FileState>, later: Option<&Meta>) -> Error {
    let what = match (now, &op.before) {
        (None, _) => "is gone",
        (Some(_), None) => "exists already",
        (Some(now), Some(before)) if now.digest == before.digest => "has another mode",
        _ => "has changed",
    };
    let (anew, id) = ("for what is there now make it anew: `heck patch apply", &meta.id);
    let hint = match (later, meta.state) {
        (Some(other), State::Applied) => {
            format!("patch {} ({}) changed it since; roll that back first", other.id, other.title)
        }
        (Some(other), _) => format!("patch {} ({}) changed it since; {anew} {id} --merge`", other.id, other.title),
        // A file that it made or deleted cannot be merged with.
        (None, State::Applied) if op.before.is_none() || op.after.is_none() => format!(
            "nothing was touched; put the file back as the patch left it, or forget the patch: `heck patch drop {id} --force`"
        ),
        (None, State::Applied) => format!(
            "nothing was touched; `heck patch rollback {id} --merge` takes out only what the patch did; `heck patch drop {id} --force` forgets it"
        ),
        (None, _) => format!("nothing was touched; {anew} {id} --merge`"),
    };
    Error::new(Kind::Conflict, format!("{} {what} since patch {} was made", op.path, meta.id))
        .path(op.path.as_str())
        .hint(hint)
}

/// Contents that were computed beforehand.
pub struct LaidContents<'a> {
    /// By path.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Where the last transactions keep what they took from each path.
    pub backups: HashMap<String, String>,
    /// The patches concerned, the newest first.
    pub metas: &'a [Meta],
}

impl Contents for LaidContents<'_> {
    fn content(&self, op: &Op, _: Option<&Found>) -> Result<Vec<u8>> {
        self.contents
            .get(&op.path)
            .cloned()
            .ok_or_else(|| Error::new(Kind::Internal, format!("{} has no content", op.path)).path(op.path.as_str()))
    }

    fn backup(&self, path: &str) -> Option<String> {
        self.backups.get(path).cloned()
    }

    fn bits(&self, path: &str) -> Option<u32> {
        // The oldest patch knows the bits from before all of them.
        let of = |meta: &Meta| meta.files.iter().find(|file| file.path == path)?.bits;
        self.metas.iter().rev().find_map(of)
    }

    fn conflict(&self, op: &Op, now: Option<&FileState>) -> Error {
        let meta = self.metas.iter().find(|meta| meta.files.iter().any(|file| file.path == op.path));
        match meta {
            Some(meta) => mismatch(meta, op, now, None),
            None => Error::new(Kind::Conflict, format!("{} has changed", op.path)).path(op.path.as_str()),
        }
    }
}
