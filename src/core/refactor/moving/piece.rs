//! What is moved: the statements at the top of a file that declare something, with the comments that belong to them.

use std::ops::Range;

use tree_sitter::Node;

use super::header::is_for_the_file;
use crate::core::ast::{Lang, Source, named_children};
use crate::core::refactor::names::Names;

/// A statement that is moved.
#[derive(Debug)]
pub struct Piece<'t> {
    /// The statement, with `export` or its decorators.
    pub node: Node<'t>,
    /// Its bytes with the comments that belong to it.
    pub range: Range<usize>,
}

/// Why something cannot be moved: where and what.
pub type Reason = (usize, &'static str, &'static str);

/// The statements that declare symbols of a file, and in Go the methods of types among them.
pub fn pieces<'t>(source: &'t Source, names: &Names, symbols: &[usize]) -> Result<Vec<Piece<'t>>, Reason> {
    let text = source.text();
    let mut found = Vec::new();
    for node in named_children(source.tree().root_node()) {
        let range = node.byte_range();
        let mut declared = names
            .mentions
            .iter()
            .filter(|mention| mention.is_declaration && range.contains(&mention.span.start))
            .filter(|mention| mention.symbol.is_some_and(|symbol| names.symbols[symbol].scope == 0))
            .peekable();
        let is_moved = |symbol: Option<usize>| symbol.is_some_and(|symbol| symbols.contains(&symbol));
        if is_method_of(node, names, symbols) {
            found.push(Piece { node, range: with_comments(source, node) });
            continue;
        }
        if declared.peek().is_none() {
            continue;
        }
        let all: Vec<_> = declared.collect();
        if !all.iter().any(|mention| is_moved(mention.symbol)) {
            continue;
        }
        if let Some(other) = all.iter().find(|mention| !is_moved(mention.symbol)) {
            return Err((
                other.span.start,
                "the same statement gives a value to something else",
                "split the statement first, or move both",
            ));
        }
        check_form(source.lang(), node)?;
        let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let whole = with_comments(source, node);
        let end = text[whole.end..].find('\n').map_or(text.len(), |at| whole.end + at);
        let rest = text[whole.end..end].trim().trim_start_matches(';');
        if !text[line..range.start].trim().is_empty() || !rest.is_empty() {
            return Err((range.start, "something else stands on the same line", "put it on a line of its own first"));
        }
        found.push(Piece { node, range: whole });
    }
    Ok(found)
}

/// Tells whether a kind of statement can stand in another file.
fn check_form(lang: Lang, node: Node<'_>) -> Result<(), Reason> {
    let at = node.start_byte();
    let is_default =
        |node: Node<'_>| (0..node.child_count()).any(|n| node.child(n).is_some_and(|c| c.kind() == "default"));
    let inner = match node.kind() {
        "export_statement" if is_default(node) => {
            return Err((at, "it is what the file offers by default", "export it by its name first"));
        }
        "export_statement" => node.child_by_field_name("declaration").unwrap_or(node),
        "decorated_definition" => node.child_by_field_name("definition").unwrap_or(node),
        "expression_statement" if lang == Lang::Python => node.named_child(0).unwrap_or(node),
        _ => node,
    };
    let is_known = match lang {
        Lang::Python => {
            matches!(inner.kind(), "function_definition" | "class_definition" | "type_alias_statement")
                || inner.kind() == "assignment"
                    && inner.child_by_field_name("left").is_some_and(|left| left.kind() == "identifier")
        }
        Lang::Go => matches!(
            inner.kind(),
            "function_declaration" | "type_declaration" | "const_declaration" | "var_declaration"
        ),
        _ => matches!(
            inner.kind(),
            "function_declaration"
                | "generator_function_declaration"
                | "function_signature"
                | "class_declaration"
                | "abstract_class_declaration"
                | "interface_declaration"
                | "type_alias_declaration"
                | "enum_declaration"
                | "lexical_declaration"
                | "variable_declaration"
        ),
    };
    match is_known {
        true => Ok(()),
        false => Err((at, "it is not declared by a plain statement at the top of the file", "declare it so first")),
    }
}

/// Tells whether a node declares a method of one of some types of Go.
fn is_method_of(node: Node<'_>, names: &Names, symbols: &[usize]) -> bool {
    if node.kind() != "method_declaration" {
        return false;
    }
    let Some(receiver) = node.child_by_field_name("receiver") else { return false };
    let range = receiver.byte_range();
    names.mentions.iter().any(|mention| {
        range.contains(&mention.span.start)
            && mention.symbol.is_some_and(|symbol| symbols.contains(&symbol) && names.symbols[symbol].kind == "type")
    })
}

/// A statement with the comments right above it, and the one behind it on its line.
pub fn with_comments(source: &Source, node: Node<'_>) -> Range<usize> {
    let text = source.text();
    let mut start = node.start_byte();
    let mut before = node.prev_sibling();
    while let Some(comment) = before.filter(|before| before.kind() == "comment") {
        let gap = &text[comment.end_byte()..start];
        let line = text[..comment.start_byte()].rfind('\n').map_or(0, |at| at + 1);
        let is_alone = text[line..comment.start_byte()].trim().is_empty();
        if gap.matches('\n').count() > 1 || !gap.trim().is_empty() || !is_alone {
            break;
        }
        if is_for_the_file(&text[comment.byte_range()]) && comment.prev_named_sibling().is_none() {
            break;
        }
        start = comment.start_byte();
        before = comment.prev_sibling();
    }
    let mut end = node.end_byte();
    if let Some(after) = node.next_sibling().filter(|after| after.kind() == ";") {
        end = after.end_byte();
    }
    let mut next = node.next_sibling();
    while let Some(comment) = next.filter(|next| next.kind() == ";" || next.start_byte() >= end) {
        if comment.kind() == "comment" && !text[end..comment.start_byte()].contains('\n') {
            end = comment.end_byte();
        } else if comment.kind() != ";" || text[end..comment.start_byte()].contains('\n') {
            break;
        }
        next = comment.next_sibling();
    }
    // A comment's end may hold the line's.
    start..text[..end].trim_end_matches(['\n', '\r']).len().max(node.start_byte())
}
