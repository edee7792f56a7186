//! Matches for people: path, line, column and the lines of code, one block a match.

use std::fmt::Write as _;
use std::ops::Range;

use super::{Paint, Style};
use crate::core::ast::Source;
use crate::core::path::seen_from;

/// Writes the matches of one file.
#[derive(Debug, Clone)]
pub struct MatchPrinter {
    /// How to colour.
    pub paint: Paint,
    /// Put the path above its matches instead of before each line.
    pub heading: bool,
    /// How many lines are shown before a match.
    pub before: usize,
    /// How many lines are shown after it.
    pub after: usize,
    /// The directory of the repository from which paths are written.
    pub here: String,
}

impl MatchPrinter {
    /// The text for matches at byte ranges of a source, in order.
    pub fn file(&self, source: &Source, ranges: &[Range<usize>]) -> String {
        let mut out = String::new();
        let text = source.text();
        let path = self.path(source);
        if self.heading {
            let _ = writeln!(out, "{}", self.paint.paint(Style::Path, &path));
        }
        let lines = source.lines();
        let painted = if self.paint.is_on() { merged(ranges) } else { Vec::new() };
        let mut shown_to = 0;
        for range in ranges {
            let (from, to) = (lines.position(range.start), lines.position(range.end.max(range.start + 1) - 1));
            let first = from.line.saturating_sub(self.before).max(1).max(shown_to + 1);
            for line in first..=to.line + self.after {
                let Some((start, end)) = lines.line_range(line, text.as_bytes()) else { break };
                let column = if line == from.line { Some(from.column) } else { None };
                let is_match = (from.line..=to.line).contains(&line);
                self.line(&mut out, &path, line, column, is_match);
                self.code(&mut out, text, start..end, &painted);
                out.push('\n');
                shown_to = line;
            }
        }
        if self.heading {
            out.push('\n');
        }
        out
    }

    /// The file's path as the user would write it.
    pub fn path(&self, source: &Source) -> String {
        seen_from(&self.here, &source.path)
    }

    fn line(&self, out: &mut String, path: &str, line: usize, column: Option<usize>, is_match: bool) {
        let sign = if is_match { ':' } else { '-' };
        if self.heading {
            let _ = write!(out, "{}{sign}", self.paint.paint(Style::Line, &format!("{line:>4}")));
            return;
        }
        let (path, number) = (self.paint.paint(Style::Path, path), self.paint.paint(Style::Line, &line.to_string()));
        let _ = match column {
            Some(column) => write!(out, "{path}{sign}{number}{sign}{column}{sign}"),
            None => write!(out, "{path}{sign}{number}{sign}"),
        };
    }

    /// One line of code, painted where it lies in one of the ranges.
    fn code(&self, out: &mut String, text: &str, line: Range<usize>, painted: &[Range<usize>]) {
        let mut at = line.start;
        let from = painted.partition_point(|range| range.end <= line.start);
        for range in painted[from..].iter().take_while(|range| range.start < line.end) {
            let (from, to) = (range.start.max(at), range.end.min(line.end));
            let _ = write!(out, "{}{}", &text[at..from], self.paint.paint(Style::Bad, &text[from..to]));
            at = to;
        }
        out.push_str(&text[at..line.end]);
    }
}

/// Ordered ranges with those that overlap made one.
fn merged(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => all.push(range.clone()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ast::{Lang, parse};

    #[test]
    fn matches_on_one_line_are_shown_once_and_context_is_marked() -> crate::core::Result<()> {
        let source = parse("x.ts", "a;\nf(1); f(2);\nb;\n".into(), Lang::TypeScript)?;
        let printer =
            MatchPrinter { paint: Paint::new(false), heading: false, before: 0, after: 0, here: String::new() };
        assert_eq!(printer.file(&source, &[3..7, 9..13]), "x.ts:2:1:f(1); f(2);\n");
        let printer = MatchPrinter { before: 1, after: 1, heading: true, ..printer.clone() };
        assert_eq!(
            printer.file(&source, std::slice::from_ref(&(3..7))),
            "x.ts\n   1-a;\n   2:f(1); f(2);\n   3-b;\n\n"
        );
        let after = MatchPrinter { before: 0, heading: false, ..printer.clone() };
        assert_eq!(after.file(&source, std::slice::from_ref(&(3..7))), "x.ts:2:1:f(1); f(2);\nx.ts-3-b;\n");
        let printer = MatchPrinter { paint: Paint::new(true), here: "src".into(), ..printer };
        let painted = printer.file(&source, &[3..7, 5..6, 9..13]);
        assert!(painted.contains("../x.ts"), "{painted:?}");
        assert!(painted.contains(":\u{1b}[1;31mf(1)\u{1b}[0m; \u{1b}[1;31mf(2)\u{1b}[0m;\n"), "{painted:?}");
        Ok(())
    }
}
