//! `heck.env`: environment variables, by grant, and facts about the machine.

use mlua::{Lua, Table};

use crate::core::grant::Request;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "env")?
        .func("get", |_, cx, args| {
            args.at_most(1)?;
            let name = args.string(1, "name")?;
            cx.grants.check(Request::Env(&name))?;
            Ok(std::env::var_os(&name).map(|value| value.to_string_lossy().into_owned()))
        })?
        .func("os", |_, _, args| {
            args.at_most(0)?;
            Ok(std::env::consts::OS)
        })?
        .func("cpus", |_, _, args| {
            args.at_most(0)?;
            Ok(crate::core::share::threads())
        })?;
    Ok(module.build())
}
