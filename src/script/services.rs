//! What scripts may ask of this layer: the list of scripts, help, completions, the REPL.

use std::io::Write;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::outcome::{Outcome, exit_code};
use super::registry::{Kind, Layer};
use super::run::Session;
use super::{contract, envelope, reference};
use crate::core::host::Host;
use crate::core::trust::State;
use crate::core::{Error, Result};
use crate::lua::{Services, Waiting};
use crate::term::{Paint, report};

/// The services of one session.
pub struct HostServices {
    session: Session,
}

impl HostServices {
    /// Serves a session.
    pub fn new(session: Session) -> HostServices {
        HostServices { session }
    }
}

impl Services for HostServices {
    fn scripts(&self, kind: &str) -> Result<Json> {
        let registry = &self.session.registry;
        let trust = registry.trust()?;
        let all = registry.find_all(Kind::from_folder(kind)?)?;
        Ok(all
            .iter()
            .map(|script| {
                json!({
                    "name": script.name,
                    "summary": script.header.summary,
                    "layer": script.layer.name(),
                    "path": script.chunk,
                    "grants": script.header.grants,
                    "trusted": script.layer != Layer::Repository || trust == State::Trusted,
                })
            })
            .collect())
    }

    fn script(&self, kind: &str, name: &str) -> Result<Json> {
        // Only scripts by name: a path would read any file there is.
        let script = self.session.named(Kind::from_folder(kind)?, name)?;
        Ok(json!({
            "name": script.name,
            "summary": script.header.summary,
            "help": script.header.help,
            "layer": script.layer.name(),
            "path": script.chunk,
            "grants": script.header.grants,
            "text": String::from_utf8_lossy(&script.text),
        }))
    }

    fn help(&self, words: Vec<String>, contract: bool) -> Waiting<String> {
        let session = self.session.clone();
        Box::pin(async move {
            let Some(first) = words.first() else {
                return Ok(super::overview(&session.registry.find_all(Kind::Command)?));
            };
            let mut spec = session.describe(&session.script(Kind::Command, first)?).await?;
            let mut depth = 1;
            if let (Some(folder), Some(inner)) = (&spec.delegates, words.get(1)) {
                spec = session.describe(&session.script(Kind::from_folder(folder)?, inner)?).await?;
                depth = 2;
            }
            if !contract {
                return reference::help(&words, depth, &spec);
            }
            let leaf = reference::leaf(&words[depth - 1..], &spec)?;
            serde_json::to_string_pretty(&contract::schema(leaf.returns.as_ref()))
                .map_err(|e| Error::new(crate::core::Kind::Internal, e.to_string()))
        })
    }

    fn completions(&self, shell: String) -> Waiting<String> {
        let session = self.session.clone();
        Box::pin(async move { reference::completions(&session, &shell).await })
    }

    fn man(&self) -> Waiting<String> {
        let session = self.session.clone();
        Box::pin(async move { reference::man(&session).await })
    }

    fn reference(&self) -> Waiting<String> {
        let session = self.session.clone();
        Box::pin(async move { reference::markdown(&session).await })
    }

    fn repl(&self) -> Waiting<Json> {
        let session = self.session.clone();
        Box::pin(async move { crate::repl::run(&session).await })
    }
}

/// Says why the process ends, when a script does not stop by itself; gives the exit code.
pub fn last_words(host: &Arc<Host>, cmd: &str, error: Error) -> i32 {
    let repo = crate::core::repo::Repo::discover(&host.start_dir());
    let in_midst = repo.is_ok_and(|repo| crate::core::patch::is_left_behind(&repo).unwrap_or(false));
    let error = error.hint(match in_midst {
        true => "a change was being carried out; the next heck finishes or undoes it, as `heck recover` does",
        false => "the script did not stop by itself, so the process was ended; no change is half done",
    });
    let code = exit_code(error.kind());
    let outcome = Outcome::failed(cmd, error);
    // The other thread may hold the buffered streams, so this writes past them; and nothing can be
    // done about a stream that is closed.
    let _ = match (&outcome.error, host.flags.json) {
        (_, true) => {
            let object = envelope::envelope(&outcome, Some(host), None, std::time::Duration::ZERO);
            std::io::stdout().write_all(format!("{object}\n").as_bytes())
        }
        (Some(error), false) => writeln!(std::io::stderr(), "{}", report(error, Paint::new(false), false)),
        (None, false) => Ok(()),
    };
    code
}
