//! A whole file or directory under another path: whoever imports from it writes the new one, and its own imports lead
//! where they led before.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Moved;
use super::home::conditions;
use crate::core::ast::{Family, Lang};
use crate::core::path::{dir_of, name_of};
use crate::core::refactor::Doubt;
use crate::core::refactor::code::Parsed;
use crate::core::refactor::doubt::in_order;
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::Place;
use crate::core::refactor::project::{MovedTree, Moves, Project};
use crate::core::refactor::rename::NameEdit;
use crate::core::{Error, Kind as ErrorKind, Result};

/// Finds what changes when a file or directory gets another path. The edits of what moves are for the old paths.
pub fn move_path(project: &mut Project<'_>, from: &str, to: &str) -> Result<Moved> {
    let (from, to) = (from.trim_end_matches('/'), to.trim_end_matches('/'));
    let moves = Moves { from: from.to_owned(), to: to.to_owned() };
    let paths = project.tree().paths();
    let is_file = paths.iter().any(|path| path == from);
    let moved: Vec<String> = paths.iter().filter(|path| moves.of(path).is_some()).cloned().collect();
    if moved.is_empty() || from.is_empty() {
        return Err(super::missing(from));
    }
    let taken = moved.iter().filter_map(|path| moves.of(path)).find(|path| paths.contains(path));
    if let Some(taken) = taken.filter(|_| from != to) {
        return Err(Error::new(ErrorKind::Conflict, format!("{taken} is there already"))
            .path(&taken)
            .hint("choose another path"));
    }
    let family = |path: &str| Lang::from_path(path).map(Lang::family);
    if from == to || to.is_empty() || to.starts_with(&format!("{from}/")) || is_file && family(from) != family(to) {
        return Err(Error::usage(format!("{from} cannot become {to}")).hint("name another path for the same language"));
    }
    // One of each family of languages: their modules know each other.
    let mut langs: Vec<Lang> = moved.iter().filter_map(|path| Lang::from_path(path)).collect();
    langs.sort_by_key(|lang| lang.family() as u8);
    langs.dedup_by_key(|lang| lang.family());
    if langs.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no code in {from} that heck can read"))
            .path(from)
            .hint("move it without heck"));
    }
    let (mut edits, mut doubts) = (BTreeMap::new(), Vec::new());
    for lang in langs {
        let modules = Modules::read(project.tree(), lang);
        let tree = MovedTree::new(project.tree(), &moves);
        let after = Modules::read(&tree, lang);
        let mut work = Work { lang, modules, after, moves: &moves, is_file, edits, doubts };
        work.check_allowed(&moved)?;
        match (lang.family(), is_file) {
            (Family::Go, true) => work.check_package(project)?,
            (Family::Go, false) => work.move_packages(project)?,
            _ => work.imports(project, &moved)?,
        }
        (edits, doubts) = (work.edits, work.doubts);
    }
    let mut work = Settings { moves: &moves, doubts };
    work.tell(project);
    let edits = edits.into_iter().map(|((path, _), (span, text))| NameEdit { place: Place { path, span }, text });
    let kind = if is_file { "file" } else { "directory" };
    let doubts = in_order(work.doubts);
    Ok(Moved { names: vec![from.to_owned()], kind, is_passed_on: false, edits: edits.collect(), doubts })
}

/// Edits by path and place.
type Edits = BTreeMap<(String, usize), (Range<usize>, String)>;

/// What moves, as one family of languages sees it.
pub(super) struct Work<'a> {
    pub(super) lang: Lang,
    /// The modules as they are.
    pub(super) modules: Modules,
    /// The modules as they will be.
    pub(super) after: Modules,
    pub(super) moves: &'a Moves,
    pub(super) is_file: bool,
    edits: Edits,
    doubts: Vec<Doubt>,
}

impl Work<'_> {
    pub(super) fn conflict(&self, reason: &str, hint: &str) -> Error {
        let from = &self.moves.from;
        Error::new(ErrorKind::Conflict, format!("{from} cannot be moved: {reason}")).path(from).hint(hint)
    }

    pub(super) fn edit(&mut self, path: &str, span: Range<usize>, text: String) {
        self.edits.insert((path.to_owned(), span.start), (span, text));
    }

    pub(super) fn has_edit(&self, path: &str, at: usize) -> bool {
        self.edits.contains_key(&(path.to_owned(), at))
    }

    pub(super) fn doubt(&mut self, path: &str, span: Range<usize>, reason: &'static str) {
        self.doubts.push(Doubt { place: Place { path: path.to_owned(), span }, reason });
    }

    /// Refuses what is more than its files.
    fn check_allowed(&self, moved: &[String]) -> Result<()> {
        const MANIFESTS: [&str; 5] = ["package.json", "go.mod", "pyproject.toml", "setup.py", "setup.cfg"];
        if let Some(manifest) = moved.iter().find(|path| MANIFESTS.contains(&name_of(path))) {
            let reason = format!("{manifest} makes it a package of its own, which others may name in their own ways");
            return Err(self.conflict(&reason, "move the directories in it"));
        }
        let is_package = |path: &str| path.ends_with("__init__.py") || path.ends_with("__main__.py");
        match self.is_file && (is_package(&self.moves.from) || is_package(&self.moves.to)) {
            true => Err(self.conflict("it is a package, with the files beside it", "move its directory")),
            false => Ok(()),
        }
    }

    /// A file of Go stays in its package, and is built under the same conditions.
    fn check_package(&self, project: &mut Project<'_>) -> Result<()> {
        let (from, to) = (&self.moves.from, &self.moves.to);
        if dir_of(from) != dir_of(to) {
            return Err(self.conflict("it would leave its package", "move the directory, or declarations of the file"));
        }
        let parsed = Parsed::new(project, from)?;
        let text = &parsed.file.text;
        match conditions(from, text).0 == conditions(to, text).0 {
            true => Ok(()),
            false => Err(self.conflict("its new name is built under other conditions", "choose another name")),
        }
    }
}

/// Settings that may name what moves.
struct Settings<'a> {
    moves: &'a Moves,
    doubts: Vec<Doubt>,
}

impl Settings<'_> {
    fn tell(&mut self, project: &Project<'_>) {
        const SETTINGS: [&str; 6] =
            ["package.json", "tsconfig.json", "jsconfig.json", "pyproject.toml", "setup.cfg", "setup.py"];
        let from = &self.moves.from;
        let dotted = from.trim_end_matches(".py").replace('/', ".");
        let last_two = dotted.rsplitn(3, '.').take(2).collect::<Vec<_>>();
        let module = last_two.iter().rev().copied().collect::<Vec<_>>().join(".");
        // A directory's name alone is too common a word.
        let name = if Lang::from_path(from).is_some() { name_of(from) } else { from };
        let paths = project.tree().paths().iter().filter(|path| SETTINGS.contains(&name_of(path)));
        for path in paths.filter(|path| !path.contains("node_modules/")) {
            let Some(text) = project.tree().read(path) else { continue };
            let words = [name, module.as_str()].into_iter().filter(|word| word.contains(['.', '/']));
            let found = words.filter_map(|word| text.find(word).map(|at| at..at + word.len())).next();
            if let Some(span) = found {
                self.doubts.push(Doubt { place: Place { path: path.clone(), span }, reason: "it may name what moves" });
            }
        }
    }
}

#[cfg(test)]
#[path = "path_tests.rs"]
mod tests;
