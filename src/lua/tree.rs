//! The repository's files as `core` reads them from disk.

use std::path::PathBuf;
use std::rc::Rc;

use super::context::Context;
use crate::core::refactor::Tree;
use crate::core::repo::FileQuery;
use crate::core::{Error, Kind, Result, fs};

/// The repository's files on disk.
pub struct Files {
    /// The repository.
    pub root: PathBuf,
    /// The paths of all that heck may see, sorted.
    pub paths: Vec<String>,
}

impl Files {
    /// Lists them.
    pub fn of(cx: &Rc<Context>) -> Result<Files> {
        let repo = cx.repo()?;
        let files = repo.files(&FileQuery::default(), &cx.host.cancel)?;
        let mut paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        paths.sort_unstable();
        Ok(Files { root: repo.root().to_owned(), paths })
    }

    /// The path of a file or directory that is there.
    pub fn existing(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let below = format!("{path}/");
        let is_there = self.paths.iter().any(|known| known == path || known.starts_with(&below));
        (is_there && !path.is_empty()).then(|| path.to_owned())
    }

    /// Fails where a file is there, but left out of what heck looks at: it would be taken for a new one.
    pub fn check_seen(&self, path: &str) -> Result<()> {
        if self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_err()
            && self.root.join(path).symlink_metadata().is_ok()
        {
            return Err(Error::new(Kind::Conflict, format!("{path} is there, but it is ignored or hidden"))
                .path(path)
                .hint("name a file that heck may see"));
        }
        Ok(())
    }
}

impl Tree for Files {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<String> {
        // A larger file was not written by a person.
        const MAX_BYTES: usize = 4 << 20;
        let bytes = fs::read(&self.root.join(path)).ok().filter(|bytes| bytes.len() <= MAX_BYTES)?;
        String::from_utf8(bytes).ok()
    }
}
