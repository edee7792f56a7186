//! What a rule finds at a place, and what it would put there.

use std::sync::Arc;

use ast_grep_config::{LabelStyle, RuleConfig};
use ast_grep_core::NodeMatch;
use ast_grep_core::replacer::Replacer;
use serde_json::Value as Json;

use super::severity;
use crate::core::ast::rewrite::{MAX_SINGLE, is_parsed};
use crate::core::ast::source::Doc;
use crate::core::ast::written::Written;
use crate::core::ast::{Edit, Found, Lang, Matcher, Source, Template};
use crate::core::text::Span;

/// One place a rule found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// Its severity.
    pub severity: &'static str,
    /// Its message, with metavariables filled in.
    pub message: String,
    /// The rule's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where more is told of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The file.
    pub path: String,
    /// The place.
    pub span: Span,
    /// The text at the place.
    pub text: String,
    /// What else belongs to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// What the rule would put there.
    #[serde(skip)]
    pub fix: Option<Fix>,
    /// Why the fix cannot be made here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfixed: Option<String>,
}

/// A fix of one finding.
#[derive(Debug, Clone)]
pub struct Fix {
    /// The edits, in order, none touching the next.
    pub edits: Vec<Edit>,
    /// What the rule says of it.
    pub title: Option<String>,
}

/// A place that belongs to a finding.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Label {
    /// `primary` for the cause, `secondary` for what surrounds it.
    pub style: &'static str,
    /// What the rule says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The place.
    pub span: Span,
    /// The text at the place.
    pub text: String,
}

/// A fix that is laid beside the rule's own pattern, so that it changes tokens only. Others are ast-grep's: texts built
/// by `transform`, ranges widened by `expandEnd`, fixes of rules that have no pattern of their own.
pub struct OwnFix {
    matcher: Matcher,
    template: Template,
}

impl OwnFix {
    /// The fix of a rule document.
    pub fn of(document: &Json, lang: Lang) -> Option<OwnFix> {
        let fix = document.get("fix")?.as_str()?;
        if document.get("transform").is_some() {
            return None;
        }
        let written = Written::of_rule(document.get("rule")?)?;
        Some(OwnFix { matcher: Matcher::written(written, lang).ok()?, template: Template::new(fix, lang).ok()? })
    }
}

/// A finding of a rule at a match.
pub fn finding(
    rule: &RuleConfig<Lang>,
    own: Option<&OwnFix>,
    found: NodeMatch<'_, Doc>,
    source: &Arc<Source>,
) -> Finding {
    let range = found.range();
    let labels = rule.get_labels(&found).into_iter().map(|label| Label {
        style: match label.style {
            LabelStyle::Primary => "primary",
            LabelStyle::Secondary => "secondary",
        },
        message: label.message.map(str::to_owned),
        span: source.span(&label.range()),
        text: source.text()[label.range()].to_owned(),
    });
    let (labels, message, text) = (labels.collect(), rule.get_message(&found), found.text().into_owned());
    let (mut fix, mut unfixed) = (None, None);
    if let Some(own) = own {
        match own.template.edits(&Found::new(source, found, &own.matcher)) {
            Ok(edits) => fix = Some(Fix { edits, title: None }),
            Err(error) => unfixed = Some(error.to_string()),
        }
    } else if let Some(fixer) = rule.fixer.first() {
        let range = fixer.get_replaced_range(&found, &rule.matcher);
        let text = String::from_utf8_lossy(&fixer.generate_replacement(&found)).into_owned();
        fix = Some(Fix { edits: vec![(range, text)], title: fixer.title().map(str::to_owned) });
    }
    Finding {
        rule: rule.id.clone(),
        severity: severity(&rule.severity),
        message,
        note: rule.note.clone(),
        url: rule.url.clone(),
        path: source.path.clone(),
        span: source.span(&range),
        text,
        labels,
        fix,
        unfixed,
    }
}

/// Takes away the fixes that would break the syntax of their file.
pub fn keep_syntax(source: &Source, findings: &mut [Finding]) {
    let mut end = 0;
    let mut all: Vec<&Edit> = Vec::new();
    // Those that overlap an earlier one wait for the next round.
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        if fix.edits.first().is_some_and(|(range, _)| range.start >= end) {
            end = fix.edits.last().map_or(end, |(range, _)| range.end);
            all.extend(&fix.edits);
        }
    }
    if is_parsed(source, &all) {
        return;
    }
    let fixable = findings.iter_mut().filter(|finding| finding.fix.is_some());
    for (number, finding) in fixable.enumerate() {
        let is_right = number < MAX_SINGLE
            && finding.fix.as_ref().is_some_and(|fix| is_parsed(source, &fix.edits.iter().collect::<Vec<_>>()));
        if !is_right {
            finding.fix = None;
            finding.unfixed = Some("the result would not be proper code".to_owned());
        }
    }
}
