//! Just enough of each language's lexis to go from one piece of code to the next, and to know when that is not sure.

use std::collections::HashSet;
use std::sync::OnceLock;

use ast_grep_core::tree_sitter::LanguageExt;
use memchr::{memchr, memmem, memrchr};

use crate::core::ast::Lang;

/// What lies at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lex {
    /// White space, a comment.
    Blank,
    /// The end of a line.
    Newline,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A name, a keyword, a number.
    Word,
    /// A string.
    String,
    /// One byte of something else.
    Other,
    /// Nothing that is code: the end of the text, a string without an end.
    End,
    /// What cannot be told without parsing.
    Unsure,
}

/// A line of so many bytes was not written by hand, and may be worth reading all that comes before it.
const LONG: usize = 2000;

/// A search back over lines is cut off here.
const FAR: usize = 4096;

/// What lies at a place of code and where that ends.
pub fn next(text: &[u8], at: usize, lang: Lang) -> (Lex, usize) {
    let rest = &text[at..];
    let line_end = || memchr(b'\n', rest).map_or(text.len(), |n| at + n);
    let string = |end: Result<usize, Lex>| end.map_or_else(|lex| (lex, at), |end| (Lex::String, end));
    let Some(byte) = rest.first() else { return (Lex::End, at) };
    match byte {
        b'\n' => (Lex::Newline, at + 1),
        b'#' if lang == Lang::Python => (Lex::Blank, line_end()),
        b'/' if lang != Lang::Python && rest.starts_with(b"//") => (Lex::Blank, line_end()),
        b'/' if lang != Lang::Python && rest.starts_with(b"/*") => {
            (Lex::Blank, memmem::find(rest, b"*/").map_or(text.len(), |n| at + n + 2))
        }
        b'/' if is_script(lang) && follows_operator(text, at) => string(regex(text, at)),
        // A division or the beginning of a regular expression.
        b'/' if is_script(lang) && !follows_value(text, at) => (Lex::Unsure, at),
        // A comparison, a type, or the beginning of JSX.
        b'<' if matches!(lang, Lang::Tsx | Lang::JavaScript) && !follows_value(text, at) => (Lex::Unsure, at),
        b'<' if is_script(lang) && rest.starts_with(b"<!--") => (Lex::Unsure, at),
        b'-' if is_script(lang) && rest.starts_with(b"-->") => (Lex::Unsure, at),
        b'"' | b'\'' if lang == Lang::Python => string(python_string(text, at)),
        b'"' | b'\'' => string(quoted(text, at)),
        b'`' if lang == Lang::Go => string(memchr(b'`', &rest[1..]).map(|n| at + 2 + n).ok_or(Lex::End)),
        b'`' => string(template(text, at)),
        b'(' | b'[' | b'{' => (Lex::Open, at + 1),
        b')' | b']' | b'}' => (Lex::Close, at + 1),
        byte if byte.is_ascii_whitespace() => (Lex::Blank, at + 1),
        byte if is_word_byte(*byte) => {
            let len = rest.iter().position(|byte| !is_word_byte(*byte)).unwrap_or(rest.len());
            match rest.get(len) {
                // The rest of the name is not ASCII, or its beginning was not, so it is no keyword, or white space adjoins.
                Some(byte) if !byte.is_ascii() => (Lex::Other, at + len),
                // The prefix of a string: it is told by who looks back from the quote.
                Some(b'"' | b'\'') if lang == Lang::Python && len <= 2 => (Lex::Other, at + len),
                _ => (Lex::Word, at + len),
            }
        }
        _ => (Lex::Other, at + 1),
    }
}

/// How long an escape is at the least: what ends a line may be two bytes.
fn escape(text: &[u8], at: usize) -> usize {
    if text[at + 1..].starts_with(b"\r\n") { 3 } else { 2 }
}

/// Where a string of one line ends.
fn quoted(text: &[u8], at: usize) -> Result<usize, Lex> {
    let mut end = at + 1;
    loop {
        match *text.get(end).ok_or(Lex::End)? {
            b'\\' => end += escape(text, end),
            b'\n' => return Err(Lex::End),
            byte if byte == text[at] => return Ok(end + 1),
            _ => end += 1,
        }
    }
}

/// Where a template ends that has no code inside.
fn template(text: &[u8], at: usize) -> Result<usize, Lex> {
    let mut end = at + 1;
    loop {
        match *text.get(end).ok_or(Lex::End)? {
            b'\\' => end += 2,
            b'`' => return Ok(end + 1),
            b'$' if text.get(end + 1) == Some(&b'{') => return Err(Lex::Unsure),
            _ => end += 1,
        }
    }
}

/// Where a string of Python ends, if it is none that may have code inside.
fn python_string(text: &[u8], at: usize) -> Result<usize, Lex> {
    let prefix = text[..at].iter().rev().take_while(|byte| is_word_byte(**byte)).take(3);
    let has_code = prefix.into_iter().any(|byte| b"fFtT".contains(byte));
    let quote = text[at];
    let is_triple = text[at..].starts_with(&[quote; 3]);
    let mut end = if is_triple { at + 3 } else { at + 1 };
    loop {
        match *text.get(end).ok_or(Lex::End)? {
            b'\\' => end += escape(text, end),
            b'{' if has_code => end = replacement(text, end, quote)?,
            b'\n' if !is_triple => return Err(Lex::End),
            byte if byte == quote && !is_triple => return Ok(end + 1),
            byte if byte == quote && text[end..].starts_with(&[quote; 3]) => return Ok(end + 3),
            _ => end += 1,
        }
    }
}

/// Where the code in a string's braces ends, if it has no string of its own.
fn replacement(text: &[u8], at: usize, quote: u8) -> Result<usize, Lex> {
    let mut depth = 0usize;
    for (n, byte) in text[at..].iter().enumerate() {
        match *byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Ok(at + n + 1),
            b'}' => depth -= 1,
            b'\\' | b'\n' => return Err(Lex::Unsure),
            byte if byte == quote => return Err(Lex::Unsure),
            _ => {}
        }
    }
    Err(Lex::End)
}

/// Where a regular expression ends.
fn regex(text: &[u8], at: usize) -> Result<usize, Lex> {
    let (mut end, mut in_class) = (at + 1, false);
    loop {
        match *text.get(end).ok_or(Lex::End)? {
            b'\\' => end += 2,
            b'\n' => return Err(Lex::End),
            b'/' if !in_class => return Ok(end + 1),
            byte => {
                in_class = byte == b'[' || in_class && byte != b']';
                end += 1;
            }
        }
    }
}

/// The code before a place, unless that may be a comment.
fn code_before(text: &[u8], at: usize) -> Option<&[u8]> {
    let head = text[..at].trim_ascii_end();
    let crosses = text[head.len()..at].contains(&b'\n');
    let is_comment = head.ends_with(b"*/") || crosses && line_has_comment(head, Lang::TypeScript);
    (!is_comment).then_some(head)
}

/// Tells whether what stands before a place must be followed by a value.
fn follows_operator(text: &[u8], at: usize) -> bool {
    code_before(text, at).and_then(<[u8]>::last).is_some_and(|byte| b"(,=:[&|?;{".contains(byte))
}

/// Tells whether a name, a number or `]` stands before a place, so that an operator must follow.
fn follows_value(text: &[u8], at: usize) -> bool {
    let Some(head) = code_before(text, at) else { return false };
    match head.last() {
        Some(b']') => true,
        Some(byte) if is_word_byte(*byte) => {
            let len = head.iter().rev().take_while(|byte| is_word_byte(**byte)).count();
            let word = &head[head.len() - len..];
            !keywords(Lang::TypeScript).contains(word) && !keywords(Lang::JavaScript).contains(word)
        }
        _ => false,
    }
}

/// Tells whether a language is JavaScript or a kin of it.
pub fn is_script(lang: Lang) -> bool {
    !matches!(lang, Lang::Python | Lang::Go)
}

/// Tells whether lines of JavaScript may end in another way than is looked for here.
pub fn has_other_line_ends(text: &[u8]) -> bool {
    let lone = memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'));
    lone || [b"\xe2\x80\xa8", b"\xe2\x80\xa9"].iter().any(|end| memmem::find(text, *end).is_some())
}

/// Tells whether a byte can be part of a name, whatever the language.
pub fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_$".contains(&byte)
}

/// Tells whether a name or keyword can stand here. A number may adjoin a keyword: `1if x else 2`.
pub fn is_word_at(text: &[u8], start: usize, end: usize) -> bool {
    if text.get(end).is_some_and(|byte| is_word_byte(*byte)) {
        return false;
    }
    let len = text[..start].iter().rev().take_while(|byte| is_word_byte(**byte)).count();
    let begin = start - len;
    len == 0 || text[begin].is_ascii_digit() || begin > 0 && !text[begin - 1].is_ascii()
}

/// Tells whether a place lies in a line that is surely no code: one that begins as a comment, or goes on with one that
/// began at the start of a line. If that stands inside a string or a text, there is code only in braces.
pub fn is_comment_line(text: &[u8], at: usize, lang: Lang) -> bool {
    let (line, head) = line_before(text, at);
    let braces = |from: usize| memchr(b'{', &text[from..at]).is_some();
    match lang {
        Lang::Python => head.starts_with(b"#") && !braces(line),
        Lang::Go => head.starts_with(b"//"),
        _ if head.starts_with(b"//") => !braces(line),
        _ if head.starts_with(b"*") && memmem::find(head, b"*/").is_none() => {
            let mut line = line;
            while line > 0 {
                let head;
                (line, head) = line_before(text, line - 1);
                if memmem::find(head, b"*/").is_some() {
                    return false;
                }
                if head.starts_with(b"/*") {
                    // Only a text of JSX has code in plain braces.
                    return match lang {
                        Lang::TypeScript => memmem::find(&text[line..at], b"${").is_none(),
                        _ => !braces(line),
                    };
                }
                if !head.starts_with(b"*") || at - line > FAR {
                    return false;
                }
            }
            false
        }
        _ => false,
    }
}

/// Where the string ends that a place surely lies in: one that has no code inside. `known` is a place before it that is
/// surely code.
pub fn string_around(text: &[u8], at: usize, lang: Lang, known: usize) -> Option<usize> {
    // In JSX an apostrophe may be text.
    if matches!(lang, Lang::Tsx | Lang::JavaScript) {
        return None;
    }
    let (line, _) = line_before(text, at);
    let head = &text[line..at];
    if memchr::memchr2(b'"', b'\'', head).is_none() || text[..line].trim_ascii_end().ends_with(b"\\") {
        return None;
    }
    // If the line begins inside of a string or a comment of several lines, this would end it, or begin code.
    let ends: &[&[u8]] = match lang {
        Lang::Python => &[b"\"\"\"", b"'''", b"{"],
        _ => &[b"`", b"*/", b"${"],
    };
    let is_plain = || ends.iter().all(|end| memmem::find(head, end).is_none());
    let mut here = match () {
        () if known >= line => known,
        () if is_plain() => line,
        () if head.len() >= LONG => known,
        () => return None,
    };
    while here < at {
        let (lex, end) = next(text, here, lang);
        if end > at {
            let is_formatted = lang == Lang::Python && text[..here].last().is_some_and(|byte| is_word_byte(*byte));
            return (lex == Lex::String && !is_formatted).then_some(end);
        }
        if matches!(lex, Lex::End | Lex::Unsure) {
            return None;
        }
        here = end;
    }
    None
}

/// Where the line of a place begins, and its text up to there without indentation.
fn line_before(text: &[u8], at: usize) -> (usize, &[u8]) {
    let line = memrchr(b'\n', &text[..at]).map_or(0, |n| n + 1);
    (line, text[line..at].trim_ascii_start())
}

/// Tells whether the last line of a text may end in a comment.
pub fn line_has_comment(text: &[u8], lang: Lang) -> bool {
    let line = &text[memrchr(b'\n', text).map_or(0, |n| n + 1)..];
    match lang {
        Lang::Python => memchr(b'#', line).is_some(),
        _ => memmem::find(line, b"//").is_some(),
    }
}

/// Words that are no names, beside the keywords, in some language.
const RESERVED: [&str; 14] = [
    "this",
    "super",
    "true",
    "false",
    "null",
    "undefined",
    "None",
    "True",
    "False",
    "nil",
    "iota",
    "arguments",
    "eval",
    "_",
];

/// Tells whether a text is surely a name, and can stand wherever a name can.
pub fn is_name(text: &str, lang: Lang) -> bool {
    !text.is_empty()
        && text.bytes().all(is_word_byte)
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && (is_script(lang) || !text.contains('$'))
        && !RESERVED.contains(&text)
        && !keywords(lang).contains(text.as_bytes())
}

/// The words of a language that are tokens without a name, which the matcher may skip in the code.
pub fn keywords(lang: Lang) -> &'static HashSet<Vec<u8>> {
    static ALL: [OnceLock<HashSet<Vec<u8>>>; Lang::ALL.len()] = [const { OnceLock::new() }; Lang::ALL.len()];
    ALL[lang as usize].get_or_init(|| {
        let grammar = lang.get_ts_language();
        let kinds = (0..grammar.node_kind_count()).filter_map(|id| u16::try_from(id).ok());
        let unnamed = kinds.filter(|id| !grammar.node_kind_is_named(*id));
        unnamed.filter_map(|id| grammar.node_kind_for_id(id)).map(|kind| kind.as_bytes().to_vec()).collect()
    })
}
