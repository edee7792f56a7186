//! What a module offers under a name, through lists, files that pass names on, and packages of several files.

use std::collections::HashSet;
use std::sync::Arc;

use super::modules::Modules;
use super::names::Export;
use super::project::{FileNames, Project, names_of};
use super::types::Clue;

/// What a module offers.
pub enum Offered {
    /// A symbol of one of its files, which may itself be an import.
    Symbol(Arc<FileNames>, usize),
    /// Another module as a whole.
    Module(String),
    /// A value of one of its files: `exports.a = …`.
    Value(Arc<FileNames>, Clue),
}

/// What a module offers under a name; `default` is what it offers without one.
pub fn offered(project: &mut Project<'_>, modules: &Modules, module: &str, name: &str) -> Option<Offered> {
    let (mut module, mut name) = (module.to_owned(), name.to_owned());
    let mut seen = HashSet::new();
    // Modules may pass names on in a circle.
    while seen.insert((module.clone(), name.clone())) {
        let (file, number) = offering(project, modules, &module, &name)?;
        match &names_of(&file).exports[number] {
            Export::Declared { symbol } | Export::Listed { symbol, .. } | Export::Default { symbol } => {
                return Some(Offered::Symbol(Arc::clone(&file), *symbol));
            }
            Export::Assigned { is, .. } => return Some(Offered::Value(Arc::clone(&file), is.clone())),
            Export::AllAs { from, .. } => return modules.find(&file, from).map(Offered::Module),
            Export::Passed { from, imported, .. } => {
                (module, name) = (modules.find(&file, from)?, imported.clone());
            }
            Export::All { .. } => return None,
        }
    }
    None
}

/// Where a module gets a name that it offers: the file that gives it this name, and the number among its exports.
pub fn offering(
    project: &mut Project<'_>,
    modules: &Modules,
    module: &str,
    name: &str,
) -> Option<(Arc<FileNames>, usize)> {
    // In the order in which they are met; modules may pass names on in a circle.
    let mut queue = vec![module.to_owned()];
    let mut next = 0;
    while let Some(module) = queue.get(next).cloned() {
        next += 1;
        for path in modules.files(&module) {
            let Some(file) = project.file(&path).filter(|file| modules.own(file) == module) else { continue };
            let names = names_of(&file);
            let gives = |export: &Export| match export {
                Export::Declared { symbol } => names.symbols[*symbol].name == name,
                Export::Default { .. } => name == "default",
                Export::Listed { name: known, .. }
                | Export::Assigned { name: known, .. }
                | Export::AllAs { name: known, .. }
                | Export::Passed { name: known, .. } => known == name,
                Export::All { .. } => false,
            };
            if let Some(number) = names.exports.iter().position(gives) {
                return Some((Arc::clone(&file), number));
            }
            let all = names.exports.iter().filter_map(|export| match export {
                Export::All { from } if name != "default" => Some(from),
                _ => None,
            });
            // What a file takes whole it may offer, too.
            let whole = names.imports.iter().filter(|import| import.is_passed_on()).map(|import| &import.from);
            for from in all.chain(whole) {
                queue.extend(modules.find(&file, from).filter(|found| !queue.contains(found)));
            }
        }
    }
    None
}
