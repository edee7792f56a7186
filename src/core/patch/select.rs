//! A part of a patch, and the rest: two patches that follow each other.

use std::collections::{BTreeMap, BTreeSet};

use super::Patch;
use super::builder::{Content, Item, assemble, state};
use super::content::Sections;
use super::hunk::{Direction, lay};
use super::meta::State;
use super::read::{FilePatch, read_diff};
use super::txn::{self, OsDisk};
use crate::core::repo::{Globs, Repo};
use crate::core::{Error, Kind, Result};

/// What can be chosen by itself: a hunk of a file that is there before and after, or all that happens to another one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unit {
    /// Its number in the patch, from 1.
    pub number: usize,
    /// The file.
    pub path: String,
    /// The hunk's header, or what happens to the file.
    pub what: String,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
    /// The line of the diff it begins at, from 1.
    pub at: usize,
    #[serde(skip)]
    section: usize,
    #[serde(skip)]
    hunk: Option<usize>,
}

fn path_of<'f>(file: &'f FilePatch<'_>) -> &'f str {
    file.new_path.as_deref().or(file.old_path.as_deref()).unwrap_or_default()
}

/// Everything that can be chosen of a patch.
pub fn units(patch: &Patch) -> Result<Vec<Unit>> {
    let files = read_diff(&patch.diff)?;
    Ok(units_of(&files))
}

fn units_of(files: &[FilePatch<'_>]) -> Vec<Unit> {
    use super::read::HunkLine;
    let mut units: Vec<Unit> = Vec::new();
    for (section, file) in files.iter().enumerate() {
        let path = path_of(file).to_owned();
        // The two parts of a file that becomes a link belong together.
        if units.last().is_some_and(|last| last.path == path) && file.old_path.is_none() {
            continue;
        }
        let count = |hunks: &[super::read::Hunk<'_>]| {
            let lines = hunks.iter().flat_map(|hunk| &hunk.lines);
            lines.fold((0, 0), |(added, removed), line| match line {
                HunkLine::New(_) => (added + 1, removed),
                HunkLine::Old(_) => (added, removed + 1),
                HunkLine::Both(_) => (added, removed),
            })
        };
        let mut add = |what: String, hunk: Option<usize>, at: usize, (added, removed): (usize, usize)| {
            units.push(Unit { number: units.len() + 1, path: path.clone(), what, added, removed, at, section, hunk });
        };
        let whole = match (&file.old_path, &file.new_path) {
            (None, _) => Some("new file"),
            (_, None) => Some("deleted file"),
            _ if file.is_binary => Some("binary"),
            (old, new) if file.hunks.is_empty() && old != new => Some(if file.is_copy { "copy" } else { "rename" }),
            _ if file.hunks.is_empty() => Some("mode"),
            _ => None,
        };
        match whole {
            Some(what) => add(what.to_owned(), None, file.at, count(&file.hunks)),
            None => {
                for (n, hunk) in file.hunks.iter().enumerate() {
                    let (added, removed) = count(std::slice::from_ref(hunk));
                    let (old, new) = (hunk.lines.len() - added, hunk.lines.len() - removed);
                    let what = format!("@@ -{},{old} +{},{new} @@", hunk.old_start, hunk.new_start);
                    add(what, Some(n), hunk.at, (added, removed));
                }
            }
        }
    }
    units
}

/// What is chosen.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Numbers of units; empty means all.
    pub hunks: Vec<usize>,
    /// Globs over paths; empty means all.
    pub files: Vec<String>,
}

/// Parts a pending patch in two: what is chosen, and what is left, made for the tree that the first leads to. Nothing where
/// all of it is chosen.
pub fn split(repo: &Repo, patch: &Patch, selection: &Selection) -> Result<Option<(Patch, Patch)>> {
    if patch.meta.state == State::Applied {
        return Err(Error::new(Kind::Conflict, format!("patch {} is applied, so it cannot be split", patch.meta.id))
            .hint("roll it back first"));
    }
    let files = read_diff(&patch.diff)?;
    let all = units_of(&files);
    let globs = Globs::new(&selection.files)?;
    if let Some(unknown) = selection.hunks.iter().find(|n| **n == 0 || **n > all.len()) {
        return Err(Error::usage(format!("the patch has no hunk {unknown}: it has {}", all.len()))
            .hint(format!("see `heck patch show {} --hunks`", patch.meta.id)));
    }
    let wanted = |unit: &&Unit| {
        (selection.hunks.is_empty() || selection.hunks.contains(&unit.number)) && globs.accepts(&unit.path)
    };
    let chosen: Vec<&Unit> = all.iter().filter(wanted).collect();
    if chosen.len() == all.len() {
        return Ok(None);
    }
    if chosen.is_empty() {
        return Err(Error::usage("no hunk and no file of the patch is chosen")
            .hint(format!("globs are taken from the root; see `heck patch show {} --hunks`", patch.meta.id)));
    }
    let paths: BTreeSet<&str> = chosen.iter().map(|unit| unit.path.as_str()).collect();
    let splitter = Splitter { repo_disk: OsDisk::open(repo.root())?, sections: Sections::of(patch)?, patch };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut sources = BTreeMap::new();
    for file in &patch.meta.files {
        let item = splitter.whole(file)?;
        sources.insert(file.path.clone(), item.before.clone());
        let mine: Vec<&&Unit> = chosen.iter().filter(|unit| unit.path == file.path).collect();
        let total = all.iter().filter(|unit| unit.path == file.path).count();
        // The old name of a rename goes with the new one.
        let follows = patch
            .meta
            .files
            .iter()
            .find(|other| other.from.as_ref().is_some_and(|f| !f.is_copy && f.path == file.path));
        let in_first = follows.map_or(!mine.is_empty(), |other| paths.contains(other.path.as_str()));
        if !in_first {
            second.push(item);
        } else if follows.is_some() || mine.len() == total {
            first.push(item);
        } else {
            let (a, b) = splitter.parted(item, &files, &mine)?;
            first.push(a);
            second.push(b);
        }
    }
    for item in first.iter_mut().chain(&mut second) {
        if let Some((from, base)) = &mut item.from {
            *base = match sources.get(&from.path) {
                Some(content) => content.clone(),
                None => splitter.read(&from.path)?,
            };
        }
    }
    // What the second part copies from, the first may have changed or taken away.
    for item in second.iter_mut().filter(|item| item.from.as_ref().is_some_and(|(from, _)| from.is_copy)) {
        item.from = None;
    }
    let ops = first.iter().map(|item| txn::Op {
        path: item.path.clone(),
        before: state(&item.before),
        after: state(&item.after),
    });
    // The second part is made for what the first leads to; the first must stand by itself.
    txn::plan(&splitter.repo_disk, ops.collect(), &txn::Known::default(), txn::Insist::default())?;
    let part = |items: Vec<Item>, which: &str| {
        let mut part = assemble(format!("{} ({which})", patch.meta.title), patch.meta.origin.clone(), items);
        part.meta.parents = vec![patch.meta.id.clone()];
        part
    };
    Ok(Some((part(first, "selected"), part(second, "rest"))))
}

struct Splitter<'a> {
    repo_disk: OsDisk,
    sections: Sections<'a>,
    patch: &'a Patch,
}

impl Splitter<'_> {
    fn read(&self, path: &str) -> Result<Content> {
        Ok(txn::read(&self.repo_disk, path)?.map(|found| (found.mode.to_owned(), found.bytes)))
    }

    /// All that the patch does to a path.
    fn whole(&self, file: &super::meta::FileMeta) -> Result<Item> {
        let before = match &file.before {
            Some(_) => self.read(&file.path)?,
            None => None,
        };
        if state(&before) != file.before {
            return Err(Error::new(
                Kind::Conflict,
                format!("{} has changed since patch {} was made", file.path, self.patch.meta.id),
            )
            .path(file.path.as_str())
            .hint(format!("for what is there now make it anew: `heck patch apply {} --merge`", self.patch.meta.id)));
        }
        let after = match &file.after {
            Some(after) => {
                let bytes = self.sections.content(&file.path, Direction::Forward, &|path| self.read(path))?;
                Some((after.mode.clone(), bytes))
            }
            None => None,
        };
        let from = file.from.clone().map(|from| (from, None));
        Ok(Item { path: file.path.clone(), before, after, from, is_moved_away: false })
    }

    /// A file of which some hunks are chosen: the first part has these and what is not in hunks.
    fn parted(&self, item: Item, files: &[FilePatch<'_>], chosen: &[&&Unit]) -> Result<(Item, Item)> {
        let Some(section) = chosen.first().map(|unit| &files[unit.section]) else { return Ok((item.clone(), item)) };
        let mut part = section.clone();
        let numbers: BTreeSet<usize> = chosen.iter().filter_map(|unit| unit.hunk).collect();
        part.hunks =
            section.hunks.iter().enumerate().filter(|(n, _)| numbers.contains(n)).map(|(_, h)| h.clone()).collect();
        let base = match &section.old_path {
            Some(old) => self.read(old)?.map(|(_, bytes)| bytes).unwrap_or_default(),
            None => Vec::new(),
        };
        let bytes = lay(&item.path, &base, &part, Direction::Forward)?;
        let middle = item.after.as_ref().map(|(mode, _)| (mode.clone(), bytes));
        let first = Item { after: middle.clone(), ..item.clone() };
        Ok((first, Item { before: middle, from: None, ..item }))
    }
}
