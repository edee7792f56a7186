//! `heck.patch`: make, look at, apply and take back changes.

use mlua::{Lua, Table};

use crate::core::git::ChangesQuery;
use crate::core::grant::Request;
use crate::core::patch::{
    Created, How, Insist, Old, Patch, Recovery, Selection, State, check_syntax, collect, combine, from_diff,
    from_directories, from_range, from_working_tree, recover, rollback_all, split,
};
use crate::core::{Error, Kind, Result};
use crate::lua::args::Options;
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::userdata::{PatchRef, check_grants};

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
            if !cx.host.flags.dry_run {
                cx.store()?.add(&patch)?;
                cx.host.note_patch(&patch.meta.id);
            }
            Ok((Some(PatchRef::of(patch)), left_out))
        })?
        .func("get", |_, cx, args| {
            args.at_most(1)?;
            Ok(PatchRef::of(cx.store()?.get(&args.string(1, "id")?)?))
        })?
        .func("find_all", |lua, cx, args| {
            let options = args.options(1, &["since", "state"])?;
            let wanted = options.string("state")?;
            if let Some(name) = &wanted {
                known_state(name)?;
            }
            let store = cx.store()?;
            let mut all = store.find_all()?;
            if let Some(since) = options.string("since")? {
                let since = store.get(&since)?.meta;
                all.retain(|meta| meta.applied_at() >= since.applied_at());
            }
            let kept = all.iter().filter(|meta| wanted.as_deref().is_none_or(|name| meta.state.name() == name));
            let values = kept.map(|meta| convert::from_serde(lua, meta)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?
        .func("add", |_, cx, args| {
            args.at_most(1)?;
            let mut patch = the_patch(cx, &args)?;
            // Looked at now, it need not be looked at when it is applied.
            if let Some(problem) = check_syntax(cx.repo()?, &mut patch)? {
                cx.host.warn(format!("{}: {}", problem.path, problem.message));
            }
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
        .func("count", |lua, cx, args| {
            args.at_most(0)?;
            let [pending, applied, rolled_back] = cx.store()?.count()?;
            let table = lua.create_table()?;
            table.raw_set(State::Pending.name(), pending)?;
            table.raw_set(State::Applied.name(), applied)?;
            table.raw_set(State::RolledBack.name(), rolled_back)?;
            Ok(table)
        })?
        .func("split", |_, cx, args| {
            cx.grants.check(Request::Own("split a patch"))?;
            let options = args.options(2, &["files", "hunks"])?;
            let hunks = match options.table("hunks")? {
                Some(list) => list.sequence_values::<usize>().collect::<mlua::Result<Vec<_>>>()?,
                None => Vec::new(),
            };
            let store = cx.store()?;
            let patch = store.get(&args.string(1, "id")?)?;
            let selection = Selection { hunks, files: options.strings("files")? };
            let Some((first, second)) = split(cx.repo()?, &patch, &selection)? else {
                return Ok((PatchRef::of(patch), None));
            };
            if cx.host.flags.dry_run {
                return Ok((PatchRef::of(first), Some(PatchRef::of(second))));
            }
            for part in [&first, &second] {
                store.add(part)?;
                cx.host.note_patch(&part.meta.id);
            }
            store.remove(&patch.meta.id)?;
            Ok((PatchRef::of(first), Some(PatchRef::of(second))))
        })?
        .func("merge", |_, cx, args| {
            cx.grants.check(Request::Own("merge patches"))?;
            let options = args.options(2, &["title"])?;
            let ids = resolved(cx, &args.strings(1, "ids")?)?;
            let title = options.string("title")?.unwrap_or_default();
            let flags = &cx.host.flags;
            let merged = combine(cx.repo()?, &ids, &title, cx.patch_origin(), flags.wait, flags.dry_run)?;
            if !flags.dry_run {
                cx.host.note_patch(&merged.meta.id);
            }
            Ok(PatchRef::of(merged))
        })?
        .func("rollback", |lua, cx, args| {
            let options = args.options(2, &["break_hardlinks", "merge", "nested"])?;
            let ids = resolved(cx, &args.strings(1, "ids")?)?;
            for id in &ids {
                check_grants(cx, &cx.store()?.get(id)?.meta.files)?;
            }
            if cx.host.flags.dry_run {
                return Ok((0, convert::list(lua, ids)?));
            }
            let insist = Insist { hardlinks: options.flag("break_hardlinks")?, nested: options.flag("nested")? };
            let how = How { insist, ..cx.how() };
            let (done, metas) = rollback_all(cx.repo()?, &ids, how, options.flag("merge")?)?;
            done.notes.iter().for_each(|note| cx.host.warn(note));
            metas.iter().for_each(|meta| cx.host.note_patch(&meta.id));
            Ok((done.files, convert::list(lua, metas.into_iter().map(|meta| meta.id))?))
        })?
        .func("gc", |lua, cx, args| {
            cx.grants.check(Request::Own("collect old records"))?;
            let options = args.options(1, &["age", "patches"])?;
            let age = options.seconds("age")?.unwrap_or(std::time::Duration::from_secs(30 * 86_400));
            let flags = &cx.host.flags;
            let old = Old { age, patches: options.flag("patches")?, dry_run: flags.dry_run, wait: flags.wait };
            Ok(convert::from_serde(lua, &collect(cx.repo()?, old)?)?)
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
            if range.contains("...") {
                return Err(Error::usage(format!("the range '{range}' has three dots"))
                    .hint("A..B is what makes A to B; for what B has changed since both were one, say $(git merge-base A B)..B"));
            }
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
        _ => Err(Error::usage("'between' takes two directories, and no range")
            .hint("say --between twice: first the old directory, then the new one")),
    }
}

fn serde_list<T: serde::Serialize>(lua: &Lua, items: &[T]) -> mlua::Result<Table> {
    let items = items.iter().map(|item| convert::from_serde(lua, item)).collect::<mlua::Result<Vec<_>>>()?;
    convert::list(lua, items)
}

fn resolved(cx: &Context, names: &[String]) -> Result<Vec<String>> {
    let store = cx.store()?;
    let mut ids = Vec::new();
    for name in names {
        let id = store.resolve(name)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn the_patch(cx: &Context, args: &crate::lua::args::Args) -> Result<Patch> {
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
