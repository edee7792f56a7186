//! `heck.ast`: parse, find and rewrite code by structure, over a text or the whole repository.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{Lua, Table, Value};

use crate::core::ast::{Found, Lang, Matcher, Template, loose, parse};
use crate::core::{Error, Kind, Result, fs};
use crate::lua::args::{Args, Options, call};
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::scan::{SCAN_OPTIONS, scan};
use crate::lua::userdata::{Matches, NodeRef, PatternRef, Query, Sought};

use super::repo::file_query;

const QUERY_OPTIONS: [&str; 11] =
    ["globs", "hidden", "ignored", "lang", "limit", "loose", "outermost", "paths", "selector", "strictness", "where"];

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "ast")?
        .func("parse", |_, _, args| {
            let options = args.options(2, &["lang", "path"])?;
            let path = options.string("path")?.unwrap_or_default();
            let lang = match options.string("lang")? {
                Some(name) => Lang::from_name(&name)?,
                None => Lang::from_path(&path)
                    .ok_or_else(|| options.bad("lang", "is needed where no path tells the language"))?,
            };
            let source = Arc::new(parse(&path, args.string(1, "text")?, lang)?);
            Ok(NodeRef(Found::root(&source)))
        })?
        .func("open", |_, cx, args| {
            let options = args.options(2, &["lang"])?;
            let path = args.string(1, "path")?;
            let lang = match options.string("lang")? {
                Some(name) => Lang::from_name(&name)?,
                None => Lang::from_path(&path).ok_or_else(|| {
                    Error::usage(format!("heck.ast.open: '{path}' is in no language that heck parses"))
                        .hint("pass { lang = … } if its ending does not tell")
                })?,
            };
            let bytes = fs::read(&cx.repo()?.inside(&path)?)?;
            let text =
                String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{path} is not UTF-8")).path(&path))?;
            Ok(NodeRef(Found::root(&Arc::new(parse(&path, text, lang)?))))
        })?
        .func("each", |lua, cx, args| matches(lua, cx, &args, None))?
        .func("find", |lua, cx, args| {
            Ok(matches(lua, cx, &args, Some(1))?.find_all()?.into_iter().next().map(NodeRef))
        })?
        .func("find_all", |lua, cx, args| {
            let found = matches(lua, cx, &args, None)?.find_all()?;
            Ok(convert::list(lua, found.into_iter().map(NodeRef))?)
        })?
        .func("pattern", |_, _, args| {
            let options = args.options(2, &["loose", "selector", "strictness"])?;
            Ok(PatternRef::new(sought(&args, &options)?))
        })?
        .func("debug", |_, _, args| {
            let options = args.options(2, &["lang"])?;
            let name = options.string("lang")?.ok_or_else(|| options.bad("lang", "is needed"))?;
            describe(&args.string(1, "pattern")?, Lang::from_name(&name)?)
        })?
        .func("check", |lua, _, args| {
            let options = args.options(2, &["lang"])?;
            let pattern = args.string(1, "pattern")?;
            let named = options.strings("lang")?;
            let langs = named.iter().map(|name| Lang::from_name(name)).collect::<Result<Vec<_>>>()?;
            let langs = if langs.is_empty() { own_langs(&pattern) } else { langs };
            let mut missed = Vec::new();
            for lang in langs {
                for says in loose(&pattern, lang).misses {
                    let one = lua.create_table()?;
                    one.raw_set("lang", lang.name())?;
                    one.raw_set("misses", says)?;
                    missed.push(one);
                }
            }
            Ok(convert::list(lua, missed)?)
        })?
        .wait("walk", |lua, _, args| async move { walk(&lua, &args).await })?
        .func("render", |lua, _, args| {
            args.at_most(2)?;
            let node = node(&args, 1)?;
            let edits = args.table(2, "edits")?;
            Ok(lua.create_string(apply_edits(node.0.source().text(), &edits)?)?)
        })?
        .func("scan", |lua, cx, args| {
            let options = args.options(2, &SCAN_OPTIONS)?;
            let query = file_query(&options)?;
            scan(lua, cx, &args.table(1, "rules")?, &options, query)
        })?;
    Ok(module.build())
}

fn node(args: &Args, at: usize) -> Result<NodeRef> {
    match args.value(at) {
        Value::UserData(data) => {
            Ok(data.borrow::<NodeRef>().map_err(|_| args.wrong("node", "a node", &args.value(at)))?.clone())
        }
        other => Err(args.wrong("node", "a node", &other)),
    }
}

/// The language in which a pattern is proper code, if it is one alone; of those that share their code the first.
fn own_langs(pattern: &str) -> Vec<Lang> {
    let is_proper = |lang: &Lang| Matcher::pattern(pattern, *lang, None).is_ok_and(|matcher| !matcher.has_error());
    let proper: Vec<Lang> = Lang::ALL.into_iter().filter(is_proper).collect();
    match proper.as_slice() {
        [first, rest @ ..] if rest.iter().all(|lang| lang.family() == first.family()) => vec![*first],
        _ => Vec::new(),
    }
}

/// A search that has not begun.
fn matches(lua: &Lua, cx: &Rc<Context>, args: &Args, limit: Option<usize>) -> Result<Matches> {
    let options = args.options(2, &QUERY_OPTIONS)?;
    let filter = match options.value("where")? {
        Value::Nil => None,
        Value::Function(filter) => Some(filter),
        _ => return Err(options.bad("where", "takes a function")),
    };
    let mut query = query(cx, args, &options)?;
    query.limit = limit.or(query.limit);
    Ok(Matches::new(lua, query, filter, cx))
}

/// Compiles the pattern once for each language that is looked at.
fn query(cx: &Rc<Context>, args: &Args, options: &Options) -> Result<Query> {
    let (mut files, sought) = (file_query(options)?, sought(args, options)?);
    let is_explicit = !files.langs.is_empty();
    let langs = if is_explicit { files.langs.clone() } else { Lang::ALL.to_vec() };
    let (mut matchers, mut first_error) = (Vec::new(), None);
    for lang in langs {
        match sought.compile(lang) {
            // Without a named language a pattern is for those in which it is proper code.
            Ok(matcher) if is_explicit || !matcher.has_error() => matchers.push(matcher),
            Ok(_) => {}
            Err(error) if error.kind() == Kind::Usage || is_explicit => return Err(error),
            Err(error) => drop(first_error.get_or_insert(error)),
        }
    }
    if matchers.is_empty() {
        let fallback = || {
            Error::invalid("the pattern is proper code in no language heck parses")
                .hint("complete it, or name a language (--lang ts, in Lua { lang = \"ts\" }) and see how it is read: `heck find --debug-query`")
        };
        return Err(first_error.unwrap_or_else(fallback));
    }
    for matcher in matchers.iter().filter(|matcher| matcher.has_error()) {
        let warning = format!("the pattern does not parse cleanly as {}: it may miss places", matcher.lang().name());
        cx.ui.note(&format!("warning: {warning}"))?;
        cx.host.warn(warning);
    }
    files.langs = matchers.iter().map(Matcher::lang).collect();
    let (outermost, limit) = (options.flag("outermost")?, options.count("limit")?);
    Ok(Query { repo: cx.repo()?.clone(), files, matchers, outermost, limit, skipped: std::sync::Mutex::default() })
}

/// What is looked for: the first argument, with the options that say how.
fn sought(args: &Args, options: &Options) -> Result<Sought> {
    let (strictness, selector) = (options.string("strictness")?, options.string("selector")?);
    match args.value(1) {
        Value::String(text) => {
            let text = text.to_str().map_err(|_| Error::usage("the pattern is not valid UTF-8"))?.to_owned();
            let loose = options.flag("loose")?;
            if loose && (strictness.is_some() || selector.is_some()) {
                return Err(options.bad("loose", "goes with neither 'strictness' nor 'selector'"));
            }
            Ok(Sought::Text { text, strictness, selector, loose })
        }
        Value::Table(_) => Ok(Sought::Rule(convert::to_json(&args.value(1))?.to_string())),
        Value::UserData(data) if data.is::<PatternRef>() => Ok(data.borrow::<PatternRef>()?.sought.clone()),
        other => Err(args.wrong("pattern", "a string, a rule table or a pattern", &other)),
    }
}

/// How a pattern is understood: its syntax tree, and the words that files are ruled out by.
fn describe(pattern: &str, lang: Lang) -> Result<String> {
    use ast_grep_core::Language;
    let matcher = Matcher::pattern(pattern, lang, None)?;
    let source = parse("", lang.pre_process_pattern(pattern).into_owned(), lang)?;
    let tokens = matcher.prefilter().tokens();
    let tree = source.root().root().get_inner_node().to_sexp();
    let clean = if matcher.has_error() { "\nthe pattern does not parse cleanly" } else { "" };
    Ok(format!(
        "tree: {tree}\nevery match has: {}{clean}",
        if tokens.is_empty() { "(nothing certain)" } else { &tokens }
    ))
}

/// Walks a tree with handlers keyed by kind or pattern; what they return is the edit.
async fn walk(lua: &Lua, args: &Args) -> Result<Table> {
    args.at_most(2)?;
    let (root, handlers) = (node(args, 1)?, args.table(2, "handlers")?);
    let lang = root.0.source().lang();
    let mut places: Vec<(usize, Found, mlua::Function)> = Vec::new();
    for pair in handlers.pairs::<String, Value>() {
        let (key, handler) = pair?;
        let Value::Function(handler) = handler else {
            return Err(args.wrong(&format!("handlers[{key:?}]"), "a function", &handler));
        };
        let is_kind = key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let matcher = match is_kind {
            true => Matcher::rule(&serde_json::json!({ "kind": key }), lang)?,
            false => Matcher::pattern(&key, lang, None)?,
        };
        places.extend(root.0.find_all(&matcher).into_iter().map(|found| (found.range().start, found, handler.clone())));
    }
    // Document order, outer before inner, whatever order the table of handlers has.
    places.sort_by_key(|(start, found, _)| (*start, std::cmp::Reverse(found.range().end)));
    let edits = lua.create_table()?;
    for (_, found, handler) in places {
        let given = call(lua, handler, mlua::MultiValue::from_iter([lua.pack(NodeRef(found.clone()))?])).await?;
        let text = match given.into_iter().next().unwrap_or(Value::Nil) {
            Value::Nil | Value::Boolean(true) => continue,
            Value::Boolean(false) => String::new(),
            Value::String(text) => {
                for (range, text) in Template::new(&text.to_string_lossy(), lang)?.edits(&found)? {
                    edits.push(crate::lua::userdata::edit(lua, &found, range, &text)?)?;
                }
                continue;
            }
            // Edits, as the node's own methods give them.
            Value::Table(given) if matches!(given.raw_get(1)?, Value::Table(_)) => {
                for n in 1..=given.raw_len() {
                    edits.push(given.raw_get::<Table>(n)?)?;
                }
                continue;
            }
            Value::Table(parts) => {
                let parts =
                    (1..=parts.raw_len()).map(|n| parts.raw_get::<String>(n)).collect::<mlua::Result<Vec<_>>>()?;
                parts.join("\n")
            }
            other => {
                return Err(Error::usage(format!("a handler returned a {}", other.type_name())).hint(
                    "return nil to leave the node, a string to replace it, a list to splice, false to delete, or edits",
                ));
            }
        };
        edits.push(crate::lua::userdata::edit(lua, &found, found.range(), &text)?)?;
    }
    Ok(edits)
}

fn apply_edits(text: &str, edits: &Table) -> Result<Vec<u8>> {
    let mut ranges = Vec::new();
    for n in 1..=edits.raw_len() {
        let edit: Table = edits.raw_get(n)?;
        ranges.push((
            edit.get::<usize>("from")?,
            edit.get::<usize>("to")?,
            edit.get::<mlua::LuaString>("text")?.as_bytes().to_vec(),
        ));
    }
    ranges.sort();
    let (mut out, mut copied) = (Vec::with_capacity(text.len()), 0);
    for (from, to, new) in ranges {
        let Some(kept) = text.as_bytes().get(copied..from).filter(|_| from <= to && to <= text.len()) else {
            return Err(Error::new(
                Kind::Conflict,
                format!("the edits overlap or leave the text at bytes {from}..{to}"),
            ));
        };
        out.extend_from_slice(kept);
        out.extend(new);
        copied = to;
    }
    out.extend_from_slice(&text.as_bytes()[copied..]);
    Ok(out)
}
