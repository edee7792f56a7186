//! Errors across the border: `core::Error` ⇄ mlua's error ⇄ the `heck.Error` table that scripts see.

use std::fmt;
use std::sync::Arc;

use mlua::{Lua, Table, Value};

use super::convert;
use crate::core::text::Span;
use crate::core::{Error, Kind};

/// A `core::Error` on its way through Lua.
#[derive(Debug, Clone)]
pub struct Failure(pub Error);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {}

/// The key of the metatable of `heck.Error` in the registry.
const META: &str = "heck.Error";

/// Wraps an error for mlua.
pub fn raise(error: Error) -> mlua::Error {
    mlua::Error::ExternalError(Arc::new(Failure(error)))
}

impl From<mlua::Error> for Error {
    fn from(error: mlua::Error) -> Self {
        from_mlua(&error)
    }
}

/// The `core::Error` inside an mlua error, or one that says the same.
pub fn from_mlua(error: &mlua::Error) -> Error {
    match error {
        mlua::Error::ExternalError(inner) => match inner.downcast_ref::<Failure>() {
            Some(Failure(error)) => error.clone(),
            None => Error::new(Kind::Tool, inner.to_string()),
        },
        mlua::Error::CallbackError { cause, .. } | mlua::Error::WithContext { cause, .. } => from_mlua(cause),
        mlua::Error::BadArgument { to, pos, name, cause } => {
            let function = to.as_deref().unwrap_or("the function");
            let name = name.as_deref().map_or_else(|| format!("argument {pos}"), |name| format!("'{name}'"));
            Error::usage(format!("{function}: bad {name}: {}", from_mlua(cause)))
        }
        mlua::Error::MemoryError(_) => Error::new(Kind::Budget, "the script ran out of memory")
            .hint("work on one file at a time instead of holding everything"),
        mlua::Error::SyntaxError { message, .. } => Error::invalid(message.clone()),
        mlua::Error::FromLuaConversionError { from, to, message } => {
            let more = message.as_deref().map(|m| format!(" ({m})")).unwrap_or_default();
            Error::usage(format!("expected {to}, got {from}{more}"))
        }
        mlua::Error::UserDataDestructed => Error::usage("this node was only lent, and is gone")
            .hint("a predicate (`where`) has its node while it runs; keep its text or its span instead"),
        mlua::Error::RuntimeError(message) => script_error(message),
        other => Error::new(Kind::Tool, other.to_string()),
    }
}

/// An error whose text came from Lua itself or from `error("…")`.
pub fn script_error(message: &str) -> Error {
    let first = message.split("\nstack traceback:").next().unwrap_or(message);
    if first.contains("not enough memory") {
        return Error::new(Kind::Budget, "the script ran out of memory")
            .hint("work on one file at a time instead of holding everything");
    }
    if first.contains("stack overflow") {
        return Error::new(Kind::Budget, "the script's calls are nested too deeply")
            .hint("is there an endless recursion?");
    }
    if first.contains("attempt to yield across a C-call boundary") {
        return Error::usage("a waiting call cannot be made here")
            .hint("inside a table.sort comparator or a gsub callback nothing can wait: collect first, then wait");
    }
    if first.contains("attempt to yield from outside a coroutine") {
        return Error::usage("coroutine.yield was called outside a coroutine");
    }
    Error::new(Kind::Tool, first.to_owned()).maybe_hint(nil_hint(first))
}

/// What to say about the commonest slips.
fn nil_hint(message: &str) -> Option<String> {
    let what = message.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
    let name = |what: &str| what.split('\'').nth(1).map(str::to_owned);
    if message.contains("attempt to index a nil value") || message.contains("attempt to perform arithmetic on a nil") {
        let name = what.and_then(name)?;
        return Some(format!("'{name}' is nil here: is it spelled right, and was it set?"));
    }
    if message.contains("attempt to call a nil value") {
        let what = what?;
        let name = name(what)?;
        let kind = what.split(' ').next().unwrap_or("function");
        return Some(format!("there is no {kind} '{name}' here: is it spelled right?"));
    }
    if message.contains("attempt to concatenate a nil value") {
        let name = what.and_then(name)?;
        return Some(format!("'{name}' is nil here; use tostring({name}) or a default"));
    }
    None
}

/// Makes the table that scripts see.
pub fn to_table(lua: &Lua, error: &Error) -> mlua::Result<Table> {
    let detail = error.detail();
    let table = lua.create_table()?;
    table.raw_set("kind", detail.kind.name())?;
    table.raw_set("message", detail.message.as_str())?;
    table.raw_set("hint", detail.hint.as_deref())?;
    table.raw_set("path", detail.path.as_deref())?;
    table.raw_set("source", detail.source.as_deref())?;
    table.raw_set("trace", detail.trace.as_deref())?;
    if let Some(span) = &detail.span {
        table.raw_set("span", convert::span(lua, span)?)?;
    }
    if let Some(cause) = &detail.cause {
        table.raw_set("cause", to_table(lua, cause)?)?;
    }
    let meta: Table = lua.named_registry_value(META)?;
    table.set_metatable(Some(meta))?;
    Ok(table)
}

/// Reads the table that scripts see; anything else is put into words.
pub fn from_value(value: &Value) -> Error {
    match value {
        Value::Error(error) => from_mlua(error),
        Value::Table(table) if is_error(table) => from_table(table),
        Value::String(text) => script_error(&text.to_string_lossy()),
        Value::Nil => Error::tool("an error without a message was raised").hint("pass a message: error(\"…\")"),
        other => {
            let shown = other.to_string().unwrap_or_else(|_| other.type_name().to_owned());
            Error::tool(format!("an error that is a {} was raised: {shown}", other.type_name()))
                .hint("raise a string, or use heck.fail(message, { kind = … })")
        }
    }
}

/// Tells whether a table is a `heck.Error`.
pub fn is_error(table: &Table) -> bool {
    let known = table.raw_get::<Option<mlua::LuaString>>("kind").ok().flatten();
    table.metatable().is_some() && known.is_some_and(|kind| Kind::from_name(&kind.to_string_lossy()).is_some())
}

fn from_table(table: &Table) -> Error {
    let text = |key: &str| table.raw_get::<Option<String>>(key).ok().flatten();
    let kind = text("kind").and_then(|kind| Kind::from_name(&kind)).unwrap_or(Kind::Tool);
    let mut error = Error::new(kind, text("message").unwrap_or_default()).maybe_hint(text("hint"));
    let detail = error.detail_mut();
    detail.path = text("path");
    detail.source = text("source");
    detail.trace = text("trace");
    detail.span = table.raw_get::<Option<Table>>("span").ok().flatten().and_then(|span| read_span(&span));
    detail.cause =
        table.raw_get::<Option<Table>>("cause").ok().flatten().map(|cause| Box::new(from_value(&Value::Table(cause))));
    error
}

fn read_span(span: &Table) -> Option<Span> {
    let from: Table = span.raw_get("from").ok()?;
    Some(Span::line(from.raw_get("line").ok()?))
}

/// Puts the metatable of `heck.Error` into the registry.
pub fn register(lua: &Lua) -> mlua::Result<()> {
    let meta = lua.create_table()?;
    meta.raw_set("__name", META)?;
    meta.raw_set("__metatable", META)?;
    meta.raw_set(
        "__tostring",
        lua.create_function(|_, error: Table| {
            let message: String = error.raw_get("message")?;
            let hint: Option<String> = error.raw_get("hint")?;
            Ok(match hint {
                Some(hint) => format!("{message} ({hint})"),
                None => message,
            })
        })?,
    )?;
    lua.set_named_registry_value(META, meta)
}
