//! Composite literals: whether a key names a field or is a value depends on the type.

use std::sync::Arc;

use tree_sitter::Node;

use super::walk::{Walker, named};
use crate::core::refactor::types::Clue;

/// What the keys of a composite literal are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Fields of a struct, or most likely so.
    Fields,
    /// Values of a map or places of a list.
    Values,
}

impl<'t> Walker<'t> {
    /// The values of a composite literal of a type.
    pub(super) fn literal(&mut self, body: Node<'t>, ty: Option<Node<'t>>, on: &Clue, scope: usize) {
        let (keys, element) = self.keys(ty);
        let inside = Clue::element(on.clone());
        for part in named(body) {
            match part.kind() {
                "keyed_element" => {
                    for (n, half) in named(part).into_iter().enumerate() {
                        let inner = named(half);
                        match inner.as_slice() {
                            [key] if n == 0 && keys == Keys::Fields && key.kind() == "identifier" => {
                                self.named_on(*key, on.clone());
                            }
                            _ if n == 0 && keys == Keys::Values => {
                                self.part(half, None, &Clue::Key(Arc::new(on.clone())), scope);
                            }
                            _ => self.part(half, element, &inside, scope),
                        }
                    }
                }
                _ => self.part(part, element, &inside, scope),
            }
        }
    }

    fn part(&mut self, node: Node<'t>, element: Option<Node<'t>>, on: &Clue, scope: usize) {
        match node.kind() {
            "literal_value" => self.literal(node, element, on, scope),
            "literal_element" => {
                for part in named(node) {
                    self.part(part, element, on, scope);
                }
            }
            _ => self.node(node, scope),
        }
    }

    /// What the keys of a type's literals are, and the type of its elements.
    fn keys(&self, ty: Option<Node<'t>>) -> (Keys, Option<Node<'t>>) {
        let Some(ty) = ty else { return (Keys::Fields, None) };
        match ty.kind() {
            "map_type" => (Keys::Values, ty.child_by_field_name("value")),
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                (Keys::Values, ty.child_by_field_name("element"))
            }
            "pointer_type" => self.keys(named(ty).first().copied()),
            "type_identifier" if self.others.get(self.scopes.of(ty)) == Some(&true) => (Keys::Values, None),
            _ => (Keys::Fields, None),
        }
    }
}
