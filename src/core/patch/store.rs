//! `.heck/patches/<id>.diff` and `<id>.json`: where patches are kept and found again.

use std::path::PathBuf;
use std::sync::Arc;

use super::Patch;
use super::meta::{Meta, State, check_meta, digest};
use crate::core::repo::Repo;
use crate::core::text::suggestion;
use crate::core::{Error, Kind, Result, fs, share};

/// What keeps heck's own records out of git. It names itself, so that using heck in a repository
/// that never asked for it leaves `git status` clean.
pub const GITIGNORE: &str = "# Written by heck: machine-local records, rebuilt or recreated when absent.\n/.gitignore\n/patches/\n/runlogs/\n/state/\n/types/\n/.luarc.json\n";

/// The patches of one repository.
#[derive(Debug, Clone)]
pub struct Store {
    repo: Repo,
}

impl Store {
    /// The patches of a repository, which must be one that heck may write to.
    pub fn open(repo: &Repo) -> Result<Store> {
        repo.require_marked()?;
        Ok(Store { repo: repo.clone() })
    }

    /// Makes sure `.heck/` exists and that git does not see heck's records.
    pub fn prepare(&self) -> Result<()> {
        let ignore = self.repo.heck_dir().join(".gitignore");
        if fs::read_if_present(&ignore)?.is_none() {
            fs::write_atomic(&ignore, GITIGNORE.as_bytes())?;
        }
        Ok(())
    }

    fn dir(&self) -> PathBuf {
        self.repo.heck_dir().join("patches")
    }

    /// Keeps a new patch.
    pub fn add(&self, patch: &Patch) -> Result<()> {
        self.prepare()?;
        fs::write_atomic(&self.dir().join(format!("{}.diff", patch.meta.id)), &patch.diff)?;
        self.set(&patch.meta)
    }

    /// Keeps a changed record.
    pub fn set(&self, meta: &Meta) -> Result<()> {
        fs::write_atomic(&self.dir().join(format!("{}.json", meta.id)), &meta.to_bytes()?)
    }

    /// The record of an identifier, if there is one.
    pub fn find(&self, id: &str) -> Result<Option<Meta>> {
        if self.dir().join(format!("{id}.json")).exists() { self.meta(id).map(Some) } else { Ok(None) }
    }

    /// Every record, oldest first. A damaged one is an error that names its file.
    pub fn find_all(&self) -> Result<Vec<Meta>> {
        let mut all = Vec::new();
        for id in self.ids()? {
            all.push(self.meta(&id)?);
        }
        Ok(all)
    }

    /// How many patches are in each state: pending, applied, rolled back. Looks at nothing else of the records.
    pub fn count(&self) -> Result<[usize; 3]> {
        #[derive(serde::Deserialize)]
        struct Head {
            state: State,
        }
        let state = |id: &String| -> Result<State> {
            let path = self.dir().join(format!("{id}.json"));
            match serde_json::from_slice::<Head>(&fs::read(&path)?) {
                Ok(head) => Ok(head.state),
                // Says what is wrong with it.
                Err(_) => self.meta(id).map(|meta| meta.state),
            }
        };
        let mut counts = [0; 3];
        for found in share::map(&self.ids()?, state) {
            counts[found? as usize] += 1;
        }
        Ok(counts)
    }

    fn ids(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.dir()) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io("read", &self.dir(), &e)),
        };
        let mut ids: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
            .filter(|id| !id.starts_with('.'))
            .collect();
        ids.sort();
        Ok(ids)
    }

    fn meta(&self, id: &str) -> Result<Meta> {
        let path = self.dir().join(format!("{id}.json"));
        let meta: Meta = serde_json::from_slice(&fs::read(&path)?).map_err(|e| {
            Error::invalid(format!("the patch record {} is damaged: {e}", path.display()))
                .path(path.to_string_lossy())
                .hint("its .diff beside it is still readable by `git apply`")
        })?;
        check_meta(&meta)?;
        if meta.id != id {
            return Err(Error::invalid(format!("{} is the record of another patch", path.display())));
        }
        Ok(meta)
    }

    /// The identifier that a user's words mean: an id, the unique beginning or end of one, or `last`.
    pub fn resolve(&self, name: &str) -> Result<String> {
        let ids = self.ids()?;
        if name == "last" {
            return ids.last().cloned().ok_or_else(|| Error::new(Kind::NotFound, "there is no patch yet"));
        }
        if ids.iter().any(|id| id == name) {
            return Ok(name.to_owned());
        }
        let near: Vec<&String> =
            ids.iter().filter(|id| !name.is_empty() && (id.starts_with(name) || id.ends_with(name))).collect();
        match near.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Error::new(Kind::NotFound, format!("there is no patch '{name}'"))
                .maybe_hint(suggestion(name, ids.iter().map(String::as_str)).or(Some("see `heck patch list`".into())))),
            several => Err(Error::usage(format!("'{name}' could be any of {} patches", several.len()))
                .hint(format!("write more of it: {}, {}, …", several[0], several[1]))),
        }
    }

    /// A patch by what a user calls it. Fails when the diff is not the one that was recorded.
    pub fn get(&self, name: &str) -> Result<Patch> {
        let id = self.resolve(name)?;
        let meta = self.meta(&id)?;
        let path = self.dir().join(format!("{id}.diff"));
        let diff = fs::read(&path)?;
        if digest(&diff) != meta.digest {
            return Err(Error::new(Kind::Conflict, format!("{} is not the diff that was recorded", path.display()))
                .path(path.to_string_lossy())
                .hint("to use an edited diff, make a patch of it: `heck patch create --from FILE`"));
        }
        Ok(Patch { meta, diff: Arc::new(diff) })
    }

    /// Forgets a patch that is not in the working tree.
    pub fn remove(&self, id: &str) -> Result<()> {
        for end in ["json", "diff"] {
            let path = self.dir().join(format!("{id}.{end}"));
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", &path, &e)),
                _ => {}
            }
        }
        Ok(())
    }
}
