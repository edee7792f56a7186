//! Patches from diffs that exist already: a file's, or the working tree's against git.

use super::Patch;
use super::diff::file_diff;
use super::draft::{Draft, new_meta};
use super::hunk::{Direction, apply_hunks};
use super::meta::{FileMeta, FileState, Origin, State};
use super::read::read_diff;
use super::recover::recover;
use super::tree::Tree;
use crate::core::git::{self, DiffQuery};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// A pending patch from a diff's text, laid on what is there now.
pub fn from_diff(repo: &Repo, diff: &[u8], title: &str, origin: Origin) -> Result<Patch> {
    let tree = Tree::open(repo.root())?;
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
        let now = tree.read(path.as_str())?;
        if now.is_none() && file.old_path.is_some() {
            return Err(Error::new(Kind::Conflict, format!("{path} does not exist, and the diff changes it"))
                .path(path.as_str()));
        }
        if now.is_some() && file.old_path.is_none() {
            return Err(
                Error::new(Kind::Conflict, format!("{path} exists, and the diff creates it")).path(path.as_str())
            );
        }
        let old = now.map(|(_, bytes)| bytes).unwrap_or_default();
        let new = apply_hunks(path.as_str(), &old, &file.hunks, Direction::Forward)?;
        if [&file.old_mode, &file.new_mode].into_iter().flatten().any(|mode| mode == "120000" || mode == "160000") {
            return Err(Error::invalid(format!("{path}: links and submodules in a diff are not supported yet"))
                .path(path.as_str()));
        }
        let executable = file.new_mode.as_deref().map(|mode| mode == "100755");
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

/// What is staged can be taken back only where the tree has the very same content.
fn refuse_half_staged(repo: &Repo, staged: &[u8]) -> Result<()> {
    let unstaged = git::changed_files(repo.root(), &DiffQuery { untracked: true, ..DiffQuery::default() })?;
    for file in read_diff(staged)? {
        let path = file.new_path.or(file.old_path).unwrap_or_default();
        if unstaged.contains(&path) {
            return Err(Error::new(Kind::Conflict, format!("{path} has changes that are not staged"))
                .path(path)
                .hint("stage them, or leave --staged out"));
        }
    }
    Ok(())
}

/// A patch of what the working tree has changed against git. It is in the tree already, so it is
/// applied, and can be rolled back. Beside it the binary files that were left out.
pub fn from_working_tree(repo: &Repo, query: &DiffQuery, title: &str, origin: Origin) -> Result<(Patch, Vec<String>)> {
    recover(repo)?;
    let diff = git::diff(repo.root(), query)?;
    if query.staged {
        refuse_half_staged(repo, &diff)?;
    }
    let tree = Tree::open(repo.root())?;
    let mut files = Vec::new();
    let (mut written, mut left_out) = (Vec::new(), Vec::new());
    for file in read_diff(&diff)? {
        let Some(path) = file.new_path.as_deref().or(file.old_path.as_deref()) else { continue };
        RepoPath::for_change(path)?;
        if file.is_binary {
            left_out.push(path.to_owned());
            continue;
        }
        let now = tree.read(path)?;
        if now.is_some() != file.new_path.is_some() {
            return Err(
                Error::new(Kind::Conflict, format!("{path} is not in the tree as git's difference says")).path(path)
            );
        }
        let before = match &file.old_path {
            Some(_) => {
                let bytes = now.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
                let old = apply_hunks(path, bytes, &file.hunks, Direction::Reverse)?;
                let mode = file.old_mode.clone().or(now.as_ref().map(|(mode, _)| mode.clone()));
                Some((mode.unwrap_or_else(|| "100644".into()), old))
            }
            None => None,
        };
        let side = |side: &'_ Option<(String, Vec<u8>)>| side.as_ref().map(|(m, b)| FileState::of(b, m));
        let (text, added, removed) = file_diff(
            path,
            before.as_ref().map(|(m, b)| (m.as_str(), b.as_slice())),
            now.as_ref().map(|(m, b)| (m.as_str(), b.as_slice())),
        );
        written.extend(text);
        files.push(FileMeta { path: path.to_owned(), before: side(&before), after: side(&now), added, removed });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut meta = new_meta(title.to_owned(), origin, &written, files);
    meta.state = State::Applied;
    Ok((Patch { meta, diff: written }, left_out))
}
