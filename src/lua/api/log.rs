//! `heck.log`: messages on stderr, by importance.

use mlua::{Lua, Table};

use crate::lua::module::Module;
use crate::term::Style;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "log")?
        .func("debug", |_, cx, args| {
            args.at_most(1)?;
            let text = args.string(1, "message")?;
            if cx.host.flags.verbose { cx.ui.note(&cx.ui.err_paint().paint(Style::Faint, &text)) } else { Ok(()) }
        })?
        .func("info", |_, cx, args| {
            args.at_most(1)?;
            cx.ui.note(&args.string(1, "message")?)
        })?
        .func("warn", |_, cx, args| {
            args.at_most(1)?;
            let text = args.string(1, "message")?;
            cx.host.warn(text.as_str());
            cx.ui.note(&format!("{} {text}", cx.ui.err_paint().paint(Style::Warn, "warning:")))
        })?
        .func("error", |_, cx, args| {
            args.at_most(1)?;
            let text = args.string(1, "message")?;
            cx.ui.error(&format!("{} {text}", cx.ui.err_paint().paint(Style::Bad, "error:")))
        })?;
    Ok(module.build())
}
