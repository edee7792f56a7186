//! Where a JSDoc comment names something that is declared.

/// The offsets at which a comment's `@param` tags name a parameter, also as the beginning of `opts.x`.
pub fn parameters(comment: &str, name: &str) -> Vec<usize> {
    let mut out = Vec::new();
    if !comment.starts_with("/**") {
        return out;
    }
    let mut from = 0;
    while let Some(found) = comment[from..].find('@') {
        let at = from + found + 1;
        from = at;
        let rest = &comment[at..];
        let word = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        if !matches!(&rest[..word], "param" | "arg" | "argument") {
            continue;
        }
        let mut here = at + word;
        here += blank(&comment[here..]);
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

/// The names in a comment's links, and with `types` in its types, with their offsets.
pub fn references(comment: &str, types: bool) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    if !comment.starts_with("/**") {
        return out;
    }
    let mut from = 0;
    while let Some(found) = comment[from..].find('@') {
        let at = from + found + 1;
        from = at;
        let rest = &comment[at..];
        let len = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let mut here = at + len;
        here += blank(&comment[here..]);
        match &rest[..len] {
            "link" | "linkcode" | "linkplain" | "see" => out.extend(word(comment, here)),
            "param" | "arg" | "argument" | "type" | "typedef" | "returns" | "return" | "property" | "prop"
            | "throws" | "extends" | "augments" | "implements" | "this" | "template" | "satisfies" | "yields"
            | "enum"
                if types && comment[here..].starts_with('{') =>
            {
                let end = here + braces(&comment[here..]);
                let mut before = ' ';
                let mut at = here;
                while at < end {
                    let Some(c) = comment[at..].chars().next() else { break };
                    match word(comment, at) {
                        // Not a member of something, not a key, not in a string.
                        Some(found) if !matches!(before, '.' | '"' | '\'' | '/') => {
                            at += found.1.len();
                            let next = comment[at..].trim_start().chars().next();
                            if next != Some(':') {
                                out.push(found);
                            }
                            before = 'a';
                        }
                        Some(found) => at += found.1.len(),
                        None => {
                            before = if c == ' ' { before } else { c };
                            at += c.len_utf8();
                        }
                    }
                }
            }
            _ => {}
        }
    }
    out
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
    fn names_are_found_in_links_and_types() {
        let comment = "/** See {@link A.b} and A\n * @type {Map<A, {k: B}>} import('./C').D\n * @see E */";
        let names = |types| references(comment, types).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names(false), ["A", "E"]);
        assert_eq!(names(true), ["A", "Map", "A", "B", "E"]);
    }
}
