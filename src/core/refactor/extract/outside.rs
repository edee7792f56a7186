//! What a piece of code shares with the code around it: the variables it takes, and those it leaves behind.

use std::ops::Range;

use tree_sitter::Node;

use super::flow::is_function;
use crate::core::Result;
use crate::core::ast::{Lang, ancestors};
use crate::core::refactor::code::{Code, is_written};
use crate::core::refactor::names::{Export, Mention};

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
            let is_again = round.as_ref().is_some_and(|round| {
                all.iter().any(|m| round.contains(&m.span.start) && !range.contains(&m.span.start))
            });
            let is_output = !writes.is_empty() && (is_after || is_again || self.is_result(symbol));
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

    /// Whether a name is a member's, and no variable's.
    fn is_member(&self, mention: &Mention) -> bool {
        let kind = mention.symbol.map_or("", |symbol| self.names.symbols[symbol].kind);
        matches!(kind, "attribute" | "method" | "field" | "class variable" | "label" | "enum member")
    }

    /// A variable of the file that is declared in the code: others may know it.
    fn check_top(&self, symbol: usize, all: &[&Mention], range: &Range<usize>) -> Result<()> {
        let is_offered = self.names.exports.iter().any(|export| match export {
            Export::Declared { symbol: of } | Export::Default { symbol: of } | Export::Listed { symbol: of, .. } => {
                *of == symbol
            }
            _ => false,
        });
        let is_before = all.iter().any(|mention| mention.span.start < range.start);
        match is_offered || is_before {
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
        let nested = |mention: &&&Mention| {
            let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
            leaf.is_some_and(|leaf| {
                let home = ancestors(leaf).find(|node| is_function(node.kind()));
                home.is_some_and(|home| home.byte_range() != *around)
            })
        };
        let is_own = |mention: &&&Mention| around.contains(&mention.span.start);
        let all_writes = all.iter().filter(|mention| is_written(self.source, mention)).count();
        let is_changed = all_writes > 1 && !(is_declared && all.iter().all(|m| range.contains(&m.span.start)));
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
            ancestors(leaf).take_while(|node| !run.contains(node)).all(|node| {
                !node.kind().ends_with("_statement")
                    && !node.kind().ends_with("block")
                    && !node.kind().contains("clause")
                    || node.kind() == "expression_statement"
            }) && run.iter().any(|statement| {
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
        leaf.and_then(|leaf| leaf.parent()).is_some_and(|parent| {
            parent.kind().starts_with("augmented")
                || matches!(parent.kind(), "update_expression" | "inc_statement" | "dec_statement" | "delete_statement")
                || parent.kind() == "assignment_statement" && !self.of(parent).contains(" = ")
                || parent.kind() == "expression_list"
                    && parent
                        .parent()
                        .is_some_and(|of| of.kind() == "assignment_statement" && !self.of(of).contains(" = "))
        })
    }
}
