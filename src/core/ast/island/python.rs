//! The statements of Python, told by lines and their indentation.

use std::ops::Range;

use memchr::memchr_iter;

use super::cut::{Cut, Item};
use crate::core::ast::Lang;
use crate::core::ast::prefilter::{Lex, lex};

/// How deep statements may nest.
const MAX_DEPTH: usize = 100;

/// Words that go on with the statement above.
const CLAUSES: [&[u8]; 4] = [b"else", b"elif", b"except", b"finally"];

/// Goes over the statements; `false` where they cannot be told for sure.
pub fn read(cut: &mut Cut<'_>) -> bool {
    let text = cut.text().as_bytes();
    let has_odd_ends = memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'));
    if has_odd_ends || memchr::memchr(b'\x0c', text).is_some() {
        return false;
    }
    let Some(Lines { lines, comments }) = lines(text).filter(|read| is_nested(&read.lines)) else { return false };
    cut.forget(|place| {
        let at = comments.partition_point(|comment| comment.end <= place);
        comments.get(at).is_some_and(|comment| comment.start <= place)
    });
    let mut reader = Reader { cut, lines: &lines, at: 0, depth: 0 };
    let is_read = reader.list(0, true);
    is_read && reader.at == lines.len()
}

/// A line of code with those that it goes on in.
struct Line {
    /// Where it begins, with its indentation.
    start: usize,
    /// The columns that it is indented.
    indent: usize,
    /// Whether it goes on with the statement above.
    is_clause: bool,
    /// Whether it decorates what comes below.
    is_decorator: bool,
    /// Whether it ends in the colon before a block.
    opens_block: bool,
}

struct Lines {
    lines: Vec<Line>,
    comments: Vec<Range<usize>>,
}

/// The lines of a text; `None` where they cannot be told.
fn lines(text: &[u8]) -> Option<Lines> {
    let mut out = Lines { lines: Vec::with_capacity(text.len() / 40), comments: Vec::new() };
    let mut at = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while at < text.len() {
        let start = at;
        at += text[at..].iter().take_while(|byte| **byte == b' ').count();
        let indent = at - start;
        match text.get(at) {
            None => break,
            Some(b'\t' | b'\\') => return None,
            Some(b'\n') => at += 1,
            Some(b'\r') => at += 2,
            Some(b'#') => at = end_of_comment(text, at, &mut out.comments),
            Some(byte) => {
                let rest = &text[at..];
                let is_word_end =
                    |at: usize| !rest.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
                let is_clause = CLAUSES.iter().any(|word| rest.starts_with(word) && is_word_end(word.len()));
                let is_decorator = *byte == b'@';
                let (end, last) = end_of_line(text, at, &mut out.comments)?;
                out.lines.push(Line { start, indent, is_clause, is_decorator, opens_block: last == b':' });
                at = end;
            }
        }
    }
    Some(out)
}

/// Behind the end of the line in which a comment begins.
fn end_of_comment(text: &[u8], at: usize, comments: &mut Vec<Range<usize>>) -> usize {
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |n| at + n);
    comments.push(at..end);
    text.len().min(end + 1)
}

/// Tells whether blocks follow the lines that open them, and end where one of them began.
fn is_nested(lines: &[Line]) -> bool {
    let mut open = vec![0];
    let mut opens_block = false;
    let is_right = lines.iter().all(|line| {
        let is_deeper = open.last().is_none_or(|indent| *indent < line.indent);
        if is_deeper {
            open.push(line.indent);
        }
        open.truncate(open.iter().take_while(|indent| **indent <= line.indent).count());
        let is_right = is_deeper == opens_block && open.last() == Some(&line.indent);
        opens_block = line.opens_block;
        is_right
    });
    is_right && !opens_block
}

/// Behind the end of a line of code, wherever its brackets and strings lead it, and the last byte of the code.
fn end_of_line(text: &[u8], from: usize, comments: &mut Vec<Range<usize>>) -> Option<(usize, u8)> {
    let (mut at, mut depth, mut last) = (from, 0_usize, 0);
    while let Some(byte) = text.get(at) {
        if !byte.is_ascii_whitespace() && *byte != b'#' {
            last = *byte;
        }
        match byte {
            b'\n' if depth == 0 => return Some((at + 1, last)),
            b'#' if depth == 0 => return Some((end_of_comment(text, at, comments), last)),
            b'#' => at = end_of_comment(text, at, comments),
            b'"' | b'\'' => match lex(text, at, Lang::Python) {
                (Lex::String, end) => at = end,
                _ => return None,
            },
            b'(' | b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            // It goes on in the next line.
            b'\\' => at += if text[at + 1..].starts_with(b"\r\n") { 3 } else { 2 },
            _ => at += 1,
        }
    }
    (depth == 0).then_some((text.len(), last))
}

struct Reader<'r, 'c, 't> {
    cut: &'c mut Cut<'t>,
    lines: &'r [Line],
    /// The next line.
    at: usize,
    depth: usize,
}

impl Reader<'_, '_, '_> {
    fn line(&self) -> Option<&Line> {
        self.lines.get(self.at)
    }

    /// The statements from the next line on that are indented like it; `false` where that makes no sense.
    fn list(&mut self, indent: usize, may_be_empty: bool) -> bool {
        if self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let mut items = Vec::new();
        while let Some(line) = self.line().filter(|line| line.indent >= indent) {
            let start = line.start;
            if line.indent > indent || line.is_clause {
                return false;
            }
            let range = start..self.end_of_statement();
            let is_idle = match self.cut.enter(&range) {
                None => {
                    self.at += self.lines[self.at..].iter().take_while(|line| line.start < range.end).count();
                    true
                }
                Some(entered) => {
                    if !self.statement(indent) {
                        return false;
                    }
                    self.cut.leave(&entered, &range)
                }
            };
            items.push(Item { range, is_idle });
        }
        // A block must hold something.
        if !may_be_empty
            && items.iter().all(|item| item.is_idle)
            && let Some(shortest) = items.iter_mut().min_by_key(|item| item.range.len())
        {
            shortest.is_idle = false;
        }
        self.cut.omit(&items);
        self.depth -= 1;
        true
    }

    /// Where the statement of the next line ends, with the comments below it.
    fn end_of_statement(&self) -> usize {
        let indent = self.lines[self.at].indent;
        let mut is_decorator = false;
        let below = self.lines[self.at..].iter().position(|line| {
            let is_next = line.start > self.lines[self.at].start
                && (line.indent < indent || line.indent == indent && !line.is_clause && !is_decorator);
            if line.indent == indent {
                is_decorator = line.is_decorator;
            }
            is_next
        });
        below.map_or(self.cut.text().len(), |below| self.lines[self.at + below].start)
    }

    /// Goes over a statement and the lists in it.
    fn statement(&mut self, indent: usize) -> bool {
        let mut is_decorator = true;
        while let Some(line) = self.line().filter(|line| line.indent >= indent) {
            if line.indent > indent {
                // What is indented less than the block, but more than its header, belongs nowhere.
                if !self.list(line.indent, false) || self.line().is_some_and(|line| line.indent > indent) {
                    return false;
                }
                is_decorator = false;
            } else if is_decorator || line.is_clause {
                is_decorator = line.is_decorator;
                self.at += 1;
            } else {
                return true;
            }
        }
        true
    }
}
