//! The shipped recipes, each on code of every language it is for.

use crate::support::Sandbox;

fn after(files: &[(&str, &str)], args: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new(files);
    let run = sandbox.heck(&[&["run"], args, &["--yes", "-q"]].concat());
    assert_eq!(run.code, 0, "{}", run.shown());
    sandbox
}

#[test]
fn replace_call_touches_the_callee_only() {
    let python = "assertEquals(\n    a,  # first\n    assertEquals(b, c),\n)\nobj.assertEquals(1)\n";
    let files = [("t.py", python), ("a.ts", "import x from 'x';\nold(1, () => old(2));\nnotold(3);\n")];
    let sandbox = after(&files, &["replace-call", "assertEquals", "assertEqual", "--lang", "py"]);
    assert_eq!(sandbox.read("t.py"), "assertEqual(\n    a,  # first\n    assertEqual(b, c),\n)\nobj.assertEquals(1)\n");
    let sandbox = after(&files, &["replace-call", "old", "fresh", "--import", "import { fresh } from './fresh';"]);
    assert_eq!(
        sandbox.read("a.ts"),
        "import { fresh } from './fresh';\nimport x from 'x';\nfresh(1, () => fresh(2));\nnotold(3);\n"
    );
}

#[test]
fn log_calls_leaves_tests_alone() {
    let files = [
        ("a.ts", "console.log('a', `b\n  c`);\nconsole.error(1);\n"),
        ("a.test.ts", "console.log(1);\n"),
        ("b.py", "print('x')\nprint('a', b, # c\n  f(1, 2))\nprint(x, file=f)\nprint()\nprint(*all)\n"),
        ("c.jsx", "const X = () => <p>{console.debug(1)}</p>;\n"),
    ];
    let sandbox = after(&files, &["log-calls", "--logger", "log.debug"]);
    assert_eq!(sandbox.read("a.ts"), "log.debug('a', `b\n  c`);\nconsole.error(1);\n");
    assert_eq!(sandbox.read("a.test.ts"), "console.log(1);\n");
    assert_eq!(
        sandbox.read("b.py"),
        "log.debug('x')\nlog.debug(\"%s %s %s\", 'a', b, # c\n  f(1, 2))\nprint(x, file=f)\nprint()\nprint(*all)\n"
    );
    assert_eq!(sandbox.read("c.jsx"), "const X = () => <p>{log.debug(1)}</p>;\n");
}

#[test]
fn feature_flag_guards_the_body() {
    let files = [
        (
            "a.ts",
            "export function show(x: number) {\n  // comment\n  draw(x);\n}\nclass A {\n    show() {\n        return 1;\n    }\n}\n",
        ),
        ("b.py", "class B:\n    def show(self):\n        \"\"\"Doc.\"\"\"\n        draw()\n"),
        ("c.go", "package c\n\nfunc show() {\n\tdraw()\n}\n"),
    ];
    let sandbox = after(&files, &["feature-flag", "show", "new-banner", "--check", "enabled(\"$FLAG\")"]);
    assert_eq!(
        sandbox.read("a.ts"),
        "export function show(x: number) {\n  // comment\n  if (!enabled(\"new-banner\")) return;\n  draw(x);\n}\nclass A {\n    show() {\n        if (!enabled(\"new-banner\")) return;\n        return 1;\n    }\n}\n"
    );
    assert_eq!(
        sandbox.read("b.py"),
        "class B:\n    def show(self):\n        \"\"\"Doc.\"\"\"\n        if not enabled(\"new-banner\"):\n            return\n        draw()\n"
    );
    assert_eq!(
        sandbox.read("c.go"),
        "package c\n\nfunc show() {\n\tif !enabled(\"new-banner\") {\n\t\treturn\n\t}\n\tdraw()\n}\n"
    );
    let run = Sandbox::new(&files).heck(&["run", "feature-flag", "nope", "x"]);
    assert_eq!(run.code, 4, "{}", run.shown());
}

#[test]
fn go_ioutil_moves_what_has_an_equal() {
    let files = [
        (
            "a.go",
            "package a\n\nimport (\n\t\"fmt\"\n\t\"io/ioutil\"\n\n\t\"x.y/z\"\n)\n\nfunc f() {\n\tb, err := ioutil.ReadFile(\"x\")\n\tfmt.Println(b, err, z.A, ioutil.Discard)\n}\n",
        ),
        (
            "b.go",
            "package a\n\nimport old \"io/ioutil\"\n\nfunc g(os string) {\n\told.ReadDir(\"x\")\n\told.ReadAll(nil)\n\told.TempDir(\"\", \"\")\n}\n",
        ),
        ("c.go", "package a\n\nimport \"io/ioutil\"\n\nvar _, _ = ioutil.Discard, ioutil.ReadFile\n"),
        ("d.go", "package a\n\nfunc h(ioutil T) { ioutil.ReadFile() }\n"),
    ];
    let sandbox = after(&files, &["go-ioutil"]);
    assert_eq!(
        sandbox.read("a.go"),
        "package a\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"os\"\n\n\t\"x.y/z\"\n)\n\nfunc f() {\n\tb, err := os.ReadFile(\"x\")\n\tfmt.Println(b, err, z.A, io.Discard)\n}\n"
    );
    // What os.ReadDir gives is something else, and `os` is a parameter here.
    assert_eq!(
        sandbox.read("b.go"),
        "package a\n\nimport \"io\"\nimport old \"io/ioutil\"\n\nfunc g(os string) {\n\told.ReadDir(\"x\")\n\tio.ReadAll(nil)\n\told.TempDir(\"\", \"\")\n}\n"
    );
    assert_eq!(
        sandbox.read("c.go"),
        "package a\n\nimport (\n\t\"io\"\n\t\"os\"\n)\n\nvar _, _ = io.Discard, os.ReadFile\n"
    );
    assert_eq!(sandbox.read("d.go"), files[3].1);
    let again = sandbox.heck(&["run", "go-ioutil", "--yes"]);
    assert!(again.stderr.contains("left alone: b.go:7:2: old.ReadDir has no equal elsewhere"), "{}", again.shown());
    assert!(again.stderr.contains("nothing to change"), "{}", again.shown());
}

#[test]
fn go_errors_wraps_and_asks() {
    let head = "package a\n\nimport (\n\t\"fmt\"\n\t\"io\"\n)\n\nfunc f(err, readErr error, n int) error {\n";
    let with = head.replace("\t\"fmt\"", "\t\"errors\"\n\t\"fmt\"");
    for (before, after_it, has_import) in [
        ("fmt.Errorf(\"read %d%%: %v\", n, err)", "fmt.Errorf(\"read %d%%: %w\", n, err)", false),
        ("fmt.Errorf(\"a %s\", readErr.Error())", "fmt.Errorf(\"a %w\", readErr)", false),
        ("fmt.Errorf(\n\t\t`a %v`,\n\t\terr, // why\n\t)", "fmt.Errorf(\n\t\t`a %w`,\n\t\terr, // why\n\t)", false),
        ("fmt.Errorf(\"a %[1]v\", err)", "fmt.Errorf(\"a %[1]v\", err)", false),
        ("fmt.Errorf(\"a %+v\", err)", "fmt.Errorf(\"a %+v\", err)", false),
        ("fmt.Errorf(\"a %w: %v\", x, err)", "fmt.Errorf(\"a %w: %v\", x, err)", false),
        ("fmt.Sprintf(\"a %v\", err)", "fmt.Sprintf(\"a %v\", err)", false),
        ("err == io.EOF || ErrX != err", "errors.Is(err, io.EOF) || !errors.Is(err, ErrX)", true),
        ("err == nil", "err == nil", false),
    ] {
        let text = format!("{head}\t_ = {before}\n}}\n");
        let sandbox = Sandbox::new(&[("a.go", &text)]);
        let run = sandbox.heck(&["run", "go-errors", "--yes", "-q"]);
        assert_eq!(run.code, 0, "{}", run.shown());
        let expected = format!("{}\t_ = {after_it}\n}}\n", if has_import { &with } else { head });
        assert_eq!(sandbox.read("a.go"), expected, "{before}");
    }
    let sandbox = after(&[("b.go", "package a\n\nfunc f() bool { return err == EOF }\n")], &["go-errors"]);
    assert_eq!(
        sandbox.read("b.go"),
        "package a\n\nimport \"errors\"\n\nfunc f() bool { return errors.Is(err, EOF) }\n"
    );
}

#[test]
fn recipes_are_listed_shown_and_begun() {
    let sandbox = Sandbox::new(&[("a.js", "console.log(1)\n")]);
    sandbox.write(".heck/recipes/theirs.lua", "--- Theirs.\nreturn heck.command { run = print }\n");
    let list = sandbox.heck(&["recipe", "list"]).stdout;
    assert!(list.contains("theirs          repository, untrusted  Theirs\n"), "{list}");
    std::fs::remove_file(sandbox.root().join(".heck/recipes/theirs.lua")).expect("remove");
    assert!(sandbox.heck(&["recipe", "show", "log-calls"]).stdout.starts_with("--- Move debugging output"));
    let run = sandbox.heck(&["recipe", "new", "mine"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    // What heck wrote at the user's word needs no second look.
    let run = sandbox.heck(&["run", "mine", "--yes", "-q"]);
    assert_eq!(run.code, 0, "{}", run.shown());
    assert_eq!(sandbox.read("a.js"), "log.debug(1)\n");
    assert_eq!(sandbox.heck(&["recipe", "new", "mine"]).code, 4);
    let run = sandbox.heck(&["recipe", "new", "log-calls"]);
    assert!(run.code == 4 && run.stderr.contains("heck ships a recipe 'log-calls'"), "{}", run.shown());
    assert!(sandbox.heck(&["help", "run", "log-calls"]).stdout.contains("--logger"));
    let help = sandbox.heck(&["run", "replace-call", "--help"]).stdout;
    assert!(help.contains("Usage: heck run replace-call [OPTIONS] <OLD> <NEW>"), "{help}");
}
