//! When an expression is evaluated: what of its statement comes before it, and whether it is evaluated at all.

use tree_sitter::Node;

use crate::core::ast::{all_children, named_children};

/// Where an expression stands in its statement.
pub struct Stand<'t> {
    /// The statement.
    pub statement: Node<'t>,
    /// What is evaluated before the expression.
    pub before: Vec<Node<'t>>,
    /// Whether it may not be evaluated.
    pub is_conditional: bool,
}

/// Tells whether nodes of a kind are lists of statements.
pub fn is_block(kind: &str) -> bool {
    matches!(kind, "statement_block" | "program" | "block" | "module" | "statement_list" | "source_file")
}

/// Tells whether nodes of a kind are functions, whose code runs when they are called.
pub fn is_function(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
            | "function_definition"
            | "lambda"
            | "method_declaration"
            | "func_literal"
    )
}

/// The statement around an expression, if a variable before it could hold the expression's value.
pub fn stand(node: Node<'_>) -> Result<Stand<'_>, &'static str> {
    let (mut child, mut before, mut is_conditional) = (node, Vec::new(), false);
    loop {
        let Some(parent) = child.parent() else { return Err("it is no part of a statement") };
        if is_block(parent.kind()) {
            return Ok(Stand { statement: child, before, is_conditional });
        }
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(child);
        let is_first = parent.named_child(0) == Some(child);
        let has_initializer = parent.child_by_field_name("initializer").is_some();
        let is_allowed = match parent.kind() {
            "ternary_expression" => {
                is_conditional |= !is_field("condition");
                true
            }
            // Python's condition stands in the middle, and comes first.
            "conditional_expression" => {
                is_conditional |= parent.named_child(1) != Some(child);
                if parent.named_child(1) == Some(child) {
                    child = parent;
                    continue;
                }
                true
            }
            "boolean_operator" => {
                is_conditional |= !is_field("left");
                true
            }
            "binary_expression" => {
                let word = parent.child_by_field_name("operator").map(|operator| operator.kind());
                is_conditional |= matches!(word, Some("&&" | "||" | "??")) && !is_field("left");
                true
            }
            "comparison_operator" => {
                is_conditional |= named_children(parent).position(|of| of == child).is_some_and(|n| n > 1);
                true
            }
            "call_expression" | "call" | "new_expression" | "member_expression" | "subscript_expression" => {
                is_conditional |= !is_first && is_optional(parent);
                let is_named = parent.kind() == "member_expression" && is_field("property");
                let is_callee = is_field("function") && child == node && is_bound_by_call(child);
                !is_named && !is_callee && !matches!(child.kind(), "generator_expression" | "template_string")
            }
            "if_statement" | "switch_statement" | "expression_switch_statement" => {
                is_field("initializer") || (is_field("condition") || is_field("value")) && !has_initializer
            }
            "for_in_statement" | "range_clause" => is_field("right"),
            // In Go a range stands in a clause of its own, and its loop is called the same as Python's.
            "for_statement" => is_field("right") || child.kind() == "range_clause",
            "match_statement" => is_field("subject"),
            // Not the name behind the dot.
            "attribute" | "selector_expression" => is_field("object") || is_field("operand"),
            "defer_statement" | "go_statement" => child != node,
            "with_statement" | "with_clause" => is_first,
            "with_item" => is_field("value"),
            "as_pattern" => is_first,
            // `a ||= b` evaluates `b` only sometimes.
            "augmented_assignment_expression" => {
                let operator = parent.child_by_field_name("operator").map_or("", |of| of.kind());
                is_conditional |= matches!(operator, "||=" | "&&=" | "??=");
                is_field("right")
            }
            // What is declared before it in the same statement it may ask for.
            "lexical_declaration" | "variable_declaration" => is_first,
            "assignment"
            | "assignment_expression"
            | "augmented_assignment"
            | "short_var_declaration"
            | "assignment_statement" => is_field("right"),
            "variable_declarator" | "keyword_argument" | "pair" | "var_spec" | "keyed_element" => {
                is_field("value") || parent.kind() == "keyed_element" && !is_first
            }
            "unary_expression" => !parent.child(0).is_some_and(|word| matches!(word.kind(), "delete" | "&" | "typeof")),
            kind => is_transparent(kind),
        };
        if !is_allowed {
            return Err(match parent.kind() {
                kind if is_function(kind) => "it is evaluated when the function around it is called",
                "while_statement" | "do_statement" | "for_statement" | "for_clause" => {
                    "it is evaluated each time round a loop"
                }
                "else_clause" | "elif_clause" => "it is evaluated only if a condition before it is not met",
                _ => "a variable before its statement could not hold its value",
            });
        }
        before.extend(named_children(parent).take_while(|of| *of != child).filter(|of| is_evaluated(parent, *of)));
        child = parent;
    }
}

/// Kinds whose children are evaluated once each, in order.
fn is_transparent(kind: &str) -> bool {
    kind.starts_with("jsx_")
        || matches!(
            kind,
            "expression_statement"
                | "return_statement"
                | "throw_statement"
                | "raise_statement"
                | "export_statement"
                | "arguments"
                | "argument_list"
                | "parenthesized_expression"
                | "var_declaration"
                | "array"
                | "list"
                | "tuple"
                | "set"
                | "object"
                | "dictionary"
                | "expression_list"
                | "await_expression"
                | "await"
                | "yield"
                | "yield_expression"
                | "unary_operator"
                | "not_operator"
                | "spread_element"
                | "list_splat"
                | "dictionary_splat"
                | "template_string"
                | "template_substitution"
                | "interpolation"
                | "string"
                | "binary_operator"
                | "subscript"
                | "index_expression"
                | "slice_expression"
                | "as_expression"
                | "satisfies_expression"
                | "non_null_expression"
                | "type_conversion_expression"
                | "type_assertion_expression"
                | "send_statement"
                | "composite_literal"
                | "literal_value"
                | "literal_element"
                | "sequence_expression"
        )
}

/// Tells whether a call, or a part of what it is called on, is left out where something is missing: `a?.b(c)`.
pub fn is_optional(node: Node<'_>) -> bool {
    let mut at = Some(node);
    while let Some(here) = at {
        if all_children(here).any(|child| child.kind() == "optional_chain" || child.kind() == "?.") {
            return true;
        }
        at = here.child_by_field_name("function").or_else(|| here.child_by_field_name("object"));
    }
    false
}

/// Tells whether what is called is looked up on something that the call is given as `this`.
fn is_bound_by_call(callee: Node<'_>) -> bool {
    matches!(callee.kind(), "identifier" | "member_expression" | "subscript_expression" | "super" | "import")
}

/// Tells whether a child is evaluated, and not just a name, a type or a comment.
fn is_evaluated(parent: Node<'_>, child: Node<'_>) -> bool {
    let is_field = |name: &str| parent.child_by_field_name(name) == Some(child);
    let is_plain = matches!(
        child.kind(),
        "identifier" | "property_identifier" | "string" | "expression_list" | "shorthand_property_identifier"
    );
    let is_name = match parent.kind() {
        "variable_declarator" | "keyword_argument" | "var_spec" => is_field("name"),
        "pair" => is_field("key") && is_plain,
        // A plain target is not looked at before its value is there.
        "assignment"
        | "assignment_expression"
        | "short_var_declaration"
        | "assignment_statement"
        | "for_statement"
        | "for_in_statement"
        | "range_clause" => is_field("left") && is_name_list(child),
        _ => false,
    };
    let is_type = child.kind().contains("type") && child.kind() != "type_conversion_expression";
    !(child.is_extra() || is_name || is_type || child.kind().starts_with("string_"))
}

fn is_name_list(node: Node<'_>) -> bool {
    match node.kind() {
        "identifier" | "property_identifier" | "shorthand_property_identifier_pattern" => true,
        "expression_list" | "pattern_list" | "array_pattern" | "tuple_pattern" | "object_pattern" | "pair_pattern" => {
            named_children(node).all(is_name_list)
        }
        _ => false,
    }
}

/// Tells whether evaluating something does nothing but read.
pub fn is_calm(node: Node<'_>) -> bool {
    if is_function(node.kind()) {
        return true;
    }
    let is_active = matches!(
        node.kind(),
        "call_expression"
            | "call"
            | "new_expression"
            | "await_expression"
            | "await"
            | "yield"
            | "yield_expression"
            | "assignment_expression"
            | "update_expression"
            | "augmented_assignment_expression"
            | "named_expression"
            | "type_conversion_expression"
    ) || node.kind() == "unary_expression"
        && node.child(0).is_some_and(|word| matches!(word.kind(), "delete" | "<-"));
    !is_active && named_children(node).all(is_calm)
}
