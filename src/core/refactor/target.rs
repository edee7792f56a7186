//! What a place means: a symbol of this file or of another.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::modules::Modules;
use super::names::{Access, Export, Import, Names, Taken};
use super::offer::offering;
use super::project::{FileNames, Project, names_of};
use super::types::Infer;
use crate::core::text::LineIndex;
use crate::core::{Error, Kind};

/// What a place means.
pub enum Target {
    /// A symbol of a file.
    Symbol(Arc<FileNames>, usize),
    /// What a file offers under a name, where no symbol of the file has it.
    Export(String, String),
}

/// The error for a place that means nothing.
pub fn nothing(file: &FileNames, offset: usize) -> Error {
    let at = LineIndex::new(file.text.as_bytes()).position(offset);
    Error::new(Kind::NotFound, format!("{}:{}:{} is no name that heck can rename", file.path, at.line, at.column))
        .path(&file.path)
        .hint("point at a variable, function, class, type, parameter, label or import, or at a member of something whose type is plain")
}

/// What a byte of a file means.
pub fn target(
    project: &mut Project<'_>,
    modules: &Modules,
    file: &Arc<FileNames>,
    names: &Names,
    offset: usize,
) -> Option<Target> {
    let covers = |span: &Range<usize>| span.start <= offset && offset <= span.end;
    if let Some(mention) = names.mention_at(offset) {
        return match mention.symbol {
            Some(symbol) => Some(Target::Symbol(Arc::clone(file), symbol)),
            // Another file of the package may declare it.
            None => definition(project, modules, &modules.own(file), &file.text[mention.span.clone()]),
        };
    }
    for import in &names.imports {
        if let Taken::Name { name, span, .. } = &import.what
            && covers(span)
        {
            return definition(project, modules, &modules.find(file, &import.from)?, name);
        }
    }
    for export in &names.exports {
        if let Some((alias, _)) = export.alias().filter(|(_, span)| covers(span)) {
            return Some(Target::Export(file.path.clone(), alias.to_owned()));
        }
        match export {
            Export::Passed { from, imported, span, .. } if covers(span) => {
                return definition(project, modules, &modules.find(file, from)?, imported);
            }
            Export::Assigned { name, span, .. } if covers(span) => {
                return Some(Target::Export(file.path.clone(), name.clone()));
            }
            _ => {}
        }
    }
    let access = names.accesses.iter().find(|access| covers(&access.span));
    access
        .and_then(|access| accessed(project, modules, file, access))
        .or_else(|| member(&mut Infer::new(project, modules), file, offset))
}

/// What is named on a symbol.
fn accessed(project: &mut Project<'_>, modules: &Modules, file: &Arc<FileNames>, access: &Access) -> Option<Target> {
    let names = names_of(file);
    let member = names.symbols.iter().position(|s| s.owner == Some(access.object) && s.name == access.name);
    if let Some(symbol) = member {
        return Some(Target::Symbol(Arc::clone(file), symbol));
    }
    let whole = |import: &&Import| import.symbol == Some(access.object) && matches!(import.what, Taken::Whole);
    let import = names.imports.iter().find(whole)?;
    definition(project, modules, &modules.find(file, &import.from)?, &access.name)
}

/// The member that is named at a place, on a value whose type is known.
fn member(infer: &mut Infer<'_, '_>, file: &Arc<FileNames>, offset: usize) -> Option<Target> {
    let all = names_of(file).members.iter().filter(|member| member.called.is_none());
    let named = all.filter(|member| member.span.start <= offset && offset <= member.span.end);
    let found = named.filter_map(|member| infer.declaration(file, member)).next();
    found.map(|(file, symbol)| Target::Symbol(file, symbol))
}

/// Where a name that a module offers is declared: there, or in one whose names it passes on.
fn definition(project: &mut Project<'_>, modules: &Modules, module: &str, name: &str) -> Option<Target> {
    let (mut module, mut name) = (module.to_owned(), name.to_owned());
    let mut seen = HashSet::new();
    // Modules may pass names on in a circle.
    while seen.insert((module.clone(), name.clone())) {
        let (file, number) = offering(project, modules, &module, &name)?;
        match &names_of(&file).exports[number] {
            Export::Declared { symbol } | Export::Listed { symbol, alias: None, .. } => {
                return Some(Target::Symbol(Arc::clone(&file), *symbol));
            }
            Export::Passed { from, imported, alias: None, .. } => {
                (module, name) = (modules.find(&file, from)?, imported.clone());
            }
            Export::Listed { .. } | Export::Passed { .. } | Export::AllAs { .. } | Export::Assigned { .. } => {
                return Some(Target::Export(modules.own(&file), name));
            }
            Export::Default { .. } | Export::All { .. } => return None,
        }
    }
    None
}
