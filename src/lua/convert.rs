//! Values across the border: JSON ⇄ Lua, lists, spans.

use mlua::{IntoLua, Lua, LuaSerdeExt, Table, Value};
use serde_json::{Map, Number, Value as Json};

use super::userdata;
use crate::core::text::{Position, Span};
use crate::core::{Error, Result};

const MAX_DEPTH: usize = 100;

/// A list; an empty one is marked, so that it stays a list in JSON.
pub fn list<T: IntoLua>(lua: &Lua, items: impl IntoIterator<Item = T>) -> mlua::Result<Table> {
    let table = lua.create_sequence_from(items)?;
    if table.raw_len() == 0 {
        table.set_metatable(Some(lua.array_metatable()))?;
    }
    Ok(table)
}

/// `{ from = { line, column }, to = …, byte = { from, to } }`.
pub fn span(lua: &Lua, span: &Span) -> mlua::Result<Table> {
    let position = |at: Position| {
        let table = lua.create_table_with_capacity(0, 2)?;
        table.raw_set("line", at.line)?;
        table.raw_set("column", at.column)?;
        Ok::<_, mlua::Error>(table)
    };
    let table = lua.create_table_with_capacity(0, 3)?;
    table.raw_set("from", position(span.from)?)?;
    table.raw_set("to", position(span.to)?)?;
    let byte = lua.create_table_with_capacity(0, 2)?;
    byte.raw_set("from", span.byte.0)?;
    byte.raw_set("to", span.byte.1)?;
    table.raw_set("byte", byte)?;
    Ok(table)
}

/// JSON as Lua: null is nil, so a null in an object is an absent key.
pub fn from_json(lua: &Lua, json: &Json) -> mlua::Result<Value> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Boolean(*b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Value::Integer(i),
            None => Value::Number(n.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(s) => Value::String(lua.create_string(s)?),
        Json::Array(items) => {
            let values = items.iter().map(|item| from_json(lua, item)).collect::<mlua::Result<Vec<_>>>()?;
            Value::Table(list(lua, values)?)
        }
        Json::Object(map) => {
            let table = lua.create_table_with_capacity(0, map.len())?;
            for (key, value) in map {
                table.raw_set(key.as_str(), from_json(lua, value)?)?;
            }
            Value::Table(table)
        }
    })
}

/// Something that serialises, as Lua.
pub fn from_serde(lua: &Lua, value: &impl serde::Serialize) -> mlua::Result<Value> {
    let json = serde_json::to_value(value).map_err(mlua::Error::external)?;
    from_json(lua, &json)
}

/// Lua as JSON. Strings that are not UTF-8 are shown with replacement characters; what cannot be
/// JSON (functions, cycles) is an error that says where.
pub fn to_json(value: &Value) -> Result<Json> {
    to_json_at(value, "", 0)
}

fn to_json_at(value: &Value, place: &str, depth: usize) -> Result<Json> {
    let at = || if place.is_empty() { "the value".to_owned() } else { place.trim_start_matches('.').to_owned() };
    if depth > MAX_DEPTH {
        return Err(
            Error::invalid(format!("{} is nested too deeply for JSON", at())).hint("does a table contain itself?")
        );
    }
    Ok(match value {
        Value::Nil => Json::Null,
        Value::Boolean(b) => Json::Bool(*b),
        Value::Integer(i) => Json::Number((*i).into()),
        Value::Number(n) => match Number::from_f64(*n) {
            Some(number) => Json::Number(number),
            None => return Err(Error::invalid(format!("{} is {n}, which JSON does not have", at()))),
        },
        Value::String(s) => Json::String(s.to_string_lossy()),
        Value::Table(table) => table_to_json(table, place, depth)?,
        Value::UserData(data) => userdata::to_json(data)
            .ok_or_else(|| Error::invalid(format!("{} is a live object, which JSON does not have", at())))??,
        other => {
            return Err(Error::invalid(format!("{} is a {}, which JSON does not have", at(), other.type_name())));
        }
    })
}

fn table_to_json(table: &Table, place: &str, depth: usize) -> Result<Json> {
    let length = table.raw_len();
    if length > 0 || table.metatable().is_some_and(|meta| meta.raw_get::<bool>("__metatable").is_ok_and(|m| !m)) {
        let mut items = Vec::with_capacity(length);
        for n in 1..=length {
            let value: Value = table.raw_get(n)?;
            items.push(to_json_at(&value, &format!("{place}[{n}]"), depth + 1)?);
        }
        let named = table.pairs::<Value, Value>().count() > length;
        if named {
            return Err(Error::invalid(format!(
                "{place} has both list items and named fields, which JSON does not have"
            )));
        }
        return Ok(Json::Array(items));
    }
    let mut entries = Vec::new();
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        let key = match &key {
            Value::String(s) => s.to_string_lossy(),
            Value::Integer(i) => i.to_string(),
            other => {
                return Err(Error::invalid(format!("{place} has a key that is a {}", other.type_name())));
            }
        };
        let inner = to_json_at(&value, &format!("{place}.{key}"), depth + 1)?;
        entries.push((key, inner));
    }
    // Lua's order is arbitrary; output must not be.
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Json::Object(entries.into_iter().collect::<Map<_, _>>()))
}
