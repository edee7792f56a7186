//! Indentation and line ends: how the file has them, and how moved code gets them.

use std::ops::Range;

use tree_sitter::Node;

use super::token::is_verbatim;
use crate::core::ast::Source;

/// The white space a line of `text` begins with, for the line that holds `at`.
pub fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    leading(&text[start..])
}

/// The white space that a text begins with, up to its first line end.
pub fn leading(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// How a file is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// One step of indentation.
    pub unit: String,
    /// `\n` or `\r\n`.
    pub newline: &'static str,
}

impl Layout {
    /// Looks at a text. `default` is the step where no line tells.
    pub fn of(text: &str, default: &str) -> Layout {
        let newline = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let (mut tabs, mut steps, mut before) = (0, [0_usize; 9], 0);
        for line in text.lines().take(2_000) {
            let white = leading(line);
            if white.len() == line.trim_end().len() {
                continue;
            }
            if white.starts_with('\t') {
                tabs += 1;
            }
            let step = white.len().saturating_sub(before);
            // One column is how block comments go on.
            if !white.starts_with('\t') && (2..=8).contains(&step) {
                steps[step] += 1;
            }
            before = white.len();
        }
        let (step, count) =
            steps.iter().enumerate().max_by_key(|(step, count)| (**count, 9 - *step)).map_or((0, 0), |(s, c)| (s, *c));
        let unit = match () {
            () if tabs > count => "\t".to_owned(),
            () if count > 0 => " ".repeat(step),
            () => default.to_owned(),
        };
        Layout { unit, newline }
    }

    /// White space of a template, as deep as there but in this file's manner. `unit` is the template's own step.
    pub fn convert(&self, white: &str, unit: &str) -> String {
        let levels = if unit.is_empty() { 0 } else { white.len() / unit.len() };
        let rest = if unit.is_empty() { white } else { &white[levels * unit.len()..] };
        format!("{}{rest}", self.unit.repeat(levels))
    }
}

/// The step of indentation of a short text: the least that any of its lines after the first has.
pub fn step_of(text: &str) -> &str {
    text.lines().skip(1).map(leading).filter(|white| !white.is_empty()).min_by_key(|white| white.len()).unwrap_or("")
}

/// A piece of a file with another indentation; the insides of strings stay as they are.
pub fn reindent(source: &Source, range: &Range<usize>, old: &str, new: &str) -> String {
    let fixed = fixed_ranges(source.tree().root_node(), range);
    shift(&source.text()[range.clone()], &fixed, old, new)
}

/// Replaces the indentation `old` by `new` at each line that begins inside `text`. `fixed` are ranges of it
/// (strings, comments) whose line breaks are not of the layout, in order.
pub fn shift(text: &str, fixed: &[Range<usize>], old: &str, new: &str) -> String {
    if old == new || !text.contains('\n') {
        return text.to_owned();
    }
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
        out.push_str(&text[from..=at]);
        from = at + 1;
        let line = &text[from..];
        let is_fixed = fixed.iter().any(|range| range.start < from && from < range.end);
        let is_blank = line.lines().next().is_none_or(|line| line.trim().is_empty()) && line.contains('\n');
        if is_fixed || is_blank {
            continue;
        }
        let white = leading(line);
        match white.strip_prefix(old) {
            Some(rest) => {
                out.push_str(new);
                out.push_str(rest);
            }
            // A line further left than where the piece began stays as far left of it as it was, or at the edge.
            None if old.starts_with(white) => {
                let less = old.len() - white.len();
                out.push_str(&new[..new.len().saturating_sub(less)]);
            }
            None => out.push_str(white),
        }
        from += white.len();
    }
    out.push_str(&text[from..]);
    out
}

/// The ranges below a node, relative to `start`, whose line breaks belong to a string or a comment.
pub fn fixed_ranges(root: Node<'_>, within: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let range = node.byte_range();
        let touches = range.start < within.end && within.start < range.end;
        // One that holds code inside (`${…}`) is fixed as a whole: its layout is the author's.
        let found = touches && is_verbatim(node.kind()) && node.start_position().row != node.end_position().row;
        if found {
            out.push(range.start.saturating_sub(within.start)..range.end.saturating_sub(within.start));
        }
        if touches && !found && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_of_a_file_is_what_most_of_its_lines_go_in_by() {
        for (text, unit) in [
            ("a\n  b\n    c\n", "  "),
            ("a\n\tb\n\t\tc\n", "\t"),
            ("a\n    b\n    c\n", "    "),
            ("/*\n * x\n */\na\n", "DEFAULT"),
        ] {
            assert_eq!(Layout::of(text, "DEFAULT").unit, unit, "{text:?}");
        }
    }

    #[test]
    fn moved_lines_keep_their_shape() {
        assert_eq!(shift("if x:\n        a\n\n    b", &[], "    ", ""), "if x:\n    a\n\nb");
        assert_eq!(shift("f(\n  a\n)", &[], "", "    "), "f(\n      a\n    )");
        let text = "f('''\n  a\n''',\n  b)";
        let string = 2..text.find(',').unwrap_or(0);
        assert_eq!(shift(text, std::slice::from_ref(&string), "", "  "), "f('''\n  a\n''',\n    b)");
    }
}
