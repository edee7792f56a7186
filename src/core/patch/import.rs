//! A patch from somebody else's diff, laid on what is there now.

use std::collections::BTreeSet;

use super::Patch;
use super::binary;
use super::builder::{Content, assemble};
use super::fit::{Fitted, fit};
use super::meta::{Origin, Source};
use super::overlay::Overlay;
use super::read::{FilePatch, read_diff};
use super::resolve::{Resolver, is_creation};
use super::txn::{Disk, NodeKind, OsDisk, stat_beneath};
use crate::core::path::RepoPath;
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};

/// A hunk that is not just where its diff says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Placed {
    /// The file.
    pub path: String,
    /// How it came to its place.
    #[serde(flatten)]
    pub how: Fitted,
}

/// A pending patch from a diff's text, and what was not just as the diff says.
pub fn from_diff(repo: &Repo, diff: &[u8], title: &str, origin: Origin) -> Result<(Patch, Vec<Placed>)> {
    let disk = OsDisk::open(repo.root())?;
    let files = read_diff(diff)?;
    if files.is_empty() {
        return Err(
            Error::invalid("there is no diff in the input").hint("it takes what `git diff` or `diff -u` prints")
        );
    }
    let leaving = files
        .iter()
        .filter(|file| file.is_git && !file.is_copy && file.old_path != file.new_path)
        .filter_map(|file| file.old_path.clone())
        .collect();
    let overlay = Overlay::new(&disk);
    let mut import =
        Import { overlay, disk: &disk, leaving, made: BTreeSet::new(), edited: BTreeSet::new(), placed: Vec::new() };
    let is = |path: &str, kind: NodeKind| {
        RepoPath::for_change(path).is_ok() && disk.stat(path).is_ok_and(|stat| stat.is_some_and(|s| s.kind == kind))
    };
    let exists = |path: &str| is(path, NodeKind::File) || is(path, NodeKind::Link);
    let mut resolver = Resolver::of(&files, &exists);
    let (mut sources, mut gone) = (Vec::new(), Vec::new());
    let mut misfits = Vec::new();
    for file in &files {
        let (old, new) = resolver.paths(file, &exists, &|path| is(path, NodeKind::Dir));
        let old = old.map(|path| RepoPath::for_change(&path)).transpose()?;
        let new = new.map(|path| RepoPath::for_change(&path)).transpose()?;
        let Some(path) = new.as_ref().or(old.as_ref()) else { continue };
        match import.lay(file, old.as_ref().map(RepoPath::as_str), new.as_ref().map(RepoPath::as_str)) {
            Ok(()) => {}
            Err(error) => {
                misfits.push(error);
                continue;
            }
        }
        if let (Some(old), Some(new)) = (&old, &new)
            && old != new
        {
            sources.push((path.as_str().to_owned(), Source { path: old.as_str().to_owned(), is_copy: file.is_copy }));
            if !file.is_copy {
                gone.push(old.as_str().to_owned());
            }
        }
    }
    if let Some(first) = misfits.first().cloned() {
        let more = misfits.len() - 1;
        return Err(match more {
            0 => first,
            _ => {
                let rest: Vec<String> = misfits.iter().skip(1).map(ToString::to_string).collect();
                first.hint(format!("nothing was made of the diff; {more} more files do not fit: {}", rest.join("; ")))
            }
        });
    }
    let Import { mut overlay, made, placed, .. } = import;
    for path in gone.iter().filter(|path| !made.contains(*path)) {
        overlay.set(path, None)?;
    }
    let bases = sources.into_iter().map(|(path, source)| Ok((path, overlay.origin(&source.path)?, source)));
    let bases = bases.collect::<Result<Vec<_>>>()?;
    let mut items = overlay.into_items();
    for (path, base, source) in bases {
        if let Some(item) = items.iter_mut().find(|item| item.path == path) {
            item.from = Some((source, base));
        }
    }
    Ok((assemble(title.to_owned(), origin, items), placed))
}

struct Import<'d> {
    overlay: Overlay<'d>,
    disk: &'d OsDisk,
    /// Paths that some part of the diff takes away.
    leaving: BTreeSet<String>,
    /// Paths that some part of the diff gives a content.
    made: BTreeSet<String>,
    /// Paths that some part of the diff changes where they are.
    edited: BTreeSet<String>,
    placed: Vec<Placed>,
}

impl Import<'_> {
    fn lay(&mut self, file: &FilePatch<'_>, old: Option<&str>, new: Option<&str>) -> Result<()> {
        let Some(path) = new.or(old) else { return Ok(()) };
        let conflict = |what: String| Error::new(Kind::Conflict, what).path(path);
        let moves = old.is_some() && new.is_some() && old != new;
        let base: Content = match old {
            // Several parts about one file follow each other; renames and copies take what was there before all of them.
            Some(old) if moves || new.is_none() && self.made.contains(old) => self.overlay.origin(old)?,
            Some(old) => self.overlay.read(old)?,
            None => None,
        };
        // A tool without a name for nothing says where the file would have been.
        let old = old.filter(|_| base.is_some() || moves || file.is_git || !is_creation(file));
        if let Some(old) = old.filter(|_| base.is_none()) {
            return Err(Error::new(Kind::Conflict, format!("{old} does not exist, and the diff changes it"))
                .path(old)
                .hint("names in the diff are taken from the root of the repository"));
        }
        if let Some(old) = old.filter(|old| moves && !file.is_copy && self.edited.contains(*old)) {
            return Err(conflict(format!("{old} is changed and then moved by the same diff"))
                .hint("these are several diffs: make a patch of each, and apply one after the other"));
        }
        if let Some(new) = new.filter(|new| (old.is_none() || moves) && self.made.contains(*new)) {
            return Err(conflict(format!("{new} is made twice by the diff")));
        }
        if old == new {
            self.edited.insert(path.to_owned());
        }
        let takes_new_place = old.is_none() || moves;
        if let Some(new) = new.filter(|_| takes_new_place)
            && !self.made.contains(new)
            && self.stands(new)?
            && !self.leaving.contains(new)
        {
            return Err(conflict(format!("{new} exists, and the diff creates it")));
        }
        let mode_of = |content: &Content| content.as_ref().map(|(mode, _)| mode.clone());
        let known = |mode: &Option<String>| match mode.as_deref() {
            None | Some("100644" | "100755" | "120000") => Ok(()),
            Some("100664") => Ok(()),
            Some("160000") => Err(conflict(format!("{path} is a submodule, which a patch cannot change"))),
            Some(other) => Err(conflict(format!("{path} has the unknown mode {other}"))),
        };
        known(&file.old_mode)?;
        known(&file.new_mode)?;
        let indexed = file.index.as_ref().map(|(_, _, rest)| rest.trim());
        let said = file.old_mode.as_deref().or(indexed.filter(|mode| !mode.is_empty()));
        let is_link = |mode: &str| mode == "120000";
        let says_how = !file.hunks.is_empty() || file.binary.is_some();
        if let Some((mode, _)) = base.as_ref().filter(|_| says_how)
            && said.map_or(is_link(mode), |said| is_link(said) != is_link(mode))
        {
            let what = if is_link(mode) {
                "a link, and the diff takes it for a file"
            } else {
                "a file, and the diff takes it for a link"
            };
            return Err(conflict(format!("{} is {what}", old.unwrap_or(path))));
        }
        let text = base.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        let bytes = self.content(file, path, text)?;
        if new.is_none() {
            if !bytes.is_empty() && !file.is_binary {
                return Err(conflict(format!("the diff deletes {path}, and it has more than the diff knows of"))
                    .hint("nothing was made of the diff"));
            }
            // Another part may have put something new in its place.
            return if self.made.contains(path) { Ok(()) } else { self.overlay.set(path, None) };
        }
        let mode = match file.new_mode.as_deref() {
            Some("100664") => Some("100644".to_owned()),
            Some(mode) => Some(mode.to_owned()),
            None => mode_of(&base),
        };
        self.made.insert(path.to_owned());
        self.overlay.set(path, Some((mode.unwrap_or_else(|| "100644".to_owned()), bytes)))
    }

    fn stands(&self, path: &str) -> Result<bool> {
        let stat = stat_beneath(self.disk, path)?;
        match stat.map(|stat| stat.kind) {
            None => Ok(false),
            // Whether it makes room is for the plan to find out.
            Some(NodeKind::Dir) => Ok(false),
            Some(_) => Ok(self.overlay.read(path)?.is_some()),
        }
    }

    fn content(&mut self, file: &FilePatch<'_>, path: &str, text: &[u8]) -> Result<Vec<u8>> {
        match &file.binary {
            Some(difference) => {
                // Bytes have no context, so git's name of the content must be right.
                let id = file.index.as_ref().map(|(old, ..)| old.as_str()).filter(|id| id.len() == 40);
                let fits = match id {
                    Some(id) if id.bytes().all(|b| b == b'0') => text.is_empty(),
                    Some(id) => crate::core::git::blob_id(text) == id,
                    None => false,
                };
                if !fits {
                    return Err(Error::new(
                        Kind::Conflict,
                        format!("{path} is not the content that the binary difference was made for"),
                    )
                    .path(path)
                    .hint(if id.is_some() {
                        "nothing was made of the diff"
                    } else {
                        "make the diff with `git diff --binary`"
                    }));
                }
                return binary::apply(path, text, &difference.forward);
            }
            None if file.is_binary => {
                return Err(Error::invalid(format!("{path} differs in bytes that the diff does not have"))
                    .path(path)
                    .hint("make the diff with `git diff --binary`"));
            }
            None => {}
        }
        let (bytes, fitted) = fit(text, &file.hunks).map_err(|misfits| {
            let told: Vec<String> =
                misfits.iter().map(|m| format!("hunk {} (line {} of the diff): {}", m.hunk, m.at, m.reason)).collect();
            Error::new(Kind::Conflict, format!("{path}: {}", told.join("; ")))
                .path(path)
                .hint("the file is not the one the diff was made for; nothing was made of the diff")
        })?;
        self.placed.extend(fitted.into_iter().map(|how| Placed { path: path.to_owned(), how }));
        Ok(bytes)
    }
}
