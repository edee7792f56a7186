//! Turns the steps of a merge into text, with indentation, and with the matches that lie inside the match.

use std::ops::Range;

use tree_sitter::Node;

use super::layout::{Layout, fixed_ranges, indent_at, leading, shift, step_of};
use super::merge::Step;
use super::shape::Piece;

/// A byte range and what stands there afterwards.
pub type Edit = (Range<usize>, String);

/// What the metavariables of a replacement stand for at one place.
pub enum Value {
    /// A piece of the file.
    Source(Range<usize>),
    /// A text of its own.
    Text(String),
}

/// What rendering needs to know.
pub struct Render<'a> {
    /// The whole file.
    pub text: &'a str,
    /// Its tree.
    pub root: Node<'a>,
    /// How the file is laid out.
    pub layout: &'a Layout,
    /// The edits that were made inside of the match already, in order.
    pub inner: &'a [Edit],
}

/// Edits being written down from left to right.
struct Writer<'a> {
    render: &'a Render<'a>,
    edits: Vec<Edit>,
    /// Up to here everything is settled.
    at: usize,
    /// What stands instead of `at..until`.
    pending: String,
    until: usize,
    /// The indentation of the line that is being written.
    indent: String,
}

impl Render<'_> {
    /// The edits of the match in `range`, in order, none touching the next.
    pub fn edits(
        &self,
        range: &Range<usize>,
        steps: &[Step],
        pieces: &[Piece],
        values: &[Option<Value>],
        end: &str,
    ) -> Vec<Edit> {
        let base = indent_at(self.text, range.start).to_owned();
        let mut writer = Writer {
            render: self,
            edits: Vec::new(),
            at: range.start,
            pending: String::new(),
            until: range.start,
            indent: base.clone(),
        };
        let template: String = pieces.iter().map(|p| format!("{}{}", p.gap, p.text)).chain([end.to_owned()]).collect();
        let unit = step_of(&template);
        for step in steps {
            match step {
                Step::Keep(kept) => writer.keep(kept),
                Step::Gap(item) => {
                    let gap = pieces.get(*item).map_or(end, |piece| piece.gap.as_str());
                    writer.put(&self.white(gap, &base, unit));
                }
                Step::Comment(comment) => writer.put(&format!(" {}", &self.text[comment.clone()])),
                Step::Put(item) => match &values[*item] {
                    None => writer.put(&pieces[*item].text),
                    Some(Value::Text(text)) => {
                        let indent = writer.indent.clone();
                        writer.put(&shift(text, &[], "", &indent));
                    }
                    Some(Value::Source(range)) => {
                        let text = self.moved(range, &writer.indent);
                        writer.put(&text);
                    }
                },
            }
        }
        writer.until = range.end;
        writer.flush(range.end);
        writer.edits
    }

    /// White space of the template as it is in this file at this depth.
    fn white(&self, gap: &str, base: &str, unit: &str) -> String {
        let Some((before, after)) = gap.rsplit_once('\n') else { return gap.to_owned() };
        let breaks = before.matches('\n').count() + 1;
        // What stands before the last line break is empty lines, or a backslash that continues the line.
        let continued = if before.contains('\\') { " \\" } else { "" };
        format!("{continued}{}{base}{}", self.layout.newline.repeat(breaks), self.layout.convert(leading(after), unit))
    }

    /// A piece of the file, with the edits inside of it, as it is on a line of another indentation.
    fn moved(&self, range: &Range<usize>, indent: &str) -> String {
        let mut text = self.text[range.clone()].to_owned();
        let mut fixed = if text.contains('\n') { fixed_ranges(self.root, range) } else { Vec::new() };
        let inner = self.inner.iter().filter(|(at, _)| range.start <= at.start && at.end <= range.end);
        for (at, new) in inner.rev() {
            let at = at.start - range.start..at.end - range.start;
            text.replace_range(at.clone(), new);
            fixed.retain(|f| f.end <= at.start || at.end <= f.start || f.start <= at.start && at.end <= f.end);
            let moved = |n: usize| if n >= at.end { n - at.len() + new.len() } else { n };
            fixed.iter_mut().for_each(|f| *f = moved(f.start)..moved(f.end));
        }
        shift(&text, &fixed, indent_at(self.text, range.start), indent)
    }
}

impl Writer<'_> {
    /// Leaves a piece of the file where it is, or moves its lines in or out where the line they hang on moved.
    fn keep(&mut self, range: &Range<usize>) {
        let text = &self.render.text[range.clone()];
        let old = indent_at(self.render.text, range.start);
        // What begins with a line break says itself how far in it stands.
        let is_placed = text.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        if old != self.indent && text.contains('\n') && !is_placed {
            let moved = self.render.moved(range, &self.indent);
            self.put(&moved);
            self.until = range.end;
            return;
        }
        self.flush(range.start);
        let inner = self.render.inner.iter().filter(|(at, _)| range.start <= at.start && at.end <= range.end);
        for (at, new) in inner.cloned().collect::<Vec<_>>() {
            self.push(at, new);
        }
        self.at = range.end;
        self.until = range.end;
        if text.contains('\n') {
            self.indent = indent_at(self.render.text, range.end).to_owned();
        }
    }

    fn put(&mut self, text: &str) {
        self.pending.push_str(text);
        if let Some((_, last)) = text.rsplit_once('\n') {
            self.indent = leading(last).to_owned();
        }
    }

    /// Writes down what stands instead of everything since the last kept piece.
    fn flush(&mut self, upto: usize) {
        let new = std::mem::take(&mut self.pending);
        if self.at < upto || !new.is_empty() {
            self.push(self.at..upto, new);
        }
        self.at = upto;
    }

    /// Adds an edit without what it does not change, joined to the one before if they touch.
    fn push(&mut self, range: Range<usize>, new: String) {
        match self.edits.last_mut() {
            Some((before, text)) if before.end == range.start => {
                before.end = range.end;
                text.push_str(&new);
            }
            _ => self.edits.push((range, new)),
        }
        let Some((range, new)) = self.edits.last() else { return };
        if self.render.text[range.clone()] == *new {
            self.edits.pop();
        }
    }
}
