//! `heck.refactor`: changes that keep the behaviour of code, across files.

use std::path::PathBuf;
use std::rc::Rc;

use mlua::{Lua, Table, Value};

use crate::core::patch::digest;
use crate::core::refactor::{NameEdit, Place, Project, Rename, Renamed, Tree, find_place, inline, rename};
use crate::core::repo::FileQuery;
use crate::core::text::LineIndex;
use crate::core::{Result, fs};
use crate::lua::args::Args;
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::userdata::NodeRef;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "refactor")?
        .func("rename", |lua, cx, args| {
            args.at_most(2)?;
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let renamed = rename(&mut project, &Rename { path: &path, offset, to: &args.string(2, "name")? })?;
            told(lua, &mut project, &renamed)
        })?
        .func("inline", |lua, cx, args| {
            args.at_most(1)?;
            let files = Files::of(cx)?;
            let mut project = Project::new(&files);
            let (path, offset) = place(&args, &mut project)?;
            let inlined = inline(&mut project, &path, offset)?;
            let table = changed(lua, &mut project, &inlined.name, inlined.kind, &inlined.edits)?;
            table.raw_set("uses", inlined.uses)?;
            Ok(table)
        })?;
    Ok(module.build())
}

/// The repository's files on disk.
struct Files {
    root: PathBuf,
    paths: Vec<String>,
}

impl Files {
    fn of(cx: &Rc<Context>) -> Result<Files> {
        let repo = cx.repo()?;
        let files = repo.files(&FileQuery::default(), &cx.host.cancel)?;
        let mut paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        paths.sort_unstable();
        Ok(Files { root: repo.root().to_owned(), paths })
    }
}

impl Tree for Files {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<String> {
        // A larger file was not written by a person.
        const MAX_BYTES: usize = 4 << 20;
        let bytes = fs::read(&self.root.join(path)).ok().filter(|bytes| bytes.len() <= MAX_BYTES)?;
        String::from_utf8(bytes).ok()
    }
}

/// The place that the first argument names: a node, or text such as `src/a.ts:12:5` or `src/a.ts:name`.
fn place(args: &Args, project: &mut Project<'_>) -> Result<(String, usize)> {
    if let Value::UserData(data) = args.value(1)
        && let Ok(node) = data.borrow::<NodeRef>()
    {
        return Ok((node.0.source().path.clone(), node.0.range().start));
    }
    find_place(project, &args.string(1, "place")?)
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
    let mut doubts = Vec::new();
    for doubt in &renamed.doubts {
        let made = located(lua, project, &doubt.place)?;
        made.raw_set("reason", doubt.reason)?;
        doubts.push(made);
    }
    table.raw_set("doubts", convert::list(lua, doubts)?)?;
    Ok(table)
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
