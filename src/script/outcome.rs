//! How a run ended, and the exit code that says so.

use serde_json::Value as Json;

use crate::core::{Error, Kind};

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The words that led to the script, such as `patch apply`.
    pub cmd: String,
    /// The data, or what was reached before an error.
    pub payload: Json,
    /// What went wrong.
    pub error: Option<Error>,
    /// Whether the work was done and found something to complain about.
    pub has_findings: bool,
}

impl Outcome {
    /// A run that failed before it reached anything.
    pub fn failed(cmd: impl Into<String>, error: Error) -> Outcome {
        Outcome { cmd: cmd.into(), payload: Json::Null, error: Some(error), has_findings: false }
    }

    /// A text that was asked for, as the one field of a payload.
    pub fn said(cmd: impl Into<String>, field: &str, text: String) -> Outcome {
        let payload = serde_json::json!({ field: text });
        Outcome { cmd: cmd.into(), payload, error: None, has_findings: false }
    }

    /// The exit code.
    pub fn code(&self) -> i32 {
        match &self.error {
            Some(error) if self.has_findings && error.kind() == Kind::Tool => 1,
            Some(error) => exit_code(error.kind()),
            None => i32::from(self.has_findings),
        }
    }
}

/// The exit code of an error kind.
pub fn exit_code(kind: Kind) -> i32 {
    match kind {
        Kind::Usage | Kind::Invalid => 2,
        Kind::Untrusted | Kind::Denied => 3,
        Kind::NotFound | Kind::Conflict | Kind::Tool | Kind::Budget => 4,
        Kind::Network | Kind::Provider => 5,
        Kind::Timeout => 124,
        Kind::Cancelled => 130,
        Kind::Internal => 101,
    }
}
