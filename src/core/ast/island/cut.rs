//! Which statements are needed, whatever the language: those in whose own text the anchor stands, outside of the
//! statements in them.

use std::ops::Range;

use super::Need;
use crate::core::ast::Prefilter;

/// A statement of a list, or a member of a class.
#[derive(Debug)]
pub struct Item {
    /// Its bytes.
    pub range: Range<usize>,
    /// Whether nothing in it is needed.
    pub is_idle: bool,
}

/// What was the case when a statement was entered.
pub struct Entered {
    all: usize,
    covered: usize,
    kept: usize,
    omitted: usize,
}

/// Going over the statements of a text.
pub struct Cut<'a> {
    text: &'a str,
    prefilter: &'a Prefilter,
    /// Where the anchor stands.
    places: Vec<usize>,
    /// How many places of the statement that is gone over lie in statements inside of it.
    covered: usize,
    /// How many statements are needed as a whole.
    kept: usize,
    omitted: Vec<Range<usize>>,
}

impl<'a> Cut<'a> {
    /// Begins, with the places of the anchor in order.
    pub fn new(text: &'a str, prefilter: &'a Prefilter, places: Vec<usize>) -> Cut<'a> {
        Cut { text, prefilter, places, covered: 0, kept: 0, omitted: Vec::new() }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How often the anchor stands in a range.
    pub fn count(&self, range: &Range<usize>) -> usize {
        let before = |end: usize| self.places.partition_point(|place| *place < end);
        before(range.end) - before(range.start)
    }

    /// Enters a statement; `None` where nothing in it is needed.
    pub fn enter(&mut self, range: &Range<usize>) -> Option<Entered> {
        let all = self.count(range);
        let covered = std::mem::take(&mut self.covered);
        let entered = Entered { all, covered, kept: self.kept, omitted: self.omitted.len() };
        if all == 0 {
            self.covered = covered;
            return None;
        }
        Some(entered)
    }

    /// Leaves a statement whose lists were gone over, and tells whether nothing in it is needed.
    pub fn leave(&mut self, entered: &Entered, range: &Range<usize>) -> bool {
        let is_own = entered.all > self.covered;
        self.covered = entered.covered + entered.all;
        if is_own {
            self.omitted.truncate(entered.omitted);
            let is_needed = self.prefilter.accepts(&self.text.as_bytes()[range.clone()]);
            self.kept = if is_needed { self.kept.max(entered.kept) + 1 } else { entered.kept };
            return !is_needed;
        }
        if self.kept == entered.kept {
            self.omitted.truncate(entered.omitted);
        }
        self.kept == entered.kept
    }

    /// Keeps a statement in which nothing is needed, with what belongs to it from a place on.
    pub fn keep(&mut self, item: &mut Item, from: usize) {
        item.is_idle = false;
        self.kept += usize::from(self.count(&(from..item.range.end)) > 0);
    }

    /// Takes out the places that are no code.
    pub fn forget(&mut self, is_none: impl Fn(usize) -> bool) {
        self.places.retain(|place| !is_none(*place));
    }

    /// Leaves out the statements of a list in which nothing is needed; what lies between two of them goes, too.
    pub fn omit(&mut self, items: &[Item]) {
        const LEAST: usize = 16;
        for run in items.chunk_by(|left, right| left.is_idle == right.is_idle).filter(|run| run[0].is_idle) {
            let range = run[0].range.start..run[run.len() - 1].range.end;
            if range.len() >= LEAST {
                self.omitted.push(range);
            }
        }
    }

    /// What must be parsed.
    pub fn finish(mut self) -> Need {
        if self.kept == 0 {
            return Need::Nothing;
        }
        self.omitted.sort_unstable_by_key(|range| range.start);
        if self.omitted.is_empty() { Need::Whole } else { Need::Without(self.omitted) }
    }
}
