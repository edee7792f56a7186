//! Which files differ from HEAD and from the index.

use std::path::Path;

use git2::{Status, StatusOptions};
use serde::Serialize;

use super::{failed, open};
use crate::core::Result;

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileStatus {
    /// Path relative to the root.
    pub path: String,
    /// What is staged: `added`, `modified`, `deleted`, `renamed`, `typechange`, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staged: Option<&'static str>,
    /// What is not staged: the same words, `untracked`, or `conflicted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unstaged: Option<&'static str>,
}

/// Every changed and untracked file, sorted by path.
pub fn status(root: &Path) -> Result<Vec<FileStatus>> {
    let repo = open(root)?;
    let mut options = StatusOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).renames_head_to_index(true);
    let statuses = repo.statuses(Some(&mut options)).map_err(failed("read the status"))?;
    let mut files: Vec<FileStatus> = statuses
        .iter()
        .filter_map(|entry| {
            let bits = entry.status();
            let file = FileStatus {
                path: String::from_utf8_lossy(entry.path_bytes()).into_owned(),
                staged: word(
                    bits,
                    [
                        (Status::INDEX_NEW, "added"),
                        (Status::INDEX_MODIFIED, "modified"),
                        (Status::INDEX_DELETED, "deleted"),
                        (Status::INDEX_RENAMED, "renamed"),
                        (Status::INDEX_TYPECHANGE, "typechange"),
                        (Status::CONFLICTED, "conflicted"),
                    ],
                ),
                unstaged: word(
                    bits,
                    [
                        (Status::WT_NEW, "untracked"),
                        (Status::WT_MODIFIED, "modified"),
                        (Status::WT_DELETED, "deleted"),
                        (Status::WT_RENAMED, "renamed"),
                        (Status::WT_TYPECHANGE, "typechange"),
                        (Status::CONFLICTED, "conflicted"),
                    ],
                ),
            };
            (file.staged.is_some() || file.unstaged.is_some()).then_some(file)
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn word(bits: Status, words: [(Status, &'static str); 6]) -> Option<&'static str> {
    words.into_iter().find(|(bit, _)| bits.contains(*bit)).map(|(_, word)| word)
}
