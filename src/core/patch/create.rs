//! Patches of differences that are there already: the working tree's against git, two revisions', two directories'.

use std::collections::BTreeSet;
use std::path::Path;

use super::Patch;
use super::builder::{Content, Item, assemble, state};
use super::explained::with_applied;
use super::meta::{Origin, State};
use super::recover::recover;
use super::store::Store;
use super::txn::{self, Disk, NodeKind, OsDisk};
use crate::core::git::{self, ChangesQuery, DiffQuery};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// A file that a patch could not take in, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// The file.
    pub path: String,
    /// What stands in the way, as in "… is a submodule".
    pub reason: String,
}

/// A patch and what had to be left out of it.
pub type Created = (Patch, Vec<LeftOut>);

/// A patch of what the working tree has changed against the last commit and the applied patches that lie on it. It is in
/// the tree already, so it is applied, and can be rolled back.
pub fn from_working_tree(repo: &Repo, query: &ChangesQuery, title: &str, origin: Origin) -> Result<Created> {
    recover(repo, false)?;
    let query = &ChangesQuery { paths: below(&query.paths), ..query.clone() };
    let changes = git::changes(repo.root(), query)?;
    require_known(repo, &["HEAD"], &query.paths, changes.iter().map(|change| change.path.as_str()))?;
    if query.staged {
        refuse_half_staged(repo, changes.iter().map(|change| change.path.as_str()))?;
    }
    let disk = OsDisk::open(repo.root())?;
    let (mut items, mut left_out) = (Vec::new(), Vec::new());
    let committed = changes.iter().map(|change| (change.path.clone(), change.old.clone())).collect();
    let now = |path: &str| readable(&disk, path).ok().flatten();
    let mut bases = with_applied(&Store::open(repo)?, committed, &now)?;
    for change in changes {
        // A rollback would take the recipe away that made the change; who wants that names it.
        if change.path.starts_with(".heck/") && query.paths.is_empty() {
            continue;
        }
        let now = match change.problem {
            Some(problem) => Err(problem),
            None => nameable(&change.path).and_then(|()| readable(&disk, &change.path)),
        };
        match now {
            Ok(after) => {
                let before = bases.remove(&change.path).unwrap_or(change.old);
                items.push(Item { path: change.path, before, after, ..Item::default() });
            }
            // heck's own records are nobody's change.
            Err(_) if change.path.starts_with(".heck/") => {}
            Err(reason) => left_out.push(LeftOut { path: change.path, reason }),
        }
    }
    if query.paths.is_empty() {
        items.extend(moved_away(repo, &disk, &items)?);
    }
    let mut patch = assemble(title.to_owned(), origin, items);
    patch.meta.state = State::Applied;
    Ok((patch, left_out))
}

/// Files that applied patches made and that are under another name now: git knows nothing of them.
fn moved_away(repo: &Repo, disk: &OsDisk, items: &[Item]) -> Result<Vec<Item>> {
    let mut gone: Vec<Item> = Vec::new();
    for meta in Store::open(repo)?.find_all()?.into_iter().filter(|meta| meta.state == State::Applied) {
        for file in meta.files.iter().filter(|file| file.before.is_none() && file.after.is_some()) {
            let is_new = |item: &&Item| item.before.is_none() && state(&item.after) == file.after;
            let is_told = items.iter().chain(&gone).any(|item| item.path == file.path);
            if let Some(item) = items.iter().find(is_new).filter(|_| !is_told)
                && txn::stat_beneath(disk, &file.path)?.is_none()
            {
                gone.push(Item { path: file.path.clone(), before: item.after.clone(), ..Item::default() });
            }
        }
    }
    Ok(gone)
}

/// The paths below which to look; the root alone is everything.
fn below(paths: &[String]) -> Vec<String> {
    if paths.iter().any(String::is_empty) { Vec::new() } else { paths.to_vec() }
}

/// Fails for a name that nothing has or had: it is mistyped.
fn require_known<'p>(
    repo: &Repo,
    revisions: &[&str],
    names: &[String],
    changed: impl Iterator<Item = &'p str> + Clone,
) -> Result<()> {
    for name in names {
        let is_below =
            |path: &str| path.strip_prefix(name.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'));
        if changed.clone().any(is_below)
            || repo.root().join(name).symlink_metadata().is_ok()
            || git::has(repo.root(), revisions, name).unwrap_or(false)
        {
            continue;
        }
        return Err(Error::new(Kind::NotFound, format!("there is no '{name}', and git knows of none"))
            .path(name.as_str())
            .hint("the path is taken relative to the current directory"));
    }
    Ok(())
}

/// What is staged can be taken back only where the tree has the very same content.
fn refuse_half_staged<'c>(repo: &Repo, mut staged: impl Iterator<Item = &'c str>) -> Result<()> {
    let unstaged = git::changed_files(repo.root(), &DiffQuery { untracked: true, ..DiffQuery::default() })?;
    match staged.find(|path| unstaged.iter().any(|other| other == path)) {
        None => Ok(()),
        Some(path) => Err(Error::new(Kind::Conflict, format!("{path} has changes that are not staged"))
            .path(path)
            .hint("stage them, or leave --staged out")),
    }
}

fn nameable(path: &str) -> std::result::Result<(), String> {
    RepoPath::for_change(path).map(drop).map_err(|refused| format!("cannot be named by a patch: {refused}"))
}

fn readable(disk: &OsDisk, path: &str) -> std::result::Result<Content, String> {
    match txn::read(disk, path) {
        Ok(now) => Ok(now.map(|found| (found.mode.to_owned(), found.bytes))),
        // A directory in its place, or a link in place of its directory, is told by paths of their own.
        Err(e) if matches!(e.kind(), Kind::Conflict | Kind::Denied) => Ok(None),
        Err(e) => Err(e.to_string()),
    }
}

/// A patch from one revision to another. Where the tree has the newer one already it is applied, else pending.
pub fn from_range(repo: &Repo, from: &str, to: &str, paths: &[String], title: &str, origin: Origin) -> Result<Created> {
    let (mut items, mut left_out) = (Vec::new(), Vec::new());
    let paths = below(paths);
    let pairs = git::between(repo.root(), from, to, &paths)?;
    require_known(repo, &[from, to], &paths, pairs.iter().map(|pair| pair.path.as_str()))?;
    for pair in pairs {
        match pair.problem.map_or_else(|| nameable(&pair.path), Err) {
            Ok(()) => items.push(Item { path: pair.path, before: pair.old, after: pair.new, ..Item::default() }),
            Err(reason) => left_out.push(LeftOut { path: pair.path, reason }),
        }
    }
    Ok((placed(repo, assemble(title.to_owned(), origin, items))?, left_out))
}

/// A patch that makes the first of two directories the second. Paths are taken from these directories.
pub fn from_directories(repo: &Repo, old: &Path, new: &Path, title: &str, origin: Origin) -> Result<Created> {
    let (old, new) = (OsDisk::open(old)?, OsDisk::open(new)?);
    let mut paths = BTreeSet::new();
    for disk in [&old, &new] {
        walk(disk, &mut paths)?;
    }
    let (mut items, mut left_out) = (Vec::new(), Vec::new());
    for path in paths {
        let sides = nameable(&path).and_then(|()| Ok((readable(&old, &path)?, readable(&new, &path)?)));
        match sides {
            Ok((before, after)) if state(&before) == state(&after) => {}
            Ok((before, after)) => items.push(Item { path, before, after, ..Item::default() }),
            Err(reason) => left_out.push(LeftOut { path, reason }),
        }
    }
    Ok((placed(repo, assemble(title.to_owned(), origin, items))?, left_out))
}

fn walk(disk: &OsDisk, paths: &mut BTreeSet<String>) -> Result<()> {
    let mut open = vec![String::new()];
    while let Some(dir) = open.pop() {
        for name in disk.list(&dir).map_err(txn::failed("read", &dir))? {
            let path = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
            match disk.stat(&path).map_err(txn::failed("look at", &path))?.map(|stat| stat.kind) {
                Some(NodeKind::Dir) if name == ".git" || name == ".heck" => {}
                Some(NodeKind::Dir) => open.push(path),
                Some(NodeKind::File | NodeKind::Link) => drop(paths.insert(path)),
                _ => {}
            }
        }
    }
    Ok(())
}

/// A patch whose result is what the tree has is applied.
fn placed(repo: &Repo, mut patch: Patch) -> Result<Patch> {
    let disk = OsDisk::open(repo.root())?;
    let is_there =
        |path: &str, after: &Option<super::meta::FileState>| txn::state(&disk, path).is_ok_and(|now| now == *after);
    if !patch.is_empty() && patch.meta.files.iter().all(|file| is_there(&file.path, &file.after)) {
        patch.meta.state = State::Applied;
    }
    Ok(patch)
}
