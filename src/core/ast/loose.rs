//! What a pattern leaves out without saying so: code with a part that is optional in the language and that the pattern
//! does not write, such as a return type. Told beside its matches, and taken along where that is asked for.

use ast_grep_core::{Language, MatchStrictness};
use tree_sitter::Node;

use super::source::parse;
use super::written::Written;
use super::{Family, Lang, children};

/// How many parts are put in at most; every choice of them is a pattern of its own.
const MOST: usize = 4;

/// An optional part of a kind of node.
struct Part {
    family: Family,
    kinds: &'static [&'static str],
    /// The field that holds it.
    field: &'static str,
    /// The field behind which it stands, or with `is_before` before which.
    beside: &'static str,
    is_before: bool,
    /// What stands for it in a pattern.
    text: &'static str,
    /// What is missed without it, in words; nothing where it is too common to be told each time.
    says: &'static str,
}

const TYPED: &[&str] = &[
    "function_declaration",
    "function_expression",
    "method_definition",
    "arrow_function",
    "generator_function_declaration",
];

const PARTS: [Part; 10] = [
    part(
        Family::Python,
        &["function_definition"],
        "return_type",
        "parameters",
        " -> $_",
        "functions with a return annotation",
    ),
    part(Family::Python, &["class_definition"], "superclasses", "name", "($$$)", "classes with bases"),
    part(Family::Python, &["assignment"], "type", "left", ": $_", "assignments with an annotation"),
    part(Family::JavaScript, TYPED, "return_type", "parameters", ": $_", "functions with a return type"),
    Part {
        is_before: true,
        ..part(Family::JavaScript, TYPED, "type_parameters", "parameters", "<$$$>", "generic functions")
    },
    part(Family::JavaScript, &["variable_declarator"], "type", "name", ": $_", "variables with a type"),
    part(Family::JavaScript, &["call_expression"], "type_arguments", "function", "<$$$>", ""),
    part(Family::JavaScript, &["new_expression"], "type_arguments", "constructor", "<$$$>", ""),
    part(
        Family::Go,
        &["function_declaration", "method_declaration", "func_literal"],
        "result",
        "parameters",
        " $_",
        "functions with a result",
    ),
    part(Family::Go, &["var_spec"], "type", "name", " $_", "variables with a type"),
];

/// Only of arrow functions is this a kind of its own.
const ASYNC: Part =
    part(Family::JavaScript, &["arrow_function"], "async", "", "async ", "arrow functions that are async");

const fn part(
    family: Family,
    kinds: &'static [&'static str],
    field: &'static str,
    beside: &'static str,
    text: &'static str,
    says: &'static str,
) -> Part {
    Part { family, kinds, field, beside, is_before: false, text, says }
}

/// What else a pattern may have meant.
#[derive(Default)]
pub struct Loose {
    /// The patterns that take the rest, too; not the pattern itself.
    pub others: Vec<Written>,
    /// What the pattern alone misses, in words.
    pub misses: Vec<&'static str>,
}

/// What a pattern leaves out in a language.
pub fn loose(pattern: &str, lang: Lang) -> Loose {
    let text = lang.pre_process_pattern(pattern).into_owned();
    let (mut found, mut places) = (Loose::default(), Vec::new());
    let Ok(source) = parse("", text.clone(), lang) else { return found };
    let root = source.tree().root_node();
    if let Some(call) = lone_call(root, &text, lang) {
        found.others.push(call);
        found.misses.push("calls, which alone are read as conversions");
        return found;
    }
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        for part in PARTS.iter().filter(|part| part.family == lang.family() && part.kinds.contains(&node.kind())) {
            let Some(beside) = node.child_by_field_name(part.beside) else { continue };
            // In JavaScript nothing has a type.
            let is_known = lang.field_to_id(part.field).is_some();
            if is_known && node.child_by_field_name(part.field).is_none() && places.len() < MOST {
                places.push((if part.is_before { beside.start_byte() } else { beside.end_byte() }, part));
            }
        }
        if node.kind() == "arrow_function" && node.child(0).is_some_and(|first| first.kind() != "async") {
            places.push((node.start_byte(), &ASYNC));
        }
        nodes.extend(children::all_children(node));
    }
    places.truncate(MOST);
    places.sort_by_key(|(at, _)| *at);
    for choice in 1..1_usize << places.len() {
        let mut changed = text.clone();
        for (n, (at, part)) in places.iter().enumerate().rev().filter(|(n, _)| choice & (1 << n) != 0) {
            let _ = n;
            changed.insert_str(*at, &lang.pre_process_pattern(part.text));
        }
        let other = Written::new(&changed, MatchStrictness::Smart);
        if other.compile(lang).is_ok_and(|pattern| !pattern.has_error()) {
            found.others.push(other);
            let single = places.iter().enumerate().find(|(n, _)| choice == 1 << n);
            let says = single.map(|(_, (_, part))| part.says).filter(|says| !says.is_empty());
            found.misses.extend(says.filter(|says| !found.misses.contains(says)));
        }
    }
    found
}

/// A call that stands alone as a pattern of Go, where it is read as a conversion.
fn lone_call(root: Node<'_>, text: &str, lang: Lang) -> Option<Written> {
    let mut node = root;
    while matches!(node.kind(), "source_file" | "expression_statement") {
        node = children::named_children(node).next()?;
    }
    if lang != Lang::Go || !matches!(node.kind(), "type_conversion_expression" | "call_expression") {
        return None;
    }
    let context = format!("func µ_() {{ {text} }}");
    let whole = Written { selector: Some("call_expression".into()), ..Written::new(&context, MatchStrictness::Smart) };
    let is_other = node.kind() == "type_conversion_expression";
    whole.compile(lang).ok().filter(|pattern| is_other && !pattern.has_error()).map(|_| whole)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::Result;
    use crate::core::ast::Matcher;

    /// How many places a pattern finds alone, and with all that it may have meant.
    fn counts(pattern: &str, lang: Lang, text: &str) -> Result<(usize, usize)> {
        let source = Arc::new(parse("x", text.to_owned(), lang)?);
        let alone = source.find_all(&Matcher::pattern(pattern, lang, None)?, false).len();
        Ok((alone, source.find_all(&Matcher::loose(pattern, lang)?, false).len()))
    }

    #[test]
    fn what_is_optional_in_the_language_is_taken_along() -> Result<()> {
        for (pattern, lang, text, expected) in [
            (
                "def $F($$$): $$$",
                Lang::Python,
                "def f(): pass\ndef g() -> int: pass\nasync def h(a) -> None: pass\n",
                (1, 3),
            ),
            ("class $C: $$$", Lang::Python, "class A: pass\nclass B(A): pass\n", (1, 2)),
            ("$A = 1", Lang::Python, "a = 1\nb: int = 1\nc = 2\n", (1, 2)),
            (
                "function $F($$$) { $$$ }",
                Lang::TypeScript,
                "function f() {}\nfunction g(): X {}\nfunction h<T>(x: T): T {}\nfunction i<T>() {}",
                (1, 4),
            ),
            ("const $A = $B", Lang::TypeScript, "const a = 1; const b: number = 1;", (1, 2)),
            ("($A) => $B", Lang::TypeScript, "(a) => 1; (b: X) => 1; (c: X): Y => 1", (2, 3)),
            ("useState($A)", Lang::Tsx, "useState(1); useState<X>(1)", (1, 2)),
            ("new Map($$$)", Lang::TypeScript, "new Map(); new Map<A, B>()", (1, 2)),
            (
                "func $F($$$) { $$$ }",
                Lang::Go,
                "package p\nfunc f() {}\nfunc g() int { return 1 }\nfunc h() (int, error) { return 1, nil }\n",
                (1, 3),
            ),
            (
                "fmt.Sprintf($$$)",
                Lang::Go,
                "package p\nfunc f() { fmt.Sprintf(\"a\"); x := fmt.Sprintf(\"a\", 1) }\n",
                (0, 2),
            ),
            ("f($A)", Lang::JavaScript, "f(1)", (1, 1)),
            ("($A) => $B", Lang::JavaScript, "(a) => 1; async (a) => 2", (1, 2)),
            ("var $A = $B", Lang::Go, "package p\nvar a = 1\nvar b int = 2\n", (1, 2)),
        ] {
            assert_eq!(counts(pattern, lang, text)?, expected, "{pattern}");
        }
        Ok(())
    }

    #[test]
    fn only_what_is_missed_is_told() {
        for (pattern, lang, misses) in [
            ("def $F($$$): $$$", Lang::Python, &["functions with a return annotation"][..]),
            ("def $F($$$) -> $R: $$$", Lang::Python, &[]),
            ("console.log($$$)", Lang::TypeScript, &[]),
            ("function $F($$$) { $$$ }", Lang::JavaScript, &[]),
            ("fmt.Println($A)", Lang::Go, &["calls, which alone are read as conversions"]),
            ("f($A", Lang::Go, &[]),
        ] {
            assert_eq!(loose(pattern, lang).misses, misses, "{pattern}");
        }
    }
}
