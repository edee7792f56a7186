//! `heck refactor rename --with lsp`: what language servers add, where they differ, and what happens if they fail.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::{Sandbox, project};

/// A folder below `target` with packages of npm, installed once; `None` where there is no npm and this is not CI.
fn packages(name: &str, wanted: &[&str]) -> Option<PathBuf> {
    let dir = project().join("target/servers").join(name);
    let done = dir.join("done");
    if std::fs::read_to_string(&done).is_ok_and(|text| text == wanted.join(" ")) {
        return Some(dir);
    }
    std::fs::create_dir_all(&dir).expect("mkdir");
    std::fs::write(dir.join("package.json"), "{}").expect("write");
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund"]).args(wanted).current_dir(&dir);
    if npm.status().is_ok_and(|status| status.success()) {
        std::fs::write(&done, wanted.join(" ")).expect("write");
        return Some(dir);
    }
    assert!(std::env::var_os("CI").is_none(), "{wanted:?} could not be installed");
    eprintln!("npm could not install {wanted:?}: its servers are not asked");
    None
}

fn typescript_5() -> Option<&'static Path> {
    static DIR: OnceLock<Option<PathBuf>> = OnceLock::new();
    DIR.get_or_init(|| packages("typescript-5", &["typescript@5.9.3"])).as_deref()
}

fn typescript_7() -> Option<&'static Path> {
    static DIR: OnceLock<Option<PathBuf>> = OnceLock::new();
    DIR.get_or_init(|| packages("typescript-7", &["typescript@7.0.2"])).as_deref()
}

fn pyright() -> Option<&'static Path> {
    static DIR: OnceLock<Option<PathBuf>> = OnceLock::new();
    DIR.get_or_init(|| packages("pyright", &["pyright@1.1.414"])).as_deref()
}

/// A repository whose `node_modules` has these packages.
fn with_modules(files: &[(&str, &str)], packages: &Path) -> Sandbox {
    let sandbox = Sandbox::new(&[&[(".gitignore", "node_modules\n")], files].concat());
    std::os::unix::fs::symlink(packages.join("node_modules"), sandbox.root().join("node_modules")).expect("link");
    sandbox
}

/// A conditional type is nothing that heck follows; TypeScript does.
const CART: &str = "export class Cart {\n  total = 1;\n}\nconst note = '€'; export const cart = new Cart();\n";
const USE: &str = "import { cart } from './cart';\nfunction id<T>(x: T): T extends 1 ? 2 : T {\n  return x as any;\n}\n\
                   const total = id(cart).total;\nexport const all = { total, o: { '€': id(cart).total } };\n";

fn typescript_adds(packages: &Path, name: &str) {
    for config in [&[][..], &[("tsconfig.json", "{ \"compilerOptions\": { \"strict\": true } }\n")]] {
        let sandbox = with_modules(&[config, &[("src/cart.ts", CART), ("src/use.ts", USE)]].concat(), packages);
        let run = sandbox.heck(&["refactor", "rename", "src/cart.ts:Cart.total", "sum", "--with", "lsp", "--yes"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(run.stderr.contains(name), "{}", run.shown());
        assert!(run.stderr.contains("1 place as heck has it, 2 more, 0 fewer"), "{}", run.shown());
        assert!(run.stderr.contains("changed because the server names it: src/use.ts:5:24"), "{}", run.shown());
        assert_eq!(sandbox.read("src/cart.ts"), CART.replace("total", "sum"));
        assert_eq!(sandbox.read("src/use.ts"), USE.replace("id(cart).total", "id(cart).sum"));
    }
}

#[test]
fn typescript_adds_what_needs_generics() {
    if let Some(packages) = typescript_5() {
        typescript_adds(packages, "TypeScript 5.9.3: ");
    }
    if let Some(packages) = typescript_7() {
        typescript_adds(packages, "typescript-go 7.0.2: ");
    }
}

#[test]
fn typescript_keeps_shorthands_and_handed_on_names_as_heck_does() {
    let files = [
        ("a.ts", "export const one = 1;\nexport const o = { one };\n"),
        ("b.ts", "export { one } from './a';\n"),
        ("c.ts", "import { one } from './b';\nconsole.log(one, { one });\n"),
    ];
    for packages in [typescript_5(), typescript_7()].into_iter().flatten() {
        let sandbox = with_modules(&files, packages);
        let run = sandbox.heck(&["refactor", "rename", "a.ts:one", "uno", "--with", "lsp", "--yes"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(run.stderr.contains("places as heck has them, 0 more, 0 fewer"), "{}", run.shown());
        assert_eq!(sandbox.read("a.ts"), "export const uno = 1;\nexport const o = { one: uno };\n");
    }
}

#[test]
fn pyright_adds_what_needs_types() {
    let Some(packages) = pyright() else { return };
    let files = [
        ("cart.py", "class Cart:\n    def total(self):\n        return 1\n"),
        (
            "use.py",
            "from typing import TypeVar\nfrom cart import Cart\n\nT = TypeVar('T')\n\n\ndef same(x: T) -> T:\n    return x\n\n\n\
             print(same(Cart()).total())\n",
        ),
    ];
    let sandbox = with_modules(&files, packages);
    let run = sandbox.heck(&["refactor", "rename", "cart.py:Cart.total", "sum", "--with", "lsp", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(run.stderr.contains("1 place as heck has it, 1 more, 0 fewer"), "{}", run.shown());
    assert!(sandbox.read("use.py").contains("same(Cart()).sum()"));
}

/// A server that says these messages at once, whatever it is asked.
fn canned(messages: &[&str]) -> String {
    let mut script = "printf '%s' '".to_owned();
    for message in messages {
        script.push_str(&format!("Content-Length: {}\r\n\r\n{message}", message.len()));
    }
    script + "'; exec cat > /dev/null\n"
}

/// Asks such a server for a new name of `one` in `a.ts`.
fn ask_canned(script: &str) -> (Sandbox, crate::support::Run) {
    let sandbox = Sandbox::new(&[("a.ts", "const one = 1;\nconst two = f(one, other.one);\n"), ("server.sh", script)]);
    let run = sandbox.heck(&["refactor", "rename", "a.ts:one", "uno", "--server", "sh server.sh", "--yes", "--json"]);
    (sandbox, run)
}

const HELLO: &str =
    r#"{"id":1,"result":{"capabilities":{"renameProvider":true},"serverInfo":{"name":"canned","version":"1"}}}"#;

#[test]
fn where_a_server_differs_is_told() {
    let place = |line: usize, from: usize| {
        format!(
            r#"{{"range":{{"start":{{"line":{line},"character":{from}}},"end":{{"line":{line},"character":{}}}}},"newText":"uno"}}"#,
            from + 3
        )
    };
    let sandbox_uri = "file:///nowhere/else.ts";
    let edits = |id: usize| {
        format!(
            r#"{{"id":{id},"result":{{"changes":{{"ROOT/a.ts":[{},{}],"{sandbox_uri}":[{}]}}}}}}"#,
            place(0, 6),
            place(1, 25),
            place(0, 0)
        )
    };
    // The root is known only when it runs: the server puts it in, and counts.
    let script = format!(
        "say() {{ text=$(printf '%s' \"$1\" | sed \"s#ROOT#file://$PWD#\"); printf 'Content-Length: %s\\r\\n\\r\\n%s' \"${{#text}}\" \"$text\"; }}\n\
         say '{HELLO}'\nsay '{{\"method\":\"window/logMessage\",\"params\":{{\"message\":\"hm\"}}}}'\nsay '{}'\nsay '{}'\nexec cat > /dev/null\n",
        edits(2),
        edits(3)
    );
    let sandbox = Sandbox::new(&[("a.ts", "const one = 1;\nconst two = f(one, other.one);\n"), ("server.sh", &script)]);
    let args =
        ["refactor", "rename", "a.ts:one", "uno", "--server", "sh server.sh", "--yes", "--json", "--timeout", "30"];
    let run = sandbox.heck(&args);
    let server = &run.json()["payload"]["server"];
    assert_eq!((&server["name"], &server["both"]), (&"canned 1".into(), &1.into()), "{}", run.shown());
    assert_eq!(server["only_heck"][0]["span"]["from"]["column"], 15);
    assert_eq!(server["only_server"][0]["span"]["from"]["column"], 26);
    assert_eq!(server["outside"][0], "/nowhere/else.ts");
    assert_eq!(sandbox.read("a.ts"), "const uno = 1;\nconst two = f(uno, other.uno);\n");
}

#[test]
fn a_server_that_fails_changes_nothing() {
    let refused = r#"{"id":2,"error":{"code":1,"message":"cannot rename this element"}}"#;
    for (script, kind, said) in [
        ("echo 'Error: no such module' >&2; exit 1", "tool", "no such module"),
        (&canned(&["no json"]), "tool", "sent no JSON"),
        (&canned(&[HELLO, refused]), "tool", "cannot rename this element"),
        (&canned(&[r#"{"id":1,"result":{"capabilities":{}}}"#]), "tool", "does not rename"),
        ("printf 'Content-Length: 99999999999\\r\\n\\r\\n'; exec cat > /dev/null", "tool", "99999999999 bytes"),
    ] {
        let (sandbox, run) = ask_canned(script);
        let json = run.json();
        assert_eq!(json["error"]["kind"], kind, "{}", run.shown());
        assert!(json["error"].to_string().contains(said), "{}", run.shown());
        assert!(sandbox.read("a.ts").starts_with("const one"));
    }
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let mut sandbox = Sandbox::new(&[("a.py", "one = 1\n")]);
    let git = Command::new("sh").args(["-c", "command -v git"]).output().expect("sh").stdout;
    let git = PathBuf::from(String::from_utf8_lossy(&git).trim());
    let only_git = sandbox.home().join("bin");
    std::fs::create_dir_all(&only_git).expect("mkdir");
    std::os::unix::fs::symlink(git, only_git.join("git")).expect("link");
    sandbox.env.push(("PATH".into(), Some(only_git.display().to_string())));
    let run = sandbox.heck(&["refactor", "rename", "a.py:one", "uno", "--with", "lsp", "--yes"]);
    assert_eq!(run.code, 4, "{}", run.shown());
    assert!(run.stderr.contains("pyright-langserver is neither in the project nor on PATH"), "{}", run.shown());
    let run = sandbox.heck(&["refactor", "rename", "a.py:one", "uno", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.shown());
}
