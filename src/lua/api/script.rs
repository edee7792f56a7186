//! `heck.script`: the commands and recipes there are, and what is made from their declarations.

use mlua::{Lua, Table};

use crate::core::grant::Request;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "script")?
        .func("find_all", |lua, cx, args| {
            args.at_most(1)?;
            Ok(convert::from_json(lua, &cx.services()?.scripts(&args.string(1, "kind")?)?)?)
        })?
        .func("get", |lua, cx, args| {
            args.at_most(2)?;
            let (kind, name) = (args.string(1, "kind")?, args.string(2, "name")?);
            Ok(convert::from_json(lua, &cx.services()?.script(&kind, &name)?)?)
        })?
        .wait("help", |_, cx, args| async move {
            let options = args.options(2, &["contract"])?;
            cx.services()?.help(args.strings(1, "words")?, options.flag("contract")?).await
        })?
        .wait("completions", |_, cx, args| async move {
            cx.grants.check(Request::Own("write completions"))?;
            args.at_most(1)?;
            cx.services()?.completions(args.string(1, "shell")?).await
        })?
        .wait("man", |_, cx, args| async move {
            cx.grants.check(Request::Own("write the manual"))?;
            args.at_most(0)?;
            cx.services()?.man().await
        })?
        .wait("reference", |_, cx, args| async move {
            cx.grants.check(Request::Own("write the reference"))?;
            args.at_most(0)?;
            cx.services()?.reference().await
        })?;
    Ok(module.build())
}
