//! Aligned columns. Widths are counted in terminal cells.

use unicode_width::UnicodeWidthStr;

use super::{Paint, Style};

/// Rows in columns, two spaces apart; the last column is cut where the terminal ends.
pub fn aligned(head: &[String], rows: &[Vec<String>], paint: Paint, width: Option<usize>) -> String {
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    for row in rows.iter().map(Vec::as_slice).chain([head]) {
        for (n, cell) in row.iter().enumerate() {
            widths[n] = widths[n].max(flat(cell).width());
        }
    }
    let mut out = String::new();
    if head.iter().any(|cell| !cell.is_empty()) {
        line(&mut out, head, &widths, width, |text| paint.paint(Style::Strong, text));
    }
    for row in rows {
        line(&mut out, row, &widths, width, str::to_owned);
    }
    out
}

fn line(out: &mut String, row: &[String], widths: &[usize], limit: Option<usize>, style: impl Fn(&str) -> String) {
    let (mut text, mut used) = (String::new(), 0);
    for (n, cell) in row.iter().enumerate() {
        let cell = flat(cell);
        if n + 1 == row.len() {
            text.push_str(&cut(&cell, limit.map(|limit| limit.saturating_sub(used))));
        } else {
            text.push_str(&cell);
            text.extend(std::iter::repeat_n(' ', widths[n] - cell.width() + 2));
            used += widths[n] + 2;
        }
    }
    out.push_str(&style(text.trim_end()));
    out.push('\n');
}

/// A cell on one line, without anything that moves the cursor.
fn flat(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() && c != '\x1b' { ' ' } else { c }).collect()
}

fn cut(text: &str, limit: Option<usize>) -> String {
    let Some(limit) = limit.filter(|limit| text.width() > *limit && *limit > 8) else { return text.to_owned() };
    let (mut out, mut used) = (String::new(), 0);
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used >= limit {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_the_last_is_cut() {
        let rows = [vec!["a".into(), "länger".into(), "x".into()], vec!["bbb".into(), "y".into(), "0123456789".into()]];
        let text = aligned(&["N".into()], &rows, Paint::new(false), Some(22));
        assert_eq!(text, "N\na    länger  x\nbbb  y       012345678…\n".replace("012345678…", "01234567…"));
    }
}
