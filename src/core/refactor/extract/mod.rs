//! Code taken out and given a name: an expression as a variable, statements as a function.

mod exits;
mod flow;
mod function;
mod outside;
#[cfg(test)]
mod tests;
mod types;
mod variable;

use std::ops::Range;

use super::allowed::check_name;
use super::code::Parsed;
use super::doubt::Doubt;
use super::project::{FileNames, Project};
use super::references::{LOOKED_AT, strings_importing};
use super::rename::NameEdit;
use crate::core::ast::{Lang, Source, indent_at, reindent};
use crate::core::path::dir_of;
use crate::core::{Error, Kind, Result};
use variable::statements;

pub use flow::is_calm;

/// What becomes of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A variable, for an expression.
    Variable,
    /// A function.
    Function,
}

/// What extracting changes.
#[derive(Debug)]
pub struct Extracted {
    /// What it became.
    pub kind: &'static str,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
    /// What may be different now.
    pub doubts: Vec<Doubt>,
}

/// Finds what changes when code becomes a variable or a function of its own. Without `into`, an expression becomes a
/// variable, and statements a function.
pub fn extract(
    project: &mut Project<'_>,
    path: &str,
    range: &Range<usize>,
    name: &str,
    into: Option<Shape>,
) -> Result<Extracted> {
    let parsed = Parsed::new(project, path)?;
    let code = parsed.code("extracted");
    check_name(name, "", code.lang)?;
    let text = &code.file.text[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    let range = start..(range.start + text.trim_end().len()).max(start);
    let root = code.source.tree().root_node();
    let nothing = || {
        code.not_found(
            range.start,
            "there is neither an expression nor a run of whole statements",
            "select exactly these",
        )
    };
    if root.has_error() {
        return Err(Error::invalid(format!("{path} has a syntax error")).path(path).hint("mend it first"));
    }
    let expression = code.expression(&range);
    let run = || statements(root, &range).or_else(|| statements(root, &without_end(&range, &code.file.text)));
    let is_variable = into == Some(Shape::Variable) || into.is_none() && expression.is_some();
    if code.lang == Lang::Go && !is_variable {
        check_package(project, path, name)?;
    }
    let mut extracted = match (into, expression) {
        (Some(Shape::Variable) | None, Some(node)) => return code.extract_variable(node, name),
        (Some(Shape::Variable), None) => return Err(nothing()),
        (Some(Shape::Function), Some(node)) if node.parent().is_none_or(|of| of.kind() != "expression_statement") => {
            code.extract_function(&[node], true, name)?
        }
        _ => code.extract_function(&run().ok_or_else(nothing)?, false, name)?,
    };
    let looking = strings_importing(project, path).into_iter();
    extracted.doubts.extend(looking.map(|place| Doubt { place, reason: LOOKED_AT }));
    Ok(extracted)
}

/// Refuses a name that another file of the package of Go declares or takes for itself, or mentions as the package's.
fn check_package(project: &mut Project<'_>, path: &str, name: &str) -> Result<()> {
    let others = project.mentioning(Lang::Go, name);
    let is_known = |other: &FileNames| {
        let Some(names) = &other.names else { return true };
        let of_file = |symbol: usize| names.symbols[symbol].scope == 0 && names.symbols[symbol].owner.is_none();
        let mut mentions = names.mentions.iter().filter(|mention| other.text[mention.span.clone()] == *name);
        mentions.any(|mention| mention.symbol.is_none_or(of_file))
    };
    let mut neighbours = others.iter().filter(|other| other.path != path && dir_of(&other.path) == dir_of(path));
    match neighbours.find(|other| is_known(other)) {
        Some(other) => {
            Err(Error::new(Kind::Conflict, format!("'{name}' is known in {} of the same package", other.path))
                .path(&other.path)
                .hint("choose another name"))
        }
        None => Ok(()),
    }
}

/// A range without the `;` at its end, which belongs to the last statement only in some grammars.
fn without_end(range: &Range<usize>, text: &str) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end_matches(';').trim_end().len()
}

/// The text of a range, with the indentation of its first line replaced.
fn reindented(source: &Source, range: &Range<usize>, indent: &str) -> String {
    reindent(source, range, indent_at(source.text(), range.start), indent)
}
