//! Whether a value is the same where it is used as where it was made, and what it does still happens at its time.

use std::ops::Range;

use tree_sitter::Node;

use super::declared::Declared;
use super::effect::{Effect, effect};
use super::site::{self, is_first_evaluated, is_plain_read};
use crate::core::Result;
use crate::core::ast::{Lang, ancestors};
use crate::core::refactor::code::Code;
use crate::core::refactor::names::Mention;

impl Code<'_> {
    /// Refuses where the code around asks for its own variables by their names or numbers.
    pub(super) fn check_reflection(&self, declared: &Declared<'_>) -> Result<()> {
        let around = ancestors(declared.statement).take_while(|node| node.parent().is_some());
        let text = &self.file.text[around.last().map_or(declared.statement.byte_range(), |node| node.byte_range())];
        let words: &[&str] = match self.lang {
            Lang::Python => &["locals(", "vars(", "exec(", "eval("],
            Lang::Go => &[],
            _ => &["arguments", "eval("],
        };
        match words.iter().find(|word| text.contains(**word)) {
            Some(_) => Err(self.conflict(
                declared.statement.start_byte(),
                "code around it looks its variables up by name or number",
                "inline by hand",
            )),
            None => Ok(()),
        }
    }

    /// Refuses where the value could be another, or what it does could happen at another time.
    pub(super) fn check_order(&self, declaration: &Mention, declared: &Declared<'_>, uses: &[&Mention]) -> Result<()> {
        let is_settled = |span: &Range<usize>| self.is_settled(span, declaration, uses);
        let value = effect(declared.value, self.lang, declared.is_constant, &is_settled);
        if value == Effect::None {
            return Ok(());
        }
        if let Effect::Bound(reason) = value {
            return Err(self.conflict(declared.value.start_byte(), reason, "inline by hand"));
        }
        if let [_, second, ..] = uses {
            return Err(self.conflict(
                second.span.start,
                "it is used more than once, and its value is made anew each time",
                "keep the variable",
            ));
        }
        let used = uses[0];
        let next = std::iter::successors(declared.statement.next_named_sibling(), Node::next_named_sibling)
            .find(|node| !node.is_extra());
        let leaf = self.leaf(&used.span);
        let is_next = next.zip(leaf).is_some_and(|(next, leaf)| {
            is_first_evaluated(next, leaf, self.lang, &|node| self.is_quiet(node, declared.value))
        });
        if !is_next || used.scope != declaration.scope {
            return Err(self.conflict(
                used.span.start,
                "something happens between the declaration and this use, on which its value may depend",
                "move the declaration right before the use first",
            ));
        }
        Ok(())
    }

    /// Tells whether a name that the value mentions has the same value at every use.
    fn is_settled(&self, span: &Range<usize>, declaration: &Mention, uses: &[&Mention]) -> bool {
        let Some(mention) = self.names.mentions.iter().find(|mention| mention.span == *span) else { return false };
        let Some(symbol) = mention.symbol else { return false };
        let Some(one) = self.only_read(symbol) else { return false };
        // Of what is declared at the top, other files may change the value.
        let is_local =
            self.names.symbols[symbol].scope != 0 || self.leaf(&one.span).is_some_and(site::is_constant_declaration);
        let is_near = uses.iter().all(|used| used.scope == declaration.scope);
        let is_steady = self.leaf(&one.span).is_some_and(site::is_steady_declaration);
        // What is imported in JavaScript is what it is over there, now.
        let is_import = self.names.imports.iter().any(|import| import.symbol == Some(symbol));
        let is_before = one.span.start < declaration.span.start;
        // A type that was made narrower is wider again in another function.
        let is_typed = matches!(self.lang, Lang::TypeScript | Lang::Tsx);
        is_local && !is_import && is_before && (is_near || is_steady && !is_typed)
    }

    /// Tells whether what a name or path before the value comes to is the same before and after the value is made.
    pub(in crate::core::refactor) fn is_quiet(&self, node: Node<'_>, value: Node<'_>) -> bool {
        let Some(root) = site::root_of(node) else { return false };
        if site::only_reads(value) {
            return true;
        }
        // A function of the language or of a library, such as `console.log`, and not what the file itself may change.
        let mention = self.names.mentions.iter().find(|mention| mention.span == root.byte_range());
        let is_callee = node.parent().is_some_and(|call| call.child_by_field_name("function") == Some(node));
        let Some(symbol) = mention.and_then(|mention| mention.symbol) else { return is_callee };
        let Some(one) = self.only_read(symbol) else { return false };
        let is_function = self.leaf(&one.span).and_then(|leaf| leaf.parent()).is_some_and(|parent| {
            matches!(
                parent.kind(),
                "function_declaration" | "function_definition" | "class_definition" | "class_declaration"
            )
        });
        let is_import = self.names.imports.iter().any(|import| import.symbol == Some(symbol));
        is_callee && (is_import || node == root && is_function)
    }

    /// The declaration of what is declared in one place and only read everywhere else.
    pub(in crate::core::refactor) fn only_read(&self, symbol: usize) -> Option<&Mention> {
        let one = self.declaration(symbol)?;
        let is_read = |mention: &Mention| {
            mention.span == one.span
                || self.leaf(&mention.span).is_some_and(|leaf| is_plain_read(leaf, mention.form, self.lang))
        };
        self.names.mentions_of(symbol).all(is_read).then_some(one)
    }

    /// Refuses where a name in the value means something else at a use.
    pub(super) fn check_capture(&self, declaration: &Mention, value: &Range<usize>, used: &Mention) -> Result<()> {
        for mention in self.names.mentions.iter().filter(|m| value.start <= m.span.start && m.span.end <= value.end) {
            let name = &self.file.text[mention.span.clone()];
            let other = self.names.symbols.iter().enumerate().find(|(other, symbol)| {
                Some(*other) != mention.symbol
                    && symbol.name == name
                    && self.names.is_within(used.scope, symbol.scope)
                    && symbol.scope != declaration.scope
                    && self.names.is_within(symbol.scope, declaration.scope)
            });
            if let Some((other, _)) = other {
                let there = self.names.mentions_of(other).next().map_or(0, |mention| mention.span.start);
                let at = self.shown(there);
                return Err(self.conflict(
                    used.span.start,
                    &format!("'{name}' means what is declared at {at} here, and not what the value means by it"),
                    "rename one of them first",
                ));
            }
        }
        Ok(())
    }
}
