//! From what people write for a place to the place: `src/a.ts:12:5`, `src/a.ts:name`.

use std::ops::Range;

use super::names::Names;
use super::project::{FileNames, Project};
use super::types::{STATIC, TypeDecl};
use crate::core::text::LineIndex;
use crate::core::{Error, Kind, Result};

/// The file and the byte that a text names.
pub fn find_place(project: &mut Project<'_>, text: &str) -> Result<(String, usize)> {
    let bad = || {
        Error::usage(format!("'{text}' names no place"))
            .hint("write FILE:LINE:COLUMN or FILE:NAME, such as src/a.ts:12:5, src/a.ts:parse or src/a.ts:Parser.next")
    };
    let (path, rest) = split(project, text, &bad)?;
    let (path, rest) = (path.as_str(), rest.as_str());
    let file = project.file(path).ok_or_else(bad)?;
    let numbers: Option<Vec<usize>> = rest.split(':').map(|part| part.parse().ok().filter(|n| *n > 0)).collect();
    let offset = match numbers.as_deref() {
        Some([line, column]) => {
            let range = LineIndex::new(file.text.as_bytes()).line_range(*line, file.text.as_bytes());
            let (start, end) = range
                .filter(|(start, end)| start + column - 1 <= *end)
                .ok_or_else(|| Error::usage(format!("{path} has no line {line} with a column {column}")))?;
            (start + column - 1).min(end)
        }
        Some(_) => return Err(bad()),
        None => named(&file, rest)?,
    };
    Ok((path.to_owned(), offset))
}

/// The path at the beginning of a text, and what stands behind the colon after it.
fn split(project: &mut Project<'_>, text: &str, bad: &dyn Fn() -> Error) -> Result<(String, String)> {
    // A path may hold colons, too; the longest that is a file is meant.
    let cuts: Vec<usize> = text.match_indices(':').map(|(at, _)| at).collect();
    match cuts.iter().rev().find(|at| project.file(&text[..**at]).is_some()) {
        Some(at) => Ok((text[..*at].to_owned(), text[at + 1..].to_owned())),
        None => {
            let path = cuts.first().map(|at| &text[..*at]).ok_or_else(bad)?;
            Err(Error::new(Kind::NotFound, format!("{path} is no text of the repository"))
                .path(path)
                .hint("ignored and hidden files are left out"))
        }
    }
}

/// The file and the bytes that a text names: `src/a.ts:12:5-14:2`, up to the second place, or whole lines, `src/a.ts:12-14`.
pub fn find_range(project: &mut Project<'_>, text: &str) -> Result<(String, Range<usize>)> {
    let bad = || {
        Error::usage(format!("'{text}' names no range"))
            .hint("write FILE:LINE:COLUMN-LINE:COLUMN or FILE:LINE-LINE, such as src/a.ts:12:5-12:20")
    };
    let (path, rest) = split(project, text, &bad)?;
    let file = project.file(&path).ok_or_else(bad)?;
    let lines = LineIndex::new(file.text.as_bytes());
    let (from, to) = rest.split_once('-').unwrap_or((rest.as_str(), rest.as_str()));
    let numbers = |part: &str| -> Option<Vec<usize>> {
        part.split(':').map(|part| part.parse().ok().filter(|n| *n > 0)).collect()
    };
    let place = |line: usize, column: Option<usize>, is_end: bool| -> Result<usize> {
        let (start, end) = lines
            .line_range(line, file.text.as_bytes())
            .filter(|(start, end)| start + column.unwrap_or(1) - 1 <= *end)
            .ok_or_else(|| Error::usage(format!("{path} has no line {line} with such a column")))?;
        Ok(column.map_or(if is_end { end } else { start }, |column| start + column - 1))
    };
    let (start, end) = match (numbers(from).as_deref(), numbers(to).as_deref()) {
        (Some([line]), Some([last])) => (place(*line, None, false)?, place(*last, None, true)?),
        (Some([line, column]), Some([last, end])) if from != to => {
            (place(*line, Some(*column), false)?, place(*last, Some(*end), true)?)
        }
        _ => return Err(bad()),
    };
    let is_whole = file.text.is_char_boundary(start) && file.text.is_char_boundary(end);
    if start >= end || !is_whole {
        return Err(bad());
    }
    Ok((path, start..end))
}

/// The declaration of a name in a file: the outermost, if there are several.
fn named(file: &FileNames, name: &str) -> Result<usize> {
    let names = file.names.as_ref().ok_or_else(|| {
        Error::invalid(format!("{} cannot be understood", file.path)).path(&file.path).hint("look for a syntax error")
    })?;
    if let Some((ty, member)) = name.split_once('.') {
        // No name declares it: the class stands for what makes its values.
        if let ("constructor", None) = (member, member_of(names, ty, member)) {
            return named(file, ty);
        }
        return member_of(names, ty, member).ok_or_else(|| {
            Error::new(Kind::NotFound, format!("{} declares no '{member}' in '{ty}'", file.path))
                .path(&file.path)
                .hint("name a place: FILE:LINE:COLUMN")
        });
    }
    let depth = |scope: usize| {
        std::iter::successors(Some(scope), |at| names.scopes.get(*at).and_then(|scope| scope.parent)).count()
    };
    let mut found: Vec<(usize, usize)> = names
        .symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| symbol.name == name)
        .filter_map(|(id, symbol)| {
            // Members are found only where nothing else has the name.
            let is_member = matches!(symbol.kind, "field" | "method" | "attribute" | "class variable");
            let rank = depth(symbol.scope) + if is_member { names.scopes.len() } else { 0 };
            Some((rank, names.mentions_of(id).find(|m| m.is_declaration)?.span.start))
        })
        .collect();
    found.sort_unstable();
    match found.as_slice() {
        [(_, only)] => Ok(*only),
        [(outer, first), (inner, _), ..] if outer < inner => Ok(*first),
        [] => Err(Error::new(Kind::NotFound, format!("{} declares no '{name}'", file.path))
            .path(&file.path)
            .hint("name a place: FILE:LINE:COLUMN")),
        several => {
            let lines = LineIndex::new(file.text.as_bytes());
            let places: Vec<String> = several
                .iter()
                .map(|(_, at)| lines.position(*at))
                .map(|at| format!("{}:{}:{}", file.path, at.line, at.column))
                .collect();
            Err(Error::usage(format!("'{name}' is declared more than once"))
                .hint(format!("name one: {}", places.join(", "))))
        }
    }
}

/// The declaration of a member of a type of this file.
fn member_of(names: &Names, ty: &str, member: &str) -> Option<usize> {
    let is_it = |of: &&TypeDecl| {
        of.name.as_deref() == Some(ty) || of.symbol.is_some_and(|symbol| names.symbols[symbol].name == ty)
    };
    let members = names.types.iter().filter(is_it).flat_map(|ty| &ty.members);
    let found = members
        .filter(|known| known.name.trim_start_matches(STATIC).trim_start_matches('#') == member)
        .map(|known| known.symbol)
        .next()?;
    names.mentions_of(found).find(|mention| mention.is_declaration).map(|mention| mention.span.start)
}
