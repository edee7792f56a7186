//! What values are where a test said so: `isinstance`.

use tree_sitter::Node;

use super::typed::Reader;
use super::walk::named;
use crate::core::refactor::types::Clue;

impl<'t> Reader<'t, '_> {
    /// What is only reached where a test holds.
    pub(super) fn tested(&mut self, node: Node<'t>) {
        let before = self.narrowed.len();
        if node.kind() == "conditional_expression" {
            if let [yes, test, no] = named(node).as_slice() {
                self.node(*test);
                self.narrow(*test);
                self.node(*yes);
                self.narrowed.truncate(before);
                self.node(*no);
            }
            return;
        }
        let (Some(test), Some(body)) = (node.child_by_field_name("condition"), node.child_by_field_name("consequence"))
        else {
            return self.children(node);
        };
        self.node(test);
        self.narrow(test);
        self.node(body);
        self.narrowed.truncate(before);
        for other in named(node).into_iter().filter(|part| *part != test && *part != body) {
            self.node(other);
        }
        // `if not isinstance(…): return` holds for the rest of the block.
        let leaves = named(body).last().is_some_and(|last| {
            matches!(last.kind(), "return_statement" | "raise_statement" | "continue_statement" | "break_statement")
        });
        if test.kind() == "not_operator"
            && leaves
            && let Some(inner) = test.child_by_field_name("argument")
        {
            self.narrow(inner);
        }
    }

    /// What values are where a test holds.
    pub(super) fn narrow(&mut self, test: Node<'t>) {
        let parts = named(test);
        match test.kind() {
            "parenthesized_expression" => parts.first().into_iter().for_each(|inner| self.narrow(*inner)),
            "boolean_operator" if test.child_by_field_name("operator").is_some_and(|o| o.kind() == "and") => {
                parts.iter().for_each(|one| self.narrow(*one));
            }
            "call" if test.child_by_field_name("function").is_some_and(|f| self.of(f) == "isinstance") => {
                let arguments = test.child_by_field_name("arguments").map(named).unwrap_or_default();
                if let [value, ty] = arguments.as_slice() {
                    let (wide, narrow) = (self.clue(*value), self.class_clue(*ty));
                    self.narrowed.push((wide, narrow));
                }
            }
            _ => {}
        }
    }

    /// A value of a class or of one of several.
    pub(super) fn class_clue(&mut self, node: Node<'t>) -> Clue {
        match node.kind() {
            "tuple" => {
                let all = named(node).into_iter().map(|one| Clue::instance(self.clue(one))).collect();
                Clue::Either(all)
            }
            _ => Clue::instance(self.clue(node)),
        }
    }
}
