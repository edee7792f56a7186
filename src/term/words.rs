//! Which words of two lines that stand for each other differ.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The byte ranges that differ in each of two lines; nothing where they have too little in common to be compared.
pub fn changed(old: &[u8], new: &[u8]) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (old_words, new_words) = (words(old), words(new));
    // A minified file is one line; nobody reads its words.
    if old_words.len() > 400 || new_words.len() > 400 {
        return (Vec::new(), Vec::new());
    }
    let slice =
        |text: &'_ [u8], words: &[Range<usize>]| words.iter().map(|w| text[w.clone()].to_vec()).collect::<Vec<_>>();
    let ops = capture_diff_slices(Algorithm::Myers, &slice(old, &old_words), &slice(new, &new_words));
    let (mut gone, mut come, mut same) = (Vec::new(), Vec::new(), 0);
    for op in ops {
        if let DiffOp::Equal { old_index, len, .. } = op {
            same += old_words[old_index..old_index + len]
                .iter()
                .filter(|w| !old[(*w).clone()].trim_ascii().is_empty())
                .count();
            continue;
        }
        add(&mut gone, &old_words[op.old_range()]);
        add(&mut come, &new_words[op.new_range()]);
    }
    let shown = |text: &[u8], words: &[Range<usize>]| {
        words.iter().filter(|w| !text[(*w).clone()].trim_ascii().is_empty()).count()
    };
    let most = shown(old, &old_words).max(shown(new, &new_words));
    if same * 3 < most { (Vec::new(), Vec::new()) } else { (gone, come) }
}

fn add(ranges: &mut Vec<Range<usize>>, words: &[Range<usize>]) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    match ranges.last_mut().filter(|range| range.end == first.start) {
        Some(range) => range.end = last.end,
        None => ranges.push(first.start..last.end),
    }
}

/// Runs of letters and digits, runs of spaces, and everything else by itself, never inside a character.
fn words(line: &[u8]) -> Vec<Range<usize>> {
    let class = |byte: u8| match byte {
        b' ' | b'\t' => 0,
        b if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => 1,
        _ => 2,
    };
    let mut all: Vec<Range<usize>> = Vec::new();
    for (at, byte) in line.iter().enumerate() {
        match all.last_mut() {
            Some(last) if class(*byte) < 2 && class(line[last.start]) == class(*byte) => last.end = at + 1,
            _ => all.push(at..at + 1),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_are_found_and_strangers_are_not_compared() {
        for (old, new, gone, come) in [
            ("let a = 1;", "let b = 1;", vec!["a"], vec!["b"]),
            ("f(x)", "f(x, y)", vec![], vec![", y"]),
            ("completely other", "nothing alike here", vec![], vec![]),
            ("é = ü", "é = ö", vec!["ü"], vec!["ö"]),
        ] {
            let (left, right) = changed(old.as_bytes(), new.as_bytes());
            assert_eq!(left.into_iter().map(|r| &old[r]).collect::<Vec<_>>(), gone, "{old}");
            assert_eq!(right.into_iter().map(|r| &new[r]).collect::<Vec<_>>(), come, "{new}");
        }
    }
}
