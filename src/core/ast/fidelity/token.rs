//! The tokens of a piece of a syntax tree, in order. What a metavariable stands for counts as one token.

use std::ops::Range;

use tree_sitter::Node;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A piece of code: a name, a keyword, punctuation, a whole string.
    Code,
    /// A comment that ends with its line.
    LineComment,
    /// A comment with an end of its own.
    BlockComment,
    /// What the metavariable of a number stands for.
    Hole(usize),
}

/// One token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How deep it lies below the node that was asked for.
    pub depth: usize,
}

impl Token {
    /// Tells whether it is a comment.
    pub fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }
}

/// Tells whether the text of such a node must stay as it is, line breaks and all.
pub fn is_verbatim(kind: &str) -> bool {
    matches!(
        kind,
        "string"
            | "template_string"
            | "regex"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "rune_literal"
            | "string_fragment"
            | "string_content"
            | "comment"
            | "html_comment"
            | "hash_bang_line"
    )
}

/// The tokens of a node that lie inside `within`. `holes` are the ranges of what metavariables captured, by number.
pub fn tokens(root: Node<'_>, text: &str, within: &Range<usize>, holes: &[(Range<usize>, usize)]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut cursor = root.walk();
    let mut depth = 0;
    'walk: loop {
        let node = cursor.node();
        let range = node.byte_range();
        let mut descend = false;
        if !range.is_empty() && range.start < within.end && within.start < range.end {
            let hole = holes.iter().find(|(hole, _)| hole.start <= range.start && range.end <= hole.end);
            if let Some((hole, number)) = hole {
                // The nodes of a list of arguments come one by one.
                if out.last().is_none_or(|last: &Token| last.range != *hole) {
                    out.push(Token { range: hole.clone(), kind: Kind::Hole(*number), depth });
                }
            } else if node.child_count() > 0 && !is_atom(&node, &range, holes) {
                descend = true;
            } else {
                let kind = match node.kind() {
                    "comment" | "html_comment" if text[range.clone()].starts_with("/*") => Kind::BlockComment,
                    "comment" | "html_comment" => Kind::LineComment,
                    _ => Kind::Code,
                };
                out.push(Token { range, kind, depth });
            }
        }
        if descend && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
            depth -= 1;
        }
    }
    fill(out, text, within)
}

/// A string is one token unless a metavariable stands inside it.
fn is_atom(node: &Node<'_>, range: &Range<usize>, holes: &[(Range<usize>, usize)]) -> bool {
    is_verbatim(node.kind()) && !holes.iter().any(|(hole, _)| range.start <= hole.start && hole.end <= range.end)
}

/// A parser may step over text without giving it a node. That is a token, too.
fn fill(tokens: Vec<Token>, text: &str, within: &Range<usize>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = within.start;
    let raw = |from: usize, to: usize, out: &mut Vec<Token>| {
        let gap = text.get(from..to).unwrap_or_default();
        let trimmed = gap.trim();
        if !trimmed.is_empty() && trimmed != "\\" {
            let start = from + (gap.len() - gap.trim_start().len());
            out.push(Token { range: start..start + trimmed.len(), kind: Kind::Code, depth: usize::MAX });
        }
    };
    for token in tokens {
        // Zero-width neighbours and overlapping extras of broken code are of no use.
        if token.range.start < at {
            continue;
        }
        raw(at, token.range.start, &mut out);
        at = token.range.end;
        out.push(token);
    }
    raw(at, within.end, &mut out);
    out
}
