//! What a transaction will do, in which order, decided before anything is written: names that may be named,
//! directories to make and to remove, places that are not crossed.

use std::collections::{BTreeMap, BTreeSet};

use super::disk::{Disk, NodeKind, Stat};
use super::journal::Op;
use super::look::{failed, stat_beneath};
use crate::core::patch::meta::Dir;
use crate::core::path::RepoPath;
use crate::core::{Error, Kind, Result};

/// What the user insists on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Insist {
    /// Replace a file that has other names, which then keep the old content.
    pub hardlinks: bool,
    /// Change files in submodules and other repositories that lie inside this one.
    pub nested: bool,
}

/// What a patch's record knows about directories from the last time.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Permission bits of directories that may come back.
    pub bits: BTreeMap<String, u32>,
    /// The only directories that may be removed; without it, any that the deletions empty, as git does.
    pub removable: Option<BTreeSet<String>>,
}

/// The order of things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Deletions, edits, creations.
    pub ops: Vec<Op>,
    /// Children first.
    pub remove_dirs: Vec<Dir>,
    /// Parents first.
    pub make_dirs: Vec<Dir>,
}

/// Orders operations and finds what they need. Touches nothing.
pub fn plan<D: Disk>(disk: &D, mut ops: Vec<Op>, known: &Known, insist: Insist) -> Result<Plan> {
    ops.retain(|op| op.before != op.after);
    // Deletions from the end, so that a file goes before the directory that a later name needs.
    ops.sort_by(|a, b| phase(a).cmp(&phase(b)).then_with(|| a.path.cmp(&b.path)));
    for op in &ops {
        RepoPath::for_change(&op.path)?;
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = ops.iter().find(|op| !names.insert(op.path.as_str())) {
        return Err(Error::invalid(format!("{} stands in the patch twice", twice.path)).path(twice.path.as_str()));
    }
    let needed: BTreeSet<&str> = ops.iter().filter(|op| op.after.is_some()).flat_map(|op| parents(&op.path)).collect();
    if let Some(both) = ops.iter().find(|op| op.after.is_some() && needed.contains(op.path.as_str())) {
        return Err(Error::invalid(format!("{} is to be a file, and a directory for another", both.path))
            .path(both.path.as_str()));
    }
    let mut planner = Planner {
        disk,
        deleted: ops.iter().filter(|op| op.after.is_none()).map(|op| op.path.as_str()).collect(),
        needed,
        seen: BTreeMap::new(),
    };
    for op in &ops {
        planner.check_parents(op, insist)?;
    }
    let remove_dirs = planner.dirs_to_remove(&ops, known)?;
    let make_dirs = planner.dirs_to_make(&ops, known)?;
    Ok(Plan { remove_dirs, make_dirs, ops })
}

fn phase(op: &Op) -> u8 {
    match (&op.before, &op.after) {
        (_, None) => 0,
        (Some(_), Some(_)) => 1,
        (None, Some(_)) => 2,
    }
}

/// The directories above a path, outermost first.
pub fn parents(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

struct Planner<'a, D: Disk> {
    disk: &'a D,
    deleted: BTreeSet<&'a str>,
    needed: BTreeSet<&'a str>,
    seen: BTreeMap<&'a str, Option<Stat>>,
}

impl<'a, D: Disk> Planner<'a, D> {
    fn stat(&mut self, path: &'a str) -> Result<Option<Stat>> {
        if let Some(known) = self.seen.get(path) {
            return Ok(*known);
        }
        let stat = stat_beneath(self.disk, path)?;
        self.seen.insert(path, stat);
        Ok(stat)
    }

    fn check_parents(&mut self, op: &'a Op, insist: Insist) -> Result<()> {
        for dir in parents(&op.path) {
            let is_new = !self.seen.contains_key(dir);
            let Some(stat) = self.stat(dir)? else { break };
            match stat.kind {
                NodeKind::Dir if is_new => self.check_dir(dir, &stat, insist)?,
                NodeKind::Dir => {}
                // It makes room.
                _ if self.deleted.contains(dir) => break,
                NodeKind::Link => {
                    return Err(Error::new(Kind::Denied, format!("{} lies behind the symbolic link {dir}", op.path))
                        .path(op.path.as_str())
                        .hint("heck never writes through a link; name the real path"));
                }
                _ => {
                    return Err(Error::new(
                        Kind::Conflict,
                        format!("{dir} is a file, and {} needs it as a directory", op.path),
                    )
                    .path(dir)
                    .hint("nothing was touched; a patch that also deletes the file can do it"));
                }
            }
        }
        Ok(())
    }

    fn check_dir(&self, dir: &str, stat: &Stat, insist: Insist) -> Result<()> {
        let root = self.disk.stat_root().map_err(failed("look at", "."))?;
        if stat.id.0 != root.id.0 {
            return Err(Error::new(Kind::Denied, format!("{dir} is on another file system"))
                .path(dir)
                .hint("a change cannot be all or nothing across two; run heck in a repository of that file system"));
        }
        let git = format!("{dir}/.git");
        if !insist.nested && self.disk.stat(&git).map_err(failed("look at", &git))?.is_some() {
            return Err(Error::new(Kind::Denied, format!("{dir} is a repository of its own"))
                .path(dir)
                .hint("run heck in there, or say --nested to change it from here"));
        }
        Ok(())
    }

    /// Directories that the deletions leave empty, and those that stand where a file is to be.
    fn dirs_to_remove(&mut self, ops: &'a [Op], known: &Known) -> Result<Vec<Dir>> {
        let mut candidates: BTreeSet<&'a str> = ops
            .iter()
            .filter(|op| op.after.is_none())
            .flat_map(|op| parents(&op.path))
            .filter(|dir| !self.needed.contains(dir))
            .collect();
        let mut in_the_way = BTreeSet::new();
        for op in ops.iter().filter(|op| op.before.is_none()) {
            if self.stat(&op.path)?.is_some_and(|stat| stat.kind == NodeKind::Dir) {
                in_the_way.insert(op.path.as_str());
                candidates.insert(&op.path);
            }
        }
        let mut gone: BTreeSet<&str> = BTreeSet::new();
        let mut removed = Vec::new();
        // Children sort behind their parents.
        for dir in candidates.into_iter().rev() {
            let Some(stat) = self.stat(dir)?.filter(|stat| stat.kind == NodeKind::Dir) else { continue };
            let must = in_the_way.iter().any(|top| dir == *top || dir.starts_with(&format!("{top}/")));
            let may = known.removable.as_ref().is_none_or(|own| own.contains(dir)) && {
                let parent = dir.rsplit_once('/').map_or("", |(parent, _)| parent);
                self.disk.is_writable(parent)
            };
            if !must && !may {
                continue;
            }
            let names = self.disk.list(dir).map_err(failed("read", dir))?;
            let stays = names
                .iter()
                .map(|name| format!("{dir}/{name}"))
                .find(|path| !self.deleted.contains(path.as_str()) && !gone.contains(path.as_str()));
            match stays {
                None => {
                    gone.insert(dir);
                    removed.push(Dir { path: dir.to_owned(), bits: Some(stat.bits) });
                }
                Some(other) if must => {
                    return Err(Error::new(Kind::Conflict, format!("{dir} is a directory that also holds {other}"))
                        .path(dir)
                        .hint("nothing was touched; the patch needs a file there"));
                }
                Some(_) => {}
            }
        }
        Ok(removed)
    }

    fn dirs_to_make(&mut self, ops: &'a [Op], known: &Known) -> Result<Vec<Dir>> {
        let wanted: BTreeSet<&'a str> =
            ops.iter().filter(|op| op.after.is_some()).flat_map(|op| parents(&op.path)).collect();
        let mut make = Vec::new();
        for dir in wanted {
            let is_there = self.stat(dir)?.is_some_and(|stat| stat.kind == NodeKind::Dir);
            if !is_there {
                make.push(Dir { path: dir.to_owned(), bits: known.bits.get(dir).copied() });
            }
        }
        Ok(make)
    }
}
