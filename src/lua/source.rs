//! heck's own Lua: read from disk in debug builds, embedded in release builds.

use rust_embed::RustEmbed;

/// The trees of heck's own Lua.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asset {
    /// Commands.
    Command,
    /// Recipes.
    Recipe,
    /// The prelude, the pure-Lua library and the type stubs.
    Stdlib,
}

#[derive(RustEmbed)]
#[folder = "lua/"]
#[include = "*.lua"]
struct Commands;

#[derive(RustEmbed)]
#[folder = "recipes/"]
#[include = "*.lua"]
struct Recipes;

#[derive(RustEmbed)]
#[folder = "stdlib/"]
#[include = "*.lua"]
struct Stdlib;

/// One file's text.
pub fn asset(tree: Asset, path: &str) -> Option<String> {
    let file = match tree {
        Asset::Command => Commands::get(path),
        Asset::Recipe => Recipes::get(path),
        Asset::Stdlib => Stdlib::get(path),
    }?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// Every path of a tree, sorted.
pub fn assets(tree: Asset) -> Vec<String> {
    let mut paths: Vec<String> = match tree {
        Asset::Command => Commands::iter().map(|p| p.to_string()).collect(),
        Asset::Recipe => Recipes::iter().map(|p| p.to_string()).collect(),
        Asset::Stdlib => Stdlib::iter().map(|p| p.to_string()).collect(),
    };
    paths.sort();
    paths
}
