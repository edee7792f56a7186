//! Changes to the working tree: the only place that makes them. Each is a diff file with a record,
//! checked against the bytes it was made for, applied all or nothing, and undone to the byte.

mod apply;
mod binary;
mod builder;
mod check;
mod combine;
mod content;
mod create;
mod diff;
mod draft;
mod explained;
mod fit;
mod gc;
mod hunk;
mod import;
mod lift;
mod merge;
mod meta;
mod names;
mod overlay;
mod pool;
mod read;
mod read_hunk;
mod recover;
mod resolve;
mod reverse;
mod rollback;
mod select;
mod store;
mod supply;
mod transact;
mod txn;

#[cfg(test)]
mod dice;
#[cfg(test)]
#[path = "random_tests.rs"]
mod random_tests;

use std::sync::Arc;

pub use apply::{Applied, How, apply};
pub use check::{Problem, check, check_syntax};
pub use combine::combine;
pub use create::{Created, LeftOut, from_directories, from_range, from_working_tree};
pub use diff::{file_diff, unified};
pub use draft::{Draft, FileDraft};
pub use gc::{Collected, Old, collect};
pub use import::{Placed, from_diff};
pub use merge::{Clash, remake};
pub use meta::{FileMeta, FileState, Meta, Origin, State, digest};
pub use read::{FilePatch, Hunk, HunkLine, read_diff};
pub use recover::{is_left_behind, recover};
pub use reverse::reversed;
pub use rollback::{rollback, rollback_all};
pub use select::{Selection, Unit, split, units};
pub use store::{GITIGNORE, Store};
pub use txn::{Insist, Recovery};

/// A change: its record and its diff.
#[derive(Debug, Clone)]
pub struct Patch {
    /// What is known about it.
    pub meta: Meta,
    /// The diff in git's format.
    pub diff: Arc<Vec<u8>>,
}

impl Patch {
    /// Tells whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.meta.files.is_empty()
    }
}
