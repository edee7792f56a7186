//! The declarations of Go, told by the keywords at the begin of lines outside of all brackets.

use super::cut::{Cut, Item};
use crate::core::ast::Lang;
use crate::core::ast::prefilter::{Lex, lex};

/// What a declaration begins with.
const KEYWORDS: [&[u8]; 5] = [b"func", b"type", b"var", b"const", b"import"];

/// Goes over the declarations; `false` where they cannot be told for sure.
pub fn read(cut: &mut Cut<'_>) -> bool {
    let text = cut.text().as_bytes();
    let Some(starts) = starts(text) else { return false };
    // What stands before the first belongs to none of them.
    if cut.count(&(0..starts.first().copied().unwrap_or(text.len()))) > 0 {
        return false;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut items = Vec::with_capacity(starts.len());
    for (start, end) in starts.iter().zip(ends) {
        let range = *start..end;
        let is_idle = cut.enter(&range).is_none_or(|entered| cut.leave(&entered, &range));
        items.push(Item { range, is_idle });
    }
    cut.omit(&items);
    true
}

/// Where declarations begin.
fn starts(text: &[u8]) -> Option<Vec<usize>> {
    let (mut at, mut depth) = (0, 0_usize);
    let mut starts = Vec::new();
    // Whether a statement may end here, and whether a line has just begun.
    let (mut is_ended, mut is_first) = (true, true);
    loop {
        let (lex, end) = lex(text, at, Lang::Go);
        match lex {
            Lex::End if at == text.len() => return (depth == 0).then_some(starts),
            Lex::End | Lex::Unsure => return None,
            Lex::Newline => is_first = true,
            Lex::Blank => {}
            _ => {
                if depth == 0 && is_first && is_ended && KEYWORDS.contains(&&text[at..end]) {
                    starts.push(at);
                }
                is_first = false;
                is_ended = match lex {
                    Lex::Open => false,
                    Lex::Other => !text[at].is_ascii(),
                    // `chan` goes on in the next line.
                    _ => &text[at..end] != b"chan",
                };
                match lex {
                    Lex::Open => depth += 1,
                    Lex::Close => depth = depth.checked_sub(1)?,
                    _ => {}
                }
            }
        }
        at = end;
    }
}
