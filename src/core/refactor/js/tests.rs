//! What is read from JavaScript and TypeScript.

use super::*;
use crate::core::refactor::names::Form;

/// The mentions of what is named first, as text with forms.
fn mentions(path: &str, text: &str, name: &str) -> String {
    let names = read_names(path, text).unwrap_or_default();
    let Some(symbol) = names.symbols.iter().position(|symbol| symbol.name == name) else { return "none".to_owned() };
    let shown = names.mentions_of(symbol).map(|mention| {
        let form = match mention.form {
            Form::Plain => "",
            Form::Shorthand => " shorthand",
            Form::Pattern => " pattern",
            Form::Import => " import",
            Form::Export => " export",
        };
        format!("{}{form}", mention.span.start)
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn mentions_know_their_form() {
    for (path, text, name, expected) in [
        ("a.ts", "const a = 1; f({ a }, { a: a });", "a", "6, 17 shorthand, 27"),
        ("a.ts", "const { a } = o; a;", "a", "8 pattern, 17"),
        ("a.ts", "import { a } from './m'; export { a };", "a", "9 import, 34 export"),
        ("a.ts", "import { x as a } from './m'; export { a as b };", "a", "14, 39"),
        ("a.tsx", "const C = () => 1; <C></C>;", "C", "6, 20, 24"),
        ("a.ts", "function f(p: any): p is string { return p }", "p", "11, 20, 41"),
        ("a.js", "/**\n * @param {T} p x\n */\nfunction f(p) {}", "p", "18, 37"),
        ("a.js", "l: for (;;) { break l; }", "l", "0, 20"),
        ("a.ts", "enum E { A, B = A }", "A", "9, 16"),
        ("a.ts", "let a; ({ a } = o); ({ a = 1 } = o)", "a", "4, 10 pattern, 23 pattern"),
    ] {
        assert_eq!(mentions(path, text, name), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_parsed_is_told() {
    assert!(read_names("a.ts", "let = ;").is_none());
    // Proper code, but nested so deep that the parser would need more stack than there is.
    assert!(read_names("a.ts", &format!("{}1{}", "(".repeat(60_000), ")".repeat(60_000))).is_none());
    assert!(read_names("a.js", "const a = <div/>;").is_some());
}
