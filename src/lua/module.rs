//! Builds one `heck.*` module: a table of functions with strict arguments and one kind of error.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Table};

use super::Profile;
use super::args::Args;
use super::context::Context;
use super::error::raise;
use crate::core::{Error, Kind, Result};

/// A module under construction.
pub struct Module<'l> {
    lua: &'l Lua,
    name: &'static str,
    table: Table,
}

impl<'l> Module<'l> {
    /// An empty module.
    pub fn new(lua: &'l Lua, name: &'static str) -> mlua::Result<Self> {
        Ok(Module { lua, name, table: lua.create_table()? })
    }

    /// Adds a function.
    pub fn func<R, F>(self, name: &'static str, body: F) -> mlua::Result<Self>
    where
        R: IntoLuaMulti,
        F: Fn(&Lua, &Rc<Context>, Args) -> Result<R> + 'static,
    {
        let full = format!("heck.{}.{name}", self.name);
        let function = self.lua.create_function(move |lua, values: MultiValue| {
            let cx = Context::of(lua);
            guard_describe(&cx).map_err(raise)?;
            body(lua, &cx, Args::new(&full, values)).map_err(raise)
        })?;
        self.table.raw_set(name, function)?;
        Ok(self)
    }

    /// Adds a function that waits.
    pub fn wait<R, F, Fut>(self, name: &'static str, body: F) -> mlua::Result<Self>
    where
        R: IntoLuaMulti,
        F: Fn(Lua, Rc<Context>, Args) -> Fut + 'static,
        Fut: Future<Output = Result<R>> + 'static,
    {
        let full = format!("heck.{}.{name}", self.name);
        let function = self.lua.create_async_function(move |lua, values: MultiValue| {
            let cx = Context::of(&lua);
            let allowed = guard_describe(&cx);
            let future = body(lua, cx, Args::new(&full, values));
            async move {
                allowed.map_err(raise)?;
                future.await.map_err(raise)
            }
        })?;
        self.table.raw_set(name, function)?;
        Ok(self)
    }

    /// The finished table.
    pub fn build(self) -> Table {
        self.table
    }
}

/// Nothing can be done while a declaration is only read.
fn guard_describe(cx: &Context) -> Result<()> {
    if cx.profile == Profile::Describe {
        return Err(Error::new(Kind::Denied, "a declaration is only read: nothing can be done here")
            .hint("do the work inside `run`"));
    }
    Ok(())
}
