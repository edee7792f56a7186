//! Scopes while they are walked: in Go a name is known from its declaration on.

use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::Node;

use crate::core::refactor::names::{Form, Mention, Names, Scope, Symbol};

/// The scope of the package, as far as this file declares it.
pub const PACKAGE: usize = 0;
/// The scope of the file's imports.
pub const FILE: usize = 1;

/// Names being read.
pub struct Scopes<'t> {
    /// The text.
    pub text: &'t str,
    /// What was read so far.
    pub names: Names,
    known: Vec<HashMap<String, usize>>,
    /// Labels of the functions around here.
    pub labels: Vec<HashMap<String, usize>>,
}

impl<'t> Scopes<'t> {
    /// A file's two outer scopes.
    pub fn new(text: &'t str) -> Scopes<'t> {
        let mut names = Names::default();
        names.scopes.push(Scope { parent: None, is_class: false });
        names.scopes.push(Scope { parent: Some(PACKAGE), is_class: false });
        Scopes { text, names, known: vec![HashMap::new(), HashMap::new()], labels: Vec::new() }
    }

    /// The text of a node.
    pub fn of(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    /// A scope inside another.
    pub fn open(&mut self, parent: usize) -> usize {
        self.names.scopes.push(Scope { parent: Some(parent), is_class: false });
        self.known.push(HashMap::new());
        self.known.len() - 1
    }

    /// A symbol that no place declares, or none yet.
    pub fn symbol(&mut self, name: &str, scope: usize, kind: &'static str, owner: Option<usize>) -> usize {
        self.names.symbols.push(Symbol { name: name.to_owned(), kind, scope, owner });
        self.names.symbols.len() - 1
    }

    /// Makes a symbol known in its scope.
    pub fn enter(&mut self, name: &str, scope: usize, symbol: usize) {
        self.known[scope].insert(name.to_owned(), symbol);
    }

    /// What a scope itself declares under a name.
    pub fn own(&self, name: &str, scope: usize) -> Option<usize> {
        self.known[scope].get(name).copied()
    }

    /// Declares a name, or mentions what the same scope has declared under it.
    pub fn declare(&mut self, node: Node<'_>, scope: usize, kind: &'static str) -> Option<usize> {
        let name = self.of(node);
        if name == "_" {
            return None;
        }
        let known = self.own(name, scope);
        let symbol = known.unwrap_or_else(|| self.symbol(name, scope, kind, None));
        self.enter(name, scope, symbol);
        self.mention(node.byte_range(), Some(symbol), scope, known.is_none());
        Some(symbol)
    }

    /// Writes down a place.
    pub fn mention(&mut self, span: Range<usize>, symbol: Option<usize>, scope: usize, is_declaration: bool) {
        self.names.mentions.push(Mention { span, symbol, scope, form: Form::Plain, is_declaration });
    }

    /// Mentions whatever a name means here.
    pub fn read(&mut self, node: Node<'_>, scope: usize) -> Option<usize> {
        let name = self.of(node);
        if name == "_" {
            return None;
        }
        let symbol = self.look_up(name, scope);
        self.mention(node.byte_range(), symbol, scope, false);
        symbol
    }

    /// What a name means in a scope.
    pub fn look_up(&self, name: &str, scope: usize) -> Option<usize> {
        let around = std::iter::successors(Some(scope), |at| self.names.scopes[*at].parent);
        around.filter_map(|scope| self.own(name, scope)).next()
    }
}
