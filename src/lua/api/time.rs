//! `heck.time`: the clock, and a stopwatch.

use std::sync::OnceLock;
use std::time::Instant;

use mlua::{Lua, Table};

use crate::core::time::{Utc, now};
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "time")?
        .func("now", |_, _, args| {
            args.at_most(0)?;
            let now = now();
            Ok(now.seconds as f64 + f64::from(now.nanos) / 1e9)
        })?
        .func("iso", |_, _, args| {
            args.at_most(1)?;
            let at = match args.value(1) {
                mlua::Value::Nil => now(),
                _ => Utc { seconds: args.number(1, "seconds")?.max(0.0) as u64, nanos: 0 },
            };
            Ok(at.iso())
        })?
        .func("clock", |_, _, args| {
            args.at_most(0)?;
            static BEGUN: OnceLock<Instant> = OnceLock::new();
            Ok(BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64())
        })?;
    Ok(module.build())
}
