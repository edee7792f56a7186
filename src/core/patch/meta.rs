//! The record beside a diff: what it is, where it came from, what each path was and becomes.

use serde::{Deserialize, Serialize};

/// Where a patch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Made, not applied.
    Pending,
    /// In the working tree.
    Applied,
    /// Was applied and taken back.
    RolledBack,
}

impl State {
    /// The word that users see.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Applied => "applied",
            State::RolledBack => "rolled-back",
        }
    }
}

/// Who made a patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The command line's words, such as `run log-calls`.
    pub command: String,
    /// The run that made it.
    pub run: String,
}

/// A path's type, mode and content at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// BLAKE3 of the content; of the target, for a link.
    pub digest: String,
    /// As git writes it: `100644`, `100755` or `120000`.
    pub mode: String,
    /// Size in bytes.
    pub size: u64,
}

impl FileState {
    /// The state of some content.
    pub fn of(bytes: &[u8], mode: &str) -> FileState {
        FileState { digest: digest(bytes), mode: mode.to_owned(), size: bytes.len() as u64 }
    }
}

/// The digest that decides whether two contents are the same.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// One path of a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMeta {
    /// Path relative to the root.
    pub path: String,
    /// Before the patch; absent when the patch creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<FileState>,
    /// After the patch; absent when the patch deletes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<FileState>,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
}

/// What is known about a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Its identifier, which sorts by time.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// When it was made, UTC.
    pub created: String,
    /// Who made it.
    pub origin: Origin,
    /// Digest of the diff.
    pub digest: String,
    /// Its paths, sorted.
    pub files: Vec<FileMeta>,
    /// Where the replaced contents lie below `.heck/state/undo/`, once applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// The patch it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

impl Meta {
    /// Lines added and removed.
    pub fn stat(&self) -> (usize, usize) {
        self.files.iter().fold((0, 0), |(a, r), file| (a + file.added, r + file.removed))
    }
}
