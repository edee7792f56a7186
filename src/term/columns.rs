//! A unified diff in two columns: the old side on the left, the new one on the right.

use unicode_width::UnicodeWidthChar;

use super::{Paint, Style};

/// The diff in columns of a terminal that is so wide. Lines that are longer are cut.
pub fn columns(diff: &[u8], width: usize, paint: Paint) -> String {
    let text = String::from_utf8_lossy(diff);
    let side = (width.max(40) - 3) / 2;
    let mut page = Page { out: String::new(), side, paint, gone: Vec::new(), come: Vec::new(), numbers: (0, 0) };
    let mut left = (0usize, 0usize);
    for line in text.lines() {
        let inside = left != (0, 0);
        match line.chars().next() {
            Some('-') if inside => {
                left.0 = left.0.saturating_sub(1);
                page.gone.push(line[1..].to_owned());
            }
            Some('+') if inside => {
                left.1 = left.1.saturating_sub(1);
                page.come.push(line[1..].to_owned());
            }
            Some('\\') => {}
            _ if inside => {
                left = (left.0.saturating_sub(1), left.1.saturating_sub(1));
                page.flush();
                let text = line.get(1..).unwrap_or_default();
                page.row(Some(text), Some(text), Style::Plain);
            }
            _ => {
                page.flush();
                if let Some((old, new)) = ranges(line) {
                    left = (old.1, new.1);
                    page.numbers = (old.0.max(1), new.0.max(1));
                }
                let style = if line.starts_with('@') { Style::Hint } else { Style::Strong };
                page.out.push_str(&paint.paint(style, line));
                page.out.push('\n');
            }
        }
    }
    page.flush();
    page.out
}

/// Start and length of both sides of a hunk's head.
fn ranges(line: &str) -> Option<((usize, usize), (usize, usize))> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| {
        let (start, len) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, len.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

struct Page {
    out: String,
    side: usize,
    paint: Paint,
    gone: Vec<String>,
    come: Vec<String>,
    numbers: (usize, usize),
}

impl Page {
    /// Writes the lines that changed together, the first beside the first.
    fn flush(&mut self) {
        let (gone, come) = (std::mem::take(&mut self.gone), std::mem::take(&mut self.come));
        for n in 0..gone.len().max(come.len()) {
            self.row(gone.get(n).map(String::as_str), come.get(n).map(String::as_str), Style::Bad);
        }
    }

    fn row(&mut self, old: Option<&str>, new: Option<&str>, style: Style) {
        let is_change = style != Style::Plain;
        let left = self.cell(old, self.numbers.0, if is_change { '-' } else { ' ' });
        let right = self.cell(new, self.numbers.1, if is_change { '+' } else { ' ' });
        self.numbers.0 += usize::from(old.is_some());
        self.numbers.1 += usize::from(new.is_some());
        let painted = |cell: &str, there: bool, good: bool| match (is_change && there, good) {
            (false, _) => cell.to_owned(),
            (true, false) => self.paint.paint(Style::Bad, cell),
            (true, true) => self.paint.paint(Style::Good, cell),
        };
        let (left, right) = (painted(&left, old.is_some(), false), painted(right.trim_end(), new.is_some(), true));
        self.out.push_str(format!("{left} │ {right}").trim_end());
        self.out.push('\n');
    }

    fn cell(&self, text: Option<&str>, number: usize, sign: char) -> String {
        let Some(text) = text else { return " ".repeat(self.side) };
        let mut cell = format!("{number:>5} {sign}");
        let mut used = 7;
        for char in text.replace('\t', "    ").chars() {
            let wide = char.width().unwrap_or(0);
            if used + wide + 1 > self.side {
                cell.push('…');
                used += 1;
                break;
            }
            cell.push(char);
            used += wide;
        }
        cell.extend(std::iter::repeat_n(' ', self.side.saturating_sub(used)));
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_stand_side_by_side() {
        let diff = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -4,3 +4,4 @@\n same\n-old\n+new\n+more\n end\n";
        let expected = [
            "diff --git a/f b/f",
            "--- a/f",
            "+++ b/f",
            "@@ -4,3 +4,4 @@",
            "    4  same        │     4  same",
            "    5 -old         │     5 +new",
            "                   │     6 +more",
            "    6  end         │     7  end",
            "",
        ];
        assert_eq!(columns(diff, 40, Paint::new(false)), expected.join("\n"));
    }
}
