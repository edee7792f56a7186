//! What the VM has, what the stubs say, and what the specs show is the same, in both directions.

use std::collections::BTreeSet;

use crate::support::{Sandbox, files, read};

/// Functions of modules as `module.name`.
fn of_vm() -> BTreeSet<String> {
    let sandbox = Sandbox::new(&[]);
    let lines = "for _, m in ipairs(heck.help.modules()) do for name, f in pairs(heck[m]) do if type(f) == 'function' and not name:match '^__' then print(m .. '.' .. name) end end end\n\
        for _, n in ipairs { 'command', 'try', 'fail' } do assert(type(heck[n]) == 'function') print('heck.' .. n) end\n";
    let run = sandbox.heck_with(&["repl"], lines);
    assert_eq!(run.stderr, "");
    run.stdout.lines().map(str::to_owned).collect()
}

/// Functions and methods of the stubs: `module.name`, `Class:name`.
fn of_stubs() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut functions, mut methods) = (BTreeSet::new(), BTreeSet::new());
    for path in files("stdlib/types/heck", ".lua") {
        for line in read(&path).lines().filter_map(|line| line.strip_prefix("function ")) {
            let name = line.split('(').next().unwrap_or_default().to_owned();
            if name.contains(':') {
                methods.insert(name)
            } else {
                functions.insert(name)
            };
        }
    }
    (functions, methods)
}

#[test]
fn the_vm_and_the_stubs_have_the_same_functions() {
    let (vm, (stubs, _)) = (of_vm(), of_stubs());
    let unknown: Vec<_> = vm.difference(&stubs).collect();
    let absent: Vec<_> = stubs.difference(&vm).collect();
    assert!(unknown.is_empty() && absent.is_empty(), "without a stub: {unknown:?}; without a function: {absent:?}");
}

#[test]
fn every_function_and_method_is_shown_by_a_spec() {
    let specs: String = files("tests/lua", "_spec.lua").iter().map(|path| read(path)).collect();
    let (functions, methods) = of_stubs();
    let mut missing = Vec::new();
    for name in functions {
        let short = name.trim_start_matches("heck.").to_owned();
        let full = format!("heck.{short}");
        // A spec may keep a module in a local of its name.
        if !specs.contains(&full) && !specs.contains(&format!("{short}(")) && !specs.contains(&format!("{short} ")) {
            missing.push(name);
        }
    }
    for name in methods {
        let method = name.split(':').nth(1).unwrap_or_default();
        let shown = [format!(":{method}("), format!(":{method} "), format!(".{method},")];
        if !shown.iter().any(|text| specs.contains(text.as_str())) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "no spec shows: {missing:?}");
}

#[test]
fn every_stub_entry_has_words_and_a_version() {
    for path in files("stdlib/types/heck", ".lua") {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("function ")) {
            let block: Vec<&str> =
                lines[..n].iter().rev().take_while(|line| line.starts_with("---")).copied().collect();
            let words = block.iter().any(|line| line.starts_with("--- ") && !line.starts_with("--- ```"));
            let since = block.iter().any(|line| line.starts_with("---@since"));
            assert!(words && since, "{path}: {line}");
        }
    }
}

#[test]
fn methods_of_live_things_are_in_the_stubs() {
    let (_, methods) = of_stubs();
    let pattern = regex::Regex::new(r#"method\(\s*methods,\s*"(\w+)""#).expect("a pattern");
    for (class, file) in [("Node", "node"), ("Matches", "matches"), ("Patch", "patch")] {
        let source = read(&format!("src/lua/userdata/{file}.rs"));
        let of_rust: BTreeSet<String> =
            pattern.captures_iter(&source).map(|found| format!("{class}:{}", &found[1])).collect();
        let of_stub: BTreeSet<String> =
            methods.iter().filter(|name| name.starts_with(&format!("{class}:"))).cloned().collect();
        assert_eq!(of_rust, of_stub, "{class}");
    }
}
