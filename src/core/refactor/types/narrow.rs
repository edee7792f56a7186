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
    pub(super) fn tagged(&mut self, of: Type, tag: &Tag) -> Type {
        let all = match self.plain(of) {
            Type::Either(all) => all,
            alone => return alone,
        };
        let mut left = Vec::new();
        for one in all.iter().cloned() {
            match self.plain(one) {
                Type::Either(inner) => left.push(self.tagged(Type::Either(inner), tag)),
                one => {
                    if self.may_be(&one, tag) {
                        left.push(one);
                    }
                }
            }
        }
        // A test that nothing passes was misread.
        one_of(if left.is_empty() { all } else { left })
    }

    fn may_be(&mut self, of: &Type, tag: &Tag) -> bool {
        let Type::Of(key, with) = of else { return true };
        let (Found::Declared(_, _, clue), _) = self.find_with(key, with, &tag.name) else { return true };
        let is_among = |one: &&str| tag.values.iter().any(|value| value == one);
        literals(&clue).is_none_or(|known| known.iter().any(|one| is_among(one) == tag.is_one))
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

/// The texts that a value can be, where these are all written down.
fn literals(clue: &Clue) -> Option<Vec<&str>> {
    match clue {
        Clue::Literal(text) => Some(vec![text]),
        Clue::Either(all) => all.iter().map(literals).collect::<Option<Vec<_>>>().map(|all| all.concat()),
        _ => None,
    }
}
