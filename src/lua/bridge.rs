//! The Rust functions that the prelude is given. Scripts never see them.

use mlua::{Lua, Table, Value};

use super::context::Context;
use super::error::{self, from_value, raise};
use super::hook::Deadlines;
use super::source::{Asset, asset, assets};
use super::vm::load_text;
use super::{Profile, api, args, convert, stack};
use crate::core::text::{nearest, suggestion};
use crate::core::{Error, Kind};

/// Builds the table.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let host = lua.create_table()?;
    host.set("pending", Value::LightUserData(Lua::poll_pending()))?;
    host.set("version", env!("CARGO_PKG_VERSION"))?;
    host.set("modules", convert::list(lua, api::NAMES.iter().map(|(name, _)| *name))?)?;
    // The error as scripts see it, with place and trace: for top levels, `heck.try` and tasks.
    host.set(
        "describe",
        lua.create_function(|lua, value: Value| {
            let mut error = from_value(&value);
            if matches!(value, Value::String(_)) && Context::of(lua).profile == Profile::Builtin {
                // heck's own code raises only what it means to; a plain Lua error is a bug.
                error.detail_mut().kind = Kind::Internal;
            }
            stack::locate(lua, &mut error);
            error::to_table(lua, &error)
        })?,
    )?;
    // For pcall: only what Rust raised becomes an object; what Lua raised stays as it was.
    host.set(
        "catch",
        lua.create_function(|lua, value: Value| {
            let Value::Error(_) = &value else { return Ok(value) };
            let mut error = from_value(&value);
            stack::locate(lua, &mut error);
            error::to_table(lua, &error).map(Value::Table)
        })?,
    )?;
    // Whoever catches an error asks these, so that no deadline is caught with it.
    let must_stop = |lua: &Lua| Context::of(lua).host.cancel.check().and_then(|()| Deadlines::check(lua));
    host.set("is_stopped", lua.create_function(move |lua, ()| Ok(must_stop(lua).is_err()))?)?;
    host.set("stop", lua.create_function(move |lua, ()| -> mlua::Result<()> { must_stop(lua).map_err(raise) })?)?;
    host.set(
        "fail",
        lua.create_function(|_, (kind, message, hint): (String, String, Option<String>)| -> mlua::Result<()> {
            let kind = Kind::from_name(&kind).ok_or_else(|| {
                raise(
                    Error::usage(format!("there is no error kind '{kind}'"))
                        .maybe_hint(suggestion(&kind, Kind::ALL.iter().map(|k| k.name()))),
                )
            })?;
            Err(raise(Error::new(kind, message).maybe_hint(hint)))
        })?,
    )?;
    host.set(
        "unknown",
        lua.create_function(|_, (owner, name, names): (String, String, Vec<String>)| -> mlua::Result<()> {
            let message =
                if owner.is_empty() { format!("'{name}' is not defined") } else { format!("{owner} has no '{name}'") };
            // Of globals there are too many to list; only one that was nearly written helps.
            let hint = match nearest(&name, names.iter().map(String::as_str)) {
                None if owner.is_empty() => None,
                _ => suggestion(&name, names.iter().map(String::as_str)),
            };
            Err(raise(Error::usage(message).maybe_hint(hint)))
        })?,
    )?;
    // What the library's functions in Lua say of an argument, in the words of those in Rust.
    host.set(
        "takes",
        lua.create_function(|_, (function, name, kind, got): (String, String, String, Value)| -> mlua::Result<()> {
            let is_fit = match kind.as_str() {
                "list" => got.is_table(),
                "number" => got.is_number() || got.is_integer(),
                other => got.type_name() == other,
            };
            if is_fit {
                Ok(())
            } else {
                Err(raise(args::wrong(&format!("{function}: '{name}'"), &format!("a {kind}"), &got)))
            }
        })?,
    )?;
    host.set("module", lua.create_function(api::module)?)?;
    host.set(
        "stdlib",
        lua.create_function(|_, name: String| {
            let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            Ok(if is_name { asset(Asset::Stdlib, &format!("heck/{name}.lua")) } else { None })
        })?,
    )?;
    host.set("part", lua.create_function(|_, name: String| Ok(asset(Asset::Stdlib, &format!("{name}.lua"))))?)?;
    host.set(
        "library",
        lua.create_function(|_, ()| {
            let names = assets(Asset::Stdlib);
            Ok(names
                .iter()
                .filter_map(|p| p.strip_prefix("heck/")?.strip_suffix(".lua").map(str::to_owned))
                .collect::<Vec<_>>())
        })?,
    )?;
    host.set(
        "lib",
        lua.create_function(|lua, name: String| {
            let cx = Context::of(lua);
            // What heck's own commands share; no repository's file has such a name in its place.
            if name.starts_with("heck-") {
                return asset(Asset::Command, &format!("lib/{name}.lua"))
                    .map(|text| lua.create_string(text))
                    .transpose();
            }
            let path = format!("lib/{}.lua", name.replace('.', "/"));
            let text = cx.code.as_ref().and_then(|code| code.get(&path).map(<[u8]>::to_vec));
            text.map(|text| lua.create_string(text)).transpose()
        })?,
    )?;
    host.set(
        "load",
        lua.create_function(|lua, (text, name, env): (mlua::LuaString, String, Table)| {
            let bytes = text.as_bytes().to_vec();
            Context::of(lua).remember(&name, &String::from_utf8_lossy(&bytes));
            load_text(lua, &name, &bytes, env).map_err(raise)
        })?,
    )?;
    host.set(
        "print",
        lua.create_function(|lua, text: mlua::LuaString| {
            let cx = Context::of(lua);
            if cx.profile == Profile::Describe {
                return Ok(());
            }
            cx.ui.out(&text.as_bytes()).map_err(raise)
        })?,
    )?;
    Ok(host)
}
