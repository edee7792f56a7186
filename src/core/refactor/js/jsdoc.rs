//! Where a JSDoc comment names something that is declared.

/// The tags of a JSDoc comment, each with the offset behind it and the blanks that follow.
fn tags(comment: &str) -> Vec<(&str, usize)> {
    if !comment.starts_with("/**") {
        return Vec::new();
    }
    let ends = comment.match_indices('@').map(|(at, _)| {
        let rest = &comment[at + 1..];
        let len = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        (&rest[..len], at + 1 + len)
    });
    ends.map(|(tag, end)| (tag, end + blank(&comment[end..]))).collect()
}

/// The offsets at which a comment's `@param` tags name a parameter, also as the beginning of `opts.x`.
pub fn parameters(comment: &str, name: &str) -> Vec<usize> {
    let mut out = Vec::new();
    for (tag, mut here) in tags(comment) {
        if !matches!(tag, "param" | "arg" | "argument") {
            continue;
        }
        if comment[here..].starts_with('{') {
            here += braces(&comment[here..]);
            here += blank(&comment[here..]);
        }
        if comment[here..].starts_with('[') {
            here += 1 + blank(&comment[here + 1..]);
        }
        let after = comment[here..].strip_prefix(name).map(|rest| rest.chars().next());
        if after.is_some_and(|next| !next.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')) {
            out.push(here);
        }
    }
    out
}

/// The offsets at which a comment's `@template` tags name a type parameter.
pub fn templates(comment: &str, name: &str) -> Vec<usize> {
    let mut out = Vec::new();
    for (_, mut here) in tags(comment).into_iter().filter(|(tag, _)| *tag == "template") {
        if comment[here..].starts_with('{') {
            here += braces(&comment[here..]);
            here += blank(&comment[here..]);
        }
        while let Some((at, found)) = word(comment, here.min(comment.len())) {
            out.extend((found == name).then_some(at));
            here = at + found.len();
            here += blank(&comment[here..]);
            let Some(rest) = comment[here..].strip_prefix(',') else { break };
            here += 1 + blank(rest);
        }
    }
    out
}

/// What a tag of a comment says of a value.
pub struct Said<'c> {
    /// The tag, by the first of its names.
    pub tag: &'static str,
    /// The type, without its braces.
    pub is: &'c str,
    /// The name behind it, or nothing.
    pub name: &'c str,
    /// Where the name stands in the comment.
    pub at: usize,
}

/// What the tags of a comment say of values.
pub fn said(comment: &str) -> Vec<Said<'_>> {
    let mut out = Vec::new();
    for (tag, here) in tags(comment) {
        let tag = match tag {
            "param" | "arg" | "argument" => "param",
            "returns" | "return" => "returns",
            "type" => "type",
            "property" | "prop" => "property",
            "typedef" => "typedef",
            _ => continue,
        };
        if !comment[here..].starts_with('{') {
            continue;
        }
        let end = here + braces(&comment[here..]);
        let is = comment[here..end].trim_start_matches('{').strip_suffix('}').unwrap_or_default();
        // Of a type in braces of its own, these belong to it.
        let is = if comment[here..].starts_with("{{") { "{}" } else { is };
        let mut at =
            end + comment[end..].len() - comment[end..].trim_start_matches([' ', '\t', '\n', '\r', '*', '[']).len();
        let len = comment[at..]
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.')))
            .unwrap_or(comment.len() - at);
        if matches!(tag, "returns" | "type") {
            at = end;
        }
        let name = if at == end { "" } else { &comment[at..at + len] };
        out.push(Said { tag, is, name, at });
    }
    out
}

/// A name in a comment.
#[derive(Debug, PartialEq, Eq)]
pub struct Named<'c> {
    /// Where it stands in the comment.
    pub at: usize,
    /// The name.
    pub name: &'c str,
    /// Whether it stands for a type; in a link it may stand for anything.
    pub is_type: bool,
}

/// The names in a comment's links, and with `types` in its types.
pub fn references(comment: &str, types: bool) -> Vec<Named<'_>> {
    let mut out = Vec::new();
    for (tag, here) in tags(comment) {
        let has_type = comment[here..].starts_with('{');
        let is_typed = match tag {
            // These two name something whatever the language.
            "see" | "throws" | "exception" => has_type,
            "param" | "arg" | "argument" | "type" | "typedef" | "returns" | "return" | "property" | "prop"
            | "extends" | "augments" | "implements" | "this" | "template" | "satisfies" | "yields" | "enum" => {
                types && has_type
            }
            _ => false,
        };
        match tag {
            _ if is_typed => {
                let mut found = Vec::new();
                typed(comment, here..here + braces(&comment[here..]), &mut found);
                // `typeof a` names a value.
                let is_type = |at: usize| !comment[..at].trim_end().ends_with("typeof");
                out.extend(found.into_iter().map(|(at, name)| Named { at, name, is_type: is_type(at) }));
            }
            "link" | "linkcode" | "linkplain" | "see" => {
                out.extend(word(comment, here).map(|(at, name)| Named { at, name, is_type: false }));
            }
            _ => {}
        }
    }
    out
}

/// The names in a type: no members, no keys, nothing in strings.
fn typed<'c>(comment: &'c str, range: std::ops::Range<usize>, out: &mut Vec<(usize, &'c str)>) {
    let (mut at, mut before) = (range.start, ' ');
    while at < range.end {
        let Some(c) = comment[at..].chars().next() else { break };
        match word(comment, at) {
            Some(found) => {
                at += found.1.len();
                let is_key = comment[at..].trim_start().starts_with(':');
                if !matches!(before, '.' | '"' | '\'' | '/') {
                    before = 'a';
                    out.extend((!is_key).then_some(found));
                }
            }
            None => {
                before = if c == ' ' { before } else { c };
                at += c.len_utf8();
            }
        }
    }
}

/// The name that begins at an offset.
fn word(comment: &str, at: usize) -> Option<(usize, &str)> {
    let rest = &comment[at..];
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let len = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    (len > 0 && !rest.starts_with(|c: char| c.is_numeric())).then(|| (at, &rest[..len]))
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// The length of a type in braces, which may hold braces.
fn braces(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// What a comment declares.
#[derive(Debug, PartialEq, Eq)]
pub enum Declared<'c> {
    /// A type for the whole file.
    Type(&'c str, usize),
    /// A parameter of a type, for this comment.
    Parameter(&'c str, usize),
    /// A name that is taken from a file: the file, the name there, and the name here if it is another one.
    Taken(&'c str, (&'c str, usize), Option<(&'c str, usize)>),
    /// A name of a file that is taken where it stands: `import("m").A`.
    Named(&'c str, (&'c str, usize)),
}

/// What a comment declares and takes from files, in order.
pub fn declared(comment: &str) -> Vec<Declared<'_>> {
    let mut out = Vec::new();
    for (tag, mut here) in tags(comment) {
        let has_type = comment[here..].starts_with('{');
        match tag {
            "import" => imported(comment, here, &mut out),
            "typedef" | "callback" | "template" => {
                if has_type {
                    here += braces(&comment[here..]);
                    here += blank(&comment[here..]);
                }
                // What stands in braces over several lines may be followed by a star.
                while tag != "template" && comment[here..].starts_with(['\n', '\r', '*', ' ']) && has_type {
                    here += 1;
                }
                let is_type = tag != "template";
                while let Some((at, name)) = word(comment, here) {
                    out.push(if is_type { Declared::Type(name, at) } else { Declared::Parameter(name, at) });
                    here = at + name.len() + blank(&comment[at + name.len()..]);
                    if is_type || !comment[here..].starts_with(',') {
                        break;
                    }
                    here += 1 + blank(&comment[here + 1..]);
                }
            }
            _ => {}
        }
    }
    for (at, _) in comment.match_indices("import(").filter(|_| comment.starts_with("/**")) {
        let rest = &comment[at + 7..];
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(len) = rest[1..].find(quote) else { continue };
        let end = at + 7 + 1 + len + 1;
        if let Some(after) = comment[end..].strip_prefix(").")
            && let Some(named) = word(comment, comment.len() - after.len())
        {
            out.push(Declared::Named(&rest[1..1 + len], (named.1, named.0)));
        }
    }
    out
}

/// `{ A, B as C } from "m"`.
fn imported<'c>(comment: &'c str, here: usize, out: &mut Vec<Declared<'c>>) {
    if !comment[here..].starts_with('{') {
        return;
    }
    let end = here + braces(&comment[here..]);
    let rest = comment[end..].trim_start();
    let Some(rest) = rest.strip_prefix("from").map(str::trim_start) else { return };
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return };
    let Some(len) = rest[1..].find(quote) else { return };
    let from = &rest[1..1 + len];
    let mut words = Vec::new();
    let mut at = here + 1;
    while at < end {
        match word(comment, at) {
            Some((start, name)) => {
                words.push((name, start));
                at += name.len();
            }
            None => at += comment[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    let mut words = words.into_iter().peekable();
    while let Some(name) = words.next() {
        let alias = words.next_if(|(word, _)| *word == "as").and_then(|_| words.next());
        out.push(Declared::Taken(from, name, alias));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_tags() {
        let comment =
            "/**\n * a\n * @param {{a: string}} a - the a\n * @param [ab=1]\n * @arg a.b x\n * @returns a\n */";
        let found: Vec<&str> = parameters(comment, "a").into_iter().map(|at| &comment[at..at + 3]).collect();
        assert_eq!(found, ["a -", "a.b"]);
        assert_eq!(parameters("/* @param a */", "a").len(), 0);
    }

    #[test]
    fn declarations_are_found_in_tags() {
        for (comment, expected) in [
            ("/** @typedef {import('m').A} B */", vec![Declared::Type("B", 29), Declared::Named("m", ("A", 26))]),
            ("/** @callback C */", vec![Declared::Type("C", 14)]),
            ("/** @template T, U */", vec![Declared::Parameter("T", 14), Declared::Parameter("U", 17)]),
            (
                "/** @import { A, B as C } from \"m\" */",
                vec![Declared::Taken("m", ("A", 14), None), Declared::Taken("m", ("B", 17), Some(("C", 22)))],
            ),
            ("// @typedef {A} B", vec![]),
        ] {
            assert_eq!(declared(comment), expected, "{comment}");
        }
    }

    #[test]
    fn names_are_found_in_links_and_types() {
        let comment = "/** See {@link A.b} and A\n * @type {Map<A, {k: B}>} import('./C').D\n * @see E */";
        let names = |types| references(comment, types).into_iter().map(|named| named.name).collect::<Vec<_>>();
        let values = references("/** @type {typeof a | B} @see {@link c} */", true);
        let values: Vec<&str> = values.iter().filter(|named| !named.is_type).map(|named| named.name).collect();
        assert!(values.contains(&"a") && values.contains(&"c") && !values.contains(&"B"), "{values:?}");
        assert_eq!(names(false), ["A", "E"]);
        assert_eq!(names(true), ["A", "Map", "A", "B", "E"]);
    }
}
