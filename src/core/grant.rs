//! What a script may do, and the one function that decides it. Opens nothing itself.

use super::repo::Globs;
use super::text::suggestion;
use super::{Error, Kind, Result};

/// What a script asks leave for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request<'a> {
    /// Change this repo-relative path.
    Write(&'a str),
    /// Start this program.
    Proc(&'a str),
    /// Read this environment variable.
    Env(&'a str),
    /// Connect to this host.
    Net(&'a str),
    /// Ask a model.
    Provider,
    /// Read a file outside the repository.
    ReadOutside(&'a str),
    /// Act as a shipped command does: trust, init, runlog, other scripts.
    Own(&'a str),
}

/// The grants of one script.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    is_full: bool,
    write: Vec<String>,
    proc: Vec<String>,
    env: Vec<String>,
    net: Vec<String>,
    provider: bool,
}

const NAMES: [&str; 5] = ["fs.write", "proc", "env", "net", "provider"];

impl Grants {
    /// Everything: for shipped commands and for what the user types.
    pub fn full() -> Self {
        Grants { is_full: true, ..Grants::default() }
    }

    /// Nothing beyond reading the repository.
    pub fn none() -> Self {
        Grants::default()
    }

    /// Reads the grants of a header, one `name=value,value` a piece.
    pub fn parse<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut grants = Grants::default();
        for piece in pieces {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let values = || value.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
            match name.trim() {
                "fs.write" => grants.write.extend(values()),
                "proc" => grants.proc.extend(values()),
                "env" => grants.env.extend(values()),
                "net" => grants.net.extend(values()),
                "provider" => grants.provider = true,
                other => {
                    return Err(Error::invalid(format!("unknown grant '{other}'")).maybe_hint(suggestion(other, NAMES)));
                }
            }
        }
        Globs::new(&grants.write)?;
        Ok(grants)
    }

    /// The grants as they are written in a header.
    pub fn list(&self) -> Vec<String> {
        if self.is_full {
            return vec!["everything".into()];
        }
        let mut shown = Vec::new();
        for (name, values) in [("fs.write", &self.write), ("proc", &self.proc), ("env", &self.env), ("net", &self.net)]
        {
            if !values.is_empty() {
                shown.push(format!("{name}={}", values.join(",")));
            }
        }
        if self.provider {
            shown.push("provider".into());
        }
        shown
    }

    /// Decides a request.
    pub fn check(&self, request: Request<'_>) -> Result<()> {
        if self.is_full {
            return Ok(());
        }
        let named = |list: &[String], what: &str| list.iter().any(|entry| entry == what || entry == "*");
        let (allowed, what, fix) = match request {
            Request::Write(path) => (
                !self.write.is_empty() && Globs::new(&self.write)?.accepts(path),
                format!("change '{path}'"),
                Some(format!("fs.write={path}")),
            ),
            Request::Proc(program) => {
                (named(&self.proc, program), format!("start '{program}'"), Some(format!("proc={program}")))
            }
            Request::Env(name) => {
                (named(&self.env, name), format!("read the environment variable '{name}'"), Some(format!("env={name}")))
            }
            Request::Net(host) => (named(&self.net, host), format!("connect to '{host}'"), Some(format!("net={host}"))),
            Request::Provider => (self.provider, "ask a model".into(), Some("provider".into())),
            Request::ReadOutside(path) => (false, format!("read '{path}', which lies outside the repository"), None),
            Request::Own(what) => (false, what.to_owned(), None),
        };
        if allowed {
            return Ok(());
        }
        let hint = match fix {
            Some(grant) => format!("it needs `---@grant {grant}` in its header; then review it with `heck trust`"),
            None => "no grant allows this to a script of the repository".to_owned(),
        };
        Err(Error::new(Kind::Denied, format!("this script may not {what}")).hint(hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_allowed_that_was_not_granted() -> Result<()> {
        let grants = Grants::parse(["fs.write=src/**,docs/*.md", "proc=npm", "env=CI"])?;
        let allowed = [
            (Request::Write("src/a/b.ts"), true),
            (Request::Write("docs/x.md"), true),
            (Request::Write("docs/deep/x.md"), false),
            (Request::Write("package.json"), false),
            (Request::Proc("npm"), true),
            (Request::Proc("sh"), false),
            (Request::Env("CI"), true),
            (Request::Env("HOME"), false),
            (Request::Net("localhost"), false),
            (Request::Provider, false),
            (Request::ReadOutside("/etc/passwd"), false),
            (Request::Own("trust"), false),
        ];
        for (request, expected) in allowed {
            assert_eq!(grants.check(request).is_ok(), expected, "{request:?}");
            assert!(Grants::none().check(request).is_err(), "{request:?}");
            assert!(Grants::full().check(request).is_ok(), "{request:?}");
        }
        Ok(())
    }

    #[test]
    fn unknown_grants_are_refused_by_name() {
        let error = Grants::parse(["fs.wirte=**"]).map_err(|e| e.detail().hint.clone());
        assert_eq!(error.err().flatten().as_deref(), Some("did you mean 'fs.write'?"));
    }
}
