//! What in a piece of code leads out of it, or is tied to the function around it.

use tree_sitter::Node;

use super::flow::{is_function, is_optional};
use crate::core::Result;
use crate::core::ast::{Family, Lang, all_children, ancestors, named_children};
use crate::core::refactor::code::{Code, is_written};
use crate::core::refactor::names::Mention;

/// What in a piece of code leads out of it.
#[derive(Default)]
pub struct Exits {
    /// Whether it returns from the function around it.
    pub returns: bool,
    /// Whether it waits, so that its function must be one that does.
    pub awaits: bool,
}

impl Code<'_> {
    /// Refuses code whose way out, or whose meaning, depends on the function around it.
    pub(super) fn exits(&self, run: &[Node<'_>], last: Node<'_>, is_expression: bool) -> Result<Exits> {
        let mut exits = Exits::default();
        for node in run {
            self.look(*node, false, false, (0, 0), &mut exits)?;
        }
        if exits.returns && last.kind() != "return_statement" {
            let at = run[0].start_byte();
            return Err(self.conflict(
                at,
                "it returns from its function in some cases only",
                "select up to a `return` in any case",
            ));
        }
        let writes = |node: &Node<'_>| {
            let is_own = |m: &Mention| is_written(self.source, m) && !self.is_nested_in(m, *node);
            self.mentions_in(&node.byte_range()).any(is_own)
        };
        if is_expression && run.iter().any(writes) {
            return Err(self.conflict(run[0].start_byte(), "it gives a variable a value", "select statements"));
        }
        let is_cut = run[0].parent().is_some_and(|of| {
            let is_object = ["object", "function"].iter().any(|name| of.child_by_field_name(name) == Some(run[0]));
            is_object && self.lang.family() == Family::JavaScript
        });
        let is_bound = run[0].parent().is_some_and(|of| of.child_by_field_name("function") == Some(run[0]));
        if is_expression && is_cut && (is_optional(run[0]) || is_bound) {
            return Err(self.conflict(run[0].start_byte(), "what comes behind it belongs to it", "select more"));
        }
        if is_expression && run[0].parent().is_some_and(|of| of.kind() == "jsx_attribute") {
            return Err(self.conflict(run[0].start_byte(), "it is no expression of its own", "extract a variable"));
        }
        if exits.returns && self.has_named_results(run[0]) {
            return Err(self.conflict(
                run[0].start_byte(),
                "the results of its function have names",
                "extract what does not return",
            ));
        }
        if self.lang == Lang::Go {
            let home = ancestors(run[0]).filter(|node| is_function(node.kind()));
            let is_generic = home.into_iter().any(|home| {
                home.child_by_field_name("type_parameters").is_some()
                    || home.child_by_field_name("receiver").is_some_and(|receiver| self.of(receiver).contains('['))
            });
            if is_generic {
                return Err(self.conflict(
                    run[0].start_byte(),
                    "its function has type parameters",
                    "extract it by hand",
                ));
            }
        }
        if is_expression && self.lang == Lang::Go {
            return Err(self.conflict(
                run[0].start_byte(),
                "its type is not known",
                "extract a variable, or statements",
            ));
        }
        Ok(exits)
    }

    /// Looks through code. `is_nested` inside of functions, `is_bound` inside of those that have a `this` of their own.
    fn look(
        &self,
        node: Node<'_>,
        is_nested: bool,
        is_bound: bool,
        loops: (usize, usize),
        exits: &mut Exits,
    ) -> Result<()> {
        let at = node.start_byte();
        let refused = |reason: &str| Err(self.conflict(at, reason, "leave this out"));
        let is_inner = is_nested || is_function(node.kind());
        let is_own = is_bound || is_function(node.kind()) && node.kind() != "arrow_function";
        let is_round = matches!(node.kind(), "for_statement" | "while_statement" | "do_statement" | "for_in_statement");
        let is_switch = matches!(
            node.kind(),
            "switch_statement" | "expression_switch_statement" | "type_switch_statement" | "select_statement"
        );
        match node.kind() {
            "return_statement" if !is_nested => {
                let is_bare = node.named_child_count() == 0;
                if is_bare && self.lang == Lang::Go && !self.result_around(&node.byte_range()).is_empty() {
                    return refused("it returns results by their names");
                }
                exits.returns = true;
            }
            "await" | "await_expression" if !is_nested => exits.awaits = true,
            "yield" | "yield_expression" if !is_nested => return refused("it is a part of a generator"),
            "break_statement" | "continue_statement" if node.named_child_count() > 0 => {
                return refused("it goes to a label");
            }
            "private_property_identifier" => return refused("it is private to its class"),
            "for_in_statement" if all_children(node).any(|word| word.kind() == "await") && !is_nested => {
                exits.awaits = true;
            }
            "break_statement" if loops.0 == 0 => return refused("it leaves a loop that is not selected"),
            "continue_statement" if loops.1 == 0 => return refused("it goes on with a loop that is not selected"),
            "labeled_statement" | "goto_statement" | "fallthrough_statement" | "defer_statement" => {
                return refused("where it goes on depends on the function around it");
            }
            "this" | "super" | "meta_property" if !is_bound => {
                return refused("it is about the object of the function around it");
            }
            "identifier" if self.of(node) == "arguments" && self.lang.family() == Family::JavaScript && !is_bound => {
                return refused("it is about the arguments of the function around it");
            }
            "identifier" if self.lang == Lang::Python => {
                let text = self.of(node);
                if matches!(text, "super" | "locals" | "vars" | "dir" | "eval" | "exec" | "__class__") {
                    return refused("it looks at the function around it");
                }
                let is_mangled = text.starts_with("__") && !text.ends_with("__");
                if is_mangled && ancestors(node).any(|of| of.kind() == "class_definition") {
                    return refused("a name with `__` is another one outside of its class");
                }
            }
            "identifier" if self.lang == Lang::Go && self.of(node) == "recover" => {
                return refused("it asks how the function around it ended");
            }
            "delete_statement"
                if self.lang == Lang::Python
                    && named_children(node).any(|of| of.kind() != "subscript" && of.kind() != "attribute") =>
            {
                return refused("it takes a variable of its function away");
            }
            "global_statement" | "nonlocal_statement" => {
                return refused("it is about variables of another function");
            }
            _ => {}
        }
        // `async for` and `async with`.
        if node.child(0).is_some_and(|word| word.kind() == "async") && !is_function(node.kind()) && !is_nested {
            exits.awaits = true;
        }
        let inner = (loops.0 + usize::from(is_round || is_switch), loops.1 + usize::from(is_round));
        for child in named_children(node) {
            // What stands in the `else` of a loop is outside of it.
            let is_else = is_round && node.child_by_field_name("alternative") == Some(child);
            let loops = match () {
                () if is_function(child.kind()) => (1, 1),
                () if is_else => loops,
                () => inner,
            };
            self.look(child, is_inner, is_own, loops, exits)?;
        }
        Ok(())
    }

    /// Whether a name is bound by a function or comprehension inside of a node.
    fn is_nested_in(&self, mention: &Mention, node: Node<'_>) -> bool {
        let is_scope =
            |kind: &str| is_function(kind) || kind.ends_with("_comprehension") || kind == "generator_expression";
        self.leaf(&mention.span).is_some_and(|leaf| {
            let is_walrus = leaf.parent().is_some_and(|of| of.kind() == "named_expression");
            let inside =
                std::iter::once(leaf).chain(ancestors(leaf)).take_while(|at| at.byte_range() != node.byte_range());
            !is_walrus && (inside.into_iter().any(|at| is_scope(at.kind())) || is_scope(node.kind()))
        })
    }
}
