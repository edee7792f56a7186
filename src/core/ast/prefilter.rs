//! Rules a file out before it is parsed: the words that every match must contain, in their order.
//! It may let a file through for nothing; it must never drop one that could match.

use ast_grep_core::matcher::PatternNode;
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::{MatchStrictness, Pattern};
use memchr::memmem::Finder;

use super::Lang;
use super::written::Written;

/// Words that must all occur, each after the one before it.
#[derive(Debug, Clone, Default)]
pub struct Prefilter {
    words: Vec<Finder<'static>>,
}

impl Prefilter {
    /// A filter that lets everything through.
    pub fn none() -> Prefilter {
        Prefilter::default()
    }

    /// The filter of a pattern.
    pub fn of(pattern: &Pattern) -> Prefilter {
        // Only these compare the text of names, and only these two cannot skip keywords of the pattern.
        let keywords = match pattern.strictness {
            MatchStrictness::Cst | MatchStrictness::Smart => true,
            MatchStrictness::Ast | MatchStrictness::Relaxed => false,
            MatchStrictness::Signature | MatchStrictness::Template => return Prefilter::none(),
        };
        let mut words = Vec::new();
        collect(&pattern.node, keywords, &mut words);
        Prefilter { words: words.iter().map(|word| Finder::new(word.as_bytes()).into_owned()).collect() }
    }

    /// The filter of a rule object: of its own pattern, or of the first part of `all` that has one.
    pub fn of_rule(rule: Option<&serde_json::Value>, lang: Lang) -> Prefilter {
        let Some(rule) = rule else { return Prefilter::none() };
        let pattern = Written::of_rule(rule).and_then(|written| written.compile(lang).ok());
        if let Some(pattern) = pattern.filter(|pattern| !pattern.has_error()) {
            return Prefilter::of(&pattern);
        }
        // Every part of `all` must match, and what a relation names lies in the same file.
        let parts = rule.get("all").and_then(serde_json::Value::as_array).into_iter().flatten();
        let relations = ["inside", "has", "precedes", "follows"].into_iter().filter_map(|name| rule.get(name));
        parts
            .chain(relations)
            .map(|part| Prefilter::of_rule(Some(part), lang))
            .max_by_key(Prefilter::weight)
            .unwrap_or_default()
    }

    /// Tells whether a text could hold a match.
    pub fn accepts(&self, text: &[u8]) -> bool {
        let mut from = 0;
        for word in &self.words {
            match word.find(&text[from..]) {
                Some(at) => from += at + word.needle().len(),
                None => return false,
            }
        }
        true
    }

    /// The words it looks for.
    pub fn words(&self) -> Vec<String> {
        self.words.iter().map(|word| String::from_utf8_lossy(word.needle()).into_owned()).collect()
    }

    fn weight(&self) -> usize {
        self.words.iter().map(|word| word.needle().len()).sum()
    }
}

fn collect(node: &PatternNode, keywords: bool, words: &mut Vec<String>) {
    match node {
        PatternNode::MetaVar { .. } => {}
        PatternNode::Terminal { text, is_named, .. } => {
            if *is_named && !text.trim().is_empty() || keywords && is_keyword(text) {
                words.push(text.clone());
            }
        }
        PatternNode::Internal { children, .. } => {
            let mut after_ellipsis = false;
            for child in children {
                match child {
                    PatternNode::MetaVar { meta_var: MetaVariable::Multiple | MetaVariable::MultiCapture(_) } => {
                        after_ellipsis = true;
                    }
                    // The matcher may skip punctuation and keywords that follow `$$$`.
                    PatternNode::Terminal { is_named: false, .. } if after_ellipsis => {}
                    other => {
                        after_ellipsis = false;
                        collect(other, keywords, words);
                    }
                }
            }
        }
    }
}

/// A token whose text is always its kind. Punctuation is left out: it is everywhere, and a grammar
/// may give it an empty text (an automatic semicolon).
fn is_keyword(text: &str) -> bool {
    text.len() >= 2 && text.bytes().all(|b| b.is_ascii_lowercase())
        || text.len() >= 2 && text.bytes().all(|b| b"=!<>&|+-*/?.:".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str, lang: Lang) -> Vec<String> {
        Pattern::try_new(pattern, lang).map(|p| Prefilter::of(&p).words()).unwrap_or_default()
    }

    #[test]
    fn required_words_come_in_order_and_without_metavariables() {
        for (pattern, lang, expected) in [
            ("console.log($$$)", Lang::TypeScript, vec!["console", "log"]),
            ("if ($A) { return $B }", Lang::TypeScript, vec!["if", "return"]),
            ("$A($B)", Lang::TypeScript, vec![]),
            ("if err != nil { return $$$ }", Lang::Go, vec!["if", "err", "!=", "nil", "return"]),
            ("def $F($$$): $$$", Lang::Python, vec!["def"]),
        ] {
            assert_eq!(words(pattern, lang), expected, "{pattern}");
        }
    }

    #[test]
    fn order_matters() {
        let filter = Pattern::try_new("a.b()", Lang::TypeScript).map(|p| Prefilter::of(&p)).unwrap_or_default();
        assert!(filter.accepts(b"a\n .b()"));
        assert!(!filter.accepts(b"b a"));
    }

    #[test]
    fn a_rule_uses_what_it_surely_needs() {
        let rule = serde_json::json!({ "any": [{ "pattern": "foo()" }], "inside": { "pattern": "class Bar { $$$ }" } });
        assert_eq!(Prefilter::of_rule(Some(&rule), Lang::TypeScript).words(), ["class", "Bar"]);
        let not = serde_json::json!({ "kind": "call_expression", "not": { "pattern": "foo()" } });
        assert!(Prefilter::of_rule(Some(&not), Lang::TypeScript).words().is_empty());
    }
}
