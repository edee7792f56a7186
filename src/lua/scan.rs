//! Rule files as they come from Lua, and findings as they go there.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Lua, Table, Value};
use regex::Regex;

use super::args::Options;
use super::context::Context;
use super::convert;
use crate::core::ast::{Finding, Order, RuleFiles, Rules, Source, Visit, parse, search};
use crate::core::repo::FileQuery;
use crate::core::{Error, Result};

/// What `heck.ast.scan` may be told.
pub const SCAN_OPTIONS: [&str; 10] =
    ["filter", "globs", "hidden", "ignored", "lang", "paths", "severities", "text", "unused", "utils"];

/// Runs rule files, given as a list of `{ path = …, text = … }`, over the repository or a text.
pub fn scan(lua: &Lua, cx: &Rc<Context>, files: &Table, options: &Options, mut query: FileQuery) -> Result<Table> {
    let rules = Rules::compile(&rule_files(files, options)?)?;
    let mut findings: Vec<(Finding, String)> = Vec::new();
    if let Some(text) = options.string("text")? {
        let lang = *query.langs.first().ok_or_else(|| options.bad("text", "needs lang beside it"))?;
        findings = found(&rules, parse("", text, lang)?);
    } else {
        if query.langs.is_empty() {
            query.langs = rules.langs();
        }
        let repo = cx.repo()?;
        let visit = |visit: Visit<'_>| {
            let lang = visit.file.lang?;
            if !rules.may_match(&visit.file.path, lang, visit.bytes) {
                return None;
            }
            let path = &visit.file.path;
            Some(found(&rules, parse(path, visit.into_text()?, lang).ok()?))
        };
        let list = repo.files(&query, &cx.host.cancel)?;
        search(repo.root(), &list, &cx.host.cancel, Order::LargestFirst, visit, |found| {
            findings.extend(found);
            true
        })?;
    }
    let values = findings.iter().map(|(finding, base)| to_lua(lua, finding, base));
    let result = lua.create_table()?;
    result.raw_set("findings", convert::list(lua, values.collect::<mlua::Result<Vec<_>>>()?)?)?;
    let list = rules.list().iter().map(|rule| convert::from_serde(lua, rule)).collect::<mlua::Result<Vec<_>>>()?;
    result.raw_set("rules", convert::list(lua, list)?)?;
    let foreign = rules.foreign().iter().map(|(path, language)| {
        let rule = lua.create_table()?;
        rule.raw_set("file", path.as_str())?;
        rule.raw_set("language", language.as_str())?;
        Ok(rule)
    });
    result.raw_set("foreign", convert::list(lua, foreign.collect::<mlua::Result<Vec<_>>>()?)?)?;
    Ok(result)
}

fn rule_files(files: &Table, options: &Options) -> Result<RuleFiles> {
    let filter = options.string("filter")?.map(|filter| Regex::new(&filter)).transpose();
    let filter = filter.map_err(|e| Error::usage(format!("'filter' is no regular expression: {e}")))?;
    let mut severities = HashMap::new();
    if let Some(given) = options.table("severities")? {
        for pair in given.pairs::<String, String>() {
            let (id, name) = pair?;
            let severity = name.parse().map_err(|_| {
                Error::usage(format!("unknown severity '{name}'")).hint("it is one of error, warning, info, hint, off")
            })?;
            severities.insert(id, severity);
        }
    }
    let utils = options.table("utils")?.map_or(Ok(Vec::new()), |utils| texts(&utils))?;
    Ok(RuleFiles { rules: texts(files)?, utils, filter, severities, tells_unused: options.flag("unused")? })
}

fn texts(files: &Table) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for n in 1..=files.raw_len() {
        let file: Table = files.raw_get(n)?;
        texts.push((file.get::<String>("path")?, file.get::<String>("text")?));
    }
    Ok(texts)
}

/// The findings in a file, each with the digest its edits belong to.
fn found(rules: &Rules, source: Source) -> Vec<(Finding, String)> {
    let source = Arc::new(source);
    let findings = rules.scan(&source);
    findings.into_iter().map(|finding| (finding, source.digest().to_owned())).collect()
}

fn to_lua(lua: &Lua, finding: &Finding, base: &str) -> mlua::Result<Value> {
    let value = convert::from_serde(lua, finding)?;
    if let (Value::Table(table), Some(fix)) = (&value, &finding.fix) {
        let edits = fix.edits.iter().map(|(range, text)| {
            let edit = lua.create_table()?;
            edit.raw_set("path", finding.path.as_str())?;
            edit.raw_set("from", range.start)?;
            edit.raw_set("to", range.end)?;
            edit.raw_set("text", text.as_str())?;
            edit.raw_set("base", base)?;
            Ok(edit)
        });
        let shown = lua.create_table()?;
        shown.raw_set("edits", convert::list(lua, edits.collect::<mlua::Result<Vec<_>>>()?)?)?;
        shown.raw_set("title", fix.title.as_deref())?;
        table.raw_set("fix", shown)?;
    }
    Ok(value)
}
