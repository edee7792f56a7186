//! The parameters of a function, as they are declared.

use std::ops::Range;

use tree_sitter::Node;

use crate::core::ast::named_children;

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, or its pattern as written.
    pub name: String,
    /// All of it, with type and default.
    pub range: Range<usize>,
    /// Its type, where it shares that with others: `a, b int` in Go.
    pub shared_type: Option<Range<usize>>,
    /// Whether calls may leave it out.
    pub is_optional: bool,
    /// Whether it takes all arguments that are left.
    pub is_rest: bool,
    /// Whether it is no parameter: `*` and `/` of Python.
    pub is_separator: bool,
}

/// A function that is declared.
pub struct Function<'t> {
    /// All of it.
    pub node: Node<'t>,
    /// The list of its parameters, with brackets if it has some.
    pub list: Range<usize>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// A decorator that it has.
    pub decorator: Option<Node<'t>>,
    /// The parameter that calls do not pass: `self`, as it is written.
    pub receiver: Option<Range<usize>>,
}

/// The method whose name a node is, where a type declares it.
pub fn method<'t>(name: Node<'t>, text: &str) -> Option<Function<'t>> {
    let node = name.parent()?;
    if matches!(node.kind(), "public_field_definition" | "field_definition") {
        let value = node.child_by_field_name("value")?;
        return matches!(value.kind(), "arrow_function" | "function_expression").then(|| listed(value, text)).flatten();
    }
    let is_python = node.kind() == "function_definition" && of_class(node).is_some();
    let is_method = matches!(
        node.kind(),
        "method_definition" | "method_signature" | "abstract_method_signature" | "method_declaration" | "method_elem"
    );
    if !is_python && !is_method {
        return None;
    }
    let mut method = listed(node, text)?;
    let decorator = method.decorator.map(|decorator| &text[decorator.byte_range()]);
    if is_python && decorator != Some("@staticmethod") && !method.parameters.is_empty() {
        method.receiver = Some(method.parameters.remove(0).range);
    }
    Some(method)
}

/// The class whose body a function of Python stands in.
fn of_class(node: Node<'_>) -> Option<Node<'_>> {
    let block = node.parent().filter(|of| of.kind() != "decorated_definition").or_else(|| node.parent()?.parent());
    block.and_then(|of| of.parent()).filter(|of| of.kind() == "class_definition")
}

/// The function whose name a node is, where it is declared.
pub fn function<'t>(name: Node<'t>, text: &str) -> Option<Function<'t>> {
    let parent = name.parent()?;
    let node = match parent.kind() {
        "function_declaration" | "generator_function_declaration" | "function_definition" => parent,
        "variable_declarator" => {
            let value = parent.child_by_field_name("value")?;
            matches!(value.kind(), "arrow_function" | "function_expression").then_some(value)?
        }
        _ => return None,
    };
    // A method is called through its object.
    if node.kind() == "function_definition" && of_class(node).is_some() {
        return None;
    }
    listed(node, text)
}

/// A function with its list of parameters.
fn listed<'t>(node: Node<'t>, text: &str) -> Option<Function<'t>> {
    let decorator = node.parent().filter(|of| of.kind() == "decorated_definition").and_then(|of| of.named_child(0));
    if let Some(only) = node.child_by_field_name("parameter") {
        let parameters = vec![parameter(only, text)];
        return Some(Function { node, list: only.byte_range(), parameters, decorator, receiver: None });
    }
    let list = node.child_by_field_name("parameters")?;
    let mut parameters = Vec::new();
    for child in named_children(list).filter(|child| !child.is_extra()) {
        match child.kind() {
            "parameter_declaration" => parameters.extend(of_go(child, text)),
            _ => parameters.push(parameter(child, text)),
        }
    }
    Some(Function { node, list: list.byte_range(), parameters, decorator, receiver: None })
}

fn parameter(node: Node<'_>, text: &str) -> Parameter {
    let kind = node.kind();
    let inner = node
        .child_by_field_name("pattern")
        .or_else(|| node.child_by_field_name("name"))
        .or_else(|| node.child_by_field_name("left"));
    let inner = inner.or_else(|| (kind == "typed_parameter").then(|| node.named_child(0)).flatten()).unwrap_or(node);
    let is_rest = |kind: &str| {
        matches!(
            kind,
            "rest_pattern" | "list_splat_pattern" | "dictionary_splat_pattern" | "variadic_parameter_declaration"
        )
    };
    let has_default = node.child_by_field_name("value").is_some() || node.child_by_field_name("right").is_some();
    let name = if is_rest(inner.kind()) { inner.named_child(0).unwrap_or(inner) } else { inner };
    Parameter {
        name: text[name.byte_range()].to_owned(),
        range: node.byte_range(),
        shared_type: None,
        is_optional: has_default || kind == "optional_parameter",
        is_rest: is_rest(kind) || is_rest(inner.kind()),
        is_separator: matches!(kind, "keyword_separator" | "positional_separator"),
    }
}

fn of_go(node: Node<'_>, text: &str) -> Vec<Parameter> {
    let mut cursor = node.walk();
    let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).filter(Node::is_named).collect();
    let shared = node.child_by_field_name("type").map(|ty| ty.byte_range());
    if names.is_empty() {
        let range = node.byte_range();
        let name = String::new();
        return vec![Parameter {
            name,
            range,
            shared_type: None,
            is_optional: false,
            is_rest: false,
            is_separator: false,
        }];
    }
    names
        .into_iter()
        .map(|name| Parameter {
            name: text[name.byte_range()].to_owned(),
            range: name.byte_range(),
            shared_type: shared.clone(),
            is_optional: false,
            is_rest: false,
            is_separator: false,
        })
        .collect()
}
