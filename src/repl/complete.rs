//! Completion from a snapshot of the names in scope and the library's help, taken after each evaluation.

use std::sync::{Arc, Mutex};

use reedline::{Completer, CompletionResult, Span, Suggestion};

/// A name and what it is.
pub type Name = (String, Option<String>);

/// Completes dotted names.
pub struct NameCompleter {
    /// The snapshot, shared with the loop.
    pub names: Arc<Mutex<Vec<Name>>>,
}

impl Completer for NameCompleter {
    fn complete(&mut self, line: &str, pos: usize) -> CompletionResult {
        let Ok(names) = self.names.lock() else { return CompletionResult::fresh(Vec::new()) };
        let start = word_start(line, pos);
        let word = &line[start..pos];
        let suggestions: Vec<Suggestion> = matching(&names, word)
            .into_iter()
            .map(|(value, description)| Suggestion {
                value,
                description,
                span: Span::new(start, pos),
                ..Suggestion::default()
            })
            .collect();
        CompletionResult::fresh(suggestions)
    }
}

/// Where the dotted name that ends at the cursor begins.
pub fn word_start(line: &str, pos: usize) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '?');
    line[..pos].char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(pos, |(at, _)| at)
}

/// The names one step further than the word; of deeper ones only the next part.
pub fn matching(names: &[Name], word: &str) -> Vec<Name> {
    let (prefix, word) = match word.trim_start_matches('?') {
        plain if plain.len() < word.len() => (&word[..word.len() - plain.len()], plain),
        plain => ("", plain),
    };
    let depth = word.matches(['.', ':']).count();
    let mut found: Vec<Name> = names
        .iter()
        .filter(|(name, _)| name.starts_with(word) && name.matches(['.', ':']).count() == depth)
        .map(|(name, text)| (format!("{prefix}{name}"), text.clone()))
        .collect();
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_at_a_time() {
        let names: Vec<Name> =
            ["heck", "heck.fs", "heck.fs.read", "heck.fs.write", "print"].map(|n| (n.to_owned(), None)).to_vec();
        let complete = |word: &str| matching(&names, word).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(complete("he"), ["heck"]);
        assert_eq!(complete("heck."), ["heck.fs"]);
        assert_eq!(complete("heck.fs.r"), ["heck.fs.read"]);
        assert_eq!(complete("?heck.fs.w"), ["?heck.fs.write"]);
        assert_eq!(word_start("x = heck.fs", 11), 4);
    }
}
