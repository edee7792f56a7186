//! What a module offers under a name, through lists, files that pass names on, and packages of several files.

use std::sync::Arc;

use super::clue::Clue;
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::Export;
use crate::core::refactor::project::{FileNames, Project, names_of};

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
    // In the order in which they are met; modules may pass names on in a circle.
    let mut queue = vec![(module.to_owned(), name.to_owned())];
    let mut next = 0;
    while let Some((module, name)) = queue.get(next).cloned() {
        next += 1;
        for path in modules.files(&module) {
            let Some(file) = project.file(&path).filter(|file| modules.own(file) == module) else { continue };
            let names = names_of(&file);
            for export in &names.exports {
                match export {
                    Export::Declared { symbol } if names.symbols[*symbol].name == name => {
                        return Some(Offered::Symbol(Arc::clone(&file), *symbol));
                    }
                    Export::Listed { name: known, symbol, .. } if *known == name => {
                        return Some(Offered::Symbol(Arc::clone(&file), *symbol));
                    }
                    Export::Default { symbol } if name == "default" => {
                        return Some(Offered::Symbol(Arc::clone(&file), *symbol));
                    }
                    Export::Assigned { name: known, is, .. } if *known == name => {
                        return Some(Offered::Value(Arc::clone(&file), is.clone()));
                    }
                    Export::AllAs { from, name: known, .. } if *known == name => {
                        return modules.find(&file, from).map(Offered::Module);
                    }
                    Export::Passed { from, imported, name: known, .. } if *known == name => {
                        let found = modules.find(&file, from).map(|module| (module, imported.clone()));
                        queue.extend(found.filter(|found| !queue.contains(found)));
                    }
                    Export::All { from } if name != "default" => {
                        let found = modules.find(&file, from).map(|module| (module, name.clone()));
                        queue.extend(found.filter(|found| !queue.contains(found)));
                    }
                    _ => {}
                }
            }
            // What a file takes whole it may offer, too.
            for import in names.imports.iter().filter(|import| import.is_passed_on()) {
                let found = modules.find(&file, &import.from).map(|module| (module, name.clone()));
                queue.extend(found.filter(|found| !queue.contains(found)));
            }
        }
    }
    None
}
