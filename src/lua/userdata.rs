//! The live things scripts hold: nodes, running searches, patches. Each knows its JSON, if it has one.

mod matches;
mod node;
mod patch;
mod pattern;
mod query;

use mlua::AnyUserData;
use serde_json::Value as Json;

pub use matches::Matches;
pub use node::{NodeRef, edit};
pub use patch::{PatchRef, check_grants};
pub use pattern::{PatternRef, Sought};
pub use query::Query;

use super::context::Context;
use super::error::raise;
use crate::core::patch::Patch;
use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// The JSON of a live thing, or `None` for one that has none.
pub fn to_json(data: &AnyUserData) -> Option<Result<Json>> {
    if let Ok(node) = data.borrow::<NodeRef>() {
        return Some(Ok(node.to_json()));
    }
    if let Ok(matches) = data.borrow::<Matches>() {
        return Some(matches.to_json());
    }
    if let Ok(patch) = data.borrow::<PatchRef>() {
        return Some(patch.to_json());
    }
    None
}

/// The patch in a userdata, built if it was still a draft; `None` where the userdata is no patch.
pub fn take_patch(cx: &Context, data: &AnyUserData) -> Result<Option<Patch>> {
    match data.borrow::<PatchRef>() {
        Ok(patch) => patch.built(cx).map(Some),
        Err(_) => Ok(None),
    }
}

/// Tells whether it is a patch that nobody has kept or applied.
pub fn is_draft(data: &AnyUserData) -> bool {
    data.borrow::<PatchRef>().is_ok_and(|patch| patch.is_draft())
}

/// The error for a field that a live thing does not have.
fn unknown(owner: &str, key: &str, names: &[&str]) -> mlua::Error {
    raise(Error::usage(format!("{owner} has no '{key}'")).maybe_hint(suggestion(key, names.iter().copied())))
}
