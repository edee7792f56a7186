//! An expression given a name: a variable before its statement holds its value.

use std::ops::Range;

use tree_sitter::Node;

use super::flow::{Stand, is_block, is_calm, is_function, is_optional, stand};
use super::{Extracted, reindented};
use crate::core::Result;
use crate::core::ast::{Family, Lang, all_children, ancestors, indent_at, named_children};
use crate::core::refactor::Doubt;
use crate::core::refactor::code::Code;
use crate::core::refactor::names::Place;

impl Code<'_> {
    /// The expression that a range is, the outermost if several are.
    pub(super) fn expression(&self, range: &Range<usize>) -> Option<Node<'_>> {
        let root = self.source.tree().root_node();
        let node = root.descendant_for_byte_range(range.start, range.end)?;
        let all = std::iter::once(node).chain(ancestors(node)).take_while(|node| node.byte_range() == *range);
        all.filter(|node| is_expression(node.kind())).last()
    }

    /// Puts the value of an expression into a variable.
    pub(super) fn extract_variable(&self, node: Node<'_>, name: &str) -> Result<Extracted> {
        let at = node.start_byte();
        let stand = stand(node).map_err(|reason| self.conflict(at, reason, "choose another expression"))?;
        self.check_order_of(node, &stand)?;
        self.check_language(node, &stand)?;
        let around = self.scope_around(stand.statement);
        self.check_free(name, &around, at)?;
        let statement = stand.statement;
        if statement.parent().is_some_and(|parent| parent.kind() == "source_file") {
            let reason = "outside of functions its name would be the whole package's";
            return Err(self.conflict(at, reason, "declare it by hand"));
        }
        let line = self.file.text[..statement.start_byte()].rfind('\n').map_or(0, |at| at + 1);
        let indent = indent_at(&self.file.text, statement.start_byte());
        if line + indent.len() != statement.start_byte() {
            return Err(self.conflict(
                at,
                "its statement does not begin its line",
                "put it on a line of its own first",
            ));
        }
        let newline = self.source.layout().newline;
        let end = self.end_before(statement.start_byte());
        let mut value = reindented(self.source, &node.byte_range(), indent);
        let is_whole = named_children(statement).next() == Some(node) && statement.kind() == "expression_statement";
        let end = if is_whole && self.of(statement).ends_with(';') { ";" } else { end };
        if self.lang == Lang::Python && value.contains('\n') && !is_bracketed(node) {
            value = format!("({value})");
        }
        let declared = match self.lang {
            Lang::Python => format!("{name} = {value}"),
            Lang::Go if is_untyped(node) => format!("const {name} = {value}"),
            Lang::Go => format!("{name} := {value}"),
            _ => format!("const {name} = {value}{end}"),
        };
        let edits = match is_whole {
            true => vec![self.edit(statement.byte_range(), declared)],
            false => vec![
                self.edit(statement.start_byte()..statement.start_byte(), format!("{declared}{newline}{indent}")),
                self.edit(node.byte_range(), self.use_of(node, name)),
            ],
        };
        let mut doubts = Vec::new();
        if self.lang == Lang::Python && statement.parent().is_some_and(|parent| parent.kind() == "module") {
            let place = Place { path: self.file.path.clone(), span: node.byte_range() };
            doubts.push(Doubt { place, reason: "its module has one name more, for whoever lists them" });
        }
        let is_typed = matches!(self.lang, Lang::TypeScript | Lang::Tsx);
        let is_exact =
            matches!(node.kind(), "member_expression" | "subscript_expression" | "identifier" | "number" | "string")
                || node.kind() == "binary_expression" && !self.of(node).contains('=');
        // Where a condition makes a type narrower, a variable need not.
        let is_condition = ancestors(node)
            .take_while(|around| *around != statement)
            .chain([statement])
            .any(|around| matches!(around.kind(), "if_statement" | "ternary_expression" | "switch_statement"))
            || node.parent().is_some_and(|of| matches!(self.operator(of), "&&" | "||" | "??"));
        if is_typed && (!is_exact || is_condition) {
            let place = Place { path: self.file.path.clone(), span: node.byte_range() };
            doubts.push(Doubt { place, reason: "its type may be wider in a variable" });
        }
        Ok(Extracted { kind: "variable", edits, doubts })
    }

    /// Refuses where the value could be another before the statement.
    fn check_order_of(&self, node: Node<'_>, stand: &Stand<'_>) -> Result<()> {
        let at = node.start_byte();
        if stand.is_conditional && !self.is_fixed(node) {
            return Err(self.conflict(at, "it is evaluated only sometimes", "extract the whole condition instead"));
        }
        let is_steady = |other: &Node<'_>| match is_calm(node) {
            true => is_calm(*other),
            false => self.is_fixed(*other) || self.is_quiet(*other, node),
        };
        match stand.before.iter().find(|other| !is_steady(other)) {
            Some(other) => Err(self.conflict(
                at,
                &format!(
                    "what stands at {} is evaluated before it, and one may depend on the other",
                    self.shown(other.start_byte())
                ),
                "extract that first",
            )),
            None => Ok(()),
        }
    }

    /// Literals, and names that nothing changes.
    fn is_fixed(&self, node: Node<'_>) -> bool {
        let is_name = || {
            let mention = self.names.mentions.iter().find(|mention| mention.span == node.byte_range());
            mention.and_then(|mention| mention.symbol).is_some_and(|symbol| self.only_read(symbol).is_some())
        };
        is_untyped(node) || is_function(node.kind()) || node.kind() == "identifier" && is_name()
    }

    fn check_language(&self, node: Node<'_>, stand: &Stand<'_>) -> Result<()> {
        let refused = |reason: &str| self.conflict(node.start_byte(), reason, "choose another expression");
        let parent = node.parent();
        let is_only_of = |list: Node<'_>| named_children(list).filter(|child| !child.is_extra()).count() == 1;
        if ancestors(node).take_while(|around| *around != stand.statement).any(|around| is_function(around.kind())) {
            return Err(refused("it is evaluated when the function around it is called"));
        }
        if node.has_error() {
            return Err(refused("the parser does not understand it"));
        }
        let is_docstring = node.kind() == "string" && parent.is_some_and(|of| of.kind() == "expression_statement");
        if is_docstring {
            return Err(refused("it is a comment in the form of a string"));
        }
        match self.lang {
            Lang::Python => {
                let body = stand.statement.parent().and_then(|block| block.parent());
                if body.is_some_and(|class| class.kind() == "class_definition") {
                    return Err(refused("the variable would be an attribute of the class"));
                }
                let shows_itself =
                    |of: Node<'_>| of.kind() == "interpolation" && all_children(of).any(|child| child.kind() == "=");
                if ancestors(node).any(shows_itself) {
                    return Err(refused("the string shows its text"));
                }
            }
            Lang::Go => {
                let many = |of: Node<'_>| {
                    let count = |name: &str| of.child_by_field_name(name).map_or(0, |list| list.named_child_count());
                    matches!(of.kind(), "short_var_declaration" | "assignment_statement" | "var_spec")
                        && count("left").max(named_children(of).filter(|c| c.kind() == "identifier").count())
                            > count("right").max(count("value"))
                };
                let list = parent
                    .filter(|list| matches!(list.kind(), "argument_list" | "expression_list") && is_only_of(*list));
                let may_be_many = list.is_some_and(|list| {
                    node.kind() == "call_expression"
                        && (list.kind() == "argument_list"
                            || list.parent().is_some_and(|of| of.kind() == "return_statement"))
                        || list.parent().is_some_and(many)
                });
                if may_be_many {
                    return Err(refused("it may have more than one value"));
                }
                let is_copy = matches!(node.kind(), "identifier" | "selector_expression" | "index_expression")
                    && parent.is_some_and(|of| {
                        of.kind() == "slice_expression"
                            || of.kind() == "selector_expression"
                                && of.parent().is_some_and(|call| call.child_by_field_name("function") == Some(of))
                    });
                if is_copy {
                    return Err(refused("a method or slice may change it, and would change a copy"));
                }
                if !is_untyped(node) && !self.has_type(node) {
                    return Err(refused("it may be a constant, which has another type in a variable"));
                }
                if parent.is_some_and(|of| of.kind() == "expression_statement") {
                    return Err(refused("nothing uses its value"));
                }
                if node.kind() == "nil"
                    || parent.is_some_and(|of| of.kind() == "expression_statement" && node.kind() == "call_expression")
                {
                    return Err(refused("it may have no value of its own type"));
                }
            }
            Lang::TypeScript | Lang::Tsx | Lang::JavaScript => {
                let is_cut = parent.is_some_and(|of| {
                    let is_object =
                        ["object", "function"].iter().any(|name| of.child_by_field_name(name) == Some(node));
                    is_object && matches!(of.kind(), "member_expression" | "subscript_expression" | "call_expression")
                });
                if is_cut && is_optional(node) {
                    return Err(refused("what comes behind `?.` is left out with it"));
                }
                let is_attribute = parent.is_some_and(|of| of.kind() == "jsx_attribute");
                if is_attribute && self.of(node).contains(['&', '\\', '\n']) {
                    return Err(refused("a string is written in another way outside of JSX"));
                }
                let above = stand.statement.prev_sibling().filter(|of| of.kind() == "comment");
                if above.is_some_and(|comment| self.of(comment).contains("@ts-")) {
                    return Err(refused("the comment above it is about the line behind it"));
                }
                if self.lang == Lang::JavaScript {
                    return Ok(());
                }
                let is_open = |node: Node<'_>| {
                    is_function(node.kind())
                        && (node.child_by_field_name("parameter").is_some()
                            || node.child_by_field_name("parameters").is_some_and(|parameters| {
                                named_children(parameters).any(|one| one.child_by_field_name("type").is_none())
                            }))
                };
                if is_open(node) {
                    return Err(refused("its parameters have their types from where it stands"));
                }
            }
        }
        Ok(())
    }

    /// Whether an expression of Go surely has a type of its own: it is made of variables, calls or literals of a type.
    fn has_type(&self, node: Node<'_>) -> bool {
        match node.kind() {
            "call_expression"
            | "composite_literal"
            | "func_literal"
            | "index_expression"
            | "slice_expression"
            | "type_assertion_expression"
            | "type_conversion_expression" => true,
            "identifier" => {
                let mention = self.names.mentions.iter().find(|mention| mention.span == node.byte_range());
                let symbol = mention.and_then(|mention| mention.symbol).map(|symbol| &self.names.symbols[symbol]);
                symbol.is_some_and(|symbol| matches!(symbol.kind, "variable" | "parameter"))
            }
            "selector_expression" => node.child_by_field_name("operand").is_some_and(|operand| self.has_type(operand)),
            "binary_expression" => {
                let is_shift = node.child_by_field_name("operator").is_some_and(|of| matches!(of.kind(), "<<" | ">>"));
                let mut sides = named_children(node);
                if is_shift {
                    sides.next().is_some_and(|left| self.has_type(left))
                } else {
                    sides.any(|side| self.has_type(side))
                }
            }
            "unary_expression" | "parenthesized_expression" => named_children(node).any(|inner| self.has_type(inner)),
            _ => false,
        }
    }

    /// The operator of an operation.
    fn operator(&self, node: Node<'_>) -> &str {
        node.child_by_field_name("operator").map_or("", |operator| self.of(operator))
    }

    /// What ends a statement that is put before another text: in a file without `;` one where the next could go on.
    pub(super) fn end_before(&self, at: usize) -> &'static str {
        let is_open = self.file.text[at..].trim_start().starts_with(['(', '[', '`', '/', '+', '-']);
        let is_script = self.lang.family() == Family::JavaScript;
        if self.ends_statements() || is_script && is_open { ";" } else { "" }
    }

    /// What stands in place of the expression.
    pub(super) fn use_of(&self, node: Node<'_>, name: &str) -> String {
        match node.parent() {
            Some(parent) if parent.kind().starts_with("jsx_") && parent.kind() != "jsx_expression" => {
                format!("{{{name}}}")
            }
            _ => name.to_owned(),
        }
    }

    /// The function around a statement, or the file: where a new name is seen.
    pub(super) fn scope_around(&self, statement: Node<'_>) -> Range<usize> {
        let mut around = ancestors(statement);
        around.find(|node| is_function(node.kind())).map_or(0..self.file.text.len(), |node| node.byte_range())
    }

    /// Whether statements of this file end with `;`.
    pub(in crate::core::refactor) fn ends_statements(&self) -> bool {
        if self.lang.family() != Family::JavaScript {
            return false;
        }
        let mut stack = vec![self.source.tree().root_node()];
        while let Some(node) = stack.pop() {
            if matches!(node.kind(), "expression_statement" | "lexical_declaration" | "return_statement") {
                return self.of(node).ends_with(';');
            }
            stack.extend(named_children(node));
        }
        true
    }
}

fn is_expression(kind: &str) -> bool {
    let is_named = kind.ends_with("_expression") || kind.ends_with("_operator") || kind.ends_with("_comprehension");
    let is_literal = kind.ends_with("_literal") && !matches!(kind, "literal_value");
    is_named && kind != "jsx_expression" && kind != "parenthesized_expression"
        || is_literal
        || matches!(
            kind,
            "identifier"
                | "attribute"
                | "subscript"
                | "call"
                | "string"
                | "concatenated_string"
                | "template_string"
                | "number"
                | "integer"
                | "float"
                | "true"
                | "false"
                | "null"
                | "none"
                | "undefined"
                | "nil"
                | "this"
                | "array"
                | "object"
                | "list"
                | "tuple"
                | "dictionary"
                | "set"
                | "lambda"
                | "arrow_function"
                | "await"
                | "regex"
                | "jsx_element"
                | "jsx_self_closing_element"
                | "parenthesized_expression"
        )
}

/// A constant of the language's own.
fn is_untyped(node: Node<'_>) -> bool {
    match node.kind() {
        "string" | "template_string" | "interpreted_string_literal" | "raw_string_literal" => {
            named_children(node).all(|part| !matches!(part.kind(), "interpolation" | "template_substitution"))
        }
        "number" | "integer" | "float" | "true" | "false" | "null" | "none" | "int_literal" | "float_literal"
        | "rune_literal" | "imaginary_literal" => true,
        "binary_expression"
        | "binary_operator"
        | "unary_expression"
        | "unary_operator"
        | "parenthesized_expression" => named_children(node).all(is_untyped),
        _ => false,
    }
}

/// Tells whether brackets of its own hold an expression of several lines together.
fn is_bracketed(node: Node<'_>) -> bool {
    let last = node.child(node.child_count().saturating_sub(1));
    let is_held = last.is_some_and(|last| matches!(last.kind(), ")" | "]" | "}" | "argument_list" | "string_end"));
    is_held
        && !node.kind().ends_with("_operator")
        && node
            .child(0)
            .is_none_or(|first| first.start_position().row == first.end_position().row || is_bracketed(first))
}

/// The block that holds a run of whole statements, and these.
pub(super) fn statements<'t>(root: Node<'t>, range: &Range<usize>) -> Option<Vec<Node<'t>>> {
    let node = root.descendant_for_byte_range(range.start, range.end.saturating_sub(1).max(range.start))?;
    let block = std::iter::once(node)
        .chain(ancestors(node))
        .find(|node| is_block(node.kind()) && node.start_byte() <= range.start && range.end <= node.end_byte())?;
    let inside: Vec<Node<'t>> = named_children(block)
        .filter(|child| child.start_byte() < range.end && range.start < child.end_byte())
        .collect();
    let (first, last) = (inside.first()?, inside.last()?);
    if inside.iter().all(|child| child.is_extra()) {
        return None;
    }
    (first.start_byte() == range.start && last.end_byte() == range.end).then_some(inside)
}
