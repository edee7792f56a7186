//! `__all__`, which says in Python what a star import takes.

use tree_sitter::Node;

use super::{Offer, Work};
use crate::core::Result;
use crate::core::ast::named_children;
use crate::core::refactor::code::Code;
use crate::core::refactor::moving::list_edits;

impl Work<'_, '_, '_> {
    /// Puts a name into `__all__`, or takes it out.
    pub(super) fn python(&mut self, code: &Code<'_>, offset: usize, offer: Offer) -> Result<()> {
        if offer == Offer::Default {
            return Err(code.conflict(offset, "Python knows no default", "offer it by its name"));
        }
        let Some(list) = named_children(code.source.tree().root_node()).find_map(|node| all_of(code, node)) else {
            return Err(code.conflict(
                offset,
                "the file has no `__all__`, so it offers every name",
                "write `__all__ = []` first",
            ));
        };
        let items: Vec<Node<'_>> = named_children(list).filter(|item| item.kind() == "string").collect();
        let is_it = |item: &Node<'_>| code.of(*item).trim_matches(['"', '\'']) == self.name;
        let is_there = items.iter().any(is_it);
        if is_there == (offer == Offer::Named) {
            let reason = if is_there { "`__all__` names it already" } else { "`__all__` does not name it" };
            return Err(code.conflict(offset, reason, "there is nothing to do"));
        }
        let quote = items.first().map_or('"', |item| code.of(*item).chars().next().unwrap_or('"'));
        let more: Vec<String> = if is_there { Vec::new() } else { vec![format!("{quote}{}{quote}", self.name)] };
        if items.is_empty() {
            self.edits.push((list.start_byte() + 1..list.start_byte() + 1, more.join("")));
            return Ok(());
        }
        let gone: Vec<bool> = items.iter().map(is_it).collect();
        let ranges: Vec<_> = items.iter().map(Node::byte_range).collect();
        self.edits.extend(list_edits(code.source.text(), code.source.layout().newline, &ranges, &gone, &more));
        Ok(())
    }
}

/// The list that a statement makes `__all__`.
fn all_of<'t>(code: &Code<'_>, statement: Node<'t>) -> Option<Node<'t>> {
    let assignment = statement.named_child(0).filter(|inner| inner.kind() == "assignment")?;
    let left = assignment.child_by_field_name("left").filter(|left| code.of(*left) == "__all__");
    left?;
    assignment.child_by_field_name("right").filter(|right| matches!(right.kind(), "list" | "tuple"))
}
