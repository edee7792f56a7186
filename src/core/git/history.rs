//! Commits, branches, and files as they were.

use std::path::Path;

use git2::Sort;
use serde::Serialize;

use super::{failed, open, tree_of};
use crate::core::time::Utc;
use crate::core::{Error, Kind, Result};

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commit {
    /// Full object id.
    pub id: String,
    /// Author's name.
    pub author: String,
    /// Author's address.
    pub email: String,
    /// When it was authored, UTC.
    pub time: String,
    /// First line of the message.
    pub summary: String,
    /// The rest of the message.
    pub body: String,
    /// Object ids of its parents.
    pub parents: Vec<String>,
}

/// Which commits to list.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// Where to begin; without it, HEAD.
    pub from: Option<String>,
    /// Only commits that changed this path.
    pub path: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// Commits, newest first.
pub fn log(root: &Path, query: &LogQuery) -> Result<Vec<Commit>> {
    let repo = open(root)?;
    let mut walk = repo.revwalk().map_err(failed("walk the history"))?;
    walk.set_sorting(Sort::TIME | Sort::TOPOLOGICAL).map_err(failed("sort the history"))?;
    match &query.from {
        Some(revision) => {
            let object = repo.revparse_single(revision).map_err(|e| {
                Error::new(Kind::NotFound, format!("there is no revision '{revision}': {}", e.message()))
            })?;
            walk.push(object.id()).map_err(failed("walk the history"))?;
        }
        // A repository without a commit has an empty history.
        None if walk.push_head().is_err() => return Ok(Vec::new()),
        None => {}
    }
    let mut commits = Vec::new();
    for id in walk {
        if commits.len() >= query.limit {
            break;
        }
        let commit = repo.find_commit(id.map_err(failed("walk the history"))?).map_err(failed("read a commit"))?;
        if let Some(path) = &query.path
            && !touches(&commit, Path::new(path))?
        {
            continue;
        }
        commits.push(describe(&commit));
    }
    Ok(commits)
}

/// Tells whether a commit differs from its first parent at a path.
fn touches(commit: &git2::Commit<'_>, path: &Path) -> Result<bool> {
    let entry = |tree: git2::Tree<'_>| tree.get_path(path).ok().map(|entry| (entry.id(), entry.filemode()));
    let now = commit.tree().map(entry).map_err(failed("read a tree"))?;
    let before = match commit.parent(0) {
        Ok(parent) => parent.tree().map(entry).map_err(failed("read a tree"))?,
        Err(_) => None,
    };
    Ok(now != before)
}

fn describe(commit: &git2::Commit<'_>) -> Commit {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let author = commit.author();
    let seconds = u64::try_from(author.when().seconds()).unwrap_or(0);
    let message = text(commit.message_bytes());
    let (summary, body) = message.split_once('\n').unwrap_or((&message, ""));
    Commit {
        id: commit.id().to_string(),
        author: text(author.name_bytes()),
        email: text(author.email_bytes()),
        time: Utc { seconds, nanos: 0 }.iso(),
        summary: summary.trim().to_owned(),
        body: body.trim().to_owned(),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
    }
}

/// The branch that is checked out, or `None` when HEAD is detached.
pub fn branch(root: &Path) -> Result<Option<String>> {
    let repo = open(root)?;
    let head = repo.find_reference("HEAD").map_err(failed("read HEAD"))?;
    let target = head.symbolic_target_bytes().map(|name| String::from_utf8_lossy(name).into_owned());
    Ok(target.map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()))
}

/// Tells whether a file or directory stands in the index or in one of some revisions.
pub fn has(root: &Path, revisions: &[&str], path: &str) -> Result<bool> {
    use std::os::unix::ffi::OsStrExt;
    let repo = open(root)?;
    let name = crate::core::path::to_os(path);
    let name = Path::new(std::ffi::OsStr::from_bytes(&name));
    if repo.index().is_ok_and(|index| index.get_path(name, 0).is_some()) {
        return Ok(true);
    }
    for revision in revisions {
        if tree_of(&repo, revision)?.get_path(name).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A file's content at a revision.
pub fn show(root: &Path, revision: &str, path: &str) -> Result<Vec<u8>> {
    let repo = open(root)?;
    let tree = tree_of(&repo, revision)?;
    let entry = tree
        .get_path(Path::new(path))
        .map_err(|_| Error::new(Kind::NotFound, format!("there is no '{path}' at {revision}")).path(path))?;
    let blob = repo.find_blob(entry.id()).map_err(failed("read the file"))?;
    Ok(blob.content().to_vec())
}
