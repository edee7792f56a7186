//! Types of the language's own that hold others, as code and comments name them.

use std::sync::Arc;

use crate::core::refactor::types::Clue;

/// Types that give one kind of thing when they are walked.
const LISTS: &str = "Array ReadonlyArray Set ReadonlySet WeakSet Iterable IterableIterator Iterator AsyncIterable \
    AsyncIterableIterator Generator AsyncGenerator ArrayLike";
/// Types that stand for what they hold, as far as members go.
const SAME: &str =
    "Promise PromiseLike Awaited Readonly Partial Required NonNullable Pick Omit Exclude Extract NoInfer";

/// Whether a function of the language gives back the first thing that it is passed.
pub fn gives_back(callee: &str) -> bool {
    matches!(
        callee,
        "Promise.resolve" | "Object.freeze" | "Object.seal" | "Object.preventExtensions" | "structuredClone"
    )
}

/// A value of a type of the language with what it is given; `None` for a name that is none of these.
pub fn of_language(name: &str, given: &[Clue]) -> Option<Clue> {
    let is_one_of = |words: &str| words.split_whitespace().any(|word| word == name);
    let nth = |n: usize| given.get(n).cloned().unwrap_or_default();
    Some(match name {
        "Map" | "ReadonlyMap" | "WeakMap" | "Record" => Clue::Map(Arc::new(nth(0)), Arc::new(nth(1))),
        "ReturnType" => Clue::call(nth(0)),
        "InstanceType" => Clue::instance(nth(0)),
        "any" | "unknown" => Clue::Unknown,
        _ if is_one_of(LISTS) => Clue::List(Arc::new(nth(0))),
        _ if is_one_of(SAME) => nth(0),
        _ => return None,
    })
}
