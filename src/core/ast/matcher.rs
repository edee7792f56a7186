//! A compiled pattern or rule, and what it finds in a parsed source.

use std::ops::Range;
use std::sync::Arc;

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::matcher::{MatcherExt, Pattern};
use ast_grep_core::{AstGrep, MatchStrictness, Matcher as _, Node, NodeMatch};
use bit_set::BitSet;

use super::found::Asked;
use super::source::{Doc, Source};
use super::written::Written;
use super::{Gain, Lang, Need, Prefilter, loose, parse, parse_without};
use crate::core::{Error, Result};

/// A pattern or rule, compiled for one language.
pub struct Matcher {
    lang: Lang,
    what: What,
    kinds: Option<BitSet>,
    prefilter: Prefilter,
    gain: Gain,
    asked: Arc<Asked>,
}

enum What {
    Pattern(Pattern),
    Rule(Box<RuleCore>),
}

impl Matcher {
    /// Compiles an ast-grep pattern such as `console.log($$$ARGS)`.
    pub fn pattern(pattern: &str, lang: Lang, strictness: Option<&str>) -> Result<Matcher> {
        let strictness = strictness.map_or(Ok(MatchStrictness::Smart), strictness_from)?;
        Matcher::written(Written::new(pattern, strictness), lang)
    }

    /// Compiles a pattern whose node of kind `selector` is what is looked for.
    pub fn contextual(context: &str, selector: &str, lang: Lang) -> Result<Matcher> {
        let selector = Some(selector.to_owned());
        Matcher::written(Written { selector, ..Written::new(context, MatchStrictness::Smart) }, lang)
    }

    /// Compiles a pattern as it is written.
    pub fn written(written: Written, lang: Lang) -> Result<Matcher> {
        check_depth(&written.text)?;
        let pattern = written.compile(lang).map_err(|e| {
            Error::invalid(format!("pattern '{}' cannot be used for {}: {e}", written.text, lang.name()))
                .hint("a pattern is one complete piece of code; write $NAME for one node, $$$NAME for several")
        })?;
        let prefilter = if pattern.has_error() { Prefilter::none() } else { Prefilter::of(&pattern, lang) };
        let kinds = pattern.potential_kinds();
        let asked = Asked::new(pattern.defined_vars(), Some(written));
        Ok(Matcher { lang, what: What::Pattern(pattern), kinds, prefilter, gain: Gain::default(), asked })
    }

    /// Compiles a pattern with all that it leaves out only because it does not write an optional part.
    pub fn loose(pattern: &str, lang: Lang) -> Result<Matcher> {
        let alone = Matcher::pattern(pattern, lang, None)?;
        let others = loose(pattern, lang).others;
        if others.is_empty() {
            return Ok(alone);
        }
        let all: Vec<serde_json::Value> = others.iter().map(Written::to_rule).collect();
        let mut any = vec![serde_json::json!({ "pattern": pattern })];
        any.extend(all);
        Matcher::rule(&serde_json::json!({ "any": any }), lang)
    }

    /// Compiles a rule object as in ast-grep's YAML: `{ pattern=…, inside=…, … }`, or with `rule`,
    /// `constraints`, `utils` and `transform` beside it.
    pub fn rule(value: &serde_json::Value, lang: Lang) -> Result<Matcher> {
        let wrapped = match value.get("rule") {
            Some(_) => value.clone(),
            None => serde_json::json!({ "rule": value }),
        };
        let bad = |e: &dyn std::error::Error| {
            let mut text = e.to_string();
            let mut source = e.source();
            while let Some(inner) = source {
                text = format!("{text}: {inner}");
                source = inner.source();
            }
            Error::invalid(format!("the rule cannot be used for {}: {text}", lang.name()))
                .hint("rules are written as in ast-grep: pattern, kind, regex, inside, has, all, any, not, …")
        };
        let core: SerializableRuleCore = serde_json::from_value(wrapped.clone()).map_err(|e| bad(&e))?;
        let core = core.get_matcher(DeserializeEnv::new(lang)).map_err(|e| bad(&e))?;
        let kinds = core.potential_kinds();
        let prefilter = Prefilter::of_rule(wrapped.get("rule"), lang);
        let asked = Asked::new(core.defined_vars(), wrapped.get("rule").and_then(Written::of_rule));
        Ok(Matcher { lang, what: What::Rule(Box::new(core)), kinds, prefilter, gain: Gain::default(), asked })
    }

    /// The language it was compiled for.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// What a text must contain to be worth parsing.
    pub fn prefilter(&self) -> &Prefilter {
        &self.prefilter
    }

    /// Parses of a file that may hold a match what is needed to find every match with all that is in it, but not
    /// always what lies around. `None` where there surely is none.
    pub fn parse_islands(&self, path: &str, text: String) -> Option<Source> {
        let need = match &self.what {
            What::Pattern(_) => self.gain.need(&text, path, self.lang, &self.prefilter),
            // A rule may look around.
            What::Rule(_) => Need::Whole,
        };
        let omitted = match need {
            Need::Nothing => return None,
            Need::Whole => return parse(path, text, self.lang).ok(),
            Need::Without(omitted) => omitted,
        };
        let source = parse_without(path, text, self.lang, &omitted).ok()?;
        if source.tree().root_node().has_error() {
            // What the parser makes of code that it does not understand depends on what lies around.
            return parse(path, source.text().to_owned(), self.lang).ok();
        }
        Some(source)
    }

    /// Tells whether the pattern itself did not parse cleanly, so that it may silently miss.
    pub fn has_error(&self) -> bool {
        matches!(&self.what, What::Pattern(pattern) if pattern.has_error())
    }

    /// Whether what it matches may depend on what lies around.
    pub(super) fn looks_around(&self) -> bool {
        matches!(self.what, What::Rule(_))
    }

    /// What a match must remember.
    pub(super) fn asked(&self) -> &Arc<Asked> {
        &self.asked
    }

    /// Matches one node.
    pub fn match_node<'t>(&self, node: Node<'t, Doc>) -> Option<NodeMatch<'t, Doc>> {
        match &self.what {
            What::Pattern(pattern) => pattern.match_node(node),
            What::Rule(rule) => rule.match_node(node),
        }
    }

    /// The byte range that a replacement of the match covers: without trailing punctuation the
    /// pattern did not name.
    pub fn range(&self, found: &NodeMatch<'_, Doc>) -> Range<usize> {
        let range = found.range();
        let len = match &self.what {
            What::Pattern(pattern) => pattern.get_match_len(found.get_node().clone()),
            What::Rule(rule) => rule.get_match_len(found.get_node().clone()),
        };
        len.map_or(range.clone(), |len| range.start..range.start + len)
    }

    /// Calls `each` for every match below a node in document order, until it says stop.
    /// With `outermost`, matches inside a match are left out.
    pub fn each<'t>(
        &self,
        root: &'t AstGrep<Doc>,
        start: &Node<'t, Doc>,
        outermost: bool,
        mut each: impl FnMut(NodeMatch<'t, Doc>) -> bool,
    ) {
        let mut cursor = start.get_inner_node().walk();
        loop {
            let node = cursor.node();
            let mut matched = false;
            if self.kinds.as_ref().is_none_or(|kinds| kinds.contains(usize::from(node.kind_id())))
                && let Some(found) = self.match_node(root.adopt(node))
            {
                matched = true;
                if !each(found) {
                    return;
                }
            }
            if !(matched && outermost) && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }
}

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Matcher({})", self.lang.name())
    }
}

/// A pattern is compiled by recursion, so how deeply it nests is bounded; none that people write comes near.
fn check_depth(pattern: &str) -> Result<()> {
    let opening = pattern.bytes().filter(|b| b"([{<!-+~*&".contains(b)).count();
    if opening > 2_000 || pattern.len() > 200_000 {
        return Err(Error::invalid("the pattern is too large").hint("look for a smaller piece of code"));
    }
    Ok(())
}

fn strictness_from(name: &str) -> Result<MatchStrictness> {
    name.parse().map_err(|_| {
        Error::usage(format!("unknown strictness '{name}'"))
            .hint("it is one of cst, smart, ast, relaxed, signature, template")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ast::parse;

    fn texts(pattern: &str, lang: Lang, text: &str, outermost: bool) -> Result<Vec<String>> {
        let matcher = Matcher::pattern(pattern, lang, None)?;
        let source = Arc::new(parse("x", text.to_owned(), lang)?);
        Ok(source.find_all(&matcher, outermost).iter().map(|found| found.text().into_owned()).collect())
    }

    #[test]
    fn matches_come_in_document_order_and_nest_unless_told() -> Result<()> {
        let text = "f(f(1)); g(); f(2)";
        assert_eq!(texts("f($A)", Lang::JavaScript, text, false)?, ["f(f(1))", "f(1)", "f(2)"]);
        assert_eq!(texts("f($A)", Lang::JavaScript, text, true)?, ["f(f(1))", "f(2)"]);
        Ok(())
    }

    #[test]
    fn a_rule_object_filters_by_its_surroundings() -> Result<()> {
        let rule = serde_json::json!({ "pattern": "f()", "inside": { "kind": "if_statement", "stopBy": "end" } });
        let matcher = Matcher::rule(&rule, Lang::TypeScript)?;
        let source = Arc::new(parse("x.ts", "f(); if (a) { f() }".to_owned(), Lang::TypeScript)?);
        assert_eq!(source.find_all(&matcher, false).len(), 1);
        let bad = Matcher::rule(&serde_json::json!({ "patern": "f()" }), Lang::TypeScript);
        assert!(bad.is_err());
        Ok(())
    }
}
