//! `heck.runlog`: the record of operations.

use mlua::{Lua, Table};

use crate::core::runlog::{Runlog, verify};
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "runlog")?
        .func("find_all", |lua, cx, args| {
            args.at_most(0)?;
            let records = Runlog::open(cx.repo()?)?.records()?;
            let values =
                records.iter().map(|record| convert::from_json(lua, record)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?
        .func("check", |lua, cx, args| {
            args.at_most(0)?;
            let damage = verify(&Runlog::open(cx.repo()?)?)?;
            let values = damage.iter().map(|d| convert::from_serde(lua, d)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?;
    Ok(module.build())
}
