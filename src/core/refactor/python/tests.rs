//! What is read from Python.

use super::*;

/// The mentions of a symbol, by the order of declaration, as offsets.
fn mentions(text: &str, name: &str) -> String {
    let names = read_names(text).unwrap_or_default();
    let Some(symbol) = names.symbols.iter().position(|symbol| symbol.name == name) else { return "none".to_owned() };
    names.mentions_of(symbol).map(|mention| mention.span.start.to_string()).collect::<Vec<_>>().join(", ")
}

#[test]
fn names_have_the_scopes_of_the_language() {
    for (text, name, expected) in [
        ("a = 1\ndef f():\n    return a\n", "a", "0, 26"),
        ("a = 1\ndef f():\n    a = 2\n    return a\n", "a", "0"),
        ("a = 1\ndef f():\n    global a\n    a = 2\n", "a", "0, 26, 32"),
        ("def f():\n    a = 1\n    def g():\n        nonlocal a\n        a = 2\n", "a", "13, 49, 59"),
        ("class C:\n    a = 1\n    b = a\n    def m(self):\n        return a\n", "a", "13, 27"),
        ("[a for a in a]\n", "a", "1, 7"),
        ("def f(a=a): pass\n", "a", "6"),
        ("f = lambda a: a\n", "a", "11, 14"),
        ("if (a := 1): a\n", "a", "4, 13"),
        ("[(a := b) for b in c]\na\n", "a", "2, 22"),
        ("try: pass\nexcept E as a: a\n", "a", "22, 25"),
        ("with o() as (a, b): a\n", "a", "13, 20"),
        ("for a, b in c: a\n", "a", "4, 15"),
        ("match x:\n    case [a, {'k': b}] if a: a\n", "a", "19, 35, 38"),
        ("class A: pass\ndef f(x: 'A') -> \"list[A]\": pass\n", "A", "6, 24, 37"),
        ("def f(): pass\n__all__ = ['f']\n", "f", "4, 26"),
        ("import a.b\na.b.c\n", "a", "7, 11"),
        ("def f(*args, **kw): args, kw\n", "args", "7, 20"),
        ("def f(a: int, /, b, *, c=1): b\n", "b", "17, 29"),
    ] {
        assert_eq!(mentions(text, name), expected, "{text}");
    }
}

#[test]
fn members_of_a_class_are_known_through_self() {
    let text = "class A:\n    def m(self):\n        self.x = 1\n        self.m()\nclass B(A):\n    def n(self):\n        return self.x\n";
    assert_eq!(mentions(text, "x"), "39, 111");
    assert_eq!(mentions(text, "m"), "17, 58");
}
