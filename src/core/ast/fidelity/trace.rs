//! Which token of a match stands for which token of the pattern.
//!
//! The matcher tells what named metavariables captured, and nothing else. So the pattern is compiled once
//! more with a name of its own for every metavariable in it, `$_` and repeated ones too, and matched
//! against the node that was found; what lies between them is compared token by token.

use std::ops::Range;
use std::sync::Arc;

use ast_grep_core::matcher::MatcherExt as _;
use ast_grep_core::{Language, MatchStrictness, Pattern};
use tree_sitter::Node;

use super::shape::{Piece, of_node, parsed, vars};
use super::token::{Kind, Token, tokens};
use crate::core::Result;
use crate::core::ast::Lang;
use crate::core::ast::source::Doc;
use crate::core::ast::written::Written;

/// A pattern that can be laid beside what it found.
pub struct Trace {
    pattern: Pattern,
    pieces: Vec<Piece>,
    sigil: char,
}

/// A match beside its pattern.
pub struct Traced {
    /// The tokens of the match, in order.
    pub tokens: Vec<Token>,
    /// For each piece of the pattern the token it stands for.
    pub of_piece: Vec<Option<usize>>,
}

impl Trace {
    /// Prepares a pattern.
    pub fn new(written: &Written, lang: Lang) -> Result<Trace> {
        let text = lang.pre_process_pattern(&written.text).into_owned();
        let sigil = lang.expando_char();
        let found = vars(&text, sigil);
        let (mut numbered, mut holes, mut at) = (String::new(), Vec::new(), 0);
        for (n, (range, var)) in found.iter().enumerate() {
            numbered.push_str(&text[at..range.start]);
            let start = numbered.len();
            numbered.extend(text[range.clone()].chars().take_while(|c| *c == sigil));
            numbered.push_str(&format!("HOLE{n}"));
            holes.push((start..numbered.len(), var.clone()));
            at = range.end;
        }
        numbered.push_str(&text[at..]);
        let unusable = |e: &dyn std::fmt::Display| crate::core::Error::invalid(e.to_string());
        let pattern = Written { text: numbered.clone(), ..written.clone() }.compile(lang).map_err(|e| unusable(&e))?;
        let tree = parsed(&numbered, lang)?;
        let root = pattern_root(tree.root_node(), written.selector.as_deref())
            .ok_or_else(|| unusable(&"the pattern has no root"))?;
        Ok(Trace { pattern, pieces: of_node(root, &numbered, &holes, false), sigil })
    }

    /// The pattern's tokens.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Lays the pattern beside a node that it found. `None` where it cannot be told.
    pub fn of(&self, node: &ast_grep_core::Node<'_, Doc>, text: &str) -> Option<Traced> {
        let found = self.pattern.match_node(node.clone())?;
        let env = found.get_env();
        let mut holes = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            let Some(var) = &piece.var else { continue };
            let name = piece.text.trim_start_matches(self.sigil);
            match var.is_multiple {
                true => {
                    holes.extend(covered(&env.get_multiple_matches(name)).map(|range| (range, index)));
                }
                false => holes.push((env.get_match(name)?.range(), index)),
            }
        }
        let tokens = tokens(node.get_inner_node(), text, &node.range(), &holes);
        let of_piece = self.align(&tokens, text, true).or_else(|| self.align(&tokens, text, false))?;
        Some(Traced { tokens, of_piece })
    }

    /// Gives each piece its token: the earliest that fits, between those of the metavariables around it.
    fn align(&self, tokens: &[Token], text: &str, with_depth: bool) -> Option<Vec<Option<usize>>> {
        let place = |piece: usize| tokens.iter().position(|token| token.kind == Kind::Hole(piece));
        let places: Vec<Option<usize>> =
            (0..self.pieces.len()).map(|n| self.pieces[n].var.as_ref().and_then(|_| place(n))).collect();
        let (mut out, mut from) = (Vec::with_capacity(self.pieces.len()), 0);
        for (n, piece) in self.pieces.iter().enumerate() {
            if let Some(var) = &piece.var {
                match places[n] {
                    Some(at) if at >= from => {
                        out.push(Some(at));
                        from = at + 1;
                    }
                    Some(_) => return None,
                    None if var.is_multiple => out.push(None),
                    None => return None,
                }
                continue;
            }
            let limit = places[n..].iter().flatten().next().copied().unwrap_or(tokens.len());
            let fits = |token: &Token| {
                token.kind == Kind::Code
                    && text[token.range.clone()] == piece.text
                    && (!with_depth || token.depth == piece.depth || token.depth == usize::MAX)
            };
            match tokens.get(from..limit)?.iter().position(fits) {
                Some(at) => {
                    out.push(Some(from + at));
                    from += at + 1;
                }
                // A separator beside an empty `$$$`, or what a lax comparison does not ask for.
                None if matches!(piece.text.as_str(), "," | ";") || self.is_lax() => out.push(None),
                None => return None,
            }
        }
        Some(out)
    }

    fn is_lax(&self) -> bool {
        !matches!(self.pattern.strictness, MatchStrictness::Cst | MatchStrictness::Smart)
    }
}

/// The range of several nodes, without comments and commas at either end: those belong to the place, not to what was
/// captured.
pub fn covered(nodes: &[ast_grep_core::Node<'_, Doc>]) -> Option<Range<usize>> {
    let mut code = nodes.iter().filter(|node| !node.is_extra() && node.kind() != ",");
    let first = code.next()?;
    Some(first.range().start..code.next_back().unwrap_or(first).range().end)
}

/// The node of a pattern that is matched: the innermost that is alone, as ast-grep has it.
fn pattern_root<'t>(root: Node<'t>, selector: Option<&str>) -> Option<Node<'t>> {
    let mut node = root;
    if let Some(kind) = selector {
        let mut cursor = root.walk();
        loop {
            if cursor.node().kind() == kind {
                return Some(cursor.node());
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return None;
                }
            }
        }
    }
    loop {
        let is_single = match node.child_count() {
            1 => true,
            2 => node.child(1).is_some_and(|child| child.is_missing() || child.kind().is_empty()),
            _ => false,
        };
        match node.child(0).filter(|_| is_single) {
            Some(child) => node = child,
            None => return Some(node),
        }
    }
}

/// A trace that is made when it is first needed.
#[derive(Default)]
pub struct Lazy {
    made: std::sync::OnceLock<Option<Arc<Trace>>>,
}

impl Lazy {
    /// The trace, or `None` where it cannot be made.
    pub fn get(&self, make: impl FnOnce() -> Result<Trace>) -> Option<Arc<Trace>> {
        self.made.get_or_init(|| make().ok().map(Arc::new)).clone()
    }
}
