//! ast-grep rule files: many rules over one parse, with severities, fixes and suppression comments.

use std::path::Path;
use std::sync::Arc;

use ast_grep_config::{
    CombinedScan, GlobalRules, RuleCollection, RuleConfig, SerializableRuleConfig, Severity, from_multiple,
};
use ast_grep_core::NodeMatch;
use ast_grep_core::replacer::Replacer;

use serde_json::Value as Json;

use super::source::Doc;
use super::{Lang, Prefilter, Source};
use crate::core::text::Span;
use crate::core::{Error, Result};

/// One rule, as shown to users.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Its language.
    pub language: &'static str,
    /// `hint`, `info`, `warning`, `error` or `off`.
    pub severity: &'static str,
    /// Its message.
    pub message: String,
    /// Whether it has a fix.
    pub has_fix: bool,
    /// The file it came from.
    pub file: String,
}

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
    /// The file.
    pub path: String,
    /// The place.
    pub span: Span,
    /// The text at the place.
    pub text: String,
    /// What the rule would put there: byte range and text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<(usize, usize, String)>,
}

/// A set of rules, compiled.
pub struct Rules {
    collection: RuleCollection<Lang>,
    list: Vec<Rule>,
    filters: Vec<(String, Lang, Prefilter)>,
}

impl Rules {
    /// Compiles rule files, given as (path, YAML text); one file may hold several documents.
    pub fn compile(files: &[(String, String)]) -> Result<Rules> {
        let (mut configs, mut list, mut filters) = (Vec::new(), Vec::new(), Vec::new());
        for (path, text) in files {
            let documents: Vec<Json> = from_multiple(text).map_err(|e| unusable(path, None, innermost(&e)))?;
            for mut document in documents {
                words(&mut document);
                let id = document.get("id").and_then(Json::as_str).map(str::to_owned);
                let config: SerializableRuleConfig<Lang> =
                    serde_json::from_value(document).map_err(|e| unusable(path, id.as_deref(), &e))?;
                let config = RuleConfig::try_from(config, &GlobalRules::default())
                    .map_err(|e| unusable(path, id.as_deref(), &e))?;
                list.push(describe(&config, path));
                let rule = serde_json::to_value(&config.core.rule).ok();
                filters.push((config.id.clone(), config.language, Prefilter::of_rule(rule.as_ref(), config.language)));
                configs.push(config);
            }
        }
        let collection =
            RuleCollection::try_new(configs).map_err(|e| Error::invalid(format!("bad glob in a rule: {e}")))?;
        Ok(Rules { collection, list, filters })
    }

    /// The rules.
    pub fn list(&self) -> &[Rule] {
        &self.list
    }

    /// The languages that some rule is for.
    pub fn langs(&self) -> Vec<Lang> {
        let mut langs: Vec<Lang> = self.list.iter().filter_map(|rule| Lang::from_name(rule.language).ok()).collect();
        langs.sort();
        langs.dedup();
        langs
    }

    /// Tells whether any rule for this file could find something in it.
    pub fn may_match(&self, path: &str, lang: Lang, bytes: &[u8]) -> bool {
        self.collection.get_rule_from_lang(Path::new(path), lang).iter().any(|rule| {
            // Two rules may share an id: then either's filter lets the file through.
            self.filters.iter().any(|(id, of, filter)| *id == rule.id && *of == lang && filter.accepts(bytes))
        })
    }

    /// What the rules find in one parsed file, in order of place.
    pub fn scan(&self, source: &Arc<Source>) -> Vec<Finding> {
        let rules = self.collection.get_rule_from_lang(Path::new(&source.path), source.lang());
        if rules.is_empty() {
            return Vec::new();
        }
        let combined = CombinedScan::new(rules);
        let result = combined.scan(source.root(), false);
        let mut findings: Vec<Finding> = result
            .matches
            .iter()
            .flat_map(|(rule, found)| found.iter().map(|found| finding(rule, found, source)))
            .collect();
        findings.sort_by(|a, b| (a.span.byte, &a.rule).cmp(&(b.span.byte, &b.rule)));
        findings
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rules({})", self.list.len())
    }
}

/// YAML reads `message: 404` as a number; where a rule has words, it is one.
fn words(value: &mut Json) {
    const WORDS: [&str; 12] =
        ["id", "message", "note", "url", "fix", "template", "pattern", "kind", "regex", "context", "selector", "field"];
    match value {
        Json::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Json::Number(_) | Json::Bool(_) if WORDS.contains(&key.as_str()) => {
                        *value = value.to_string().into()
                    }
                    other => words(other),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(words),
        _ => {}
    }
}

/// What is wrong with a rule file: the innermost cause that says something new, and which rule has it.
fn unusable(path: &str, id: Option<&str>, error: &dyn std::error::Error) -> Error {
    let mut said = vec![error.to_string()];
    let causes = std::iter::successors(error.source(), |e| e.source()).map(ToString::to_string);
    for cause in causes {
        // Some of these errors already quote their cause.
        if !said.iter().any(|text| text.contains(&cause)) {
            said.push(cause);
        }
    }
    let rule = id.map_or(String::new(), |id| format!("rule '{id}': "));
    Error::invalid(format!("{path}: {rule}{}", said.join(": ")))
        .path(path)
        .hint("rule files are ast-grep's: id, language, rule, and optionally message, severity, fix")
}

/// The YAML reader wraps its message with a picture of the text; the cause alone is one line.
fn innermost<'e>(error: &'e (dyn std::error::Error + 'static)) -> &'e (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |e| e.source()).last().unwrap_or(error)
}

fn severity(severity: &Severity) -> &'static str {
    match severity {
        Severity::Off => "off",
        Severity::Hint => "hint",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn describe(config: &RuleConfig<Lang>, path: &str) -> Rule {
    Rule {
        id: config.id.clone(),
        language: config.language.name(),
        severity: severity(&config.severity),
        message: config.message.clone(),
        has_fix: config.fix.is_some(),
        file: path.to_owned(),
    }
}

fn finding(rule: &RuleConfig<Lang>, found: &NodeMatch<'_, Doc>, source: &Arc<Source>) -> Finding {
    let range = found.range();
    let fix = rule.fixer.first().map(|fixer| {
        let range = fixer.get_replaced_range(found, &rule.matcher);
        let bytes = fixer.generate_replacement(found);
        (range.start, range.end, String::from_utf8_lossy(&bytes).into_owned())
    });
    Finding {
        rule: rule.id.clone(),
        severity: severity(&rule.severity),
        message: rule.get_message(found),
        note: rule.note.clone(),
        path: source.path.clone(),
        span: source.span(&range),
        text: found.text().into_owned(),
        fix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ast::parse;

    const RULES: &str = "id: no-log\nlanguage: ts\nseverity: warning\nmessage: no $A here\nrule: { pattern: console.log($A) }\nfix: log($A)\n---\nid: no-var\nlanguage: TypeScript\nrule: { kind: variable_declaration }\n";

    #[test]
    fn rules_find_fix_and_obey_suppressions() -> Result<()> {
        let rules = Rules::compile(&[("r.yml".into(), RULES.into())])?;
        let text = "var a = 1;\n// ast-grep-ignore\nvar b = 2;\nconsole.log(a);\n";
        let source = Arc::new(parse("x.ts", text.into(), Lang::TypeScript)?);
        let found = rules.scan(&source);
        let shown: Vec<_> = found.iter().map(|f| (f.rule.as_str(), f.span.from.line, f.message.as_str())).collect();
        assert_eq!(shown, [("no-var", 1, ""), ("no-log", 4, "no a here")]);
        assert_eq!(found[1].fix.as_ref().map(|(_, _, text)| text.as_str()), Some("log(a)"));
        assert!(!rules.may_match("x.py", Lang::Python, b"console.log"));
        let twins =
            "id: a\nlanguage: ts\nrule: { pattern: foo() }\n---\nid: a\nlanguage: ts\nrule: { pattern: bar() }\n";
        let twins = Rules::compile(&[("r.yml".into(), twins.into())])?;
        assert!(
            twins.may_match("x.ts", Lang::TypeScript, b"bar()") && !twins.may_match("x.ts", Lang::TypeScript, b"baz()")
        );
        Ok(())
    }

    #[test]
    fn a_bad_rule_names_its_file() {
        let error = Rules::compile(&[("bad.yml".into(), "id: x\nlanguage: ts\nrule: { patern: a }".into())]).err();
        assert!(error.is_some_and(|e| e.to_string().starts_with("bad.yml")));
    }
}
