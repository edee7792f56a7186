//! Which module an import means, in each language: a file, in Go a directory.

use super::Tree;
use super::go::GoModules;
use super::js::Modules as JsModules;
use super::project::{FileNames, names_of};
use super::python::PyModules;
use crate::core::ast::Lang;
use crate::core::path::dir_of;

/// The word by which others import a file: its name, or that of the directory it stands for.
pub fn stem(path: &str) -> &str {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.split('.').next().unwrap_or(name) {
        "index" | "__init__" if !dir.is_empty() => dir.rsplit('/').next().unwrap_or(dir),
        stem => stem,
    }
}

/// The manner in which a module is written: a specifier, the file it stands in and the file it means.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// The specifier.
    pub specifier: &'a str,
    /// The file that it means.
    pub means: &'a str,
}

/// The modules of a language's family.
pub enum Modules {
    /// Those of JavaScript and TypeScript.
    Js(JsModules),
    /// Those of Python.
    Python(PyModules),
    /// The packages of Go.
    Go(GoModules),
}

impl Modules {
    /// Looks at a tree.
    pub fn read(tree: &dyn Tree, lang: Lang) -> Modules {
        match lang {
            Lang::Python => Modules::Python(PyModules::read(tree)),
            Lang::Go => Modules::Go(GoModules::read(tree)),
            _ => Modules::Js(JsModules::read(tree)),
        }
    }

    /// The module that a specifier means in a file, if it is one of the repository's. Without a specifier it is the
    /// file's own.
    pub fn find(&self, from: &FileNames, specifier: &str) -> Option<String> {
        match self {
            _ if specifier.is_empty() => Some(self.own(from)),
            Modules::Js(modules) => modules.find(&from.path, specifier),
            Modules::Python(modules) => modules.find(&from.path, specifier),
            Modules::Go(modules) => modules.find(specifier),
        }
    }

    /// How one file writes the module of another, in the manner of a specifier that `origin` has for its own neighbour.
    /// `None` where none is known that means it.
    pub fn written(&self, from: &FileNames, to: &str, like: &Manner<'_>) -> Option<String> {
        let found = match self {
            Modules::Js(modules) => modules.written(&from.path, to, like),
            Modules::Python(modules) => modules.written(&from.path, to, like),
            Modules::Go(_) => None,
        };
        found.filter(|found| self.find(from, found).as_deref() == Some(to))
    }

    /// How one file writes a relative specifier of another, whose module is not known.
    pub fn turned(&self, from: &FileNames, specifier: &str, to: &FileNames) -> Option<String> {
        match self {
            Modules::Js(_) => JsModules::turned(&from.path, specifier, &to.path),
            _ => (dir_of(&from.path) == dir_of(&to.path)).then(|| specifier.to_owned()),
        }
    }

    /// The path that a relative specifier means, whatever lies there, where specifiers are paths.
    pub fn meant(&self, from: &FileNames, specifier: &str) -> Option<String> {
        matches!(self, Modules::Js(_)).then(|| JsModules::meant(&from.path, specifier)).flatten()
    }

    /// A relative specifier of a path.
    pub fn pointing(&self, from: &FileNames, to: &str) -> Option<String> {
        matches!(self, Modules::Js(_)).then(|| JsModules::pointing(&from.path, to))
    }

    /// The module that a file is, or belongs to.
    pub fn own(&self, file: &FileNames) -> String {
        match self {
            Modules::Go(_) => GoModules::own(&file.path, names_of(file).package.as_deref().unwrap_or_default()),
            _ => file.path.clone(),
        }
    }

    /// Whether a symbol is what a module of that path offers under a name, declared once more: files of Go for one
    /// system or another do that.
    pub fn is_again(&self, file: &FileNames, symbol: usize, module: &str, name: &str) -> bool {
        // Every file may have these for itself.
        const OWN: [&str; 2] = ["init", "_"];
        matches!(self, Modules::Go(_))
            && names_of(file).symbols[symbol].name == name
            && !OWN.contains(&name)
            && self.own(file) == module
    }

    /// The files that may belong to a module.
    pub fn files(&self, module: &str) -> Vec<String> {
        match self {
            Modules::Go(modules) => modules.files(module),
            _ => vec![module.to_owned()],
        }
    }

    /// The file of a module inside another, where modules have such.
    pub fn submodule(&self, module: &str, name: &str) -> Option<String> {
        match self {
            Modules::Js(_) | Modules::Go(_) => None,
            Modules::Python(modules) => modules.submodule(module, name),
        }
    }
}
