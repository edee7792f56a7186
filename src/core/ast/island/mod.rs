//! Tells which statements of a file could hold a match, so that only these islands need be parsed. What is left out
//! never changes what is found: a file whose statements cannot be told apart for sure is parsed as a whole.

mod cut;
mod go;
mod python;
mod script;

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Family, Lang, Prefilter};
use cut::Cut;

/// What of a text must be parsed.
#[derive(Debug, PartialEq, Eq)]
pub enum Need {
    /// All of it.
    Whole,
    /// All but these pieces, in order, none touching the next.
    Without(Vec<Range<usize>>),
    /// Nothing: it holds no match.
    Nothing,
}

/// Files whose name ends so, of a size below this, are parsed faster than they are read.
const SMALL: usize = 512;

/// Whether it pays to look for islands, learnt from the files seen so far.
#[derive(Debug, Default)]
pub struct Gain {
    seen: AtomicUsize,
    kept: AtomicUsize,
}

impl Gain {
    /// What of a text could hold a match of the pattern that a filter was made of.
    pub fn need(&self, text: &str, path: &str, lang: Lang, prefilter: &Prefilter) -> Need {
        let Some(anchor) = prefilter.anchor() else { return Need::Whole };
        if text.len() < SMALL || !self.is_likely(lang) {
            return Need::Whole;
        }
        let mut cut = Cut::new(text, prefilter, anchor.places(text.as_bytes()));
        let is_read = match lang.family() {
            Family::JavaScript => script::read(path, &mut cut),
            Family::Python => python::read(&mut cut),
            Family::Go => go::read(&mut cut),
        };
        let need = if is_read { cut.finish() } else { Need::Whole };
        let left = match &need {
            Need::Whole => text.len(),
            Need::Without(pieces) => text.len() - pieces.iter().map(ExactSizeIterator::len).sum::<usize>(),
            Need::Nothing => 0,
        };
        self.seen.fetch_add(text.len(), Ordering::Relaxed);
        self.kept.fetch_add(left, Ordering::Relaxed);
        need
    }

    /// Tells whether looking costs less than parsing what would be left out.
    fn is_likely(&self, lang: Lang) -> bool {
        const TRIAL: usize = 256 << 10;
        let (seen, kept) = (self.seen.load(Ordering::Relaxed), self.kept.load(Ordering::Relaxed));
        // Another parser goes over JavaScript, which costs more than going over lines.
        let most = if lang.family() == Family::JavaScript { 60 } else { 85 };
        seen < TRIAL || kept / 100 < seen / 100 * most / 100
    }
}

#[cfg(test)]
mod tests;
