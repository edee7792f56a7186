//! Rewriting without collateral: the edits of a match are the tokens in which the replacement differs from
//! the pattern. Strings, comments, the layout of what stays and what the pattern does not name are kept, or
//! the place is refused. Text in, edits out.

mod layout;
mod merge;
mod render;
mod sequence;
mod shape;
mod token;
mod trace;

pub use layout::{Layout, fixed_ranges, indent_at, leading, reindent, step_of};
pub use render::Edit;
pub use trace::{Lazy, Trace};

use std::ops::Range;

use merge::{Lost, Merge};
use render::{Render, Value};
use sequence::{Base, Item, Key, is_alike, is_turned};
use shape::{Piece, of_template};
use token::{Kind, tokens};
use trace::covered;

use super::{Found, Lang};
use crate::core::text::suggestion;
use crate::core::{Error, Kind as ErrorKind, Result};

/// A replacement text such as `log.debug($$$ARGS)`.
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
    lang: Lang,
    /// The white space it ends with.
    end: String,
}

impl Template {
    /// Compiles a replacement text.
    pub fn new(text: &str, lang: Lang) -> Result<Template> {
        let pieces = of_template(text, lang)?;
        let end = text[text.trim_end().len()..].to_owned();
        Ok(Template {
            text: text.to_owned(),
            pieces,
            lang,
            end: if text.trim().is_empty() { String::new() } else { end },
        })
    }

    /// The language it is for.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The edits of a match, in order, none touching the next.
    ///
    /// Fails with `usage` where the template names a metavariable that the match does not have, and with
    /// `conflict` where a comment, or code that the pattern does not name, would be lost.
    pub fn edits(&self, found: &Found) -> Result<Vec<Edit>> {
        self.edits_around(found, &[], false)
    }

    /// The same, with the edits of matches that lie inside this one. `is_flat` gives up the author's line breaks
    /// around what is new, for where they would end a statement.
    pub fn edits_around(&self, found: &Found, inner: &[Edit], is_flat: bool) -> Result<Vec<Edit>> {
        let (text, range) = (found.source().text(), found.range());
        let values = self.values(found)?;
        let node = found.node_match().get_node();
        if node.get_inner_node().has_error() {
            return Err(refused(found, range, "the parser does not understand a part of this place")
                .hint("look whether the code is right there; change it by hand"));
        }
        let source = found.source();
        let render = Render { text, root: source.root().root().get_inner_node(), layout: source.layout(), inner };
        let trace = found.trace();
        let traced = match &trace {
            Some(trace) => Some(trace.of(node, text).ok_or_else(|| {
                refused(found, range.clone(), "the pattern cannot be laid beside this place")
                    .hint("give each metavariable of the pattern a name of its own")
            })?),
            None => None,
        };
        let own = if traced.is_none() { self.own_tokens(found, &values) } else { Vec::new() };
        let tokens = traced.as_ref().map_or(own.as_slice(), |traced| &traced.tokens);
        let mut base: Vec<Base<'_>> = match (&trace, &traced) {
            (Some(trace), Some(traced)) => {
                let pieces = trace.pieces().iter().zip(&traced.of_piece);
                pieces
                    .map(|(piece, token)| Base {
                        key: Key::of(&piece.text, piece.var.as_ref()),
                        token: *token,
                        gap: &piece.gap,
                        captured: token.map_or("", |token| &text[tokens[token].range.clone()]),
                        is_slot: false,
                    })
                    .collect()
            }
            _ => self.own_base(text, tokens, range.start),
        };
        let has_breaks = tokens.windows(2).any(|two| text[two[0].range.end..two[1].range.start].contains('\n'));
        let empty = self.empty(&values);
        let kept = |n: &usize| !empty.contains(n);
        let numbers: Vec<usize> = (0..self.pieces.len()).filter(kept).collect();
        let gap_of = |n: usize| match empty.contains(&n.wrapping_sub(1)) && empty.contains(&n.wrapping_sub(2)) {
            // `$$$A, b` without `$$$A` and its comma: b stands where they stood.
            true => self.pieces[n - 2].gap.clone(),
            false => self.pieces[n].gap.clone(),
        };
        let pieces: Vec<Piece> = numbers.iter().map(|n| Piece { gap: gap_of(*n), ..self.pieces[*n].clone() }).collect();
        let items: Vec<Item<'_>> =
            pieces.iter().map(|p| Item { key: Key::of(&p.text, p.var.as_ref()), gap: &p.gap }).collect();
        if has_breaks && is_turned(&base, &items) && is_alike(&base, &items) {
            base.iter_mut().for_each(|base| base.is_slot = matches!(base.key, Key::Var(..)));
        }
        let mut values: Vec<Option<Value>> = values;
        let values: Vec<Option<Value>> = numbers.iter().map(|n| values[*n].take()).collect();
        let (range_of, is_own_base) = (range.clone(), traced.is_none());
        let merge = Merge { text, range: range_of, tokens, base: &base, items: &items, is_own_base, is_flat };
        let steps = merge.steps().map_err(|lost| match lost {
            Lost::Code(range) => {
                let what = shorten(&text[range.clone()]);
                refused(found, range, &format!("'{what}' is not part of the pattern and its place would be lost"))
                    .hint("name it in the pattern, such as with $$$REST, and say in the replacement where it goes")
            }
            Lost::Comment(range) => refused(found, range, "a comment stands in the middle of what is replaced")
                .hint("move the comment first, or change this place by hand"),
        })?;
        let edits = render.edits(&range, &steps, &pieces, &values, &self.end);
        Ok(edits.into_iter().map(|edit| apart(text, edit)).collect())
    }

    /// What each piece stands for. A metavariable without a value is an error.
    fn values(&self, found: &Found) -> Result<Vec<Option<Value>>> {
        let env = found.node_match().get_env();
        let mut values = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let Some(var) = &piece.var else {
                values.push(None);
                continue;
            };
            values.push(Some(if let Some(bytes) = env.get_transformed(&var.name) {
                Value::Text(String::from_utf8_lossy(bytes).into_owned())
            } else if let Some(node) = env.get_match(&var.name) {
                Value::Source(node.range())
            } else if let Some(range) = covered(&env.get_multiple_matches(&var.name)) {
                Value::Source(range)
            } else if found.has_capture(&var.name) {
                Value::Text(String::new())
            } else {
                let captures = found.captures();
                return Err(Error::usage(format!(
                    "the replacement '{}' names ${}, which the pattern does not capture",
                    self.text, var.name
                ))
                .maybe_hint(suggestion(&var.name, captures.iter().map(|(name, _)| name.as_str()))));
            }));
        }
        Ok(values)
    }

    /// Pieces that come to nothing: a `$$$` that captured nothing, with one comma beside it.
    fn empty(&self, values: &[Option<Value>]) -> Vec<usize> {
        let mut out = Vec::new();
        for (n, value) in values.iter().enumerate() {
            let is_multiple = self.pieces[n].var.as_ref().is_some_and(|var| var.is_multiple);
            if is_multiple && matches!(value, Some(Value::Text(text)) if text.is_empty()) {
                out.push(n);
                let is_comma = |n: &usize| self.pieces.get(*n).is_some_and(|p| p.text == ",") && !out.contains(n);
                let beside = [n.checked_sub(1), Some(n + 1)].into_iter().flatten().find(is_comma);
                out.extend(beside);
            }
        }
        out
    }

    /// The tokens of a match that no pattern describes, with the captures that the template names as one each.
    fn own_tokens(&self, found: &Found, values: &[Option<Value>]) -> Vec<token::Token> {
        let mut holes: Vec<(Range<usize>, usize)> = Vec::new();
        for (n, value) in values.iter().enumerate() {
            if let Some(Value::Source(range)) = value
                && found.range().start <= range.start
                && range.end <= found.range().end
                && *range != found.range()
                && !holes.iter().any(|(hole, _)| hole.start < range.end && range.start < hole.end)
            {
                holes.push((range.clone(), n));
            }
        }
        tokens(found.node_match().get_node().get_inner_node(), found.source().text(), &found.range(), &holes)
    }

    fn own_base<'a>(&'a self, text: &'a str, tokens: &[token::Token], start: usize) -> Vec<Base<'a>> {
        let mut at = start;
        let mut base = Vec::with_capacity(tokens.len());
        for (n, token) in tokens.iter().enumerate() {
            let gap = &text[at..token.range.start.max(at)];
            at = token.range.end;
            let key = match token.kind {
                Kind::Hole(piece) => Key::of("", self.pieces[piece].var.as_ref()),
                Kind::Code => Key::Text(&text[token.range.clone()]),
                Kind::LineComment | Kind::BlockComment => continue,
            };
            base.push(Base { key, token: Some(n), gap, captured: &text[token.range.clone()], is_slot: false });
        }
        base
    }
}

/// An edit with a blank where its text and what stands beside it would be read as one token: `return` and a name in
/// code that needed no blank before a string or a bracket.
fn apart(text: &str, (range, mut new): Edit) -> Edit {
    const JOINED: &str = " ++ -- && || ** // /* << >> <= >= == != => -> ?? ?. <- := += -= *= /= %= &= |= ^= &^ ";
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#' | '@');
    let is_one = |left: Option<char>, right: Option<char>| match (left, right) {
        (Some(left), Some(right)) => is_word(left) && is_word(right) || JOINED.contains(&format!(" {left}{right} ")),
        _ => false,
    };
    let (before, after) = (text[..range.start].chars().next_back(), text[range.end..].chars().next());
    let old = &text[range.clone()];
    let was_one = is_one(before, old.chars().next().or(after)) || is_one(old.chars().next_back().or(before), after);
    if is_one(before, new.chars().next().or(after)) && !was_one {
        new.insert(0, ' ');
    }
    if is_one(new.chars().next_back(), after) && !was_one {
        new.push(' ');
    }
    (range, new)
}

fn refused(found: &Found, range: Range<usize>, why: &str) -> Error {
    let (path, span) = (&found.source().path, found.source().span(&range));
    let error = Error::new(ErrorKind::Conflict, why.to_owned()).span(span);
    if path.is_empty() { error } else { error.path(path) }
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(30).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
