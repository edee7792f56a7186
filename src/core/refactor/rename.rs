//! Another name for something: every place that means it, across files, and what cannot be decided.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::allowed::{InPackage, check_name, check_package};
use super::clash::{clash, refused, taken};
use super::doubt::{Doubt, in_order};
use super::keyword::taken_as_they_come;
use super::modules::Modules;
use super::names::{Export, Form, Mention, Names, Place, Taken};
use super::project::{FileNames, Project, names_of};
use super::references::{LOOKED_AT, strings_importing};
use super::target::{Target, nothing, target};
use crate::core::ast::Lang;
use crate::core::{Error, Kind, Result};

/// What is to be renamed.
#[derive(Debug)]
pub struct Rename<'a> {
    /// The file.
    pub path: &'a str,
    /// A byte of the name, wherever it is mentioned.
    pub offset: usize,
    /// The new name.
    pub to: &'a str,
}

/// One place to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameEdit {
    /// Where.
    pub place: Place,
    /// What stands there afterwards.
    pub text: String,
}

/// What a renaming changes.
#[derive(Debug)]
pub struct Renamed {
    /// The old name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
    /// The places that cannot be decided, in order.
    pub doubts: Vec<Doubt>,
}

/// Finds everything that changes with a name. Fails with `conflict` where the new name is taken.
pub fn rename(project: &mut Project<'_>, what: &Rename<'_>) -> Result<Renamed> {
    let missing = || Error::new(Kind::NotFound, format!("{} is no text of the repository", what.path)).path(what.path);
    let file = project.file(what.path).ok_or_else(missing)?;
    let names = file.names.as_ref().ok_or_else(|| {
        Error::invalid(format!("{} cannot be understood", what.path))
            .path(what.path)
            .hint("look for a syntax error, or whether heck renames in this language")
    })?;
    let lang = Lang::from_path(what.path).ok_or_else(missing)?;
    let modules = Modules::read(project.tree(), lang);
    let target = target(project, &modules, &file, names, what.offset).ok_or_else(|| nothing(&file, what.offset))?;
    let old = match &target {
        Target::Symbol(file, symbol) => names_of(file).symbols[*symbol].name.clone(),
        Target::Export(_, name) => name.clone(),
    };
    check_name(what.to, &old, lang)?;
    let mut work = Work {
        files: project.mentioning(lang, &old),
        modules,
        old,
        new: what.to.to_owned(),
        edits: BTreeMap::new(),
        seen: HashSet::new(),
        seen_members: HashSet::new(),
        clash: None,
        is_public: false,
        has_members: false,
        settled: HashSet::new(),
        more_doubts: Vec::new(),
        called: HashSet::new(),
    };
    let kind = match target {
        Target::Symbol(file, symbol) => {
            let names = names_of(&file);
            if let Some(clash) = clash(&file, symbol, &work.new) {
                return Err(refused(&file, &work.old, &work.new, &clash));
            }
            if lang == Lang::Go && names.symbols[symbol].scope == 0 {
                let (modules, files) = (&work.modules, &work.files);
                check_package(project, &InPackage { modules, files, file: &file, old: &work.old, new: &work.new })?;
            }
            work.symbol(&file, symbol, false);
            work.arguments(project, &file, symbol);
            work.family(project, &file, symbol);
            if work.has_members && lang == Lang::Python {
                work.more_doubts.extend(taken_as_they_come(project, &work.modules, &work.files, &work.old));
            }
            if names.symbols[symbol].scope == 0 {
                let looking = strings_importing(project, &file.path).into_iter();
                work.more_doubts.extend(looking.map(|place| Doubt { place, reason: LOOKED_AT }));
            }
            names.symbols[symbol].kind
        }
        Target::Export(path, name) => {
            work.export(&path, &name);
            work.offered(project, &path, &name);
            "member"
        }
    };
    if let Some(clash) = work.clash {
        return Err(clash);
    }
    let doubts = in_order(work.doubts());
    let edits = work.edits.into_iter().map(|((path, _), (span, text))| NameEdit { place: Place { path, span }, text });
    Ok(Renamed { name: work.old, kind, edits: edits.collect(), doubts })
}

pub(super) struct Work {
    /// The files that mention the old name, or may pass it on.
    pub(super) files: Vec<Arc<FileNames>>,
    pub(super) modules: Modules,
    pub(super) old: String,
    pub(super) new: String,
    /// By path and place.
    pub(super) edits: BTreeMap<(String, usize), (Range<usize>, String)>,
    /// What was offered under which name and is done.
    seen: HashSet<(String, String)>,
    /// The same of what has the member, or with `true` the argument, that is renamed.
    pub(super) seen_members: HashSet<(String, String, bool)>,
    /// The first place where the new name means something else already.
    pub(super) clash: Option<Error>,
    /// Whether other files can know the name.
    pub(super) is_public: bool,
    /// Whether it is a member, which is also named on things whose type is not known.
    pub(super) has_members: bool,
    /// Places that surely mean another member, by path and byte.
    pub(super) settled: HashSet<(String, usize)>,
    /// What else may need a look.
    pub(super) more_doubts: Vec<Doubt>,
    /// The names of the functions of which it is an argument.
    pub(super) called: HashSet<String>,
}

impl Work {
    pub(super) fn edit(&mut self, path: &str, span: &Range<usize>, text: String) {
        self.edits.insert((path.to_owned(), span.start), (span.clone(), text));
    }

    /// Renames a symbol in its file, and in others where it is known by its own name. `is_new_there` says that what
    /// it is imported from has the new name already.
    pub(super) fn symbol(&mut self, file: &FileNames, symbol: usize, is_new_there: bool) {
        let names = names_of(file);
        let (old, new) = (self.old.clone(), self.new.clone());
        for mention in names.mentions_of(symbol) {
            let text = match mention.form {
                Form::Plain => new.clone(),
                Form::Shorthand | Form::Pattern => format!("{old}: {new}"),
                Form::Import if is_new_there => new.clone(),
                Form::Import => format!("{old} as {new}"),
                Form::Export => format!("{new} as {old}"),
            };
            self.edit(&file.path, &mention.span, text);
        }
        self.has_members |= matches!(names.symbols[symbol].kind, "field" | "method");
        if let Some(owner) = names.symbols[symbol].owner {
            let is_parameter = names.symbols[symbol].kind == "parameter";
            // Who calls a class names the parameters of its constructor.
            let is_constructor = is_parameter && matches!(names.symbols[owner].name.as_str(), "__init__" | "__new__");
            let owner = names.symbols[owner].owner.filter(|_| is_constructor).unwrap_or(owner);
            self.members(file, owner, is_parameter);
        }
        for export in &names.exports {
            match export {
                Export::Declared { symbol: offered } if *offered == symbol => {
                    self.export(&self.modules.own(file), &old)
                }
                Export::Default { symbol: offered } if *offered == symbol => self.default(&self.modules.own(file)),
                _ => {}
            }
        }
    }

    /// Renames what a file offers under the old name, wherever it is taken.
    fn export(&mut self, path: &str, name: &str) {
        if !self.seen.insert((path.to_owned(), name.to_owned())) {
            return;
        }
        self.is_public = true;
        let (old, new) = (self.old.clone(), self.new.clone());
        for file in self.files.clone() {
            let names = names_of(&file);
            for import in &names.imports {
                let found = self.modules.find(&file, &import.from);
                let is_here = found.as_deref() == Some(path);
                match (&import.what, import.symbol) {
                    (Taken::Name { name: taken, span, is_same }, symbol) if taken == name && is_here => {
                        self.import(&file, span, *is_same, symbol);
                    }
                    (Taken::All, _) if is_here && !name.starts_with('_') => self.all(&file),
                    (_, Some(symbol)) => {
                        let base = self.whole(import, found);
                        self.accesses_in(&file, symbol, base.as_deref(), path, None, false);
                        if base.as_deref() == Some(path) {
                            self.passed_whole(&file, symbol, false);
                        }
                    }
                    _ => {}
                }
            }
            for export in &names.exports {
                if let Some((_, span)) = export.alias().filter(|(alias, _)| *alias == name && file.path == path) {
                    self.edit(&file.path, span, new.clone());
                }
                match export {
                    // Files of Go for other systems declare it, too.
                    Export::Declared { symbol } if self.modules.is_again(&file, *symbol, path, name) => {
                        self.symbol(&file, *symbol, false);
                    }
                    Export::Passed { from, imported, span, alias, .. }
                        if imported == name && self.modules.find(&file, from).as_deref() == Some(path) =>
                    {
                        let text = if alias.is_none() { format!("{new} as {old}") } else { new.clone() };
                        self.edit(&file.path, span, text);
                    }
                    Export::All { from }
                        if self.modules.find(&file, from).as_deref() == Some(path) && !offers(names, name) =>
                    {
                        self.export(&self.modules.own(&file), name);
                    }
                    Export::AllAs { from, name: whole, .. }
                        if self.modules.find(&file, from).as_deref() == Some(path) =>
                    {
                        self.through(&self.modules.own(&file), whole, false);
                    }
                    Export::Assigned { name: assigned, span, form, .. } if file.path == path && assigned == name => {
                        let text = if *form == Form::Shorthand { format!("{new}: {old}") } else { new.clone() };
                        self.edit(&file.path, span, text);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Renames in a file that takes all names of another, and so offers them, too.
    fn all(&mut self, file: &FileNames) {
        let names = names_of(file);
        for mention in names.mentions.iter().filter(|mention| mention.symbol.is_none()) {
            if file.text[mention.span.clone()] == *self.old {
                let clash = taken(file, mention, &self.new);
                self.clash = self.clash.take().or(clash.map(|clash| refused(file, &self.old, &self.new, &clash)));
                self.edit(&file.path, &mention.span, self.new.clone());
            }
        }
        let old = self.old.clone();
        self.export(&self.modules.own(file), &old);
    }

    /// Renames where a file takes the name from another.
    fn import(&mut self, file: &FileNames, span: &Range<usize>, is_same: bool, symbol: Option<usize>) {
        let (old, new) = (self.old.clone(), self.new.clone());
        let mention = names_of(file).mentions.iter().find(|mention| mention.span == *span);
        match (mention.filter(|_| is_same), symbol) {
            (Some(Mention { form: Form::Import, .. }), Some(symbol)) => match clash(file, symbol, &new) {
                None => self.symbol(file, symbol, true),
                // The new name is taken here: this file goes on with the old one.
                Some(_) => self.edit(&file.path, span, format!("{new} as {old}")),
            },
            (Some(_), _) => self.edit(&file.path, span, format!("{new}: {old}")),
            (None, symbol) => {
                self.edit(&file.path, span, new);
                // `from m import a as a` is how Python says that it hands a name on.
                let is_handed_on = |symbol: &usize| names_of(file).symbols[*symbol].name == old;
                if let Some(symbol) = symbol.filter(is_handed_on).filter(|_| matches!(self.modules, Modules::Python(_)))
                {
                    self.symbol(file, symbol, true);
                }
            }
        }
    }

    /// What is offered without its name goes by the same one in most files that take it.
    fn default(&mut self, path: &str) {
        self.is_public = true;
        for file in self.files.clone() {
            let names = names_of(&file);
            for import in &names.imports {
                if let (Taken::Default, Some(symbol)) = (&import.what, import.symbol)
                    && names.symbols[symbol].name == self.old
                    && self.modules.find(&file, &import.from).as_deref() == Some(path)
                    && clash(&file, symbol, &self.new).is_none()
                {
                    self.symbol(&file, symbol, false);
                }
            }
        }
    }
}

/// Tells whether a file offers a name itself, so that what it passes on does not.
fn offers(names: &Names, name: &str) -> bool {
    names.exports.iter().any(|export| match export {
        Export::Declared { symbol } => names.symbols[*symbol].name == name,
        Export::Listed { name: known, .. } | Export::Passed { name: known, .. } | Export::AllAs { name: known, .. } => {
            known == name
        }
        _ => false,
    })
}

#[cfg(test)]
#[path = "rename_tests.rs"]
mod tests;
