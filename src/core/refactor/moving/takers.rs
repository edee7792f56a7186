//! Who uses what is moved: the old file itself, and the files that take it from there.

use std::ops::Range;

use super::header::Wanted;
use super::statement::Kind;
use super::{Opened, Work, named};
use crate::core::Result;
use crate::core::ast::{Family, Lang, named_children};
use crate::core::refactor::code::is_written;
use crate::core::refactor::modules::{Manner, stem};
use crate::core::refactor::names::{Export, Form, Taken};
use crate::core::refactor::project::{FileNames, names_of};
use crate::core::refactor::word;

impl Work<'_, '_, '_> {
    /// What the old file uses of it, and what it imports for nothing from now on.
    pub(super) fn uses(&mut self) -> Result<()> {
        let names = self.names;
        for symbol in self.symbols {
            let outside: Vec<_> = names.mentions_of(*symbol).filter(|m| !self.is_inside(m.span.start)).collect();
            for mention in outside {
                if self.lang != Lang::Go && is_written(&self.from.source, mention) && mention.form == Form::Plain {
                    return Err(self.from.conflict(
                        mention.span.start,
                        "its old file gives it a value here, which an import does not allow",
                        "move this statement along",
                    ));
                }
                self.is_used_here = true;
                if self.is_early(mention) {
                    self.early = self.early.or(Some(mention.span.start));
                    self.is_completed_here |= mention.form == Form::Plain && !self.is_text(mention.span.start);
                }
            }
        }
        self.drop_imports()
    }

    fn drop_imports(&mut self) -> Result<()> {
        for at in 0..self.from.header.statements.len() {
            let statement = self.from.header.statements[at].clone();
            if statement.is_export || !statement.is_top {
                continue;
            }
            let line = self.from.file.text[statement.range.start..].lines().next().unwrap_or_default();
            // JSX means `React` without naming it.
            let is_factory = statement.items.iter().any(|item| matches!(item.local.as_str(), "React" | "h"));
            if line.contains("noqa") || line.contains("eslint-disable") || is_factory {
                continue;
            }
            for (n, item) in statement.items.iter().enumerate() {
                let symbol = match self.lang {
                    Lang::Go => {
                        let module = self.from.header.module(at);
                        self.names.imports.iter().find(|import| import.from == *module).and_then(|import| import.symbol)
                    }
                    _ => self.from.top(&item.local),
                };
                let Some(symbol) = symbol else { continue };
                let uses = || self.names.mentions_of(symbol).filter(|m| !statement.range.contains(&m.span.start));
                let is_import = |span: &Range<usize>| self.from.header.item_at(span.start).is_some();
                let is_for_nothing = uses().any(|mention| self.is_inside(mention.span.start))
                    && uses().all(|m| self.is_inside(m.span.start) || m.is_declaration && is_import(&m.span));
                if is_for_nothing && !self.is_taken_from_here(&item.local) {
                    let is_last = statement.items.len() == 1;
                    let module = self.from.header.module(at).to_owned();
                    let is_known = self.modules.find(&self.from.file, &module).is_some();
                    let is_erased = matches!(self.lang, Lang::TypeScript | Lang::Tsx | Lang::Go);
                    if is_last && is_known && !is_erased && !self.is_used_here {
                        let path = self.from.path().to_owned();
                        self.doubt(&path, statement.range.clone(), "the old file does not load this any more");
                    }
                    self.from.header.remove((at, n));
                }
            }
        }
        Ok(())
    }

    /// In Python what a file imports, others may import from it.
    fn is_taken_from_here(&mut self, name: &str) -> bool {
        if self.lang != Lang::Python {
            return false;
        }
        let stem = stem(self.from.path()).to_owned();
        let files = self.project.mentioning(self.lang, name);
        files.iter().filter(|file| file.path != self.from.path()).any(|file| {
            let names = names_of(file);
            let is_here = |from: &str| self.modules.find(file, from).as_deref() == Some(self.from.path());
            let is_taken = |what: &Taken| match what {
                Taken::Name { name: taken, .. } => taken == name,
                Taken::All => true,
                _ => false,
            };
            // Tests put something else in its place by its full name.
            file.text.contains(&format!("{stem}.{name}"))
                || names.imports.iter().any(|import| is_taken(&import.what) && is_here(&import.from))
                || self.may_reach(file, name)
        })
    }

    /// Whether a file may name something of the old one through a module: `a.f`, or `a.b.f` where `a` imports `b`.
    pub(super) fn may_reach(&self, file: &FileNames, name: &str) -> bool {
        let names = names_of(file);
        let is_import = |symbol: usize| names.imports.iter().any(|import| import.symbol == Some(symbol));
        let mut all = names.accesses.iter().filter(|access| access.name == name).peekable();
        let is_member = || names.members.iter().any(|member| member.name == name);
        (all.peek().is_some() || is_member()) && self.reaches(file, self.from.path())
            || all.any(|access| !access.path.is_empty() && is_import(access.object))
    }

    /// Whether a file imports a module as a whole, by which it can reach all of its names.
    fn reaches(&self, file: &FileNames, module: &str) -> bool {
        names_of(file).imports.iter().any(|import| {
            let found = self.modules.find(file, &import.from);
            match &import.what {
                Taken::Whole => found.as_deref().is_some_and(|found| found == module || is_package_of(found, module)),
                Taken::Name { name, .. } => {
                    found.and_then(|found| self.modules.submodule(&found, name)).as_deref() == Some(module)
                }
                _ => false,
            }
        })
    }

    /// Turns the imports of all other files around.
    pub(super) fn takers(&mut self) -> Result<()> {
        if self.lang == Lang::Go {
            return Ok(());
        }
        if self.is_completed_here {
            // Whoever takes it goes on to load the old file, which completes it.
            self.is_passed_on = true;
            return Ok(());
        }
        for symbol in self.symbols {
            let name = self.name(*symbol).to_owned();
            self.foreign_files(&name);
            let own = std::sync::Arc::clone(&self.from.file);
            self.named_in_strings(&own, &name);
            if !self.is_offered(*symbol) {
                continue;
            }
            self.handed_on(&name);
            for file in self.project.mentioning(self.lang, &name) {
                if file.path == self.from.path() {
                    continue;
                }
                let path = file.path.clone();
                let names = names_of(&file);
                if file.names.is_none() {
                    let at = word::places(&file.text, &name).next().unwrap_or_default();
                    self.doubt(&path, at..at + name.len(), "the file has syntax errors");
                    continue;
                }
                for import in &names.imports {
                    let is_here = self.modules.find(&file, &import.from).as_deref() == Some(self.from.path());
                    match &import.what {
                        Taken::Name { name: taken, span, .. } if *taken == name && is_here => {
                            self.turn(&path, span, &name, import.symbol)?;
                        }
                        Taken::All if is_here => self.is_passed_on = true,
                        _ => {}
                    }
                }
                self.is_passed_on |= self.may_reach(&file, &name);
                for export in &names.exports {
                    match export {
                        Export::Passed { from, imported, span, .. }
                            if *imported == name
                                && self.modules.find(&file, from).as_deref() == Some(self.from.path()) =>
                        {
                            self.turn(&path, span, &name, None)?;
                        }
                        Export::All { from } | Export::AllAs { from, .. }
                            if self.modules.find(&file, from).as_deref() == Some(self.from.path()) =>
                        {
                            self.is_passed_on = true;
                        }
                        _ => {}
                    }
                }
                self.named_in_strings(&file, &name);
            }
        }
        Ok(())
    }

    /// Whether a place lies in a string, such as a name in `__all__`.
    fn is_text(&self, at: usize) -> bool {
        self.names.texts.iter().any(|text| text.span.contains(&at))
    }

    /// Files that heck does not parse, and that mention both the name and its file.
    fn foreign_files(&mut self, name: &str) {
        const KINDS: [&str; 6] = [".vue", ".svelte", ".astro", ".mdx", ".html", ".ipynb"];
        let stem = stem(self.from.path()).to_owned();
        let paths: Vec<String> = self
            .project
            .tree()
            .paths()
            .iter()
            .filter(|path| KINDS.iter().any(|kind| path.ends_with(kind)))
            .cloned()
            .collect();
        for path in paths {
            let Some(text) = self.project.tree().read(&path) else { continue };
            let at = word::places(&text, name).next().filter(|_| word::has(&text, &stem));
            if let Some(at) = at {
                self.doubt(&path, at..at + name.len(), "heck does not understand this kind of file");
            }
        }
    }

    /// Files that take the old one as a whole and do more with it than name its members: they may reach anything.
    fn handed_on(&mut self, name: &str) {
        let stem = stem(self.from.path()).to_owned();
        for file in self.project.mentioning(self.lang, &stem) {
            let names = names_of(&file);
            for import in names.imports.iter().filter(|import| matches!(import.what, Taken::Whole)) {
                let Some(symbol) = import.symbol else { continue };
                if self.modules.find(&file, &import.from).as_deref() != Some(self.from.path()) {
                    continue;
                }
                let is_whole = names.mentions_of(symbol).filter(|mention| !mention.is_declaration).any(|mention| {
                    let behind = file.text[mention.span.end..].trim_start();
                    !behind.starts_with('.') && !behind.starts_with("?.")
                });
                let is_named = names.accesses.iter().any(|access| access.object == symbol && access.name == name);
                self.is_passed_on |= is_whole || is_named;
            }
        }
    }

    /// Strings that name it by its file, such as those that put something else in its place in a test.
    fn named_in_strings(&mut self, file: &FileNames, name: &str) {
        let stem = stem(self.from.path()).to_owned();
        let reaches = self.reaches(file, self.from.path());
        for text in names_of(file).texts.iter().filter(|text| !text.is_comment) {
            let Some(inner) = file.text.get(text.span.clone()) else { continue };
            let bare = inner.trim_matches(['"', '\'', '`']);
            let is_dotted = self.lang == Lang::Python && inner.contains(&format!("{stem}.{name}"));
            let is_path = self.lang != Lang::Python
                && bare.starts_with('.')
                && self.modules.find(file, bare).as_deref() == Some(self.from.path());
            let is_own = file.path == self.from.path();
            let is_listed = names_of(file).mentions.iter().any(|mention| text.span.contains(&mention.span.start));
            let is_name = bare == name && (reaches || is_own) && !is_listed;
            self.is_passed_on |= is_name;
            if is_dotted || is_path || is_name {
                self.doubt(&file.path, text.span.clone(), "the string names its old file");
            }
        }
    }

    /// Takes one name from the new file instead of the old one.
    fn turn(&mut self, path: &str, span: &Range<usize>, name: &str, symbol: Option<usize>) -> Result<()> {
        if path == self.to.path() {
            return self.turn_at_home(span, name, symbol);
        }
        let opened = match self.others.remove(path) {
            Some(opened) => opened,
            None => Opened::new(self.project, path)?,
        };
        let opened = self.turned(opened, span);
        self.others.insert(path.to_owned(), opened);
        Ok(())
    }

    fn turned(&mut self, mut opened: Opened, span: &Range<usize>) -> Opened {
        let found = opened.header.item_at(span.start);
        let Some(at) = found.filter(|at| opened.header.item(*at).kind == Kind::Named) else {
            // `require`, an import in an expression: it stays with the old file.
            self.is_passed_on = true;
            return opened;
        };
        let module = opened.header.module(at.0).to_owned();
        let like = Manner { specifier: &module, means: self.from.path() };
        let Some(written) = self.modules.written(&opened.file, self.to.path(), &like) else {
            self.is_passed_on = true;
            return opened;
        };
        let statement = opened.header.statements[at.0].clone();
        let item = opened.header.item(at).clone();
        opened.header.remove(at);
        opened.header.want(Wanted {
            module: written,
            name: item.name,
            local: item.local,
            kind: Kind::Named,
            is_type: statement.is_type || item.is_type,
            is_export: statement.is_export,
            beside: Some(statement.range.start),
        });
        opened
    }

    /// The new file has taken it from the old one: now it is its own.
    fn turn_at_home(&mut self, span: &Range<usize>, name: &str, symbol: Option<usize>) -> Result<()> {
        let Some(at) = self.to.header.item_at(span.start) else {
            return Err(self.to.conflict(
                span.start,
                "the new file takes it by more than a plain import",
                "import it plainly",
            ));
        };
        let item = self.to.header.item(at).clone();
        if item.local != name {
            return Err(self.to.conflict(span.start, "the new file knows it by another name", "rename that first"));
        }
        let is_listed = |export: &Export| matches!(export, Export::Listed { symbol: of, .. } if Some(*of) == symbol);
        if names_of(&self.to.file).exports.iter().any(is_listed) {
            return Err(self.to.conflict(
                span.start,
                "the new file passes it on by a list",
                "take it out of the list first",
            ));
        }
        self.to.header.remove(at);
        Ok(())
    }

    /// What the old file imports from the new one, or passes on.
    pub(super) fn keep(&mut self) -> Result<()> {
        if self.lang == Lang::Go || !self.is_used_here && !self.is_passed_on {
            return Ok(());
        }
        let module = self.between(true).ok_or_else(|| {
            self.from.conflict(
                self.pieces[0].range.start,
                "the old file has no way to name the new one",
                "choose another file",
            )
        })?;
        for symbol in self.symbols.iter().copied() {
            let name = self.name(symbol).to_owned();
            let is_used = self.names.mentions_of(symbol).any(|mention| !self.is_inside(mention.span.start));
            let is_passed_on = self.is_passed_on && self.is_offered(symbol);
            let wanted = named(module.clone(), &name, self.is_type(symbol));
            if is_used || is_passed_on && self.lang == Lang::Python {
                self.from.header.want(wanted.clone());
            }
            if is_passed_on && self.lang != Lang::Python {
                self.from.header.want(Wanted { is_export: true, ..wanted });
            }
        }
        Ok(())
    }

    /// Whether a class, enum or variable needs `export` in its new file.
    pub(super) fn is_to_be_exported(&self, symbol: usize) -> bool {
        let is_script = self.lang.family() == Family::JavaScript;
        let is_used = self.names.mentions_of(symbol).any(|mention| !self.is_inside(mention.span.start));
        is_script && !self.is_offered(symbol) && is_used
    }
}

/// Whether a Python file is a package around another.
fn is_package_of(package: &str, module: &str) -> bool {
    package.strip_suffix("__init__.py").is_some_and(|dir| module.starts_with(dir))
}

/// Where `export` goes in a declaration.
pub fn export_at(node: tree_sitter::Node<'_>) -> usize {
    named_children(node)
        .find(|child| child.kind() != "decorator" && child.kind() != "comment")
        .filter(|_| node.child(0).is_some_and(|first| first.kind() == "decorator"))
        .and_then(|child| child.prev_sibling())
        .map_or(node.start_byte(), |keyword| keyword.start_byte())
}
