//! Where a variable gets its value: by one statement of its own, where no other file can see it.

use tree_sitter::Node;

use crate::core::Result;
use crate::core::ast::Lang;
use crate::core::refactor::code::Code;
use crate::core::refactor::names::Mention;

/// A variable that is declared with a value.
pub struct Declared<'t> {
    /// The whole statement.
    pub statement: Node<'t>,
    /// What the variable is given.
    pub value: Node<'t>,
    /// Whether the language says that it never changes.
    pub is_constant: bool,
}

impl<'a> Code<'a> {
    /// The one place that declares a variable that other files cannot know.
    /// With `is_here` it stays, and others may know it, if none of them can change it.
    pub(super) fn declared_once(&self, symbol: usize, is_here: bool) -> Result<&'a Mention> {
        let mut all = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration);
        let at = self.names.mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
        let (Some(one), None) = (all.next(), all.next()) else {
            return Err(self.conflict(at, "it is not given its value in one place", "inline by hand"));
        };
        let scope = self.names.symbols[symbol].scope;
        if self.names.scopes.get(scope).is_some_and(|scope| scope.is_class) {
            return Err(self.conflict(
                one.span.start,
                "it is an attribute of its class",
                "inline what is local to a function",
            ));
        }
        let is_shared = match self.lang {
            Lang::Python | Lang::Go => self.names.symbols[symbol].scope == 0,
            // Without imports and exports it is a script, which shares its names with others.
            _ => {
                self.names.symbols[symbol].scope == 0 && self.names.imports.is_empty() && self.names.exports.is_empty()
                    || self.names.is_offered(symbol)
            }
        };
        let is_safe = is_here && !matches!(self.lang, Lang::Python | Lang::Go);
        if is_shared && !is_safe {
            return Err(self.conflict(one.span.start, "other files can know it", "inline what is local to a function"));
        }
        Ok(one)
    }

    /// The statement that declares it with a value.
    pub(super) fn declared(&self, mention: &Mention) -> Result<Declared<'a>> {
        let other = || {
            self.conflict(mention.span.start, "it is not declared alone, with a value", "split the declaration first")
        };
        let leaf = self.leaf(&mention.span).ok_or_else(other)?;
        let parent = leaf.parent().ok_or_else(other)?;
        let found = match self.lang {
            Lang::Python => {
                let is_plain = parent.kind() == "assignment" && parent.child_by_field_name("type").is_none();
                let value = parent
                    .child_by_field_name("right")
                    .filter(|_| is_plain && parent.child_by_field_name("left") == Some(leaf));
                let statement = parent
                    .parent()
                    .filter(|found| found.kind() == "expression_statement" && found.named_child_count() == 1);
                value
                    .filter(|value| value.kind() != "assignment")
                    .zip(statement)
                    .map(|(value, statement)| (value, statement, false))
            }
            Lang::Go => self.declared_in_go(leaf, parent),
            _ => {
                let is_plain = parent.kind() == "variable_declarator" && parent.child_by_field_name("type").is_none();
                let value = parent.child_by_field_name("value").filter(|_| is_plain);
                let statement = parent.parent().filter(|found| {
                    matches!(found.kind(), "lexical_declaration" | "variable_declaration")
                        && found.named_child_count() == 1
                });
                value.zip(statement).map(|(value, statement)| {
                    let is_constant = self.file.text[statement.byte_range()].starts_with("const");
                    (value, statement, is_constant)
                })
            }
        };
        let (value, statement, is_constant) = found.ok_or_else(other)?;
        let is_in_block = statement.parent().is_some_and(|block| {
            matches!(block.kind(), "statement_block" | "program" | "block" | "module" | "statement_list")
        });
        let tail = &self.file.text[value.end_byte()..statement.end_byte()];
        if !is_in_block || value.has_error() || tail.contains('\n') {
            return Err(other());
        }
        Ok(Declared { statement, value, is_constant })
    }

    fn declared_in_go<'t>(&self, leaf: Node<'t>, parent: Node<'t>) -> Option<(Node<'t>, Node<'t>, bool)> {
        let only = |list: Node<'t>| (list.named_child_count() == 1).then(|| list.named_child(0)).flatten();
        if parent.kind() == "expression_list" {
            let statement = parent.parent().filter(|found| found.kind() == "short_var_declaration")?;
            let is_left = statement.child_by_field_name("left") == Some(parent) && only(parent) == Some(leaf);
            return is_left.then(|| Some((only(statement.child_by_field_name("right")?)?, statement, false))).flatten();
        }
        let is_plain =
            matches!(parent.kind(), "var_spec" | "const_spec") && parent.child_by_field_name("type").is_none();
        let statement =
            parent.parent().filter(|found| is_plain && found.named_child_count() == 1 && found.child_count() == 2)?;
        Some((only(parent.child_by_field_name("value")?)?, statement, parent.kind() == "const_spec"))
    }
}
