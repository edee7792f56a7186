//! Generated pages are up to date, and every command and script in a document works.

use std::path::Path;

use crate::support::{Sandbox, files, project, read};

/// Compares a page with what it is generated from; `HECK_BLESS=1` writes it instead.
fn generated(path: &str, text: &str) {
    let file = project().join(path);
    if std::env::var_os("HECK_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("mkdir");
        std::fs::write(&file, text).expect("write");
    }
    let now = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(now == text, "{path} is not up to date: run `HECK_BLESS=1 cargo test docs`");
}

#[test]
fn the_api_pages_come_from_the_stubs() {
    let stubs: Vec<String> = files("stdlib/types/heck", ".lua").iter().map(|path| read(path)).collect();
    let mut index = String::from("<!-- Generated from stdlib/types/heck. -->\n\n# The library\n\n");
    for path in files("stdlib/types/heck", ".lua") {
        let module = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".lua");
        let page = helmstack::docs::markdown(&stubs, module).unwrap_or_else(|| panic!("{path} has no module"));
        let stub = helmstack::docs::parse(&read(&path));
        let first = stub.text.lines().next().unwrap_or_default();
        index.push_str(&format!(
            "- [{}]({module}.md): {first}\n",
            if module == "heck" { "heck".into() } else { format!("heck.{module}") }
        ));
        generated(&format!("docs/api/{module}.md"), &page);
    }
    generated("docs/api/README.md", &index);
}

#[test]
fn the_command_reference_comes_from_the_declarations() {
    let run = Sandbox::bare(&[]).heck(&["help", "--reference"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    generated("docs/COMMANDS.md", &run.stdout);
}

#[test]
fn examples_in_the_stubs_run() {
    for path in files("stdlib/types/heck", ".lua") {
        let stub = helmstack::docs::parse(&read(&path));
        for entry in stub.entries.iter().filter(|entry| !entry.example.is_empty()) {
            let sandbox = Sandbox::new(&[("src/a.js", "console.log(1)\nf(2)\n"), ("b.md", "# B\n")]);
            let body = entry.example.replace("return heck.command", "local _ = heck.command");
            sandbox.write(
                "x.lua",
                &format!(
                    "--- X.\n---@grant fs.write=** proc=git\nreturn heck.command {{ run = function()\n{body}\nend }}\n"
                ),
            );
            let run = sandbox.heck(&["run", "./x.lua", "--yes"]);
            assert_eq!(run.code, 0, "{}: {}", entry.name, run.shown());
        }
    }
}

/// A fenced block: its language word, its text, and where it stands.
fn blocks(path: &str) -> Vec<(String, String, usize)> {
    let (mut all, mut open): (Vec<_>, Option<(String, String, usize)>) = (Vec::new(), None);
    for (n, line) in read(path).lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => all.push(block),
            (Some(word), None) => open = Some((word.to_owned(), String::new(), n + 2)),
            (None, Some((word, text, at))) => open = Some((word, text + line + "\n", at)),
            (None, None) => {}
        }
    }
    all
}

/// Runs the `console` blocks of a document: after each `$ command` stand the lines it prints, in which
/// `…` stands for anything. A block of another language whose first line is a comment with a path is
/// written to that path first.
fn walk(path: &str, sandbox: &Sandbox) {
    let heck_dir = Path::new(env!("CARGO_BIN_EXE_heck")).parent().expect("a parent").to_path_buf();
    for (word, text, at) in blocks(path) {
        if let Some(name) =
            text.lines().next().and_then(|line| line.strip_prefix("-- file: ").or(line.strip_prefix("# file: ")))
        {
            let body = text.split_once('\n').map_or("", |(_, rest)| rest);
            sandbox.write(name.trim(), body);
            continue;
        }
        if word != "console" {
            assert!(
                ["lua", "text", "toml", "yaml", "json", "sh", "ts", "rust", ""].contains(&word.as_str()),
                "{path}:{at}: a {word} block"
            );
            continue;
        }
        let mut steps: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push((command.to_owned(), String::new())),
                None => {
                    let last = steps.last_mut().unwrap_or_else(|| panic!("{path}:{at}: output before a command"));
                    last.1.push_str(line);
                    last.1.push('\n');
                }
            }
        }
        for (command, expected) in steps {
            let mut shell = std::process::Command::new("sh");
            let paths = std::env::var_os("PATH").unwrap_or_default();
            let full = std::env::join_paths(std::iter::once(heck_dir.clone()).chain(std::env::split_paths(&paths)))
                .expect("PATH");
            shell
                .args(["-c", &format!("{{ {command}\n}} 2>&1")])
                .current_dir(sandbox.root())
                .env("HOME", sandbox.home())
                .env("PATH", full);
            shell.env_remove("XDG_STATE_HOME").env_remove("XDG_CONFIG_HOME");
            let run = crate::support::finish(shell, None);
            assert!(
                matches(&run.stdout, &expected),
                "{path}:{at}: $ {command}\nexpected:\n{expected}\ngot:\n{}",
                run.stdout
            );
        }
    }
}

/// Whether a text is as expected, where `…` in a line stands for any rest and a line of `…` for any lines.
fn matches(text: &str, expected: &str) -> bool {
    let pattern = regex::escape(expected.trim_end()).replace("\n…\n", "\n(?s:.*)\n").replace('…', ".*");
    regex::Regex::new(&format!("^(?m:{pattern})\\s*$")).is_ok_and(|pattern| pattern.is_match(text.trim_end()))
}

fn shop() -> Sandbox {
    let sandbox = Sandbox::bare(&[]);
    for path in files("examples/webshop", "") {
        let inside = path.trim_start_matches("examples/webshop/");
        sandbox.write_bytes(inside, &std::fs::read(project().join(&path)).expect("read"));
    }
    sandbox.git(&["init", "-q", "-b", "main"]);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "first"]);
    sandbox
}

#[test]
fn the_readme_and_the_guides_do_what_they_say() {
    let guides = ["first-recipe", "code", "patches", "trust", "repl"].map(|name| format!("docs/guide/{name}.md"));
    for path in [&"README.md".to_owned()].into_iter().chain(&guides) {
        walk(path, &shop());
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)#:]+)(#[^)]*)?\)").expect("a pattern");
    for path in files("docs", ".md").into_iter().chain(["README.md".into(), "CONTRIBUTING.md".into()]) {
        let dir = Path::new(&path).parent().unwrap_or(Path::new("")).to_path_buf();
        for found in link.captures_iter(&read(&path)) {
            assert!(project().join(&dir).join(&found[1]).exists(), "{path}: {} leads nowhere", &found[1]);
        }
    }
}
