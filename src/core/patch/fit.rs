//! Finds where the hunks of somebody else's diff belong, and lays them on. Does no I/O.
//!
//! The file's own lines are kept wherever the diff only names them as context, its line ends and byte order mark
//! too. A hunk whose place is not certain is refused: better no change than a wrong one.

use super::diff::lines;
use super::hunk::difference;
use super::read::{Hunk, HunkLine};

/// How a hunk came to its place, where that was not just as it says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fitted {
    /// The hunk, from 1 in its file.
    pub hunk: usize,
    /// The line it stands at.
    pub line: usize,
    /// How many lines lower than stated; 0 where the diff states none.
    pub offset: isize,
    /// How many lines of context at either end were left out of account.
    pub fuzz: usize,
    /// Whether line ends or trailing spaces differ.
    pub spacing: bool,
}

/// A hunk that has no certain place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Misfit {
    /// The hunk, from 1 in its file.
    pub hunk: usize,
    /// The line of the diff it begins at.
    pub at: usize,
    /// What stands in its way.
    pub reason: String,
}

/// How strictly lines are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Eye {
    Exact,
    /// Line ends, and the byte order mark of the first line, do not count.
    Ends,
    /// Spaces at the end of lines do not count either.
    Trailing,
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

fn plain(line: &[u8], eye: Eye) -> &[u8] {
    if eye == Eye::Exact {
        return line;
    }
    let line = line.strip_prefix(BOM).unwrap_or(line);
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if eye == Eye::Trailing { line.trim_ascii_end() } else { line }
}

/// Where a hunk stands.
struct Place {
    at: usize,
    /// The part of the hunk's lines that counts.
    from: usize,
    to: usize,
    fuzz: usize,
    eye: Eye,
}

/// Lays hunks on a text. Every hunk that has no certain place is named.
pub fn fit(text: &[u8], hunks: &[Hunk<'_>]) -> Result<(Vec<u8>, Vec<Fitted>), Vec<Misfit>> {
    let old = lines(text);
    let (mut out, mut fitted, mut misfits) = (Vec::with_capacity(text.len() + 256), Vec::new(), Vec::new());
    let (mut copied, mut drift) = (0usize, 0isize);
    for (n, hunk) in hunks.iter().enumerate() {
        match place(&old, hunk, copied, drift) {
            Ok(place) => {
                old[copied..place.at].iter().for_each(|line| out.extend_from_slice(line));
                copied = put(&mut out, &old, hunk, &place);
                let stated = stated(hunk) + place.from;
                let offset = if hunk.is_sloppy { 0 } else { place.at as isize - stated as isize };
                if !hunk.is_sloppy {
                    drift = offset;
                }
                let spacing = place.eye != Eye::Exact;
                if offset != 0 || place.fuzz > 0 || spacing || hunk.is_sloppy {
                    fitted.push(Fitted { hunk: n + 1, line: place.at + 1, offset, fuzz: place.fuzz, spacing });
                }
            }
            Err(reason) => misfits.push(Misfit { hunk: n + 1, at: hunk.at, reason }),
        }
    }
    if !misfits.is_empty() {
        return Err(misfits);
    }
    old[copied..].iter().for_each(|line| out.extend_from_slice(line));
    Ok((out, fitted))
}

fn old_side<'a>(lines: &[HunkLine<'a>]) -> Vec<&'a [u8]> {
    lines
        .iter()
        .filter_map(|line| match *line {
            HunkLine::Both(text) | HunkLine::Old(text) => Some(text),
            HunkLine::New(_) => None,
        })
        .collect()
}

/// The index of the line that a hunk says it begins at.
fn stated(hunk: &Hunk<'_>) -> usize {
    let is_insertion = hunk.lines.iter().all(|line| matches!(line, HunkLine::New(_)));
    if is_insertion { hunk.old_start } else { hunk.old_start.saturating_sub(1) }
}

fn place(old: &[&[u8]], hunk: &Hunk<'_>, from: usize, drift: isize) -> Result<Place, String> {
    let wanted = stated(hunk).saturating_add_signed(drift);
    let whole = old_side(&hunk.lines);
    if whole.is_empty() {
        // Nothing but new lines: only an empty file, or the line that is stated, can be meant.
        return match (old.is_empty(), hunk.is_sloppy) {
            (true, _) => Ok(Place { at: 0, from: 0, to: hunk.lines.len(), fuzz: 0, eye: Eye::Exact }),
            (false, _) => Err("it has no line of context, so its place cannot be checked".to_owned()),
        };
    }
    let (lead, trail) = context(hunk);
    // A line that has no line feed is the last of its file.
    let feedless = |line: &HunkLine<'_>| match line {
        HunkLine::Both(text) | HunkLine::Old(text) | HunkLine::New(text) => !text.ends_with(b"\n"),
    };
    let is_last = hunk.lines.iter().any(feedless);
    let mut several = None;
    for fuzz in 0..=2 {
        // As GNU patch: the longer context is cut first, and both to the same length.
        let keep = lead.max(trail).saturating_sub(fuzz);
        let (skip, drop) = (lead.saturating_sub(keep), trail.saturating_sub(keep));
        if skip + drop >= hunk.lines.len() {
            continue;
        }
        if fuzz > 0 && skip == 0 && drop == 0 || keep == 0 && fuzz > 0 {
            continue;
        }
        let part = &hunk.lines[skip..hunk.lines.len() - drop];
        let side = old_side(part);
        if side.iter().all(|line| line.trim_ascii().is_empty()) && fuzz > 0 {
            continue;
        }
        for eye in [Eye::Exact, Eye::Ends, Eye::Trailing] {
            let found = |at| Place { at, from: skip, to: hunk.lines.len() - drop, fuzz, eye };
            let places = find(old, &side, eye, from);
            let wanted = wanted + skip;
            let ends_right = |at: usize| !is_last || at + side.len() == old.len();
            if !hunk.is_sloppy && fuzz == 0 && places.contains(&wanted) && ends_right(wanted) {
                return Ok(found(wanted));
            }
            // Less context at one end means that the file begins or ends there.
            let is_bound = !hunk.is_sloppy && fuzz == 0;
            let fits_ends = |at: &usize| {
                let wants_start = hunk.old_start <= 1 && lead < trail;
                let wants_end = trail == 0 && lead > 0;
                !is_bound || (!wants_start || *at == 0) && (!wants_end || at + side.len() == old.len())
            };
            let places: Vec<usize> = places.into_iter().filter(|at| fits_ends(at) && ends_right(*at)).collect();
            match places.as_slice() {
                [] => {}
                [only] => return Ok(found(*only)),
                many => {
                    let nearest = nearest(many, wanted);
                    // Without context any like line would do, so only the one that is meant may be there.
                    match nearest.filter(|_| !hunk.is_sloppy && fuzz == 0 && lead + trail > 0) {
                        Some(at) => return Ok(found(at)),
                        None => several = several.or(Some((many[0] + 1, many[1] + 1, many.len()))),
                    }
                }
            }
            if several.is_some() {
                break;
            }
        }
    }
    match several {
        Some((a, b, 2)) => Err(format!("it fits at line {a} and at line {b}; it needs more context")),
        Some((a, b, n)) => Err(format!("it fits at {n} places, as at lines {a} and {b}; it needs more context")),
        None => Err(reason(old, hunk, &whole, wanted, from)),
    }
}

/// How many lines of context a hunk begins and ends with.
fn context(hunk: &Hunk<'_>) -> (usize, usize) {
    let is_both = |line: &&HunkLine<'_>| matches!(line, HunkLine::Both(_));
    (hunk.lines.iter().take_while(is_both).count(), hunk.lines.iter().rev().take_while(is_both).count())
}

fn find(old: &[&[u8]], side: &[&[u8]], eye: Eye, from: usize) -> Vec<usize> {
    let Some(last) = old.len().checked_sub(side.len()) else { return Vec::new() };
    let fits = |at: &usize| side.iter().zip(&old[*at..]).all(|(a, b)| plain(a, eye) == plain(b, eye));
    (from..=last).filter(fits).collect()
}

/// The place nearest to the one that is wanted, if it is nearer than any other.
fn nearest(places: &[usize], wanted: usize) -> Option<usize> {
    let best = places.iter().copied().min_by_key(|at| at.abs_diff(wanted))?;
    let rivals = places.iter().filter(|at| at.abs_diff(wanted) == best.abs_diff(wanted)).count();
    (rivals == 1).then_some(best)
}

/// Writes a hunk at its place and gives the index of the next old line.
fn put(out: &mut Vec<u8>, old: &[&[u8]], hunk: &Hunk<'_>, place: &Place) -> usize {
    let mut at = place.at;
    let span = old_side(&hunk.lines[place.from..place.to]).len();
    let is_crlf = match old.get(at..at + span) {
        Some(lines) if !lines.is_empty() => {
            lines.iter().filter(|line| line.ends_with(b"\r\n")).count() * 2 > lines.len()
        }
        _ => false,
    };
    let reaches_end = at + span == old.len() && old.last().is_some_and(|line| !line.ends_with(b"\n"));
    let start = out.len();
    for line in &hunk.lines[place.from..place.to] {
        match line {
            HunkLine::Both(_) => {
                out.extend_from_slice(old[at]);
                at += 1;
            }
            HunkLine::Old(_) => at += 1,
            HunkLine::New(text) if place.eye == Eye::Exact => out.extend_from_slice(text),
            HunkLine::New(text) => {
                // The last line that was there had no line feed; it has one now that something follows.
                if out.len() > start && !out.ends_with(b"\n") {
                    out.extend_from_slice(if is_crlf { b"\r\n" } else { b"\n" });
                }
                if out.is_empty() && old.first().is_some_and(|first| first.starts_with(BOM)) && !text.starts_with(BOM) {
                    out.extend_from_slice(BOM);
                }
                let bare = text.strip_suffix(b"\n").unwrap_or(text);
                let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
                out.extend_from_slice(bare);
                if text.ends_with(b"\n") {
                    out.extend_from_slice(if is_crlf { b"\r\n" } else { b"\n" });
                }
            }
        }
    }
    // A file that had no line feed at its end has none afterwards, unless the diff is exact about it.
    if reaches_end
        && place.eye != Eye::Exact
        && out.len() > start
        && matches!(hunk.lines[place.to - 1], HunkLine::New(_))
    {
        let feed = if out.ends_with(b"\r\n") { 2 } else { usize::from(out.ends_with(b"\n")) };
        out.truncate(out.len() - feed);
    }
    at
}

/// Why a hunk fits nowhere: it is there already, or what is wrong where most of its lines stand.
fn reason(old: &[&[u8]], hunk: &Hunk<'_>, side: &[&[u8]], wanted: usize, from: usize) -> String {
    let new: Vec<&[u8]> = hunk
        .lines
        .iter()
        .filter_map(|line| match *line {
            HunkLine::Both(text) | HunkLine::New(text) => Some(text),
            HunkLine::Old(_) => None,
        })
        .collect();
    if !new.is_empty()
        && let [at] = find(old, &new, Eye::Trailing, 0).as_slice()
    {
        return format!("its result stands at line {} already", at + 1);
    }
    if let [at, ..] = find(old, side, Eye::Trailing, 0).as_slice()
        && *at < from
    {
        return format!("it fits at line {}, which is before the hunk that precedes it", at + 1);
    }
    let score = |at: usize| {
        side.iter()
            .zip(&old[at..])
            .filter(|(a, b)| !a.trim_ascii().is_empty() && plain(a, Eye::Trailing) == plain(b, Eye::Trailing))
            .count()
    };
    let best = (0..old.len())
        .map(|at| (score(at), at))
        .max_by_key(|(score, at)| (*score, std::cmp::Reverse(at.abs_diff(wanted))));
    match best {
        Some((score, at)) if score > 0 => {
            format!(
                "it nearly fits at line {}, where {score} of {} lines agree: {}",
                at + 1,
                side.len(),
                difference(old, side, at)
            )
        }
        _ => format!("none of its lines is in the file: {}", difference(old, side, wanted.min(old.len()))),
    }
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
