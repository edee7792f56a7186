//! Which scripts there are: built-in, the user's, the repository's.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::header::Header;
use crate::core::config::Config;
use crate::core::grant::Grants;
use crate::core::host::{self, Host};
use crate::core::repo::Repo;
use crate::core::text::Span;
use crate::core::trust::{self, Code, State};
use crate::core::{Error, Kind as ErrorKind, Result, fs};
use crate::lua::{Asset, asset, assets};

/// The two uses of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `heck NAME`.
    Command,
    /// Run by name through a command that delegates.
    Recipe,
}

impl Kind {
    /// The folder of the kind, in every layer.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Command => "commands",
            Kind::Recipe => "recipes",
        }
    }

    /// What one script of the kind is called.
    pub fn noun(self) -> &'static str {
        self.folder().trim_end_matches('s')
    }

    /// The kind with such a folder.
    pub fn from_folder(folder: &str) -> Result<Kind> {
        [Kind::Command, Kind::Recipe].into_iter().find(|kind| kind.folder() == folder).ok_or_else(|| {
            Error::usage(format!("there is no kind of script '{folder}'")).hint("'commands' or 'recipes'")
        })
    }

    fn tree(self) -> Asset {
        match self {
            Kind::Command => Asset::Command,
            Kind::Recipe => Asset::Recipe,
        }
    }
}

/// Where a script comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Shipped with heck.
    Builtin,
    /// `~/.config/heck`.
    User,
    /// The repository's `.heck/`.
    Repository,
    /// A file named on the command line.
    File,
}

impl Layer {
    /// The word users see.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Builtin => "built-in",
            Layer::User => "user",
            Layer::Repository => "repository",
            Layer::File => "file",
        }
    }
}

/// A script.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its name.
    pub name: String,
    /// Its use.
    pub kind: Kind,
    /// Where it comes from.
    pub layer: Layer,
    /// What its chunk is called in errors: a path, or `heck:` and a path.
    pub chunk: String,
    /// Its text.
    pub text: Vec<u8>,
    /// Its header.
    pub header: Header,
}

impl Script {
    /// The grants its header asks for; a mistake is placed at its line.
    pub fn grants(&self) -> Result<Grants> {
        self.header.grants().map_err(|error| {
            let text = String::from_utf8_lossy(&self.text);
            let at = text.lines().enumerate().find(|(_, line)| line.contains("@grant"));
            let error = error.path(self.chunk.as_str());
            match at {
                Some((n, line)) => error.span(Span::line(n + 1)).source_line(line),
                None => error,
            }
        })
    }

    fn new(name: &str, kind: Kind, layer: Layer, chunk: String, text: Vec<u8>) -> Script {
        let header = Header::parse(&String::from_utf8_lossy(&text));
        Script { name: name.to_owned(), kind, layer, chunk, text, header }
    }
}

/// The scripts that can be seen from here.
pub struct Registry {
    host: Arc<Host>,
    repo: OnceCell<Option<Repo>>,
    code: OnceCell<Rc<Code>>,
    allow_shadow: OnceCell<bool>,
}

impl Registry {
    /// The scripts that can be seen by a process.
    pub fn new(host: &Arc<Host>) -> Registry {
        Registry { host: Arc::clone(host), repo: OnceCell::new(), code: OnceCell::new(), allow_shadow: OnceCell::new() }
    }

    /// The repository, if the start directory lies in one.
    pub fn repo(&self) -> Option<&Repo> {
        self.repo.get_or_init(|| Repo::discover(&self.host.start_dir()).ok().filter(Repo::is_marked)).as_ref()
    }

    /// The code of the repository's `.heck/`, read once.
    pub fn code(&self) -> Result<Rc<Code>> {
        if let Some(code) = self.code.get() {
            return Ok(Rc::clone(code));
        }
        let code = Rc::new(match self.repo() {
            Some(repo) => Code::read(repo)?,
            None => Code::default(),
        });
        Ok(Rc::clone(self.code.get_or_init(|| code)))
    }

    /// Whether the repository's code may run.
    pub fn trust(&self) -> Result<State> {
        match self.repo() {
            Some(repo) => Ok(trust::state(repo, &*self.code()?)?.0),
            None => Ok(State::Empty),
        }
    }

    fn allow_shadow(&self) -> bool {
        *self.allow_shadow.get_or_init(|| Config::load(None).is_ok_and(|config| config.is_on("allow_shadow")))
    }

    /// The script with a name. A built-in one cannot be shadowed unless the user's configuration allows it.
    pub fn find(&self, kind: Kind, name: &str) -> Result<Option<Script>> {
        let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if !valid {
            return Ok(None);
        }
        let builtin = builtin(kind, name);
        if builtin.is_some() && !self.allow_shadow() {
            return Ok(builtin);
        }
        if let Some(script) = self.of_repository(kind, name)? {
            return Ok(Some(script));
        }
        Ok(self.of_user(kind, name)?.or(builtin))
    }

    fn of_repository(&self, kind: Kind, name: &str) -> Result<Option<Script>> {
        let path = format!("{}/{name}.lua", kind.folder());
        let code = self.code()?;
        Ok(code
            .get(&path)
            .map(|text| Script::new(name, kind, Layer::Repository, format!(".heck/{path}"), text.to_vec())))
    }

    fn of_user(&self, kind: Kind, name: &str) -> Result<Option<Script>> {
        let Some(dir) = host::config_dir() else { return Ok(None) };
        let path = dir.join(kind.folder()).join(format!("{name}.lua"));
        let text = fs::read_if_present(&path)?;
        Ok(text.map(|text| Script::new(name, kind, Layer::User, path.to_string_lossy().into_owned(), text)))
    }

    /// The script in a file that the user named. One inside `.heck/` is the repository's.
    pub fn file(&self, kind: Kind, path: &str) -> Result<Script> {
        let full = self.host.cwd.join(path);
        let real = full.canonicalize().map_err(|e| Error::io("open", &PathBuf::from(path), &e))?;
        let stem = real.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(inside) = self.repo().and_then(|repo| real.strip_prefix(repo.heck_dir().canonicalize().ok()?).ok())
        {
            let inside = inside.to_string_lossy().into_owned();
            return match self.code()?.get(&inside) {
                Some(text) => Ok(Script::new(&stem, kind, Layer::Repository, format!(".heck/{inside}"), text.to_vec())),
                None => Err(Error::usage(format!("{path} is not one of the repository's scripts"))
                    .hint("scripts lie in .heck/commands, .heck/recipes and .heck/lib")),
            };
        }
        if real.components().any(|part| part.as_os_str() == ".heck") {
            return Err(Error::new(ErrorKind::Untrusted, format!("{path} is the code of another repository"))
                .path(path)
                .hint("run it from there, or name that repository with --repo, so that its trust can be looked up"));
        }
        Ok(Script::new(&stem, kind, Layer::File, path.to_owned(), fs::read(&real)?))
    }

    /// Every script of a kind, by name; what a layer above hides is left out.
    pub fn find_all(&self, kind: Kind) -> Result<Vec<Script>> {
        let mut names: Vec<String> =
            assets(kind.tree()).iter().filter_map(|path| path.strip_suffix(".lua").map(str::to_owned)).collect();
        // What is in a folder is no command, but what commands share.
        names.retain(|name| !name.contains('/'));
        if let Some(dir) = host::config_dir()
            && let Ok(entries) = std::fs::read_dir(dir.join(kind.folder()))
        {
            names.extend(
                entries.flatten().filter_map(|e| e.file_name().to_str()?.strip_suffix(".lua").map(str::to_owned)),
            );
        }
        let folder = format!("{}/", kind.folder());
        let code = self.code()?;
        names.extend(
            code.files().filter_map(|(path, _)| path.strip_prefix(&folder)?.strip_suffix(".lua").map(str::to_owned)),
        );
        names.sort();
        names.dedup();
        let mut all = Vec::new();
        for name in names {
            all.extend(self.find(kind, &name)?);
        }
        Ok(all)
    }
}

fn builtin(kind: Kind, name: &str) -> Option<Script> {
    let folder = if kind == Kind::Command { "lua" } else { "recipes" };
    let text = asset(kind.tree(), &format!("{name}.lua"))?;
    Some(Script::new(name, kind, Layer::Builtin, format!("heck:{folder}/{name}.lua"), text.into_bytes()))
}
