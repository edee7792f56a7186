//! Tells beforehand whether a patch can be applied, and whether it breaks a file's syntax.

use super::Patch;
use super::hunk::{Direction, apply_hunks};
use super::meta::{FileState, State};
use super::read::read_diff;
use super::tree::Tree;
use crate::core::ast::{Lang, parse};
use crate::core::repo::Repo;
use crate::core::{Kind, Result};

/// Something that speaks against a patch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// `conflict` or `syntax`.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// The line in the new text, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// Everything that speaks against applying a patch to what is there now, or, when it is applied, against
/// taking it back. Touches nothing.
pub fn check(repo: &Repo, patch: &Patch) -> Result<Vec<Problem>> {
    let tree = Tree::open(repo.root())?;
    let files = read_diff(&patch.diff)?;
    let mut problems = Vec::new();
    for file in &patch.meta.files {
        let conflict = |message: String| Problem { path: file.path.clone(), kind: "conflict", message, line: None };
        let now = match tree.read(&file.path) {
            Ok(now) => now,
            Err(e) if e.kind() != Kind::Tool => {
                problems.push(conflict(e.to_string()));
                continue;
            }
            Err(e) => return Err(e),
        };
        let state = now.as_ref().map(|(mode, bytes)| FileState::of(bytes, mode));
        let is_applied = patch.meta.state == State::Applied;
        let expected = if is_applied { &file.after } else { &file.before };
        if state != *expected {
            problems.push(conflict(match (&state, expected) {
                (None, _) => "the file is gone".into(),
                (Some(_), None) => "the file exists already".into(),
                _ if is_applied => "the file has changed since the patch was applied".into(),
                _ => "the file has changed since the patch was made".into(),
            }));
            continue;
        }
        if is_applied {
            continue;
        }
        let Some(diff) = files.iter().find(|f| f.new_path.as_deref().or(f.old_path.as_deref()) == Some(&file.path))
        else {
            problems.push(conflict("the diff says nothing about the file".into()));
            continue;
        };
        let old = now.map(|(_, bytes)| bytes).unwrap_or_default();
        match apply_hunks(&file.path, &old, &diff.hunks, Direction::Forward) {
            Ok(new) => problems.extend(broken_syntax(&file.path, old, new)),
            Err(e) => problems.push(conflict(e.to_string())),
        }
    }
    Ok(problems)
}

/// A file that parsed before and does not afterwards.
fn broken_syntax(path: &str, old: Vec<u8>, new: Vec<u8>) -> Option<Problem> {
    let lang = Lang::from_path(path)?;
    let error = |bytes| parse(path, String::from_utf8(bytes).ok()?, lang).ok()?.first_error();
    let place = error(new)?;
    if error(old).is_some() {
        return None;
    }
    let message = format!("the patch breaks the syntax at {}:{}", place.from.line, place.from.column);
    Some(Problem { path: path.to_owned(), kind: "syntax", message, line: Some(place.from.line) })
}
