//! Contents that a path had in the past.

use std::path::Path;

use super::{failed, open};
use crate::core::Result;
use crate::core::path::to_os;

/// How far back the search goes.
const COMMITS: usize = 500;

/// The content of a path, in the index or in one of the last commits, that `is_it` recognises.
pub fn find_content(root: &Path, path: &str, mut is_it: impl FnMut(&[u8]) -> bool) -> Result<Option<Vec<u8>>> {
    use std::os::unix::ffi::OsStrExt;
    let repo = open(root)?;
    let name = to_os(path);
    let name = Path::new(std::ffi::OsStr::from_bytes(&name));
    let mut seen = std::collections::HashSet::new();
    let mut look = |id: git2::Oid| -> Option<Vec<u8>> {
        if !seen.insert(id) {
            return None;
        }
        let blob = repo.find_blob(id).ok()?;
        is_it(blob.content()).then(|| blob.content().to_vec())
    };
    if let Some(entry) = repo.index().ok().and_then(|index| index.get_path(name, 0))
        && let Some(found) = look(entry.id)
    {
        return Ok(Some(found));
    }
    let mut walk = repo.revwalk().map_err(failed("read the history"))?;
    if walk.push_head().is_err() {
        // A branch without a commit.
        return Ok(None);
    }
    for id in walk.take(COMMITS) {
        let tree =
            id.and_then(|id| repo.find_commit(id)).and_then(|commit| commit.tree()).map_err(failed("read a commit"))?;
        if let Some(found) = tree.get_path(name).ok().and_then(|entry| look(entry.id())) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What three texts make together: the merged one, and whether it is without conflict. The names stand at the markers.
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8], names: (&str, &str)) -> Result<(Vec<u8>, bool)> {
    // Merging texts does not start libgit2 by itself, as nearly everything else of git2 does.
    super::blob_id(b"");
    let input = |content| {
        let mut input = git2::MergeFileInput::new();
        input.content(content);
        input
    };
    let mut options = git2::MergeFileOptions::new();
    options.our_label(names.0).their_label(names.1);
    let result =
        git2::merge_file(&input(base), &input(ours), &input(theirs), Some(&mut options)).map_err(failed("merge"))?;
    Ok((result.content().to_vec(), result.is_automergeable()))
}
