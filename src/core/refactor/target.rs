//! What a place means: a symbol of this file or of another.

use std::ops::Range;
use std::sync::Arc;

use super::modules::Modules;
use super::names::{Access, Export, Import, Names, Taken};
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
    // In the order in which they are met; modules may pass names on in a circle.
    let mut queue = vec![module.to_owned()];
    let mut next = 0;
    while let Some(module) = queue.get(next).cloned() {
        next += 1;
        let files: Vec<_> = modules.files(&module).iter().filter_map(|path| project.file(path)).collect();
        for file in files.iter().filter(|file| modules.own(file) == module) {
            let names = names_of(file);
            for export in &names.exports {
                match export {
                    Export::Declared { symbol } if names.symbols[*symbol].name == name => {
                        return Some(Target::Symbol(Arc::clone(file), *symbol));
                    }
                    Export::Assigned { name: known, .. } if known == name => {
                        return Some(Target::Export(module, name.to_owned()));
                    }
                    Export::All { from } => {
                        queue.extend(modules.find(file, from).filter(|found| !queue.contains(found)));
                    }
                    _ if export.alias().is_some_and(|(alias, _)| alias == name) => {
                        return Some(Target::Export(module, name.to_owned()));
                    }
                    _ => {}
                }
            }
        }
    }
    None
}
