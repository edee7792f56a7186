//! Puts text beside a node and takes nodes out, as the people who wrote the file would have laid it out.

use std::ops::Range;

use tree_sitter::Node;

use super::children::whole_lines;
use super::fidelity::{fixed_ranges, indent_at, leading, step_of};
use super::{Edit, Found, Lang, Source, parse};
use crate::core::{Error, Kind, Result};

/// On which side of a node a text is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it, and before the comments that belong to it.
    Before,
    /// After it.
    After,
}

/// What a node is to its neighbours.
enum Place<'t> {
    /// An element of a list with commas: the commas before and after it.
    Element { before: Option<Node<'t>>, after: Option<Node<'t>> },
    /// A statement, a member of a class: lines of their own, or `;` between.
    Statement,
}

/// The edits that put a text beside a node. Fails where neither a statement nor an element of a list stands there.
pub fn insert(found: &Found, text: &str, side: Side) -> Result<Vec<Edit>> {
    let found = &*found.in_whole();
    let source = found.source();
    let node = whole(found.node_match().get_node().get_inner_node());
    match place(found, node)? {
        Place::Element { after, .. } => Ok(element(source, node, after, text, side)),
        Place::Statement => Ok(vec![statement(source, node, text, side)?]),
    }
}

/// The edits that take a node out, with the comma or the line it leaves behind. Comments stay.
pub fn remove(found: &Found) -> Result<Vec<Edit>> {
    let found = &*found.in_whole();
    let source = found.source();
    let node = whole(found.node_match().get_node().get_inner_node());
    let text = source.text();
    let range = match place(found, node)? {
        Place::Element { before, after } => {
            let next = after.and_then(|comma| comma.next_sibling()).filter(|next| next.is_named() && !next.is_extra());
            let range = match (before, after, next) {
                (_, Some(_), Some(next)) => node.start_byte()..next.start_byte(),
                (Some(before), Some(after), _) => before.end_byte()..after.end_byte(),
                (None, Some(after), _) => node.start_byte()..after.end_byte(),
                (Some(before), None, _) => before.start_byte()..node.end_byte(),
                (None, None, _) => node.byte_range(),
            };
            if has_comment(node, &range) {
                // Comments stay: the node and one comma go, each by itself.
                let mut ranges = vec![node.byte_range()];
                ranges.extend(after.or(before).map(|comma| comma.byte_range()));
                ranges.sort_by_key(|range| range.start);
                return Ok(ranges.into_iter().map(|range| (range, String::new())).collect());
            }
            range
        }
        Place::Statement if is_only(node, source.lang()) => return Ok(vec![(node.byte_range(), "pass".to_owned())]),
        Place::Statement => whole_lines(text, node.byte_range()),
    };
    Ok(vec![(range, String::new())])
}

/// The largest node that is the same piece of code: a statement rather than its expression, with `export` and decorators.
fn whole(mut node: Node<'_>) -> Node<'_> {
    while let Some(parent) = node.parent() {
        let is_wrapper = matches!(parent.kind(), "decorated_definition" | "export_statement" | "expression_statement");
        let is_same = parent.byte_range() == node.byte_range() && !is_block(parent.kind());
        if !is_wrapper && !is_same {
            break;
        }
        node = parent;
    }
    node
}

fn place<'t>(found: &Found, node: Node<'t>) -> Result<Place<'t>> {
    let neither = || {
        Error::new(Kind::Conflict, format!("a {} is neither a statement nor an element of a list", node.kind()))
            .path(found.source().path.as_str())
            .span(found.span())
            .hint("take its :parent(), or replace it as a whole")
    };
    let parent = node.parent().ok_or_else(neither)?;
    let comma = |found: Option<Node<'t>>| found.filter(|found| found.kind() == ",");
    let (before, after) = (comma(beside(node, Side::Before)), comma(beside(node, Side::After)));
    let is_alone = || parent.named_child_count() == 1 && is_list(parent.kind());
    if before.is_some() || after.is_some() || is_alone() {
        return Ok(Place::Element { before, after });
    }
    if is_block(parent.kind()) {
        return Ok(Place::Statement);
    }
    Err(neither())
}

/// Tells whether nodes of a kind hold statements or members.
fn is_block(kind: &str) -> bool {
    let suffixes = [
        "block",
        "body",
        "program",
        "module",
        "source_file",
        "declaration_list",
        "object_type",
        "statement_list",
        "spec_list",
    ];
    let cases = ["switch_case", "switch_default", "expression_case", "default_case"];
    suffixes.iter().any(|suffix| kind.ends_with(suffix)) || cases.contains(&kind)
}

fn is_list(kind: &str) -> bool {
    [
        "arguments",
        "argument_list",
        "parameters",
        "parameter_list",
        "array",
        "list",
        "tuple",
        "object",
        "dictionary",
        "set",
        "literal_value",
        "named_imports",
        "export_clause",
        "array_pattern",
        "object_pattern",
    ]
    .contains(&kind)
}

/// The neighbour of a node that is no comment.
fn beside(node: Node<'_>, side: Side) -> Option<Node<'_>> {
    let mut at = Some(node);
    loop {
        at = match side {
            Side::Before => at?.prev_sibling(),
            Side::After => at?.next_sibling(),
        };
        if !at.is_some_and(|found| found.is_extra()) {
            return at;
        }
    }
}

fn has_comment(node: Node<'_>, range: &Range<usize>) -> bool {
    let mut at = node.next_sibling();
    while let Some(found) = at.filter(|found| found.start_byte() < range.end) {
        if found.is_extra() {
            return true;
        }
        at = found.next_sibling();
    }
    let mut at = node.prev_sibling();
    while let Some(found) = at.filter(|found| found.end_byte() > range.start) {
        if found.is_extra() {
            return true;
        }
        at = found.prev_sibling();
    }
    false
}

/// Tells whether a block of Python would be empty without a node.
fn is_only(node: Node<'_>, lang: Lang) -> bool {
    let block = node.parent().filter(|parent| lang == Lang::Python && parent.kind() == "block");
    block.is_some_and(|block| block.named_children(&mut block.walk()).filter(|child| !child.is_extra()).count() == 1)
}

fn element(source: &Source, node: Node<'_>, comma: Option<Node<'_>>, text: &str, side: Side) -> Vec<Edit> {
    let all = source.text();
    let line = all[..node.start_byte()].rfind('\n').map_or(0, |at| at + 1);
    let is_first = line > 0 && all[line..node.start_byte()].trim().is_empty();
    let indent = leading(&all[line..]);
    let text = laid_out(source, text, indent);
    let newline = source.layout().newline;
    let between = if is_first { format!(",{newline}{indent}") } else { ", ".to_owned() };
    match side {
        Side::Before => vec![(node.start_byte()..node.start_byte(), format!("{text}{between}"))],
        Side::After if !is_first => vec![(node.end_byte()..node.end_byte(), format!("{between}{text}"))],
        Side::After => {
            // What the line says after the element stays with it.
            let from = comma.map_or(node.end_byte(), |comma| comma.end_byte());
            let end = all[from..].find('\n').map_or(all.len(), |at| from + at);
            let end = if all[..end].ends_with('\r') { end - 1 } else { end };
            let rest = all[from..end].trim_start();
            let at = if rest.is_empty() || rest.starts_with("//") || rest.starts_with('#') { end } else { from };
            let mut edits = Vec::new();
            if comma.is_none() {
                edits.push((node.end_byte()..node.end_byte(), ",".to_owned()));
            }
            let tail = if comma.is_some() { "," } else { "" };
            edits.push((at..at, format!("{newline}{indent}{text}{tail}")));
            edits
        }
    }
}

fn statement(source: &Source, node: Node<'_>, text: &str, side: Side) -> Result<Edit> {
    let all = source.text();
    let indent = indent_at(all, node.start_byte());
    let line = all[..node.start_byte()].rfind('\n').map_or(0, |at| at + 1);
    let begins_line = all[line..node.start_byte()].trim().is_empty();
    let end = all[node.end_byte()..].find('\n').map_or(all.len(), |at| node.end_byte() + at);
    let newline = source.layout().newline;
    let rest = all[node.end_byte()..end].trim().trim_start_matches(';').trim_start();
    let ends_line = rest.is_empty() || rest.starts_with("//") || rest.starts_with('#');
    if side == Side::Before && begins_line {
        let at = with_comments(node, all, source.lang());
        return Ok((at..at, format!("{}{newline}{indent}", laid_out(source, text, indent))));
    }
    if side == Side::After && ends_line && begins_line {
        let end = if all[..end].ends_with('\r') { end - 1 } else { end };
        return Ok((end..end, format!("{newline}{indent}{}", laid_out(source, text, indent))));
    }
    if text.trim().contains('\n') {
        return Err(Error::new(
            Kind::Conflict,
            "several statements stand in this line, and the text has more than one line",
        )
        .path(source.path.as_str())
        .span(source.span(&node.byte_range()))
        .hint("replace the statement by both"));
    }
    let text = text.trim();
    let between = match source.lang() {
        Lang::Python | Lang::Go => "; ",
        _ => " ",
    };
    Ok(match side {
        Side::Before => (node.start_byte()..node.start_byte(), format!("{text}{between}")),
        Side::After => (node.end_byte()..node.end_byte(), format!("{between}{text}")),
    })
}

/// Where a statement begins, with the comments right above it.
fn with_comments(node: Node<'_>, text: &str, lang: Lang) -> usize {
    let mut first = node.start_byte();
    // In Python the comments before the first statement of a block lie outside of it, so lines are looked at.
    let marker = if lang == Lang::Python { "#" } else { "//" };
    loop {
        let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let above = text[..line.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
        let comment = text[above..line].trim_start_matches([' ', '\t']);
        if line > 0 && comment.starts_with(marker) {
            first = line - comment.len();
            continue;
        }
        let block = node.prev_sibling().filter(|found| found.is_extra() && found.end_byte() < first);
        let is_right_above = |block: &Node<'_>| text[block.end_byte()..first].matches('\n').count() == 1;
        return match block.filter(is_right_above) {
            // It begins its line.
            Some(block) if indent_at(text, block.start_byte()).len() == column(text, block.start_byte()) => {
                block.start_byte()
            }
            _ => first,
        };
    }
}

fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// A text as it stands in the file: its own steps of indentation in the file's manner, every line as deep as `indent`.
fn laid_out(source: &Source, text: &str, indent: &str) -> String {
    let text = text.trim_matches('\n');
    let fixed = match parse("", text.to_owned(), source.lang()) {
        Ok(parsed) => fixed_ranges(parsed.tree().root_node(), &(0..text.len())),
        Err(_) => Vec::new(),
    };
    let (layout, unit) = (source.layout(), step_of(text));
    let mut out = String::new();
    let mut from = 0;
    for (number, line) in text.split('\n').enumerate() {
        let is_fixed = fixed.iter().any(|range| range.start < from && from < range.end);
        if number > 0 {
            out.push_str(if is_fixed { "\n" } else { layout.newline });
        }
        let white = leading(line);
        if number == 0 || is_fixed || line.trim().is_empty() {
            out.push_str(line);
        } else {
            out.push_str(indent);
            out.push_str(&layout.convert(white, unit));
            out.push_str(&line[white.len()..]);
        }
        from += line.len() + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::ast::Matcher;

    fn run(lang: Lang, text: &str, pattern: &str, make: impl Fn(&Found) -> Result<Vec<Edit>>) -> Result<String> {
        let source = Arc::new(parse("x", text.to_owned(), lang)?);
        let matcher = Matcher::pattern(pattern, lang, None)?;
        let found = Found::root(&source).find(&matcher).ok_or_else(|| Error::invalid("nothing found"))?;
        let mut out = text.to_owned();
        for (range, new) in make(&found)?.iter().rev() {
            out.replace_range(range.clone(), new);
        }
        Ok(out)
    }

    #[test]
    fn text_is_put_beside_as_the_file_is_laid_out() -> Result<()> {
        let (ts, py, go) = (Lang::TypeScript, Lang::Python, Lang::Go);
        for (lang, text, pattern, side, new, expected) in [
            (
                ts,
                "{\n\ta();\n\tb();\n}\n",
                "b()",
                Side::Before,
                "if (x) {\n  c();\n}",
                "{\n\ta();\n\tif (x) {\n\t\tc();\n\t}\n\tb();\n}\n",
            ),
            (ts, "a();\n// why\nb();\n", "b()", Side::Before, "c();", "a();\nc();\n// why\nb();\n"),
            (
                ts,
                "a();\n/* why\n   and how */\nb();\n",
                "b()",
                Side::Before,
                "c();",
                "a();\nc();\n/* why\n   and how */\nb();\n",
            ),
            (
                py,
                "def f():\n    # why\n    a()\n",
                "a()",
                Side::Before,
                "b()",
                "def f():\n    b()\n    # why\n    a()\n",
            ),
            (ts, "a(); // x\nb();\n", "a()", Side::After, "c();", "a(); // x\nc();\nb();\n"),
            (ts, "if (x) { a(); }\n", "a()", Side::After, "c();", "if (x) { a(); c(); }\n"),
            (ts, "export function f() {}\n", "function f() {}", Side::Before, "g();", "g();\nexport function f() {}\n"),
            (ts, "f(a, b)", "b", Side::Before, "c", "f(a, c, b)"),
            (ts, "f(a)", "a", Side::After, "c", "f(a, c)"),
            (ts, "f(\n  a, // x\n  b,\n)", "a", Side::After, "c", "f(\n  a, // x\n  c,\n  b,\n)"),
            (ts, "f(\n  a,\n  b // x\n)", "b", Side::After, "c", "f(\n  a,\n  b, // x\n  c\n)"),
            (
                py,
                "@d\ndef f():\n    pass\n",
                "def f(): pass",
                Side::Before,
                "x = '''\n a'''",
                "x = '''\n a'''\n@d\ndef f():\n    pass\n",
            ),
            (py, "if a:\n    b()\n", "b()", Side::After, "if c:\n  d()", "if a:\n    b()\n    if c:\n        d()\n"),
            (
                go,
                "package a\n\nfunc f() {\n\tb := c()\n}\n",
                "b := c()",
                Side::After,
                "if b {\n  d()\n}",
                "package a\n\nfunc f() {\n\tb := c()\n\tif b {\n\t\td()\n\t}\n}\n",
            ),
        ] {
            let done = run(lang, text, pattern, |found| insert(found, new, side))?;
            assert_eq!(done, expected, "{text:?}");
        }
        assert!(run(ts, "a = b + c", "b", |found| insert(found, "d", Side::After)).is_err());
        Ok(())
    }

    #[test]
    fn a_node_goes_with_its_comma_or_its_line_and_comments_stay() -> Result<()> {
        let (ts, py) = (Lang::TypeScript, Lang::Python);
        for (lang, text, pattern, expected) in [
            (ts, "a();\nb();\nc();\n", "b()", "a();\nc();\n"),
            (ts, "a(); // x\nb();\n", "a()", " // x\nb();\n"),
            (ts, "f(a, b, c)", "b", "f(a, c)"),
            (ts, "f(a, b)", "b", "f(a)"),
            (ts, "f(a)", "a", "f()"),
            (ts, "f(\n  a,\n  b,\n)", "b", "f(\n  a,\n)"),
            (ts, "f(\n  a, // x\n  b,\n)", "a", "f(\n   // x\n  b,\n)"),
            (py, "if a:\n    b()\n", "b()", "if a:\n    pass\n"),
            (py, "if a:\n    b()\n    c()\n", "b()", "if a:\n    c()\n"),
        ] {
            assert_eq!(run(lang, text, pattern, remove)?, expected, "{text:?}");
        }
        Ok(())
    }
}
