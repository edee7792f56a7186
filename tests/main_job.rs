//! The main job, from a dozen lines of Lua to a change that is verified, kept, and undone to the byte;
//! and the same lines in the REPL.

use std::collections::BTreeMap;

use crate::support::{Sandbox, project};

const RECIPE: &str = r#"--- Make retries quiet.
---@grant fs.write=src/**
return heck.command {
  run = function(ctx)
    local patch = heck.patch.new { title = "quiet retries" }
    for call in heck.ast.each("console.warn($$$ARGS)", { lang = "ts" }) do
      if call.text:find "retry" and not call:inside { kind = "catch_clause" } then
        patch:replace(call, "log.debug($$$ARGS)")
      end
    end
    return patch
  end,
}
"#;

const SOURCE: &str = "console.warn('retry', 1);\r\nconsole.warn('other');\r\ntry {} catch (e) { console.warn('retry') }\r\n\tconsole.warn(`retry ${2}`)";

fn sandbox() -> Sandbox {
    let many: Vec<(String, String)> =
        (0..200).map(|n| (format!("src/m{}/f{n}.ts", n % 7), SOURCE.to_owned())).collect();
    let files: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sandbox = Sandbox::new(&files);
    sandbox.write(".heck/recipes/quiet.lua", RECIPE);
    sandbox
}

fn contents(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    sandbox
        .git(&["ls-files"])
        .lines()
        .map(|path| (path.to_owned(), std::fs::read(sandbox.root().join(path)).expect("read")))
        .collect()
}

#[test]
fn from_recipe_to_verified_change_and_back() {
    let sandbox = sandbox();
    let before = contents(&sandbox);
    let refused = sandbox.heck(&["run", "quiet"]);
    assert_eq!(refused.code, 3, "{}", refused.shown());
    sandbox.trust();
    let run = sandbox.heck(&["run", "quiet", "--yes", "--json", "--verify", "grep -q log.debug src/m0/f0.ts"]);
    let envelope = run.json();
    assert_eq!(envelope["payload"]["patch"]["state"], "applied", "{}", run.shown());
    assert_eq!(envelope["payload"]["patch"]["files"].as_array().map(Vec::len), Some(200));
    assert_eq!(
        sandbox.read("src/m0/f0.ts"),
        "log.debug('retry', 1);\r\nconsole.warn('other');\r\ntry {} catch (e) { console.warn('retry') }\r\n\tlog.debug(`retry ${2}`)"
    );
    let log = sandbox.heck(&["log", "list", "--json"]).json();
    assert_eq!(log["payload"]["records"][0]["cmd"], "run quiet");
    assert_eq!(sandbox.heck(&["patch", "rollback", "last", "--yes"]).code, 0);
    assert_eq!(contents(&sandbox), before);
    assert_eq!(sandbox.status(), "?? .heck/\n");
}

#[test]
fn the_same_lines_in_the_repl_do_the_same() {
    let sandbox = sandbox();
    let before = contents(&sandbox);
    let lines = "local patch = heck.patch.new { title = \"quiet retries\" }\n\
        for call in heck.ast.each(\"console.warn($$$ARGS)\", { lang = \"ts\" }) do\n\
          if call.text:find \"retry\" and not call:inside { kind = \"catch_clause\" } then\n\
            patch:replace(call, \"log.debug($$$ARGS)\")\n\
          end\n\
        end\n\
        patch:apply()\n\
        patch\n";
    let run = sandbox.heck_with(&["repl"], lines);
    assert!(run.stdout.starts_with("200\npatch "), "{}", run.shown());
    sandbox.trust();
    let by_repl = contents(&sandbox);
    assert_ne!(by_repl, before);
    sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    sandbox.heck(&["run", "quiet", "--yes", "-q"]);
    assert_eq!(contents(&sandbox), by_repl);
}

#[test]
fn the_example_runs_as_the_readme_says() {
    let script = project().join("examples/run.sh");
    let mut command = std::process::Command::new("sh");
    command.arg(script).env("HECK", env!("CARGO_BIN_EXE_heck"));
    let run = crate::support::finish(command, None);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(run.stdout.contains("everything is as it was before"), "{}", run.shown());
}
