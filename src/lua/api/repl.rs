//! `heck.repl`: the interactive loop, for the command of that purpose.

use mlua::{Lua, Table};

use crate::core::grant::Request;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "repl")?.wait("run", |lua, cx, args| async move {
        cx.grants.check(Request::Own("open the REPL"))?;
        args.at_most(0)?;
        Ok(convert::from_json(&lua, &cx.services()?.repl().await?)?)
    })?;
    Ok(module.build())
}
