//! Which of the types that a value may have are left after a test.

use std::sync::Arc;

use super::call::Site;
use super::clue::{Clue, Tag};
use super::infer::Infer;
use super::member::Found;
use super::ty::{Env, Type, one_of};
use crate::core::refactor::project::FileNames;

impl Infer<'_, '_> {
    /// What is left of the types that a value may have where a member of it is one of some values, or none of them.
    pub(super) fn tagged(&mut self, of: Type, tag: &Tag, file: &Arc<FileNames>, env: &Env) -> Type {
        let Type::Either(all) = self.plain(of.clone()) else { return of };
        let mut values = Vec::new();
        for value in &tag.values {
            let value = self.at(file, value, env);
            match literals(&value) {
                // What a value is not is only known where it is one alone.
                Some(known) if tag.is_one || known.len() == 1 => values.extend(known),
                _ => return of,
            }
        }
        let left = self.left(&all, tag, &values);
        // A test that nothing passes was misread.
        if left.is_empty() { of } else { one_of(left) }
    }

    fn left(&mut self, all: &[Type], tag: &Tag, values: &[Arc<str>]) -> Vec<Type> {
        let mut left = Vec::new();
        for one in all.iter().cloned() {
            match self.plain(one) {
                Type::Either(inner) => left.extend(self.left(&inner, tag, values)),
                one => {
                    if self.may_be(&one, tag, values) {
                        left.push(one);
                    }
                }
            }
        }
        left
    }

    fn may_be(&mut self, of: &Type, tag: &Tag, values: &[Arc<str>]) -> bool {
        let Type::Of(key, with) = of else { return true };
        let (Found::Declared(file, _, clue), env) = self.find_with(key, with, &tag.name) else { return true };
        let is = self.at(&file, &clue, &env);
        literals(&is).is_none_or(|known| known.iter().any(|one| values.contains(one) == tag.is_one))
    }

    /// A value of which a function has said what it is.
    pub(super) fn guarded(&mut self, file: &Arc<FileNames>, callee: &Clue, of: &Clue, env: &Env) -> Type {
        let site = Site { file, passed: std::slice::from_ref(of), expected: None, env, all: false };
        let mut asked = vec![self.with(callee, &site)];
        while let Some(callee) = asked.pop() {
            match self.plain(callee) {
                Type::Function(there, Clue::Function(gives) | Clue::Typed(_, gives), env) => {
                    if let Clue::Guard(is) = &*gives {
                        return self.at(&there, is, &env);
                    }
                }
                Type::Either(all) => asked.extend(all),
                _ => {}
            }
        }
        self.at(file, of, env)
    }
}

/// The texts that a value can be, where these are all known.
fn literals(of: &Type) -> Option<Vec<Arc<str>>> {
    match of {
        Type::Literal(text) => Some(vec![Arc::clone(text)]),
        Type::Both(_, value) => literals(value),
        Type::Either(all) => all.iter().map(literals).collect::<Option<Vec<_>>>().map(|all| all.concat()),
        _ => None,
    }
}
