//! The declaration of a script as data: arguments, flags, subcommands, contract.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// One positional argument or flag.
#[derive(Debug, Clone, Deserialize)]
pub struct Parameter {
    /// Its name; a flag is written `--name`.
    pub name: String,
    /// One letter, for a flag.
    #[serde(default)]
    pub short: Option<String>,
    /// `string`, `integer`, `number`, `boolean` or `path`.
    #[serde(default = "string_type", rename = "type")]
    pub ty: String,
    /// What it is.
    #[serde(default)]
    pub help: String,
    /// What its value is called in help.
    #[serde(default)]
    pub value: Option<String>,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// Whether it may be given several times, and is a list.
    #[serde(default)]
    pub many: bool,
    /// The only values it may have.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Its value when it is not given.
    #[serde(default)]
    pub default: Option<Json>,
}

fn string_type() -> String {
    "string".to_owned()
}

/// What the program itself uses.
const RESERVED: [&str; 16] = [
    "json", "dry-run", "wait", "yes", "quiet", "verbose", "trace", "online", "offline", "no-ui", "repo", "timeout",
    "color", "help", "version", "verify",
];
const RESERVED_SHORT: [&str; 5] = ["y", "q", "v", "h", "V"];

const TYPES: [&str; 8] = ["string", "integer", "number", "boolean", "path", "name", "file", "place"];

/// A command, recipe or subcommand.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Spec {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// One line.
    #[serde(default)]
    pub summary: String,
    /// More lines.
    #[serde(default)]
    pub help: String,
    /// Positional arguments, in order.
    #[serde(default)]
    pub args: Vec<Parameter>,
    /// Flags.
    #[serde(default)]
    pub flags: Vec<Parameter>,
    /// Subcommands.
    #[serde(default)]
    pub commands: Vec<Spec>,
    /// The folder of scripts that are its subcommands.
    #[serde(default)]
    pub delegates: Option<String>,
    /// Whether it makes changes, and so takes `--verify`.
    #[serde(default)]
    pub changes: bool,
    /// Whether each run stands in the runlog even when it changes nothing.
    #[serde(default)]
    pub records: bool,
    /// Whether it finishes an interrupted transaction by itself, so that nobody must do so before it.
    #[serde(default)]
    pub recovers: bool,
    /// The payload field that, when it is not zero, makes the exit code 1.
    #[serde(default)]
    pub findings: Option<String>,
    /// The contract of its payload: field → type.
    #[serde(default)]
    pub returns: Option<Json>,
    /// Command lines that show its use.
    #[serde(default)]
    pub examples: Vec<String>,
    /// A command that decides whether a change is kept.
    #[serde(default)]
    pub verify: Option<Vec<String>>,
    /// Whether it has a `run` function.
    #[serde(default)]
    pub run: bool,
    /// Whether it has a `render` function.
    #[serde(default)]
    pub render: bool,
    /// Whether its payload holds a search that is printed as it is found, so that it is not computed twice.
    #[serde(default)]
    pub stream: bool,
}

impl Spec {
    /// Reads a declaration that the prelude has checked for unknown names.
    pub fn from_json(json: &Json, chunk: &str) -> Result<Spec> {
        let json = without_empty_lists(json);
        let spec: Spec = serde_json::from_value(json).map_err(|e| {
            Error::invalid(format!("the declaration in {chunk} is not right: {e}"))
                .path(chunk)
                .hint("see `heck help command`")
        })?;
        spec.check(chunk)?;
        Ok(spec)
    }

    fn check(&self, chunk: &str) -> Result<()> {
        for parameter in self.args.iter().chain(&self.flags) {
            if !TYPES.contains(&parameter.ty.as_str()) {
                return Err(Error::invalid(format!(
                    "{chunk}: '{}' has the unknown type '{}'",
                    parameter.name, parameter.ty
                ))
                .path(chunk)
                .maybe_hint(suggestion(&parameter.ty, TYPES)));
            }
            if parameter.short.as_ref().is_some_and(|short| short.chars().count() != 1) {
                return Err(
                    Error::invalid(format!("{chunk}: 'short' of '{}' is one letter", parameter.name)).path(chunk)
                );
            }
        }
        let mut seen: Vec<&str> = RESERVED.to_vec();
        let mut is_optional = false;
        for (n, parameter) in self.args.iter().chain(&self.flags).enumerate() {
            let wrong = |what: &str| Err(Error::invalid(format!("{chunk}: '{}' {what}", parameter.name)).path(chunk));
            let is_flag = n >= self.args.len();
            if !is_word(&parameter.name) {
                return wrong("is no name: it is made of letters, digits, '-' and '_', and begins with a letter");
            }
            if seen.contains(&parameter.name.as_str()) {
                return wrong("is declared twice, or is a global flag");
            }
            seen.push(&parameter.name);
            if parameter.short.as_deref().is_some_and(|short| seen.contains(&short) || RESERVED_SHORT.contains(&short))
            {
                return wrong("has a letter that is taken");
            }
            seen.extend(parameter.short.as_deref());
            if !parameter.choices.is_empty() && parameter.ty != "string" {
                return wrong("has choices, so its type is string");
            }
            if !is_flag && parameter.required && is_optional {
                return wrong("is required, but stands after one that is not");
            }
            if !is_flag && parameter.many && n + 1 < self.args.len() {
                return wrong("may be given several times, so it must be the last");
            }
            is_optional |= !is_flag && !parameter.required;
        }
        for (n, sub) in self.commands.iter().enumerate() {
            if !is_word(&sub.name) || self.commands[..n].iter().any(|other| other.name == sub.name) {
                return Err(Error::invalid(format!("{chunk}: a subcommand has no name of its own")).path(chunk));
            }
        }
        self.commands.iter().try_for_each(|sub| sub.check(chunk))
    }
}

/// What can be typed as a flag or subcommand, and be a key in Lua.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// An empty Lua table is an empty object; where a list is wanted it is an absent one.
fn without_empty_lists(json: &Json) -> Json {
    match json {
        Json::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.as_object().is_some_and(serde_json::Map::is_empty))
            .map(|(key, value)| (key.clone(), without_empty_lists(value)))
            .collect(),
        Json::Array(items) => items.iter().map(without_empty_lists).collect(),
        other => other.clone(),
    }
}
