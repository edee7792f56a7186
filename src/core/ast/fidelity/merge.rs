//! From a match, its pattern and a replacement to the smallest change: what the replacement has in common
//! with the pattern stays in the file as the author wrote it, and with it what the pattern does not speak of.
//!
//! It is a three-way merge of tokens: the pattern is the base, the replacement one side, the file the other.

use std::ops::Range;

use super::sequence::{Base, Item, Key, common, is_turned};
use super::token::{Kind, Token};

/// One step of the result, in order.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The bytes of the file, as they are.
    Keep(Range<usize>),
    /// The token of the replacement with a number.
    Put(usize),
    /// The white space before the token of the replacement with a number (the number past the last: what ends it).
    Gap(usize),
    /// A comment of the file that stood in the middle of what is replaced.
    Comment(Range<usize>),
}

/// Why a place cannot be rewritten: what would be lost.
#[derive(Debug, PartialEq, Eq)]
pub enum Lost {
    /// Code that the pattern does not name, beside what is replaced.
    Code(Range<usize>),
    /// A comment between tokens that are replaced.
    Comment(Range<usize>),
}

/// A match to be merged.
pub struct Merge<'a> {
    /// The whole file.
    pub text: &'a str,
    /// What is replaced.
    pub range: Range<usize>,
    /// The tokens of the whole node that was found, which may end with code that the pattern does not name.
    pub tokens: &'a [Token],
    /// The base.
    pub base: &'a [Base<'a>],
    /// The replacement.
    pub items: &'a [Item<'a>],
    /// Whether the base is the match itself, so that its white space is the author's.
    pub is_own_base: bool,
    /// Whether the white space around what is new is the replacement's, whatever the author's was.
    pub is_flat: bool,
}

/// Something that stays: a token of the base, of the file and of the replacement.
#[derive(Clone, Copy)]
struct Kept {
    base: usize,
    token: usize,
    item: usize,
}

impl Merge<'_> {
    /// The steps to the result.
    pub fn steps(&self) -> Result<Vec<Step>, Lost> {
        if self.items.is_empty() {
            let beyond = self.tokens.iter().find(|token| token.range.start >= self.range.end && !token.is_comment());
            return match beyond.filter(|token| !is_separator(&self.text[token.range.clone()])) {
                Some(token) => Err(Lost::Code(token.range.clone())),
                None => Ok(Vec::new()),
            };
        }
        let pairs = common(self.base, self.items);
        // What is common but absent from the file (a separator beside nothing) stays absent.
        let absent: Vec<usize> =
            pairs.iter().filter(|(b, _)| self.base[*b].token.is_none()).map(|(_, item)| *item).collect();
        let kept: Vec<Kept> = pairs
            .iter()
            .filter_map(|(base, item)| Some(Kept { base: *base, token: self.base[*base].token?, item: *item }))
            .collect();
        let mut is_named = vec![false; self.tokens.len()];
        self.base.iter().filter_map(|b| b.token).for_each(|token| is_named[token] = true);
        // Of two things that change places a comment may be about either.
        let is_between =
            |n: &usize| self.tokens[*n].is_comment() && !is_named[*n] && self.tokens[*n].range.end <= self.range.end;
        if let Some(comment) = (0..self.tokens.len()).find(is_between).filter(|_| is_turned(self.base, self.items)) {
            return Err(Lost::Comment(self.tokens[comment].range.clone()));
        }
        let mut steps = Vec::new();
        let ends = std::iter::once(None).chain(kept.iter().map(Some));
        for (left, right) in ends.zip(kept.iter().map(Some).chain([None])) {
            let window = Window { left, right, is_named: &is_named, absent: &absent };
            self.window(&window, &mut steps)?;
            if let Some(right) = right {
                steps.push(Step::Keep(self.tokens[right.token].range.clone()));
            }
        }
        Ok(joined(steps))
    }

    /// What becomes of everything between two tokens that stay.
    fn window(&self, window: &Window<'_>, steps: &mut Vec<Step>) -> Result<(), Lost> {
        let (left, right) = (window.left, window.right);
        let from = left.map_or(0, |kept| kept.token + 1);
        let to = right.map_or(self.tokens.len(), |kept| kept.token);
        let start = left.map_or(self.range.start, |kept| self.tokens[kept.token].range.end);
        // The node may go on behind what is matched, with a comment or a semicolon.
        let last = self.tokens.last().map_or(start, |token| token.range.end);
        let end = right.map_or(self.range.end.max(last), |kept| self.tokens[kept.token].range.start);
        let new: Vec<usize> = (left.map_or(0, |k| k.item + 1)..right.map_or(self.items.len(), |k| k.item))
            .filter(|item| !window.absent.contains(item))
            .collect();
        let gone: Vec<usize> = (from..to).filter(|n| window.is_named[*n]).collect();
        let extra: Vec<usize> = (from..to).filter(|n| !window.is_named[*n]).collect();
        if new.is_empty() && gone.is_empty() {
            let between = left.zip(right).filter(|(l, r)| r.item == l.item + 1 && self.is_next(l.base, r.base));
            let is_kept = match between {
                Some((_, right)) if extra.is_empty() => {
                    self.is_authors(&(start..end), self.base[right.base].gap, self.items[right.item].gap)
                }
                _ => true,
            };
            steps.push(match right {
                Some(right) if !is_kept => Step::Gap(right.item),
                _ => Step::Keep(start..end),
            });
            return Ok(());
        }
        let is_code = |n: &usize| !self.tokens[*n].is_comment() && !is_separator(self.token_text(*n));
        if let Some(lost) = extra.iter().find(|n| is_code(n)) {
            return Err(Lost::Code(self.tokens[*lost].range.clone()));
        }
        match (gone.first(), gone.last()) {
            (Some(first), Some(last)) => {
                let head = start..self.tokens[*first].range.start;
                let tail = self.tokens[*last].range.end..end;
                let of = |range: &Range<usize>| -> Vec<usize> {
                    let is_in = |n: &&usize| {
                        range.start <= self.tokens[**n].range.start && self.tokens[**n].range.end <= range.end
                    };
                    extra.iter().filter(is_in).copied().collect()
                };
                let (in_head, in_tail) = (of(&head), of(&tail));
                let middle = extra.iter().filter(|n| !in_head.contains(n) && !in_tail.contains(n));
                let mut comments = Vec::new();
                for n in middle.filter(|n| self.tokens[**n].is_comment()) {
                    match self.tokens[*n].kind {
                        // Where something comes in its place, it is said of that.
                        Kind::BlockComment if !new.is_empty() => {
                            comments.push(Step::Comment(self.tokens[*n].range.clone()))
                        }
                        _ => return Err(Lost::Comment(self.tokens[*n].range.clone())),
                    }
                }
                let edges = Edges { head, tail, in_head, in_tail, first: *first, last: *last };
                self.replaced(window, &edges, &new, comments, steps);
            }
            _ => self.inserted(window, start..end, &extra, &new, steps),
        }
        Ok(())
    }

    /// Nothing goes, something comes.
    fn inserted(&self, window: &Window<'_>, gap: Range<usize>, extra: &[usize], new: &[usize], steps: &mut Vec<Step>) {
        let puts = |steps: &mut Vec<Step>| self.put(new, steps);
        match (window.left, window.right) {
            (None, Some(right)) => {
                puts(steps);
                steps.push(Step::Gap(right.item));
                steps.push(Step::Keep(gap));
            }
            (Some(_), Some(right)) if extra.is_empty() => {
                let old = self.base[right.base].gap;
                if self.is_authors(&gap, old, self.items[right.item].gap) && self.may_follow(&gap, new, None) {
                    steps.push(Step::Gap(new[0]));
                    puts(steps);
                    steps.push(Step::Keep(gap));
                } else if self.is_authors(&gap, old, self.items[new[0]].gap) && self.may_begin(&gap, new, None) {
                    steps.push(Step::Keep(gap));
                    puts(steps);
                    steps.push(Step::Gap(right.item));
                } else {
                    steps.push(Step::Gap(new[0]));
                    puts(steps);
                    steps.push(Step::Gap(right.item));
                }
            }
            (left, _) => {
                if left.is_some() {
                    steps.push(Step::Gap(new[0]));
                }
                puts(steps);
                steps.push(Step::Keep(gap));
            }
        }
    }

    /// Something goes, and something may come.
    fn replaced(&self, window: &Window<'_>, edges: &Edges, new: &[usize], comments: Vec<Step>, steps: &mut Vec<Step>) {
        let (head, tail) = (edges.head.clone(), edges.tail.clone());
        let start_of = |n: usize| self.tokens[n].range.start;
        let end_of = |n: usize| self.tokens[n].range.end;
        let (Some(first_new), Some(last_new)) = (new.first().copied(), new.last().copied()) else {
            // A separator left over between brackets belongs to what goes.
            let opens = window.left.is_some_and(|left| matches!(self.token_text(left.token), "(" | "[" | "{"));
            let in_tail: Vec<usize> =
                edges.in_tail.iter().filter(|n| !opens || self.tokens[**n].is_comment()).copied().collect();
            match (window.left, window.right) {
                (Some(left), Some(right)) => match (edges.in_head.last(), in_tail.first()) {
                    (Some(last), Some(_)) => steps.extend([Step::Keep(head.start..end_of(*last)), Step::Keep(tail)]),
                    (Some(_), None) => steps.push(Step::Keep(head)),
                    (None, Some(_)) => steps.push(Step::Keep(tail)),
                    (None, None) => {
                        let (before, after) = (self.gap_after(left.base), self.base[right.base].gap);
                        let new = self.items[right.item].gap;
                        // Of the two one goes: that which says less.
                        let is_plain = |gap: &Range<usize>, old: &str| self.text[gap.clone()] == *old;
                        let may_head = self.is_authors(&head, before, new);
                        let may_tail = edges.in_tail.is_empty() && self.is_authors(&tail, after, new);
                        steps.push(match () {
                            () if may_tail && (!is_plain(&tail, after) || !may_head) => Step::Keep(tail),
                            () if may_head => Step::Keep(head),
                            () => Step::Gap(right.item),
                        });
                    }
                },
                (None, Some(_)) => steps.extend(in_tail.first().map(|n| Step::Keep(start_of(*n)..tail.end))),
                (Some(_), None) => {
                    steps.extend(edges.in_head.last().map(|n| Step::Keep(head.start..end_of(*n))));
                    steps.extend(in_tail.last().map(|n| Step::Keep(tail.start..end_of(*n))));
                }
                (None, None) => {}
            }
            return;
        };
        if let Some(left) = window.left {
            let same = self.is_authors(&head, self.gap_after(left.base), self.items[first_new].gap)
                && self.may_begin(&head, new, Some(edges.first));
            steps.push(match same || !edges.in_head.is_empty() {
                true => Step::Keep(head),
                false => Step::Gap(first_new),
            });
        }
        self.put(new, steps);
        steps.extend(comments);
        match window.right {
            Some(right) => {
                let same = self.is_authors(&tail, self.base[right.base].gap, self.items[right.item].gap)
                    && self.may_follow(&tail, &[last_new], Some(edges.last));
                steps.push(match same || !edges.in_tail.is_empty() {
                    true => Step::Keep(tail),
                    false => Step::Gap(right.item),
                });
            }
            None => steps.extend(edges.in_tail.last().map(|n| Step::Keep(tail.start..end_of(*n)))),
        }
    }

    fn put(&self, new: &[usize], steps: &mut Vec<Step>) {
        for (n, item) in new.iter().enumerate() {
            if n > 0 {
                steps.push(Step::Gap(*item));
            }
            steps.push(Step::Put(*item));
        }
    }

    /// A line break may stay behind a new token only if the token before it was of a kind with the new one:
    /// elsewhere it could end a statement (`return`, and names in JavaScript and Go).
    fn may_follow(&self, gap: &Range<usize>, new: &[usize], gone: Option<usize>) -> bool {
        if !self.text[gap.clone()].contains('\n') {
            return true;
        }
        let text = new.last().map_or("", |item| self.item_text(*item));
        if is_open(text) {
            return true;
        }
        !is_restricted(text) && gone.is_none_or(|n| !is_open(self.token_text(n)))
    }

    /// The same for a line break before a new token.
    fn may_begin(&self, gap: &Range<usize>, new: &[usize], gone: Option<usize>) -> bool {
        if !self.text[gap.clone()].contains('\n') {
            return true;
        }
        let is_word = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || "_$@#\"'".contains(c));
        let new = new.first().map_or("", |item| self.item_text(*item));
        is_word(new) || gone.is_some_and(|n| !is_word(self.token_text(n)))
    }

    fn token_text(&self, n: usize) -> &str {
        &self.text[self.tokens[n].range.clone()]
    }

    fn item_text(&self, n: usize) -> &str {
        match self.items[n].key {
            Key::Text(text) => text,
            // Whatever it is, it is not punctuation.
            Key::Var(..) => "_",
        }
    }

    fn gap_after(&self, base: usize) -> &str {
        self.base.get(base + 1).map_or("", |next| next.gap)
    }

    /// Whether white space stays as the author has it, at a place where the base and the replacement have `old` and `new`.
    fn is_authors(&self, gap: &Range<usize>, old: &str, new: &str) -> bool {
        let own = &self.text[gap.clone()];
        match self.is_own_base {
            // The author's layout, unless the replacement asks for a line of its own.
            true => own.contains('\n') || !new.contains('\n'),
            // What is laid out otherwise than in the pattern is so on purpose.
            false => old == new || own != old && !self.is_flat && !new.contains('\n'),
        }
    }

    /// Whether nothing but what is absent from the file lies between two tokens of the base.
    fn is_next(&self, left: usize, right: usize) -> bool {
        self.base[left + 1..right].iter().all(|base| base.token.is_none())
    }
}

/// Two neighbours among what stays, with what is known of the rest.
struct Window<'a> {
    left: Option<&'a Kept>,
    right: Option<&'a Kept>,
    is_named: &'a [bool],
    absent: &'a [usize],
}

/// The bytes before and after what goes, and the tokens there that the base does not name.
struct Edges {
    head: Range<usize>,
    tail: Range<usize>,
    in_head: Vec<usize>,
    in_tail: Vec<usize>,
    first: usize,
    last: usize,
}

fn is_separator(token: &str) -> bool {
    matches!(token, "," | ";")
}

/// Tells whether a line may break behind a token without ending anything.
fn is_open(token: &str) -> bool {
    token.ends_with(|c: char| "([{,;:=+-*/&|?<.".contains(c))
}

fn is_restricted(token: &str) -> bool {
    matches!(token, "return" | "throw" | "break" | "continue" | "yield" | "async" | "raise" | "del" | "await" | "not")
}

/// Neighbouring pieces of the file as one.
fn joined(steps: Vec<Step>) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps {
        match (out.last_mut(), &step) {
            (_, Step::Keep(range)) if range.is_empty() => {}
            (Some(Step::Keep(before)), Step::Keep(range)) if before.end == range.start => before.end = range.end,
            _ => out.push(step),
        }
    }
    out
}
