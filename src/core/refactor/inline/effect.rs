//! What an expression does beside having a value.

use std::ops::Range;

use tree_sitter::Node;

use crate::core::ast::{Lang, named_children};

/// What an expression does beside having a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, and its value is the same at any time and cannot be told from its copy.
    None,
    /// It reads or does something, or makes something new each time.
    Some,
    /// It cannot stand anywhere else, for this reason.
    Bound(&'static str),
}

/// The effect of an expression. `is_settled` tells of a name whether its value stays; `is_constant`, whether the
/// language says so of the variable that is given the value.
pub fn effect(node: Node<'_>, lang: Lang, is_constant: bool, is_settled: &dyn Fn(&Range<usize>) -> bool) -> Effect {
    if let Some(reason) = bound(node, lang, is_constant, true) {
        return Effect::Bound(reason);
    }
    match is_value(node, lang, is_constant, is_settled) {
        true => Effect::None,
        false => Effect::Some,
    }
}

/// Tells whether an expression is a value without identity, made of nothing that changes.
fn is_value(node: Node<'_>, lang: Lang, is_constant: bool, is_settled: &dyn Fn(&Range<usize>) -> bool) -> bool {
    let all = |node: Node<'_>| {
        named_children(node).all(|child| child.is_extra() || is_value(child, lang, is_constant, is_settled))
    };
    match node.kind() {
        "number"
        | "integer"
        | "float"
        | "true"
        | "false"
        | "null"
        | "undefined"
        | "none"
        | "nil"
        | "int_literal"
        | "float_literal"
        | "rune_literal"
        | "interpreted_string_literal"
        | "raw_string_literal" => true,
        // In Go a variable that is given another one is a copy of it.
        "identifier" => (lang != Lang::Go || is_constant) && is_settled(&node.byte_range()),
        "string" | "concatenated_string" | "template_string" => is_text(node),
        "parenthesized_expression" => all(node),
        // What these ask of a name, its value may answer in another way later; identity and truth of a name stay.
        "comparison_operator" | "binary_expression" if is_identity(node) => all(node),
        "unary_expression" if node.child(0).is_some_and(|of| matches!(of.kind(), "!" | "typeof" | "void")) => all(node),
        "ternary_expression" if lang != Lang::Python => all(node),
        "not_operator"
        | "unary_operator"
        | "boolean_operator"
        | "comparison_operator"
        | "conditional_expression"
        | "unary_expression"
        | "binary_expression"
        | "binary_operator" => all(node) && !has_name(node),
        _ => false,
    }
}

/// Tells whether a string has no code inside.
fn is_text(node: Node<'_>) -> bool {
    let children = named_children(node);
    children.into_iter().all(|child| match child.kind() {
        "template_substitution" | "interpolation" => false,
        _ => is_text(child),
    })
}

/// Tells whether a comparison asks for identity only.
fn is_identity(node: Node<'_>) -> bool {
    let mut operators = (0..node.child_count()).filter_map(|n| node.child(n)).filter(|child| !child.is_named());
    operators.all(|operator| matches!(operator.kind(), "is" | "is not" | "===" | "!=="))
}

fn has_name(node: Node<'_>) -> bool {
    node.kind() == "identifier" || named_children(node).any(has_name)
}

/// Why an expression must stay where it is.
fn bound(node: Node<'_>, lang: Lang, is_constant: bool, is_whole: bool) -> Option<&'static str> {
    let reason = match (lang, node.kind()) {
        (_, "comment") => Some("there is a comment in its value"),
        (_, "yield" | "yield_expression" | "named_expression") => Some("its value does more than be a value"),
        (Lang::TypeScript | Lang::Tsx, "object") => {
            Some("the type of an object literal is checked more strictly elsewhere")
        }
        (
            Lang::TypeScript | Lang::Tsx | Lang::JavaScript,
            "arrow_function" | "function_expression" | "class" | "generator_function",
        ) => Some("a function or class has its name from the variable"),
        (
            Lang::Go,
            "int_literal"
            | "float_literal"
            | "rune_literal"
            | "imaginary_literal"
            | "nil"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "true"
            | "false",
        ) if !is_constant => Some("a constant without a type may have another one elsewhere"),
        (Lang::Go, "iota") => Some("it means something only where constants are declared"),
        (Lang::TypeScript | Lang::Tsx, "string" | "number" | "true" | "false" | "template_string")
            if !is_constant && is_whole =>
        {
            Some("its type would be narrower in place of the variable")
        }
        (Lang::TypeScript | Lang::Tsx, "array") => Some("its type may be another one elsewhere"),
        (Lang::Go, "composite_literal" | "func_literal") => Some("its value cannot stand just anywhere"),
        _ => None,
    };
    // What is inside a call is an argument of it, whatever its type.
    let is_go_call =
        lang == Lang::Go && matches!(node.kind(), "argument_list" | "index_expression" | "slice_expression");
    reason.or_else(|| {
        if is_go_call {
            return None;
        }
        named_children(node).find_map(|child| bound(child, lang, is_constant, false))
    })
}
