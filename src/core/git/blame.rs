//! Who last changed each line.

use std::path::Path;

use serde::Serialize;

use super::{failed, open};
use crate::core::Result;
use crate::core::time::Utc;

/// One line's last change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlameLine {
    /// Line, from 1.
    pub line: usize,
    /// Commit id.
    pub commit: String,
    /// Author's name.
    pub author: String,
    /// When, UTC.
    pub time: String,
}

/// Blames the committed version of a file, line by line.
pub fn blame(root: &Path, path: &str) -> Result<Vec<BlameLine>> {
    let repo = open(root)?;
    let blame = repo.blame_file(Path::new(path), None).map_err(failed("blame the file"))?;
    let mut lines = Vec::new();
    for hunk in blame.iter() {
        let (author, seconds) = match hunk.final_signature() {
            Some(who) => {
                let name = String::from_utf8_lossy(who.name_bytes()).into_owned();
                (name, u64::try_from(who.when().seconds()).unwrap_or(0))
            }
            None => (String::new(), 0),
        };
        let time = Utc { seconds, nanos: 0 }.iso();
        for line in hunk.final_start_line()..hunk.final_start_line() + hunk.lines_in_hunk() {
            let (commit, author, time) = (hunk.final_commit_id().to_string(), author.clone(), time.clone());
            lines.push(BlameLine { line, commit, author, time });
        }
    }
    Ok(lines)
}
