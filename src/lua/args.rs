//! Arguments and option tables, read strictly: a wrong type names function, parameter and expected
//! type; an unknown option is refused with the nearest valid one.

use mlua::{Function, Lua, LuaString, MultiValue, Table, Value};

use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// The positional arguments of one call.
pub struct Args {
    function: String,
    values: Vec<Value>,
}

impl Args {
    /// The arguments of a call of a function, which is named in errors.
    pub fn new(function: &str, values: MultiValue) -> Args {
        Args { function: function.to_owned(), values: values.into_iter().collect() }
    }

    /// The value at a position from 1; nil where there is none.
    pub fn value(&self, at: usize) -> Value {
        self.values.get(at - 1).cloned().unwrap_or(Value::Nil)
    }

    /// Everything from a position on.
    pub fn rest(&self, from: usize) -> Vec<Value> {
        self.values.get(from - 1..).unwrap_or_default().to_vec()
    }

    /// Refuses more arguments than the function takes.
    pub fn at_most(&self, count: usize) -> Result<()> {
        if self.values.len() > count && self.values[count..].iter().any(|value| !value.is_nil()) {
            let arguments = if count == 1 { "argument" } else { "arguments" };
            return Err(Error::usage(format!(
                "{} takes at most {count} {arguments}, got {}",
                self.function,
                self.values.len()
            )));
        }
        Ok(())
    }

    /// The error of a wrong type.
    pub fn wrong(&self, name: &str, expected: &str, got: &Value) -> Error {
        wrong(&format!("{}: '{name}'", self.function), expected, got)
    }

    /// Bytes.
    pub fn bytes(&self, at: usize, name: &str) -> Result<Vec<u8>> {
        match self.value(at) {
            Value::String(s) => Ok(s.as_bytes().to_vec()),
            other => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// A path: bytes, which need not be UTF-8.
    pub fn path(&self, at: usize, name: &str) -> Result<String> {
        Ok(crate::core::path::from_os(&self.bytes(at, name)?))
    }

    /// Text, which must be UTF-8.
    pub fn string(&self, at: usize, name: &str) -> Result<String> {
        match self.value(at) {
            Value::String(s) => utf8(&s, &format!("{}: '{name}'", self.function)),
            other => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// A number.
    pub fn number(&self, at: usize, name: &str) -> Result<f64> {
        match self.value(at) {
            Value::Integer(i) => Ok(i as f64),
            Value::Number(n) => Ok(n),
            other => Err(self.wrong(name, "a number", &other)),
        }
    }

    /// A function.
    pub fn function(&self, at: usize, name: &str) -> Result<Function> {
        match self.value(at) {
            Value::Function(f) => Ok(f),
            other => Err(self.wrong(name, "a function", &other)),
        }
    }

    /// A table.
    pub fn table(&self, at: usize, name: &str) -> Result<Table> {
        match self.value(at) {
            Value::Table(t) => Ok(t),
            other => Err(self.wrong(name, "a table", &other)),
        }
    }

    /// A list of texts.
    pub fn strings(&self, at: usize, name: &str) -> Result<Vec<String>> {
        strings(&self.value(at), &format!("{}: '{name}'", self.function))
    }

    /// The options table at a position, with the names it may have.
    pub fn options(&self, at: usize, known: &[&'static str]) -> Result<Options> {
        self.at_most(at)?;
        let table = match self.value(at) {
            Value::Nil => None,
            Value::Table(table) => Some(table),
            other => return Err(self.wrong("options", "a table", &other)),
        };
        if let Some(table) = &table {
            check_keys(table, &self.function, known)?;
        }
        Ok(Options { function: self.function.clone(), table })
    }
}

/// Refuses keys that are not known, with the nearest that is.
pub fn check_keys(table: &Table, owner: &str, known: &[&str]) -> Result<()> {
    for pair in table.pairs::<Value, Value>() {
        let (key, _) = pair?;
        let Value::String(key) = &key else {
            return Err(Error::usage(format!("{owner}: options are named, got a list"))
                .hint(format!("write {{ {} = … }}", known.first().unwrap_or(&"name"))));
        };
        let key = key.to_string_lossy();
        if !known.contains(&key.as_str()) {
            return Err(Error::usage(format!("{owner} has no option '{key}'"))
                .maybe_hint(suggestion(&key, known.iter().copied())));
        }
    }
    Ok(())
}

/// A checked options table.
pub struct Options {
    function: String,
    table: Option<Table>,
}

impl Options {
    /// The raw value of an option.
    pub fn value(&self, name: &str) -> Result<Value> {
        Ok(match &self.table {
            Some(table) => table.get(name)?,
            None => Value::Nil,
        })
    }

    fn place(&self, name: &str) -> String {
        format!("{}: option '{name}'", self.function)
    }

    /// The error of an option that cannot be what it is.
    pub fn bad(&self, name: &str, what: &str) -> Error {
        Error::usage(format!("{} {what}", self.place(name)))
    }

    /// Text.
    pub fn string(&self, name: &str) -> Result<Option<String>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::String(s) => utf8(&s, &self.place(name)).map(Some),
            other => Err(wrong(&self.place(name), "a string", &other)),
        }
    }

    /// Bytes.
    pub fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::String(s) => Ok(Some(s.as_bytes().to_vec())),
            other => Err(wrong(&self.place(name), "a string", &other)),
        }
    }

    /// A switch, off unless set.
    pub fn flag(&self, name: &str) -> Result<bool> {
        Ok(self.maybe_flag(name)?.unwrap_or(false))
    }

    /// A switch that may be unset.
    pub fn maybe_flag(&self, name: &str) -> Result<Option<bool>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::Boolean(b) => Ok(Some(b)),
            other => Err(wrong(&self.place(name), "a boolean", &other)),
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self, name: &str) -> Result<Option<usize>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::Integer(i) if i >= 0 => Ok(usize::try_from(i).ok()),
            other => Err(wrong(&self.place(name), "a whole number from 0", &other)),
        }
    }

    /// A time span in seconds.
    pub fn seconds(&self, name: &str) -> Result<Option<std::time::Duration>> {
        let seconds = match self.value(name)? {
            Value::Nil => return Ok(None),
            Value::Integer(i) => i as f64,
            Value::Number(n) => n,
            other => return Err(wrong(&self.place(name), "a number of seconds", &other)),
        };
        std::time::Duration::try_from_secs_f64(seconds)
            .map(Some)
            .map_err(|_| self.bad(name, &format!("cannot be {seconds} seconds")))
    }

    /// One text, or a list of them.
    pub fn strings(&self, name: &str) -> Result<Vec<String>> {
        match self.value(name)? {
            Value::Nil => Ok(Vec::new()),
            Value::String(s) => Ok(vec![utf8(&s, &self.place(name))?]),
            other => strings(&other, &self.place(name)),
        }
    }

    /// A table.
    pub fn table(&self, name: &str) -> Result<Option<Table>> {
        match self.value(name)? {
            Value::Nil => Ok(None),
            Value::Table(t) => Ok(Some(t)),
            other => Err(wrong(&self.place(name), "a table", &other)),
        }
    }
}

fn strings(value: &Value, place: &str) -> Result<Vec<String>> {
    let Value::Table(table) = value else { return Err(wrong(place, "a list of strings", value)) };
    let mut all = Vec::new();
    for n in 1..=table.raw_len() {
        match table.raw_get::<Value>(n)? {
            Value::String(s) => all.push(utf8(&s, place)?),
            Value::Integer(i) => all.push(i.to_string()),
            other => return Err(wrong(&format!("{place}[{n}]"), "a string", &other)),
        }
    }
    if all.is_empty() && table.pairs::<Value, Value>().next().is_some() {
        return Err(wrong(place, "a list of strings", value));
    }
    Ok(all)
}

fn utf8(text: &LuaString, place: &str) -> Result<String> {
    text.to_str().map(|s| s.to_owned()).map_err(|_| Error::usage(format!("{place} is not valid UTF-8")))
}

/// An error about a value that is of the wrong kind.
pub fn wrong(place: &str, expected: &str, got: &Value) -> Error {
    let got = match got {
        Value::Nil => "nothing".to_owned(),
        Value::UserData(_) => "an object".to_owned(),
        Value::Integer(i) => format!("the number {i}"),
        other => format!("a {}", other.type_name()),
    };
    Error::usage(format!("{place} takes {expected}, got {got}"))
}

/// Calls a Lua function through the prelude's guard, so that an error keeps its value, place and trace.
pub async fn call(lua: &Lua, function: Function, args: MultiValue) -> Result<Vec<Value>> {
    let guard: Function = lua.named_registry_value(super::vm::GUARD)?;
    let mut all = args;
    all.push_front(Value::Function(function));
    let mut results: MultiValue = guard.call_async(all).await?;
    match results.pop_front() {
        Some(Value::Boolean(true)) => Ok(results.into_iter().collect()),
        _ => Err(super::error::from_value(&results.pop_front().unwrap_or(Value::Nil))),
    }
}
