//! Positions, spans and name suggestions over text. Pure: no I/O.

use serde::Serialize;

/// A place in a text: 1-based line, 1-based byte column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Byte column, from 1.
    pub column: usize,
}

/// A range of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Where it begins.
    pub from: Position,
    /// Where it ends, exclusive.
    pub to: Position,
    /// Byte offsets, from 0, the end exclusive.
    pub byte: (usize, usize),
}

impl Span {
    /// A span that is only known by its line.
    pub fn line(line: usize) -> Self {
        let at = Position { line, column: 1 };
        Span { from: at, to: at, byte: (0, 0) }
    }
}

/// The starts of the lines of a text, to turn offsets into positions.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
}

impl LineIndex {
    /// Scans a text once.
    pub fn new(text: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
        LineIndex { starts, len: text.len() }
    }

    /// The position of a byte offset; past the end it is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.len);
        let line = self.starts.partition_point(|&start| start <= offset);
        Position { line, column: offset - self.starts[line - 1] + 1 }
    }

    /// The span of a byte range.
    pub fn span(&self, from: usize, to: usize) -> Span {
        Span { from: self.position(from), to: self.position(to), byte: (from, to) }
    }

    /// The byte range of a 1-based line without its line end, or `None` past the last line.
    pub fn line_range(&self, line: usize, text: &[u8]) -> Option<(usize, usize)> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let mut end = self.starts.get(line).map_or(self.len, |next| next - 1);
        if end > start && text.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        Some((start, end))
    }
}

/// The candidate nearest to a mistyped name, if one is near enough to be meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let allowed = match typed.chars().count() {
        0 => return None,
        1..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

/// The hint for a mistyped name: the nearest one, else the list of what there is.
pub fn suggestion<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(typed, candidates.iter().copied()) {
        Some(name) => Some(format!("did you mean '{name}'?")),
        None if candidates.is_empty() => None,
        None => {
            let shown: Vec<&str> = candidates.iter().copied().take(12).collect();
            let more = if candidates.len() > shown.len() { ", …" } else { "" };
            Some(format!("there is {}{more}", shown.join(", ")))
        }
    }
}

/// How deep brackets nest at most, counting those in strings, too.
pub fn bracket_depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                now += 1;
                most = most.max(now);
            }
            b')' | b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_byte_columns_from_one() {
        let text = "ab\r\né\n".as_bytes();
        let index = LineIndex::new(text);
        let at = |offset| {
            let position = index.position(offset);
            (position.line, position.column)
        };
        assert_eq!([at(0), at(2), at(4), at(6), at(7), at(99)], [(1, 1), (1, 3), (2, 1), (2, 3), (3, 1), (3, 1)]);
        assert_eq!(index.line_range(1, text), Some((0, 2)));
        assert_eq!(index.line_range(2, text), Some((4, 6)));
        assert_eq!(index.line_range(4, text), None);
    }

    #[test]
    fn only_near_names_are_suggested() {
        let names = ["find", "find_all", "rewrite", "status"];
        assert_eq!(nearest("fnid", names), Some("find"));
        assert_eq!(nearest("statsu", names), Some("status"));
        assert_eq!(nearest("zzzz", names), None);
        assert_eq!(nearest("", names), None);
        assert!(suggestion("zzzz", names).is_some_and(|hint| hint.contains("rewrite")));
    }
}
