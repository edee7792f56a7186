//! What the functions of one VM share: the process, the repository, the grants, the user's terminal.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use mlua::Lua;
use serde_json::Value as Json;

use super::Profile;
use crate::core::grant::Grants;
use crate::core::host::Host;
use crate::core::patch::{How, Origin, Store};
use crate::core::repo::Repo;
use crate::core::trust::Code;
use crate::core::{Error, Kind, Result};
use crate::term::Term;

/// How scripts reach the user.
pub type Ui = Rc<Term>;

/// A future of the layers above.
pub type Waiting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// What scripts can ask of the layers above this one.
pub trait Services {
    /// The scripts of a kind: name, summary, layer, path, trust.
    fn scripts(&self, kind: &str) -> Result<Json>;
    /// One script with its text.
    fn script(&self, kind: &str, name: &str) -> Result<Json>;
    /// The help of a command, or its contract as JSON Schema.
    fn help(&self, words: Vec<String>, contract: bool) -> Waiting<String>;
    /// The completion script of a shell.
    fn completions(&self, shell: String) -> Waiting<String>;
    /// The manual page.
    fn man(&self) -> Waiting<String>;
    /// The CLI reference in Markdown.
    fn reference(&self) -> Waiting<String>;
    /// Runs the REPL until the user leaves it.
    fn repl(&self) -> Waiting<Json>;
}

/// What one VM's functions share.
pub struct Context {
    /// The process.
    pub host: Arc<Host>,
    /// What kind of code runs.
    pub profile: Profile,
    /// What it may do.
    pub grants: Grants,
    /// How it reaches the user.
    pub ui: Ui,
    /// The words of the command line that led here, for records.
    pub origin: String,
    /// The repository's code that was hashed, from which `require` loads.
    pub code: Option<Rc<Code>>,
    /// The layers above, for heck's own commands.
    pub services: Option<Rc<dyn Services>>,
    repo: OnceCell<Repo>,
    chunks: RefCell<HashMap<String, Rc<str>>>,
}

impl Context {
    /// The context of a VM.
    pub fn new(host: Arc<Host>, profile: Profile, grants: Grants, ui: Ui, origin: &str) -> Context {
        Context {
            host,
            profile,
            grants,
            ui,
            origin: origin.to_owned(),
            code: None,
            services: None,
            repo: OnceCell::new(),
            chunks: RefCell::default(),
        }
    }

    /// The context of the VM that a function runs in.
    pub fn of(lua: &Lua) -> Rc<Context> {
        lua.app_data_ref::<Rc<Context>>().map(|cx| Rc::clone(&cx)).expect("every VM is made with its context")
    }

    /// The repository around the start directory, found once.
    pub fn repo(&self) -> Result<&Repo> {
        if self.profile == Profile::Describe {
            return Err(Error::new(Kind::Denied, "a declaration is only read: nothing can be done here")
                .hint("do the work inside `run`"));
        }
        if let Some(repo) = self.repo.get() {
            return Ok(repo);
        }
        let repo = Repo::discover(&self.host.start_dir())?;
        Ok(self.repo.get_or_init(|| repo))
    }

    /// The layers above.
    pub fn services(&self) -> Result<&Rc<dyn Services>> {
        self.services.as_ref().ok_or_else(|| Error::new(Kind::Denied, "this is not available here"))
    }

    /// The repository's patches.
    pub fn store(&self) -> Result<Store> {
        Store::open(self.repo()?)
    }

    /// Who makes patches here.
    pub fn patch_origin(&self) -> Origin {
        Origin { command: self.origin.clone(), run: self.host.run_id.clone() }
    }

    /// How transactions are carried out here.
    pub fn how(&self) -> How {
        How { wait: self.host.flags.wait, ..How::default() }
    }

    /// Remembers a chunk's text, to show the line of an error.
    pub fn remember(&self, name: &str, text: &str) {
        self.chunks.borrow_mut().insert(name.to_owned(), text.into());
    }

    /// A line of a chunk, from 1.
    pub fn source_line(&self, name: &str, line: usize) -> Option<String> {
        let chunks = self.chunks.borrow();
        chunks.get(name)?.lines().nth(line.checked_sub(1)?).map(str::to_owned)
    }

    /// Tells whether a chunk name belongs to code that is not heck's own.
    pub fn is_user_chunk(&self, name: &str) -> bool {
        // mlua keeps a few lines of Lua of its own on the stack.
        !name.starts_with(INTERNAL) && !name.starts_with("__mlua")
    }
}

/// What the names of heck's own chunks begin with.
pub const INTERNAL: &str = "heck:";
