//! Tells beforehand whether a patch can be applied, and whether it breaks a file's syntax.

use super::Patch;
use super::content::Sections;
use super::hunk::Direction;
use super::meta::{Broken, FileMeta, State, digest};
use super::txn::{self, OsDisk};
use crate::core::ast::{Lang, parse};
use crate::core::repo::Repo;
use crate::core::{Kind, Result, share};

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
    #[serde(skip)]
    place: Option<(usize, usize)>,
}

/// Everything that speaks against applying a patch to what is there now, or, when it is applied, against
/// taking it back. Touches nothing.
pub fn check(repo: &Repo, patch: &Patch) -> Result<Vec<Problem>> {
    let disk = OsDisk::open(repo.root())?;
    let sections = Sections::of(patch)?;
    // Parsing both sides of thousands of files takes seconds.
    let problems = share::map(&patch.meta.files, |file| problem(&disk, patch.meta.state, file, &sections));
    let problems: Vec<Problem> = problems.into_iter().filter_map(Result::transpose).collect::<Result<_>>()?;
    if !problems.is_empty() || patch.meta.state == State::Applied {
        return Ok(problems);
    }
    // Names, links, other repositories and file systems on the way.
    let ops = patch.meta.files.iter().map(|file| {
        let (before, after) = (file.before.clone(), file.after.clone());
        txn::Op { path: file.path.clone(), before, after }
    });
    Ok(match txn::plan(&disk, ops.collect(), &txn::Known::default(), txn::Insist::default()) {
        Ok(_) => problems,
        Err(e) => {
            let path = e.detail().path.clone().unwrap_or_default();
            vec![Problem { path, kind: "conflict", message: e.to_string(), line: None, place: None }]
        }
    })
}

/// The first file whose syntax a pending patch breaks. Looks only at files in languages that heck parses, and only
/// once for each patch; whether the patch fits is for the transaction to find out.
pub fn check_syntax(repo: &Repo, patch: &mut Patch) -> Result<Option<Problem>> {
    if patch.meta.broken.is_none() && patch.meta.state != State::Applied {
        let parsed = |file: &&FileMeta| file.after.is_some() && Lang::from_path(&file.path).is_some();
        let files: Vec<&FileMeta> = patch.meta.files.iter().filter(parsed).collect();
        let disk = OsDisk::open(repo.root())?;
        let sections = Sections::of(patch)?;
        let problems = share::map(&files, |file| problem(&disk, patch.meta.state, file, &sections));
        let problems = problems.into_iter().filter_map(Result::transpose).collect::<Result<Vec<_>>>()?;
        // Where a file is not what the patch was made for, nothing can be said for good.
        if problems.iter().all(|problem| problem.place.is_some()) {
            let broken = |p: Problem| p.place.map(|(line, column)| Broken { path: p.path, line, column });
            patch.meta.broken = Some(problems.into_iter().filter_map(broken).collect());
        }
    }
    Ok(patch.meta.broken.iter().flatten().next().map(|broken| breaks(&broken.path, broken.line, broken.column)))
}

fn breaks(path: &str, line: usize, column: usize) -> Problem {
    Problem {
        path: path.to_owned(),
        kind: "syntax",
        message: format!("the patch breaks the syntax at {line}:{column}"),
        line: Some(line),
        place: Some((line, column)),
    }
}

/// What speaks against one file of a patch.
fn problem(disk: &OsDisk, patch: State, file: &FileMeta, sections: &Sections<'_>) -> Result<Option<Problem>> {
    let conflict = |message: &str| {
        Ok(Some(Problem {
            path: file.path.clone(),
            kind: "conflict",
            message: message.to_owned(),
            line: None,
            place: None,
        }))
    };
    let now = match txn::read(disk, &file.path) {
        Ok(now) => now,
        Err(e) if e.kind() != Kind::Tool => return conflict(&e.to_string()),
        Err(e) => return Err(e),
    };
    let state = now.as_ref().map(txn::Found::state);
    let is_applied = patch == State::Applied;
    let expected = if is_applied { &file.after } else { &file.before };
    if state != *expected {
        return conflict(match (&state, expected) {
            (None, _) => "the file is gone",
            (Some(_), None) => "the file exists already",
            _ if is_applied => "the file has changed since the patch was applied",
            _ => "the file has changed since the patch was made",
        });
    }
    if is_applied {
        return Ok(None);
    }
    let Some(after) = &file.after else { return Ok(None) };
    let read = |path: &str| Ok(txn::read(disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)));
    match sections.content(&file.path, Direction::Forward, &read) {
        Ok(new) if digest(&new) != after.digest => {
            conflict("the diff does not give the content that the record promises")
        }
        Ok(new) => {
            // A renamed file was parsed under its old name.
            let old = match (&now, &file.from) {
                (None, Some(from)) => read(&from.path)?.map(|(_, bytes)| bytes),
                (now, _) => now.as_ref().map(|found| found.bytes.clone()),
            };
            Ok(broken_syntax(&file.path, old.unwrap_or_default(), new))
        }
        Err(e) => conflict(&e.to_string()),
    }
}

/// A file that parsed before and does not afterwards.
fn broken_syntax(path: &str, old: Vec<u8>, new: Vec<u8>) -> Option<Problem> {
    let lang = Lang::from_path(path)?;
    let error = |bytes| parse(path, String::from_utf8(bytes).ok()?, lang).ok()?.first_error();
    let place = error(new)?;
    if error(old).is_some() {
        return None;
    }
    Some(breaks(path, place.from.line, place.from.column))
}
