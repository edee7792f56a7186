//! Which directory is the repository, and which files belong to it. Reads names only, never contents.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::{WalkBuilder, WalkState};

use super::ast::Lang;
use super::cancel::Cancel;
use super::share::threads;
use super::{Error, Kind, Result};

/// A repository on disk.
#[derive(Debug, Clone)]
pub struct Repo {
    root: PathBuf,
    is_marked: bool,
}

/// A file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepoFile {
    /// Path relative to the root, with `/`.
    pub path: String,
    /// The language, where it is one that heck parses.
    pub lang: Option<Lang>,
}

/// Which files to list.
#[derive(Debug, Clone, Default)]
pub struct FileQuery {
    /// Only these languages; empty means every file.
    pub langs: Vec<Lang>,
    /// Only below these repo-relative files or directories; empty means the whole repository.
    pub paths: Vec<String>,
    /// Only paths that match one of these globs; a leading `!` excludes.
    pub globs: Vec<String>,
    /// Also hidden files.
    pub hidden: bool,
    /// Also files that ignore rules leave out.
    pub ignored: bool,
}

impl Repo {
    /// The repository around a directory: the nearest directory upwards with `.git` or `.heck`,
    /// else the directory itself, unmarked, which can be read but not changed.
    pub fn discover(start: &Path) -> Result<Repo> {
        let start = start.canonicalize().map_err(|e| Error::io("open", start, &e))?;
        if !start.is_dir() {
            return Err(
                Error::usage(format!("{} is not a directory", start.display())).hint("--repo takes a directory")
            );
        }
        let marked = start.ancestors().find(|dir| dir.join(".git").exists() || dir.join(".heck").is_dir());
        Ok(match marked {
            Some(root) => Repo { root: root.to_path_buf(), is_marked: true },
            None => Repo { root: start, is_marked: false },
        })
    }

    /// The absolute path of the root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Tells whether there is a `.git` or `.heck`, so that heck may keep records here.
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// Fails where heck may not keep records.
    pub fn require_marked(&self) -> Result<()> {
        if self.is_marked {
            return self.refuse_links();
        }
        Err(Error::new(Kind::NotFound, format!("{} is not in a repository", self.root.display()))
            .path(self.root.to_string_lossy())
            .hint("run `heck init` or `git init` at its root, or name one with --repo"))
    }

    /// heck's own records lie where they seem to: a link that a repository brings must not lead writes away.
    fn refuse_links(&self) -> Result<()> {
        let heck = self.heck_dir();
        for dir in ["", "state", "patches", "runlogs", "types", "state/undo", "state/txn"] {
            let path = heck.join(dir);
            if path.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) {
                return Err(Error::new(Kind::Denied, format!("{} is a symbolic link", path.display()))
                    .path(path.to_string_lossy())
                    .hint("heck keeps its records in real directories only; remove the link"));
            }
        }
        Ok(())
    }

    /// `.heck` at the root.
    pub fn heck_dir(&self) -> PathBuf {
        self.root.join(".heck")
    }

    /// A repo-relative path for a path the user named relative to `cwd`.
    pub fn relative(&self, cwd: &Path, path: &str) -> Result<String> {
        let joined = cwd.join(path);
        let absolute = joined.canonicalize().map_err(|e| {
            Error::io("open", Path::new(path), &e).hint("the path is taken relative to the current directory")
        })?;
        let inside = absolute.strip_prefix(&self.root).map_err(|_| {
            Error::new(Kind::Denied, format!("path '{path}' lies outside the repository {}", self.root.display()))
                .path(path)
        })?;
        Ok(inside.to_string_lossy().into_owned())
    }

    /// A repo-relative path for a name that the user took relative to `cwd`: it may be gone, and a link inside the
    /// repository stays a link.
    pub fn relative_name(&self, cwd: &Path, name: &str) -> Result<String> {
        use std::path::Component;
        let mut lexical = PathBuf::new();
        for part in cwd.canonicalize().unwrap_or_else(|_| cwd.to_path_buf()).join(name).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(lexical.pop()),
                other => lexical.push(other),
            }
        }
        // Only what lies above the repository may be known by other names.
        let beneath = |top: &Path| {
            let real = top.canonicalize().ok()?;
            let rest = lexical.strip_prefix(top).ok()?;
            real.strip_prefix(&self.root).ok().map(|inside| inside.join(rest))
        };
        let tops: Vec<&Path> = lexical.ancestors().collect();
        let inside = match lexical.strip_prefix(&self.root) {
            Ok(inside) => Some(inside.to_path_buf()),
            Err(_) => tops.into_iter().rev().find_map(beneath),
        };
        let inside = inside.ok_or_else(|| {
            Error::new(Kind::Denied, format!("path '{name}' lies outside the repository {}", self.root.display()))
                .path(name)
        })?;
        Ok(super::path::from_os(inside.as_os_str().as_encoded_bytes()))
    }

    /// Where a directory lies in the repository: empty for the root, absent outside.
    pub fn here(&self, cwd: &Path) -> Option<String> {
        let cwd = cwd.canonicalize().ok()?;
        Some(cwd.strip_prefix(&self.root).ok()?.to_string_lossy().into_owned())
    }

    /// The absolute path of something in the repository, links resolved; what leads out is refused.
    pub fn inside(&self, path: &str) -> Result<PathBuf> {
        let outside = || {
            Error::new(Kind::Denied, format!("path '{path}' lies outside the repository {}", self.root.display()))
                .path(path)
        };
        if path.contains('\0') {
            return Err(outside());
        }
        let real = self.root.join(path).canonicalize().map_err(|e| Error::io("open", Path::new(path), &e))?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(outside()) }
    }

    /// Lists files in a stable order, following ignore rules, `.gitignore` and `.heckignore`.
    pub fn files(&self, query: &FileQuery, cancel: &Cancel) -> Result<Vec<RepoFile>> {
        let globs = Globs::new(&query.globs)?;
        let starts = query.paths.iter().map(|path| self.inside(path)).collect::<Result<Vec<_>>>()?;
        let mut starts = starts.into_iter();
        let mut walk = WalkBuilder::new(starts.next().unwrap_or_else(|| self.root.clone()));
        for start in starts {
            walk.add(start);
        }
        walk.hidden(!query.hidden)
            .git_ignore(!query.ignored)
            .git_exclude(!query.ignored)
            .git_global(!query.ignored)
            .ignore(!query.ignored)
            .parents(!query.ignored)
            .require_git(false)
            .threads(threads());
        if !query.ignored {
            walk.add_custom_ignore_filename(".heckignore");
        }
        walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some(".git" | ".heck")) || entry.depth() == 0);
        let found = Mutex::new(Vec::new());
        walk.build_parallel().run(|| {
            let mut batch = Batch { files: Vec::new(), all: &found };
            let globs = &globs;
            Box::new(move |entry| {
                if cancel.is_raised() {
                    return WalkState::Quit;
                }
                let Ok(entry) = entry else { return WalkState::Continue };
                if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                    return WalkState::Continue;
                }
                let Some(path) = entry.path().strip_prefix(&self.root).ok().and_then(Path::to_str) else {
                    return WalkState::Continue;
                };
                // A file that the user named is what the user says it is.
                let lang = match (Lang::from_path(path), query.langs.as_slice()) {
                    (None, [only]) if entry.depth() == 0 => Some(*only),
                    (lang, _) => lang,
                };
                let wanted = query.langs.is_empty() || lang.is_some_and(|lang| query.langs.contains(&lang));
                if wanted && globs.accepts(path) {
                    batch.files.push(RepoFile { path: path.to_owned(), lang });
                }
                WalkState::Continue
            })
        });
        cancel.check()?;
        let mut files = found.into_inner().unwrap_or_default();
        files.sort_unstable();
        files.dedup();
        Ok(files)
    }
}

/// The files one walking thread found, handed over when the thread ends.
struct Batch<'a> {
    files: Vec<RepoFile>,
    all: &'a Mutex<Vec<RepoFile>>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.append(&mut self.files);
        }
    }
}

/// Include and exclude globs over repo-relative paths.
#[derive(Debug)]
pub struct Globs {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Globs {
    /// Compiles globs; a leading `!` excludes, and a glob without `/` matches at any depth.
    pub fn new(globs: &[String]) -> Result<Self> {
        let (mut include, mut exclude) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let mut has_include = false;
        for glob in globs {
            let (text, set) = match glob.strip_prefix('!') {
                Some(rest) => (rest, &mut exclude),
                None => {
                    has_include = true;
                    (glob.as_str(), &mut include)
                }
            };
            let anchored =
                if text.contains('/') { text.trim_start_matches('/').to_owned() } else { format!("**/{text}") };
            let compiled = GlobBuilder::new(&anchored).literal_separator(true).build().map_err(|e| {
                Error::invalid(format!("bad glob '{glob}': {}", e.kind())).hint("globs are like 'src/**/*.ts'")
            })?;
            set.add(compiled);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|e| Error::invalid(format!("bad globs: {e}")));
        Ok(Globs { include: if has_include { Some(build(include)?) } else { None }, exclude: build(exclude)? })
    }

    /// Tells whether a path is included and not excluded.
    pub fn accepts(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|set| set.is_match(path)) && !self.exclude.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Result<tempfile::TempDir> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        for (path, text) in files {
            crate::core::fs::write_atomic(&dir.path().join(path), text.as_bytes())?;
        }
        Ok(dir)
    }

    fn list(dir: &Path, query: &FileQuery) -> Result<Vec<String>> {
        let files = Repo::discover(dir)?.files(query, &Cancel::new())?;
        Ok(files.into_iter().map(|file| file.path).collect())
    }

    #[test]
    fn ignore_rules_and_languages_decide() -> Result<()> {
        let dir = tree(&[
            (".git/config", ""),
            (".gitignore", "out/\n"),
            (".heckignore", "vendor/\n"),
            ("a.ts", ""),
            ("b.py", ""),
            (".hidden.ts", ""),
            ("out/c.ts", ""),
            ("vendor/d.ts", ""),
            ("src/e.tsx", ""),
        ])?;
        assert_eq!(list(dir.path(), &FileQuery::default())?, ["a.ts", "b.py", "src/e.tsx"]);
        let ts = FileQuery { langs: vec![Lang::TypeScript], ..FileQuery::default() };
        assert_eq!(list(dir.path(), &ts)?, ["a.ts"]);
        let globs = FileQuery { globs: vec!["*.ts*".into(), "!src/**".into()], ..FileQuery::default() };
        assert_eq!(list(dir.path(), &globs)?, ["a.ts"]);
        let below = FileQuery { paths: vec!["src".into()], ..FileQuery::default() };
        assert_eq!(list(dir.path(), &below)?, ["src/e.tsx"]);
        let named = FileQuery { paths: vec![".gitignore".into()], langs: vec![Lang::Python], ..FileQuery::default() };
        assert_eq!(list(dir.path(), &named)?, [".gitignore"]);
        let all = FileQuery { ignored: true, hidden: true, langs: vec![Lang::TypeScript], ..FileQuery::default() };
        assert_eq!(list(dir.path(), &all)?, [".hidden.ts", "a.ts", "out/c.ts", "vendor/d.ts"]);
        Ok(())
    }

    #[test]
    fn an_unmarked_directory_is_readable_but_not_changeable() -> Result<()> {
        let dir = tree(&[("a.ts", "")])?;
        let repo = Repo::discover(dir.path())?;
        assert!(!repo.is_marked());
        assert_eq!(repo.require_marked().map_err(|e| e.kind()), Err(Kind::NotFound));
        Ok(())
    }
}
