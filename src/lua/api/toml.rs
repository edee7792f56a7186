//! `heck.toml`: parse and render TOML.

use mlua::{Lua, Table};

use crate::core::Error;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "toml")?
        .func("parse", |lua, _, args| {
            args.at_most(1)?;
            let table: toml::Table = args
                .string(1, "text")?
                .parse()
                .map_err(|e: toml::de::Error| Error::invalid(format!("not TOML: {}", e.message())))?;
            Ok(convert::from_serde(lua, &table)?)
        })?
        .func("render", |_, _, args| {
            args.at_most(1)?;
            let value = convert::to_json(&args.value(1))?;
            toml::to_string_pretty(&value).map_err(|e| Error::invalid(format!("cannot be TOML: {e}")))
        })?;
    Ok(module.build())
}
