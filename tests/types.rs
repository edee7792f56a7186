//! All our Lua against the stubs, and its formatting, with the tools that other projects use too.

use std::path::PathBuf;
use std::process::Command;

use crate::support::project;

/// A tool of a fixed version, built once below target/tools. Where it cannot be had the test says so;
/// in CI that is a failure.
fn tool(name: &str, version: &str, features: &[&str]) -> Option<PathBuf> {
    let root = project().join("target/tools");
    let path = root.join(format!("{name}-{version}/bin/{name}"));
    if path.is_file() {
        return Some(path);
    }
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["install", "--quiet", "--locked", name, "--version", version])
        .args(features)
        .arg("--root")
        .arg(root.join(format!("{name}-{version}")))
        .env("CARGO_TARGET_DIR", root.join("build"))
        .status();
    if status.is_ok_and(|status| status.success()) && path.is_file() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{name} {version} could not be installed");
    eprintln!("skipped: {name} {version} could not be installed");
    None
}

#[test]
fn our_lua_fits_its_types() {
    let Some(checker) = tool("emmylua_check", "0.25.1", &[]) else { return };
    let output =
        Command::new(checker).arg("--warnings-as-errors").arg(".").current_dir(project()).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn our_lua_is_formatted() {
    let Some(formatter) = tool("stylua", "2.6.0", &["--features", "lua54"]) else { return };
    let output = Command::new(formatter)
        .args(["--check", "lua", "recipes", "stdlib", "tests/lua", "examples"])
        .current_dir(project())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
