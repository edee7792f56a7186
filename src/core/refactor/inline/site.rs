//! A place where a variable is used: what stands around it, and what may stand there instead.

use tree_sitter::Node;

use crate::core::ast::{Lang, ancestors, named_children};
use crate::core::refactor::names::Form;

/// Tells whether a name is only read where it stands: not written, not deleted, not a type, no address taken.
pub fn is_plain_read(leaf: Node<'_>, form: Form, lang: Lang) -> bool {
    let is_name =
        leaf.kind() == "identifier" || form == Form::Shorthand && leaf.kind() == "shorthand_property_identifier";
    let Some(parent) = leaf.parent().filter(|_| is_name) else { return false };
    let is_field = |name: &str| parent.child_by_field_name(name) == Some(leaf);
    let own = match parent.kind() {
        "assignment"
        | "assignment_expression"
        | "augmented_assignment"
        | "augmented_assignment_expression"
        | "assignment_statement"
        | "for_in_statement"
        | "for_statement"
        | "for_in_clause"
        | "range_clause"
        | "short_var_declaration" => !is_field("left"),
        "update_expression"
        | "inc_statement"
        | "dec_statement"
        | "delete_statement"
        | "global_statement"
        | "nonlocal_statement"
        | "pattern_list"
        | "tuple_pattern"
        | "list_pattern"
        | "array_pattern"
        | "object_pattern"
        | "as_pattern_target"
        | "rest_pattern"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "assignment_pattern"
        | "object_assignment_pattern"
        | "type_query"
        | "jsx_opening_element"
        | "jsx_closing_element"
        | "jsx_self_closing_element"
        | "export_specifier"
        | "decorator"
        | "nested_type_identifier"
        | "nested_identifier"
        | "class_heritage"
        | "extends_clause"
        | "labeled_statement"
        | "type_predicate"
        | "asserts"
        | "format_specifier"
        | "type"
        | "new_expression"
        | "case_clause"
        | "case_pattern"
        | "dotted_name"
        | "parameters"
        | "parameter_declaration"
        | "formal_parameters"
        | "required_parameter"
        | "lambda_parameters"
        | "default_parameter"
        | "import_specifier"
        | "qualified_type"
        | "generic_type"
        | "type_arguments"
        | "type_elem" => false,
        "named_expression"
        | "function_definition"
        | "class_definition"
        | "function_declaration"
        | "class_declaration"
        | "var_spec"
        | "variable_declarator"
        | "const_spec" => !is_field("name"),
        "keyword_argument" => !is_field("name"),
        // `delete x`, and in Go the address of it.
        "unary_expression" => !parent.child(0).is_some_and(|operator| matches!(operator.kind(), "delete" | "&")),
        "expression_list" => {
            let is_left = |of: Node<'_>| of.child_by_field_name("left") == Some(parent);
            !parent.parent().is_some_and(|of| is_left(of) && of.kind() != "send_statement")
        }
        _ => true,
    };
    // In Go a method with a pointer receiver takes the address, and so does a slice of an array; a field may be written.
    own && !(lang == Lang::Go
        && matches!(parent.kind(), "selector_expression" | "slice_expression" | "index_expression")
        && is_field("operand"))
}

/// Tells whether a variable is declared so that its value stays while its scope runs: no loop gives it another.
pub fn is_steady_declaration(leaf: Node<'_>) -> bool {
    let Some(parent) = leaf.parent() else { return false };
    matches!(
        parent.kind(),
        "variable_declarator"
            | "formal_parameters"
            | "required_parameter"
            | "optional_parameter"
            | "parameters"
            | "typed_parameter"
            | "default_parameter"
            | "typed_default_parameter"
            | "const_spec"
            | "import_specifier"
            | "import_clause"
            | "function_declaration"
            | "class_declaration"
            | "namespace_import"
    )
}

/// Tells whether a name is declared so that the language lets nothing change it, or hardly anyone does.
pub fn is_constant_declaration(leaf: Node<'_>) -> bool {
    let Some(parent) = leaf.parent() else { return false };
    match parent.kind() {
        "variable_declarator" => parent.parent().and_then(|of| of.child(0)).is_some_and(|word| word.kind() == "const"),
        kind => {
            matches!(
                kind,
                "function_declaration"
                    | "generator_function_declaration"
                    | "function_definition"
                    | "class_declaration"
                    | "class_definition"
                    | "const_spec"
                    | "import_specifier"
                    | "import_clause"
                    | "namespace_import"
                    | "aliased_import"
            )
        }
    }
}

/// Tells whether a place lies in a string with code inside.
pub fn is_in_string(leaf: Node<'_>) -> bool {
    ancestors(leaf).any(|node| matches!(node.kind(), "interpolation" | "template_substitution" | "format_specifier"))
}

/// Tells whether a value in place of a called name would make the call a method's.
pub fn changes_receiver(leaf: Node<'_>, value: Node<'_>, lang: Lang) -> bool {
    let is_wrapper = |node: Node<'_>| {
        matches!(
            node.kind(),
            "parenthesized_expression"
                | "non_null_expression"
                | "as_expression"
                | "satisfies_expression"
                | "type_assertion"
                | "instantiation_expression"
        )
    };
    let (mut called, mut value) = (leaf, value);
    while let Some(parent) = called.parent().filter(|parent| is_wrapper(*parent)) {
        called = parent;
    }
    while is_wrapper(value) {
        let Some(inner) = value.named_child(0) else { break };
        value = inner;
    }
    let is_called = called.parent().is_some_and(|call| {
        matches!(call.kind(), "call_expression" | "new_expression" | "call")
            && (call.child_by_field_name("function") == Some(called)
                || call.child_by_field_name("constructor") == Some(called))
    });
    is_called
        && !matches!(lang, Lang::Python | Lang::Go)
        && matches!(value.kind(), "member_expression" | "subscript_expression")
}

/// Tells whether a value must stand in brackets in place of a name.
pub fn needs_brackets(leaf: Node<'_>, value: Node<'_>, text: &str) -> bool {
    let is_member = |parent: Node<'_>| {
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(leaf);
        is_field("object")
            || is_field("operand")
            || is_field("function")
            || is_field("constructor")
            || is_field("value") && parent.kind() == "subscript"
    };
    let parent = leaf.parent();
    let is_whole = match value.kind() {
        "identifier"
        | "string"
        | "template_string"
        | "true"
        | "false"
        | "null"
        | "undefined"
        | "none"
        | "nil"
        | "parenthesized_expression"
        | "array"
        | "list"
        | "dictionary"
        | "set"
        | "list_comprehension"
        | "dictionary_comprehension"
        | "set_comprehension"
        | "this"
        | "interpreted_string_literal"
        | "raw_string_literal"
        | "rune_literal" => true,
        "call_expression"
        | "member_expression"
        | "subscript_expression"
        | "call"
        | "attribute"
        | "subscript"
        | "selector_expression"
        | "index_expression" => !(text.contains("?.") && parent.is_some_and(is_member)),
        "number" | "integer" | "float" | "int_literal" | "float_literal" => !parent.is_some_and(is_member),
        "tuple" => text.starts_with('('),
        _ => false,
    };
    // Here anything may stand that has no comma of its own.
    let is_open = parent.is_some_and(|parent| {
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(leaf);
        match parent.kind() {
            "arguments" | "argument_list" | "parenthesized_expression" | "array" | "list" | "return_statement" => true,
            "variable_declarator" | "keyword_argument" | "pair" => is_field("value"),
            "assignment" | "assignment_expression" => is_field("right"),
            _ => false,
        }
    });
    let has_comma =
        matches!(value.kind(), "sequence_expression" | "expression_list" | "tuple" | "generator_expression");
    let is_multiline = text.contains('\n') && !is_whole;
    let may_stand = is_open && !has_comma && !is_multiline;
    !is_whole && !may_stand
}

/// Tells whether a place is the first thing in a statement that is evaluated, surely and once.
///
/// `is_quiet` tells of a name whether reading it before or after the value comes to the same.
pub fn is_first_evaluated(
    statement: Node<'_>,
    leaf: Node<'_>,
    lang: Lang,
    is_quiet: &dyn Fn(Node<'_>) -> bool,
) -> bool {
    let mut child = leaf;
    while child != statement {
        let Some(parent) = child.parent() else { return false };
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(child);
        let is_allowed = match parent.kind() {
            "expression_statement"
            | "return_statement"
            | "arguments"
            | "argument_list"
            | "call_expression"
            | "call"
            | "parenthesized_expression"
            | "lexical_declaration"
            | "variable_declaration"
            | "array"
            | "list"
            | "tuple"
            | "expression_list"
            | "await_expression"
            | "await"
            | "unary_expression"
            | "not_operator"
            | "unary_operator"
            | "throw_statement"
            | "raise_statement"
            | "spread_element" => true,
            "variable_declarator" | "keyword_argument" | "pair" => is_field("value"),
            "assignment" | "assignment_expression" | "short_var_declaration" => {
                is_field("right") && !holds_access(parent)
            }
            "member_expression" | "attribute" | "selector_expression" => is_field("object") || is_field("operand"),
            "subscript_expression" | "subscript" | "index_expression" => {
                is_field("object") || is_field("value") || is_field("operand")
            }
            "binary_expression" | "binary_operator" | "comparison_operator" => parent.named_child(0) == Some(child),
            "if_statement" => {
                is_field("condition") && parent == statement && parent.child_by_field_name("initializer").is_none()
            }
            _ => false,
        };
        if !is_allowed || has_evaluation_before(parent, child, lang, is_quiet) {
            return false;
        }
        child = parent;
    }
    true
}

/// Tells whether the left side of an assignment is more than a name, which is looked up first.
fn holds_access(assignment: Node<'_>) -> bool {
    assignment.child_by_field_name("left").is_none_or(|left| {
        !(left.kind() == "identifier"
            || left.kind() == "expression_list"
                && left.named_child_count() == 1
                && left.named_child(0).is_some_and(|of| of.kind() == "identifier"))
    })
}

/// Tells whether something that can do or see anything is evaluated in a node before one of its children.
fn has_evaluation_before(parent: Node<'_>, child: Node<'_>, lang: Lang, is_quiet: &dyn Fn(Node<'_>) -> bool) -> bool {
    let before = named_children(parent).take_while(|node| *node != child);
    let mut before =
        before.filter(|node| !node.is_extra() && !matches!(node.kind(), "type_arguments" | "type_annotation"));
    match parent.kind() {
        "assignment"
        | "assignment_expression"
        | "variable_declarator"
        | "short_var_declaration"
        | "pair"
        | "keyword_argument" => false,
        _ => before.any(|node| !is_literal(node, lang) && !is_quiet(node)),
    }
}

/// The name at the root of a path such as `a.b.c`.
pub fn root_of(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "identifier" => Some(node),
        "member_expression" | "attribute" | "selector_expression" => root_of(node.named_child(0)?),
        _ => None,
    }
}

/// Tells whether a value does nothing but read.
pub fn only_reads(node: Node<'_>) -> bool {
    let is_active = matches!(
        node.kind(),
        "call_expression"
            | "call"
            | "new_expression"
            | "await_expression"
            | "await"
            | "assignment_expression"
            | "update_expression"
            | "augmented_assignment_expression"
            | "template_string"
            | "interpolation"
    );
    !is_active && named_children(node).all(only_reads)
}

fn is_literal(node: Node<'_>, lang: Lang) -> bool {
    super::effect::effect(node, lang, true, &|_| false) == super::effect::Effect::None
}
