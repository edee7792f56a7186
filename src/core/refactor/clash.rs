//! Whether a new name would be taken for something else, or something else for it.

use std::ops::Range;

use super::names::{Mention, Place};
use super::project::{FileNames, names_of};
use crate::core::text::LineIndex;
use crate::core::{Error, Kind};

/// Two places of which one would take the other's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Where the name that changes stands.
    pub here: Place,
    /// Where the new name means something else.
    pub there: Place,
}

/// A place where a symbol under its new name and something else would be taken for each other.
pub fn clash(file: &FileNames, symbol: usize, new: &str) -> Option<Clash> {
    let names = names_of(file);
    let own = &names.symbols[symbol];
    let is_label = |n: usize| names.symbols[n].kind == "label";
    let place = |span: &Range<usize>| Place { path: file.path.clone(), span: span.clone() };
    let declared =
        |n: usize| names.mentions_of(n).find(|mention| mention.is_declaration).or_else(|| names.mentions_of(n).next());
    let first = declared(symbol)?;
    let others = || {
        (0..names.symbols.len())
            .filter(|n| *n != symbol && names.symbols[*n].name == new && is_label(*n) == is_label(symbol))
    };
    for other in others() {
        let scope = names.symbols[other].scope;
        // Declared side by side, or between a mention and its declaration.
        let taken = names.mentions_of(symbol).find(|mention| {
            let is_seen = !names.scopes.get(scope).is_some_and(|scope| scope.is_class) || mention.scope == scope;
            scope == own.scope || is_seen && names.is_within(mention.scope, scope) && names.is_within(scope, own.scope)
        });
        if let (Some(taken), Some(there)) = (taken, declared(other)) {
            return Some(Clash { here: place(&taken.span), there: place(&there.span) });
        }
    }
    // The other way round: what means something outside must not come to mean this.
    let captured = names.mentions.iter().find(|mention| {
        file.text[mention.span.clone()] == *new
            && names.is_within(mention.scope, own.scope)
            && (mention.scope == own.scope || !names.scopes.get(own.scope).is_some_and(|scope| scope.is_class))
            && !is_label(symbol)
            && mention.symbol.is_none_or(|other| {
                other != symbol && !is_label(other) && names.is_within(own.scope, names.symbols[other].scope)
            })
    });
    captured.map(|mention| Clash { here: place(&first.span), there: place(&mention.span) })
}

/// A declaration that a mention of something outside would come to mean under its new name.
pub fn taken(file: &FileNames, mention: &Mention, new: &str) -> Option<Clash> {
    let names = names_of(file);
    let place = |span: &Range<usize>| Place { path: file.path.clone(), span: span.clone() };
    let other = names.symbols.iter().enumerate().find(|(_, symbol)| {
        let is_seen =
            !names.scopes.get(symbol.scope).is_some_and(|scope| scope.is_class) || mention.scope == symbol.scope;
        symbol.name == new && symbol.kind != "label" && is_seen && names.is_within(mention.scope, symbol.scope)
    });
    let (other, _) = other?;
    let there = names.mentions_of(other).next().unwrap_or(mention);
    Some(Clash { here: place(&mention.span), there: place(&there.span) })
}

/// The error that names both places of a clash, which lie in one file.
pub fn refused(file: &FileNames, old: &str, new: &str, clash: &Clash) -> Error {
    let shown = |place: &Place| {
        let at = LineIndex::new(file.text.as_bytes()).position(place.span.start);
        format!("{}:{}:{}", place.path, at.line, at.column)
    };
    Error::new(
        Kind::Conflict,
        format!("'{}' at {} would be mixed up with '{}' at {}", old, shown(&clash.here), new, shown(&clash.there)),
    )
    .path(&clash.there.path)
    .hint("choose another name, or rename the other one first")
}
