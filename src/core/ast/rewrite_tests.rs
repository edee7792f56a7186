//! What a rewrite leaves alone: strings, comments, layout, and what the pattern does not name.

use std::sync::Arc;

use super::*;
use crate::core::ast::{Lang, Matcher, parse};

fn run(lang: Lang, pattern: &str, template: &str, text: &str) -> Result<(String, Vec<Refused>)> {
    let source = Arc::new(parse("x", text.to_owned(), lang)?);
    let matcher = Matcher::pattern(pattern, lang, None)?;
    let done = rewrite(&source, &source.find_all(&matcher, false), &Template::new(template, lang)?)?;
    let mut out = text.to_owned();
    for (range, new) in done.edits.iter().rev() {
        out.replace_range(range.clone(), new);
    }
    Ok((out, done.refused))
}

fn check(lang: Lang, pattern: &str, template: &str, cases: &[(&str, &str)]) -> Result<()> {
    for (text, expected) in cases {
        let (out, refused) = run(lang, pattern, template, text)?;
        assert_eq!(out, *expected, "{pattern} → {template} in {text:?}; {refused:?}");
    }
    Ok(())
}

fn check_refused(lang: Lang, pattern: &str, template: &str, text: &str, why: &str) -> Result<()> {
    let (out, refused) = run(lang, pattern, template, text)?;
    assert_eq!(out, text, "{pattern} → {template}");
    assert!(refused.iter().any(|r| r.reason.contains(why)), "{refused:?}");
    Ok(())
}

#[test]
fn only_the_tokens_that_differ_change() -> Result<()> {
    check(
        Lang::TypeScript,
        "console.log($$$A)",
        "log.debug($$$A)",
        &[
            ("console.log(1, 2);", "log.debug(1, 2);"),
            ("console.log();", "log.debug();"),
            ("console . log(\n  a, // first\n  b,\n);", "log . debug(\n  a, // first\n  b,\n);"),
            ("console.log(`a\n  ${b}\nc`)", "log.debug(`a\n  ${b}\nc`)"),
        ],
    )?;
    check(
        Lang::TypeScript,
        "f($A, $B)",
        "g($B, $A)",
        &[("f(1, 2)", "g(2, 1)"), ("f(\n  x,\n  y,\n)", "g(\n  y,\n  x,\n)")],
    )?;
    // Which of the two the comment is about, nothing says.
    check_refused(Lang::TypeScript, "f($A, $B)", "g($B, $A)", "f(\n  x,\n  y, // y\n)", "a comment stands")?;
    check(Lang::Python, "print($A)", "log.info($A)", &[("if x:\n    print(1)\n", "if x:\n    log.info(1)\n")])?;
    check(
        Lang::Go,
        "if err != nil { return err }",
        "if err != nil { return wrap(err) }",
        &[(
            "package a\nfunc f() error {\n\tif err != nil {\n\t\treturn err // why\n\t}\n}\n",
            "package a\nfunc f() error {\n\tif err != nil {\n\t\treturn wrap(err) // why\n\t}\n}\n",
        )],
    )
}

#[test]
fn what_the_pattern_does_not_name_stays() -> Result<()> {
    check(
        Lang::TypeScript,
        "if ($A) { return $B }",
        "if (!$A) { return $B }",
        &[
            ("if (a) { return b } else { c() }", "if (!a) { return b } else { c() }"),
            ("if (a) {\n  return b; // because\n}", "if (!a) {\n  return b; // because\n}"),
        ],
    )?;
    check(Lang::TypeScript, "var $A = $B", "let $A = $B", &[("var a = 1, b = 2;", "let a = 1, b = 2;")])?;
    check_refused(
        Lang::TypeScript,
        "if ($A) { return $B }",
        "return $A && $B",
        "function f() { if (a) { return b } else { c() } }",
        "'else",
    )?;
    check_refused(Lang::JavaScript, "var $A = $B", "set($A, $B)", "var a = 1, b = 2;", "'b'")?;
    check_refused(
        Lang::TypeScript,
        "function $F() { $$$B }",
        "const $F = () => { $$$B }",
        "async function f() { x }",
        "'async'",
    )
}

#[test]
fn comments_are_kept_or_the_place_is_refused() -> Result<()> {
    check(Lang::TypeScript, "a.b($A)", "c($A)", &[("a /* x */ .b(1)", "c /* x */(1)")])?;
    check(
        Lang::TypeScript,
        "return zz($A)",
        "return $A",
        &[("function f() {\n  return zz(1) // one\n}", "function f() {\n  return 1 // one\n}")],
    )?;
    check_refused(Lang::TypeScript, "a.b($A)", "c($A)", "a // x\n  .b(1)", "comment")?;
    check_refused(Lang::TypeScript, "f($A, $B)", "g($B, $A)", "f(x /* x */, y)", "comment")?;
    check(
        Lang::TypeScript,
        "if ($A) { return $B }",
        "return $A && $B",
        &[("function f() {\n  if (a // why\n  ) { return b }\n}", "function f() {\n  return a // why\n  && b\n}")],
    )
}

#[test]
fn code_that_moves_is_indented_anew_and_strings_are_not() -> Result<()> {
    check(
        Lang::Python,
        "if DEBUG:\n    $$$BODY",
        "$$$BODY",
        &[(
            "def f():\n    if DEBUG:\n        a()\n        b('''x\n  y''')\n        if c:\n            d()\n    e()\n",
            "def f():\n    a()\n    b('''x\n  y''')\n    if c:\n        d()\n    e()\n",
        )],
    )?;
    check(
        Lang::Python,
        "$A.save()",
        "with lock:\n    $A.save()",
        &[("if x:\n  a.save()\n", "if x:\n  with lock:\n    a.save()\n")],
    )?;
    check(
        Lang::TypeScript,
        "go($A)",
        "run(async () => {\n  await go($A)\n})",
        &[(
            "{\n\tgo({\n\t\ta: `x\ny`,\n\t})\n}\n",
            "{\n\trun(async () => {\n\t\tawait go({\n\t\t\ta: `x\ny`,\n\t\t})\n\t})\n}\n",
        )],
    )
}

#[test]
fn matches_inside_matches_are_rewritten_in_one_go() -> Result<()> {
    check(Lang::TypeScript, "f($A)", "g($A)", &[("f(f(f(1)))", "g(g(g(1)))")])?;
    check(Lang::TypeScript, "f($A)", "$A.g()", &[("f(f(x))", "x.g().g()")])?;
    check(Lang::TypeScript, "f($A, $B)", "g($B, $A)", &[("f(f(1, 2), 3)", "g(3, g(2, 1))")])
}

#[test]
fn an_empty_list_leaves_no_comma() -> Result<()> {
    check(Lang::TypeScript, "f($$$B)", "g(1, $$$B)", &[("f()", "g(1)"), ("f(2, 3)", "g(1, 2, 3)")])?;
    check(Lang::TypeScript, "f($$$B)", "g($$$B, 1)", &[("f()", "g(1)"), ("f(2, 3)", "g(2, 3, 1)")])
}

#[test]
fn line_breaks_do_not_end_statements() -> Result<()> {
    check(Lang::JavaScript, "x = $A", "return $A", &[("function f() { x =\n  1 }", "function f() { return 1 }")])
}

#[test]
fn what_is_not_proper_code_afterwards_is_refused_alone() -> Result<()> {
    let text = "if (a) { return b } else { c }\nif (d) { return e }\n";
    let (out, refused) = run(Lang::TypeScript, "if ($A) { return $B }", "while ($A) { return $B }", text)?;
    assert_eq!(out, "if (a) { return b } else { c }\nwhile (d) { return e }\n");
    assert_eq!(refused.len(), 1);
    Ok(())
}

#[test]
fn files_with_dos_line_ends_keep_them() -> Result<()> {
    check(
        Lang::TypeScript,
        "a($X)",
        "{\n  b($X)\n}",
        &[("a(1)\r\na(2)\r\n", "{\r\n  b(1)\r\n}\r\n{\r\n  b(2)\r\n}\r\n")],
    )
}

#[test]
fn an_unknown_metavariable_is_told() {
    let error = run(Lang::TypeScript, "f($VALUE)", "g($VALEU)", "f(1)").err();
    assert_eq!(error.and_then(|e| e.detail().hint.clone()).as_deref(), Some("did you mean 'VALUE'?"));
}

#[test]
fn comments_at_the_end_of_a_list_stay_out_of_what_is_put_around_it() -> Result<()> {
    check(
        Lang::TypeScript,
        "new $C($$$A)",
        "make($C, [$$$A])",
        &[("new F(\n  1,\n  2 // two\n)", "make(F, [\n  1,\n  2] // two\n)")],
    )
}

#[test]
fn what_is_added_to_a_list_comes_before_its_last_comma() -> Result<()> {
    check(Lang::TypeScript, "f($$$A)", "g($$$A, 1)", &[("f(\n  a,\n)", "g(\n  a, 1,\n)"), ("f(a, b)", "g(a, b, 1)")])?;
    check(Lang::Python, "f($$$A)", "f($$$A, x=1)", &[("f(\n    a,\n)\n", "f(\n    a, x=1,\n)\n")])
}

#[test]
fn in_a_broken_file_what_the_parser_understands_is_rewritten() -> Result<()> {
    let (out, _) = run(Lang::TypeScript, "f($A)", "g($A)", "f(1);\nlet = ;\nf(2);\n")?;
    assert_eq!(out, "g(1);\nlet = ;\ng(2);\n");
    check_refused(Lang::TypeScript, "f($A)", "g(", "f(1);\nlet = ;\n", "proper code")
}

#[test]
fn what_doubles_at_every_level_is_bounded() -> Result<()> {
    let text = format!("{}1{}", "f(".repeat(60), ")".repeat(60));
    let (out, refused) = run(Lang::TypeScript, "f($A)", "g($A, $A)", &text)?;
    assert!(out.len() < 1 << 20, "{}", out.len());
    assert!(refused.iter().any(|r| r.reason.contains("many times as large")), "{refused:?}");
    Ok(())
}

#[test]
fn a_name_for_a_name_needs_no_parser() -> Result<()> {
    for (lang, text, word, with, expected) in [
        (Lang::Python, "self.a", "self", "that", true),
        (Lang::Python, "self.a", "self", "None", false),
        (Lang::Python, "self.a", "self", "lambda", false),
        (Lang::Python, "f'x'", "f", "g", false),
        (Lang::Python, "a", "a", "µ", false),
        (Lang::Go, "a.b", "b", "$c", false),
        (Lang::Go, "a.b", "b", "range", false),
        (Lang::TypeScript, "a.b", "b", "$c", true),
        (Lang::TypeScript, "a.b", "a", "b.c", false),
        (Lang::TypeScript, "/x/g", "g", "h", false),
        (Lang::TypeScript, "abc", "b", "d", false),
        (Lang::Tsx, "<a></a>", "a", "b", false),
    ] {
        let source = parse("x", text.to_owned(), lang)?;
        let at = text.find(word).unwrap_or(0);
        assert_eq!(is_word_for_word(&source, &(at..at + word.len(), with.to_owned())), expected, "{text}: {with}");
    }
    Ok(())
}

#[test]
fn tokens_that_would_become_one_are_kept_apart() -> Result<()> {
    check(
        Lang::JavaScript,
        "$A ? $B : $C",
        "pick($A, $B, $C)",
        &[
            ("function f(){return\"a\"==x?1:2}", "function f(){return pick(\"a\"==x,1,2)}"),
            ("for(a of(b)?c:d);", "for(a of pick((b),c,d));"),
        ],
    )?;
    check(Lang::JavaScript, "f($A)", "-$A", &[("a-f(b)", "a- -b"), ("a+f(b)", "a+-b"), ("a=f(b)", "a=-b")])?;
    check(Lang::JavaScript, "f($A)", "$A", &[("x=[]in f(b)", "x=[]in b"), ("typeof(f(b))", "typeof(b)")])?;
    check(Lang::Go, "f($A)", "&$A", &[("package a\nvar x = b&f(c)\n", "package a\nvar x = b& &c\n")])?;
    check(Lang::Python, "f($A)", "g", &[("x=[1]if f(1)else 2\n", "x=[1]if g else 2\n")])
}
