//! Rules a file out before it is parsed: the tokens that every match must contain, in their order, and what may lie
//! between two of them. It may let a file through for nothing; it must never drop one that could match.

mod derive;
mod lexis;
mod sequence;

use ast_grep_core::Pattern;

use super::Lang;
use super::written::Written;
use derive::steps;
pub use lexis::{Lex, is_name, is_word_byte, next as lex};
pub use sequence::Anchor;
use sequence::Sequence;

/// The tokens that every match must contain.
#[derive(Debug, Clone, Default)]
pub struct Prefilter {
    sequence: Option<Sequence>,
    /// Where the tokens tell too little for that: their texts, which must be there all the same. The parser sometimes
    /// puts a token into its tree that the code does not have.
    texts: Vec<Vec<u8>>,
}

impl Prefilter {
    /// A filter that lets everything through.
    pub fn none() -> Prefilter {
        Prefilter::default()
    }

    /// The filter of a pattern.
    pub fn of(pattern: &Pattern, lang: Lang) -> Prefilter {
        let steps = steps(pattern, lang);
        let texts = steps.iter().map(|step| step.token.text.clone()).collect();
        match Sequence::new(steps, lang) {
            None => Prefilter { sequence: None, texts },
            sequence => Prefilter { sequence, texts: Vec::new() },
        }
    }

    /// The filter of a rule object: of its own pattern, or of the first part of `all` that has one.
    pub fn of_rule(rule: Option<&serde_json::Value>, lang: Lang) -> Prefilter {
        let Some(rule) = rule else { return Prefilter::none() };
        let pattern = Written::of_rule(rule).and_then(|written| written.compile(lang).ok());
        if let Some(pattern) = pattern.filter(|pattern| !pattern.has_error()) {
            return Prefilter::of(&pattern, lang);
        }
        // Every part of `all` must match, and what a relation names lies in the same file.
        let parts = rule.get("all").and_then(serde_json::Value::as_array).into_iter().flatten();
        let relations = ["inside", "has", "precedes", "follows"].into_iter().filter_map(|name| rule.get(name));
        parts
            .chain(relations)
            .map(|part| Prefilter::of_rule(Some(part), lang))
            .max_by_key(Prefilter::weight)
            .unwrap_or_default()
    }

    /// Tells whether a text could hold a match.
    pub fn accepts(&self, text: &[u8]) -> bool {
        self.sequence.as_ref().is_none_or(|sequence| sequence.is_in(text))
            && self.texts.iter().all(|token| memchr::memmem::find(text, token).is_some())
    }

    /// The tokens it looks for, as people read them; empty where it looks for none.
    pub fn tokens(&self) -> String {
        self.sequence.as_ref().map(Sequence::to_string).unwrap_or_default()
    }

    /// A word that stands in the own statement of every match.
    pub fn anchor(&self) -> Option<&Anchor> {
        self.sequence.as_ref().and_then(Sequence::own)
    }

    fn weight(&self) -> usize {
        self.sequence.as_ref().map_or(0, Sequence::weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(pattern: &str, lang: Lang) -> Prefilter {
        Pattern::try_new(pattern, lang).map(|p| Prefilter::of(&p, lang)).unwrap_or_default()
    }

    #[test]
    fn required_tokens_come_in_order_and_without_metavariables() {
        for (pattern, lang, expected) in [
            ("console.log($$$)", Lang::TypeScript, "console . log ( … )"),
            ("if ($A) { return $B }", Lang::TypeScript, "if ( … ) { return … }"),
            ("$A($B)", Lang::TypeScript, ""),
            ("$A === $B", Lang::TypeScript, "==="),
            ("$A.get($B, None)", Lang::Python, ". get ( … , None )"),
            ("foo($$$, bar)", Lang::TypeScript, "foo ( … bar )"),
            ("`a ${b} c`", Lang::TypeScript, "` a  ${"),
            ("if err != nil { return $$$ }", Lang::Go, "if err != nil { return … }"),
            ("def $F($$$): $$$", Lang::Python, "def … ( … ) :"),
            ("if $A is None: return $B", Lang::Python, "if … is None … : return"),
        ] {
            assert_eq!(filter(pattern, lang).tokens(), expected, "{pattern}");
        }
    }

    #[test]
    fn between_two_tokens_of_a_group_lie_comments_and_what_has_no_name() {
        for (pattern, lang, text, expected) in [
            ("a.b()", Lang::TypeScript, "a\n .b()", true),
            ("a.b()", Lang::TypeScript, "a /* b */ . // c\n b()", true),
            ("a.b()", Lang::TypeScript, "b a", false),
            ("a.b()", Lang::TypeScript, "a.c(b)", false),
            ("a.b()", Lang::TypeScript, "xa.b()", false),
            ("a.b()", Lang::TypeScript, "a.bc()", false),
            ("class A { b }", Lang::TypeScript, "class A { static b }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) return { a: 1 }", false),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) { // why\n return 1 }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) /* ( */ { /* ) */ return 1 }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) { let y = 1; return y }", false),
            ("if $A is None: return $B", Lang::Python, "if x is None: # why\n  return 1", true),
            ("if $A is None: return $B", Lang::Python, "if x is None:\n  f()\nreturn 1", false),
            ("from a import b", Lang::Python, "from a import (b)", true),
            ("if err != nil { return $$$ }", Lang::Go, "if err != nil {\n\treturn\n}", true),
            ("if err != nil { return $$$ }", Lang::Go, "if err != nil {\n\tlog(err)\n\treturn\n}", false),
        ] {
            assert_eq!(filter(pattern, lang).accepts(text.as_bytes()), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn where_anything_may_stand_brackets_and_lines_still_end_it() {
        for (pattern, lang, text, expected) in [
            ("if ($A) { return $B }", Lang::TypeScript, "if (f(x)) { return 1 }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) { return 1; f() }", false),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x) y; function f() { return 1 }", false),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x === ')') { return 1 }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (x === ')') { f() } g(() => { return 1 })", false),
            ("if ($A) { return $B }", Lang::TypeScript, "if (/\\)/.test(x)) { return 1 }", true),
            ("if ($A) { return $B }", Lang::TypeScript, "if (a / b) { return 1 }", true),
            ("if ($A) { return $B }", Lang::Tsx, "if (a < b) { return 1 }", true),
            ("if ($A) { return $B }", Lang::Tsx, "if (f(<a>)'</a>)) { return 1 }", true),
            ("def $F($$$): $$$", Lang::Python, "def f(a, b=(1, 2)):\n  pass", true),
            ("def $F($$$): $$$", Lang::Python, "def f(\n  a, # )\n  b):\n  pass", true),
            ("def $F($$$): $$$", Lang::Python, "def f(a) -> int:\n  pass", false),
            ("if $A is None: return $B", Lang::Python, "if x:\n  y = z is None\nwhile a: return 1", false),
            ("if $A is None: return $B", Lang::Python, "if x \\\n is None: return 1", true),
            ("if $A is None: return $B", Lang::Python, "if x(\n) is None is a: return 1", true),
            ("if $A is None: return $B", Lang::Python, "if x(f'{')'}') is None: return 1", true),
            ("from m import $A, b", Lang::Python, "from m import (a,\n b)", true),
            ("$A if $B else c", Lang::Python, "(a if b\nelse c)", true),
            ("f($$$, {a: 1})", Lang::TypeScript, "f(b, {a: 2}, {a: 1})", true),
            ("f($$$, {a: 1})", Lang::TypeScript, "f(b)\n+ {a: 1}", false),
            ("if $A := $B; $C { $$$ }", Lang::Go, "if i := g()); i { }", true),
            ("func $F($$$) error { $$$ }", Lang::Go, "func f(a func() int) error {\n}", true),
            ("func $F($$$) error { $$$ }", Lang::Go, "func f(a func() error) int {\n}", false),
        ] {
            assert_eq!(filter(pattern, lang).accepts(text.as_bytes()), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn names_in_lines_of_comment_are_no_code() {
        for (lang, text, expected) in [
            (Lang::TypeScript, "// console.log(1)\n", false),
            (Lang::TypeScript, "/**\n * ```ts\n * console.log(1)\n */\n", false),
            (Lang::TypeScript, "let a = b\n * console.log(1)\n", true),
            (Lang::TypeScript, "`\n// ${console.log(1)}`\n", true),
            (Lang::TypeScript, "/**\n */\n * console.log(1)\n", true),
            (Lang::Tsx, "<a>\n/**\n * {console.log(1)}\n</a>\n", true),
            (Lang::Go, "// console.log(1)\n", false),
            (Lang::Python, "# console.log(1)\n", false),
            (Lang::TypeScript, "f('a', \"console.log(1)\")\n", false),
            (Lang::TypeScript, "f('a', \"b\", console.log(1), 'c')\n", true),
            (Lang::TypeScript, "`a\n b'` + console.log(1) + 'c'\n", true),
            (Lang::TypeScript, "/* it's\n don't */ console.log(1) + 'c'\n", true),
            (Lang::Tsx, "<a>don't {console.log(1)} won't</a>\n", true),
            (Lang::Python, "a('console.log(1)')\n", false),
            (Lang::Python, "f'{console.log(1)}'\n", true),
            (Lang::Python, "'''\n don't''' + console.log(1) + 'b'\n", true),
            (Lang::Go, "a(\"console.log(1)\")\n", false),
            (Lang::Python, "f'''\n# {console.log(1)}'''\n", true),
        ] {
            assert_eq!(filter("console.log($A)", lang).accepts(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_token_that_tells_little_must_be_there() {
        for (pattern, text, expected) in
            [("$A!", "a<b>`c`", false), ("$A!", "a!", true), ("$A($B)", "a(b)", true), ("$A($B)", "a", false)]
        {
            assert_eq!(filter(pattern, Lang::TypeScript).accepts(text.as_bytes()), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn a_rule_uses_what_it_surely_needs() {
        let rule = serde_json::json!({ "any": [{ "pattern": "foo()" }], "inside": { "pattern": "class Bar { $$$ }" } });
        assert_eq!(Prefilter::of_rule(Some(&rule), Lang::TypeScript).tokens(), "class Bar { … }");
        let not = serde_json::json!({ "kind": "call_expression", "not": { "pattern": "foo()" } });
        assert!(Prefilter::of_rule(Some(&not), Lang::TypeScript).tokens().is_empty());
    }

    #[test]
    fn what_reviews_found_lost_is_found() {
        let (ts, py) = (Lang::TypeScript, Lang::Python);
        for (pattern, lang, text) in [
            ("cx($A)", ts, "const html = `\n  <div class=\"${cx(a)}\">\n`;"),
            ("foo($A)", ts, "const s = `\n it's ${foo(1)} isn't\n`;"),
            ("foo($A)", py, "x = f\"\"\"\n<a href=\"{foo(1)}\">\n\"\"\""),
            ("foo($A)", ts, "/*\n * hi\n */ foo(1);"),
            ("if $A:\n    x = $B\n    return x", py, "def f():\n    if a:\n        x = 1\n        return x"),
            ("def f():\n    return\n    foo()", py, "def f():\n    return\n    foo()"),
            ("class A:\n    @$D\n    def f(self): pass", py, "class A:\n    @d\n    def f(self): pass"),
            ("with $A as b:\n    x = $C\n    y = 2", py, "with a as b:\n    x = 1\n    y = 2"),
            ("return ($A)", Lang::Tsx, "return (\n  // a comment\n  <div>don't</div>\n)"),
            ("foo($A, b)", ts, "foo(\n  // matches quotes\n  /\"/,\n  b);"),
            ("foo($A)", ts, "// check quotes\n/\"/.test(x) && foo(\"a\");"),
            ("foo($A, b)", ts, "foo(total // the sum;\n  / count, b);"),
            ("$A is not None", py, "if a is  not None: pass"),
            ("$A not in b", py, "x = (a not\n  in b)"),
            ("foo($A, b)", ts, "foo('a\\\r\nb', b)"),
            ("{ a = $X\n function b() {} }", ts, "if (c) { a = 1; async function b() {} }"),
            ("foo($A)", ts, "// c\rfoo(1);"),
        ] {
            assert!(filter(pattern, lang).accepts(text.as_bytes()), "{pattern} in {text}");
        }
    }

    #[test]
    fn names_in_long_strings_are_no_code() {
        let long = "x ".repeat(2000);
        let filter = filter("console.log($A)", Lang::TypeScript);
        for (text, expected) in [
            (format!("/* a */\nlet a = \"*/ ` {long} console.log(1)\" + \"console.log(2)\";\n"), false),
            (format!("let a = \"*/ {long} console.log(1)\"; console.log(2);\n"), true),
            (format!("let a = /['\"]/; b = \"*/ {long}\"; console.log(2)\n"), true),
            (format!("let a = `\n*/ {long} \" ${{console.log(1)}}\"`;\n"), true),
        ] {
            assert_eq!(filter.accepts(text.as_bytes()), expected, "{}", &text[text.len() - 40..]);
        }
    }

    #[test]
    fn no_text_makes_it_slow() {
        // Quadratic, this would take minutes.
        let text = "return if ".repeat(1 << 17);
        for pattern in ["if ($A) { return $B }", "return if_ ($A)", "{ return }"] {
            // What takes too long to rule out is looked at.
            assert!(filter(pattern, Lang::TypeScript).accepts(text.as_bytes()), "{pattern}");
        }
    }
}
