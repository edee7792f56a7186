//! Which file a name of a file means, in each language.

use super::Tree;
use super::js::Modules as JsModules;
use super::python::PyModules;
use crate::core::ast::Lang;

/// The modules of a language's family.
pub enum Modules {
    /// Those of JavaScript and TypeScript.
    Js(JsModules),
    /// Those of Python.
    Python(PyModules),
}

impl Modules {
    /// Looks at a tree.
    pub fn read(tree: &dyn Tree, lang: Lang) -> Modules {
        match lang {
            Lang::Python => Modules::Python(PyModules::read(tree)),
            _ => Modules::Js(JsModules::read(tree)),
        }
    }

    /// The file that a specifier means in a file, if it is one of the repository's.
    pub fn find(&self, from: &str, specifier: &str) -> Option<String> {
        match self {
            Modules::Js(modules) => modules.find(from, specifier),
            Modules::Python(modules) => modules.find(from, specifier),
        }
    }

    /// The file of a module inside another, where modules have such.
    pub fn submodule(&self, module: &str, name: &str) -> Option<String> {
        match self {
            Modules::Js(_) => None,
            Modules::Python(modules) => modules.submodule(module, name),
        }
    }
}
