//! Colours a unified diff line by line.

use super::{Paint, Style};

/// The diff with colours, or as it is without.
pub fn painted(diff: &[u8], paint: Paint) -> Vec<u8> {
    if !paint.is_on() {
        return diff.to_vec();
    }
    let mut out = Vec::with_capacity(diff.len() * 2);
    for line in diff.split_inclusive(|b| *b == b'\n') {
        let style = style_of(line);
        let (text, end) = match line.strip_suffix(b"\n") {
            Some(text) => (text, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        out.extend_from_slice(paint.begin(style).as_bytes());
        out.extend_from_slice(text);
        out.extend_from_slice(paint.end(style).as_bytes());
        out.extend_from_slice(end);
    }
    out
}

/// The text with control bytes as `^[`, so that on a terminal no line of a diff can hide another. A carriage
/// return before a line feed is a line end and stays.
pub fn harmless(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'\n' | b'\t' => out.push(byte),
            b'\r' if text.get(at + 1) == Some(&b'\n') => out.push(byte),
            0..0x20 | 0x7f => out.extend_from_slice(&[b'^', byte ^ 0x40]),
            // The second byte of U+0080 to U+009F, which some terminals take as controls.
            0x80..0xa0 if at > 0 && text[at - 1] == 0xc2 => out.push(b'?'),
            _ => out.push(byte),
        }
    }
    out
}

fn style_of(line: &[u8]) -> Style {
    let heads: [&[u8]; 7] =
        [b"diff ", b"--- ", b"+++ ", b"new file mode", b"deleted file mode", b"old mode", b"new mode"];
    match line.first() {
        _ if heads.iter().any(|head| line.starts_with(head)) => Style::Strong,
        Some(b'@') => Style::Hint,
        Some(b'+') => Style::Good,
        Some(b'-') => Style::Bad,
        Some(b'\\') => Style::Faint,
        _ => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_move_the_cursor_is_shown() {
        let text = b"+a\tb\r\n+b\x1b[2K\rx\x7f\n+\xc3\xa9\n";
        assert_eq!(harmless(text), b"+a\tb\r\n+b^[[2K^Mx^?\n+\xc3\xa9\n");
    }

    #[test]
    fn without_colour_nothing_changes_and_with_it_only_escapes_are_added() {
        let diff = b"diff --git a/f b/f\n@@ -1 +1 @@\n-a\n+b\n";
        assert_eq!(painted(diff, Paint::new(false)), diff);
        let painted = String::from_utf8_lossy(&painted(diff, Paint::new(true))).into_owned();
        assert!(painted.contains("\x1b[32m+b\x1b[0m\n"), "{painted:?}");
    }
}
