//! The REPL over a pipe: values, continuation, locals, help, recovery from errors.

use expect_test::{Expect, expect};

use crate::support::{Sandbox, stable};

fn check(lines: &str, expected: Expect) -> Sandbox {
    let sandbox = Sandbox::new(&[("src/a.ts", "f(1)\n")]);
    let run = sandbox.heck_with(&["repl"], lines);
    expected.assert_eq(&stable(&run.shown(), &sandbox));
    sandbox
}

#[test]
fn values_locals_and_continuation() {
    check(
        "1 + 1\nlocal x = 20\nlocal function twice(n)\n  return n * 2\nend\ntwice(x) + 2\n_\nx = nil\n'a', 'b'\n{ 1, k = { 'v' } }\nheck.repo.files()\nfor i = 1, 2 do\nprint(i)\nend\n",
        expect![[r#"
            exit 0
            2
            42
            42
            a	b
            { 1, k = { "v" } }
            { "src/a.ts" }
            1
            2
        "#]],
    );
}

#[test]
fn errors_do_not_end_it() {
    check(
        "nope\nheck.fs.raed('x')\nif true then\nend end\n'still here'\n",
        expect![[r#"
            exit 0
            still here
            --- stderr
            error: 'nope' is not defined
              --> repl:1:1
               |
             1 | nope
            error: heck.fs has no 'raed'
              --> repl:1:1
               |
             1 | heck.fs.raed('x')
            hint: did you mean 'read'?
            error: <eof> expected near 'end'
              --> repl:1:2
               |
             2 | end end
        "#]],
    );
}

#[test]
fn help_types_trees_and_files() {
    let sandbox = check(
        "?fs.is_file\n:type 1\n:ast ts f(1)\n?nope\n:tmie\n:reload\n:quit\n'never'\n",
        expect![[r#"
            exit 0
            heck.fs.is_file(path)

            Whether there is a file.

            Parameters
              path: string

            Returns
              boolean

            Since 0.1.0
            number
            (program (expression_statement (call_expression function: (identifier) arguments: (arguments (number)))))
            --- stderr
            error: there is no help on 'nope'
            hint: did you mean 'Node'?
            error: there is no command ':tmie'
            hint: did you mean 'time'?
            a fresh session
        "#]],
    );
    sandbox.write("lines.lua", "loaded = 7\n");
    assert_eq!(sandbox.heck_with(&["repl"], ":load lines.lua\nloaded\n").stdout, "7\n");
    assert!(sandbox.heck_with(&["repl"], "??list\n").stdout.contains("function list.map"));
    let run = sandbox.heck_with(&["repl"], ":time 1 + 1\n:help\n");
    assert!(
        run.stdout.starts_with("2\n") && run.stdout.contains(":save NAME") && run.stderr.contains("ms"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_session_becomes_a_recipe() {
    let sandbox = Sandbox::new(&[("src/a.ts", "f(1)\n")]);
    let lines = "local p = heck.patch.new { title = 'x' }\np:replace(heck.ast.find('f($A)'), 'g($A)')\np:apply()\n:save session\n";
    let run = sandbox.heck_with(&["repl"], lines);
    assert!(run.stderr.contains("saved as .heck/recipes/session.lua"), "{}", run.shown());
    sandbox.heck(&["patch", "rollback", "last", "--yes"]);
    sandbox.trust();
    assert_eq!(sandbox.heck(&["run", "session", "-q"]).code, 0);
    assert_eq!(sandbox.read("src/a.ts"), "g(1)\n");
}

#[test]
fn what_is_not_complete_goes_on_or_is_told() {
    check(
        "x =\n  1 +\n2\nx\nfor i = 1, 2 do\n\nprint(i)\nend\nif x then\n",
        expect![[r#"
        exit 0
        3
        1
        2
        --- stderr
        error: the input ends before the code is complete
        hint: is an `end` or a closing bracket missing?
    "#]],
    );
}
