//! What is read from Go.

use super::*;

/// The mentions of what is declared by the first occurrence of a name, as the words around them.
fn mentions(text: &str, name: &str) -> String {
    let text = format!("package p\n{text}\n");
    let names = read_names(&text).unwrap_or_default();
    let first = names.mentions.iter().find(|m| m.is_declaration && text[m.span.clone()] == *name);
    let Some(symbol) = first.and_then(|mention| mention.symbol) else { return "none".to_owned() };
    names.mentions_of(symbol).map(|mention| (mention.span.start - 10).to_string()).collect::<Vec<_>>().join(", ")
}

#[test]
fn names_are_known_from_their_declaration_on() {
    for (text, name, expected) in [
        ("var a = 1\nfunc f() { a := a; _ = a }", "a", "4, 26"),
        ("func f(a int) { a, b := 1, a; _, _ = a, b }", "a", "7, 16, 27, 37"),
        ("func f() (a error) { if a := g(); a != nil { return a }; return a }", "a", "10, 64"),
        ("func f() { for a, b := range c { _ = a }; _ = a }", "a", "15, 37"),
        ("func f(v any) { switch a := v.(type) { case int: _ = a; default: _ = a } }", "a", "23, 53, 69"),
        ("func f() { a: for { break a; continue a } }", "a", "11, 26, 38"),
        ("func f() { goto a; a: return }", "a", "19, 16"),
        ("type a[T any] struct { x T; y *a[T] }", "a", "5, 31"),
        ("type L[T any] struct{}\nfunc (l *L[T]) m(v T) { var x T; _ = l; _ = x }", "l", "29, 60"),
        ("func f() { x := T{a: 1}; _ = map[string]int{a: 1}; a := 1 }", "a", "51"),
        ("func f(c chan int) { select { case a := <-c: _ = a; case c <- 1: } }", "a", "35, 49"),
        ("import a \"x/y\"\nvar z a.T = a.F()", "a", "7, 21, 27"),
    ] {
        assert_eq!(sorted(&mentions(text, name)), sorted(expected), "{text}");
    }
}

fn sorted(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = text.split(", ").collect();
    parts.sort_by_key(|part| part.parse::<usize>().unwrap_or_default());
    parts
}
