//! What calls give, and what callees take.

use std::sync::Arc;

use super::clue::{Clue, NEW};
use super::infer::Infer;
use super::library::{built_in, given_by, taken_by};
use super::ty::{Env, Key, Type, one_of};
use crate::core::refactor::project::{FileNames, names_of};

/// How many types above one are looked at to compare it with another.
pub(super) const MAX_ABOVE: usize = 16;

impl Infer<'_, '_> {
    /// A value of what stands for a type.
    pub(super) fn instance(&mut self, of: Type) -> Type {
        match of {
            Type::Itself(key, with) => Type::Of(key, with),
            Type::Both(ty, _) => self.instance(*ty),
            Type::Either(all) => one_of(all.into_iter().map(|one| self.instance(one)).collect()),
            Type::Generic(file, Clue::Generic(own, is), env) if !is_function(&is) => {
                let env = self.filled(&file, &own, &env, Vec::new());
                self.at(&file, &is, &env)
            }
            of => of,
        }
    }

    /// What calling a value of a type calls.
    pub(super) fn signature(&mut self, key: &Key, with: &[Type]) -> Option<Type> {
        let mut queue = vec![(key.clone(), with.to_vec())];
        let mut next = 0;
        while let Some((key, with)) = queue.get(next).cloned().filter(|_| next < MAX_ABOVE) {
            next += 1;
            if let Some(of) = self.underlying(&key, &with).filter(|of| !matches!(of, Type::Of(..))) {
                return Some(of);
            }
            let (above, _) = self.above_with(&key, &with);
            queue.extend(
                above.into_iter().filter(|(key, _)| !queue.iter().any(|(known, _)| known == key)).collect::<Vec<_>>(),
            );
        }
        None
    }

    /// What is at least known of a type parameter, and what has parameters without them.
    pub(super) fn plain(&mut self, of: Type) -> Type {
        match of {
            Type::Variable(_, least) => self.plain(*least),
            Type::Both(_, value) => self.plain(*value),
            Type::Generic(file, Clue::Generic(_, is), env) => self.at(&file, &is, &env),
            of => of,
        }
    }

    /// Whether all that a value may be is known.
    pub(super) fn is_whole(&mut self, of: &Type) -> bool {
        match self.plain(of.clone()) {
            Type::Unknown => false,
            Type::Either(all) => all.iter().all(|one| self.is_whole(one)),
            _ => true,
        }
    }

    /// What `new` makes of a value: of a class one of its own; of what only says that it can be made something, anything.
    pub(super) fn made(&mut self, of: Type) -> Type {
        match of {
            Type::Of(..) => match self.member(&of, NEW) {
                made @ (Type::Function(..) | Type::Generic(..) | Type::Either(_)) => self.called(&made),
                _ => Type::Unknown,
            },
            Type::Function(..) => Type::Unknown,
            Type::Both(ty, value) => match (self.made(*value), *ty) {
                (Type::Unknown, Type::Itself(key, with)) if self.is_class(&key) => Type::Of(key, with),
                (made, _) => made,
            },
            Type::Either(all) => one_of(all.into_iter().map(|one| self.made(one)).collect()),
            of => self.instance(of),
        }
    }

    fn is_class(&mut self, key: &Key) -> bool {
        self.parts(key).iter().any(|(file, number)| !names_of(file).types[*number].is_interface)
    }

    /// What a call gives.
    pub(super) fn call(&mut self, file: &Arc<FileNames>, callee: &Clue, env: &Env) -> Type {
        let (bare, passed) =
            if let Clue::With(callee, passed, _) = callee { (&**callee, &passed[..]) } else { (callee, &[][..]) };
        if let Clue::Member(of, name) = bare {
            let of = self.at(file, of, env);
            let of = self.plain(of);
            if let (Type::List(_), "map" | "flatMap", Some(made_by)) = (&of, name.as_str(), passed.first()) {
                let made_by = self.at(file, made_by, env);
                return match (self.called(&made_by), name.as_str()) {
                    (Type::List(of), "flatMap") => Type::List(of),
                    (of, _) => Type::List(Box::new(of)),
                };
            }
            if let Some(found) = built_in(&of, name) {
                return found;
            }
        }
        let callee = self.at(file, callee, env);
        self.called(&callee)
    }

    /// What calling a value gives.
    pub(super) fn called(&mut self, callee: &Type) -> Type {
        match callee {
            Type::Itself(key, with) => Type::Of(key.clone(), with.clone()),
            Type::Function(file, Clue::Function(gives) | Clue::Typed(_, gives), env) => self.gives(file, gives, env),
            Type::Generic(..) | Type::Variable(..) | Type::Both(..) => match self.plain(callee.clone()) {
                Type::Generic(..) | Type::Variable(..) => Type::Unknown,
                plain => self.called(&plain),
            },
            Type::Either(all) => match one_of(all.iter().map(|one| self.called(one)).collect()) {
                // It is one of them, and not any.
                Type::Either(mut results) => {
                    results.push(Type::Unknown);
                    Type::Either(results)
                }
                one => one,
            },
            Type::Of(key, with) => match self.signature(key, with) {
                Some(of) => self.called(&of),
                None => {
                    let made = self.member(callee, "__call__");
                    if matches!(made, Type::Function(..)) { self.called(&made) } else { Type::Unknown }
                }
            },
            // It may be generic, and give back what it was given.
            _ => Type::Unknown,
        }
    }

    /// What a callee takes at a place.
    pub(super) fn argument(&mut self, file: &Arc<FileNames>, callee: &Clue, number: usize, env: &Env) -> Type {
        let (bare, passed) = match callee {
            Clue::With(callee, passed, expected) => (&**callee, Some((passed, expected))),
            callee => (callee, None),
        };
        if let Clue::Member(of, name) = bare {
            let of = self.at(file, of, env);
            let of = self.plain(of);
            if let Some(given) = given_by(&of, name).filter(|_| number == 0) {
                return Type::Takes(given);
            }
            if let Some(taken) = taken_by(&of, name, number) {
                return taken;
            }
        }
        let callee = match passed {
            Some((passed, expected)) => {
                let site = Site { file, passed, expected: expected.as_deref(), env, all: false };
                self.with(bare, &site)
            }
            None => self.at(file, bare, env),
        };
        let callee = match callee {
            Type::Takes(given) => return given.into_iter().nth(number).unwrap_or(Type::Unknown),
            Type::Itself(key, with) => self.member(&Type::Itself(key, with), "constructor"),
            callee => callee,
        };
        self.taken(callee, number)
    }

    fn taken(&mut self, callee: Type, number: usize) -> Type {
        let callee = match self.plain(callee) {
            Type::Of(key, with) => match self.signature(&key, &with) {
                Some(of) => of,
                None => self.member(&Type::Of(key, with), NEW),
            },
            callee => callee,
        };
        match self.plain(callee) {
            Type::Either(all) => {
                let taken: Vec<Type> = all.into_iter().map(|one| self.taken(one, number)).collect();
                // Of several declarations those count that say something.
                one_of(taken.into_iter().filter(|ty| !matches!(ty, Type::Unknown)).collect())
            }
            Type::Function(file, Clue::Typed(takes, _), env) => match takes.get(number) {
                Some(clue) => self.at(&file, clue, &env),
                None => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }
}

/// Where something is called, and with what.
pub(super) struct Site<'a> {
    /// The file.
    pub file: &'a Arc<FileNames>,
    /// What is passed.
    pub passed: &'a [Clue],
    /// What is expected of what it gives.
    pub expected: Option<&'a Clue>,
    /// What type parameters stand for there.
    pub env: &'a Env,
    /// Whether functions that are passed say something, too, by what they give.
    pub all: bool,
}

pub(super) fn is_function(clue: &Clue) -> bool {
    match clue {
        Clue::Function(_) | Clue::Typed(..) => true,
        Clue::Generic(_, of) => is_function(of),
        _ => false,
    }
}
