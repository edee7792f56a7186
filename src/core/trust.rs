//! Whether a repository's own code may run: a digest over that code, and the user's decision about it.
//! The record lies in the user's state directory, never in the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::repo::Repo;
use super::{Error, Kind, Result, fs, host, time};

const FOLDERS: [&str; 4] = ["commands", "lib", "recipes", "rules"];
const LIMIT: u64 = 8 * 1024 * 1024;

/// The code of a repository's `.heck/`, read once: what is hashed here is what runs.
#[derive(Debug, Clone, Default)]
pub struct Code {
    files: BTreeMap<String, Vec<u8>>,
}

impl Code {
    /// Reads every code file below `.heck/`. Links that leave `.heck/` are refused.
    pub fn read(repo: &Repo) -> Result<Code> {
        let heck = repo.heck_dir();
        let mut code = Code::default();
        let Ok(real) = heck.canonicalize() else { return Ok(code) };
        for folder in FOLDERS {
            code.read_dir(&real, &heck.join(folder), folder, 0)?;
        }
        Ok(code)
    }

    fn read_dir(&mut self, heck: &Path, dir: &Path, name: &str, depth: usize) -> Result<()> {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(Error::io("read", dir, &e)),
        };
        for entry in entries {
            let path = entry.map_err(|e| Error::io("read", dir, &e))?.path();
            let Some(file) = path.file_name().and_then(|n| n.to_str()) else {
                return Err(Error::invalid(format!("{} has a name that is not UTF-8", path.display())));
            };
            let shown = format!("{name}/{file}");
            let real = match path.canonicalize() {
                Ok(real) => real,
                // A link to nothing holds no code; once there is something, the digest is another.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io("open", &path, &e)),
            };
            if !real.starts_with(heck) {
                return Err(Error::new(Kind::Denied, format!(".heck/{shown} is a link that leaves .heck"))
                    .path(format!(".heck/{shown}"))
                    .hint("copy the file into .heck; code from elsewhere cannot be covered by trust"));
            }
            if real.is_dir() {
                if depth > 16 {
                    return Err(Error::new(Kind::Denied, format!(".heck/{shown} is nested too deeply")));
                }
                self.read_dir(heck, &path, &shown, depth + 1)?;
            } else if is_code(file) {
                let opened = std::fs::File::open(&real).map_err(|e| Error::io("read", &path, &e))?;
                self.files.insert(shown.clone(), fs::read_limited(opened, LIMIT, &format!(".heck/{shown}"))?);
            }
        }
        Ok(())
    }

    /// The digest that trust is about: over the sorted (path, content hash) pairs.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (path, bytes) in &self.files {
            hasher.update(&(path.len() as u64).to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(blake3::hash(bytes).as_bytes());
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// The bytes of one file, by its path below `.heck/`.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files, sorted by path below `.heck/`.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Tells whether there is no code at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

fn is_code(file: &str) -> bool {
    [".lua", ".yml", ".yaml"].iter().any(|end| file.ends_with(end))
}

/// What the user has said about a repository's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no code.
    Empty,
    /// This very code may run.
    Trusted,
    /// The user refused this code.
    Denied,
    /// The code differs from what was trusted.
    Changed,
    /// Nobody has decided.
    Unknown,
}

/// One decision, as kept in the user's state directory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    /// Root of the repository or worktree.
    pub root: String,
    /// Digest of the code that was shown.
    pub digest: String,
    /// Whether it may run.
    pub allow: bool,
    /// When it was decided, UTC.
    pub at: String,
    /// The code that was shown, to show later what changed.
    pub files: BTreeMap<String, String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    decisions: Vec<Decision>,
}

/// What the user has said about this code, with the decision it rests on.
pub fn state(repo: &Repo, code: &Code) -> Result<(State, Option<Decision>)> {
    if code.is_empty() {
        return Ok((State::Empty, None));
    }
    let digest = code.digest();
    if std::env::var("HECK_TRUST").is_ok_and(|given| given == digest) {
        return Ok((State::Trusted, None));
    }
    let record = match record_path(repo) {
        Ok(path) => load(&path)?,
        // Without a state directory nothing can have been trusted.
        Err(_) => Record::default(),
    };
    let root = repo.root().to_string_lossy();
    let equal = record.decisions.iter().find(|d| d.digest == digest);
    let here = record.decisions.iter().find(|d| d.root == root);
    Ok(match (equal, here) {
        (Some(decision), _) if decision.allow => (State::Trusted, Some(decision.clone())),
        (Some(decision), _) => (State::Denied, Some(decision.clone())),
        (None, Some(decision)) => (State::Changed, Some(decision.clone())),
        (None, None) => (State::Unknown, None),
    })
}

/// Fails unless this code may run.
pub fn require(repo: &Repo, code: &Code) -> Result<()> {
    let (state, decision) = state(repo, code)?;
    let message = match state {
        State::Empty | State::Trusted => return Ok(()),
        State::Denied => "the code in .heck was denied",
        State::Changed if decision.is_some_and(|d| !d.allow) => "the code in .heck was denied, and has changed since",
        State::Changed => "the code in .heck has changed since it was trusted",
        State::Unknown => "the code in .heck has not been trusted",
    };
    let hint = match state {
        State::Changed => "see what changed with `heck trust --diff`, then run `heck trust`".to_owned(),
        _ => format!("review and allow it with `heck trust`; in CI set HECK_TRUST={}", code.digest()),
    };
    Err(Error::new(Kind::Untrusted, message).path(".heck").hint(hint))
}

/// Records a decision about this code.
pub fn decide(repo: &Repo, code: &Code, allow: bool) -> Result<Decision> {
    let path = record_path(repo)?;
    let _lock = fs::Lock::take(&path.with_extension("lock"))?;
    let mut record = load(&path)?;
    let decision = Decision {
        root: repo.root().to_string_lossy().into_owned(),
        digest: code.digest(),
        allow,
        at: time::now().iso(),
        files: code
            .files()
            .map(|(path, bytes)| (path.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
            .collect(),
    };
    record.decisions.retain(|d| d.root != decision.root && (d.digest != decision.digest || d.allow == allow));
    record.decisions.push(decision.clone());
    save(&path, &record)?;
    Ok(decision)
}

/// Forgets what was said about this repository; tells whether there was anything.
pub fn forget(repo: &Repo) -> Result<bool> {
    let path = record_path(repo)?;
    let _lock = fs::Lock::take(&path.with_extension("lock"))?;
    let mut record = load(&path)?;
    let root = repo.root().to_string_lossy().into_owned();
    let before = record.decisions.len();
    record.decisions.retain(|d| d.root != root);
    let had = record.decisions.len() < before;
    if had {
        save(&path, &record)?;
    }
    Ok(had)
}

/// Every decision of this user.
pub fn list() -> Result<Vec<Decision>> {
    let dir = host::state_dir()?.join("trust");
    let mut all = Vec::new();
    let Ok(entries) = std::fs::read_dir(&dir) else { return Ok(all) };
    for entry in entries.flatten() {
        if entry.path().extension().is_some_and(|e| e == "json") {
            all.extend(load(&entry.path())?.decisions);
        }
    }
    all.sort_by(|a, b| a.root.cmp(&b.root));
    Ok(all)
}

fn load(path: &Path) -> Result<Record> {
    let Some(bytes) = fs::read_if_present(path)? else { return Ok(Record::default()) };
    serde_json::from_slice(&bytes).map_err(|e| {
        Error::invalid(format!("the trust record {} is damaged: {e}", path.display()))
            .path(path.to_string_lossy())
            .hint("delete it and decide again with `heck trust`")
    })
}

fn save(path: &Path, record: &Record) -> Result<()> {
    let text = serde_json::to_vec_pretty(record).map_err(|e| Error::new(Kind::Internal, e.to_string()))?;
    fs::write_atomic(path, &text)
}

/// Worktrees of one repository share a record, so it is keyed by the common git directory.
fn record_path(repo: &Repo) -> Result<PathBuf> {
    let key = common_dir(repo.root()).unwrap_or_else(|| repo.root().to_path_buf());
    let name = blake3::hash(key.to_string_lossy().as_bytes()).to_hex()[..32].to_owned();
    Ok(host::state_dir()?.join("trust").join(format!("{name}.json")))
}

fn common_dir(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return git.canonicalize().ok();
    }
    let pointer = std::fs::read_to_string(&git).ok()?;
    let dir = root.join(pointer.strip_prefix("gitdir:")?.trim());
    let common = std::fs::read_to_string(dir.join("commondir")).ok()?;
    dir.join(common.trim()).canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repo(files: &[(&str, &str)]) -> Result<(tempfile::TempDir, Repo)> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        fs::create_dirs(&dir.path().join(".heck"))?;
        for (path, text) in files {
            fs::write_atomic(&dir.path().join(path), text.as_bytes())?;
        }
        let repo = Repo::discover(dir.path())?;
        Ok((dir, repo))
    }

    #[test]
    fn the_digest_covers_names_and_contents_of_code_only() -> Result<()> {
        let (dir, repo) = repo(&[(".heck/recipes/a.lua", "return 1"), (".heck/lib/b.lua", "return 2")])?;
        let first = Code::read(&repo)?.digest();
        fs::write_atomic(&dir.path().join(".heck/config.toml"), b"x = 1")?;
        fs::write_atomic(&dir.path().join(".heck/state/x.lua"), b"machine-local")?;
        assert_eq!(Code::read(&repo)?.digest(), first);
        fs::write_atomic(&dir.path().join(".heck/lib/b.lua"), b"return 3")?;
        let second = Code::read(&repo)?.digest();
        assert_ne!(second, first);
        std::fs::rename(dir.path().join(".heck/lib/b.lua"), dir.path().join(".heck/lib/c.lua"))
            .map_err(|e| Error::tool(e.to_string()))?;
        assert_ne!(Code::read(&repo)?.digest(), second);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_heck_is_refused() -> Result<()> {
        let (dir, repo) = repo(&[(".heck/recipes/a.lua", ""), ("evil.lua", "")])?;
        std::os::unix::fs::symlink(dir.path().join("evil.lua"), dir.path().join(".heck/recipes/b.lua"))
            .map_err(|e| Error::tool(e.to_string()))?;
        assert_eq!(Code::read(&repo).map_err(|e| e.kind()).err(), Some(Kind::Denied));
        Ok(())
    }
}
