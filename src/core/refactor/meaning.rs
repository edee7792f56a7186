//! What a name or a member means: where the repository declares it, or which module from outside it comes from.

use std::sync::Arc;

use super::modules::Modules;
use super::names::{Export, Import, Place, Taken};
use super::project::{FileNames, Project, names_of};
use super::target::{Target, target};
use super::types::{Clue, Infer};
use crate::core::ast::Lang;

/// What something means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// It is declared in the repository.
    Declared {
        /// Its name there.
        name: String,
        /// What it is.
        kind: &'static str,
        /// Where its name stands.
        place: Place,
    },
    /// It comes from outside.
    Foreign {
        /// The module, as it is written.
        module: String,
        /// Its name there, with dots between; `default` for what is offered without one, `None` for all of the module.
        name: Option<String>,
    },
}

/// Tells what names mean, keeping what it has read.
pub struct Meanings<'p, 't> {
    project: &'p mut Project<'t>,
    modules: Vec<(Lang, Modules)>,
}

impl<'p, 't> Meanings<'p, 't> {
    /// Nothing is read yet.
    pub fn new(project: &'p mut Project<'t>) -> Meanings<'p, 't> {
        Meanings { project, modules: Vec::new() }
    }

    /// What the name at a byte of a file means; `None` where nothing says it.
    pub fn find(&mut self, path: &str, offset: usize) -> Option<Meaning> {
        let lang = Lang::from_path(path)?;
        let file = self.project.file(path)?;
        let names = file.names.as_ref()?;
        let known = self.modules.iter().position(|(of, _)| of.family() == lang.family());
        let known = known.unwrap_or_else(|| {
            self.modules.push((lang, Modules::read(self.project.tree(), lang)));
            self.modules.len() - 1
        });
        let modules = &self.modules[known].1;
        if let Some(symbol) = names.mention_at(offset).and_then(|mention| mention.symbol) {
            return Some(of_symbol(self.project, modules, &file, symbol));
        }
        let member =
            names.members.iter().find(|m| m.called.is_none() && m.span.start <= offset && offset <= m.span.end);
        if let Some(found) = member.and_then(|member| outside(modules, &file, &member.on, member.name.clone())) {
            return Some(found);
        }
        let access = names.accesses.iter().find(|access| access.span.start <= offset && offset <= access.span.end);
        if let Some(found) =
            access.and_then(|access| outside(modules, &file, &Clue::Symbol(access.object), access.name.clone()))
        {
            return Some(found);
        }
        match target(self.project, modules, &file, names, offset)? {
            Target::Symbol(file, symbol) => Some(declared(&file, symbol)),
            Target::Export(..) => None,
        }
    }
}

fn declared(file: &FileNames, symbol: usize) -> Meaning {
    let names = names_of(file);
    let mentions = || names.mentions_of(symbol);
    let first = mentions().find(|mention| mention.is_declaration).or_else(|| mentions().next());
    let span = first.map_or(0..0, |mention| mention.span.clone());
    let of = &names.symbols[symbol];
    Meaning::Declared { name: of.name.clone(), kind: of.kind, place: Place { path: file.path.clone(), span } }
}

/// What a symbol stands for, through the imports that bring it.
fn of_symbol(project: &mut Project<'_>, modules: &Modules, file: &Arc<FileNames>, symbol: usize) -> Meaning {
    let Some(import) = names_of(file).imports.iter().find(|import| import.symbol == Some(symbol)) else {
        return declared(file, symbol);
    };
    let taken = taken(import);
    match (modules.find(file, &import.from), taken) {
        (None, name) => Meaning::Foreign { module: import.from.clone(), name },
        (Some(module), Some(name)) => match Infer::new(project, modules).origin(&module, &name) {
            Some((file, symbol)) => foreign_or_declared(modules, &file, symbol),
            None => passed_on(project, modules, &module, &name).unwrap_or_else(|| declared(file, symbol)),
        },
        (Some(_), None) => declared(file, symbol),
    }
}

/// What a module offers from outside, under a name.
fn passed_on(project: &mut Project<'_>, modules: &Modules, module: &str, name: &str) -> Option<Meaning> {
    let file = project.file(module)?;
    names_of(&file).exports.iter().find_map(|export| match export {
        Export::Passed { from, imported, name: known, .. } if known == name && modules.find(&file, from).is_none() => {
            Some(Meaning::Foreign { module: from.clone(), name: Some(imported.clone()) })
        }
        _ => None,
    })
}

fn foreign_or_declared(modules: &Modules, file: &Arc<FileNames>, symbol: usize) -> Meaning {
    match names_of(file).imports.iter().find(|import| import.symbol == Some(symbol)) {
        Some(import) if modules.find(file, &import.from).is_none() => {
            Meaning::Foreign { module: import.from.clone(), name: taken(import) }
        }
        _ => declared(file, symbol),
    }
}

fn taken(import: &Import) -> Option<String> {
    match &import.what {
        Taken::Name { name, .. } => Some(name.clone()),
        Taken::Default => Some("default".to_owned()),
        Taken::Whole | Taken::All => None,
    }
}

/// A member of what comes from outside.
fn outside(modules: &Modules, file: &Arc<FileNames>, on: &Clue, name: String) -> Option<Meaning> {
    match on {
        Clue::Symbol(symbol) => {
            let import = names_of(file).imports.iter().find(|import| import.symbol == Some(*symbol))?;
            if modules.find(file, &import.from).is_some() {
                return None;
            }
            // Of a module of CommonJS the default is the module.
            let first = taken(import).filter(|name| name != "default");
            let name = first.map_or(name.clone(), |first| format!("{first}.{name}"));
            Some(Meaning::Foreign { module: import.from.clone(), name: Some(name) })
        }
        Clue::Member(of, inner) => outside(modules, file, of, format!("{inner}.{name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::refactor::texts::Texts;
    use crate::core::{Error, Result};

    /// What the last occurrence of `X` means, as `path:name` or `module!name`.
    fn meaning(files: &[(&str, &str)]) -> Result<String> {
        let tree = Texts::new(files);
        let mut project = Project::new(&tree);
        let (path, text) = files.last().copied().ok_or_else(|| Error::usage("no file"))?;
        let at = text.rfind('X').unwrap_or_default();
        Ok(match Meanings::new(&mut project).find(path, at) {
            Some(Meaning::Declared { name, place, .. }) => format!("{}:{name}", place.path),
            Some(Meaning::Foreign { module, name }) => format!("{module}!{}", name.unwrap_or_default()),
            None => "unknown".to_owned(),
        })
    }

    #[test]
    fn a_name_means_what_it_comes_from() -> Result<()> {
        for (files, expected) in [
            (&[("a.ts", "import { X } from 'm'; X()")][..], "m!X"),
            (&[("a.ts", "import { b as X } from 'm'; X()")], "m!b"),
            (&[("a.ts", "import X from 'm'; X()")], "m!default"),
            (&[("a.ts", "import m from 'm'; m.X()")], "m!X"),
            (&[("a.js", "const m = require('m'); m.a.X()")], "m!a.X"),
            (&[("a.ts", "function X() {} X()")], "a.ts:X"),
            (&[("b.ts", "export function X() {}"), ("a.ts", "import { X } from './b'; X()")], "b.ts:X"),
            (&[("b.ts", "export { X } from 'm'"), ("a.ts", "import { X } from './b'; X()")], "m!X"),
            (&[("a.py", "import os.path\nos.path.X()")], "os!path.X"),
            (&[("a.py", "from a.b import X\nX()")], "a.b!X"),
            (&[("a.py", "def f(m): m.X()")], "unknown"),
            (&[("a.go", "package p\nimport \"io/ioutil\"\nvar _ = ioutil.X")], "io/ioutil!X"),
            (&[("a.go", "package p\ntype T struct{ X int }\nvar _ = T{}.X")], "a.go:X"),
        ] {
            assert_eq!(meaning(files)?, expected, "{files:?}");
        }
        Ok(())
    }
}
