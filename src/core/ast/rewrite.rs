//! Rewrites every match of a file: those inside of others, too, and none that would break the file's syntax.

use std::ops::Range;

use ast_grep_core::tree_sitter::LanguageExt;
use tree_sitter::{InputEdit, Parser, Point, Tree};

use super::prefilter::{is_name, is_word_byte};
use super::{Edit, Found, Source, Template};
use crate::core::text::{LineIndex, Span};
use crate::core::{Error, Kind, Result};

/// A place that matches and was left alone.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Refused {
    /// The file.
    pub path: String,
    /// The match.
    pub span: Span,
    /// Why it was left alone.
    pub reason: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What became of the matches of a file.
#[derive(Debug, Default)]
pub struct Rewritten {
    /// The edits, in order, none touching the next.
    pub edits: Vec<Edit>,
    /// How many matches they rewrite.
    pub places: usize,
    /// The matches that were left alone.
    pub refused: Vec<Refused>,
}

/// A match that lies in no other, with what becomes of it and of those inside it.
struct Place {
    range: Range<usize>,
    edits: Vec<Edit>,
    places: usize,
}

/// Rewrites matches of a source, given in document order. Fails where the template does not go with the pattern.
pub fn rewrite(source: &Source, matches: &[Found], template: &Template) -> Result<Rewritten> {
    let mut work = Work { template, refused: Vec::new(), is_flat: false };
    let mut places = Vec::new();
    let mut rest = matches;
    while let Some((place, left)) = work.place(rest)? {
        places.push((place, &rest[..rest.len() - left.len()]));
        rest = left;
    }
    let places = work.keep_syntax(source, places)?;
    let refused = work.refused;
    let places_count = places.iter().map(|place| place.places).sum();
    Ok(Rewritten { edits: places.into_iter().flat_map(|place| place.edits).collect(), places: places_count, refused })
}

struct Work<'a> {
    template: &'a Template,
    refused: Vec<Refused>,
    is_flat: bool,
}

impl Work<'_> {
    /// The first match of a list in document order, with those inside it, and the rest of the list.
    fn place<'m>(&mut self, matches: &'m [Found]) -> Result<Option<(Place, &'m [Found])>> {
        let Some((first, rest)) = matches.split_first() else { return Ok(None) };
        let range = first.range();
        let inside = rest.iter().take_while(|found| found.range().start < range.end).count();
        let (mut inner, rest) = rest.split_at(inside);
        let (mut edits, mut counts) = (Vec::new(), Vec::new());
        while let Some((place, left)) = self.place(inner)? {
            counts.push((place.range, place.places));
            edits.extend(place.edits);
            inner = left;
        }
        let around = self.template.edits_around(first, &edits, self.is_flat);
        let place = match around.and_then(|around| bounded(first, around)) {
            Ok(around) => {
                // Those in what the template drops, or across what it changes, are no places.
                let is_done = |of: &Range<usize>| !edits.is_empty() && is_carried(&around, &edits, of);
                let places = counts.iter().filter(|(of, _)| is_done(of)).map(|(_, count)| count).sum::<usize>() + 1;
                Place { range, edits: around, places }
            }
            Err(error) if error.kind() == Kind::Conflict => {
                self.refused.push(refusal(first, &error));
                Place { range, edits, places: counts.iter().map(|(_, count)| count).sum() }
            }
            Err(error) => return Err(error),
        };
        Ok(Some((place, rest)))
    }

    /// Takes out the places that break the syntax of a file that was in order. Each comes with its matches.
    fn keep_syntax(&mut self, source: &Source, places: Vec<(Place, &[Found])>) -> Result<Vec<Place>> {
        let mut places: Vec<(Place, &[Found])> =
            places.into_iter().filter(|(place, _)| !place.edits.is_empty()).collect();
        let is_right = |places: &[(Place, &[Found])]| {
            is_parsed(source, &places.iter().flat_map(|(place, _)| &place.edits).collect::<Vec<_>>())
        };
        if !is_right(&places) {
            let mut good = Vec::with_capacity(places.len());
            // One by one, as long as that does not take too long.
            let each = if places.len() <= MAX_SINGLE { std::mem::take(&mut places) } else { Vec::new() };
            for one in each {
                if is_right(std::slice::from_ref(&one)) {
                    good.push(one);
                    continue;
                }
                // Perhaps a line break that the author made now ends a statement.
                self.is_flat = true;
                let again = self.place(one.1)?.map(|(place, _)| [(place, one.1)]);
                self.is_flat = false;
                match again.filter(|flat| is_right(flat)) {
                    Some(flat) => good.extend(flat),
                    None => self.refused.push(broken(source, &one.0)),
                }
            }
            if !is_right(&good) {
                good.drain(..).for_each(|(place, _)| self.refused.push(broken(source, &place)));
            }
            places.drain(..).for_each(|(place, _)| self.refused.push(broken(source, &place)));
            places = good;
        }
        Ok(places.into_iter().map(|(place, _)| place).collect())
    }
}

/// How many places of a file that broke are tried one by one.
pub(super) const MAX_SINGLE: usize = 500;

fn broken(source: &Source, place: &Place) -> Refused {
    Refused {
        path: source.path.clone(),
        span: source.span(&place.range),
        reason: "the result would not be proper code".to_owned(),
        hint: Some("make the pattern or the replacement more exact, or change this place by hand".to_owned()),
    }
}

/// Fails where a replacement that says a metavariable twice, with matches inside matches, grows beyond all measure.
fn bounded(found: &Found, edits: Vec<Edit>) -> Result<Vec<Edit>> {
    let most = found.source().text().len() * 8 + (64 << 10);
    match edits.iter().map(|(_, text)| text.len()).sum::<usize>() > most {
        true => Err(Error::new(Kind::Conflict, "the result would be many times as large as the file")
            .hint("the replacement names a metavariable twice, and matches lie inside of matches: rewrite the inner ones first")),
        false => Ok(edits),
    }
}

/// Tells whether the edits inside a match are still there, or in a text that was moved.
fn is_carried(around: &[Edit], inner: &[Edit], of: &Range<usize>) -> bool {
    let is_in = |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    inner.iter().filter(|(range, _)| is_in(of, range)).all(|(range, text)| {
        around.iter().any(|(outer, new)| is_in(outer, range) && (text.is_empty() || new.contains(text.as_str())))
    })
}

fn refusal(found: &Found, error: &Error) -> Refused {
    Refused {
        path: found.source().path.clone(),
        span: found.span(),
        reason: error.detail().message.clone(),
        hint: error.detail().hint.clone(),
    }
}

/// Tells whether a source with edits is as right as it was: no syntax error that was not there. Only what changed
/// is parsed again.
pub(super) fn is_parsed(source: &Source, edits: &[&Edit]) -> bool {
    if edits.iter().all(|edit| is_word_for_word(source, edit)) {
        return true;
    }
    let source = source.whole().map_or(source, |whole| whole);
    let (text, lines) = (source.text(), source.lines());
    let mut tree: Tree = source.tree().clone();
    let mut new = text.to_owned();
    // From the last to the first, so that the places of those before stay right.
    for (range, with) in edits.iter().rev() {
        new.replace_range(range.clone(), with);
        let start = point(lines, range.start);
        let breaks = with.matches('\n').count();
        let end = match with.rfind('\n') {
            Some(at) => Point { row: start.row + breaks, column: with.len() - at - 1 },
            None => Point { row: start.row, column: start.column + with.len() },
        };
        tree.edit(&InputEdit {
            start_byte: range.start,
            old_end_byte: range.end,
            new_end_byte: range.start + with.len(),
            start_position: start,
            old_end_position: point(lines, range.end),
            new_end_position: end,
        });
    }
    let mut parser = Parser::new();
    let fits = parser.set_language(&source.lang().get_ts_language()).is_ok();
    // What the parser makes of code that it does not understand depends on where it begins.
    let old = (!source.tree().root_node().has_error()).then_some(&tree);
    let Some(parsed) = fits.then(|| parser.parse(&new, old)).flatten() else { return false };
    let moved = |at: usize| {
        let before = edits.iter().take_while(|(range, _)| range.end <= at);
        before.fold(at, |at, (range, with)| at + with.len() - range.len())
    };
    let known: Vec<Range<usize>> =
        errors(source.tree()).into_iter().map(|range| moved(range.start)..moved(range.end)).collect();
    errors(&parsed) == known
}

/// Tells whether an edit puts a name where another name stands, which no syntax minds.
fn is_word_for_word(source: &Source, (range, with): &Edit) -> bool {
    let (text, lang) = (source.text(), source.lang());
    let byte = |at: usize| text.as_bytes().get(at).copied();
    // What looks like a name may be the prefix of a string or the flags of a regular expression.
    let is_free =
        |at: Option<u8>| at.is_none_or(|byte| byte.is_ascii() && !is_word_byte(byte) && !b"\"'`/<\\".contains(&byte));
    is_name(&text[range.clone()], lang)
        && is_name(with, lang)
        && is_free(range.start.checked_sub(1).and_then(byte))
        && is_free(byte(range.end))
}

/// The places where the parser lost its way, in order, also those inside of others: there it may read a place anew.
fn errors(tree: &Tree) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            out.push(node.byte_range());
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
        }
    }
}

fn point(lines: &LineIndex, offset: usize) -> Point {
    let position = lines.position(offset);
    Point { row: position.line - 1, column: position.column - 1 }
}

#[cfg(test)]
#[path = "rewrite_tests.rs"]
mod tests;
