//! `heck.patch`: make, look at, apply and take back changes.

use mlua::{Lua, Table};

use crate::core::git::ChangesQuery;
use crate::core::grant::Request;
use crate::core::patch::{
    Created, Recovery, State, from_diff, from_directories, from_range, from_working_tree, recover,
};
use crate::core::{Error, Kind, Result};
use crate::lua::args::Options;
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::userdata::PatchRef;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "patch")?
        .func("new", |_, cx, args| {
            let options = args.options(1, &["title"])?;
            Ok(PatchRef::draft(&options.string("title")?.unwrap_or_else(|| cx.origin.clone())))
        })?
        .func("parse", |_, cx, args| {
            let options = args.options(2, &["title"])?;
            let title = options.string("title")?.unwrap_or_else(|| "from a diff".into());
            let (patch, placed) = from_diff(cx.repo()?, &args.bytes(1, "diff")?, &title, cx.patch_origin())?;
            Ok(PatchRef::placed(patch, placed))
        })?
        .func("create", |lua, cx, args| {
            let options = args.options(1, &["between", "paths", "range", "staged", "title", "untracked"])?;
            let (patch, left_out) = created(cx, &options)?;
            let left_out = serde_list(lua, &left_out)?;
            if patch.is_empty() {
                return Ok((None, left_out));
            }
            cx.store()?.add(&patch)?;
            cx.host.note_patch(&patch.meta.id);
            Ok((Some(PatchRef::of(patch)), left_out))
        })?
        .func("get", |_, cx, args| {
            args.at_most(1)?;
            Ok(PatchRef::of(cx.store()?.get(&args.string(1, "id")?)?))
        })?
        .func("find_all", |lua, cx, args| {
            let options = args.options(1, &["state"])?;
            let wanted = options.string("state")?;
            if let Some(name) = &wanted {
                known_state(name)?;
            }
            let all = cx.store()?.find_all()?;
            let kept = all.iter().filter(|meta| wanted.as_deref().is_none_or(|name| meta.state.name() == name));
            let values = kept.map(|meta| convert::from_serde(lua, meta)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?
        .func("add", |_, cx, args| {
            args.at_most(1)?;
            let patch = the_patch(cx, &args)?;
            cx.store()?.add(&patch)?;
            cx.host.note_patch(&patch.meta.id);
            Ok(patch.meta.id)
        })?
        .func("remove", |_, cx, args| {
            cx.grants.check(Request::Own("remove a patch"))?;
            let options = args.options(2, &["force"])?;
            let patch = cx.store()?.get(&args.string(1, "id")?)?;
            if patch.meta.state == State::Applied && !options.flag("force")? {
                return Err(Error::new(Kind::Conflict, format!("patch {} is applied", patch.meta.id)).hint(
                    "roll it back first, or forget it with --force: its change then stays and cannot be taken back",
                ));
            }
            cx.store()?.remove(&patch.meta.id)?;
            Ok(patch.meta.id)
        })?
        .func("recover", |lua, cx, args| {
            args.at_most(0)?;
            let recovery = recover(cx.repo()?, cx.host.flags.wait)?;
            let (ids, kept) = match recovery.clone() {
                Recovery::Clean | Recovery::Discarded => (Vec::new(), Vec::new()),
                Recovery::Finished(ids) => (ids, Vec::new()),
                Recovery::Undone(ids, kept) => (ids, kept),
            };
            Ok((recovery.name(), convert::list(lua, ids)?, convert::list(lua, kept)?))
        })?;
    Ok(module.build())
}

/// What of the three sources a script asks for.
fn created(cx: &Context, options: &Options) -> Result<Created> {
    let (repo, origin, title) = (cx.repo()?, cx.patch_origin(), options.string("title")?);
    let (between, range) = (options.strings("between")?, options.string("range")?);
    let paths = options.strings("paths")?;
    match (between.as_slice(), &range) {
        ([old, new], None) => {
            for dir in [old, new] {
                cx.grants.check(Request::ReadOutside(dir))?;
            }
            let (old, new) = (cx.host.cwd.join(old), cx.host.cwd.join(new));
            from_directories(repo, &old, &new, &title.unwrap_or_else(|| "two directories".into()), origin)
        }
        ([], Some(range)) => {
            let (from, to) = range.split_once("..").unwrap_or((range, "HEAD"));
            let (from, to) = (if from.is_empty() { "HEAD" } else { from }, if to.is_empty() { "HEAD" } else { to });
            from_range(repo, from, to, &paths, &title.unwrap_or_else(|| range.clone()), origin)
        }
        ([], None) => {
            let query = ChangesQuery {
                staged: options.flag("staged")?,
                untracked: options.maybe_flag("untracked")?.unwrap_or(true),
                paths,
            };
            from_working_tree(repo, &query, &title.unwrap_or_else(|| "working tree".into()), origin)
        }
        _ => Err(Error::usage("'between' takes two directories, and no range")),
    }
}

fn serde_list<T: serde::Serialize>(lua: &Lua, items: &[T]) -> mlua::Result<Table> {
    let items = items.iter().map(|item| convert::from_serde(lua, item)).collect::<mlua::Result<Vec<_>>>()?;
    convert::list(lua, items)
}

fn the_patch(cx: &Context, args: &crate::lua::args::Args) -> Result<crate::core::patch::Patch> {
    let value = args.value(1);
    let mlua::Value::UserData(data) = &value else { return Err(args.wrong("patch", "a patch", &value)) };
    crate::lua::userdata::take_patch(cx, data)?.ok_or_else(|| args.wrong("patch", "a patch", &value))
}

fn known_state(name: &str) -> Result<()> {
    let names = [State::Pending, State::Applied, State::RolledBack].map(State::name);
    if names.contains(&name) {
        return Ok(());
    }
    Err(Error::usage(format!("there is no patch state '{name}'"))
        .maybe_hint(crate::core::text::suggestion(name, names)))
}
