//! `heck.json`: parse and render JSON.

use mlua::{Lua, Table};

use crate::core::{Error, Kind};
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "json")?
        .func("parse", |lua, _, args| {
            args.at_most(1)?;
            let value: serde_json::Value = serde_json::from_slice(&args.bytes(1, "text")?)
                .map_err(|e| Error::invalid(format!("not JSON: {e}")))?;
            Ok(convert::from_json(lua, &value)?)
        })?
        .func("render", |_, _, args| {
            let options = args.options(2, &["pretty"])?;
            let value = convert::to_json(&args.value(1))?;
            let text = if options.flag("pretty")? {
                serde_json::to_string_pretty(&value)
            } else {
                serde_json::to_string(&value)
            };
            text.map_err(|e| Error::new(Kind::Internal, e.to_string()))
        })?;
    Ok(module.build())
}
