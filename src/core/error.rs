//! The one error type: a closed kind, a message, a place, and what to do next. Must not print.

use std::fmt;

use serde::Serialize;

use super::text::Span;

/// What went wrong, as a closed set that scripts and exit codes can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The caller asked in a wrong way: unknown flag, option or type.
    Usage,
    /// Something that was named is absent.
    NotFound,
    /// A grant or policy forbids it.
    Denied,
    /// The repository's code has not been trusted.
    Untrusted,
    /// The world is not as the operation requires.
    Conflict,
    /// Input that cannot be understood.
    Invalid,
    /// A deadline passed.
    Timeout,
    /// The user or a sibling task cancelled it.
    Cancelled,
    /// A limit on memory, instructions or money was reached.
    Budget,
    /// The environment, another program or a script failed.
    Tool,
    /// The network failed.
    Network,
    /// A model provider failed.
    Provider,
    /// A bug in `heck`.
    Internal,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Kind; 13] = [
        Kind::Usage,
        Kind::NotFound,
        Kind::Denied,
        Kind::Untrusted,
        Kind::Conflict,
        Kind::Invalid,
        Kind::Timeout,
        Kind::Cancelled,
        Kind::Budget,
        Kind::Tool,
        Kind::Network,
        Kind::Provider,
        Kind::Internal,
    ];

    /// The name that scripts and JSON see.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Usage => "usage",
            Kind::NotFound => "not_found",
            Kind::Denied => "denied",
            Kind::Untrusted => "untrusted",
            Kind::Conflict => "conflict",
            Kind::Invalid => "invalid",
            Kind::Timeout => "timeout",
            Kind::Cancelled => "cancelled",
            Kind::Budget => "budget",
            Kind::Tool => "tool",
            Kind::Network => "network",
            Kind::Provider => "provider",
            Kind::Internal => "internal",
        }
    }

    /// The kind with that name, if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An error a user can meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Error(Box<Detail>);

/// The parts of an [`Error`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// What kind of failure it is.
    pub kind: Kind,
    /// One sentence without a final period.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The file concerned, repo-relative where possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The place in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The text of the line at `span`, for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Box<Error>>,
    /// The script's call stack, cleaned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// The result of everything in `core`.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Makes an error of a kind with a one-sentence message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error(Box::new(Detail {
            kind,
            message: message.into(),
            hint: None,
            path: None,
            span: None,
            source: None,
            cause: None,
            trace: None,
        }))
    }

    /// A wrong call: unknown name, wrong type, missing argument.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Input that cannot be understood.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// A failure of the environment or of another program.
    pub fn tool(message: impl Into<String>) -> Self {
        Self::new(Kind::Tool, message)
    }

    /// A failed file operation, named with its path.
    pub fn io(action: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::NotFound => Kind::NotFound,
            _ => Kind::Tool,
        };
        let hint = match error.kind() {
            ErrorKind::PermissionDenied => Some("check the owner and mode of the path"),
            ErrorKind::StorageFull => Some("free some space and try again"),
            ErrorKind::ReadOnlyFilesystem => Some("the file system is mounted read-only"),
            _ => None,
        };
        let shown = path.display();
        Self::new(kind, format!("cannot {action} {shown}: {}", reason(error)))
            .path(path.to_string_lossy())
            .maybe_hint(hint)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds what to do next, where there is something to say.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<impl Into<String>>) -> Self {
        if let Some(hint) = hint {
            self.0.hint = Some(hint.into());
        }
        self
    }

    /// Adds the file concerned.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Adds the place in the file.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.span = Some(span);
        self
    }

    /// Adds the text of the line concerned.
    #[must_use]
    pub fn source_line(mut self, line: impl Into<String>) -> Self {
        self.0.source = Some(line.into());
        self
    }

    /// Adds the error behind this one.
    #[must_use]
    pub fn cause(mut self, cause: Error) -> Self {
        self.0.cause = Some(Box::new(cause));
        self
    }

    /// Adds the script's call stack.
    #[must_use]
    pub fn trace(mut self, trace: impl Into<String>) -> Self {
        self.0.trace = Some(trace.into());
        self
    }

    /// The kind of the error.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// All parts, for display and conversion.
    pub fn detail(&self) -> &Detail {
        &self.0
    }

    /// All parts, for a layer that knows more about the place.
    pub fn detail_mut(&mut self) -> &mut Detail {
        &mut self.0
    }
}

/// The system's words for an I/O error, without Rust's "(os error N)".
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl Serialize for Error {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_round_trip_through_their_names() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("surprise"), None);
    }

    #[test]
    fn io_errors_name_the_path_and_drop_the_number() {
        let raw = std::io::Error::from_raw_os_error(2);
        let error = Error::io("read", std::path::Path::new("a/b"), &raw);
        assert_eq!(error.kind(), Kind::NotFound);
        assert_eq!(error.to_string(), "cannot read a/b: no such file or directory");
    }
}
