//! One interpreter: made for a profile, fed with chunks, called, and asked what went wrong.

use std::rc::Rc;
use std::time::Duration;

use mlua::{Function, Lua, LuaOptions, MultiValue, StdLib, Table, Value};
use serde_json::Value as Json;

use super::context::{Context, INTERNAL};
use super::error::register;
use super::hook::{self, Watchdog};
use super::source::{Asset, asset};
use super::{args, bridge, convert, userdata};
use crate::core::patch::Patch;
use crate::core::text::Span;
use crate::core::{Error, Kind, Result};

/// The registry key of the prelude's guard.
pub const GUARD: &str = "heck.guard";
const PRELUDE: &str = "heck.prelude";

/// A piece of Lua with the name that errors show.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Its name: a path, or `heck:` and a path for heck's own.
    pub name: String,
    /// Its text.
    pub text: Vec<u8>,
}

/// What a script's `run` gave back.
#[derive(Debug)]
pub struct Returned {
    /// The data, as JSON, without the patch.
    pub payload: Json,
    /// A change it wants to make.
    pub patch: Option<Patch>,
    value: Value,
}

/// The outcome of a line typed into the REPL.
#[derive(Debug)]
pub enum Evaluated {
    /// Values, each pretty-printed, and whether the line was an expression.
    Values(Vec<String>, bool),
    /// The line is not complete.
    Incomplete,
}

/// An interpreter.
pub struct Vm {
    lua: Lua,
    cx: Rc<Context>,
}

impl Vm {
    /// Makes an interpreter with its environment.
    pub fn new(cx: Context) -> Result<Vm> {
        let libs = StdLib::COROUTINE | StdLib::TABLE | StdLib::STRING | StdLib::UTF8 | StdLib::MATH;
        let lua = Lua::new_with(libs, LuaOptions::new())?;
        let cx = Rc::new(cx);
        lua.set_app_data(Rc::clone(&cx));
        register(&lua)?;
        let prelude = asset(Asset::Stdlib, "prelude.lua")
            .ok_or_else(|| Error::new(Kind::Internal, "the prelude is not in this build"))?;
        let name = format!("{INTERNAL}stdlib/prelude.lua");
        let tools: Table =
            lua.load(prelude).set_name(format!("@{name}")).call(bridge::build(&lua)?).map_err(Error::from)?;
        lua.set_named_registry_value(GUARD, tools.get::<Function>("guard")?)?;
        lua.set_named_registry_value(PRELUDE, tools)?;
        lua.set_memory_limit(cx.profile.memory())?;
        hook::install(&lua, cx.profile, &cx.host.cancel)?;
        Ok(Vm { lua, cx })
    }

    /// What the VM's functions share.
    pub fn context(&self) -> &Rc<Context> {
        &self.cx
    }

    /// Starts the watchdog for what is about to run.
    pub fn watch(
        &self,
        deadline: Option<Duration>,
        last_words: impl FnOnce(Error) -> i32 + Send + 'static,
    ) -> Watchdog {
        let flags = &self.cx.host.flags;
        let by_profile = self.cx.profile.deadline().map(|own| flags.script_timeout.unwrap_or(own));
        let deadline = deadline.or(flags.timeout).or(by_profile);
        Watchdog::start(&self.cx.host.cancel, deadline, last_words)
    }

    /// Parses a chunk without running it.
    pub fn parse(&self, chunk: &Chunk) -> Result<()> {
        load(&self.lua, chunk, None).map(drop)
    }

    /// Runs a chunk that returns a declaration, and gives the declaration's plain part as JSON.
    pub async fn declare(&self, chunk: &Chunk) -> Result<Json> {
        let function = load(&self.lua, chunk, None)?;
        let declared = self.interruptible(args::call(&self.lua, function, MultiValue::new())).await;
        let values = declared.map_err(|error| placed(error, chunk))?;
        let Some(Value::Table(declaration)) = values.into_iter().next() else {
            return Err(Error::invalid(format!("{} does not return a command", chunk.name))
                .path(chunk.name.as_str())
                .hint("end the file with `return heck.command { run = function(ctx) … end }`"));
        };
        let tools: Table = self.lua.named_registry_value(PRELUDE)?;
        tools.raw_set("declaration", declaration.clone())?;
        let plain: Function = tools.get("plain")?;
        let json = plain.call::<Value>(declaration).map_err(Error::from)?;
        convert::to_json(&json)
    }

    fn member(&self, path: &[String], name: &str) -> Result<Option<Function>> {
        let tools: Table = self.lua.named_registry_value(PRELUDE)?;
        let find: Function = tools.get("member")?;
        let declaration: Value = tools.get("declaration")?;
        Ok(find.call((declaration, path.to_vec(), name))?)
    }

    /// Calls `run` of the declaration, or of one of its subcommands, with a context table. A payload
    /// that `is_streamed` stays as it is for `render`: turning it into JSON would make its searches.
    pub async fn run(&self, path: &[String], context: &Json, is_streamed: bool) -> Result<Returned> {
        let Some(run) = self.member(path, "run")? else {
            return Err(Error::new(Kind::Invalid, "the command has no `run` function"));
        };
        let context = convert::from_json(&self.lua, context)?;
        let values = self.interruptible(args::call(&self.lua, run, MultiValue::from_iter([context]))).await?;
        let value = values.into_iter().next().unwrap_or(Value::Nil);
        let (patch, rest) = self.take_patch(&value)?;
        let payload = if is_streamed { Json::Null } else { convert::to_json(&rest)? };
        Ok(Returned { payload, patch, value: rest })
    }

    fn take_patch(&self, value: &Value) -> Result<(Option<Patch>, Value)> {
        if let Value::UserData(data) = value
            && let Some(patch) = userdata::take_patch(&self.cx, data)?
        {
            return Ok((Some(patch), Value::Table(self.lua.create_table()?)));
        }
        if let Value::Table(table) = value
            && let Value::UserData(data) = table.raw_get::<Value>("patch")?
            && let Some(patch) = userdata::take_patch(&self.cx, &data)?
        {
            table.raw_set("patch", Value::Nil)?;
            self.refuse_drafts(table)?;
            return Ok((Some(patch), value.clone()));
        }
        if let Value::Table(table) = value {
            self.refuse_drafts(table)?;
        }
        Ok((None, value.clone()))
    }

    /// A patch in another place than `patch` would be lost without a word.
    fn refuse_drafts(&self, table: &Table) -> Result<()> {
        for pair in table.pairs::<Value, Value>() {
            if let (key, Value::UserData(data)) = pair?
                && userdata::is_draft(&data)
            {
                return Err(Error::usage(format!(
                    "a script returns one patch, and there is another at '{}'",
                    key.to_string()?
                ))
                .hint("return it alone or as `patch`, with all edits in one patch; or apply each with patch:apply()"));
            }
        }
        Ok(())
    }

    /// Calls `render` of the declaration, if it has one, with what `run` gave; tells whether it did.
    pub async fn render(&self, path: &[String], returned: &Returned, payload: &Json) -> Result<bool> {
        let Some(render) = self.member(path, "render")? else { return Ok(false) };
        // What `run` returned may hold live things; what the change added is only in the payload.
        if let (Value::Table(table), Json::Object(map)) = (&returned.value, payload) {
            for (key, entry) in map {
                if table.raw_get::<Value>(key.as_str())?.is_nil() {
                    table.raw_set(key.as_str(), convert::from_json(&self.lua, entry)?)?;
                }
            }
        }
        let value = returned.value.clone();
        let tools: Table = self.lua.named_registry_value(PRELUDE)?;
        let heck: Value = tools.get("heck")?;
        let ui: Value = match &heck {
            Value::Table(table) => table.get("ui")?,
            _ => Value::Nil,
        };
        self.interruptible(args::call(&self.lua, render, MultiValue::from_iter([value, ui]))).await?;
        Ok(true)
    }

    /// Evaluates what the user typed, in one environment that lives on.
    pub async fn evaluate(&self, text: &str, number: usize) -> Result<Evaluated> {
        let name = format!("repl:{number}");
        let tools: Table = self.lua.named_registry_value(PRELUDE)?;
        let env: Table = tools.get("repl_env")?;
        let expression = Chunk { name: name.clone(), text: format!("return {text}").into_bytes() };
        let mut is_expression = false;
        let function = match load(&self.lua, &expression, Some(env.clone())) {
            Ok(function) => {
                is_expression = true;
                self.cx.remember(&name, text);
                function
            }
            Err(error) if is_incomplete(&error) => return Ok(Evaluated::Incomplete),
            Err(_) => {
                let statement = Chunk { name: name.clone(), text: text.as_bytes().to_vec() };
                match load(&self.lua, &statement, Some(env.clone())) {
                    Err(error) if is_incomplete(&error) => return Ok(Evaluated::Incomplete),
                    loaded => loaded?,
                }
            }
        };
        let values = self.interruptible(args::call(&self.lua, function, MultiValue::new())).await?;
        if let Some(first) = values.first() {
            env.raw_set("_", first.clone())?;
        }
        let pretty: Function = self.repl_tools()?.get("pretty")?;
        let shown = values.into_iter().map(|value| pretty.call::<String>(value)).collect::<mlua::Result<Vec<_>>>()?;
        Ok(Evaluated::Values(shown, is_expression))
    }

    /// The names a user can complete in the REPL: globals and their fields, two levels deep.
    pub fn names(&self) -> Vec<String> {
        let names = || -> mlua::Result<Vec<String>> { self.repl_tools()?.get::<Function>("names")?.call(()) };
        names().unwrap_or_default()
    }

    fn repl_tools(&self) -> mlua::Result<Table> {
        let tools: Table = self.lua.named_registry_value(PRELUDE)?;
        if let Some(loaded) = tools.raw_get::<Option<Table>>("loaded_repl_tools")? {
            return Ok(loaded);
        }
        let loaded: Table = tools.get::<Function>("repl_tools")?.call(())?;
        tools.raw_set("loaded_repl_tools", &loaded)?;
        Ok(loaded)
    }

    /// Waits for a future, but not past Ctrl-C or the deadline: what it waits for is dropped then.
    async fn interruptible<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        let cancel = self.cx.host.cancel.clone();
        let raised = async {
            while !cancel.is_raised() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            biased;
            result = future => match cancel.check() {
                // A script that swallowed the stop in Rust's absence still ends as stopped.
                Err(stop) => Err(match result { Err(error) if error.kind() == stop.kind() => error, _ => stop }),
                Ok(()) => result,
            },
            () = raised => Err(self.cx.host.cancel.check().err().unwrap_or_else(|| Error::new(Kind::Cancelled, "interrupted"))),
        }
    }
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vm({:?})", self.cx.profile)
    }
}

/// An error about a declaration, at the author's line: `return heck.command { … }` is a tail call, which
/// leaves no frame, so the line is the one that has the name the message quotes.
fn placed(mut error: Error, chunk: &Chunk) -> Error {
    if !error.detail().path.as_deref().is_some_and(|path| path.starts_with(INTERNAL))
        || chunk.name.starts_with(INTERNAL)
    {
        return error;
    }
    let text = String::from_utf8_lossy(&chunk.text).into_owned();
    let quoted = error.detail().message.split('\'').nth(1).unwrap_or_default().to_owned();
    let found = text.lines().enumerate().find(|(_, line)| !quoted.is_empty() && line.contains(&quoted));
    let detail = error.detail_mut();
    detail.path = Some(chunk.name.clone());
    detail.span = found.map(|(n, _)| Span::line(n + 1));
    detail.source = found.map(|(_, line)| line.to_owned());
    error
}

fn is_incomplete(error: &Error) -> bool {
    error.detail().message.ends_with("near <eof>")
}

/// Loads a text chunk, never bytecode, with its own environment.
fn load(lua: &Lua, chunk: &Chunk, env: Option<Table>) -> Result<Function> {
    let cx = Context::of(lua);
    let shown = String::from_utf8_lossy(&chunk.text).into_owned();
    cx.remember(&chunk.name, &shown);
    let env = match env {
        Some(env) => env,
        None => {
            let tools: Table = lua.named_registry_value(PRELUDE)?;
            tools.get::<Function>("environment")?.call::<Table>(())?
        }
    };
    load_text(lua, &chunk.name, &chunk.text, env)
}

/// Loads Lua source, never bytecode; a syntax error has its place and line.
pub fn load_text(lua: &Lua, name: &str, text: &[u8], env: Table) -> Result<Function> {
    if text.first() == Some(&0x1b) {
        return Err(Error::new(Kind::Denied, format!("{name} is bytecode, which heck does not load"))
            .path(name)
            .hint("load Lua source text"));
    }
    lua.load(text)
        .set_name(format!("@{name}"))
        .set_mode(mlua::chunk::ChunkMode::Text)
        .set_environment(env)
        .into_function()
        .map_err(|e| {
            let mut error = Error::from(e);
            let message = error.detail().message.clone();
            let Some((place, what)) = split_position(&message) else { return error };
            let line = String::from_utf8_lossy(text).lines().nth(place.saturating_sub(1)).map(str::to_owned);
            error.detail_mut().message = what;
            let error = error.path(name).span(Span::line(place));
            match line {
                Some(line) => error.source_line(line),
                None => error,
            }
        })
}

/// `name:12: what` → (12, what).
fn split_position(message: &str) -> Option<(usize, String)> {
    let (head, what) = message.split_once(": ")?;
    let (_, line) = head.rsplit_once(':')?;
    Some((line.parse().ok()?, what.to_owned()))
}
