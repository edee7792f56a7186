//! What a pattern and a replacement have in common, token by token.

use super::shape::Var;

/// A token of the base (the pattern; without one, the match itself).
#[derive(Debug)]
pub struct Base<'a> {
    /// What it is compared by.
    pub key: Key<'a>,
    /// The token of the file that it stands for.
    pub token: Option<usize>,
    /// The white space before it.
    pub gap: &'a str,
    /// The text that it stands for, where it is a metavariable.
    pub captured: &'a str,
    /// Whether it changes its place with another one between the author's line breaks, which stay where they are.
    pub is_slot: bool,
}

impl Base<'_> {
    /// How much it is worth to keep it where it is. A capture of many lines is laid out with what is around it, and
    /// of two captures that change places the longer one stays, on the way back as on the way there.
    fn weight(&self) -> u32 {
        let weight = self.key.weight() * 64;
        match self.key {
            Key::Var(..) if weight > 0 => {
                let lines = if self.captured.contains('\n') { 8192 } else { 0 };
                weight + lines + u32::try_from(self.captured.len().min(500) * 8).unwrap_or(0)
            }
            _ => weight,
        }
    }
}

/// A token of the replacement.
#[derive(Debug)]
pub struct Item<'a> {
    /// What it is compared by.
    pub key: Key<'a>,
    /// The white space before it.
    pub gap: &'a str,
}

/// What tokens are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// Text.
    Text(&'a str),
    /// A metavariable, and whether it stands for several nodes.
    Var(&'a str, bool),
}

impl<'a> Key<'a> {
    /// The key of a piece of a shape.
    pub fn of(text: &'a str, var: Option<&'a Var>) -> Key<'a> {
        match var {
            Some(var) => Key::Var(&var.name, var.is_multiple),
            None => Key::Text(text),
        }
    }

    /// How much it is worth to keep it where it is.
    fn weight(self) -> u32 {
        match self {
            // What has no name is not the same as another one without.
            Key::Var(name, _) if name.is_empty() || name.starts_with('_') => 0,
            Key::Var(_, true) => 8,
            Key::Var(_, false) => 5,
            Key::Text(text) if text.starts_with(|c: char| c.is_alphanumeric() || c == '_') => 3,
            Key::Text(_) => 2,
        }
    }

    /// How much it is worth to put the other in its place.
    fn likeness(self, other: Key<'_>) -> u32 {
        let is_word = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        match (self, other) {
            (Key::Text(text), Key::Text(theirs)) if is_word(text) && is_word(theirs) => 2,
            _ => 0,
        }
    }

    fn is_same(self, other: Key<'_>) -> bool {
        match (self, other) {
            (Key::Var(name, _), Key::Var(theirs, _)) => name == theirs,
            (Key::Text(text), Key::Text(theirs)) => text == theirs,
            _ => false,
        }
    }
}

/// Whether two metavariables stand the other way round in the replacement.
pub fn is_turned(base: &[Base<'_>], items: &[Item<'_>]) -> bool {
    let place = |key: Key<'_>| items.iter().position(|item| item.key == key);
    let vars = base.iter().filter(|base| matches!(base.key, Key::Var(..)));
    let places: Vec<usize> = vars.filter_map(|base| place(base.key)).collect();
    places.windows(2).any(|two| two[0] > two[1])
}

/// Whether both sides have metavariables and punctuation at the same places.
pub fn is_alike(base: &[Base<'_>], items: &[Item<'_>]) -> bool {
    let is_word = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    base.len() == items.len()
        && base.iter().zip(items).all(|(base, item)| match (base.key, item.key) {
            (Key::Var(..), Key::Var(..)) => true,
            (Key::Text(one), Key::Text(other)) => one == other || is_word(one) && is_word(other),
            _ => false,
        })
}

/// The heaviest common subsequence, as pairs of numbers.
pub fn common(base: &[Base<'_>], items: &[Item<'_>]) -> Vec<(usize, usize)> {
    let same = |b: usize, i: usize| base[b].key.is_same(items[i].key) && base[b].key.weight() > 0 && !base[b].is_slot;
    let front = (0..base.len().min(items.len())).take_while(|n| same(*n, *n)).count();
    let rest = base.len().min(items.len()) - front;
    let back = (0..rest).take_while(|n| same(base.len() - 1 - n, items.len() - 1 - n)).count();
    let (b, i) = (front..base.len() - back, front..items.len() - back);
    let mut out: Vec<(usize, usize)> = (0..front).map(|n| (n, n)).collect();
    let (rows, columns) = (b.len(), i.len());
    // Beyond this it is another text, and comparing it would take long.
    if rows * columns > 0 && rows * columns <= 4_000_000 {
        let mut best = vec![0_u32; (rows + 1) * (columns + 1)];
        let at = |r: usize, c: usize| r * (columns + 1) + c;
        let gain = |r: usize, c: usize| match same(b.start + r, i.start + c) {
            true => base[b.start + r].weight(),
            false if base[b.start + r].is_slot && matches!(items[i.start + c].key, Key::Var(..)) => 16 * 64,
            // One name in the place of another leaves what is around it in place.
            false => base[b.start + r].key.likeness(items[i.start + c].key) * 64,
        };
        for r in (0..rows).rev() {
            for c in (0..columns).rev() {
                let skip = best[at(r + 1, c)].max(best[at(r, c + 1)]);
                best[at(r, c)] = skip.max(best[at(r + 1, c + 1)] + gain(r, c));
            }
        }
        let (mut r, mut c) = (0, 0);
        while r < rows && c < columns {
            let value = best[at(r, c)];
            if value == best[at(r + 1, c + 1)] + gain(r, c) {
                if same(b.start + r, i.start + c) {
                    out.push((b.start + r, i.start + c));
                }
                (r, c) = (r + 1, c + 1);
            } else if best[at(r + 1, c)] >= best[at(r, c + 1)] {
                r += 1;
            } else {
                c += 1;
            }
        }
    }
    out.extend((0..back).rev().map(|n| (base.len() - 1 - n, items.len() - 1 - n)));
    out
}
