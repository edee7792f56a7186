//! What values are: types of the repository with what their parameters stand for.

use std::collections::HashSet;
use std::sync::Arc;

use super::clue::Clue;
use crate::core::refactor::project::FileNames;

/// A type of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// One that all files of a module know by its name.
    Top(String, String),
    /// One inside of a file, by its number there.
    Inner(String, usize),
}

/// A type parameter: the file and the symbol that declare it. No file is what `this` is.
pub type Variable = (String, usize);

/// What type parameters stand for.
#[derive(Clone, Default)]
pub struct Env(Option<Arc<Vec<(Variable, Type)>>>);

impl Env {
    /// What a parameter stands for here.
    pub fn get(&self, path: &str, symbol: usize) -> Option<&Type> {
        let all = self.0.as_deref()?;
        all.iter().rev().find(|((file, of), _)| *of == symbol && file == path).map(|(_, ty)| ty)
    }

    /// The same with more.
    pub fn with(&self, more: Vec<(Variable, Type)>) -> Env {
        if more.is_empty() {
            return self.clone();
        }
        let mut all = self.0.as_deref().cloned().unwrap_or_default();
        all.extend(more.into_iter().map(|(variable, ty)| (variable, bounded(ty))));
        Env(Some(Arc::new(all)))
    }

    /// Whether nothing is said of any parameter.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// What a value is.
#[derive(Clone)]
pub enum Type {
    /// Not known.
    Unknown,
    /// Nothing that the repository declares.
    Foreign,
    /// A text or number that is all that a value can be.
    Literal(Arc<str>),
    /// A value of a type, with what its parameters stand for, in order, as far as that is known.
    Of(Key, Vec<Type>),
    /// A type itself.
    Itself(Key, Vec<Type>),
    /// A type parameter, with what it is at least.
    Variable(Variable, Box<Type>),
    /// A function, or another name for a type, that has parameters of its own.
    Generic(Arc<FileNames>, Clue, Env),
    /// A type and a value of one name.
    Both(Box<Type>, Box<Type>),
    /// A module.
    Module(String),
    /// What a namespace holds: the file and the symbol that stands for it.
    Namespace(Arc<FileNames>, usize),
    /// A function, as its file says it.
    Function(Arc<FileNames>, Clue, Env),
    /// A list with its elements.
    List(Box<Type>),
    /// A table with its keys and values.
    Map(Box<Type>, Box<Type>),
    /// Several values at once.
    Tuple(Vec<Type>),
    /// A function that is given these.
    Takes(Vec<Type>),
    /// One or another.
    Either(Vec<Type>),
}

/// How many types may be written into one.
const MAX_SIZE: usize = 200;

/// A type that is not too large to be carried along: one that is made of itself would grow beyond all measure.
pub fn bounded(ty: Type) -> Type {
    if size(&ty, MAX_SIZE) > MAX_SIZE { Type::Unknown } else { ty }
}

/// How many types a type is made of, counted no further than a number.
fn size(ty: &Type, most: usize) -> usize {
    let sum = |all: &[Type]| {
        all.iter().fold(1, |sum, one| if sum > most { sum } else { sum + size(one, most - sum.min(most)) })
    };
    match ty {
        Type::Of(_, all) | Type::Itself(_, all) | Type::Tuple(all) | Type::Takes(all) | Type::Either(all) => sum(all),
        Type::List(of) | Type::Variable(_, of) => 1 + size(of, most),
        Type::Map(one, other) | Type::Both(one, other) => {
            let one = size(one, most);
            if one > most { one } else { 1 + one + size(other, most) }
        }
        _ => 1,
    }
}

/// One or another, each once; what is foreign says nothing beside others.
pub fn one_of(all: Vec<Type>) -> Type {
    let mut kept: Vec<Type> = Vec::new();
    for ty in all {
        match ty {
            Type::Either(inner) => kept.extend(inner),
            ty => kept.push(ty),
        }
    }
    let mut keys = HashSet::new();
    kept.retain(|ty| match ty {
        // What the parameters stand for matters less than not to follow the same type again and again.
        Type::Of(key, _) => keys.insert((key.clone(), true)),
        Type::Itself(key, _) => keys.insert((key.clone(), false)),
        _ => true,
    });
    match kept.len() {
        0 => Type::Unknown,
        1 => kept.remove(0),
        _ => Type::Either(kept),
    }
}
