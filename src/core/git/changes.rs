//! What the working tree has that the last commit has not, file by file, with the very bytes of the old side.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{AttrCheckFlags, AttrValue, Delta, Diff, DiffOptions, Repository};

use super::{failed, open};

use crate::core::Result;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct ChangesQuery {
    /// Only what is in the index.
    pub staged: bool,
    /// Also files git does not know.
    pub untracked: bool,
    /// Only below these paths, taken literally.
    pub paths: Vec<String>,
}

/// One path that differs.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its path, as `core::path` writes it.
    pub path: String,
    /// Mode and bytes in the last commit; absent for a new file.
    pub old: Option<(String, Vec<u8>)>,
    /// Why the old bytes cannot be told, where git's and the tree's differ by more than the change.
    pub problem: Option<String>,
}

/// The paths that may differ from the last commit, sorted. The index decides what is worth a look, so files
/// that only look different, as through a filter, are no changes.
pub fn changes(root: &Path, query: &ChangesQuery) -> Result<Vec<Change>> {
    let repo = open(root)?;
    // An unborn branch has no tree: everything is new.
    let head = super::head_tree(&repo)?;
    let mut options = options(query);
    let staged = repo.diff_tree_to_index(head.as_ref(), None, Some(&mut options)).map_err(failed("compare"))?;
    let mut paths = BTreeMap::new();
    collect(&repo, &staged, &mut paths);
    if !query.staged {
        let unstaged = repo.diff_index_to_workdir(None, Some(&mut options)).map_err(failed("compare"))?;
        collect(&repo, &unstaged, &mut paths);
    }
    paths.into_iter().map(|(path, problem)| change(&repo, head.as_ref(), &path, problem)).collect()
}

fn options(query: &ChangesQuery) -> DiffOptions {
    let mut options = DiffOptions::new();
    options.include_untracked(query.untracked).recurse_untracked_dirs(query.untracked).include_typechange(true);
    // A file may be named `[id].ts`.
    options.disable_pathspec_match(true);
    for path in &query.paths {
        options.pathspec(path);
    }
    options
}

/// Adds the paths of a comparison, each with what is wrong with it.
fn collect(repo: &Repository, diff: &Diff<'_>, paths: &mut BTreeMap<Vec<u8>, Option<String>>) {
    let index = repo.index().ok();
    for delta in diff.deltas() {
        let Some(path) = delta.new_file().path_bytes().or(delta.old_file().path_bytes()) else { continue };
        // Sparse checkouts leave such files out of the tree on purpose.
        const SKIP_WORKTREE: u16 = 1 << 14;
        let entry = index.as_ref().and_then(|index| index.get_path(Path::new(std::ffi::OsStr::from_bytes(path)), 0));
        if entry.is_some_and(|entry| entry.flags_extended & SKIP_WORKTREE != 0) {
            continue;
        }
        let problem = match delta.status() {
            Delta::Conflicted => Some("has a merge conflict".to_owned()),
            _ if path.ends_with(b"/") => Some("is a repository of its own".to_owned()),
            _ => None,
        };
        let known = paths.entry(path.to_vec()).or_default();
        *known = known.take().or(problem);
    }
}

fn change(repo: &Repository, head: Option<&git2::Tree<'_>>, path: &[u8], problem: Option<String>) -> Result<Change> {
    let os_path = Path::new(std::ffi::OsStr::from_bytes(path));
    let path = crate::core::path::from_os(path);
    let problem = problem.or_else(|| converted(repo, os_path).map(str::to_owned));
    let entry = head.and_then(|tree| tree.get_path(os_path).ok());
    let old = match entry {
        None => None,
        // A directory was there.
        Some(entry) if entry.kind() == Some(git2::ObjectType::Tree) => None,
        Some(entry) if entry.filemode() == 0o160_000 => {
            return Ok(Change { path, old: None, problem: Some("is a submodule".into()) });
        }
        Some(entry) => {
            let blob = repo.find_blob(entry.id()).map_err(failed("read a file of the last commit"))?;
            Some((format!("{:06o}", entry.filemode()), blob.content().to_vec()))
        }
    };
    // What is new needs no old bytes.
    let problem = problem.filter(|_| old.is_some());
    Ok(Change { path, old, problem })
}

/// One path of two revisions.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Its path.
    pub path: String,
    /// Mode and bytes in the older.
    pub old: Option<(String, Vec<u8>)>,
    /// Mode and bytes in the newer.
    pub new: Option<(String, Vec<u8>)>,
    /// Why a patch cannot say it.
    pub problem: Option<String>,
}

/// The paths that differ between two revisions, with the bytes that git has. Where git converts on the way to the
/// tree, the path has a problem.
pub fn between(root: &Path, from: &str, to: &str, paths: &[String]) -> Result<Vec<Pair>> {
    let repo = open(root)?;
    let (from, to) = (super::tree_of(&repo, from)?, super::tree_of(&repo, to)?);
    let mut options = options(&ChangesQuery { paths: paths.to_vec(), ..ChangesQuery::default() });
    let diff = repo.diff_tree_to_tree(Some(&from), Some(&to), Some(&mut options)).map_err(failed("compare"))?;
    let mut pairs = Vec::new();
    for delta in diff.deltas() {
        let Some(bytes) = delta.new_file().path_bytes().or(delta.old_file().path_bytes()) else { continue };
        let path = crate::core::path::from_os(bytes);
        let mut problem = converted(&repo, Path::new(std::ffi::OsStr::from_bytes(bytes))).map(str::to_owned);
        let mut side = |file: git2::DiffFile<'_>| -> Result<Option<(String, Vec<u8>)>> {
            let mode = u32::from(file.mode());
            if !file.exists() {
                return Ok(None);
            }
            if mode == 0o160_000 {
                problem = Some("is a submodule".into());
                return Ok(None);
            }
            let blob = repo.find_blob(file.id()).map_err(failed("read a file of a commit"))?;
            // Old gits kept the group's write bit.
            let mode = if mode == 0o100_664 { 0o100_644 } else { mode };
            Ok(Some((format!("{mode:06o}"), blob.content().to_vec())))
        };
        let (old, new) = (side(delta.old_file())?, side(delta.new_file())?);
        pairs.push(Pair { path, old, new, problem });
    }
    Ok(pairs)
}

/// Why the bytes in git may not be those that were in the tree: git converts them on the way.
fn converted(repo: &Repository, path: &Path) -> Option<&'static str> {
    let get = |name| repo.get_attr_bytes(path, name, AttrCheckFlags::default()).ok().flatten();
    let is_set = |name| !matches!(AttrValue::from_bytes(get(name)), AttrValue::Unspecified | AttrValue::False);
    if is_set("filter") {
        return Some("goes through a filter of git's");
    }
    if is_set("working-tree-encoding") || is_set("ident") {
        return Some("is converted by git");
    }
    let config = repo.config().ok()?;
    let is = |name: &str, values: &[&str]| {
        config.get_string(name).is_ok_and(|value| values.iter().any(|known| value.eq_ignore_ascii_case(known)))
    };
    let autocrlf = is("core.autocrlf", &["true", "yes", "on", "1"]);
    let is_text = match AttrValue::from_bytes(get("text")) {
        AttrValue::False => false,
        AttrValue::Unspecified => autocrlf,
        _ => true,
    };
    let eol = get("eol").map(<[u8]>::to_vec);
    let is_crlf = match eol.as_deref() {
        Some(eol) => eol == b"crlf",
        None => is_text && (autocrlf || is("core.eol", &["crlf"])),
    };
    is_crlf.then_some("has line ends that git converts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_pattern_and_a_filter_is_told() -> Result<()> {
        let dir = tempfile::tempdir().map_err(|e| crate::core::Error::tool(e.to_string()))?;
        let git = |args: &[&str]| {
            let status = std::process::Command::new("git")
                .args(["-c", "user.name=t", "-c", "user.email=t@t.invalid"])
                .args(args)
                .current_dir(dir.path())
                .status();
            assert!(status.is_ok_and(|status| status.success()), "{args:?}");
        };
        let write = |path: &str, text: &str| crate::core::fs::write_atomic(&dir.path().join(path), text.as_bytes());
        git(&["init", "-q"]);
        write(".gitattributes", "*.lfs filter=lfs\n*.crlf eol=crlf\n")?;
        for path in ["p/[id].ts", "p/i.ts", "a.lfs", "b.crlf"] {
            write(path, "old\n")?;
        }
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "x"]);
        for path in ["p/[id].ts", "p/i.ts", "a.lfs", "b.crlf"] {
            write(path, "new\n")?;
        }
        let seen = |paths: &[&str]| -> Result<Vec<(String, bool)>> {
            let paths = paths.iter().map(|path| (*path).to_owned()).collect();
            let all = changes(dir.path(), &ChangesQuery { paths, untracked: true, staged: false })?;
            Ok(all.into_iter().map(|change| (change.path, change.problem.is_some())).collect())
        };
        assert_eq!(seen(&["p/[id].ts"])?, [("p/[id].ts".to_owned(), false)]);
        assert_eq!(seen(&["p"])?.len(), 2);
        assert_eq!(seen(&["a.lfs", "b.crlf"])?, [("a.lfs".to_owned(), true), ("b.crlf".to_owned(), true)]);
        Ok(())
    }
}
