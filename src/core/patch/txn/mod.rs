//! A transaction over any number of paths: all or nothing, whatever happens to the process or the machine.
//!
//! ```text
//! stage ──▶ commit ──▶ forward ──▶ finish          txn/ ──rename──▶ undo/<id>/
//!   │ error    │ error    │ error     │ killed
//!   ▼          ▼          ▼           ▼
//! discard   discard     back      recover: forward again, or back
//! ```

mod back;
mod disk;
mod forward;
mod inherit;
mod journal;
mod look;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_disk;
mod os;
mod plan;
mod stage;
mod swap;
#[cfg(test)]
#[path = "txn_tests.rs"]
mod tests;

pub use disk::{Disk, NodeKind};
pub use journal::{Manifest, Op, Places, Record, read_in};
pub use look::{Found, failed, read, stat_beneath, state};
pub use os::OsDisk;
pub use plan::{Insist, Known, Plan, plan};
pub use stage::{Contents, Job};
pub use swap::move_new;

use crate::core::{Error, Kind, Result};

/// What recovery found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing was left behind.
    Clean,
    /// Staged files of a transaction that never committed were removed.
    Discarded,
    /// A committed transaction was finished: the patches concerned.
    Finished(Vec<String>),
    /// A transaction was undone: the patches concerned, and the paths that others have changed, which stay.
    Undone(Vec<String>, Vec<String>),
}

impl Recovery {
    /// The word that scripts see.
    pub fn name(&self) -> &'static str {
        match self {
            Recovery::Clean => "clean",
            Recovery::Discarded => "discarded",
            Recovery::Finished(_) => "finished",
            Recovery::Undone(..) => "undone",
        }
    }

    /// What people are told; nothing when there was nothing.
    pub fn told(&self) -> Option<String> {
        match self {
            Recovery::Clean => None,
            Recovery::Discarded => Some("removed what an interrupted heck had prepared; the tree was untouched".into()),
            Recovery::Finished(ids) => Some(format!("finished the interrupted change {}", ids.join(", "))),
            Recovery::Undone(ids, kept) if kept.is_empty() => {
                Some(format!("undid the interrupted change {}", ids.join(", ")))
            }
            Recovery::Undone(ids, kept) => Some(format!(
                "undid the interrupted change {}, except in {}, which somebody has changed since",
                ids.join(", "),
                kept.join(", ")
            )),
        }
    }
}

/// Carries a transaction out, for a caller that holds the lock and has recovered. Gives what could not be taken over.
pub fn run<D: Disk, C: Contents>(disk: &D, job: &Job<'_, C>) -> Result<Vec<String>> {
    let Job { places, manifest, .. } = *job;
    stage::prepare_places(disk, places)?;
    let notes = stage::stage(disk, job)?;
    if let Err(error) = journal::commit(disk, places, manifest) {
        // The tree is untouched. If this fails as well, the next one decides by what it finds.
        stage::discard(disk, places).map_err(|second| stuck(&error, second))?;
        return Err(error);
    }
    let done = forward::forward(disk, places, manifest, forward::Start::Fresh)
        .and_then(|()| forward::finish(disk, places, manifest));
    if let Err(error) = done {
        if !is_pending(disk, places)? {
            // It has ended; only that its last step is durable is not known.
            return Err(error);
        }
        let foreign = back::undo(disk, places, manifest).map_err(|undo| stuck(&error, undo))?;
        return Err(match foreign.first() {
            None => error,
            Some(path) => kept(path, places, manifest),
        });
    }
    Ok(notes)
}

fn stuck(first: &Error, second: Error) -> Error {
    Error::new(second.kind(), format!("{first}; and it could not be put back yet: {second}"))
        .hint("both versions of every file are kept; when the cause is gone, run `heck recover`")
        .cause(second)
}

fn kept(path: &str, places: Places, manifest: &Manifest) -> Error {
    let kept = places.undo(&back::kept_as(manifest));
    Error::new(Kind::Conflict, format!("{path} was changed by someone else while a patch was being applied"))
        .path(path)
        .hint(format!("everything else was put back; what was there before is kept in {kept}"))
}

/// Tells whether a transaction was left behind.
pub fn is_pending<D: Disk>(disk: &D, places: Places) -> Result<bool> {
    let txn = places.txn("");
    Ok(disk.stat(&txn).map_err(failed("look at", &txn))?.is_some())
}

/// Finishes or undoes what a process left behind, for a caller that holds the lock.
pub fn recover<D: Disk>(disk: &D, places: Places) -> Result<Recovery> {
    if !is_pending(disk, places)? {
        return Ok(Recovery::Clean);
    }
    let Some(manifest) = journal::read(disk, places)? else {
        stage::discard(disk, places)?;
        return Ok(Recovery::Discarded);
    };
    let ids: Vec<String> = manifest.records.iter().map(|record| record.id.clone()).collect();
    if !back::is_decided(disk, places)? {
        let done = forward::forward(disk, places, &manifest, forward::Start::Found)
            .and_then(|()| forward::finish(disk, places, &manifest));
        match done {
            Ok(()) => return Ok(Recovery::Finished(ids)),
            Err(error) if !is_pending(disk, places)? => return Err(error),
            // Somebody has changed a file meanwhile: that is what going back is for.
            Err(error) if error.kind() == Kind::Conflict => {}
            Err(error) => {
                // The disk fails. All is put back if that can be done, and whoever wanted more is told.
                back::undo(disk, places, &manifest).map_err(|second| stuck(&error, second))?;
                return Err(Error::new(
                    error.kind(),
                    format!("the interrupted change {} could not be finished and was undone: {error}", ids.join(", ")),
                )
                .hint("nothing else was done; give the command again")
                .cause(error));
            }
        }
    }
    let foreign = back::undo(disk, places, &manifest)?;
    Ok(Recovery::Undone(ids, foreign))
}
