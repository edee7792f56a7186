//! Patches from diffs that exist already: a file's, or the working tree's against git.

use std::sync::Arc;

use super::Patch;
use super::diff::{Side, file_diff};
use super::draft::{Draft, new_meta};
use super::hunk::{Direction, apply_hunks};
use super::meta::{FileMeta, FileState, Origin, State};
use super::read::read_diff;
use super::recover::recover;
use super::txn::{self, OsDisk};
use crate::core::git::{self, Change, ChangesQuery, DiffQuery};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// A pending patch from a diff's text, laid on what is there now.
pub fn from_diff(repo: &Repo, diff: &[u8], title: &str, origin: Origin) -> Result<Patch> {
    let disk = OsDisk::open(repo.root())?;
    let mut draft = Draft::new(title);
    let files = read_diff(diff)?;
    if files.is_empty() {
        return Err(
            Error::invalid("there is no diff in the input").hint("it takes what `git diff` or `diff -u` prints")
        );
    }
    for file in &files {
        let Some(path) = file.old_path.as_deref().or(file.new_path.as_deref()) else { continue };
        let path = RepoPath::for_change(path)?;
        if file.is_binary {
            return Err(Error::invalid(format!("{path} is binary; a patch cannot hold it yet")).path(path.as_str()));
        }
        let now = read(&disk, path.as_str())?;
        if now.is_none() && file.old_path.is_some() {
            return Err(Error::new(Kind::Conflict, format!("{path} does not exist, and the diff changes it"))
                .path(path.as_str()));
        }
        if now.is_some() && file.old_path.is_none() {
            return Err(
                Error::new(Kind::Conflict, format!("{path} exists, and the diff creates it")).path(path.as_str())
            );
        }
        let old = now.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        let new = apply_hunks(path.as_str(), old, &file.hunks, Direction::Forward)?;
        if [&file.old_mode, &file.new_mode].into_iter().flatten().any(|mode| mode == "120000" || mode == "160000") {
            return Err(Error::invalid(format!("{path}: links and submodules in a diff are not supported yet"))
                .path(path.as_str()));
        }
        if now.as_ref().is_some_and(|(mode, _)| mode == "120000") {
            return Err(Error::invalid(format!("{path} is a link, which a diff cannot change yet")).path(path.as_str()));
        }
        let renamed = file.new_path.as_deref().filter(|target| *target != path.as_str() && file.old_path.is_some());
        if let Some(target) = renamed
            && read(&disk, RepoPath::for_change(target)?.as_str())?.is_some()
        {
            return Err(
                Error::new(Kind::Conflict, format!("{target} exists, and the diff renames {path} to it")).path(target)
            );
        }
        let mode = file.new_mode.clone().or(now.map(|(mode, _)| mode).filter(|_| renamed.is_some()));
        let executable = mode.as_deref().map(|mode| mode == "100755");
        match &file.new_path {
            None => draft.delete(path.as_str())?,
            Some(target) if target == path.as_str() => draft.write(target, new, executable)?,
            Some(target) => {
                draft.delete(path.as_str())?;
                draft.write(target, new, executable)?;
            }
        }
    }
    draft.build(repo, origin)
}

/// A file that a patch of the working tree could not take in, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// The file.
    pub path: String,
    /// What stands in the way, as in "… is binary".
    pub reason: String,
}

/// A patch of what the working tree has changed against the last commit. It is in the tree already, so it
/// is applied, and can be rolled back. Beside it what had to be left out.
pub fn from_working_tree(
    repo: &Repo,
    query: &ChangesQuery,
    title: &str,
    origin: Origin,
) -> Result<(Patch, Vec<LeftOut>)> {
    recover(repo, false)?;
    let changes = git::changes(repo.root(), query)?;
    if query.staged {
        refuse_half_staged(repo, &changes)?;
    }
    let disk = OsDisk::open(repo.root())?;
    let (mut files, mut diff, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        // A rollback would take the recipe away that made the change; who wants that names it.
        if change.path.starts_with(".heck/") && query.paths.is_empty() {
            continue;
        }
        match difference(&disk, &change)? {
            Ok(None) => {}
            Ok(Some((file, text))) => {
                files.push(file);
                diff.extend(text);
            }
            Err(reason) => left_out.push(LeftOut { path: change.path, reason }),
        }
    }
    let mut meta = new_meta(title.to_owned(), origin, &diff, files);
    meta.state = State::Applied;
    Ok((Patch { meta, diff: Arc::new(diff) }, left_out))
}

/// What is staged can be taken back only where the tree has the very same content.
fn refuse_half_staged(repo: &Repo, staged: &[Change]) -> Result<()> {
    let unstaged = git::changed_files(repo.root(), &DiffQuery { untracked: true, ..DiffQuery::default() })?;
    match staged.iter().find(|change| unstaged.contains(&change.path)) {
        None => Ok(()),
        Some(change) => Err(Error::new(Kind::Conflict, format!("{} has changes that are not staged", change.path))
            .path(change.path.as_str())
            .hint("stage them, or leave --staged out")),
    }
}

/// One file's record and diff; nothing where it does not differ after all, or why it cannot be told.
type Difference = std::result::Result<Option<(FileMeta, Vec<u8>)>, String>;

fn difference(disk: &OsDisk, change: &Change) -> Result<Difference> {
    let path = change.path.as_str();
    if let Some(problem) = &change.problem {
        return Ok(Err(problem.clone()));
    }
    if let Err(refused) = RepoPath::for_change(path) {
        // heck's own records are nobody's change; anything else that may not be named is told.
        let is_own = path.starts_with(".heck/");
        return Ok(if is_own { Ok(None) } else { Err(format!("cannot be named by a patch: {refused}")) });
    }
    let now = match read(disk, path) {
        Ok(now) => now,
        Err(e) if e.kind() == Kind::Conflict => return Ok(Err("is a directory now".into())),
        Err(e) if e.kind() == Kind::Denied => return Ok(Err("lies behind a link now".into())),
        Err(e) => return Err(e),
    };
    let is_link = |side: &Option<(String, Vec<u8>)>| side.as_ref().is_some_and(|(mode, _)| mode == "120000");
    if change.old.is_some() && now.is_some() && is_link(&change.old) != is_link(&now) {
        return Ok(Err("was a file or a link and is the other now".into()));
    }
    if change.old.iter().chain(&now).any(|(_, bytes)| bytes.contains(&0)) {
        return Ok(Err("is binary: a patch cannot hold it yet".into()));
    }
    let bytes = |side: &'_ Option<(String, Vec<u8>)>| side.as_ref().map(|(mode, bytes)| FileState::of(bytes, mode));
    let (before, after) = (bytes(&change.old), bytes(&now));
    if before == after {
        return Ok(Ok(None));
    }
    let (text, added, removed) = file_diff(path, sides(&change.old), sides(&now));
    Ok(Ok(Some((FileMeta { path: path.to_owned(), before, after, from: None, bits: None, added, removed }, text))))
}

fn read(disk: &OsDisk, path: &str) -> Result<Option<(String, Vec<u8>)>> {
    Ok(txn::read(disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)))
}

fn sides(side: &Option<(String, Vec<u8>)>) -> Side<'_> {
    side.as_ref().map(|(mode, bytes)| (mode.as_str(), bytes.as_slice()))
}
