//! The types of variables and results, where they are written down.

use std::ops::Range;

use tree_sitter::Node;

use super::flow::is_function;
use crate::core::Result;
use crate::core::ast::{Lang, ancestors, named_children};
use crate::core::refactor::code::Code;

impl Code<'_> {
    /// The type of a variable, where it is written down.
    pub(super) fn type_of(&self, symbol: usize) -> Result<String> {
        let name = &self.names.symbols[symbol].name;
        let at = self.names.mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
        let unknown =
            || self.conflict(at, &format!("the type of '{name}' is not written down"), "give it a type first");
        let declaration = self.declaration(symbol).ok_or_else(unknown)?;
        let leaf = self.leaf(&declaration.span).ok_or_else(unknown)?;
        let parent = leaf.parent().ok_or_else(unknown)?;
        let written =
            parent.child_by_field_name("type").map(|of| self.of(of).trim_start_matches(':').trim().to_owned());
        let ty = match (written, self.lang) {
            (Some(_), Lang::Go) if self.needs_local_type(parent) => None,
            (Some(ty), Lang::Go) if parent.kind() == "variadic_parameter_declaration" => Some(format!("[]{ty}")),
            (Some(ty), Lang::Go) => Some(ty),
            (Some(ty), _) => {
                // Where it is known more exactly than it is written, the function would know less.
                let is_wide = ty.contains('|') || ty.contains("unknown") || parent.kind() == "optional_parameter";
                (!is_wide && !self.needs_local_type(parent)).then_some(ty)
            }
            (None, Lang::TypeScript | Lang::Tsx) => {
                parent.child_by_field_name("value").and_then(|value| literal_type(value))
            }
            (None, _) => None,
        };
        ty.ok_or_else(unknown)
    }

    /// Whether a type is made of types that only the function knows.
    fn needs_local_type(&self, declarator: Node<'_>) -> bool {
        let Some(ty) = declarator.child_by_field_name("type") else { return false };
        self.mentions_in(&ty.byte_range()).any(|mention| {
            mention.symbol.is_some_and(|symbol| {
                let known = &self.names.symbols[symbol];
                known.scope != 0 && known.kind != "import"
            })
        })
    }

    /// What the function of Go around a place returns.
    pub(super) fn result_around(&self, range: &Range<usize>) -> String {
        let root = self.source.tree().root_node();
        let node = root.descendant_for_byte_range(range.start, range.start);
        let home = node.and_then(|node| ancestors(node).find(|node| is_function(node.kind())));
        home.and_then(|home| home.child_by_field_name("result"))
            .map_or(String::new(), |result| self.of(result).to_owned())
    }

    /// Whether the function of Go around a place names its results.
    pub(super) fn has_named_results(&self, node: Node<'_>) -> bool {
        let home = ancestors(node).find(|node| is_function(node.kind()));
        let result = home.and_then(|home| home.child_by_field_name("result"));
        result.is_some_and(|list| named_children(list).any(|one| one.child_by_field_name("name").is_some()))
    }
}

/// The type of a value that says itself what it is.
fn literal_type(value: Node<'_>) -> Option<String> {
    Some(match value.kind() {
        "number" => "number".to_owned(),
        "string" | "template_string" => "string".to_owned(),
        "true" | "false" => "boolean".to_owned(),
        _ => return None,
    })
}
