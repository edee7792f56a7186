//! `heck.help`: the library's own documentation, from the stubs.

use mlua::{Lua, Table};

use crate::core::Error;
use crate::core::text::suggestion;
use crate::docs;
use crate::lua::convert;
use crate::lua::module::Module;
use crate::lua::{Asset, asset, assets};

/// Every stub's text.
fn stubs() -> Vec<String> {
    assets(Asset::Stdlib)
        .iter()
        .filter(|path| path.starts_with("types/"))
        .filter_map(|path| asset(Asset::Stdlib, path))
        .collect()
}

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "help")?
        .func("get", |_, _, args| {
            args.at_most(1)?;
            let topic = args.string(1, "topic")?;
            Ok(docs::topic(&stubs(), &topic))
        })?
        .func("open", |_, _, args| {
            args.at_most(1)?;
            let topic = args.string(1, "topic")?;
            docs::topic(&stubs(), &topic).ok_or_else(|| {
                let names = docs::names(&stubs());
                Error::usage(format!("there is no help on '{topic}'"))
                    .maybe_hint(suggestion(topic.trim_start_matches("heck."), names.iter().map(String::as_str)))
            })
        })?
        .func("find_all", |lua, _, args| {
            args.at_most(0)?;
            Ok(convert::list(lua, docs::names(&stubs()))?)
        })?
        .func("modules", |lua, _, args| {
            args.at_most(0)?;
            let own = assets(Asset::Stdlib);
            let own = own.iter().filter_map(|path| path.strip_prefix("heck/")?.strip_suffix(".lua").map(str::to_owned));
            let mut names: Vec<String> = super::NAMES.iter().map(|(name, _)| (*name).to_owned()).chain(own).collect();
            names.sort();
            Ok(convert::list(lua, names)?)
        })?
        .func("stubs", |lua, _, args| {
            args.at_most(0)?;
            let table = lua.create_table()?;
            for path in assets(Asset::Stdlib).iter().filter(|path| path.starts_with("types/")) {
                table.raw_set(path.trim_start_matches("types/"), asset(Asset::Stdlib, path))?;
            }
            Ok(table)
        })?
        .func("markdown", |_, _, args| {
            args.at_most(1)?;
            Ok(docs::markdown(&stubs(), &args.string(1, "module")?))
        })?;
    Ok(module.build())
}
