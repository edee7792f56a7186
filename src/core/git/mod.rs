//! Questions to git, answered in process. Never changes a repository.

mod blame;
mod blobs;
mod changes;
mod diff;
mod history;
mod status;

use std::path::Path;

pub use blame::{BlameLine, blame};
pub use blobs::{find_content, merge};
pub use changes::{Change, ChangesQuery, Pair, between, changes};
pub use diff::{DiffQuery, changed_files, diff};
pub use history::{Commit, LogQuery, branch, has, log, show};
pub use status::{FileStatus, status};

use super::{Error, Kind, Result};

/// Opens the git repository at a root.
fn open(root: &Path) -> Result<git2::Repository> {
    git2::Repository::open(root).map_err(|e| {
        let message = format!("{} is not a git repository: {}", root.display(), e.message());
        match e.code() {
            git2::ErrorCode::Owner => Error::new(Kind::Denied, format!("{} belongs to another user", root.display()))
                .hint(format!("if you trust it: `git config --global --add safe.directory {}`", root.display())),
            _ => Error::new(Kind::NotFound, message).hint("run `git init` there"),
        }
    })
}

/// The tree of the last commit; `None` on a branch that has none yet. A HEAD that cannot be read is an error: it must not
/// pass for an empty tree.
fn head_tree(repo: &git2::Repository) -> Result<Option<git2::Tree<'_>>> {
    match repo.head() {
        Ok(head) => head.peel_to_tree().map(Some).map_err(failed("read the last commit")),
        Err(e) if matches!(e.code(), git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound) => Ok(None),
        Err(e) => Err(failed("read the last commit")(e)),
    }
}

/// The name that git gives a content.
pub fn blob_id(bytes: &[u8]) -> String {
    git2::Oid::hash_object(git2::ObjectType::Blob, bytes).map(|id| id.to_string()).unwrap_or_default()
}

fn failed(action: &str) -> impl Fn(git2::Error) -> Error + '_ {
    move |e| {
        let kind = if e.code() == git2::ErrorCode::NotFound { Kind::NotFound } else { Kind::Tool };
        Error::new(kind, format!("git cannot {action}: {}", e.message()))
    }
}

/// Finds the tree of a revision such as `HEAD~2` or a branch.
fn tree_of<'r>(repo: &'r git2::Repository, revision: &str) -> Result<git2::Tree<'r>> {
    let object = repo.revparse_single(revision).map_err(|e| {
        Error::new(Kind::NotFound, format!("there is no revision '{revision}': {}", e.message()))
            .hint("name a branch, a tag, a commit, or something like HEAD~1")
    })?;
    object.peel_to_tree().map_err(failed("read the tree"))
}
