//! Whole words in texts: what rules a file out before it is read closely.

use std::ops::Range;

use memchr::memmem::Finder;

/// Tells whether a byte can be part of a name. Every byte beyond ASCII can.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Where a word stands on its own in a text.
pub fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let finder = Finder::new(word.as_bytes()).into_owned();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + finder.find(&text.as_bytes()[from..])?;
            from = at + word.len().max(1);
            let before = at.checked_sub(1).map(|n| text.as_bytes()[n]);
            let after = text.as_bytes().get(at + word.len()).copied();
            if !before.is_some_and(is_part) && !after.is_some_and(is_part) {
                return Some(at);
            }
        }
    })
}

/// Tells whether a text holds a word.
pub fn has(text: &str, word: &str) -> bool {
    places(text, word).next().is_some()
}

/// The word at a byte of a text.
pub fn at(text: &str, offset: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = bytes.get(..offset)?.iter().rposition(|byte| !is_part(*byte)).map_or(0, |at| at + 1);
    let end = bytes[offset..].iter().position(|byte| !is_part(*byte)).map_or(bytes.len(), |at| offset + at);
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_alone() {
        assert_eq!(places("ab a.b ab_ ab", "ab").collect::<Vec<_>>(), [0, 11]);
        assert_eq!((at("a.bc(", 3), at("a.bc(", 4), at("a.bc(", 5)), (Some(2..4), Some(2..4), None));
        assert!(!has("cabin", "ab") && has("é.ab", "ab") && !has("éab", "ab"));
    }
}
