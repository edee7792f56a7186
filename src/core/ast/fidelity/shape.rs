//! A pattern or a replacement as a row of tokens with the white space between them, metavariables told apart.

use std::ops::Range;

use ast_grep_core::Language;
use ast_grep_core::tree_sitter::LanguageExt;
use tree_sitter::{Node, Parser};

use super::token::{Kind, tokens};
use crate::core::ast::Lang;
use crate::core::{Error, Result};

/// A metavariable as written: `$A`, `$$$ARGS`, `$_`, `$$$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Var {
    /// Its name, empty for `$$$`.
    pub name: String,
    /// Whether it stands for several nodes.
    pub is_multiple: bool,
}

/// One token of a shape.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The white space before it.
    pub gap: String,
    /// Its text, as written.
    pub text: String,
    /// The metavariable that it is.
    pub var: Option<Var>,
    /// How deep it lies in the tree.
    pub depth: usize,
}

/// Tells which metavariables a text has, and where. The text has the language's own sigil already.
pub fn vars(text: &str, sigil: char) -> Vec<(Range<usize>, Var)> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(found) = text[at..].find(sigil) {
        let start = at + found;
        let count = text[start..].chars().take_while(|c| *c == sigil).count();
        let name_at = start + count * sigil.len_utf8();
        let rest = &text[name_at..];
        let len = match rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_') {
            true => {
                rest.len()
                    - rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_').len()
            }
            false => 0,
        };
        at = name_at + len;
        if count <= 3 && (len > 0 || count == 3) {
            let var = Var { name: rest[..len].to_owned(), is_multiple: count == 3 };
            out.push((start..at, var));
        }
    }
    out
}

/// Parses a text of the language, whose metavariables have their sigil already.
pub fn parsed(text: &str, lang: Lang) -> Result<tree_sitter::Tree> {
    let mut parser = Parser::new();
    let fits = parser.set_language(&lang.get_ts_language()).is_ok();
    fits.then(|| parser.parse(text, None)).flatten().ok_or_else(|| Error::tool("a replacement could not be parsed"))
}

/// The shape of a replacement text, which need not be a proper piece of code.
pub fn of_template(template: &str, lang: Lang) -> Result<Vec<Piece>> {
    let text = lang.pre_process_pattern(template).into_owned();
    let tree = parsed(&text, lang)?;
    Ok(of_node(tree.root_node(), &text, &vars(&text, lang.expando_char()), true))
}

/// The shape of a node. With `inside`, metavariables inside of strings and names count, too.
pub fn of_node(node: Node<'_>, text: &str, vars: &[(Range<usize>, Var)], inside: bool) -> Vec<Piece> {
    let holes: Vec<(Range<usize>, usize)> = vars.iter().enumerate().map(|(n, (range, _))| (range.clone(), n)).collect();
    // The text of a file begins where its root does only if nothing but white space comes before.
    let within = if node.parent().is_none() { 0..text.len() } else { node.byte_range() };
    let (mut out, mut at) = (Vec::<Piece>::new(), within.start);
    for token in tokens(node, text, &within, &holes) {
        let gap = text[at..token.range.start].to_owned();
        at = token.range.end;
        let whole = match token.kind {
            Kind::Hole(number) => vars.get(number).map(|(_, var)| var.clone()),
            _ => None,
        };
        let depth = token.depth;
        if whole.is_some() || !inside {
            out.push(Piece { gap, text: text[token.range].to_owned(), var: whole, depth });
            continue;
        }
        let (mut gap, mut from) = (gap, token.range.start);
        for (range, var) in
            vars.iter().filter(|(range, _)| token.range.start <= range.start && range.end <= token.range.end)
        {
            if from < range.start {
                let text = text[from..range.start].to_owned();
                out.push(Piece { gap: std::mem::take(&mut gap), text, var: None, depth });
            }
            let text = text[range.clone()].to_owned();
            out.push(Piece { gap: std::mem::take(&mut gap), text, var: Some(var.clone()), depth });
            from = range.end;
        }
        if from < token.range.end {
            out.push(Piece { gap, text: text[from..token.range.end].to_owned(), var: None, depth });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(template: &str, lang: Lang) -> Result<String> {
        let pieces = of_template(template, lang)?;
        Ok(pieces.iter().map(|p| format!("{}[{}{}]", p.gap, p.var.as_ref().map_or("", |_| "var "), p.text)).collect())
    }

    #[test]
    fn a_replacement_falls_into_tokens_and_metavariables() -> Result<()> {
        for (template, lang, expected) in [
            ("f($A,  $$$B)", Lang::TypeScript, "[f][(][var $A][,]  [var $$$B][)]"),
            ("print(\"a $A b\")", Lang::JavaScript, "[print][(][\"][a ][var $A][ b][\"][)]"),
            ("$A if $B else None", Lang::Python, "[var µA] [if] [var µB] [else] [None]"),
            ("not proper ) $A", Lang::Go, "[not] [proper] [)] [var µA]"),
            ("", Lang::Go, ""),
        ] {
            assert_eq!(shown(template, lang)?, expected);
        }
        Ok(())
    }
}
