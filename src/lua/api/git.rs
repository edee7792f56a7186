//! `heck.git`: questions to git. Nothing here changes a repository.

use mlua::{Lua, Table};

use crate::core::Result;
use crate::core::git::{self, DiffQuery, LogQuery};
use crate::lua::args::Options;
use crate::lua::convert;
use crate::lua::module::Module;

const DIFF_OPTIONS: [&str; 5] = ["from", "paths", "staged", "to", "untracked"];

fn diff_query(options: &Options) -> Result<DiffQuery> {
    Ok(DiffQuery {
        from: options.string("from")?,
        to: options.string("to")?,
        staged: options.flag("staged")?,
        untracked: options.flag("untracked")?,
        renames: true,
        paths: options.strings("paths")?,
    })
}

fn list(lua: &Lua, items: &[impl serde::Serialize]) -> Result<Table> {
    let values = items.iter().map(|item| convert::from_serde(lua, item)).collect::<mlua::Result<Vec<_>>>()?;
    Ok(convert::list(lua, values)?)
}

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "git")?
        .func("status", |lua, cx, args| {
            args.at_most(0)?;
            list(lua, &git::status(cx.repo()?.root())?)
        })?
        .func("diff", |lua, cx, args| {
            let query = diff_query(&args.options(1, &DIFF_OPTIONS)?)?;
            Ok(lua.create_string(git::diff(cx.repo()?.root(), &query)?)?)
        })?
        .func("changed", |lua, cx, args| {
            let query = diff_query(&args.options(1, &DIFF_OPTIONS)?)?;
            Ok(convert::list(lua, git::changed_files(cx.repo()?.root(), &query)?)?)
        })?
        .func("log", |lua, cx, args| {
            let options = args.options(1, &["from", "limit", "path"])?;
            let query = LogQuery {
                from: options.string("from")?,
                path: options.string("path")?,
                limit: options.count("limit")?.unwrap_or(50),
            };
            list(lua, &git::log(cx.repo()?.root(), &query)?)
        })?
        .func("blame", |lua, cx, args| {
            args.at_most(1)?;
            list(lua, &git::blame(cx.repo()?.root(), &args.string(1, "path")?)?)
        })?
        .func("branch", |_, cx, args| {
            args.at_most(0)?;
            git::branch(cx.repo()?.root())
        })?
        .func("show", |lua, cx, args| {
            args.at_most(2)?;
            let (revision, path) = (args.string(1, "revision")?, args.string(2, "path")?);
            Ok(lua.create_string(git::show(cx.repo()?.root(), &revision, &path)?)?)
        })?;
    Ok(module.build())
}
