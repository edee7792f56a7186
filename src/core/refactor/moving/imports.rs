//! Imports of what gets another path, and of what lies in it: JavaScript and Python.

use std::collections::BTreeSet;
use std::ops::Range;

use tree_sitter::Node;

use super::home::is_module;
use super::path::Work;
use super::statement::{Item, Kind, statements};
use crate::core::Result;
use crate::core::ast::{Family, Lang, named_children};
use crate::core::path::dir_of;
use crate::core::refactor::code::Parsed;
use crate::core::refactor::modules::{Manner, Modules, stem};
use crate::core::refactor::names::Taken;
use crate::core::refactor::project::{FileNames, Project, names_of};

/// Words by which a file learns where it lies, or what it is called.
const ABOUT_PLACE: [&str; 5] = ["import.meta", "__dirname", "__filename", "__file__", "__package__"];

impl Work<'_> {
    /// Rewrites the imports of what moves, and of whoever takes from it.
    pub(super) fn imports(&mut self, project: &mut Project<'_>, moved: &[String]) -> Result<()> {
        let family = self.lang.family();
        let mut paths: BTreeSet<String> =
            moved.iter().filter(|path| Lang::from_path(path).map(Lang::family) == Some(family)).cloned().collect();
        let others = match self.is_file {
            true => project.mentioning(self.lang, stem(&self.moves.from)),
            false => project.all(self.lang),
        };
        paths.extend(others.iter().filter(|file| file.names.is_some()).map(|file| file.path.clone()));
        for path in paths {
            let parsed = Parsed::new(project, &path)?;
            self.specifiers(&parsed)?;
            match self.moves.of(&path).is_some() {
                true => self.tell_place(&parsed.file),
                false => self.tell_strings(&parsed.file),
            }
            if matches!(self.modules, Modules::Python(_)) {
                self.python(&parsed);
                self.through_package(&parsed.file);
            }
        }
        Ok(())
    }

    /// The modules that a file names.
    fn specifiers(&mut self, parsed: &Parsed) -> Result<()> {
        let file = &parsed.file;
        let new_path = self.moves.of(&file.path);
        let here =
            FileNames { path: new_path.clone().unwrap_or_else(|| file.path.clone()), text: String::new(), names: None };
        for (span, specifier) in specifiers(parsed) {
            let means = self.modules.find(file, &specifier);
            let target = means.as_deref().and_then(|means| self.moves.of(means));
            let is_relative = specifier.starts_with('.');
            let written = match &means {
                // Neither this file nor what it names moves, or it is named from the top.
                Some(_) if target.is_none() && (new_path.is_none() || !is_relative) => continue,
                Some(means) => {
                    let to = target.as_deref().unwrap_or(means);
                    self.after.written(&here, to, &Manner { specifier: &specifier, means })
                }
                None if !is_relative => continue,
                None => self.unknown(file, &specifier, &here),
            };
            match written {
                Some(written) if written == specifier => {}
                Some(written) => self.edit(&file.path, span, written),
                None if new_path.is_some() => {
                    let at = parsed.code("moved").shown(span.start);
                    let reason = format!("it could not name '{specifier}' at {at}");
                    return Err(self.conflict(&reason, "import it by its full name first"));
                }
                None => self.doubt(&file.path, span, "the new path cannot be written in this way"),
            }
        }
        Ok(())
    }

    /// A relative path to something that is no module heck knows, such as a style sheet.
    fn unknown(&self, file: &FileNames, specifier: &str, here: &FileNames) -> Option<String> {
        let target = self.modules.meant(file, specifier).and_then(|path| self.moves.of(&path));
        match target {
            Some(target) => self.modules.pointing(here, &target),
            None if file.path == here.path => Some(specifier.to_owned()),
            None => self.modules.turned(file, specifier, here),
        }
    }

    /// Tells where a file that moves looks at its own place.
    fn tell_place(&mut self, file: &FileNames) {
        // What a file is called matters where it is one file; in a directory nearly all of Python's loggers ask.
        let about = ABOUT_PLACE.iter().chain(self.is_file.then_some(&"__name__"));
        for word in about.filter(|word| file.text.contains(**word)) {
            let at = file.text.find(word).unwrap_or_default();
            self.doubt(&file.path, at..at + word.len(), "this is about the file that it stands in");
        }
    }

    /// Tells of strings that may name what moves.
    fn tell_strings(&mut self, file: &FileNames) {
        let from = self.moves.from.as_str();
        let module = from.trim_end_matches(".py").replace('/', ".");
        let last = module.rsplit('.').next().unwrap_or_default();
        let (before, behind) = (format!(".{last}"), format!("{last}."));
        let parts: Vec<&str> = from.rsplitn(3, '/').take(2).collect();
        let last_two = |between: &str| parts.iter().rev().copied().collect::<Vec<_>>().join(between);
        let (dotted, slashed) = (last_two("."), last_two("/"));
        let is_python = self.lang == Lang::Python;
        for text in file.names.iter().flat_map(|names| &names.texts).filter(|text| !text.is_comment) {
            let Some(written) = file.text.get(text.span.clone()) else { continue };
            let is_named = match self.is_file {
                true => is_python && from.ends_with(".py") && (written.contains(&before) || written.contains(&behind)),
                // A directory's name alone is too common a word.
                false if parts.len() == 2 => is_python && written.contains(&dotted) || written.contains(&slashed),
                false => is_python && written.trim_start_matches(['"', '\'']).starts_with(&behind),
            };
            if is_named && !self.has_edit(&file.path, text.span.start + 1) {
                let reason = if self.is_file { "the string may name the file" } else { "the string may name it" };
                self.doubt(&file.path, text.span.clone(), reason);
            }
        }
    }

    /// `a.b`, where `b` moves and `a` is its package, whoever imported that.
    fn through_package(&mut self, file: &FileNames) {
        let root = if self.is_file { self.moves.from.clone() } else { format!("{}/__init__.py", self.moves.from) };
        let names = names_of(file);
        for access in names.accesses.iter().filter(|access| !access.is_keyword && access.name == stem(&root)) {
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
            if module.as_ref() != Some(&root) {
                continue;
            }
            match self.stays_in_package() {
                true => self.edit(&file.path, access.span.clone(), stem(&self.moves.to).to_owned()),
                false => {
                    self.doubt(&file.path, access.span.clone(), "it is reached through its package, which it leaves")
                }
            }
        }
    }

    /// Whether what moves only gets another name.
    fn stays_in_package(&self) -> bool {
        dir_of(&self.moves.from) == dir_of(&self.moves.to)
    }

    /// `from a import b` and `import a.b`, where `b` moves.
    fn python(&mut self, parsed: &Parsed) {
        let (file, text) = (&parsed.file, parsed.source.text());
        for statement in statements(&parsed.source) {
            for item in &statement.items {
                match item.kind {
                    Kind::Named => self.named(file, &text[statement.module.clone()], item),
                    Kind::Whole => self.whole(parsed, item),
                    _ => {}
                }
            }
        }
    }

    fn named(&mut self, file: &FileNames, module: &str, item: &Item) {
        let Some(package) = self.modules.find(file, module) else { return };
        let Some(old) = self.modules.submodule(&package, &item.name) else { return };
        let Some(new) = self.moves.of(&old) else { return };
        let new_package = self.moves.of(&package).unwrap_or(package);
        let name = stem(&new);
        if self.after.submodule(&new_package, name).as_ref() != Some(&new) {
            let reason = "it is imported from its package, which it leaves";
            return self.doubt(&file.path, item.range.clone(), reason);
        }
        if name != item.name {
            let written = if item.local == name { name.to_owned() } else { format!("{name} as {}", item.local) };
            self.edit(&file.path, item.range.clone(), written);
        }
    }

    fn whole(&mut self, parsed: &Parsed, item: &Item) {
        let file = &parsed.file;
        let Some(means) = self.modules.find(file, &item.name) else { return };
        let Some(new) = self.moves.of(&means) else { return };
        let Some(written) = self.after.written(file, &new, &Manner { specifier: &item.name, means: &means }) else {
            return self.doubt(&file.path, item.range.clone(), "the new path cannot be written in this way");
        };
        let name = item.range.start..item.range.start + item.name.len();
        self.edit(&file.path, name, written.clone());
        let is_plain = item.range.len() == item.name.len();
        if is_plain && !self.stays_in_package() {
            for span in named_as(parsed.source.tree().root_node(), parsed.source.text(), &item.name) {
                self.edit(&file.path, span, written.clone());
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
