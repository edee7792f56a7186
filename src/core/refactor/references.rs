//! Every place that means something, whatever it is called there: through imports under other names, re-exports and
//! modules taken as a whole.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::modules::{Modules, stem};
use super::names::{Export, Mention, Place, Taken};
use super::project::{FileNames, Project, names_of};
use super::types::{self, Infer, Verdict};
use crate::core::ast::{Family, Lang};

/// A place that means it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The file.
    pub path: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it declares it, or only hands it from file to file.
    pub is_link: bool,
}

/// What is still to be followed.
enum Lead {
    Symbol(Arc<FileNames>, usize),
    /// What a module offers under a name; without one, by default.
    Export(String, Option<String>),
}

/// All references of a symbol, in order, and places where it is handed on in a way that cannot be followed.
pub fn references(
    project: &mut Project<'_>,
    modules: &Modules,
    lang: Lang,
    file: &Arc<FileNames>,
    symbol: usize,
) -> (Vec<Reference>, Vec<Place>) {
    let mut found =
        Search { modules, references: HashSet::new(), lost: Vec::new(), leads: Vec::new(), seen: HashSet::new() };
    found.leads.push(Lead::Symbol(Arc::clone(file), symbol));
    while let Some(lead) = found.leads.pop() {
        match lead {
            Lead::Symbol(file, symbol) => found.symbol(&file, symbol),
            Lead::Export(module, name) => found.export(project, lang, &module, name.as_deref()),
        }
    }
    let mut known = found.references;
    // What is named on a module that is reached in another way: through what another module knows.
    let files = project.mentioning(lang, &names_of(file).symbols[symbol].name);
    let mut infer = Infer::new(project, modules);
    let family = types::Family::of(&mut infer, &files, file, symbol).filter(|family| !family.is_of_values());
    for (family, file) in family.iter().flat_map(|family| files.iter().map(move |file| (family, file))) {
        for member in names_of(file).members.iter().filter(|m| m.name == family.name() && m.called.is_none()) {
            let Range { start, end } = member.span;
            let is_known = known.iter().any(|one| one.path == file.path && one.start == start);
            if !is_known && family.judge(&mut infer, file, member) == Verdict::Is {
                known.insert(Reference { path: file.path.clone(), start, end, is_link: false });
            }
        }
    }
    let mut all: Vec<Reference> = known.into_iter().collect();
    all.sort();
    (all, found.lost)
}

/// Strings that are a name, alone or behind a point: by them something may be called, or another be put in its place.
pub fn strings_naming(files: &[Arc<FileNames>], name: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for file in files {
        for text in file.names.iter().flat_map(|names| &names.texts).filter(|text| !text.is_comment) {
            let bare = file.text.get(text.span.clone()).map_or("", |text| text.trim_matches(['"', '\'', '`']));
            if bare == name || bare.strip_suffix(name).is_some_and(|before| before.ends_with('.')) {
                places.push(Place { path: file.path.clone(), span: text.span.clone() });
            }
        }
    }
    places
}

/// Strings by which Python imports a module: whoever does may look at all of its names.
pub fn strings_importing(project: &mut Project<'_>, path: &str) -> Vec<Place> {
    let module = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py"));
    let Some(module) = module.filter(|_| Lang::from_path(path) == Some(Lang::Python)) else { return Vec::new() };
    let mut places = Vec::new();
    for file in project.mentioning(Lang::Python, stem(path)) {
        for text in file.names.iter().flat_map(|names| &names.texts).filter(|text| !text.is_comment) {
            let name = file.text.get(text.span.clone()).map_or("", |text| text.trim_matches(['"', '\'']));
            let before = file.text[..text.span.start].trim_end();
            let is_import = ["import_module(", "__import__("].iter().any(|call| before.ends_with(call));
            let is_it =
                module.strip_suffix(&name.replace('.', "/")).is_some_and(|dir| dir.is_empty() || dir.ends_with('/'));
            if is_import && is_it && !name.is_empty() {
                places.push(Place { path: file.path.clone(), span: text.span.clone() });
            }
        }
    }
    places
}

/// Why such a place is told.
pub const LOOKED_AT: &str = "its module is imported by name here, and its names may be looked at one by one";

struct Search<'m> {
    modules: &'m Modules,
    references: HashSet<Reference>,
    lost: Vec<Place>,
    leads: Vec<Lead>,
    seen: HashSet<(String, String)>,
}

impl Search<'_> {
    fn add(&mut self, file: &FileNames, span: &Range<usize>, is_link: bool) {
        let path = file.path.clone();
        self.references.insert(Reference { path, start: span.start, end: span.end, is_link });
    }

    fn symbol(&mut self, file: &Arc<FileNames>, symbol: usize) {
        if !self.seen.insert((file.path.clone(), format!("#{symbol}"))) {
            return;
        }
        let names = names_of(file);
        // What is imported under one condition and declared under another may be either.
        let mut declared = names.mentions_of(symbol).filter(|mention| mention.is_declaration);
        if let (Some(_), Some(other)) = (declared.next(), declared.next()) {
            self.lost.push(Place { path: file.path.clone(), span: other.span.clone() });
            return;
        }
        // What a class takes is a member of it, named on anything.
        let scope = names.symbols[symbol].scope;
        if names.symbols[symbol].kind == "import" && names.scopes.get(scope).is_some_and(|scope| scope.is_class) {
            let first = names.mentions_of(symbol).next();
            self.lost.extend(first.map(|m| Place { path: file.path.clone(), span: m.span.clone() }));
            return;
        }
        for mention in names.mentions_of(symbol) {
            let is_link = mention.is_declaration || mention.form == super::names::Form::Export;
            self.add(file, &mention.span, is_link);
        }
        for export in &names.exports {
            let own = self.modules.own(file);
            match export {
                Export::Declared { symbol: of } if *of == symbol => {
                    self.leads.push(Lead::Export(own, Some(names.symbols[symbol].name.clone())));
                }
                Export::Listed { name, symbol: of, .. } if *of == symbol => {
                    self.leads.push(Lead::Export(own, Some(name.clone()).filter(|name| name != "default")));
                }
                Export::Default { symbol: of } if *of == symbol => self.leads.push(Lead::Export(own, None)),
                _ => {}
            }
        }
    }

    fn export(&mut self, project: &mut Project<'_>, lang: Lang, module: &str, name: Option<&str>) {
        if !self.seen.insert((module.to_owned(), name.unwrap_or("*default").to_owned())) {
            return;
        }
        // Whoever takes what is offered by default need not name it, but names the file.
        let stem = stem(module);
        let word = name.unwrap_or(stem);
        // A module that is taken as a whole is used without a word, too.
        let mut files = project.mentioning(lang, word);
        if word != stem && lang != Lang::Go {
            files.extend(project.mentioning(lang, stem));
            files.sort_by(|a, b| a.path.cmp(&b.path));
            files.dedup_by(|a, b| a.path == b.path);
        }
        for file in files {
            let names = names_of(&file);
            let is_here = |from: &str| self.modules.find(&file, from).as_deref() == Some(module);
            let mut leads = Vec::new();
            let mut places: Vec<Range<usize>> = Vec::new();
            let mut lost: Vec<Range<usize>> = Vec::new();
            for import in &names.imports {
                let is_it = match (&import.what, name) {
                    (Taken::Name { name: taken, .. }, Some(name)) => taken == name,
                    (Taken::Name { name: taken, .. }, None) => taken == "default",
                    (Taken::Default, None) => true,
                    _ => false,
                };
                match (&import.what, import.symbol) {
                    (Taken::Name { span, .. }, symbol) if is_it && is_here(&import.from) => match symbol {
                        Some(symbol) => leads.push(Lead::Symbol(Arc::clone(&file), symbol)),
                        None => places.push(span.clone()),
                    },
                    (Taken::Default, Some(symbol)) if is_it && is_here(&import.from) => {
                        leads.push(Lead::Symbol(Arc::clone(&file), symbol));
                    }
                    (Taken::All, _) if name.is_some() && is_here(&import.from) => {
                        let unknown = names.mentions.iter().filter(|mention| mention.symbol.is_none());
                        places.extend(
                            unknown.map(|m| m.span.clone()).filter(|span| Some(&file.text[span.clone()]) == name),
                        );
                        leads.push(Lead::Export(self.modules.own(&file), name.map(str::to_owned)));
                    }
                    (_, Some(symbol)) => {
                        // A module that is handed on is reached in ways that nobody sees from here.
                        let is_module = |name: &str| self.through(&file, import, &[]).as_deref() == Some(name);
                        let mentions = names.mentions_of(symbol).filter(|mention| !mention.is_declaration);
                        let is_handed_on = |mention: &&Mention| {
                            let behind = file.text[mention.span.end..].trim_start();
                            !behind.starts_with('.') && !behind.starts_with("?.")
                        };
                        if is_module(module) && lang != Lang::Go {
                            lost.extend(mentions.filter(is_handed_on).map(|mention| mention.span.clone()));
                        }
                        for access in
                            names.accesses.iter().filter(|access| access.object == symbol && !access.is_keyword)
                        {
                            let through = self.through(&file, import, &access.path);
                            if through.as_deref() == Some(module)
                                && Some(access.name.as_str()) == name.or(Some("default"))
                            {
                                places.push(access.span.clone());
                            }
                        }
                    }
                    _ => {}
                }
            }
            // What is imported where it is used, or under a name that its path does not tell, is not followed.
            let is_imported = names.imports.iter().any(|import| is_here(&import.from));
            for text in names
                .texts
                .iter()
                .filter(|text| !text.is_comment && !is_imported && lang.family() == Family::JavaScript)
            {
                let inner = file.text[text.span.clone()].trim_matches(['"', '\'', '`']);
                let is_import = file.text[..text.span.start].trim_end().ends_with('(');
                if is_import && inner.starts_with('.') && is_here(inner) {
                    lost.push(text.span.clone());
                }
            }
            for import in names
                .imports
                .iter()
                .filter(|import| lang == Lang::Go && !import.from.is_empty() && is_here(&import.from))
            {
                let is_unused =
                    import.symbol.is_some_and(|symbol| !names.mentions.iter().any(|m| m.symbol == Some(symbol)));
                let at = file.text.find(&import.from).filter(|_| is_unused);
                lost.extend(at.map(|at| at..at + import.from.len()));
            }
            let own = self.modules.own(&file);
            for export in &names.exports {
                match export {
                    Export::Declared { symbol }
                        if name.is_some_and(|name| self.modules.is_again(&file, *symbol, module, name)) =>
                    {
                        leads.push(Lead::Symbol(Arc::clone(&file), *symbol));
                    }
                    Export::Passed { from, imported, name: to, span, .. }
                        if imported == name.unwrap_or("default") && is_here(from) =>
                    {
                        self.references.insert(Reference {
                            path: file.path.clone(),
                            start: span.start,
                            end: span.end,
                            is_link: true,
                        });
                        leads.push(Lead::Export(own.clone(), Some(to.clone()).filter(|to| to != "default")));
                    }
                    Export::All { from } if name.is_some() && is_here(from) => {
                        leads.push(Lead::Export(own.clone(), name.map(str::to_owned)));
                    }
                    Export::AllAs { from, span, .. } if is_here(from) => lost.push(span.clone()),
                    Export::Assigned { name: to, span, .. } if file.path == module && Some(to.as_str()) == name => {
                        lost.push(span.clone());
                    }
                    _ => {}
                }
            }
            places.iter().for_each(|span| self.add(&file, span, false));
            self.lost.extend(lost.into_iter().map(|span| Place { path: file.path.clone(), span }));
            self.leads.extend(leads);
        }
    }

    /// The module that an imported one, and then names on it, come to.
    fn through(&self, file: &FileNames, import: &super::names::Import, path: &[String]) -> Option<String> {
        let mut at = self.modules.find(file, &import.from)?;
        if let Taken::Name { name, .. } = &import.what {
            at = self.modules.submodule(&at, name)?;
        }
        for part in path {
            at = self.modules.submodule(&at, part)?;
        }
        Some(at)
    }
}
