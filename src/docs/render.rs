//! Help for the terminal and Markdown for `docs/api`, from stubs. Does no I/O.

use std::fmt::Write as _;

use super::stub::{Entry, Param, Stub, parse};

/// Every topic there is help on: modules and what they have.
pub fn names(stubs: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for stub in stubs.iter().map(|text| parse(text)) {
        names.extend(stub.entries.iter().map(|entry| entry.name.clone()));
        names.push(stub.module);
    }
    names.sort();
    names
}

/// The help on a module, function, method or class; `heck.` in front may be left out.
pub fn topic(stubs: &[String], topic: &str) -> Option<String> {
    let topic = topic.trim().trim_start_matches("heck.");
    for stub in stubs.iter().map(|text| parse(text)) {
        if stub.module == topic {
            return Some(module_help(&stub));
        }
        if let Some(entry) = stub.entries.iter().find(|entry| entry.name == topic) {
            return Some(entry_help(entry));
        }
    }
    None
}

fn module_help(stub: &Stub) -> String {
    let title = if stub.module == "heck" { "heck".to_owned() } else { format!("heck.{}", stub.module) };
    let mut out = format!("{title}\n\n{}\n", stub.text);
    let width = stub.entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    out.push('\n');
    for entry in &stub.entries {
        let first = entry.text.lines().next().unwrap_or_default();
        let _ = writeln!(out, "  {:width$}  {first}", entry.name);
    }
    let _ = write!(out, "\nMore on one: heck help {}", stub.entries.first().map_or("", |entry| &entry.name));
    out
}

fn entry_help(entry: &Entry) -> String {
    let mut out = match &entry.signature {
        Some(signature) => format!("{signature}{}\n", if entry.is_async { "   (waits)" } else { "" }),
        None => format!("{}\n", entry.name),
    };
    let _ = write!(out, "\n{}\n", entry.text);
    section(&mut out, if entry.signature.is_some() { "Parameters" } else { "Fields" }, &entry.params);
    section(&mut out, "Returns", &entry.returns);
    if !entry.errors.is_empty() {
        out.push_str("\nErrors\n");
        for error in &entry.errors {
            let _ = writeln!(out, "  {error}");
        }
    }
    if !entry.example.is_empty() {
        out.push_str("\nExample\n");
        for line in entry.example.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if let Some(since) = &entry.since {
        let _ = write!(out, "\nSince {since}");
    }
    out.trim_end().to_owned()
}

fn section(out: &mut String, title: &str, params: &[Param]) {
    if params.is_empty() {
        return;
    }
    let _ = write!(out, "\n{title}\n");
    for param in params {
        let name = if param.name.is_empty() { String::new() } else { format!("{}: ", param.name) };
        let _ = writeln!(out, "  {name}{}{}{}", param.ty, if param.text.is_empty() { "" } else { " — " }, param.text);
    }
}

/// A module's page.
pub fn markdown(stubs: &[String], module: &str) -> Option<String> {
    let stub = stubs.iter().map(|text| parse(text)).find(|stub| stub.module == module)?;
    let title = if stub.module == "heck" { "heck".to_owned() } else { format!("heck.{}", stub.module) };
    let mut out =
        format!("<!-- Generated from stdlib/types/heck/{module}.lua; edit that. -->\n\n# {title}\n\n{}\n", stub.text);
    for entry in &stub.entries {
        let heading = entry.signature.clone().unwrap_or_else(|| entry.name.clone());
        let _ = write!(out, "\n## `{heading}`\n\n{}\n", entry.text);
        if entry.is_async {
            out.push_str("\nWaits: other tasks run meanwhile.\n");
        }
        bullets(&mut out, if entry.signature.is_some() { "Parameters" } else { "Fields" }, &entry.params);
        bullets(&mut out, "Returns", &entry.returns);
        if !entry.errors.is_empty() {
            out.push_str("\n**Errors**\n\n");
            for error in &entry.errors {
                let (kind, words) = error.split_once(' ').unwrap_or((error, ""));
                let _ = writeln!(out, "- `{kind}` {words}");
            }
        }
        if !entry.example.is_empty() {
            let _ = write!(out, "\n```lua\n{}```\n", entry.example);
        }
        if let Some(since) = &entry.since {
            let _ = write!(out, "\n*Since {since}*\n");
        }
    }
    Some(out)
}

fn bullets(out: &mut String, title: &str, params: &[Param]) {
    if params.is_empty() {
        return;
    }
    let _ = write!(out, "\n**{title}**\n\n");
    for param in params {
        let name = if param.name.is_empty() { String::new() } else { format!("`{}` ", param.name) };
        let _ = writeln!(out, "- {name}`{}`{}{}", param.ty, if param.text.is_empty() { "" } else { " " }, param.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_found_with_and_without_the_prefix() {
        let stubs = [
            "--- Files.\n---@class heck.fs\nlocal fs = {}\n\n--- Reads.\n---@since 0.1.0\nfunction fs.read(path) end\n"
                .to_owned(),
        ];
        assert!(topic(&stubs, "heck.fs.read").is_some_and(|help| help.starts_with("heck.fs.read(path)\n\nReads.")));
        assert!(topic(&stubs, "fs").is_some_and(|help| help.contains("fs.read  Reads.")));
        assert_eq!(topic(&stubs, "fs.raed"), None);
        assert_eq!(names(&stubs), ["fs", "fs.read"]);
    }
}
