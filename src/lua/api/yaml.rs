//! `heck.yaml`: parse and render YAML.

use mlua::{Lua, Table};

use crate::core::Error;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "yaml")?
        .func("parse", |lua, _, args| {
            args.at_most(1)?;
            // The dialect of rule files: YAML 1.2, in which `yes` is a word.
            let value: serde_json::Value = ast_grep_config::from_str(&args.string(1, "text")?)
                .map_err(|e| Error::invalid(format!("not YAML: {e}")))?;
            Ok(convert::from_json(lua, &value)?)
        })?
        .func("render", |_, _, args| {
            args.at_most(1)?;
            let value = convert::to_json(&args.value(1))?;
            serde_saphyr::to_string(&value).map_err(|e| Error::invalid(format!("cannot be YAML: {e}")))
        })?;
    Ok(module.build())
}
