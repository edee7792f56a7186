//! Names in Python, from the syntax tree: who binds what in which scope, and what comes from other modules.

mod bind;
mod classes;
mod clues;
mod forms;
mod module;
mod narrow;
mod raw;
mod typed;
mod walk;

use ast_grep_core::tree_sitter::LanguageExt;
use tree_sitter::Parser;

use super::names::Names;
use crate::core::ast::Lang;

pub use module::PyModules;

/// Reads what a file says about names; `None` where it has syntax errors.
pub fn read_names(text: &str) -> Option<Names> {
    let mut parser = Parser::new();
    parser.set_language(&Lang::Python.get_ts_language()).ok()?;
    let tree = parser.parse(text, None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut walker = walk::Walker::new(text);
    walker.module(tree.root_node());
    let mut bound = bind::bind(walker);
    typed::read(tree.root_node(), text, &mut bound);
    Some(bound.names)
}

/// Tells whether a text may pass on names that it does not mention.
pub fn passes_on(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"import *").is_some()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
