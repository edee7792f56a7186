//! What can be done to a repository. Knows no Lua, no terminal and no argument parser.

pub mod ast;
pub mod cancel;
pub mod config;
pub mod error;
pub mod fs;
pub mod git;
pub mod grant;
pub mod host;
pub mod lsp;
pub mod patch;
pub mod path;
pub mod proc;
pub mod refactor;
pub mod repo;
pub mod runlog;
pub mod share;
pub mod text;
pub mod time;
pub mod trust;

pub use error::{Error, Kind, Result};
