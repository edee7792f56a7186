//! `heck.refactor`: changes that keep the behaviour of code, across files.

use std::ops::Range;
use std::rc::Rc;

use mlua::{Lua, Table, Value};

use crate::core::lsp::Answer;
use crate::core::patch::digest;
use crate::core::path::RepoPath;
use crate::core::refactor::{
    Added, Agreement, Change, Doubt, Meaning, Meanings, Move, Moves, NameEdit, Offer, Place, Project, Rename, Renamed,
    Shape, WithFile, agree, bare, export, extract, find_place, find_range, inline, move_path, move_symbols, rename,
    signature,
};
use crate::core::repo::FileQuery;
use crate::core::text::LineIndex;
use crate::core::{Error, Result};
use crate::lua::args::{Args, Options, check_keys};
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::server::Backend;
use crate::lua::tree::Files;
use crate::lua::userdata::NodeRef;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "refactor")?
        .wait("rename", |lua, cx, args| async move {
            args.at_most(3)?;
            let server = Backend::of(&args.options(3, &["server", "with"])?)?;
            let files = Files::of(&cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let what = Rename { path: &path, offset, to: &args.string(2, "name")? };
            let found = rename(&mut project, &what);
            let Some(server) = server else { return told(&lua, &mut project, &found?) };
            let mut renamed = found.or_else(|error| bare(&mut project, &what, error))?;
            let answer = server.ask(&cx, &files, &mut project, &what, &renamed.name).await?;
            let edit = |(path, span, text): &(String, Range<usize>, String)| NameEdit {
                place: Place { path: path.clone(), span: span.clone() },
                text: text.clone(),
            };
            let agreement = agree(&mut renamed, answer.edits.iter().map(edit).collect());
            let table = told(&lua, &mut project, &renamed)?;
            table.raw_set("server", agreed(&lua, &mut project, &answer, &agreement)?)?;
            Ok(table)
        })?
        .func("find", |lua, cx, args| {
            args.at_most(1)?;
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let found = Meanings::new(&mut project).find(&path, offset);
            found.map(|found| meaning(lua, &mut project, &found)).transpose()
        })?
        .func("find_all", |lua, cx, args| {
            args.at_most(1)?;
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let nodes = nodes(&args)?;
            let mut meanings = Meanings::new(&mut project);
            let found: Vec<_> = nodes.iter().map(|(path, offset)| meanings.find(path, *offset)).collect();
            let mut all = Vec::new();
            for one in found {
                all.push(match one {
                    Some(found) => meaning(lua, &mut project, &found)?,
                    None => {
                        let table = lua.create_table()?;
                        table.raw_set("kind", "unknown")?;
                        table
                    }
                });
            }
            convert::list(lua, all).map_err(Into::into)
        })?
        .func("inline", |lua, cx, args| {
            let is_here = args.options(2, &["here"])?.flag("here")?;
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let inlined = inline(&mut project, &path, offset, is_here)?;
            let table = changed(lua, &mut project, &inlined.name, inlined.kind, &inlined.edits)?;
            table.raw_set("uses", inlined.uses)?;
            Ok(table)
        })?
        .func("export", |lua, cx, args| {
            args.at_most(2)?;
            let options = args.options(2, &["as"])?;
            let offer = match options.string("as")?.as_deref() {
                None | Some("named") => Offer::Named,
                Some("default") => Offer::Default,
                Some("none") => Offer::None,
                Some(_) => return Err(options.bad("as", "is 'named', 'default' or 'none'")),
            };
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let found = export(&mut project, &path, offset, offer)?;
            let table = changed(lua, &mut project, &found.name, found.kind, &found.edits)?;
            table.raw_set("doubts", doubts(lua, &mut project, &found.doubts)?)?;
            Ok(table)
        })?
        .func("extract", |lua, cx, args| {
            args.at_most(3)?;
            let options = args.options(3, &["as"])?;
            let into = match options.string("as")?.as_deref() {
                None => None,
                Some("variable") => Some(Shape::Variable),
                Some("function") => Some(Shape::Function),
                Some(_) => return Err(options.bad("as", "is 'variable' or 'function'")),
            };
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, range) = match node(&args) {
                Some(found) => found,
                None => find_range(&mut project, &args.string(1, "place")?)?,
            };
            let name = args.string(2, "name")?;
            let extracted = extract(&mut project, &path, &range, &name, into)?;
            let table = changed(lua, &mut project, &name, extracted.kind, &extracted.edits)?;
            table.raw_set("doubts", doubts(lua, &mut project, &extracted.doubts)?)?;
            Ok(table)
        })?
        .func("move", |lua, cx, args| {
            args.at_most(3)?;
            let options = args.options(3, &["keep"])?;
            let to = RepoPath::for_change(&args.path(2, "to")?)?.as_str().to_owned();
            let files = Files::of(cx)?;
            files.check_seen(&to)?;
            if let Value::String(path) = args.value(1)
                && let Ok(path) = path.to_str()
                && let Some(from) = files.existing(&path)
            {
                let mut project = Project::new(&files);
                let moved = move_path(&mut project, &from, &to)?;
                let table = changed(lua, &mut project, &from, moved.kind, &moved.edits)?;
                table.raw_set("renamed", renamed(lua, cx, &from, &to)?)?;
                table.raw_set("names", convert::list(lua, moved.names)?)?;
                table.raw_set("passed_on", false)?;
                table.raw_set("doubts", doubts(lua, &mut project, &moved.doubts)?)?;
                return Ok(table);
            }
            let with = WithFile::new(&files, &to);
            let mut project = Project::new(&with);
            let (from, offsets) = places(&args, &mut project)?;
            let what = Move { from: &from, offsets: &offsets, to: &to, is_kept: options.flag("keep")? };
            let moved = move_symbols(&mut project, &what)?;
            let is_new = files.paths.binary_search(&to).is_err();
            let (new, edits): (Vec<_>, Vec<_>) =
                moved.edits.into_iter().partition(|edit| is_new && edit.place.path == to);
            let table = changed(lua, &mut project, &moved.names.join(", "), moved.kind, &edits)?;
            if is_new {
                table.raw_set("created", new.iter().map(|edit| edit.text.as_str()).collect::<String>())?;
            }
            table.raw_set("names", convert::list(lua, moved.names)?)?;
            table.raw_set("passed_on", moved.is_passed_on)?;
            table.raw_set("doubts", doubts(lua, &mut project, &moved.doubts)?)?;
            Ok(table)
        })?
        .func("signature", |lua, cx, args| {
            args.at_most(2)?;
            let options = args.options(2, &["add", "order", "remove"])?;
            let change =
                Change { remove: options.strings("remove")?, add: added(&options)?, order: options.strings("order")? };
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let found = signature(&mut project, &path, offset, &change)?;
            let table = changed(lua, &mut project, &found.name, "function", &found.edits)?;
            table.raw_set("calls", found.calls)?;
            table.raw_set("doubts", doubts(lua, &mut project, &found.doubts)?)?;
            Ok(table)
        })?;
    Ok(module.build())
}

/// The new parameters that options ask for.
fn added(options: &Options) -> Result<Vec<Added>> {
    let Some(list) = options.table("add")? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for one in list.sequence_values::<Table>() {
        let one = one.map_err(|_| options.bad("add", "is a list of tables"))?;
        check_keys(&one, "add", &["argument", "at", "declaration"])?;
        let text = |key: &str| -> Result<Option<String>> {
            one.get(key).map_err(|_| options.bad("add", &format!("has a text as '{key}'")))
        };
        let at: Option<usize> = one.get("at").map_err(|_| options.bad("add", "has a count as 'at'"))?;
        if at == Some(0) {
            return Err(options.bad("add", "counts places from 1"));
        }
        let declaration = text("declaration")?.ok_or_else(|| options.bad("add", "needs a 'declaration'"))?;
        all.push(Added { declaration, argument: text("argument")?, at });
    }
    Ok(all)
}

/// The file and the bytes of the node that is the first argument, if it is one.
fn node(args: &Args) -> Option<(String, Range<usize>)> {
    let Value::UserData(data) = args.value(1) else { return None };
    let node = data.borrow::<NodeRef>().ok()?;
    Some((node.0.source().path.clone(), node.0.range()))
}

/// Where the name stands that a node is about: of `a.b` that is `b`.
fn named_at(node: &NodeRef) -> (String, usize) {
    let found = node.0.node_match();
    let is_member = matches!(
        &*found.kind(),
        "member_expression" | "selector_expression" | "attribute" | "qualified_type" | "nested_type_identifier"
    );
    let last = found.children().filter(|_| is_member).last();
    (node.0.source().path.clone(), last.map_or_else(|| node.0.range().start, |last| last.range().start))
}

/// The names that a list of nodes is about.
fn nodes(args: &Args) -> Result<Vec<(String, usize)>> {
    let Value::Table(list) = args.value(1) else { return Err(args.wrong("nodes", "a list of nodes", &args.value(1))) };
    let mut all = Vec::new();
    for one in list.sequence_values::<Value>() {
        let one = one?;
        let node = match &one {
            Value::UserData(data) => data.borrow::<NodeRef>().ok(),
            _ => None,
        };
        let node = node.ok_or_else(|| args.wrong("nodes", "a list of nodes", &one))?;
        all.push(named_at(&node));
    }
    Ok(all)
}

/// What a name means, as data.
fn meaning(lua: &Lua, project: &mut Project<'_>, meaning: &Meaning) -> Result<Table> {
    match meaning {
        Meaning::Declared { name, kind, place } => {
            let table = located(lua, project, place)?;
            table.raw_set("name", name.as_str())?;
            table.raw_set("kind", *kind)?;
            Ok(table)
        }
        Meaning::Foreign { module, name } => {
            let table = lua.create_table()?;
            table.raw_set("kind", "foreign")?;
            table.raw_set("module", module.as_str())?;
            table.raw_set("name", name.as_deref())?;
            Ok(table)
        }
    }
}

/// The place that the first argument names: a node, or text such as `src/a.ts:12:5` or `src/a.ts:name`.
fn place(args: &Args, project: &mut Project<'_>) -> Result<(String, usize)> {
    if let Value::UserData(data) = args.value(1)
        && let Ok(node) = data.borrow::<NodeRef>()
    {
        return Ok(named_at(&node));
    }
    find_place(project, &args.string(1, "place")?)
}

/// The places that the first argument names, one or a list, all of one file.
fn places(args: &Args, project: &mut Project<'_>) -> Result<(String, Vec<usize>)> {
    let Value::Table(_) = args.value(1) else {
        let (path, offset) = place(args, project)?;
        return Ok((path, vec![offset]));
    };
    let mut found: Option<(String, Vec<usize>)> = None;
    for text in args.strings(1, "places")? {
        let (path, offset) = find_place(project, &text)?;
        match &mut found {
            None => found = Some((path, vec![offset])),
            Some((known, offsets)) if *known == path => offsets.push(offset),
            Some((known, _)) => {
                return Err(
                    Error::usage(format!("{known} and {path} are two files")).hint("move from one file at a time")
                );
            }
        }
    }
    found.ok_or_else(|| Error::usage("no place is named").hint("name one, such as src/a.ts:parse"))
}

/// The files that get another path with a file or directory, hidden ones, too: `{ from, to }` each.
fn renamed(lua: &Lua, cx: &Rc<Context>, from: &str, to: &str) -> Result<Table> {
    let moves = Moves { from: from.to_owned(), to: to.to_owned() };
    let all = cx.repo()?.files(&FileQuery { hidden: true, ..FileQuery::default() }, &cx.host.cancel)?;
    let pairs = all.into_iter().filter_map(|file| Some((moves.of(&file.path)?, file.path)));
    let pair = |(to, from): (String, String)| {
        let table = lua.create_table()?;
        table.raw_set("from", from)?;
        table.raw_set("to", to)?;
        Ok(table)
    };
    Ok(convert::list(lua, pairs.map(pair).collect::<Result<Vec<_>>>()?)?)
}

/// What a refactoring is about, and its edits.
fn changed(lua: &Lua, project: &mut Project<'_>, name: &str, kind: &str, all: &[NameEdit]) -> Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("name", name)?;
    table.raw_set("kind", kind)?;
    let mut edits = Vec::new();
    for edit in all {
        let made = lua.create_table()?;
        made.raw_set("path", edit.place.path.as_str())?;
        made.raw_set("from", edit.place.span.start)?;
        made.raw_set("to", edit.place.span.end)?;
        made.raw_set("text", edit.text.as_str())?;
        let text = project.file(&edit.place.path);
        made.raw_set("base", text.map(|file| digest(file.text.as_bytes())))?;
        edits.push(made);
    }
    table.raw_set("edits", convert::list(lua, edits)?)?;
    Ok(table)
}

fn told(lua: &Lua, project: &mut Project<'_>, renamed: &Renamed) -> Result<Table> {
    let table = changed(lua, project, &renamed.name, renamed.kind, &renamed.edits)?;
    table.raw_set("doubts", doubts(lua, project, &renamed.doubts)?)?;
    Ok(table)
}

/// What a language server says of a renaming, beside heck.
fn agreed(lua: &Lua, project: &mut Project<'_>, answer: &Answer, agreement: &Agreement) -> Result<Table> {
    let mut places = |all: &[Place]| -> Result<Table> {
        let made: Result<Vec<Table>> = all.iter().map(|place| located(lua, project, place)).collect();
        Ok(convert::list(lua, made?)?)
    };
    let table = lua.create_table()?;
    table.raw_set("name", answer.server.as_str())?;
    table.raw_set("both", agreement.both)?;
    table.raw_set("only_heck", places(&agreement.only_heck)?)?;
    table.raw_set("only_server", places(&agreement.only_server)?)?;
    table.raw_set("outside", convert::list(lua, answer.outside.iter().map(String::as_str).collect::<Vec<_>>())?)?;
    Ok(table)
}

/// Places that are left alone, with the reason.
fn doubts(lua: &Lua, project: &mut Project<'_>, all: &[Doubt]) -> Result<Table> {
    let mut made = Vec::new();
    for doubt in all {
        let one = located(lua, project, &doubt.place)?;
        one.raw_set("reason", doubt.reason)?;
        made.push(one);
    }
    convert::list(lua, made).map_err(Into::into)
}

/// A place with its path and span.
fn located(lua: &Lua, project: &mut Project<'_>, place: &Place) -> Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("path", place.path.as_str())?;
    if let Some(file) = project.file(&place.path) {
        let span = LineIndex::new(file.text.as_bytes()).span(place.span.start, place.span.end);
        table.raw_set("span", convert::span(lua, &span)?)?;
    }
    Ok(table)
}
