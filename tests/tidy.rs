//! The invariants of docs/ARCHITECTURE.md, held by looking at the sources.

use crate::support::{files, project, read};

/// A source without its comments, its test modules and the contents of its strings.
fn code(path: &str) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(path: &str) -> bool {
    path.ends_with("_tests.rs") || path.ends_with("/model.rs") || path.ends_with("/model_disk.rs")
}

/// Fails with every place where a word stands in a file that may not name it.
fn refuse(folder: &str, words: &[&str], except: impl Fn(&str) -> bool, why: &str) {
    let mut found = Vec::new();
    for path in files(folder, ".rs").into_iter().filter(|path| !is_test(path) && !except(path)) {
        for (n, line) in code(&path).lines().enumerate() {
            found.extend(
                words.iter().filter(|word| line.contains(**word)).map(|word| format!("{path}:{}: {word}", n + 1)),
            );
        }
    }
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

#[test]
fn core_names_no_lua_no_terminal_and_no_parser_and_prints_nothing() {
    let words = [
        "mlua",
        "clap::",
        "reedline",
        "ratatui",
        "println!",
        "eprintln!",
        "print!(",
        "crate::lua",
        "crate::term",
        "crate::script",
        "crate::cli",
        "crate::repl",
        "crate::docs",
    ];
    refuse("src/core", &words, |_| false, "core must not");
}

#[test]
fn only_lua_names_mlua() {
    refuse("src", &["mlua"], |path| path.starts_with("src/lua"), "only src/lua may name mlua");
}

#[test]
fn layers_point_downwards() {
    for (folder, words) in [
        ("src/term", &["crate::lua", "crate::script", "crate::repl", "crate::cli", "crate::docs"][..]),
        ("src/docs", &["crate::lua", "crate::script", "crate::repl", "crate::cli", "crate::term"]),
        ("src/lua", &["crate::script", "crate::repl", "crate::cli"]),
        ("src/script", &["crate::cli"]),
        ("src/repl", &["crate::cli"]),
    ] {
        refuse(folder, words, |_| false, "the arrows of the architecture");
    }
}

#[test]
fn the_pure_parts_of_core_do_no_io() {
    let words = ["std::fs", "File::", "core::fs", "super::txn"];
    let may = |path: &str| path.ends_with("ast/query.rs");
    refuse("src/core/ast", &words, may, "core/ast reads nothing but through query.rs");
    for pure in ["diff.rs", "read.rs", "read_hunk.rs", "hunk.rs", "fit.rs", "binary.rs", "names.rs", "reverse.rs"] {
        refuse(
            "src/core/patch",
            &words,
            |path| !path.ends_with(&format!("/{pure}")),
            "the diff part of core/patch is pure",
        );
    }
}

#[test]
fn files_are_written_in_two_places_only() {
    let words = [
        "fs::write(",
        "File::create",
        "OpenOptions",
        "fs::rename",
        "fs::remove_",
        "renameat",
        "unlinkat",
        "symlinkat",
        "mkdirat",
        "create_dir",
    ];
    let may = |path: &str| path.starts_with("src/core/patch/") || path == "src/core/fs.rs";
    refuse("src", &words, may, "the tree is written by core/patch, heck's own files by core/fs");
    // Whoever writes heck's own files, writes below .heck or the user's own directories.
    let writers: Vec<String> = files("src", ".rs")
        .into_iter()
        .filter(|path| !is_test(path) && path != "src/core/fs.rs" && code(path).contains("write_atomic("))
        .collect();
    assert_eq!(
        writers,
        [
            "src/core/patch/store.rs",
            "src/core/runlog/mod.rs",
            "src/core/trust.rs",
            "src/lua/api/repo.rs",
            "src/repl/session.rs",
        ],
        "a new writer must be looked at: where does it write?"
    );
}

#[test]
fn sockets_and_processes_have_one_door_each() {
    refuse("src", &["TcpStream", "UdpSocket", "reqwest", "hyper::", "std::net"], |_| false, "nothing connects yet");
    let may = |path: &str| path.starts_with("src/core/proc/");
    refuse("src", &["process::Command", "Command::new(program"], may, "processes are started by core/proc alone");
    assert!(code("src/core/proc/run.rs").contains("grants.check(Request::Proc"), "core/proc asks core/grant first");
}

#[test]
fn no_command_name_stands_in_rust() {
    let names: Vec<String> =
        files("lua", ".lua").iter().map(|path| path["lua/".len()..].trim_end_matches(".lua").to_owned()).collect();
    for path in files("src", ".rs").iter().filter(|path| path.starts_with("src/cli") || path.starts_with("src/script"))
    {
        for name in &names {
            // `help` is also clap's word for its flag.
            if name == "help" || name == "patch" || name == "repl" || name == "run" {
                continue;
            }
            assert!(!code(path).contains(&format!("\"{name}\"")), "{path} names the command '{name}'");
        }
    }
}

#[test]
fn every_module_has_its_stub_page_and_spec() {
    for path in files("src/lua/api", ".rs") {
        let name = path["src/lua/api/".len()..].trim_end_matches(".rs").to_owned();
        if name == "mod" {
            continue;
        }
        for file in [
            format!("stdlib/types/heck/{name}.lua"),
            format!("docs/api/{name}.md"),
            format!("tests/lua/{name}_spec.lua"),
        ] {
            assert!(project().join(&file).is_file(), "src/lua/api/{name}.rs has no {file}");
        }
    }
    for path in files("stdlib/heck", ".lua") {
        let name = path["stdlib/heck/".len()..].trim_end_matches(".lua").to_owned();
        for file in [
            format!("stdlib/types/heck/{name}.lua"),
            format!("docs/api/{name}.md"),
            format!("tests/lua/{name}_spec.lua"),
        ] {
            assert!(project().join(&file).is_file(), "stdlib/heck/{name}.lua has no {file}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    for path in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        let text = read(&path);
        assert!(text.starts_with("//! "), "{path} does not begin with //!");
        assert!(text.lines().count() <= 500, "{path} has more than 500 lines: what are its two questions?");
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        assert!(
            !["utils", "util", "helpers", "misc", "common"].contains(&stem),
            "{path}: a name that answers no question"
        );
    }
    for path in files("recipes", ".lua") {
        assert!(read(&path).lines().count() <= 150, "{path} is longer than a recipe should be");
    }
}

#[test]
fn public_items_are_documented() {
    let item = regex::Regex::new(r"^\s*pub (fn|struct|enum|trait|const|type|async fn|static) ").expect("a pattern");
    for path in files("src", ".rs").into_iter().filter(|path| !is_test(path)) {
        let text = code_with_docs(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| item.is_match(line)) {
            let above =
                lines[..n].iter().rev().find(|line| !line.trim_start().starts_with("#[")).copied().unwrap_or_default();
            assert!(above.trim_start().starts_with("///"), "{path}:{}: no doc comment: {line}", n + 1);
        }
    }
}

fn code_with_docs(path: &str) -> String {
    read(path).split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn nothing_unwraps_or_is_left_undone() {
    let words = [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "#[allow(dead_code)]", "#[ignore"];
    refuse("src", &words, |_| false, "outside tests");
    for path in files("src", ".rs").into_iter().filter(|path| !is_test(path)) {
        for line in code(&path).lines().filter(|line| line.contains(".expect(\"")) {
            let words = line.split(".expect(\"").nth(1).unwrap_or_default().split('"').next().unwrap_or_default();
            assert!(words.split(' ').count() >= 3, "{path}: expect must name the invariant: {line}");
        }
    }
}

#[test]
fn functions_are_named_by_the_closed_list_of_verbs() {
    let verbs = [
        "open", "read", "write", "find", "find_all", "each", "get", "set", "add", "remove", "parse", "render", "run",
        "check", "apply", "rollback", "diff", "ask", "new",
    ];
    // What these modules are about has names of its own: git's, Unix's, a terminal's, a task's, a list's.
    let nouns = [
        "git", "task", "ui", "log", "time", "env", "text", "list", "str", "iter", "report", "help", "script", "repo",
        "heck",
    ];
    for path in files("stdlib/types/heck", ".lua") {
        let module = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".lua").to_owned();
        if nouns.contains(&module.as_str()) {
            continue;
        }
        let prefix = format!("function {module}.");
        for name in
            read(&path).lines().filter_map(|line| line.strip_prefix(&prefix)?.split('(').next().map(str::to_owned))
        {
            let known = verbs.contains(&name.as_str()) || name.starts_with("is_") || name.starts_with("has_");
            let own = [
                ("ast", "pattern"),
                ("ast", "walk"),
                ("ast", "scan"),
                ("ast", "debug"),
                ("patch", "count"),
                ("patch", "create"),
                ("patch", "gc"),
                ("patch", "merge"),
                ("patch", "split"),
                ("patch", "recover"),
                ("proc", "split"),
                // The field's own names.
                ("refactor", "export"),
                ("refactor", "extract"),
                ("refactor", "inline"),
                ("refactor", "move"),
                ("refactor", "rename"),
                ("refactor", "signature"),
            ];
            assert!(
                known || own.contains(&(module.as_str(), name.as_str())),
                "heck.{module}.{name} is no verb of the list"
            );
        }
    }
}
