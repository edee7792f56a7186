//! A match, or any node, that keeps its source alive.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::{Node, NodeMatch};

use super::Matcher;
use super::fidelity::{Lazy, Trace};
use super::source::{Doc, Source};
use super::written::Written;
use crate::core::text::Span;

/// What a match remembers of the question that found it.
#[derive(Default)]
pub(super) struct Asked {
    /// The names of the metavariables that a match may have.
    vars: Vec<String>,
    /// The pattern by which the node itself was found, where there is one.
    pattern: Option<Written>,
    trace: Lazy,
}

impl Asked {
    pub(super) fn new(vars: HashSet<&str>, pattern: Option<Written>) -> Arc<Asked> {
        Arc::new(Asked { vars: vars.into_iter().map(str::to_owned).collect(), pattern, trace: Lazy::default() })
    }
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
        Found { asked: Some(Arc::clone(matcher.asked())), ..Found::with_range(source, found, range) }
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

    /// The same node, without captures, where all that lies around it can be seen.
    pub fn in_whole(&self) -> Cow<'_, Found> {
        let whole = || {
            let whole = self.source.whole()?;
            let (here, range) = (self.node_match().get_node().get_inner_node(), self.node_match().range());
            let root = whole.root().root().get_inner_node();
            let inner = root.descendant_for_byte_range(range.start, range.end);
            let outwards = std::iter::successors(inner, tree_sitter::Node::parent);
            let same =
                outwards.take_while(|node| node.byte_range() == range).find(|node| node.kind_id() == here.kind_id());
            let found = NodeMatch::from(whole.root().adopt(same?));
            Some(Found::with_range(whole, found, self.range()))
        };
        whole().map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// This node, as a matcher must see it: a rule may look around.
    fn seen_by(&self, matcher: &Matcher) -> Cow<'_, Found> {
        if matcher.looks_around() { self.in_whole() } else { Cow::Borrowed(self) }
    }

    /// Calls `each` for every match at or below this node, until it says stop.
    fn each(&self, matcher: &Matcher, mut each: impl FnMut(Found) -> bool) {
        let seen = self.seen_by(matcher);
        let node = seen.node_match().get_node();
        matcher.each(seen.source.root(), node, false, |found| each(Found::new(&seen.source, found, matcher)));
    }

    /// The first match at or below this node.
    pub fn find(&self, matcher: &Matcher) -> Option<Found> {
        let mut first = None;
        self.each(matcher, |found| {
            first = Some(found);
            false
        });
        first
    }

    /// All matches at or below this node.
    pub fn find_all(&self, matcher: &Matcher) -> Vec<Found> {
        let mut all = Vec::new();
        self.each(matcher, |found| {
            all.push(found);
            true
        });
        all
    }

    /// This node as a match of a pattern, if it matches.
    pub fn matched(&self, matcher: &Matcher) -> Option<Found> {
        let seen = self.seen_by(matcher);
        let found = matcher.match_node(seen.node_match().get_node().clone())?;
        Some(Found::new(&seen.source, found, matcher))
    }

    /// Tells whether something below this node matches.
    pub fn has(&self, matcher: &Matcher) -> bool {
        let seen = self.seen_by(matcher);
        seen.node_match().dfs().skip(1).any(|node| matcher.match_node(node).is_some())
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
    use crate::core::Result;
    use crate::core::ast::{Lang, parse};

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
    fn what_lies_around_an_island_is_seen() -> Result<()> {
        let matcher = Matcher::pattern("log($A)", Lang::TypeScript, None)?;
        let long = "1 + ".repeat(200);
        let text = format!("function f() {{\n  let a = {long}1;\n  log(a);\n  last(a);\n}}\n");
        let source = matcher.parse_islands("a.ts", text).map(Arc::new);
        let found = source.iter().flat_map(|source| source.find_all(&matcher, false)).next();
        let node = found.as_ref().map(Found::in_whole);
        let statement = node.as_ref().and_then(|node| node.node_match().parent());
        let beside = |node: Option<Node<'_, Doc>>| node.map(|node| node.text().chars().take(6).collect::<String>());
        assert_eq!(beside(statement.as_ref().and_then(Node::prev)).as_deref(), Some("let a "));
        assert_eq!(beside(statement.as_ref().and_then(Node::next)).as_deref(), Some("last(a"));
        let rule = serde_json::json!({ "pattern": "log($A)", "inside": { "has": { "pattern": "last($A)", "stopBy": "end" }, "stopBy": "end" } });
        let around = Matcher::rule(&rule, Lang::TypeScript)?;
        assert!(found.is_some_and(|found| found.matched(&around).is_some()));
        Ok(())
    }
}
