//! Colours a unified diff line by line.

use super::words::changed;
use super::{Paint, Style};

/// The diff with colours, the words that differ in lines that stand for each other set off; or as it is without.
pub fn painted(diff: &[u8], paint: Paint) -> Vec<u8> {
    if !paint.is_on() {
        return diff.to_vec();
    }
    let mut out = Vec::with_capacity(diff.len() * 2);
    let lines: Vec<&[u8]> = diff.split_inclusive(|b| *b == b'\n').collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let run = |from: usize, style: Style| lines[from..].iter().take_while(|line| style_of(line) == style).count();
        let (gone, come) = match style_of(line) {
            Style::Bad => (run(at, Style::Bad), run(at + run(at, Style::Bad), Style::Good)),
            _ => (0, 0),
        };
        if gone == 0 || gone != come {
            put(&mut out, line, &[], paint);
            at += 1;
            continue;
        }
        // As many lines come as go: each stands for its partner.
        let pairs: Vec<_> = (at..at + gone).map(|n| changed(inner(lines[n]), inner(lines[n + gone]))).collect();
        for (n, (old, _)) in pairs.iter().enumerate() {
            put(&mut out, lines[at + n], old, paint);
        }
        for (n, (_, new)) in pairs.iter().enumerate() {
            put(&mut out, lines[at + gone + n], new, paint);
        }
        at += 2 * gone;
    }
    out
}

/// A line of a hunk without its sign and line feed.
fn inner(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.get(1..).unwrap_or_default()
}

/// Writes a line; the ranges, which count from behind the sign, are set off.
fn put(out: &mut Vec<u8>, line: &[u8], ranges: &[std::ops::Range<usize>], paint: Paint) {
    let style = style_of(line);
    let (text, end) = match line.strip_suffix(b"\n") {
        Some(text) => (text, &b"\n"[..]),
        None => (line, &b""[..]),
    };
    out.extend_from_slice(paint.begin(style).as_bytes());
    let mut copied = 0;
    for range in ranges {
        let (from, to) = (range.start + 1, range.end + 1);
        out.extend_from_slice(&text[copied..from]);
        out.extend_from_slice(SET_OFF);
        out.extend_from_slice(&text[from..to]);
        out.extend_from_slice(AS_BEFORE);
        copied = to;
    }
    out.extend_from_slice(&text[copied..]);
    out.extend_from_slice(paint.end(style).as_bytes());
    out.extend_from_slice(end);
}

const SET_OFF: &[u8] = b"\x1b[7m";
const AS_BEFORE: &[u8] = b"\x1b[27m";

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
        assert_eq!(super::painted(diff, Paint::new(false)), diff);
        let painted = String::from_utf8_lossy(&super::painted(diff, Paint::new(true))).into_owned();
        assert!(painted.contains("\x1b[32m+b\x1b[0m\n"), "{painted:?}");
        let words = super::painted(b"-let a = 1;\n+let b = 1;\n", Paint::new(true));
        let words = String::from_utf8_lossy(&words).into_owned();
        assert!(words.contains("-let \x1b[7ma\x1b[27m = 1;"), "{words:?}");
    }
}
