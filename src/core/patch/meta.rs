//! The record beside a diff: what it is, where it came from, what each path was and becomes.

use serde::{Deserialize, Serialize};

use crate::core::path::RepoPath;
use crate::core::{Error, Kind, Result};

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Where a renamed or copied file comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its path before the patch.
    pub path: String,
    /// Whether it stays where it is.
    pub is_copy: bool,
}

/// One path of a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMeta {
    /// Path relative to the root.
    pub path: String,
    /// Before the patch; absent when the patch creates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FileState>,
    /// After the patch; absent when the patch deletes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<FileState>,
    /// Where the content comes from, for a file that is renamed or copied to here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Source>,
    /// The permission bits it had when the patch was applied, for a rollback without the undo store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
}

/// A directory and, where they must be the same again, its permission bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dir {
    /// Path relative to the root.
    pub path: String,
    /// Permission bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
}

/// The directories that a transaction made and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dirs {
    /// Made, parents first.
    pub made: Vec<Dir>,
    /// Removed, children first.
    pub removed: Vec<Dir>,
}

/// What of a record changes when the patch is applied or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Its last transaction.
    pub undo: Option<String>,
    /// The directories of that transaction.
    pub dirs: Option<Dirs>,
}

/// Another patch's record, which stands one way as long as this one is in the tree, and another way without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// That patch.
    pub id: String,
    /// Where it stands with this one in the tree.
    pub inside: Standing,
    /// Where it stands without it.
    pub outside: Standing,
}

impl Standing {
    /// What sorts patches by when they were last applied or taken back, for the patch of this name.
    pub fn at<'a>(&'a self, id: &'a str) -> &'a str {
        self.undo.as_deref().and_then(|undo| undo.rsplit_once('.')).map_or(id, |(_, at)| at)
    }
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
    /// The transaction that last applied it or took it back: its name below `undo/`, where the replaced contents lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// The directories that transaction made and removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirs: Option<Dirs>,
    /// The patches it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<String>,
    /// The records that stand otherwise because of it, for what takes others out from under later ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// Files whose syntax it breaks, once somebody has looked: the contents before and after are fixed, so the answer is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Vec<Broken>>,
    /// Its paths, sorted.
    pub files: Vec<FileMeta>,
}

/// A file that parsed before a patch and does not afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The file.
    pub path: String,
    /// The line in the new text, from 1.
    pub line: usize,
    /// The column in it, from 1.
    pub column: usize,
}

impl Meta {
    /// Lines added and removed.
    pub fn stat(&self) -> (usize, usize) {
        self.files.iter().fold((0, 0), |(a, r), file| (a + file.added, r + file.removed))
    }

    /// What sorts patches by when they were last applied or taken back.
    pub fn applied_at(&self) -> &str {
        self.undo.as_deref().and_then(|undo| undo.rsplit_once('.')).map_or(&self.id, |(_, at)| at)
    }

    /// The record as it is stored.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| Error::new(Kind::Internal, e.to_string()))
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        Standing { state: self.state, undo: self.undo.clone(), dirs: self.dirs.clone() }
    }

    /// Puts it where it stands now.
    pub fn stand(&mut self, standing: Standing) {
        (self.state, self.undo, self.dirs) = (standing.state, standing.undo, standing.dirs);
    }
}

/// Fails for a record whose paths or names could lead out of where they belong.
pub fn check_meta(meta: &Meta) -> Result<()> {
    check_id(&meta.id)?;
    let turned = || meta.turns.iter().flat_map(|turn| [&turn.inside, &turn.outside]);
    let undos = turned().filter_map(|standing| standing.undo.as_ref());
    let ids = meta.undo.iter().chain(&meta.parents).chain(meta.turns.iter().map(|turn| &turn.id)).chain(undos);
    ids.into_iter().try_for_each(|id| check_id(id))?;
    let dirs = meta
        .dirs
        .iter()
        .chain(turned().filter_map(|standing| standing.dirs.as_ref()))
        .flat_map(|dirs| dirs.made.iter().chain(&dirs.removed))
        .map(|dir| &dir.path);
    let sources = meta.files.iter().filter_map(|file| file.from.as_ref()).map(|from| &from.path);
    for path in meta.files.iter().map(|file| &file.path).chain(dirs).chain(sources) {
        RepoPath::for_change(path)?;
    }
    Ok(())
}

/// Fails for what could not be the identifier of a patch or a transaction.
pub fn check_id(id: &str) -> Result<()> {
    let fits =
        !id.is_empty() && !id.starts_with('.') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if fits { Ok(()) } else { Err(Error::new(Kind::Denied, format!("'{id}' is no identifier of heck's"))) }
}
