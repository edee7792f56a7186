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
    check("    return heck.repo.files { lnag = 'ts' }", &[], expect![[r#""#]]);
}

#[test]
fn a_wrong_type() {
    check("    heck.fs.read(42)", &[], expect![[r#""#]]);
}

#[test]
fn a_nil_field() {
    check("    local t = {}\n    return t.names.first", &[], expect![[r#""#]]);
}

#[test]
fn a_misspelt_method() {
    check("    local node = heck.ast.find('f($A)')\n    return node:txet()", &[], expect![[r#""#]]);
}

#[test]
fn an_undefined_name() {
    check("    prnit('x')", &[], expect![[r#""#]]);
}

#[test]
fn an_error_inside_a_callback_inside_a_task() {
    check(
        "    heck.task.map({ 'a' }, function(item)\n      heck.iter({ item }):each(function(name)\n        heck.fs.read(name)\n      end)\n    end)",
        &["--trace"],
        expect![[r#""#]],
    );
}

#[test]
fn an_error_in_a_library_of_the_repository() {
    check("    return require('helper').read('nope.txt')", &["--trace"], expect![[r#""#]]);
}

#[test]
fn an_error_with_words_of_ones_own() {
    check("    error('no luck')", &[], expect![[r#""#]]);
    check("    heck.fail('no luck', { kind = 'conflict', hint = 'try tomorrow' })", &[], expect![[r#""#]]);
}

#[test]
fn a_syntax_error() {
    check("    local x = = 1", &[], expect![[r#""#]]);
}

#[test]
fn a_mistake_in_the_declaration() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("x.lua", "--- X.\nreturn heck.command {\n  flgas = {},\n  run = function() end,\n}\n");
    expect![[r#""#]].assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
    sandbox.write("x.lua", "--- X.\n---@grant fs.wirte=**\nreturn heck.command { run = print }\n");
    expect![[r#""#]].assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
    sandbox.write(
        "x.lua",
        "--- X.\nreturn heck.command { returns = { n = 'integer' }, run = function() return { n = 'x' } end }\n",
    );
    expect![[r#""#]].assert_eq(&sandbox.heck(&["run", "./x.lua"]).shown());
}
