//! Names in Go, from the syntax tree. A file is one of several of its package: what it does not declare may be
//! declared in another.

mod clues;
mod function;
mod import;
mod literal;
mod module;
mod scope;
mod walk;

use ast_grep_core::tree_sitter::LanguageExt;
use tree_sitter::Parser;

use super::names::Names;
use crate::core::ast::Lang;

pub use module::GoModules;

/// Reads what a file says about names; `None` where it has syntax errors.
pub fn read_names(text: &str) -> Option<Names> {
    let mut parser = Parser::new();
    parser.set_language(&Lang::Go.get_ts_language()).ok()?;
    let tree = parser.parse(text, None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut names = walk::read(tree.root_node(), text);
    names.mentions.sort_by_key(|mention| mention.span.start);
    Some(names)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
