//! A parsed text: its tree, its lines, its first syntax error.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ast_grep_core::AstGrep;
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc};
use tree_sitter::{Parser, Point};

use super::Lang;
use super::fidelity::Layout;
use crate::core::text::{LineIndex, Span};
use crate::core::{Error, Kind, Result};

/// A document as ast-grep sees it.
pub type Doc = StrDoc<Lang>;

/// A parsed file or text.
pub struct Source {
    /// Repo-relative path, or empty for a text that is no file.
    pub path: String,
    root: AstGrep<Doc>,
    lines: OnceLock<LineIndex>,
    digest: OnceLock<String>,
    layout: OnceLock<Layout>,
    /// The same text with its whole tree, where this one lacks a part.
    whole: Option<OnceLock<Option<Arc<Source>>>>,
}

/// Parses a text. Fails only when the parser itself gives up.
pub fn parse(path: &str, text: String, lang: Lang) -> Result<Source> {
    parse_without(path, text, lang, &[])
}

/// Parses a text as if some pieces of it, in order, were not there. Places are those of the whole text.
pub fn parse_without(path: &str, text: String, lang: Lang, omitted: &[Range<usize>]) -> Result<Source> {
    thread_local! {
        static PARSERS: std::cell::RefCell<Vec<(Lang, Parser)>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let tree = PARSERS.with_borrow_mut(|parsers| {
        let at = match parsers.iter().position(|(known, _)| *known == lang) {
            Some(at) => at,
            None => {
                let mut parser = Parser::new();
                parser.set_language(&lang.get_ts_language()).map_err(|e| {
                    Error::new(Kind::Internal, format!("the grammar for {} does not fit: {e}", lang.name()))
                })?;
                parsers.push((lang, parser));
                parsers.len() - 1
            }
        };
        let parser = &mut parsers[at].1;
        parser.reset();
        let ranges = if omitted.is_empty() { Vec::new() } else { between(&text, omitted) };
        parser.set_included_ranges(&ranges).map_err(|e| Error::tool(e.to_string()).path(path))?;
        parser.parse(text.as_bytes(), None).ok_or_else(|| Error::tool(format!("{path} could not be parsed")).path(path))
    })?;
    let root = AstGrep::doc(StrDoc { src: text, lang, tree });
    Ok(Source {
        path: path.to_owned(),
        root,
        lines: OnceLock::new(),
        digest: OnceLock::new(),
        layout: OnceLock::new(),
        whole: (!omitted.is_empty()).then(OnceLock::new),
    })
}

/// What lies between pieces of a text, with rows and columns from 0.
fn between(text: &str, omitted: &[Range<usize>]) -> Vec<tree_sitter::Range> {
    let bytes = text.as_bytes();
    let (mut row, mut line, mut seen) = (0, 0, 0);
    let mut point = |at: usize| {
        for end in memchr::memchr_iter(b'\n', &bytes[seen..at]) {
            row += 1;
            line = seen + end + 1;
        }
        seen = at;
        Point { row, column: at - line }
    };
    let starts = std::iter::once(0).chain(omitted.iter().map(|piece| piece.end));
    let ends = omitted.iter().map(|piece| piece.start).chain([text.len()]);
    let ranges = starts.zip(ends).map(|(start_byte, end_byte)| tree_sitter::Range {
        start_byte,
        end_byte,
        start_point: point(start_byte),
        end_point: point(end_byte),
    });
    ranges.filter(|range| range.start_byte < range.end_byte).collect()
}

impl Source {
    /// The whole text.
    pub fn text(&self) -> &str {
        self.root.source()
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        *self.root.lang()
    }

    /// The root as ast-grep sees it.
    pub fn root(&self) -> &AstGrep<Doc> {
        &self.root
    }

    /// Its syntax tree.
    pub fn tree(&self) -> &tree_sitter::Tree {
        &self.root.root().get_doc().tree
    }

    /// The same with its whole tree, if this one lacks a part.
    pub fn whole(&self) -> Option<&Arc<Source>> {
        let parse = || parse(&self.path, self.text().to_owned(), self.lang()).ok().map(Arc::new);
        self.whole.as_ref()?.get_or_init(parse).as_ref()
    }

    /// The digest by which a patch knows that its edits belong to this text.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| blake3::hash(self.text().as_bytes()).to_hex().to_string())
    }

    /// How it is laid out.
    pub fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(self.text(), self.lang().indentation()))
    }

    /// Positions of byte offsets.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text().as_bytes()))
    }

    /// The place of a byte range.
    pub fn span(&self, range: &Range<usize>) -> Span {
        self.lines().span(range.start, range.end)
    }

    /// The first syntax error, if the text has one.
    pub fn first_error(&self) -> Option<Span> {
        let root = self.root.root().get_inner_node();
        if !root.has_error() {
            return None;
        }
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                return Some(self.span(&node.byte_range()));
            }
            if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return None;
                }
            }
        }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({})", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_has_a_place() -> Result<()> {
        let broken = parse("x.ts", "let a = 1;\nlet = ;\n".to_owned(), Lang::TypeScript)?;
        assert_eq!(broken.first_error().map(|span| span.from.line), Some(2));
        assert!(parse("x.ts", "let a = 1".to_owned(), Lang::TypeScript)?.first_error().is_none());
        Ok(())
    }
}
