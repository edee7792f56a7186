//! ast-grep rule files: many rules over one parse, with severities, fixes and suppression comments.

mod finding;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ast_grep_config::{
    CombinedScan, DeserializeEnv, GlobalRules, RuleCollection, RuleConfig, SerializableGlobalRule,
    SerializableRuleConfig, Severity, UNUSED_SUPPRESSION_ID, from_multiple,
};
use regex::Regex;
use serde_json::Value as Json;

use super::{Lang, Prefilter, Source};
use crate::core::{Error, Result};

pub use finding::Finding;
use finding::{OwnFix, finding, keep_syntax};

/// What a suppression comment has in it.
const SUPPRESSION: &[u8] = b"ast-grep-ignore";

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
    /// Its note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where more is told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it has a fix.
    pub has_fix: bool,
    /// The file it came from.
    pub file: String,
}

/// Rule files and how they are to be taken.
#[derive(Debug, Default)]
pub struct RuleFiles {
    /// Rules, as (path, YAML text); one file may hold several documents.
    pub rules: Vec<(String, String)>,
    /// Rules that others name with `matches`, likewise.
    pub utils: Vec<(String, String)>,
    /// Only rules whose ids match.
    pub filter: Option<Regex>,
    /// Severities by id, which go before the rules' own; that of the empty id goes for all.
    pub severities: HashMap<String, Severity>,
    /// Whether suppression comments that suppress nothing are told.
    pub tells_unused: bool,
}

/// A set of rules, compiled.
pub struct Rules {
    collection: RuleCollection<Lang>,
    list: Vec<Rule>,
    /// Rules of languages heck does not parse, as (path, language).
    foreign: Vec<(String, String)>,
    filters: Vec<(String, Lang, Prefilter)>,
    /// Fixes that change tokens only, by id and language.
    fixes: HashMap<(String, Lang), Option<OwnFix>>,
    unused: Vec<RuleConfig<Lang>>,
}

impl Rules {
    /// Compiles rule files.
    pub fn compile(files: &RuleFiles) -> Result<Rules> {
        let (mut configs, mut list, mut filters) = (Vec::new(), Vec::new(), Vec::new());
        let (mut foreign, mut fixes) = (Vec::new(), HashMap::new());
        let globals = globals(&files.utils)?;
        for (path, document) in documents(&files.rules)? {
            let id = document.get("id").and_then(Json::as_str).map(str::to_owned);
            if let Some(language) = unknown_language(&document) {
                foreign.push((path.to_owned(), language));
                continue;
            }
            if files.filter.as_ref().is_some_and(|filter| !filter.is_match(id.as_deref().unwrap_or_default())) {
                continue;
            }
            let mut config: SerializableRuleConfig<Lang> =
                serde_json::from_value(document.clone()).map_err(|e| unusable(path, id.as_deref(), &e))?;
            if let Some(severity) = files.severities.get(&config.id).or_else(|| files.severities.get("")) {
                config.severity = severity.clone();
            }
            let config = RuleConfig::try_from(config, &globals).map_err(|e| unusable(path, id.as_deref(), &e))?;
            list.push(describe(&config, path));
            let rule = document.get("rule");
            filters.push((config.id.clone(), config.language, Prefilter::of_rule(rule, config.language)));
            // Two rules may share an id: then neither's fix can be told from the other's.
            let own = OwnFix::of(&document, config.language);
            let known = fixes.entry((config.id.clone(), config.language));
            known.and_modify(|fix| *fix = None).or_insert(own);
            configs.push(config);
        }
        let mut unused = Vec::new();
        if files.tells_unused {
            let severity = files.severities.get(UNUSED_SUPPRESSION_ID).cloned().unwrap_or(Severity::Hint);
            unused.extend(Lang::ALL.map(|lang| CombinedScan::unused_config(severity.clone(), lang)));
        }
        let collection =
            RuleCollection::try_new(configs).map_err(|e| Error::invalid(format!("bad glob in a rule: {e}")))?;
        Ok(Rules { collection, list, foreign, filters, fixes, unused })
    }

    /// The rules.
    pub fn list(&self) -> &[Rule] {
        &self.list
    }

    /// Rules of languages heck does not parse, as (path, language).
    pub fn foreign(&self) -> &[(String, String)] {
        &self.foreign
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
        if !self.unused.is_empty() && memchr::memmem::find(bytes, SUPPRESSION).is_some() {
            return true;
        }
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
        let mut combined = CombinedScan::new(rules);
        if let Some(unused) = self.unused.iter().find(|rule| rule.language == source.lang()) {
            combined.set_unused_suppression_rule(unused);
        }
        let result = combined.scan(source.root(), false);
        let mut findings: Vec<Finding> = Vec::new();
        for (rule, found) in result.matches {
            let fix = self.fixes.get(&(rule.id.clone(), rule.language)).and_then(Option::as_ref);
            findings.extend(found.into_iter().map(|found| finding(rule, fix, found, source)));
        }
        // As ast-grep meets them: what is outside before what is inside, and of one place by id.
        findings.sort_by(|a, b| {
            let key = |found: &Finding| (found.span.byte.0, std::cmp::Reverse(found.span.byte.1));
            key(a).cmp(&key(b)).then_with(|| a.rule.cmp(&b.rule))
        });
        keep_syntax(source, &mut findings);
        findings
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rules({})", self.list.len())
    }
}

/// The documents of rule files, each with its file's path.
fn documents(files: &[(String, String)]) -> Result<Vec<(&str, Json)>> {
    let mut all = Vec::new();
    for (path, text) in files {
        let documents: Vec<Json> = from_multiple(text).map_err(|e| unusable(path, None, innermost(&e)))?;
        all.extend(documents.into_iter().map(|mut document| {
            words(&mut document);
            (path.as_str(), document)
        }));
    }
    Ok(all)
}

/// The rules that all others may name.
fn globals(files: &[(String, String)]) -> Result<GlobalRules> {
    let mut utils = Vec::new();
    let documents = documents(files)?;
    for (path, document) in documents {
        if unknown_language(&document).is_none() {
            let util: SerializableGlobalRule<Lang> =
                serde_json::from_value(document).map_err(|e| unusable(path, None, &e))?;
            utils.push(util);
        }
    }
    let first = files.first().map_or("", |(path, _)| path);
    DeserializeEnv::parse_global_utils(utils).map_err(|e| unusable(first, None, &e))
}

/// The language of a rule, if heck does not parse it.
fn unknown_language(document: &Json) -> Option<String> {
    let language = document.get("language")?.as_str()?;
    Lang::from_name(language).is_err().then(|| language.to_owned())
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
        note: config.note.clone(),
        url: config.url.clone(),
        has_fix: config.fix.is_some(),
        file: path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ast::parse;

    fn compile(text: &str) -> Result<Rules> {
        Rules::compile(&RuleFiles { rules: vec![("r.yml".into(), text.into())], ..RuleFiles::default() })
    }

    const RULES: &str = "id: no-log\nlanguage: ts\nseverity: warning\nmessage: no $A here\nrule: { pattern: console.log($A) }\nfix: log($A)\n---\nid: no-var\nlanguage: TypeScript\nrule: { kind: variable_declaration }\n";

    #[test]
    fn rules_find_fix_and_obey_suppressions() -> Result<()> {
        let rules = compile(RULES)?;
        let text = "var a = 1;\n// ast-grep-ignore\nvar b = 2;\nconsole.log(a);\n";
        let source = Arc::new(parse("x.ts", text.into(), Lang::TypeScript)?);
        let found = rules.scan(&source);
        let shown: Vec<_> = found.iter().map(|f| (f.rule.as_str(), f.span.from.line, f.message.as_str())).collect();
        assert_eq!(shown, [("no-var", 1, ""), ("no-log", 4, "no a here")]);
        assert_eq!(found[1].fix.as_ref().map(|fix| fix.edits.clone()), Some(vec![(41..49, String::new())]));
        assert!(!rules.may_match("x.py", Lang::Python, b"console.log"));
        let twins =
            "id: a\nlanguage: ts\nrule: { pattern: foo() }\n---\nid: a\nlanguage: ts\nrule: { pattern: bar() }\n";
        let twins = compile(twins)?;
        assert!(
            twins.may_match("x.ts", Lang::TypeScript, b"bar()") && !twins.may_match("x.ts", Lang::TypeScript, b"baz()")
        );
        Ok(())
    }

    #[test]
    fn a_bad_rule_names_its_file() {
        let error = compile("id: x\nlanguage: ts\nrule: { patern: a }").err();
        assert!(error.is_some_and(|e| e.to_string().starts_with("r.yml")));
    }

    #[test]
    fn files_may_hold_rules_of_other_languages_and_rules_that_others_name() -> Result<()> {
        let files = RuleFiles {
            rules: vec![(
                "r.yml".into(),
                "id: a\nlanguage: rust\nrule: { pattern: f() }\n---\nid: b\nlanguage: ts\nrule: { matches: is-f }\n"
                    .into(),
            )],
            utils: vec![("u.yml".into(), "id: is-f\nlanguage: ts\nrule: { pattern: f() }\n".into())],
            severities: HashMap::from([(String::new(), Severity::Error), ("c".to_owned(), Severity::Off)]),
            tells_unused: true,
            ..RuleFiles::default()
        };
        let rules = Rules::compile(&files)?;
        assert_eq!(rules.foreign(), [("r.yml".to_owned(), "rust".to_owned())]);
        let source = Arc::new(parse("x.ts", "f();\n// ast-grep-ignore\ng();\n".to_owned(), Lang::TypeScript)?);
        let found: Vec<_> = rules.scan(&source).into_iter().map(|found| (found.rule, found.severity)).collect();
        assert_eq!(found, [("b".to_owned(), "error"), ("unused-suppression".to_owned(), "hint")]);
        Ok(())
    }

    #[test]
    fn a_fix_changes_tokens_only_where_the_rule_has_a_pattern_of_its_own() -> Result<()> {
        let text = "foo(\n  a, // why\n  `x\n y`,\n);\n";
        let source = Arc::new(parse("x.ts", text.to_owned(), Lang::TypeScript)?);
        let own = compile("id: a\nlanguage: ts\nrule: { pattern: foo($$$A) }\nfix: bar($$$A)\n")?.scan(&source);
        let edits = own[0].fix.as_ref().map(|fix| fix.edits.clone());
        assert_eq!(edits, Some(vec![(0..3, "bar".to_owned())]));
        let any = compile("id: a\nlanguage: ts\nrule: { any: [{ pattern: foo($$$A) }] }\nfix: bar()\n")?.scan(&source);
        let edits = any[0].fix.as_ref().map(|fix| fix.edits.clone());
        assert_eq!(edits, Some(vec![(0..text.len() - 2, "bar()".to_owned())]));
        Ok(())
    }
}
