//! Finds a sequence of tokens in bytes, without parsing them.

use std::fmt;

use memchr::memmem::Finder;

use super::lexis::{
    Lex, has_other_line_ends, is_comment_line, is_script, is_word_at, is_word_byte, keywords, line_has_comment, next,
    string_around,
};
use crate::core::ast::Lang;

/// A token that must be there.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its text.
    pub text: Vec<u8>,
    /// Whether it is a name or a keyword, which no letter can adjoin.
    pub is_word: bool,
}

impl Token {
    /// Whether looking for it tells much.
    fn is_telling(&self) -> bool {
        self.text.len() > 1 || self.text.iter().any(u8::is_ascii_alphanumeric)
    }

    fn is_at(&self, rest: &[u8]) -> bool {
        rest.starts_with(&self.text)
            && !(self.is_word && rest.get(self.text.len()).is_some_and(|byte| is_word_byte(*byte)))
    }

    /// How a bracket changes the depth.
    fn turn(&self) -> i32 {
        match self.text.as_slice() {
            b"(" | b"[" | b"{" => 1,
            b")" | b"]" | b"}" => -1,
            _ => 0,
        }
    }
}

/// What may lie before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// White space, comments and tokens without a name.
    Tight,
    /// Whole nodes inside one statement.
    Statement,
    /// Whole nodes.
    Any,
}

/// A token and what may lie before it.
#[derive(Debug, Clone)]
pub struct Step {
    /// The token.
    pub token: Token,
    /// What may lie before it.
    pub gap: Gap,
    /// Whether something must lie before it.
    pub is_filled: bool,
    /// How many brackets are open before it; in the code it may be more, for the matcher skips brackets.
    pub depth: i32,
    /// The fewest that are open on the way to it.
    pub floor: i32,
    /// Whether no list of statements, or of members of a class, lies around it in the pattern.
    pub is_own: bool,
}

/// Tokens that must follow each other.
#[derive(Debug, Clone)]
pub struct Sequence {
    lang: Lang,
    /// Punctuation directly before the first step.
    before: Vec<Token>,
    steps: Vec<Step>,
    /// Finds the first step.
    anchor: Finder<'static>,
    /// Finds the longest token: where it is missing, nothing else need be looked at.
    longest: Finder<'static>,
    /// Finds the longest name or keyword that stands in the pattern's own statement.
    own: Option<Anchor>,
}

/// A name or a keyword that stands in every match, outside of the statements that the match may hold.
#[derive(Debug, Clone)]
pub struct Anchor(Finder<'static>);

impl Anchor {
    /// Where it stands, as a whole word.
    pub fn places(&self, text: &[u8]) -> Vec<usize> {
        let len = self.0.needle().len();
        self.0.find_iter(text).filter(|at| is_word_at(text, *at, at + len)).collect()
    }
}

/// What looking for the rest of a sequence came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Missing,
    /// It is there, or that cannot be told.
    MayBe,
}

impl Sequence {
    /// A sequence, unless it has nothing to look for.
    pub fn new(mut steps: Vec<Step>, lang: Lang) -> Option<Sequence> {
        let at = steps.iter().position(|step| step.token.is_telling())?;
        let begin = (1..=at).rev().find(|at| steps[*at].gap != Gap::Tight).unwrap_or(0);
        let before = steps[begin..at].iter().map(|step| step.token.clone()).collect();
        steps.drain(..at);
        let longest = steps.iter().map(|step| &step.token).max_by_key(|token| token.text.len())?;
        let finder = |token: &Token| Finder::new(&token.text).into_owned();
        let words = steps.iter().filter(|step| step.is_own && step.token.is_word).map(|step| &step.token);
        let own = words.max_by_key(|word| word.text.len()).map(|word| Anchor(finder(word)));
        Some(Sequence { lang, before, anchor: finder(&steps[0].token), longest: finder(longest), own, steps })
    }

    /// A word of the pattern's own statement.
    pub fn own(&self) -> Option<&Anchor> {
        self.own.as_ref()
    }

    /// How much it tells.
    pub fn weight(&self) -> usize {
        self.steps.iter().map(|step| &step.token).filter(|token| token.is_telling()).map(|token| token.text.len()).sum()
    }

    /// Tells whether a text may have it.
    pub fn is_in(&self, text: &[u8]) -> bool {
        if self.longest.find(text).is_none() {
            return false;
        }
        let mut search = Search { sequence: self, text, left: text.len().saturating_add(1 << 16) };
        let is_word = self.steps[0].token.is_word;
        // Up to here what was found lies in a string.
        let mut code = 0;
        let is_found = self.anchor.find_iter(text).any(|start| {
            if start < code || !search.starts_at(start) {
                return false;
            }
            match string_around(text, start, self.lang, code).filter(|_| is_word) {
                Some(end) => {
                    code = end;
                    false
                }
                None => true,
            }
        });
        is_found || is_script(self.lang) && has_other_line_ends(text)
    }
}

/// Going through one text.
struct Search<'a> {
    sequence: &'a Sequence,
    text: &'a [u8],
    /// How many steps may still be gone. Then a text is believed, so that none makes the search slow.
    left: usize,
}

impl Search<'_> {
    fn starts_at(&mut self, start: usize) -> bool {
        let first = &self.sequence.steps[0];
        let end = start + first.token.text.len();
        if first.token.is_word
            && (!is_word_at(self.text, start, end) || is_comment_line(self.text, start, self.sequence.lang))
        {
            return false;
        }
        self.is_preceded(start) && self.follow(1, end, first.depth.saturating_add(first.token.turn())) == Answer::MayBe
    }

    /// Looks for the steps from a number on, behind a place.
    fn follow(&mut self, number: usize, from: usize, depth: i32) -> Answer {
        let Some(step) = self.sequence.steps.get(number) else { return Answer::MayBe };
        let (mut at, base, mut depth) = (from, depth, depth);
        let (mut is_filled, mut is_ended, mut is_stray) = (false, false, false);
        loop {
            let rest = &self.text[at..];
            if step.token.is_at(rest) && depth >= step.depth && (is_filled || !step.is_filled) {
                let end = at + step.token.text.len();
                let is_found = self.follow(number + 1, end, depth.saturating_add(step.token.turn())) == Answer::MayBe;
                // In a tight gap the first is the only one; what the matcher could skip instead looks the same.
                if is_found || step.gap == Gap::Tight {
                    return if is_found { Answer::MayBe } else { Answer::Missing };
                }
            }
            self.left = match self.left.checked_sub(1) {
                Some(left) => left,
                None => return Answer::MayBe,
            };
            let (lex, end) = next(self.text, at, self.sequence.lang);
            if matches!(lex, Lex::Word | Lex::String | Lex::Open | Lex::Other | Lex::Close) {
                if is_ended && depth <= base {
                    // The next statement may begin with what the matcher skips.
                    if lex == Lex::Word && keywords(self.sequence.lang).contains(&self.text[at..end]) {
                        at = end;
                        continue;
                    }
                    return Answer::Missing;
                }
                // Where a statement ends, its brackets are closed again, all but those of the pattern.
                is_ended |= step.gap == Gap::Statement
                    && depth <= base
                    && rest.starts_with(b";")
                    && is_script(self.sequence.lang);
                is_filled |= !is_ended;
            }
            let is_tight = step.gap == Gap::Tight;
            match lex {
                Lex::End => return Answer::Missing,
                Lex::Unsure => return Answer::MayBe,
                Lex::Blank | Lex::Other => {}
                Lex::Newline => {
                    let is_continued = self.text[..at].ends_with(b"\\") || self.text[..at].ends_with(b"\\\r");
                    let is_python = self.sequence.lang == Lang::Python;
                    is_ended |= is_python && step.gap == Gap::Statement && depth <= 0 && !is_continued;
                    if is_stray {
                        return Answer::Missing;
                    }
                }
                Lex::Open => depth = depth.saturating_add(1),
                Lex::Close => {
                    if depth <= step.floor {
                        // A parser that recovers may leave one out.
                        if is_tight || is_stray || step.token.turn() < 0 {
                            return Answer::Missing;
                        }
                        is_stray = true;
                    } else {
                        depth = depth.saturating_sub(1);
                    }
                }
                Lex::Word if is_tight && !keywords(self.sequence.lang).contains(&self.text[at..end]) => {
                    return Answer::Missing;
                }
                Lex::String if is_tight => return Answer::Missing,
                Lex::Word | Lex::String => {}
            }
            at = end;
        }
    }

    /// Looks back for the punctuation before the first step.
    fn is_preceded(&mut self, start: usize) -> bool {
        let (text, lang) = (self.text, self.sequence.lang);
        let mut at = start;
        for token in self.sequence.before.iter().rev() {
            loop {
                let blank = text[..at].iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
                let crosses = text[at - blank..at].contains(&b'\n');
                at -= blank;
                let head = &text[..at];
                // Going back, the end of a line may be the end of a comment, which is not worth telling apart.
                if head.ends_with(b"*/") || crosses && line_has_comment(head, lang) {
                    return true;
                }
                if head.ends_with(&token.text) {
                    at -= token.text.len();
                    break;
                }
                self.left = match self.left.checked_sub(1 + blank) {
                    Some(left) => left,
                    None => return true,
                };
                match head.last() {
                    None | Some(b')' | b']' | b'}' | b'"' | b'\'' | b'`') => return false,
                    Some(byte) if !byte.is_ascii() => return true,
                    Some(byte) if is_word_byte(*byte) => {
                        let len = head.iter().rev().take_while(|byte| is_word_byte(**byte)).count();
                        at -= len;
                        if at > 0 && !text[at - 1].is_ascii() {
                            return true;
                        }
                        if !keywords(lang).contains(&head[at..]) {
                            return false;
                        }
                    }
                    Some(_) => at -= 1,
                }
            }
        }
        true
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |token: &Token| String::from_utf8_lossy(&token.text).into_owned();
        let mut parts: Vec<String> = self.before.iter().map(text).collect();
        for (number, step) in self.steps.iter().enumerate() {
            if number > 0 && step.gap != Gap::Tight {
                parts.push("…".to_owned());
            }
            parts.push(text(&step.token));
        }
        f.write_str(&parts.join(" "))
    }
}
