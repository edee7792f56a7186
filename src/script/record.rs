//! What an operation leaves in the runlog.

use std::ffi::OsString;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::outcome::Outcome;
use super::run::Session;
use super::spec::Spec;
use crate::core::patch::Store;
use crate::core::repo::Repo;
use crate::core::runlog::Runlog;
use crate::core::{Error, Result};

/// Writes the record of an operation. What was done stays done where that fails, but it is not all that was promised.
pub fn record(session: &Session, spec: &Spec, outcome: &Outcome, argv: &[OsString], took: Duration) -> Result<()> {
    let patches = session.host.patches();
    let Some(repo) = session.registry.repo().filter(|_| spec.records || !patches.is_empty()) else { return Ok(()) };
    let mut record = Map::new();
    record.insert("cmd".into(), outcome.cmd.clone().into());
    record.insert("args".into(), masked(argv).into());
    record.insert("ok".into(), outcome.error.is_none().into());
    if let Some(error) = &outcome.error {
        record.insert("error".into(), json!({ "kind": error.kind().name(), "message": error.to_string() }));
    }
    record.insert("exit".into(), outcome.code().into());
    record.insert("duration_ms".into(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX).into());
    record.insert("run".into(), session.host.run_id.clone().into());
    record.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    record.insert("patches".into(), patch_facts(repo, &patches));
    let written = Store::open(repo).and_then(|store| store.prepare()).and_then(|()| Runlog::open(repo)?.append(record));
    written.map(drop).map_err(|error| {
        let hint = error.detail().hint.clone();
        Error::new(error.kind(), format!("the work is done, but the runlog could not be written: {error}"))
            .maybe_hint(hint.or(Some("see `heck status`, and `heck log verify`".into())))
            .cause(error)
    })
}

fn patch_facts(repo: &Repo, ids: &[String]) -> Json {
    let store = Store::open(repo);
    ids.iter()
        .map(|id| match store.as_ref().ok().and_then(|store| store.get(id).ok()) {
            Some(patch) => json!({ "id": id, "state": patch.meta.state.name(), "digest": patch.meta.digest }),
            None => json!({ "id": id }),
        })
        .collect()
}

/// The command line for the record, without values that look like secrets.
fn masked(argv: &[OsString]) -> Vec<String> {
    let secret =
        |name: &str| ["token", "key", "secret", "password"].iter().any(|word| name.to_lowercase().contains(word));
    let (mut out, mut hide) = (Vec::new(), false);
    for word in argv.iter().map(|word| word.to_string_lossy()) {
        if std::mem::take(&mut hide) {
            out.push("***".to_owned());
        } else if let Some((name, _)) = word.split_once('=').filter(|(name, _)| name.starts_with('-') && secret(name)) {
            out.push(format!("{name}=***"));
        } else {
            hide = word.starts_with("--") && secret(&word);
            out.push(word.into_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_record() {
        let argv: Vec<OsString> = ["x", "--api-key", "abc", "--token=def", "--lang", "ts"].map(OsString::from).to_vec();
        assert_eq!(masked(&argv), ["x", "--api-key", "***", "--token=***", "--lang", "ts"]);
    }
}
