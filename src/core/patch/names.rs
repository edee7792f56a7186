//! Names in diffs: git's quoting, and the prefixes that stand for the two sides. Does no I/O.

use crate::core::path::{from_os, to_os};

/// A path as git writes it: in C's quotes when it has bytes that would not survive bare.
pub fn quoted(prefix: &str, path: &str) -> String {
    let full = [prefix.as_bytes(), &to_os(path)].concat();
    if full.iter().all(|b| (0x20..0x7f).contains(b) && *b != b'"' && *b != b'\\') {
        return String::from_utf8_lossy(&full).into_owned();
    }
    let mut out = String::from("\"");
    for byte in full {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x20..0x7f => out.push(byte as char),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

/// Undoes git's quoting of a name; one without quotes is taken as it stands.
pub fn unquoted(text: &[u8]) -> String {
    let Some(inner) = text.strip_prefix(b"\"").and_then(|t| t.strip_suffix(b"\"")) else {
        return from_os(text);
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while at < inner.len() {
        if inner[at] != b'\\' || at + 1 == inner.len() {
            out.push(inner[at]);
            at += 1;
            continue;
        }
        let octal = inner.get(at + 1..at + 4).and_then(|d| std::str::from_utf8(d).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            out.push(byte);
            at += 4;
            continue;
        }
        out.push(match inner[at + 1] {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 0x07,
            b'b' => 0x08,
            b'v' => 0x0b,
            b'f' => 0x0c,
            other => other,
        });
        at += 2;
    }
    from_os(&out)
}

/// The two names of a `diff --git` line, with their prefixes.
pub fn git_names(text: &[u8]) -> Option<(String, String)> {
    if text.starts_with(b"\"") {
        let end = 1 + closing_quote(&text[1..])?;
        return Some((unquoted(&text[..=end]), unquoted(text[end + 1..].strip_prefix(b" ")?)));
    }
    if let Some(at) = text.windows(2).position(|w| w == b" \"") {
        return Some((from_os(&text[..at]), unquoted(&text[at + 1..])));
    }
    // Unless it is a rename, which says its names again, both are equal but for the prefix: split in the middle.
    let middle = text.len() / 2;
    if text.get(middle) == Some(&b' ') {
        let (old, new) = (&text[..middle], &text[middle + 1..]);
        if old == new || without_first(old).is_some_and(|rest| Some(rest) == without_first(new)) {
            return Some((from_os(old), from_os(new)));
        }
    }
    let at = text.windows(3).position(|w| w == b" b/")?;
    Some((from_os(&text[..at]), from_os(&text[at + 1..])))
}

fn without_first(name: &[u8]) -> Option<&[u8]> {
    Some(&name[name.iter().position(|b| *b == b'/')? + 1..])
}

fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|b| {
        let closes = *b == b'"' && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    })
}

/// What stands before the two names: git's own, its mnemonic ones, and what people write.
const PREFIXES: [(&str, &str); 13] = [
    ("a/", "b/"),
    ("b/", "a/"),
    ("i/", "w/"),
    ("c/", "i/"),
    ("c/", "w/"),
    ("o/", "w/"),
    ("w/", "i/"),
    ("i/", "c/"),
    ("w/", "c/"),
    ("w/", "o/"),
    ("1/", "2/"),
    ("old/", "new/"),
    ("before/", "after/"),
];

/// Takes the prefixes off two names where both have theirs; a side that is absent fits any.
pub fn without_prefixes(old: Option<&str>, new: Option<&str>) -> Option<(Option<String>, Option<String>)> {
    PREFIXES.iter().find_map(|(a, b)| {
        let old = old.map(|name| name.strip_prefix(a).map(str::to_owned));
        let new = new.map(|name| name.strip_prefix(b).map(str::to_owned));
        match (old, new) {
            (None, None) | (Some(None), _) | (_, Some(None)) => None,
            (old, new) => Some((old.flatten(), new.flatten())),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_quoted_as_git_does() {
        assert_eq!(quoted("a/", "x y"), "a/x y");
        assert_eq!(quoted("a/", "é\"\n"), "\"a/\\303\\251\\\"\\n\"");
        for name in ["plain", "é\"\n", "tab\there", &from_os(b"\xff\xfe")] {
            assert_eq!(unquoted(quoted("", name).as_bytes()), name);
        }
    }

    #[test]
    fn the_names_of_a_git_line() {
        for (line, old, new) in [
            ("a/x b/x", "a/x", "b/x"),
            ("x x", "x", "x"),
            ("a/x b/y b/x b/y", "a/x b/y", "b/x b/y"),
            ("i/s/f w/s/f", "i/s/f", "w/s/f"),
            ("\"a/\\303\\251\" \"b/\\303\\251\"", "a/é", "b/é"),
            ("a/plain \"b/\\303\\251\"", "a/plain", "b/é"),
            ("a/one b/two", "a/one", "b/two"),
        ] {
            assert_eq!(git_names(line.as_bytes()), Some((old.into(), new.into())), "{line}");
        }
    }

    #[test]
    fn prefixes_go_in_pairs() {
        let both = |old, new| without_prefixes(Some(old), Some(new)).and_then(|(old, new)| Some((old?, new?)));
        assert_eq!(both("a/x", "b/x"), Some(("x".into(), "x".into())));
        assert_eq!(both("i/x", "w/x"), Some(("x".into(), "x".into())));
        assert_eq!(both("a/x", "a/x"), None);
        assert_eq!(both("src/x", "src/x"), None);
        assert_eq!(without_prefixes(None, Some("b/x")), Some((None, Some("x".into()))));
    }
}
