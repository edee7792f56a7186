//! The four kinds of VM and their limits.

use std::time::Duration;

/// What kind of code a VM runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// heck's own, embedded code.
    Builtin,
    /// A repository's trusted code, or a file the user named.
    Repo,
    /// Any file, only to read its declaration: no capability at all.
    Describe,
    /// What the user types.
    Repl,
}

const MIB: usize = 1024 * 1024;

impl Profile {
    /// The most memory Lua may hold, in bytes.
    pub fn memory(self) -> usize {
        match self {
            Profile::Builtin => 4096 * MIB,
            Profile::Repo | Profile::Repl => 512 * MIB,
            Profile::Describe => 16 * MIB,
        }
    }

    /// How many instructions it may run in all.
    pub fn instructions(self) -> Option<u64> {
        (self == Profile::Describe).then_some(5_000_000)
    }

    /// Whether a hook watches it. It slows calls two- to threefold, so heck's own code runs without.
    pub fn has_hook(self) -> bool {
        self != Profile::Builtin
    }

    /// How long it may run when the user sets no `--timeout`.
    pub fn deadline(self) -> Option<Duration> {
        match self {
            Profile::Repo => Some(Duration::from_secs(600)),
            Profile::Describe => Some(Duration::from_secs(5)),
            Profile::Builtin | Profile::Repl => None,
        }
    }
}
