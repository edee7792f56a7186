//! Another name for a member or an argument, wherever it is named through its owner.

use std::ops::Range;
use std::sync::Arc;

use super::known;
use super::modules::Modules;
use super::names::{Export, Form, Import, Taken};
use super::project::{FileNames, Project, names_of};
use super::rename::Work;
use super::types::{Declared, Family, Infer, Verdict};
use crate::core::ast::Lang;
use crate::core::text::LineIndex;
use crate::core::{Error, Kind};

/// An access that is renamed.
type Named = (Arc<FileNames>, Range<usize>, Form);

impl Work {
    /// Renames the members that must have one name with a member, and all accesses that mean one of them.
    pub(super) fn family(&mut self, project: &mut Project<'_>, file: &FileNames, symbol: usize) {
        let mut infer = Infer::new(project, &self.modules);
        let Some(family) = Family::of(&mut infer, &self.files, file, symbol) else { return };
        let (means, settled) = meant(&mut infer, &self.files, &family, &self.old);
        if family.is_of_values() {
            let lang = Lang::from_path(&file.path);
            let taken = lang.and_then(|lang| family.taken(&mut infer, lang, &self.new));
            let taken = taken.map(|(own, other)| mixed_up(&own, &other));
            let concerns = family.concerns(&mut infer, &self.files);
            self.clash = self.clash.take().or(taken).or_else(|| self.known(file));
            self.concerned(file, symbol, concerns);
            self.has_members = true;
        }
        self.settled.extend(settled);
        self.clash = self.clash.take().or_else(|| self.unseen(file, &means));
        self.named(means);
        for file in self.files.clone() {
            let own: Vec<usize> =
                family.members.iter().filter(|(path, _)| *path == file.path).map(|(_, symbol)| *symbol).collect();
            own.into_iter().for_each(|symbol| self.symbol(&file, symbol, false));
        }
    }

    /// Renames all accesses that mean what a module offers under a name that only others know.
    pub(super) fn offered(&mut self, project: &mut Project<'_>, module: &str, name: &str) {
        let family = Family::of_offered(module, name);
        let (means, settled) = meant(&mut Infer::new(project, &self.modules), &self.files, &family, &self.old);
        self.settled.extend(settled);
        self.named(means);
    }

    fn named(&mut self, means: Vec<Named>) {
        for (file, span, form) in means {
            let text = match form {
                Form::Shorthand | Form::Pattern => format!("{}: {}", self.new, self.old),
                _ => self.new.clone(),
            };
            self.edit(&file.path, &span, text);
        }
    }

    /// The refusal where one of the names belongs to the language.
    fn known(&self, file: &FileNames) -> Option<Error> {
        let is_private = self.old.starts_with("__");
        let names = [(&self.old, false), (&self.new, !is_private)];
        let (name, _) = names.into_iter().find(|(name, is_new)| known::is_taken(&self.modules, name, *is_new))?;
        let error = Error::new(Kind::Conflict, format!("the language itself knows '{name}' by this name"));
        Some(error.path(&file.path).hint("choose another name, or write it by hand"))
    }

    /// The refusal where a name of Go would not be seen any more where it is used.
    fn unseen(&self, file: &FileNames, means: &[Named]) -> Option<Error> {
        let is_open = |name: &str| name.starts_with(char::is_uppercase);
        let is_closed = matches!(self.modules, Modules::Go(_)) && is_open(&self.old) && !is_open(&self.new);
        let home = self.modules.own(file);
        let (other, ..) = means.iter().find(|(other, ..)| is_closed && self.modules.own(other) != home)?;
        let message = format!("'{}' is used in {}, where '{}' could not be seen", self.old, other.path, self.new);
        let error = Error::new(Kind::Conflict, message).path(&other.path);
        Some(error.hint("choose a name that begins with a capital letter"))
    }

    /// Tells of what may know a member by its name.
    fn concerned(&mut self, file: &FileNames, symbol: usize, concerns: Vec<(Declared, &'static str)>) {
        let first = |file: &FileNames, symbol: usize| {
            names_of(file).mentions_of(symbol).next().map_or(0, |mention| mention.span.start)
        };
        let is_written = self.old.starts_with(char::is_uppercase) || self.new.starts_with(char::is_uppercase);
        let encodes =
            |file: &Arc<FileNames>| names_of(file).imports.iter().any(|import| import.from.starts_with("encoding/"));
        let at = first(file, symbol);
        if is_written && names_of(file).symbols[symbol].kind == "field" && self.files.iter().any(encodes) {
            self.more_doubts.push(self.doubt(file, at, "encoders may write it by its name"));
        }
        if [&self.old, &self.new].into_iter().any(|name| known::is_asked_for(&self.modules, name)) {
            self.more_doubts.push(self.doubt(file, at, "the language or its library may call it by this name"));
        }
        for ((file, symbol), reason) in concerns {
            self.more_doubts.push(self.doubt(&file, first(&file, symbol), reason));
        }
    }

    /// Renames an argument of a function where calls name it.
    pub(super) fn arguments(&mut self, project: &mut Project<'_>, file: &FileNames, symbol: usize) {
        let names = names_of(file);
        let Some(owner) = names.symbols[symbol].owner.filter(|_| names.symbols[symbol].kind == "parameter") else {
            return;
        };
        let mut infer = Infer::new(project, &self.modules);
        let mut means = Vec::new();
        for other in &self.files {
            for member in names_of(other).members.iter().filter(|m| m.name == self.old && m.called.is_some()) {
                let at = (other.path.clone(), member.span.start);
                match infer.callee(other, &member.on) {
                    Some((callee, symbol)) if callee.path == file.path && symbol == owner => {
                        means.push((other.path.clone(), member.span.clone()));
                    }
                    Some(_) => {
                        self.settled.insert(at);
                    }
                    None => {}
                }
            }
        }
        let lang = Lang::from_path(&file.path);
        let named = lang.map(|lang| infer.project.mentioning(lang, &names.symbols[owner].name)).unwrap_or_default();
        let family = Family::of(&mut infer, &named, file, owner);
        for (path, other) in family.iter().flat_map(|family| &family.members) {
            let Some(there) = infer.project.file(path).filter(|_| *path != file.path || *other != owner) else {
                continue;
            };
            let theirs = names_of(&there);
            let same = (0..theirs.symbols.len()).filter(|n| {
                let one = &theirs.symbols[*n];
                one.owner == Some(*other) && one.kind == "parameter" && one.name == self.old
            });
            for symbol in same {
                let first = theirs.mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
                self.more_doubts.push(self.doubt(
                    &there,
                    first,
                    "a method that overrides the other takes it by this name",
                ));
            }
        }
        for (path, span) in means {
            self.edit(&path, &span, self.new.clone());
        }
    }

    /// Renames a member, or with `keyword` an argument, where it is named through its owner: here, and where the
    /// owner is imported.
    pub(super) fn members(&mut self, file: &FileNames, owner: usize, keyword: bool) {
        let names = names_of(file);
        self.accesses(file, owner, &[], keyword);
        let name = names.symbols[owner].name.clone();
        let is_offered =
            names.exports.iter().any(|export| matches!(export, Export::Declared { symbol } if *symbol == owner));
        self.has_members |= !keyword;
        if keyword {
            self.called.insert(name.clone());
            self.is_public = true;
        }
        if is_offered {
            self.is_public = true;
            self.through(&self.modules.own(file), &name, keyword);
        }
    }

    /// Renames the member of everything that is imported under a name from a file.
    pub(super) fn through(&mut self, path: &str, name: &str, keyword: bool) {
        // Files may pass a name on in a circle.
        if !self.seen_members.insert((path.to_owned(), name.to_owned(), keyword)) {
            return;
        }
        for file in self.files.clone() {
            let names = names_of(&file);
            for import in &names.imports {
                let found = self.modules.find(&file, &import.from);
                match (&import.what, import.symbol) {
                    (Taken::Name { name: taken, .. }, Some(symbol))
                        if taken == name && found.as_deref() == Some(path) =>
                    {
                        self.accesses(&file, symbol, &[], keyword);
                        self.passed_whole(&file, symbol, keyword);
                    }
                    (_, Some(symbol)) => {
                        let base = self.whole(import, found);
                        self.accesses_in(&file, symbol, base.as_deref(), path, Some(name), keyword);
                    }
                    _ => {}
                }
            }
            for export in &names.exports {
                let (from, passed) = match export {
                    Export::All { from } => (from, name),
                    Export::Passed { from, imported, name: passed, .. } if imported == name => (from, passed.as_str()),
                    _ => continue,
                };
                if self.modules.find(&file, from).as_deref() == Some(path) {
                    self.through(&self.modules.own(&file), passed, keyword);
                }
            }
        }
    }

    /// Renames the old name where it is named on a symbol, directly or by way of other names.
    pub(super) fn accesses(&mut self, file: &FileNames, object: usize, path: &[String], keyword: bool) {
        for access in &names_of(file).accesses {
            if access.object == object && access.name == self.old && access.path == path && access.is_keyword == keyword
            {
                self.edit(&file.path, &access.span, self.new.clone());
            }
        }
    }

    /// The same on a symbol that stands for a file: what lies in `target`, or with `owner` in that of `target`.
    pub(super) fn accesses_in(
        &mut self,
        file: &FileNames,
        object: usize,
        base: Option<&str>,
        target: &str,
        owner: Option<&str>,
        keyword: bool,
    ) {
        let Some(base) = base else { return };
        for access in &names_of(file).accesses {
            if access.object != object || access.name != self.old || access.is_keyword != keyword {
                continue;
            }
            let inside = match owner {
                None => Some(access.path.as_slice()),
                Some(owner) => access.path.split_last().filter(|(last, _)| *last == owner).map(|(_, rest)| rest),
            };
            if inside.is_some_and(|path| self.leads_to(base, path, target)) {
                self.edit(&file.path, &access.span, self.new.clone());
            }
        }
    }

    /// Tells whether names of modules lead from one file to another.
    fn leads_to(&self, base: &str, path: &[String], target: &str) -> bool {
        let mut at = base.to_owned();
        for name in path {
            match self.modules.submodule(&at, name) {
                Some(next) => at = next,
                None => return false,
            }
        }
        at == target
    }

    /// The file that the symbol of an import stands for as a whole.
    pub(super) fn whole(&self, import: &Import, found: Option<String>) -> Option<String> {
        match &import.what {
            Taken::Whole => found,
            Taken::Name { name, .. } => self.modules.submodule(&found?, name),
            _ => None,
        }
    }

    /// What has members may be imported and handed on.
    pub(super) fn passed_whole(&mut self, file: &FileNames, whole: usize, keyword: bool) {
        for export in &names_of(file).exports {
            match export {
                Export::Listed { name, symbol, .. } if *symbol == whole => {
                    self.through(&self.modules.own(file), name, keyword);
                }
                // In Python whatever a module names is offered by it.
                Export::Declared { symbol } if *symbol == whole => {
                    let name = names_of(file).symbols[whole].name.clone();
                    self.through(&self.modules.own(file), &name, keyword);
                }
                _ => {}
            }
        }
    }
}

/// The error for two members that would have one name.
fn mixed_up(own: &(Arc<FileNames>, usize), other: &(Arc<FileNames>, usize)) -> Error {
    let shown = |(file, symbol): &(Arc<FileNames>, usize)| {
        let start = names_of(file).mentions_of(*symbol).next().map_or(0, |mention| mention.span.start);
        let at = LineIndex::new(file.text.as_bytes()).position(start);
        format!("'{}' at {}:{}:{}", names_of(file).symbols[*symbol].name, file.path, at.line, at.column)
    };
    let message = format!("{} would be mixed up with {}, a member of the same type", shown(own), shown(other));
    Error::new(Kind::Conflict, message).path(&other.0.path).hint("choose another name, or rename the other one first")
}

/// The accesses that mean a member of a family, and the places of those that surely do not.
fn meant(
    infer: &mut Infer<'_, '_>,
    files: &[Arc<FileNames>],
    family: &Family,
    old: &str,
) -> (Vec<Named>, Vec<(String, usize)>) {
    let (mut means, mut settled) = (Vec::new(), Vec::new());
    for file in files {
        // What a class without a constructor of its own is given, its fields are.
        for member in names_of(file).members.iter().filter(|m| m.name == old && m.called.is_some()) {
            if family.is_field_of_made(infer, file, member) {
                means.push((Arc::clone(file), member.span.clone(), member.form));
            }
        }
        for member in names_of(file).members.iter().filter(|m| m.name == family.name() && m.called.is_none()) {
            match family.judge(infer, file, member) {
                Verdict::Is => means.push((Arc::clone(file), member.span.clone(), member.form)),
                Verdict::Other | Verdict::Absent => settled.push((file.path.clone(), member.span.start)),
                Verdict::Open => {}
            }
        }
    }
    (means, settled)
}
