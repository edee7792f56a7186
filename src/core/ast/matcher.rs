//! A compiled pattern or rule, and what it finds in a parsed source.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::matcher::{MatcherExt, Pattern};
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::{AstGrep, MatchStrictness, Matcher as _, Node, NodeMatch};
use bit_set::BitSet;

use super::fidelity::{Lazy, Trace};
use super::source::{Doc, Source};
use super::written::Written;
use super::{Lang, Prefilter, loose};
use crate::core::text::Span;
use crate::core::{Error, Result};

/// A pattern or rule, compiled for one language.
pub struct Matcher {
    lang: Lang,
    what: What,
    kinds: Option<BitSet>,
    prefilter: Prefilter,
    asked: Arc<Asked>,
}

/// What a match remembers of the question that found it.
#[derive(Default)]
struct Asked {
    /// The names of the metavariables that a match may have.
    vars: Vec<String>,
    /// The pattern by which the node itself was found, where there is one.
    pattern: Option<Written>,
    trace: Lazy,
}

impl Asked {
    fn new(vars: HashSet<&str>, pattern: Option<Written>) -> Arc<Asked> {
        Arc::new(Asked { vars: vars.into_iter().map(str::to_owned).collect(), pattern, trace: Lazy::default() })
    }
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
        Ok(Matcher { lang, what: What::Pattern(pattern), kinds, prefilter, asked })
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
        Ok(Matcher { lang, what: What::Rule(Box::new(core)), kinds, prefilter, asked })
    }

    /// The language it was compiled for.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// What a text must contain to be worth parsing.
    pub fn prefilter(&self) -> &Prefilter {
        &self.prefilter
    }

    /// Tells whether the pattern itself did not parse cleanly, so that it may silently miss.
    pub fn has_error(&self) -> bool {
        matches!(&self.what, What::Pattern(pattern) if pattern.has_error())
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

impl Source {
    /// All matches in document order.
    pub fn find_all(self: &Arc<Self>, matcher: &Matcher, outermost: bool) -> Vec<Found> {
        let mut all = Vec::new();
        matcher.each(self.root(), &self.root().root(), outermost, |found| {
            all.push(Found::new(self, found, matcher));
            true
        });
        all
    }
}

/// A match, or any node, that keeps its source alive.
#[derive(Clone)]
pub struct Found {
    // Declared before `source`, so that it is dropped first: it borrows from it.
    found: NodeMatch<'static, Doc>,
    range: Range<usize>,
    source: Arc<Source>,
    asked: Option<Arc<Asked>>,
}

impl Found {
    /// A match of a matcher.
    pub fn new(source: &Arc<Source>, found: NodeMatch<'_, Doc>, matcher: &Matcher) -> Found {
        let range = matcher.range(&found);
        Found { asked: Some(Arc::clone(&matcher.asked)), ..Found::with_range(source, found, range) }
    }

    fn with_range(source: &Arc<Source>, found: NodeMatch<'_, Doc>, range: Range<usize>) -> Found {
        // SAFETY: the match borrows only from `source`, whose heap place is fixed by the Arc that is
        // kept beside it and dropped after it; no reference with the longer life leaves this type.
        let found = unsafe { std::mem::transmute::<NodeMatch<'_, Doc>, NodeMatch<'static, Doc>>(found) };
        Found { found, range, source: Arc::clone(source), asked: None }
    }

    /// The root node of a source.
    pub fn root(source: &Arc<Source>) -> Found {
        let node = source.root().root();
        let range = node.range();
        Found::with_range(source, NodeMatch::from(node), range)
    }

    /// Where it was found.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The match as ast-grep sees it.
    pub fn node_match<'s>(&'s self) -> &'s NodeMatch<'s, Doc> {
        // SAFETY: this only shortens the life that `with_range` lengthened, behind a shared reference.
        unsafe { std::mem::transmute::<&'s NodeMatch<'static, Doc>, &'s NodeMatch<'s, Doc>>(&self.found) }
    }

    /// The byte range that a replacement covers.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The place of the node.
    pub fn span(&self) -> Span {
        self.source.span(&self.node_match().range())
    }

    /// The text of the node.
    pub fn text(&self) -> Cow<'_, str> {
        self.node_match().text()
    }

    /// Another node of the same source.
    pub fn related(&self, node: Node<'_, Doc>) -> Found {
        let range = node.range();
        Found::with_range(&self.source, NodeMatch::from(node), range)
    }

    /// The node a metavariable such as `A` captured.
    pub fn get_match(&self, name: &str) -> Option<Found> {
        self.node_match().get_env().get_match(name).map(|node| self.related(node.clone()))
    }

    /// The nodes a multiple metavariable such as `ARGS` of `$$$ARGS` captured.
    pub fn get_multiple_matches(&self, name: &str) -> Vec<Found> {
        self.node_match().get_env().get_multiple_matches(name).into_iter().map(|node| self.related(node)).collect()
    }

    /// The pattern that found this node, ready to be laid beside it.
    pub fn trace(&self) -> Option<Arc<Trace>> {
        let asked = self.asked.as_ref()?;
        let written = asked.pattern.as_ref()?;
        asked.trace.get(|| Trace::new(written, self.source.lang()))
    }

    /// Tells whether the pattern has a metavariable of this name, even if it captured nothing here.
    pub fn has_capture(&self, name: &str) -> bool {
        let is_named = self.asked.as_ref().is_some_and(|asked| asked.vars.iter().any(|var| var == name));
        is_named || self.captures().iter().any(|(known, _)| known == name)
    }

    /// The names of the captured metavariables, sorted; `true` marks one that captured several nodes.
    pub fn captures(&self) -> Vec<(String, bool)> {
        let mut names: Vec<(String, bool)> = self
            .node_match()
            .get_env()
            .get_matched_variables()
            .filter_map(|variable| match variable {
                MetaVariable::Capture(name, _) => Some((name, false)),
                MetaVariable::MultiCapture(name) => Some((name, true)),
                _ => None,
            })
            .collect();
        names.sort();
        names
    }

    /// The first match at or below this node.
    pub fn find(&self, matcher: &Matcher) -> Option<Found> {
        let mut first = None;
        matcher.each(self.source.root(), self.node_match().get_node(), false, |found| {
            first = Some(Found::new(&self.source, found, matcher));
            false
        });
        first
    }

    /// All matches at or below this node.
    pub fn find_all(&self, matcher: &Matcher) -> Vec<Found> {
        let mut all = Vec::new();
        matcher.each(self.source.root(), self.node_match().get_node(), false, |found| {
            all.push(Found::new(&self.source, found, matcher));
            true
        });
        all
    }

    /// This node as a match of a pattern, if it matches.
    pub fn matched(&self, matcher: &Matcher) -> Option<Found> {
        let found = matcher.match_node(self.node_match().get_node().clone())?;
        Some(Found::new(&self.source, found, matcher))
    }
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Found({}:{:?})", self.source.path, self.found.range())
    }
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
    fn captures_outlive_the_search() -> Result<()> {
        let matcher = Matcher::pattern("f($A, $$$REST)", Lang::Python, None)?;
        let source = Arc::new(parse("x.py", "f(1, 2, 3)\n".to_owned(), Lang::Python)?);
        let found = source.find_all(&matcher, false);
        drop(source);
        let first = &found[0];
        assert_eq!(first.captures(), [("A".to_owned(), false), ("REST".to_owned(), true)]);
        assert_eq!(first.get_match("A").map(|n| n.text().into_owned()).as_deref(), Some("1"));
        let rest: Vec<String> = first.get_multiple_matches("REST").iter().map(|n| n.text().into_owned()).collect();
        assert_eq!(rest, ["2", ",", "3"]);
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
