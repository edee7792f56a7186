//! `heck.config`: settings in force, and where each came from.

use mlua::{Lua, Table};

use crate::core::config::Config;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "config")?
        .func("get", |lua, cx, args| {
            args.at_most(1)?;
            let config = Config::load(cx.repo().ok())?;
            Ok(match config.get(&args.string(1, "name")?) {
                Some(value) => convert::from_serde(lua, value)?,
                None => mlua::Value::Nil,
            })
        })?
        .func("find_all", |lua, cx, args| {
            args.at_most(0)?;
            Ok(convert::from_serde(lua, &Config::load(cx.repo().ok())?)?)
        })?;
    Ok(module.build())
}
