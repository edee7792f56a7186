//! Layered settings: built-in, user, repository, environment, flags; each value knows where it came from.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::repo::Repo;
use super::text::suggestion;
use super::{Error, Result, fs, host};

/// A setting's value with its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// The value.
    pub value: toml::Value,
    /// `built-in`, `user`, `repository` or `environment`.
    pub source: &'static str,
}

/// A setting: name, built-in value, whether a repository may set it.
type Known = (&'static str, fn() -> toml::Value, bool);

/// Every setting there is.
const KNOWN: [Known; 4] = [
    ("allow_shadow", || toml::Value::Boolean(false), false),
    ("color", || toml::Value::String("auto".into()), true),
    ("timeout", || toml::Value::Integer(0), true),
    ("verify", || toml::Value::Array(Vec::new()), false),
];

/// All settings in force.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Config {
    settings: BTreeMap<String, Setting>,
}

impl Config {
    /// Reads every layer but the flags, which the caller applies.
    pub fn load(repo: Option<&Repo>) -> Result<Config> {
        let mut settings = BTreeMap::new();
        for (name, value, _) in KNOWN {
            settings.insert(name.to_owned(), Setting { value: value(), source: "built-in" });
        }
        let mut config = Config { settings };
        if let Some(dir) = host::config_dir() {
            config.layer(&dir.join("config.toml"), "user")?;
        }
        if let Some(repo) = repo {
            config.layer(&repo.heck_dir().join("config.toml"), "repository")?;
        }
        for (name, _, _) in KNOWN {
            if let Ok(text) = std::env::var(format!("HECK_{}", name.to_uppercase())) {
                let value = text.parse::<toml::Value>().unwrap_or(toml::Value::String(text));
                config.set(name, value, "environment", "the environment")?;
            }
        }
        Ok(config)
    }

    fn layer(&mut self, path: &Path, source: &'static str) -> Result<()> {
        let Some(bytes) = fs::read_if_present(path)? else { return Ok(()) };
        let place = path.display().to_string();
        let text = String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{place} is not UTF-8")))?;
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            Error::invalid(format!("{place}: {}", e.message())).path(place.as_str()).hint("fix the TOML and try again")
        })?;
        for (name, value) in table {
            self.set(&name, value, source, &place)?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: toml::Value, source: &'static str, place: &str) -> Result<()> {
        let Some((_, builtin, by_repository)) = KNOWN.iter().find(|(known, ..)| *known == name) else {
            return Err(Error::invalid(format!("{place}: unknown setting '{name}'"))
                .path(place)
                .maybe_hint(suggestion(name, KNOWN.iter().map(|(known, ..)| *known))));
        };
        if source == "repository" && !by_repository {
            return Err(Error::invalid(format!("{place}: '{name}' cannot be set by a repository"))
                .path(place)
                .hint("set it in your own configuration"));
        }
        let wanted = builtin();
        if std::mem::discriminant(&wanted) != std::mem::discriminant(&value) {
            return Err(Error::invalid(format!(
                "{place}: '{name}' takes {}, got {}",
                wanted.type_str(),
                value.type_str()
            ))
            .path(place));
        }
        self.settings.insert(name.to_owned(), Setting { value, source });
        Ok(())
    }

    /// One setting's value.
    pub fn get(&self, name: &str) -> Option<&toml::Value> {
        self.settings.get(name).map(|setting| &setting.value)
    }

    /// Whether a flag-like setting is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).and_then(toml::Value::as_bool).unwrap_or(false)
    }

    /// All settings, by name.
    pub fn settings(&self) -> &BTreeMap<String, Setting> {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layered(text: &str, source: &'static str) -> Result<Config> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        let file = dir.path().join("config.toml");
        fs::write_atomic(&file, text.as_bytes())?;
        let mut config = Config::load(None)?;
        config.layer(&file, source)?;
        Ok(config)
    }

    #[test]
    fn a_layer_overrides_and_says_where_it_came_from() -> Result<()> {
        let config = layered("timeout = 5", "repository")?;
        let setting = &config.settings()["timeout"];
        assert_eq!((setting.value.as_integer(), setting.source), (Some(5), "repository"));
        Ok(())
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("tiemout = 5", "unknown setting 'tiemout'"),
            ("timeout = 'x'", "takes integer, got string"),
            ("allow_shadow = true", "cannot be set by a repository"),
            ("timeout =", "config.toml"),
        ] {
            let error = layered(text, "repository").map_err(|e| e.to_string()).err().unwrap_or_default();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
