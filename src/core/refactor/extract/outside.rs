//! What a piece of code shares with the code around it: the variables it takes, and those it leaves behind.

use std::ops::Range;

use tree_sitter::Node;

use super::flow::is_function;
use crate::core::Result;
use crate::core::ast::{Family, Lang, ancestors};
use crate::core::refactor::code::{Code, is_written};
use crate::core::refactor::names::Mention;

/// What a piece of code shares.
#[derive(Debug, Default)]
pub struct Shared {
    /// The variables whose values it needs, in the order in which it names them.
    pub inputs: Vec<usize>,
    /// The variables whose values are needed after it.
    pub outputs: Vec<usize>,
    /// Those among them that it declares.
    pub declared: Vec<usize>,
    /// Variables from outside that it gives a value without asking for the one they have.
    pub written: Vec<usize>,
}

impl Code<'_> {
    /// Looks at all names of a run of statements, or of one expression.
    pub(super) fn shared(&self, run: &[Node<'_>], range: &Range<usize>) -> Result<Shared> {
        let first = run[0];
        let around = self.scope_around(first);
        let is_top = around.len() == self.file.text.len() && !ancestors(first).any(|node| is_function(node.kind()));
        let round = ancestors(first)
            .take_while(|node| !is_function(node.kind()))
            .find(|node| {
                matches!(node.kind(), "for_statement" | "while_statement" | "do_statement" | "for_in_statement")
            })
            .map(|node| node.byte_range());
        let trial = ancestors(first).take_while(|node| !is_function(node.kind())).find(|node| {
            let is_with = node.kind() == "with_statement"
                && ["suppress", "aises"]
                    .iter()
                    .any(|word| self.of(*node).lines().next().unwrap_or_default().contains(word));
            node.kind() == "try_statement" || is_with
        });
        let mut shared = Shared::default();
        let mut seen = Vec::new();
        for mention in self.mentions_in(range) {
            let Some(symbol) = mention.symbol.filter(|symbol| !seen.contains(symbol)) else { continue };
            seen.push(symbol);
            if self.is_member(mention) {
                continue;
            }
            let known = &self.names.symbols[symbol];
            let is_module = known.scope == 0 || self.lang == Lang::Go && known.kind == "import";
            let all: Vec<&Mention> = self.names.mentions_of(symbol).collect();
            let inside: Vec<&Mention> = all.iter().copied().filter(|m| range.contains(&m.span.start)).collect();
            let writes: Vec<&Mention> = inside.iter().copied().filter(|m| is_written(self.source, m)).collect();
            let is_declared = all.iter().any(|m| m.is_declaration && range.contains(&m.span.start))
                && !all.iter().any(|m| m.is_declaration && m.span.start < range.start);
            if is_module && !(is_top && is_declared) {
                if !writes.is_empty() && self.lang == Lang::Python {
                    return Err(self.conflict(
                        writes[0].span.start,
                        "it gives a variable of the file a value",
                        "leave this statement out",
                    ));
                }
                continue;
            }
            if is_top && is_declared {
                self.check_top(symbol, &all, range)?;
            }
            let declared_at = all.iter().find(|m| m.is_declaration).map_or(0, |m| m.span.start);
            if self.lang.family() == Family::JavaScript && declared_at >= range.end && known.kind != "function" {
                return Err(self.conflict(
                    mention.span.start,
                    "it names what is declared behind it",
                    "select that, too",
                ));
            }
            if is_declared
                && self.is_hoisted(declared_at)
                && (round.is_some() || all.iter().any(|m| !range.contains(&m.span.start)))
            {
                return Err(self.conflict(
                    declared_at,
                    "it is known outside of it, too, as `var` and `function` are",
                    "use `const` or `let` first",
                ));
            }
            let is_again_declared = |m: &Mention| {
                m.is_declaration && m.symbol != Some(symbol) && self.file.text[m.span.clone()] == *known.name
            };
            if self.lang == Lang::Go && !is_declared && self.mentions_in(range).any(is_again_declared) {
                let reason = format!("it declares '{}' again, which would be a parameter", known.name);
                return Err(self.conflict(mention.span.start, &reason, "rename one of the two first"));
            }
            if self.lang == Lang::Go && matches!(known.kind, "type" | "constant") && !is_declared {
                let reason = "it needs a type or constant that only its function knows";
                return Err(self.conflict(mention.span.start, reason, "declare that at the top first"));
            }
            if known.kind == "type parameter" && !is_declared {
                return Err(self.conflict(
                    mention.span.start,
                    "it needs a type parameter of its function",
                    "extract it by hand",
                ));
            }
            self.check_closures(&all, &writes, range, &around, is_declared)?;
            let is_after = all.iter().any(|m| m.span.start >= range.end);
            let is_before = all.iter().any(|m| m.span.start < range.start);
            // The next round may ask for it first.
            let is_again = round.is_some() && !is_declared;
            let is_output = !writes.is_empty() && (is_after || is_again || self.is_result(symbol));
            if trial.is_some() && !writes.is_empty() && (!is_declared || is_after) {
                return Err(self.conflict(
                    writes[0].span.start,
                    "an exception may come after this value is given, and before it would be returned",
                    "select the whole `try`, or leave this statement out",
                ));
            }
            self.check_bound(symbol, &all, range, &writes)?;
            self.check_copy(symbol, &inside)?;
            let is_sure = writes.iter().any(|write| self.is_direct(write, run));
            let is_read = inside.iter().any(|m| !is_written(self.source, m) || self.is_update(m));
            if is_output && is_declared && !is_sure {
                return Err(self.conflict(
                    writes[0].span.start,
                    "it may or may not get a value that is used later",
                    "select more",
                ));
            }
            if !is_declared && (is_read || is_output && !is_sure) {
                shared.inputs.push(symbol);
            } else if !is_declared && !writes.is_empty() {
                shared.written.push(symbol);
            } else if is_declared && round.is_some() && is_before && self.lang == Lang::Python {
                return Err(self.conflict(
                    mention.span.start,
                    "its value may come from the round before",
                    "select the whole loop",
                ));
            }
            if is_output {
                shared.outputs.push(symbol);
                if is_declared {
                    shared.declared.push(symbol);
                }
            }
        }
        Ok(shared)
    }

    /// Whether it is a result of Go with a name, which a `return` without values returns.
    fn is_result(&self, symbol: usize) -> bool {
        let leaf = self.declaration(symbol).and_then(|declaration| self.leaf(&declaration.span));
        leaf.is_some_and(|leaf| {
            let mut child = leaf;
            ancestors(leaf).any(|parent| {
                let is_it = is_function(parent.kind()) && parent.child_by_field_name("result") == Some(child);
                child = parent;
                is_it
            })
        })
    }

    /// Whether a declaration counts for all of its function: `var`, and functions.
    fn is_hoisted(&self, at: usize) -> bool {
        let root = self.source.tree().root_node();
        let leaf = root.descendant_for_byte_range(at, at + 1);
        let around = leaf.into_iter().flat_map(ancestors).find(|node| {
            matches!(
                node.kind(),
                "variable_declaration" | "lexical_declaration" | "function_declaration" | "class_declaration"
            )
        });
        self.lang.family() == Family::JavaScript
            && around.is_some_and(|node| matches!(node.kind(), "variable_declaration" | "function_declaration"))
    }

    /// In Python a variable may have no value yet, and then could not be passed.
    fn check_bound(&self, symbol: usize, all: &[&Mention], range: &Range<usize>, writes: &[&Mention]) -> Result<()> {
        let before: Vec<&&Mention> = all.iter().filter(|m| m.span.start < range.start && m.is_declaration).collect();
        let is_declared_here =
            before.is_empty() && all.iter().any(|m| m.is_declaration && range.contains(&m.span.start));
        if self.lang != Lang::Python || is_declared_here || self.names.symbols[symbol].kind == "parameter" {
            return Ok(());
        }
        let root = self.source.tree().root_node();
        let is_sure = |mention: &&&Mention| {
            let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
            let block = leaf.and_then(|leaf| {
                ancestors(leaf)
                    .find(|node| matches!(node.kind(), "block" | "module" | "for_statement" | "with_statement"))
            });
            block.is_some_and(|block| block.start_byte() <= range.start && range.end <= block.end_byte())
        };
        match before.iter().any(is_sure) {
            true => Ok(()),
            false => Err(self.conflict(
                writes.first().map_or(range.start, |write| write.span.start),
                &format!("'{}' may have no value here", self.names.symbols[symbol].name),
                "give it one before the condition",
            )),
        }
    }

    /// In Go a parameter is a copy, so what changes a part of it, or takes its address, must see the variable itself.
    fn check_copy(&self, symbol: usize, inside: &[&Mention]) -> Result<()> {
        if self.lang != Lang::Go || inside.iter().any(|mention| mention.is_declaration) {
            return Ok(());
        }
        const BASIC: &str = "bool string error any byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr \
            float32 float64 complex64 complex128";
        let ty = self.type_of(symbol).unwrap_or_default();
        let is_reference =
            ["*", "map[", "[]", "chan", "func(", "<-chan", "interface"].iter().any(|start| ty.starts_with(start));
        let is_plain = is_reference || BASIC.split(' ').any(|basic| basic == ty);
        for mention in inside {
            let Some(leaf) = self.leaf(&mention.span) else { continue };
            let Some(parent) = leaf.parent() else { continue };
            let is_part = parent.child_by_field_name("operand") == Some(leaf)
                && matches!(parent.kind(), "selector_expression" | "index_expression" | "slice_expression");
            let is_address =
                parent.kind() == "unary_expression" && parent.child(0).is_some_and(|word| word.kind() == "&");
            if is_address || is_part && !is_plain {
                return Err(self.conflict(
                    mention.span.start,
                    "a function would change a copy of it",
                    "make it a pointer first",
                ));
            }
        }
        Ok(())
    }

    /// Whether a name is a member's, and no variable's.
    fn is_member(&self, mention: &Mention) -> bool {
        let kind = mention.symbol.map_or("", |symbol| self.names.symbols[symbol].kind);
        matches!(kind, "attribute" | "method" | "field" | "class variable" | "label" | "enum member")
    }

    /// A variable of the file that is declared in the code: others may know it.
    fn check_top(&self, symbol: usize, all: &[&Mention], range: &Range<usize>) -> Result<()> {
        let is_before = all.iter().any(|mention| mention.span.start < range.start);
        match self.names.is_offered(symbol) || is_before {
            true => Err(self.conflict(
                all[0].span.start,
                "it declares something that others can know",
                "leave this statement out",
            )),
            false => Ok(()),
        }
    }

    /// Functions inside functions see a variable itself, and not the value it once had.
    fn check_closures(
        &self,
        all: &[&Mention],
        writes: &[&Mention],
        range: &Range<usize>,
        around: &Range<usize>,
        is_declared: bool,
    ) -> Result<()> {
        let root = self.source.tree().root_node();
        let leaf_of = |mention: &Mention| root.descendant_for_byte_range(mention.span.start, mention.span.end);
        let is_round = |node: &Node<'_>| {
            matches!(node.kind(), "for_statement" | "while_statement" | "do_statement" | "for_in_statement")
        };
        // What is given a value in a loop is given one in each round.
        let is_repeated = all.iter().any(|mention| {
            is_written(self.source, mention)
                && leaf_of(mention).is_some_and(|leaf| {
                    ancestors(leaf).take_while(|node| !is_function(node.kind())).any(|node| is_round(&node))
                })
        });
        let nested = |mention: &&&Mention| {
            let leaf = leaf_of(mention);
            let is_late = |leaf: Node<'_>| {
                ancestors(leaf)
                    .take_while(|node| !is_function(node.kind()))
                    .any(|node| node.kind() == "generator_expression")
            };
            leaf.is_some_and(|leaf| {
                if is_late(leaf) {
                    return true;
                }
                let home = ancestors(leaf).find(|node| is_function(node.kind()));
                home.is_some_and(|home| home.byte_range() != *around)
            })
        };
        let is_own = |mention: &&&Mention| around.contains(&mention.span.start);
        let all_writes = all.iter().filter(|mention| is_written(self.source, mention)).count();
        let is_changed =
            (all_writes > 1 || is_repeated) && !(is_declared && all.iter().all(|m| range.contains(&m.span.start)));
        if let Some(one) = all.iter().filter(is_own).find(nested).filter(|_| is_changed) {
            return Err(self.conflict(
                one.span.start,
                "a function inside sees how this variable changes",
                "extract it by hand",
            ));
        }
        let is_foreign = !all.iter().any(|m| m.is_declaration && around.contains(&m.span.start));
        match writes.first().filter(|_| is_foreign) {
            Some(write) => Err(self.conflict(
                write.span.start,
                "it gives a variable of another function a value",
                "leave this statement out",
            )),
            None => Ok(()),
        }
    }

    /// Whether a write happens in any case: it stands in a statement of the run itself.
    fn is_direct(&self, mention: &Mention, run: &[Node<'_>]) -> bool {
        let root = self.source.tree().root_node();
        let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
        leaf.is_some_and(|leaf| {
            let is_sure = |node: Node<'_>| match node.kind() {
                // `x: T` alone gives it no value.
                "assignment" => node.child_by_field_name("right").is_some(),
                "variable_declarator" => node.child_by_field_name("value").is_some(),
                "assignment_expression"
                | "augmented_assignment"
                | "update_expression"
                | "lexical_declaration"
                | "variable_declaration"
                | "expression_statement"
                | "expression_list"
                | "pattern_list"
                | "tuple_pattern"
                | "array_pattern"
                | "object_pattern"
                | "pair_pattern"
                | "short_var_declaration"
                | "assignment_statement"
                | "var_declaration"
                | "var_spec"
                | "inc_statement"
                | "dec_statement"
                | "import_statement"
                | "dotted_name"
                | "aliased_import"
                | "function_definition"
                | "function_declaration"
                | "class_definition"
                | "class_declaration"
                | "named_expression"
                | "parenthesized_expression" => true,
                "augmented_assignment_expression" => {
                    !node.child_by_field_name("operator").is_some_and(|of| matches!(of.kind(), "||=" | "&&=" | "??="))
                }
                _ => false,
            };
            ancestors(leaf).take_while(|node| !run.contains(node)).all(is_sure)
                && run.iter().any(|statement| {
                    statement.byte_range().contains(&mention.span.start)
                        && !matches!(
                            statement.kind(),
                            "if_statement"
                                | "for_statement"
                                | "while_statement"
                                | "try_statement"
                                | "switch_statement"
                                | "for_in_statement"
                                | "do_statement"
                                | "match_statement"
                                | "with_statement"
                        )
                })
        })
    }

    /// Whether a write needs the value before it: `x += 1`.
    fn is_update(&self, mention: &Mention) -> bool {
        let root = self.source.tree().root_node();
        let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
        let is_combined = |node: Node<'_>| {
            node.kind() == "assignment_statement"
                && node.child_by_field_name("operator").is_some_and(|operator| operator.kind() != "=")
        };
        leaf.and_then(|leaf| leaf.parent()).is_some_and(|parent| {
            parent.kind().starts_with("augmented")
                || matches!(parent.kind(), "update_expression" | "inc_statement" | "dec_statement" | "delete_statement")
                || is_combined(parent)
                || parent.kind() == "expression_list" && parent.parent().is_some_and(is_combined)
        })
    }
}
