//! Refactorings: what names mean, within a file and across files, and what must change when one of them does.
//! Text in, edits out; reads nothing itself.

mod agree;
mod allowed;
mod clash;
mod code;
mod doubt;
mod export;
mod extract;
#[cfg(test)]
mod generic_tests;
mod go;
mod inline;
mod js;
mod keyword;
mod known;
mod meaning;
mod member;
#[cfg(test)]
mod member_tests;
mod modules;
mod moving;
mod names;
mod offer;
mod place;
mod project;
mod python;
mod references;
mod rename;
mod signature;
mod target;
#[cfg(test)]
mod texts;
mod types;
mod word;

pub use agree::{Agreement, agree, bare};
pub use doubt::Doubt;
pub use export::{Exported, Offer, export};
pub use extract::{Extracted, Shape, extract};
pub use inline::inline;
pub use meaning::{Meaning, Meanings};
pub use moving::{Move, Moved, move_path, move_symbols};
pub use names::Place;
pub use place::{find_place, find_range};
pub use project::{Moves, Project, Tree, WithFile};
pub use rename::{NameEdit, Rename, Renamed, rename};
pub use signature::{Added, Change, Changed, signature};
