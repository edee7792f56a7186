//! Scripts that mean harm, or are merely broken: each ends in a clear error, and the tree is untouched.

use crate::support::Sandbox;

/// A case: what it tries, the body of `run`, and the error kinds that are a right answer.
type Case = (&'static str, &'static str, &'static [&'static str]);

const STOPPED: &[&str] = &["timeout"];
const LIMIT: &[&str] = &["budget", "timeout"];
const NO: &[&str] = &["denied"];
const UNDEFINED: &[&str] = &["usage"];

const CASES: &[Case] = &[
    ("plain loop", "while true do end", STOPPED),
    ("goto loop", "::top:: goto top", STOPPED),
    ("pcall loop", "while true do pcall(function() while true do end end) end", STOPPED),
    ("xpcall loop", "while true do xpcall(function() while true do end end, function() end) end", STOPPED),
    ("xpcall handler loop", "xpcall(error, function() while true do end end)", STOPPED),
    ("coroutine loop", "local co = coroutine.wrap(function() while true do end end) co()", STOPPED),
    ("coroutine pcall loop", "while true do pcall(coroutine.wrap(function() while true do end end)) end", STOPPED),
    ("resume loop", "while true do coroutine.resume(coroutine.create(function() while true do end end)) end", STOPPED),
    ("yield loop", "while true do coroutine.yield() end", STOPPED),
    ("try loop", "while true do heck.try(function() while true do end end) end", STOPPED),
    ("task loop", "heck.task.all { function() while true do end end }", STOPPED),
    ("task sleep", "heck.task.sleep(1000)", STOPPED),
    ("catching the stop", "local ok = pcall(heck.task.sleep, 1000) while true do end return ok", STOPPED),
    ("finalizer", "setmetatable({}, { __gc = function() while true do end end }) collectgarbage()", NO),
    ("module by pairs", "local _, inner = pairs(heck.fs) inner.read = print", &["tool"]),
    (
        "close metamethod loop",
        "do local x <close> = setmetatable({}, { __close = function() while true do end end }) end",
        STOPPED,
    ),
    ("index metamethod loop", "return setmetatable({}, { __index = function() while true do end end }).x", STOPPED),
    ("tostring loop", "error(setmetatable({}, { __tostring = function() while true do end end }))", STOPPED),
    ("pathological find", "return ('a'):rep(40):find(('a*'):rep(40) .. 'b')", STOPPED),
    ("pathological gsub", "return (('x'):rep(60)):gsub(('x-'):rep(30) .. 'y', '')", STOPPED),
    ("string.rep bomb", "return ('x'):rep(1 << 33)", LIMIT),
    ("string doubling bomb", "local s = 'x' while true do s = s .. s end", LIMIT),
    ("table bomb", "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", LIMIT),
    (
        "table bomb in pcall",
        "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(100000) .. #t end) end",
        LIMIT,
    ),
    ("concat bomb", "local t = {} for i = 1, 1 << 20 do t[i] = ('x'):rep(1024) end return table.concat(t)", LIMIT),
    ("string.format bomb", "return ('%99d'):rep(1 << 28)", LIMIT),
    ("deep recursion", "local function f() return 1 + f() end return f()", LIMIT),
    ("deep pcall recursion", "local function f() pcall(f) error('x') end f()", &["budget", "timeout", "tool"]),
    ("deep coroutine recursion", "local function f() coroutine.wrap(f)() end f()", &["budget", "tool", "timeout"]),
    ("deep nesting of data", "local t = {} for _ = 1, 1e5 do t = { t } end return t", &["invalid"]),
    ("a cycle as payload", "local t = {} t.t = t return t", &["invalid"]),
    ("a function as payload", "return { f = print }", &["invalid"]),
    ("bytecode through load", "return assert(load(('\\27Lua'):rep(9)))", NO),
    ("bytecode by mode", "return load('return 1', 'x', 'b')", NO),
    ("io", "return io.open('/etc/passwd')", UNDEFINED),
    ("os.execute", "return os.execute('touch x')", UNDEFINED),
    ("package", "return package.loadlib('x', 'y')", UNDEFINED),
    ("debug", "return debug.getregistry()", UNDEFINED),
    ("dofile", "return dofile('/etc/passwd')", UNDEFINED),
    ("string.dump", "return string.dump(print)", UNDEFINED),
    ("collectgarbage stop", "collectgarbage('stop')", NO),
    ("string metatable", "getmetatable('').__index = nil", &["tool"]),
    ("frozen module", "heck.fs.read = print", NO),
    ("rawset on a module", "rawset(heck.fs, 'read', print)", NO),
    ("setmetatable on a module", "setmetatable(heck.fs, {})", &["tool"]),
    ("environment by its metatable", "return getmetatable(_G).__index", UNDEFINED),
    ("absolute path", "return heck.fs.read('/etc/passwd')", NO),
    ("dots", "return heck.fs.read('../home/secret')", NO),
    ("dots in the middle", "return heck.fs.read('src/../../home/secret')", NO),
    ("link out", "return heck.fs.read('link/secret')", NO),
    ("link to a file outside", "return heck.fs.read('secret-link')", NO),
    ("parsing by a link", "return heck.ast.open('link/evil.ts')", NO),
    ("parsing by dots", "return heck.ast.open('../home/evil.ts')", NO),
    ("searching by dots", "return heck.ast.find_all('f($A)', { paths = { '../home' } })", NO),
    ("searching by a link", "return heck.ast.find_all('f($A)', { paths = { 'link' } })", NO),
    ("searching the root", "return heck.ast.find_all('f($A)', { paths = { '/' } })", NO),
    ("listing by dots", "return heck.repo.files { paths = { 'src/../..' } }", NO),
    ("a script by its path", "return heck.script.get('recipes', '../home/evil.lua')", UNDEFINED),
    ("NUL in a path", "return heck.fs.read('a\\0b')", NO),
    ("existence outside", "return heck.fs.is_file('/etc/passwd')", NO),
    ("write outside a grant", "heck.fs.write('package.json', 'x')", NO),
    ("remove outside a grant", "heck.fs.remove('keep.txt')", NO),
    ("patch outside a grant", "local p = heck.patch.new() p:write('keep.txt', 'x') p:apply()", NO),
    ("returned patch outside a grant", "local p = heck.patch.new() p:write('keep.txt', 'x') return p", NO),
    ("write by link", "heck.fs.write('allowed/link/x', 'x')", NO),
    ("write to .git", "heck.fs.write('.git/config', 'x')", NO),
    ("write to .GIT", "heck.fs.write('allowed/.GIT/config', 'x')", NO),
    ("write to heck's records", "heck.fs.write('.heck/patches/x.diff', 'x')", NO),
    ("write to its own code", "heck.fs.write('.heck/recipes/case.lua', 'x')", NO),
    ("environment", "return heck.env.get('HOME')", NO),
    ("process", "return heck.proc.run { 'touch', 'keep.txt' }", NO),
    ("process by each", "for _ in heck.proc.each { 'touch', 'x' } do end", NO),
    ("trusting itself", "heck.trust.set(true)", NO),
    ("writing into .heck", "heck.repo.add('recipes/evil.lua', 'return 1')", NO),
    ("dropping a patch", "heck.patch.remove('last')", NO),
    ("opening a REPL", "heck.repl.run()", NO),
    ("reading standard input", "heck.ui.read()", NO),
    ("require by path", "require('../../home/secret')", NO),
    ("require absolute", "require('/etc/passwd')", NO),
    ("nil error", "error(nil)", &["tool"]),
    ("table error", "error({})", &["tool"]),
    ("function error", "error(print)", &["tool"]),
    ("number error", "error(42)", &["tool"]),
    ("forged error", "error(setmetatable({ kind = 'denied', message = 1 }, {}))", &["denied", "tool"]),
    ("error in tostring", "error(setmetatable({}, { __tostring = function() error('again') end }))", &["tool"]),
    (
        "waiting in a comparator",
        "table.sort({ 3, 2, 1 }, function() heck.task.sleep(0.01) return true end)",
        &["usage"],
    ),
    ("waiting in gsub", "return ('abc'):gsub('.', function() heck.task.sleep(0.01) end)", &["usage"]),
    ("yield outside", "return table.sort({ 2, 1 }, function() coroutine.yield() return true end)", &["usage"]),
    ("invalid sort order", "table.sort({ 3, 1, 2, 5, 4 }, function() return true end)", &["tool"]),
    ("huge argument list", "return select('#', table.unpack({}, 1, 1e7))", &["tool", "budget"]),
    ("negative sleep", "heck.task.sleep(-1)", &["usage"]),
    ("NaN timeout", "heck.task.timeout(0/0, print)", &["usage"]),
    ("binary pattern", "return heck.ast.find('\\255\\254(')", &["usage", "invalid"]),
    (
        "huge rule",
        "local r = { kind = 'x' } for _ = 1, 200 do r = { all = { r } } end return heck.ast.find(r, { lang = 'ts' })",
        &["invalid", "usage"],
    ),
];

fn sandbox(body: &str) -> Sandbox {
    let recipe = format!(
        "--- A case.\n---@grant fs.write=allowed/**\nreturn heck.command {{\n  run = function(ctx)\n    do {body} end\n  end,\n}}\n"
    );
    // `return` must be last in its block, which the `do … end` above sees to.
    let sandbox = Sandbox::new(&[("keep.txt", "kept\n"), ("src/a.ts", "f(1)\n"), ("allowed/x", "x\n")]);
    std::fs::write(sandbox.home().join("secret"), "secret").expect("write");
    for name in ["evil.ts", "evil.lua"] {
        std::fs::write(sandbox.home().join(name), "f(1)").expect("write");
    }
    std::os::unix::fs::symlink(sandbox.home(), sandbox.root().join("link")).expect("link");
    std::os::unix::fs::symlink(sandbox.home(), sandbox.root().join("allowed/link")).expect("link");
    std::os::unix::fs::symlink(sandbox.home().join("secret"), sandbox.root().join("secret-link")).expect("link");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-q", "-m", "links"]);
    sandbox.write(".heck/recipes/case.lua", &recipe);
    sandbox.trust();
    sandbox
}

fn check((name, body, kinds): &Case) -> Option<String> {
    let sandbox = sandbox(body);
    let run = sandbox.heck(&["run", "case", "--json", "--yes", "--timeout", "1"]);
    let envelope = run.json();
    let kind = envelope["error"]["kind"].as_str().unwrap_or("none").to_owned();
    if envelope["ok"] != false || !kinds.contains(&kind.as_str()) {
        return Some(format!("{name}: expected {kinds:?}, got {kind}: {}", run.shown()));
    }
    if run.code == 0 || run.code == 101 || run.code < 0 {
        return Some(format!("{name}: exit code {}", run.code));
    }
    if envelope["error"]["message"].as_str().is_none_or(str::is_empty) {
        return Some(format!("{name}: no message"));
    }
    let left: Vec<String> =
        sandbox.status().lines().filter(|line| !line.ends_with(".heck/")).map(str::to_owned).collect();
    (!left.is_empty()).then(|| format!("{name}: the tree was touched: {left:?}"))
}

#[test]
fn every_hostile_script_ends_in_a_clear_error() {
    assert!(CASES.len() >= 40);
    // Most of them wait for their deadline, so several wait at once.
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut failures = Vec::new();
                    while let Some(case) = CASES.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                        failures.extend(check(case));
                    }
                    failures
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), CASES.len(), failures.join("\n"));
}

#[test]
fn reading_a_declaration_can_do_nothing() {
    for (body, kind) in [
        ("heck.fs.read('keep.txt')", "denied"),
        ("heck.proc.run { 'true' }", "denied"),
        ("while true do end", "budget"),
        ("local t = {} while true do t[#t + 1] = ('x'):rep(1000) end", "budget"),
    ] {
        // A user's own command is described for completions without being run.
        let sandbox = Sandbox::new(&[]);
        let dir = sandbox.home().join(".config/heck/commands");
        std::fs::create_dir_all(&dir).expect("mkdir");
        std::fs::write(dir.join("mine.lua"), format!("--- Mine.\n{body}\nreturn heck.command {{ run = print }}\n"))
            .expect("write");
        let run = sandbox.heck(&["completions", "bash", "--json"]);
        assert_eq!(run.json()["error"]["kind"], kind, "{body}: {}", run.shown());
    }
}

#[test]
fn code_that_changes_after_trust_does_not_run() {
    let sandbox = sandbox("return 'ran'");
    assert_eq!(sandbox.heck(&["run", "case", "-q"]).code, 0);
    for (path, text) in
        [(".heck/recipes/case.lua", "return heck.command { run = print }"), (".heck/lib/new.lua", "return 1")]
    {
        let before = std::fs::read(sandbox.root().join(path)).ok();
        sandbox.write(path, text);
        let run = sandbox.heck(&["run", "case"]);
        assert_eq!(run.code, 3, "{}", run.shown());
        match before {
            Some(bytes) => sandbox.write_bytes(path, &bytes),
            None => std::fs::remove_file(sandbox.root().join(path)).expect("remove"),
        }
        assert_eq!(sandbox.heck(&["run", "case", "-q"]).code, 0);
    }
    std::os::unix::fs::symlink(sandbox.home().join("secret"), sandbox.root().join(".heck/lib.lua")).expect("link");
    std::fs::create_dir_all(sandbox.root().join(".heck/lib")).expect("mkdir");
    std::os::unix::fs::symlink(sandbox.home().join("secret"), sandbox.root().join(".heck/lib/out.lua")).expect("link");
    let run = sandbox.heck(&["run", "case"]);
    assert_eq!(run.code, 3, "{}", run.shown());
}
