//! A pattern as people write it: a piece of code, the node inside it that is meant, and how closely code must match.

use ast_grep_core::matcher::PatternError;
use ast_grep_core::{MatchStrictness, Pattern};
use serde_json::Value as Json;

use super::Lang;

/// A pattern that has not been compiled.
#[derive(Clone)]
pub struct Written {
    /// The code, with metavariables.
    pub text: String,
    /// The kind of the node that is meant, if not the whole.
    pub selector: Option<String>,
    /// How closely code must match.
    pub strictness: MatchStrictness,
}

impl Written {
    /// A piece of code, all of it meant.
    pub fn new(text: &str, strictness: MatchStrictness) -> Written {
        Written { text: text.to_owned(), selector: None, strictness }
    }

    /// The pattern that a rule object has for the node itself.
    pub fn of_rule(rule: &Json) -> Option<Written> {
        let pattern = rule.get("pattern")?;
        if let Some(text) = pattern.as_str() {
            return Some(Written::new(text, MatchStrictness::Smart));
        }
        let text = |name: &str| pattern.get(name).and_then(Json::as_str);
        let strictness = text("strictness").map_or(Ok(MatchStrictness::Smart), str::parse).ok()?;
        Some(Written { text: text("context")?.to_owned(), selector: text("selector").map(str::to_owned), strictness })
    }

    /// A rule object that says the same.
    pub fn to_rule(&self) -> Json {
        match &self.selector {
            Some(selector) => serde_json::json!({ "pattern": { "context": self.text, "selector": selector } }),
            None => serde_json::json!({ "pattern": self.text }),
        }
    }

    /// Compiles it for a language.
    pub fn compile(&self, lang: Lang) -> Result<Pattern, PatternError> {
        let pattern = match &self.selector {
            Some(kind) => Pattern::contextual(&self.text, kind, lang),
            None => Pattern::try_new(&self.text, lang),
        };
        Ok(pattern?.with_strictness(self.strictness.clone()))
    }
}
