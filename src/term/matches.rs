//! Matches for people: path, line, column and the lines of code, one block a match.

use std::fmt::Write as _;

use super::{Paint, Style};
use crate::core::ast::Source;

/// Writes the matches of one file.
#[derive(Debug, Clone, Copy)]
pub struct MatchPrinter {
    /// How to colour.
    pub paint: Paint,
    /// Put the path above its matches instead of before each line.
    pub heading: bool,
    /// Lines of context before and after.
    pub context: usize,
}

impl MatchPrinter {
    /// The text for matches at byte ranges of a source, in order.
    pub fn file(&self, source: &Source, ranges: &[std::ops::Range<usize>]) -> String {
        let mut out = String::new();
        let text = source.text();
        if self.heading {
            let _ = writeln!(out, "{}", self.paint.paint(Style::Path, &source.path));
        }
        let lines = source.lines();
        let mut shown_to = 0;
        for range in ranges {
            let (from, to) = (lines.position(range.start), lines.position(range.end.max(range.start + 1) - 1));
            let first = from.line.saturating_sub(self.context).max(1).max(shown_to + 1);
            for line in first..=to.line + self.context {
                let Some((start, end)) = lines.line_range(line, text.as_bytes()) else { break };
                let column = if line == from.line { Some(from.column) } else { None };
                let is_match = (from.line..=to.line).contains(&line);
                self.line(&mut out, source, line, column, is_match);
                self.code(
                    &mut out,
                    &text[start..end],
                    range.start.saturating_sub(start),
                    range.end.saturating_sub(start),
                    is_match,
                );
                out.push('\n');
                shown_to = line;
            }
        }
        if self.heading {
            out.push('\n');
        }
        out
    }

    fn line(&self, out: &mut String, source: &Source, line: usize, column: Option<usize>, is_match: bool) {
        let sign = if is_match { ':' } else { '-' };
        if self.heading {
            let _ = write!(out, "{}{sign}", self.paint.paint(Style::Line, &format!("{line:>4}")));
            return;
        }
        let (path, number) =
            (self.paint.paint(Style::Path, &source.path), self.paint.paint(Style::Line, &line.to_string()));
        let _ = match column {
            Some(column) => write!(out, "{path}{sign}{number}{sign}{column}{sign}"),
            None => write!(out, "{path}{sign}{number}{sign}"),
        };
    }

    fn code(&self, out: &mut String, line: &str, from: usize, to: usize, is_match: bool) {
        let (from, to) = (from.min(line.len()), to.min(line.len()));
        if !is_match || !self.paint.is_on() || !line.is_char_boundary(from) || !line.is_char_boundary(to) {
            out.push_str(line);
            return;
        }
        let _ = write!(out, "{}{}{}", &line[..from], self.paint.paint(Style::Bad, &line[from..to]), &line[to..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ast::{Lang, parse};

    #[test]
    fn matches_on_one_line_are_shown_once_and_context_is_marked() -> crate::core::Result<()> {
        let source = parse("x.ts", "a;\nf(1); f(2);\nb;\n".into(), Lang::TypeScript)?;
        let printer = MatchPrinter { paint: Paint::new(false), heading: false, context: 0 };
        assert_eq!(printer.file(&source, &[3..7, 9..13]), "x.ts:2:1:f(1); f(2);\n");
        let printer = MatchPrinter { context: 1, heading: true, ..printer };
        assert_eq!(
            printer.file(&source, std::slice::from_ref(&(3..7))),
            "x.ts\n   1-a;\n   2:f(1); f(2);\n   3-b;\n\n"
        );
        Ok(())
    }
}
