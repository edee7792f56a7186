//! What type parameters stand for: what is written for them, what is passed, what is expected, or what they are without.

use std::sync::Arc;

use super::call::{MAX_ABOVE, Site, is_function};
use super::clue::Clue;
use super::infer::Infer;
use super::ty::{Env, Key, Type, Variable, bounded, one_of};
use crate::core::refactor::project::{FileNames, names_of};

impl Infer<'_, '_> {
    /// A type without what is written for its parameters, with what they are then.
    pub(super) fn defaulted(&mut self, of: Type) -> Type {
        match of {
            Type::Itself(key, with) if with.is_empty() => {
                let Some((file, number)) = self.parts(&key).into_iter().next() else { return Type::Itself(key, with) };
                let names = names_of(&file);
                let own = &names.types[number].parameters;
                if own.is_empty() || !own.iter().all(|symbol| names.defaults.contains_key(symbol)) {
                    return Type::Itself(key, with);
                }
                let env = self.filled(&file, own, &Env::default(), Vec::new());
                Type::Itself(
                    key,
                    own.iter().map(|symbol| env.get(&file.path, *symbol).cloned().unwrap_or(Type::Unknown)).collect(),
                )
            }
            of => of,
        }
    }

    /// What type parameters stand for: what is written for them, and what they are without that.
    pub(super) fn filled(&mut self, file: &Arc<FileNames>, own: &[usize], env: &Env, with: Vec<Type>) -> Env {
        let written = with.len();
        let known = own.iter().zip(with).filter(|(_, ty)| !matches!(ty, Type::Unknown));
        let mut env = env.with(known.map(|(symbol, ty)| ((file.path.clone(), *symbol), ty)).collect());
        for symbol in own.iter().skip(written) {
            if let (Some(default), None) = (names_of(file).defaults.get(symbol), env.get(&file.path, *symbol)) {
                let is = self.at(file, default, &env);
                env = env.with(vec![((file.path.clone(), *symbol), is)]);
            }
        }
        env
    }

    /// What the type parameters around a type without a name stand for.
    pub(super) fn around(&self, file: &FileNames, number: usize, env: &Env) -> Vec<Type> {
        let around = &names_of(file).types[number].parameters;
        let known: Vec<_> = around.iter().map(|symbol| env.get(&file.path, *symbol)).collect();
        if known.iter().all(Option::is_none) {
            return Vec::new();
        }
        known.into_iter().map(|ty| ty.cloned().unwrap_or(Type::Unknown)).collect()
    }

    fn is_literal(&mut self, key: &Key) -> bool {
        self.parts(key).iter().any(|(file, number)| names_of(file).types[*number].is_literal)
    }

    /// What has type parameters, with what is written for them.
    pub(super) fn applied(&mut self, of: Type, with: Vec<Type>) -> Type {
        let with: Vec<Type> = with.into_iter().map(bounded).collect();
        match of {
            Type::Itself(key, _) => Type::Itself(key, with),
            Type::Of(key, own) => match self.signature(&key, &own) {
                Some(of) => self.applied(of, with),
                None => Type::Of(key, own),
            },
            Type::Generic(file, Clue::Generic(own, is), env) => {
                let env = self.filled(&file, &own, &env, with);
                self.at(&file, &is, &env)
            }
            Type::Either(all) => one_of(all.into_iter().map(|one| self.applied(one, with.clone())).collect()),
            // A type from outside may give back what is written for its parameters.
            Type::Foreign => Type::Unknown,
            Type::Both(ty, value) => {
                let ty = self.applied(*ty, with.clone());
                Type::Both(Box::new(ty), Box::new(self.applied(*value, with)))
            }
            of => of,
        }
    }

    /// A callee, with what its type parameters stand for by what it is passed and what is expected of it.
    pub(super) fn with(&mut self, callee: &Clue, site: &Site<'_>) -> Type {
        let callee = self.at(site.file, callee, site.env);
        self.bound(callee, site)
    }

    fn bound(&mut self, callee: Type, site: &Site<'_>) -> Type {
        match callee {
            Type::Both(_, value) => self.bound(*value, site),
            Type::Either(all) => {
                let fitting = fitting(&all, site.passed.len());
                one_of(fitting.into_iter().map(|one| self.bound(one, site)).collect())
            }
            Type::Of(key, with) => match self.signature(&key, &with) {
                None => Type::Of(key, with),
                Some(made_of) => self.bound(made_of, site),
            },
            Type::Generic(file, Clue::Generic(own, is), env) => {
                let Clue::Typed(takes, gives) = &*is else { return Type::Function(file, (*is).clone(), env) };
                let mut found = Vec::new();
                if let Some(expected) = site.expected {
                    let (gives, expected) = (self.at(&file, gives, &env), self.at(site.file, expected, site.env));
                    self.unify(&gives, &expected, &mut found, 0);
                }
                self.solve(&file, takes, &env, site, &mut found);
                let is_own = |((path, symbol), _): &(Variable, Type)| *path == file.path && own.contains(symbol);
                let env = env.with(found.into_iter().filter(is_own).collect());
                let env = self.filled(&file, &own, &env, Vec::new());
                Type::Function(file, (*is).clone(), env)
            }
            Type::Itself(key, with) if with.is_empty() => {
                let Some((file, number)) = self.parts(&key).into_iter().next() else { return Type::Itself(key, with) };
                let ty = &names_of(&file).types[number];
                let made = ty.members.iter().find(|member| member.name == "constructor").map(|member| &member.is);
                let (Some(Clue::Typed(takes, _)), false) = (made, ty.parameters.is_empty()) else {
                    return Type::Itself(key, with);
                };
                let mut found = Vec::new();
                self.solve(&file, takes, &Env::default(), site, &mut found);
                let mut with = Vec::new();
                for symbol in &ty.parameters {
                    let known = found.iter().find(|((path, of), _)| *path == file.path && of == symbol);
                    with.push(known.map_or(Type::Unknown, |(_, ty)| ty.clone()));
                }
                Type::Itself(key, with)
            }
            callee => callee,
        }
    }

    /// What type parameters stand for, by what is passed for parameters that name them.
    fn solve(
        &mut self,
        file: &Arc<FileNames>,
        takes: &[Clue],
        env: &Env,
        site: &Site<'_>,
        found: &mut Vec<(Variable, Type)>,
    ) {
        for is_function_now in [false, true] {
            for (wanted, passed) in takes.iter().zip(site.passed) {
                if is_function(passed) != is_function_now || is_function_now && !site.all {
                    continue;
                }
                let wanted = self.at(file, wanted, &env.with(found.clone()));
                let passed = self.at(site.file, passed, site.env);
                self.unify(&wanted, &passed, found, 0);
            }
        }
    }

    /// Finds what the parameters in a wanted type stand for.
    fn unify(&mut self, wanted: &Type, passed: &Type, found: &mut Vec<(Variable, Type)>, depth: usize) {
        if depth > 8 || matches!(passed, Type::Unknown) {
            return;
        }
        match (wanted, passed) {
            (Type::Variable(variable, _), _) if found.iter().any(|(known, _)| known == variable) => {}
            (Type::Variable(variable, _), passed) => found.push((variable.clone(), passed.clone())),
            (Type::List(wanted), Type::List(passed)) => self.unify(wanted, passed, found, depth + 1),
            (Type::List(wanted), Type::Tuple(passed)) => {
                self.unify(wanted, &one_of(passed.clone()), found, depth + 1);
            }
            (Type::Map(key, value), Type::Map(other, passed)) => {
                self.unify(key, other, found, depth + 1);
                self.unify(value, passed, found, depth + 1);
            }
            (Type::Tuple(wanted), Type::Tuple(passed)) => {
                for (wanted, passed) in wanted.iter().zip(passed) {
                    self.unify(wanted, passed, found, depth + 1);
                }
            }
            (Type::Either(all), passed) => {
                let all = all.iter().filter(|one| !matches!(one, Type::Foreign | Type::Literal(_) | Type::Unknown));
                for wanted in all.collect::<Vec<_>>() {
                    self.unify(wanted, passed, found, depth + 1);
                }
            }
            // What a literal is beyond its members is just what is asked here.
            (Type::Of(key, wanted), Type::Of(other, passed)) if !wanted.is_empty() && !self.is_literal(other) => {
                let mut queue = vec![(other.clone(), passed.clone())];
                let mut next = 0;
                while let Some((other, passed)) = queue.get(next).cloned().filter(|_| next < MAX_ABOVE) {
                    next += 1;
                    if other == *key {
                        for (wanted, passed) in wanted.iter().zip(&passed) {
                            self.unify(wanted, passed, found, depth + 1);
                        }
                        return;
                    }
                    let (above, _) = self.above_with(&other, &passed);
                    queue.extend(
                        above
                            .into_iter()
                            .filter(|(key, _)| !queue.iter().any(|(known, _)| known == key))
                            .collect::<Vec<_>>(),
                    );
                }
            }
            (Type::Function(..), Type::Function(..)) => {
                let (wanted, passed) = (self.called(wanted), self.called(passed));
                self.unify(&wanted, &passed, found, depth + 1);
            }
            _ => {}
        }
    }
}

/// Of several declarations of a function those that take as many as are passed; all, if there is none.
fn fitting(all: &[Type], passed: usize) -> Vec<Type> {
    let takes = |ty: &&Type| match ty {
        Type::Function(_, Clue::Typed(takes, _), _) => takes.len() == passed,
        Type::Generic(_, Clue::Generic(_, is), _) => matches!(&**is, Clue::Typed(takes, _) if takes.len() == passed),
        _ => false,
    };
    let fitting: Vec<Type> = all.iter().filter(takes).cloned().collect();
    if fitting.is_empty() { all.to_vec() } else { fitting }
}
