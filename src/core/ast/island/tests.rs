//! What is left out, and that nothing is missed for it.

use std::sync::Arc;

use super::*;
use crate::core::Result;
use crate::core::ast::{Matcher, parse};

/// What is left of a text, with `…` for each piece that is left out; nothing where it holds no match.
fn islands(pattern: &str, lang: Lang, text: &str) -> Result<Option<String>> {
    let matcher = Matcher::pattern(pattern, lang, None)?;
    let padding = padding(lang);
    let need = Gain::default().need(&format!("{text}{padding}"), &path(lang), lang, matcher.prefilter());
    let mut left = text.to_owned();
    match need {
        Need::Nothing => return Ok(None),
        Need::Whole => {}
        Need::Without(pieces) => {
            for piece in pieces.into_iter().rev().filter(|piece| piece.start < text.len()) {
                left.replace_range(piece.start..piece.end.min(text.len()), "…");
            }
        }
    }
    Ok(Some(left))
}

/// A statement that holds nothing, so that a text is large enough to be worth the work.
fn padding(lang: Lang) -> String {
    let value = "1 + ".repeat(SMALL / 4);
    match lang {
        Lang::Python => format!("\npadding = {value}1\n"),
        Lang::Go => format!("\nvar padding = {value}1\n"),
        _ => format!("\nlet padding = {value}1;\n"),
    }
}

fn path(lang: Lang) -> String {
    format!("a.{}", lang.name())
}

#[test]
fn statements_without_the_pattern_are_left_out() -> Result<()> {
    let (ts, py, go) = (Lang::TypeScript, Lang::Python, Lang::Go);
    for (pattern, lang, text, expected) in [
        ("log($A)", ts, "first(1234567890);\nlog(1);\nlast(1234567890);", Some("…\nlog(1);\n…")),
        ("log($A)", ts, "first(1234567890);\n", None),
        // Those in others, at every depth.
        (
            "log($A)",
            ts,
            "class A {\n  one() { return 1 + 1; }\n  two() {\n    let x = 1234567890;\n    log(x);\n  }\n}\n",
            Some("class A {\n  …\n  two() {\n    …\n    log(x);\n  }\n}\n"),
        ),
        // What the match itself holds is all there.
        (
            "each($A)",
            ts,
            "first(1234567890);\neach(() => {\n  let x = 1234567890;\n});\n",
            Some("…\neach(() => {\n  let x = 1234567890;\n});\n"),
        ),
        (
            "if ($A) { return $B }",
            ts,
            "function f() {\n  let x = 1234567890;\n  if (x) { return 1 }\n  if (x) { throw new Error() }\n}",
            Some("function f() {\n  …\n  if (x) { return 1 }\n  …\n}"),
        ),
        // Types, and functions beside the one that is needed.
        (
            "log($A)",
            ts,
            "let f: {\n  <A>(a: A): void\n  // why\n  <B>(b: B): 1234567890\n} = both(() => {\n  first(1234567890)\n}, () => { log(1) })\n",
            Some("let f: {\n  …} = both(() => {\n  …\n}, () => { log(1) })\n"),
        ),
        // A word in a comment is none.
        (
            "log($A)",
            ts,
            "/** log(1) */\nfirst(1234567890);\n/* log(1) */\nlog(2);\n",
            Some("/** log(1) */\n…\n/* log(1) */\nlog(2);\n"),
        ),
        (
            "log($A)",
            py,
            "def f():\n    x = 1234567890\n    log(x)\n\n\n# log(1)\ndef g():\n    return 1234567890\n",
            Some("def f():\n…    log(x)\n\n\n# log(1)\n…"),
        ),
        (
            "log($A)",
            py,
            "if a:\n    first(1234567890)\n    f()\nelif b:\n    log(1)\nelse:\n    last(1234567890)\n",
            Some("if a:\n…    f()\nelif b:\n    log(1)\nelse:\n    last(1234567890)\n"),
        ),
        (
            "log($A)",
            go,
            "package a\n\nfunc f() {\n\tg(1234567890)\n}\n\n// log it\nfunc h() {\n\tlog(1)\n}\n",
            Some("package a\n\n…func h() {\n\tlog(1)\n}\n"),
        ),
    ] {
        assert_eq!(islands(pattern, lang, text)?.as_deref(), expected, "{pattern} in {text}");
    }
    Ok(())
}

#[test]
fn statements_that_others_need_stay() -> Result<()> {
    let (ts, py, go) = (Lang::TypeScript, Lang::Python, Lang::Go);
    for (pattern, lang, text) in [
        // Without what stands between, the first would go on in the last.
        ("log($A)", ts, "log(1)\nlet x = 1234567890\n;[1].forEach(log(2))"),
        ("log($A)", ts, "let f = log(1)\nfunction first1234567890() {}\n(() => log(1))()"),
        ("log($A)", ts, "log(1)\nlet x1234567890 = {}\n`a`.b(log(2))"),
        ("log($A)", ts, "class A {\n  a = log(1)\n  first1234567890;\n  *b() { log(2) }\n}"),
        ("log($A)", ts, "log(1)\nlet x1234567890 = {}\n/a/.test(log(2))"),
        // What is decorated keeps what decorates it.
        ("log($A)", ts, "@log(1)\nexport class First1234567890 {}\nlog(2)"),
        ("log($A)", ts, "@first(1)\nexport class First1234567890 {}\nlog(2)"),
        // A statement is not told from what is wrong.
        ("log($A)", ts, "first(1234567890));\nlog(1);"),
        ("log($A)", py, "first(1234567890))\nlog(1)\n"),
        ("log($A)", py, "if a:\n        first(1234567890)\n    second()\nlog(1)\n"),
        ("log($A)", py, "if a:\n\tfirst(1234567890)\nlog(1)\n"),
        ("log($A)", py, "x = '''\nlog(1)\n"),
        ("log($A)", py, "x = f'{y['a']}'\nlog(1)\n"),
        ("log($A)", go, "package a\n\nvar x1234567890 =\nfunc() { log(1) }\n"),
        ("log($A)", go, "package a\n\nfunc f() {{\n\tfirst()\n}\n\nfunc g() {\n\tlog(1)\n}\n"),
    ] {
        let left = islands(pattern, lang, text)?;
        let expected = [text.to_owned(), format!("{text}\n…")];
        assert!(left.as_ref().is_some_and(|left| expected.contains(left)), "{pattern} in {text}: {left:?}");
    }
    Ok(())
}

#[test]
fn a_pattern_without_a_word_of_its_own_needs_all() -> Result<()> {
    for (pattern, lang) in [("$A($B)", Lang::TypeScript), ("{ log($A) }", Lang::TypeScript), ("\"log\"", Lang::Python)]
    {
        let text = "first(1234567890);\nlog(1);\n";
        assert_eq!(islands(pattern, lang, text)?.as_deref(), Some(text), "{pattern}");
    }
    Ok(())
}

#[test]
fn nothing_is_missed() -> Result<()> {
    let (ts, tsx, js, py, go) = (Lang::TypeScript, Lang::Tsx, Lang::JavaScript, Lang::Python, Lang::Go);
    for (lang, text) in [
        (
            ts,
            "import a from 'b'\nclass A { @log(1) b = log(2)\n static { log(3) } get c() { return log(4) } }\nnamespace N { log(5) }\n",
        ),
        (ts, "switch (a) { case log(1): x = 1234567890; log(2); default: y = 1234567890 }\ntype T = typeof log\n"),
        (ts, "l: for (;;) { if (a) log(1); else { b = 1234567890; log(2) } }\n() => log(3)\n() => { log(4) }\n"),
        (
            ts,
            "abstract class A { abstract a(): void; b(): void\n c() { log(1) } }\nfunction f(): void\nfunction f() { log(2) }\n",
        ),
        (js, "#!/usr/bin/env node\n'use strict'\nlet a = 1234567890\nlog(1)\nexport default () => { log(2) }\n"),
        (tsx, "const a = 1234567890;\nconst b = <a b={() => { const c = 1234567890; log(1) }}>log(2)</a>;\n"),
        (
            py,
            "@log(1)\nclass A:\n    '''log(2)'''\n    x: int = log(3)\n\n    def f(self): return log(4)\n\n    # log\n    y = 1234567890\n",
        ),
        (
            py,
            "try:\n    a = 1234567890\nexcept log(1):\n    b = 1234567890\nfinally:\n    log(2)\nwith log(3) as c, \\\n    d:\n    pass\n",
        ),
        (
            py,
            "match a:\n    case 1:\n        b = 1234567890\n    case log(x):\n        pass\n    case _:\n        log(3)\nif a: log(4); b = 1\nelse: log(5)\n",
        ),
        (
            go,
            "package a\n\nimport \"b\"\n\nvar (\n\tc = log(1)\n)\n\ntype d struct{}\n\nfunc (e d) f() { log(2); go func() { log(3) }() }\n",
        ),
    ] {
        for pattern in ["log($A)", "log($$$)", "$A = log($B)", "$A; log(2)"] {
            let Ok(matcher) = Matcher::pattern(pattern, lang, None) else { continue };
            let text = format!("{text}{}", padding(lang));
            let ranges = |source: Arc<crate::core::ast::Source>| {
                source.find_all(&matcher, false).iter().map(|found| found.range()).collect::<Vec<_>>()
            };
            let whole = ranges(Arc::new(parse("a", text.clone(), lang)?));
            let part =
                matcher.parse_islands(&path(lang), text.clone()).map_or_else(Vec::new, |part| ranges(Arc::new(part)));
            assert_eq!(part, whole, "{pattern} in {text}");
        }
    }
    Ok(())
}
