//! One file as a refactoring of its code sees it: its text, its names and its tree together.

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::names::{Mention, Names, Place};
use super::project::{FileNames, Project, names_of};
use super::rename::NameEdit;
use crate::core::ast::{Lang, Source, ancestors, parse};
use crate::core::{Error, Kind, Result};

/// A file that was read and parsed.
pub struct Parsed {
    /// Its text and names.
    pub file: Arc<FileNames>,
    /// Its tree.
    pub source: Arc<Source>,
}

impl Parsed {
    /// Reads a file; an empty one need not have names.
    pub fn new(project: &mut Project<'_>, path: &str) -> Result<Parsed> {
        let missing = || Error::new(Kind::NotFound, format!("{path} is no text of the repository")).path(path);
        let file = project.file(path).ok_or_else(missing)?;
        let lang = Lang::from_path(path).ok_or_else(missing)?;
        if file.names.is_none() && !file.text.is_empty() {
            let error = Error::invalid(format!("{path} cannot be understood"));
            return Err(error.path(path).hint("look for a syntax error"));
        }
        let source = Arc::new(parse(path, file.text.clone(), lang)?);
        Ok(Parsed { file, source })
    }

    /// The code, for a refactoring whose past participle is given: `inlined`.
    pub fn code(&self, done: &'static str) -> Code<'_> {
        Code { file: &self.file, names: names_of(&self.file), source: &self.source, lang: self.source.lang(), done }
    }
}

/// The code of a file.
pub struct Code<'a> {
    /// Its text.
    pub file: &'a FileNames,
    /// Its names.
    pub names: &'a Names,
    /// Its tree.
    pub source: &'a Source,
    /// Its language.
    pub lang: Lang,
    /// What is done to it, for messages.
    pub done: &'static str,
}

impl<'a> Code<'a> {
    /// The node that is exactly a range.
    pub fn leaf(&self, span: &Range<usize>) -> Option<Node<'a>> {
        let root = self.source.tree().root_node();
        root.descendant_for_byte_range(span.start, span.end).filter(|leaf| leaf.byte_range() == *span)
    }

    /// The text of a node.
    pub fn of(&self, node: Node<'_>) -> &'a str {
        &self.file.text[node.byte_range()]
    }

    /// The mentions inside a range.
    pub fn mentions_in(&self, range: &Range<usize>) -> impl Iterator<Item = &'a Mention> + use<'a> {
        let range = range.clone();
        self.names.mentions.iter().filter(move |m| range.start <= m.span.start && m.span.end <= range.end)
    }

    /// Where a symbol is declared, if at one place.
    pub fn declaration(&self, symbol: usize) -> Option<&'a Mention> {
        let mut declares = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration);
        match (declares.next(), declares.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }

    /// Refuses a name that means something already.
    pub fn check_free(&self, name: &str, around: &Range<usize>, at: usize) -> Result<()> {
        let is_it = |mention: &&Mention| self.file.text[mention.span.clone()] == *name;
        match self.mentions_in(around).find(is_it) {
            Some(other) => Err(self.conflict(
                at,
                &format!("'{name}' means something at {} already", self.shown(other.span.start)),
                "choose another name",
            )),
            None => Ok(()),
        }
    }

    /// A place as people write it.
    pub fn shown(&self, offset: usize) -> String {
        let at = self.source.lines().position(offset);
        format!("{}:{}:{}", self.file.path, at.line, at.column)
    }

    /// The error that says why the code stays as it is.
    pub fn conflict(&self, offset: usize, reason: &str, hint: &str) -> Error {
        refusal(self.source, Kind::Conflict, self.done, offset, reason, hint)
    }

    /// The same for a place that means nothing.
    pub fn not_found(&self, offset: usize, reason: &str, hint: &str) -> Error {
        refusal(self.source, Kind::NotFound, self.done, offset, reason, hint)
    }

    /// An edit of the file.
    pub fn edit(&self, span: Range<usize>, text: String) -> NameEdit {
        NameEdit { place: Place { path: self.file.path.clone(), span }, text }
    }
}

/// The error that says why something cannot be done to the code at a place.
pub fn refusal(source: &Source, kind: Kind, done: &str, offset: usize, reason: &str, hint: &str) -> Error {
    Error::new(kind, format!("this cannot be {done}: {reason}"))
        .path(source.path.as_str())
        .span(source.span(&(offset..offset)))
        .hint(hint)
}

/// Tells whether a name is given a value where it stands.
pub fn is_written(source: &Source, mention: &Mention) -> bool {
    if mention.is_declaration {
        return true;
    }
    let root = source.tree().root_node();
    let Some(leaf) = root.descendant_for_byte_range(mention.span.start, mention.span.end) else { return false };
    let mut child = leaf;
    for parent in ancestors(leaf) {
        let is_left = ["left", "argument"].iter().any(|name| parent.child_by_field_name(name) == Some(child));
        match parent.kind() {
            "assignment_expression"
            | "augmented_assignment_expression"
            | "update_expression"
            | "for_in_statement"
            | "augmented_assignment"
            | "assignment"
            | "assignment_statement"
            | "short_var_declaration"
            | "range_clause" => return is_left,
            "global_statement" | "nonlocal_statement" | "delete_statement" | "inc_statement" | "dec_statement" => {
                return true;
            }
            "array_pattern"
            | "object_pattern"
            | "pattern_list"
            | "tuple_pattern"
            | "pair_pattern"
            | "parenthesized_expression"
            | "array"
            | "object"
            | "expression_list" => child = parent,
            _ => return false,
        }
    }
    false
}
