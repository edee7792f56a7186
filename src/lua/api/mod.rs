//! The `heck.*` modules written in Rust: one file each, and the list of them.

mod ast;
mod config;
mod diff;
mod env;
mod fs;
mod git;
mod help;
mod json;
mod log;
mod patch;
mod proc;
mod refactor;
mod repl;
mod repo;
mod runlog;
mod script;
mod task;
mod text;
mod time;
mod toml;
mod trust;
mod ui;
mod yaml;

use mlua::{Lua, Table};

type Build = fn(&Lua) -> mlua::Result<Table>;

/// Every module, by name.
pub const NAMES: &[(&str, Build)] = &[
    ("ast", ast::build),
    ("config", config::build),
    ("diff", diff::build),
    ("env", env::build),
    ("fs", fs::build),
    ("git", git::build),
    ("help", help::build),
    ("json", json::build),
    ("log", log::build),
    ("patch", patch::build),
    ("proc", proc::build),
    ("refactor", refactor::build),
    ("repl", repl::build),
    ("repo", repo::build),
    ("runlog", runlog::build),
    ("script", script::build),
    ("task", task::build),
    ("text", text::build),
    ("time", time::build),
    ("toml", toml::build),
    ("trust", trust::build),
    ("ui", ui::build),
    ("yaml", yaml::build),
];

/// Builds a module the first time a script asks for it.
pub fn module(lua: &Lua, name: String) -> mlua::Result<Option<Table>> {
    match NAMES.iter().find(|(known, _)| *known == name) {
        Some((_, build)) => build(lua).map(Some),
        None => Ok(None),
    }
}
