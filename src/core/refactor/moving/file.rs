//! A whole file under another path: whoever imports it writes the new one, and its own relative imports lead where they
//! led before.

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::Moved;
use super::home::{conditions, is_module};
use super::statement::{Kind, Statement, statements};
use crate::core::ast::{Family, Lang, named_children};
use crate::core::path::dir_of;
use crate::core::refactor::Doubt;
use crate::core::refactor::code::Parsed;
use crate::core::refactor::doubt::in_order;
use crate::core::refactor::modules::{Manner, Modules, stem};
use crate::core::refactor::names::{Place, Taken};
use crate::core::refactor::project::{FileNames, Project, WithoutFile, names_of};
use crate::core::refactor::rename::NameEdit;
use crate::core::{Error, Kind as ErrorKind, Result};

/// Finds what changes when a file gets another path. The project must know the new one, with an empty text. The edits
/// of the file itself are for its old path.
pub fn move_file(project: &mut Project<'_>, from: &str, to: &str) -> Result<Moved> {
    let lang = Lang::from_path(from).ok_or_else(|| super::missing(from))?;
    if !Lang::from_path(to).is_some_and(|to| to.family() == lang.family()) || from == to {
        return Err(Error::usage(format!("{from} cannot become {to}")).hint("name another path for the same language"));
    }
    let parsed = Parsed::new(project, from)?;
    let target = project.file(to).ok_or_else(|| super::missing(to))?;
    if !target.text.is_empty() {
        return Err(Error::new(ErrorKind::Conflict, format!("{to} is there already"))
            .path(to)
            .hint("choose another path"));
    }
    let modules = Modules::read(project.tree(), lang);
    let after = Modules::read(&WithoutFile::new(project.tree(), from), lang);
    let mut work = Work { modules, after, from, to, edits: BTreeMap::new(), doubts: Vec::new() };
    work.tell_settings(project);
    match lang.family() {
        Family::Go => work.check_package(&parsed)?,
        _ => {
            work.check_package_file()?;
            work.own(&parsed, &target)?;
            for file in project.mentioning(lang, stem(from)) {
                if file.path != from && file.path != to {
                    work.other(project, &file)?;
                }
            }
        }
    }
    let doubts = in_order(work.doubts);
    let edits = work.edits.into_iter().map(|((path, _), (span, text))| NameEdit { place: Place { path, span }, text });
    let names = vec![from.to_owned()];
    Ok(Moved { names, kind: "file", is_passed_on: false, edits: edits.collect(), doubts })
}

struct Work<'a> {
    /// The modules as they are.
    modules: Modules,
    /// The modules without the old file.
    after: Modules,
    from: &'a str,
    to: &'a str,
    /// By path and place.
    edits: BTreeMap<(String, usize), (Range<usize>, String)>,
    doubts: Vec<Doubt>,
}

impl Work<'_> {
    fn conflict(&self, reason: &str, hint: &str) -> Error {
        Error::new(ErrorKind::Conflict, format!("{} cannot be moved: {reason}", self.from)).path(self.from).hint(hint)
    }

    fn edit(&mut self, path: &str, span: Range<usize>, text: String) {
        self.edits.insert((path.to_owned(), span.start), (span, text));
    }

    fn doubt(&mut self, path: &str, span: Range<usize>, reason: &'static str) {
        self.doubts.push(Doubt { place: Place { path: path.to_owned(), span }, reason });
    }

    /// Settings that name the file.
    fn tell_settings(&mut self, project: &Project<'_>) {
        const SETTINGS: [&str; 6] =
            ["package.json", "tsconfig.json", "jsconfig.json", "pyproject.toml", "setup.cfg", "setup.py"];
        let name = self.from.rsplit('/').next().unwrap_or(self.from).to_owned();
        let dotted = self.from.trim_end_matches(".py").replace('/', ".");
        let paths = project.tree().paths().iter();
        let settings = paths.filter(|path| SETTINGS.contains(&path.rsplit('/').next().unwrap_or_default()));
        for path in settings.filter(|path| !path.contains("node_modules/")) {
            let Some(text) = project.tree().read(path) else { continue };
            let last_two = dotted.rsplitn(3, '.').take(2).collect::<Vec<_>>();
            let module = last_two.iter().rev().copied().collect::<Vec<_>>().join(".");
            let words = [name.as_str(), module.as_str()];
            let found = words
                .iter()
                .filter(|word| word.contains('.'))
                .find_map(|word| text.find(word).map(|at| (at, word.len())));
            if let Some((at, len)) = found {
                self.doubt(path, at..at + len, "it may name the file");
            }
        }
    }

    /// A file of Go stays in its package, and is built under the same conditions.
    fn check_package(&self, parsed: &Parsed) -> Result<()> {
        if dir_of(self.from) != dir_of(self.to) {
            return Err(self.conflict("it would leave its package", "heck moves within a package of Go"));
        }
        let text = &parsed.file.text;
        match conditions(self.from, text).0 == conditions(self.to, text).0 {
            true => Ok(()),
            false => Err(self.conflict("its new name is built under other conditions", "choose another name")),
        }
    }

    /// A package of Python is its `__init__.py`, and what lies beside that.
    fn check_package_file(&self) -> Result<()> {
        let is_package = |path: &str| path.ends_with("__init__.py") || path.ends_with("__main__.py");
        match is_package(self.from) || is_package(self.to) {
            true => Err(self.conflict("it is a package, with the files beside it", "move its modules one by one")),
            false => Ok(()),
        }
    }

    /// The relative imports of the file itself.
    fn own(&mut self, parsed: &Parsed, target: &FileNames) -> Result<()> {
        let file = &parsed.file;
        for (span, specifier) in specifiers(parsed) {
            if !specifier.starts_with('.') {
                continue;
            }
            let turned = match self.modules.find(file, &specifier) {
                // It imports itself.
                Some(means) if means == self.from => {
                    self.after.written(target, self.to, &Manner { specifier: &specifier, means: &means })
                }
                Some(means) => self.after.written(target, &means, &Manner { specifier: &specifier, means: &means }),
                None => self.modules.turned(file, &specifier, target),
            };
            match turned {
                Some(turned) if turned == specifier => {}
                Some(turned) => self.edit(&file.path.clone(), span, turned),
                None => {
                    let at = parsed.code("moved").shown(span.start);
                    return Err(self.conflict(
                        &format!("it could not name '{specifier}' at {at}"),
                        "import it by its full name first",
                    ));
                }
            }
        }
        let about = ["import.meta", "__dirname", "__filename", "__file__", "__name__", "__package__"];
        for word in about.iter().filter(|word| file.text.contains(*word)) {
            let at = file.text.find(word).unwrap_or_default();
            self.doubt(&file.path.clone(), at..at + word.len(), "this is about the file that it stands in");
        }
        Ok(())
    }

    /// The imports of another file.
    fn other(&mut self, project: &mut Project<'_>, file: &FileNames) -> Result<()> {
        if file.names.is_none() {
            return Ok(());
        }
        let parsed = Parsed::new(project, &file.path)?;
        let path = file.path.clone();
        let all = statements(&parsed.source);
        for (span, specifier) in specifiers(&parsed) {
            if self.modules.find(file, &specifier).as_deref() != Some(self.from) {
                continue;
            }
            let like = Manner { specifier: &specifier, means: self.from };
            match self.after.written(file, self.to, &like) {
                Some(written) => self.edit(&path, span, written),
                None => self.doubt(&path, span, "the new path cannot be written in this way"),
            }
        }
        if matches!(self.modules, Modules::Python(_)) {
            self.python(&parsed, &all);
            self.through_package(file);
        }
        for text in names_of(file).texts.iter().filter(|text| !text.is_comment) {
            let Some(written) = file.text.get(text.span.clone()) else { continue };
            let module = self.from.trim_end_matches(".py").replace('/', ".");
            let last = module.rsplit('.').next().unwrap_or_default().to_owned();
            let is_dotted = self.from.ends_with(".py")
                && (written.contains(&format!(".{last}")) || written.contains(&format!("{last}.")));
            if is_dotted && !self.edits.contains_key(&(path.clone(), text.span.start + 1)) {
                self.doubt(&path, text.span.clone(), "the string may name the file");
            }
        }
        Ok(())
    }

    /// Whether the file stays in its directory.
    fn is_beside(&self) -> bool {
        dir_of(self.from) == dir_of(self.to)
    }

    /// `a.b`, where `b` is the file and `a` its package, whoever imported that.
    fn through_package(&mut self, file: &FileNames) {
        let names = names_of(file);
        for access in names.accesses.iter().filter(|access| !access.is_keyword && access.name == stem(self.from)) {
            let import = names.imports.iter().find(|import| import.symbol == Some(access.object));
            let base = import.and_then(|import| {
                let found = self.modules.find(file, &import.from)?;
                match &import.what {
                    Taken::Name { name, .. } => self.modules.submodule(&found, name),
                    _ => Some(found),
                }
            });
            let package = access.path.iter().try_fold(base, |at, part| Some(self.modules.submodule(&at?, part)));
            let module = package.flatten().and_then(|package| self.modules.submodule(&package, &access.name));
            if module.as_deref() != Some(self.from) {
                continue;
            }
            match self.is_beside() {
                true => self.edit(&file.path, access.span.clone(), stem(self.to).to_owned()),
                false => {
                    self.doubt(&file.path, access.span.clone(), "it is reached through its package, which it leaves")
                }
            }
        }
    }

    /// `from a import b` and `import a.b`, where `b` is the file.
    fn python(&mut self, parsed: &Parsed, all: &[Statement]) {
        let (file, text) = (&parsed.file, parsed.source.text());
        let new = stem(self.to).to_owned();
        for statement in all {
            let module = &text[statement.module.clone()];
            for item in &statement.items {
                match item.kind {
                    Kind::Named => {
                        let package = self.modules.find(file, module);
                        let is_it = package.and_then(|package| self.modules.submodule(&package, &item.name)).as_deref()
                            == Some(self.from);
                        if is_it && self.is_beside() {
                            let written = format!("{new} as {}", item.local);
                            let written = if item.local == new { new.clone() } else { written };
                            self.edit(&file.path.clone(), item.range.clone(), written);
                        } else if is_it {
                            self.doubt(
                                &file.path.clone(),
                                item.range.clone(),
                                "it is imported from its package, which it leaves",
                            );
                        }
                    }
                    Kind::Whole if self.modules.find(file, &item.name).as_deref() == Some(self.from) => {
                        let like = Manner { specifier: &item.name, means: self.from };
                        let Some(written) = self.after.written(file, self.to, &like) else {
                            self.doubt(
                                &file.path.clone(),
                                item.range.clone(),
                                "the new path cannot be written in this way",
                            );
                            continue;
                        };
                        let name = item.range.start..item.range.start + item.name.len();
                        self.edit(&file.path.clone(), name, written.clone());
                        let is_plain = item.range.len() == item.name.len();
                        if is_plain && !self.is_beside() {
                            for span in named_as(parsed.source.tree().root_node(), text, &item.name) {
                                self.edit(&file.path.clone(), span, written.clone());
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Where a module's full name stands in code.
fn named_as(root: Node<'_>, text: &str, name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        let is_it = matches!(node.kind(), "attribute" | "identifier") && text[node.byte_range()] == *name;
        let is_import = node.kind().starts_with("import");
        match is_it {
            true => found.push(node.byte_range()),
            false if is_import => {}
            false => stack.extend(named_children(node)),
        }
    }
    found
}

/// Every module that a file names, with the place of its name.
fn specifiers(parsed: &Parsed) -> Vec<(Range<usize>, String)> {
    let text = parsed.source.text();
    let mut all: Vec<(Range<usize>, String)> = statements(&parsed.source)
        .into_iter()
        .filter(|one| !(parsed.source.lang() == Lang::Python && one.items.iter().all(|item| item.kind == Kind::Whole)))
        .map(|one| (one.module.clone(), text[one.module].to_owned()))
        .collect();
    if parsed.source.lang().family() == Family::JavaScript {
        for one in
            names_of(&parsed.file).texts.iter().filter(|one| !one.is_comment && is_module(&text[..one.span.start]))
        {
            let inner = one.span.start + 1..one.span.end.saturating_sub(1).max(one.span.start + 1);
            all.extend(text.get(inner.clone()).map(|written| (inner, written.to_owned())));
        }
    }
    all
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
