//! The one JSON object that `--json` prints, whatever happens.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::outcome::Outcome;
use crate::core::host::Host;

/// The envelope of a run.
pub fn envelope(outcome: &Outcome, host: Option<&Host>, repo: Option<&str>, took: Duration) -> Json {
    let mut object = json!({
        "ok": outcome.error.is_none(),
        "cmd": outcome.cmd,
        "version": env!("CARGO_PKG_VERSION"),
        "duration_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "payload": outcome.payload,
        "meta": {
            "repo": repo,
            "run_id": host.map(|host| host.run_id.clone()),
            "patches": host.map(Host::patches).unwrap_or_default(),
            "warnings": host.map(Host::warnings).unwrap_or_default(),
        },
    });
    if let Some(error) = &outcome.error {
        object["error"] = serde_json::to_value(error).unwrap_or(Json::Null);
    }
    object
}
