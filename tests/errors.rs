//! A script author's mistakes point at the author's line, with a hint.

use expect_test::{Expect, expect};

use crate::support::{Sandbox, stable};

fn check(body: &str, flags: &[&str], expected: Expect) {
    let sandbox = Sandbox::new(&[("src/a.ts", "f(1)\n")]);
    sandbox.write(
        ".heck/recipes/mine.lua",
        &format!("--- Mine.\nreturn heck.command {{\n  run = function(ctx)\n{body}\n  end,\n}}\n"),
    );
    sandbox
        .write(".heck/lib/helper.lua", "local M = {}\nfunction M.read(p)\n  return heck.fs.read(p)\nend\nreturn M\n");
    sandbox.trust();
    let run = sandbox.heck(&[&["run", "mine"], flags].concat());
    expected.assert_eq(&stable(&run.shown(), &sandbox));
}

#[test]
fn a_typo_in_an_option() {
    check(
        "    return heck.repo.files { lnag = 'ts' }",
        &[],
        expect![[r#"
        exit 2
        --- stderr
        error: heck.repo.files has no option 'lnag'
          --> .heck/recipes/mine.lua:4
           |
         4 |     return heck.repo.files { lnag = 'ts' }
        hint: did you mean 'lang'?
    "#]],
    );
}

#[test]
fn a_wrong_type() {
    check(
        "    heck.fs.read(42)",
        &[],
        expect![[r#"
        exit 2
        --- stderr
        error: heck.fs.read: 'path' takes a string, got the number 42
          --> .heck/recipes/mine.lua:4
           |
         4 |     heck.fs.read(42)
    "#]],
    );
}

#[test]
fn a_nil_field() {
    check(
        "    local t = {}\n    return t.names.first",
        &[],
        expect![[r#"
        exit 4
        --- stderr
        error: attempt to index a nil value (field 'names')
          --> .heck/recipes/mine.lua:5
           |
         5 |     return t.names.first
        hint: 'names' is nil here: is it spelled right, and was it set?
    "#]],
    );
}

#[test]
fn a_misspelt_method() {
    check(
        "    local node = heck.ast.find('f($A)')\n    return node:txet()",
        &[],
        expect![[r#"
            exit 2
            --- stderr
            error: a node has no 'txet'
              --> .heck/recipes/mine.lua:5
               |
             5 |     return node:txet()
            hint: did you mean 'text'?
        "#]],
    );
}

#[test]
fn an_undefined_name() {
    check(
        "    prnit('x')",
        &[],
        expect![[r#"
        exit 2
        --- stderr
        error: 'prnit' is not defined
          --> .heck/recipes/mine.lua:4
           |
         4 |     prnit('x')
        hint: did you mean 'print'?
    "#]],
    );
}

#[test]
fn an_error_inside_a_callback_inside_a_task() {
    check(
        "    heck.task.map({ 'a' }, function(item)\n      heck.iter({ item }):each(function(name)\n        heck.fs.read(name)\n      end)\n    end)",
        &["--trace"],
        expect![[r#"
            exit 4
            --- stderr
            error: there is no file 'a'
              --> .heck/recipes/mine.lua:6
               |
             6 |         heck.fs.read(name)
            hint: paths are relative to the root of the repository
            trace, innermost first:
              .heck/recipes/mine.lua:6 in f
              .heck/recipes/mine.lua:5
        "#]],
    );
}

#[test]
fn an_error_in_a_library_of_the_repository() {
    check(
        "    return require('helper').read('nope.txt')",
        &["--trace"],
        expect![[r#"
        exit 4
        --- stderr
        error: there is no file 'nope.txt'
          --> .heck/lib/helper.lua:3
           |
         3 |   return heck.fs.read(p)
        hint: paths are relative to the root of the repository
        trace, innermost first:
          .heck/lib/helper.lua:3
    "#]],
    );
}

#[test]
fn an_error_with_words_of_ones_own() {
    check(
        "    error('no luck')",
        &[],
        expect![[r#"
        exit 4
        --- stderr
        error: no luck
          --> .heck/recipes/mine.lua:4
           |
         4 |     error('no luck')
    "#]],
    );
    check(
        "    heck.fail('no luck', { kind = 'conflict', hint = 'try tomorrow' })",
        &[],
        expect![[r#"
        exit 4
        --- stderr
        error: no luck
          --> .heck/recipes/mine.lua:4
           |
         4 |     heck.fail('no luck', { kind = 'conflict', hint = 'try tomorrow' })
        hint: try tomorrow
    "#]],
    );
}

#[test]
fn a_syntax_error() {
    check(
        "    local x = = 1",
        &[],
        expect![[r#"
        exit 2
        --- stderr
        error: unexpected symbol near '='
          --> .heck/recipes/mine.lua:4
           |
         4 |     local x = = 1
    "#]],
    );
}

#[test]
fn a_mistake_in_the_declaration() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("x.lua", "--- X.\nreturn heck.command {\n  flgas = {},\n  run = function() end,\n}\n");
    expect![[r#"
        exit 2
        --- stderr
        error: heck.command has no 'flgas'
          --> ./x.lua:3
           |
         3 |   flgas = {},
        hint: did you mean 'flags'?
    "#]]
    .assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
    sandbox.write("x.lua", "--- X.\n---@grant fs.wirte=**\nreturn heck.command { run = print }\n");
    expect![[r#"
        exit 2
        --- stderr
        error: unknown grant 'fs.wirte'
          --> ./x.lua:2
           |
         2 | ---@grant fs.wirte=**
        hint: did you mean 'fs.write'?
    "#]]
    .assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
    sandbox.write(
        "x.lua",
        "--- X.\nreturn heck.command { returns = { n = 'integer' }, run = function() return { n = 'x' } end }\n",
    );
    expect![[r#"
        exit 4
        --- stderr
        error: payload.n should be integer and is "x"
        hint: the script breaks its own `returns` contract
    "#]]
    .assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
}
