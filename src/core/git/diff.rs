//! Differences between revisions, index and working tree, in git's own format.

use std::path::Path;

use git2::{Diff, DiffFormat, DiffOptions};

use super::{failed, open, tree_of};
use crate::core::Result;

/// What to compare.
#[derive(Debug, Clone, Default)]
pub struct DiffQuery {
    /// The old side; without it, HEAD (staged) or the index (working tree).
    pub from: Option<String>,
    /// The new side; without it, the working tree.
    pub to: Option<String>,
    /// Compare the index instead of the working tree.
    pub staged: bool,
    /// Also files git does not know.
    pub untracked: bool,
    /// Show a deletion and a creation of like content as a rename.
    pub renames: bool,
    /// Only below these paths.
    pub paths: Vec<String>,
}

/// The difference as a patch that `git apply` accepts.
pub fn diff(root: &Path, query: &DiffQuery) -> Result<Vec<u8>> {
    let repo = open(root)?;
    let mut text = Vec::new();
    compare(&repo, query)?
        .print(DiffFormat::Patch, |_, _, line| {
            if matches!(line.origin(), '+' | '-' | ' ') {
                text.push(line.origin() as u8);
            }
            text.extend_from_slice(line.content());
            true
        })
        .map_err(failed("print the difference"))?;
    Ok(text)
}

/// The paths that differ, sorted.
pub fn changed_files(root: &Path, query: &DiffQuery) -> Result<Vec<String>> {
    let repo = open(root)?;
    let diff = compare(&repo, query)?;
    let mut paths: Vec<String> = diff
        .deltas()
        .filter_map(|delta| delta.new_file().path_bytes().or(delta.old_file().path_bytes()))
        .map(|path| String::from_utf8_lossy(path).into_owned())
        .collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

fn compare<'r>(repo: &'r git2::Repository, query: &DiffQuery) -> Result<Diff<'r>> {
    let mut options = DiffOptions::new();
    options
        .include_untracked(query.untracked)
        .recurse_untracked_dirs(query.untracked)
        .show_untracked_content(query.untracked)
        .show_binary(true)
        // Whatever the user's git calls the two sides, we read `a/` and `b/`.
        .old_prefix("a/")
        .new_prefix("b/");
    for path in &query.paths {
        options.pathspec(path);
    }
    let options = Some(&mut options);
    let tree = |revision: &Option<String>| revision.as_deref().map(|r| tree_of(repo, r)).transpose();
    let (from, to) = (tree(&query.from)?, tree(&query.to)?);
    let mut diff = match (from, to, query.staged) {
        (from, Some(to), _) => {
            let from = match from {
                Some(tree) => tree,
                None => tree_of(repo, "HEAD")?,
            };
            repo.diff_tree_to_tree(Some(&from), Some(&to), options)
        }
        (from, None, true) => {
            // An unborn branch has no tree: everything staged is new.
            let head = super::head_tree(repo)?;
            repo.diff_tree_to_index(from.or(head).as_ref(), None, options)
        }
        (Some(from), None, false) => repo.diff_tree_to_workdir_with_index(Some(&from), options),
        (None, None, false) => repo.diff_index_to_workdir(None, options),
    }
    .map_err(failed("compare"))?;
    if query.renames {
        diff.find_similar(None).map_err(failed("find renames"))?;
    }
    Ok(diff)
}
