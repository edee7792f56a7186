//! The facts of this process that every layer may ask for: flags, folders, terminal, cancellation.
//! Decides nothing and prints nothing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::cancel::Cancel;
use super::{Error, Result};

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that has not said `NO_COLOR`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The global flags.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Print one JSON envelope on stdout.
    pub json: bool,
    /// Stop after the preview; leave a pending patch.
    pub dry_run: bool,
    /// Wait for another heck that is changing the repository.
    pub wait: bool,
    /// Answer every question with yes.
    pub yes: bool,
    /// Print results only.
    pub quiet: bool,
    /// Print what is done.
    pub verbose: bool,
    /// Print call stacks with errors.
    pub trace: bool,
    /// When to use colour.
    pub color: Color,
    /// Allow the network.
    pub online: bool,
    /// Overall deadline.
    pub timeout: Option<Duration>,
    /// Deadline of a repository's scripts by configuration, where no flag says otherwise.
    pub script_timeout: Option<Duration>,
    /// The repository to work in, instead of the one around the current directory.
    pub repo: Option<PathBuf>,
}

/// One process.
#[derive(Debug)]
pub struct Host {
    /// The global flags.
    pub flags: Flags,
    /// The directory the process was started in.
    pub cwd: PathBuf,
    /// Raised by Ctrl-C and by the deadline.
    pub cancel: Cancel,
    /// Identifies this run in records.
    pub run_id: String,
    warnings: Mutex<Vec<String>>,
    patches: Mutex<Vec<String>>,
}

impl Host {
    /// Describes this process with the given flags.
    pub fn new(flags: Flags) -> Result<Arc<Self>> {
        let cwd = std::env::current_dir().map_err(|e| {
            Error::tool(format!("the current directory cannot be read: {e}")).hint("change to a directory that exists")
        })?;
        Ok(Arc::new(Host {
            flags,
            cwd,
            cancel: Cancel::new(),
            run_id: new_id(),
            warnings: Mutex::default(),
            patches: Mutex::default(),
        }))
    }

    /// Where the search for the repository begins.
    pub fn start_dir(&self) -> PathBuf {
        match &self.flags.repo {
            Some(dir) => self.cwd.join(dir),
            None => self.cwd.clone(),
        }
    }

    /// Notes something the user should know that is not an error; it stands in the envelope's `meta`.
    pub fn warn(&self, message: impl Into<String>) {
        let message = message.into();
        if let Ok(mut list) = self.warnings.lock()
            && !list.contains(&message)
        {
            list.push(message);
        }
    }

    /// The warnings so far.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.lock().map(|list| list.clone()).unwrap_or_default()
    }

    /// Notes that this run made or changed a patch.
    pub fn note_patch(&self, id: &str) {
        if let Ok(mut list) = self.patches.lock()
            && !list.iter().any(|known| known == id)
        {
            list.push(id.to_owned());
        }
    }

    /// The patches this run made or changed.
    pub fn patches(&self) -> Vec<String> {
        self.patches.lock().map(|list| list.clone()).unwrap_or_default()
    }
}

/// The user's configuration directory for heck, if the environment names one.
pub fn config_dir() -> Option<PathBuf> {
    user_dir("HECK_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")
}

/// The user's state directory for heck, if the environment names one.
pub fn state_dir() -> Result<PathBuf> {
    user_dir("HECK_STATE_DIR", "XDG_STATE_HOME", ".local/state").ok_or_else(|| {
        Error::tool("there is no directory for heck's own state: HOME is not set").hint("set HOME or HECK_STATE_DIR")
    })
}

fn user_dir(own: &str, xdg: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(own)
        .or_else(|| absolute(xdg).map(|dir| dir.join("heck")))
        .or_else(|| absolute("HOME").map(|home| home.join(below_home).join("heck")))
}

/// A short identifier that sorts by time: `YYYYMMDD-HHMMSS-xxxxxxx`.
pub fn new_id() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = super::time::now();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let salt = blake3::hash(format!("{}:{count}", std::process::id()).as_bytes());
    // Microseconds keep the order within a second; the salt tells processes apart.
    format!("{}-{:05x}{}", now.compact(), now.nanos / 1000, &salt.to_hex()[..2])
}

/// A path for display: relative to the base where it lies below it.
pub fn shown(path: &Path, base: &Path) -> String {
    path.strip_prefix(base).unwrap_or(path).to_string_lossy().into_owned()
}
