//! Which member of which type a name stands for.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::clue::{Clue, STATIC};
use super::infer::{Above, Infer};
use super::library::held_by;
use super::ty::{Env, Key, Type, one_of};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::{Member, Taken};
use crate::core::refactor::project::{FileNames, names_of};

/// A method by its file and symbol, with its shape.
pub type Method = ((String, usize), Option<String>);

/// A member that was looked for.
pub enum Found {
    /// Where it is declared.
    Declared(Arc<FileNames>, usize, Clue),
    /// A type inside of the type, by its own name.
    Embedded(Type),
    /// The type has none of this name.
    None,
    /// What lies above the type is not all known.
    Unsure,
}

impl Infer<'_, '_> {
    /// The type with a number in a file's list.
    pub fn key(&self, file: &FileNames, number: usize) -> Key {
        match &names_of(file).types[number].name {
            Some(name) => Key::Top(self.modules.own(file), name.clone()),
            None => Key::Inner(file.path.clone(), number),
        }
    }

    /// The parts of a type, in all files that say something of it.
    pub(super) fn parts(&mut self, key: &Key) -> Vec<(Arc<FileNames>, usize)> {
        if let Some(known) = self.parts.get(key) {
            return known.clone();
        }
        let found = match key {
            Key::Inner(path, number) => self.project.file(path).map(|file| (file, *number)).into_iter().collect(),
            Key::Top(module, name) => {
                let mut found = Vec::new();
                for path in self.modules.files(module) {
                    let Some(file) = self.project.file(&path).filter(|file| self.modules.own(file) == *module) else {
                        continue;
                    };
                    let all = names_of(&file).types.iter().enumerate();
                    let own = all.filter(|(_, ty)| ty.name.as_ref() == Some(name)).map(|(number, _)| number);
                    found.extend(own.map(|number| (Arc::clone(&file), number)));
                }
                found
            }
        };
        self.parts.insert(key.clone(), found.clone());
        found
    }

    /// What a type's parameters stand for in one of its parts.
    fn env(&mut self, part: &(Arc<FileNames>, usize), with: &[Type]) -> Env {
        let (file, number) = part;
        if with.is_empty() {
            return Env::default();
        }
        self.filled(file, &names_of(file).types[*number].parameters, &Env::default(), with.to_vec())
    }

    /// What a type is made of, where it is no struct and no class.
    pub(super) fn underlying(&mut self, key: &Key, with: &[Type]) -> Option<Type> {
        let parts = self.parts(key);
        let part =
            parts.into_iter().find(|(file, number)| names_of(file).types[*number].underlying != Clue::Unknown)?;
        let (env, (file, number)) = (self.env(&part, with), part);
        let clue = names_of(&file).types[number].underlying.clone();
        Some(self.at(&file, &clue, &env))
    }

    /// The same, but for literals that are made of each other.
    fn find_member_once(&mut self, key: &Key, with: &[Type], name: &str) -> (Found, Env) {
        self.nested += 1;
        let found = if self.nested > 16 { (Found::Unsure, Env::default()) } else { self.find_with(key, with, name) };
        self.nested -= 1;
        found
    }

    /// The member of a type, its own or one from above.
    pub fn find_member(&mut self, key: &Key, name: &str) -> Found {
        self.find_with(key, &[], name).0
    }

    /// The same, with what type parameters stand for where it is declared.
    pub(super) fn find_with(&mut self, key: &Key, with: &[Type], name: &str) -> (Found, Env) {
        let mut queue = vec![(key.clone(), with.to_vec())];
        let (mut next, mut is_unsure) = (0, false);
        while let Some((key, with)) = queue.get(next).cloned() {
            next += 1;
            for part in self.parts(&key) {
                let env = self.env(&part, &with);
                let (file, number) = part;
                let ty = &names_of(&file).types[number];
                let own = ty.members.iter().find(|member| member.name == name);
                // What a literal has is a member of what is expected in its place.
                if own.is_some() && ty.is_literal && !ty.above.is_empty() {
                    for (key, with) in self.expected(&key) {
                        if let (Found::Declared(file, symbol, clue), env) = self.find_member_once(&key, &with, name) {
                            return (Found::Declared(file, symbol, clue), env);
                        }
                    }
                }
                if let Some(member) = own {
                    return (Found::Declared(Arc::clone(&file), member.symbol, member.is.clone()), env);
                }
                let symbols = &names_of(&file).symbols;
                let is_named = |clue: &&Clue| !ty.is_open && clue.base_name(symbols) == Some(name);
                if let Some(clue) = ty.above.iter().find(is_named) {
                    return (Found::Embedded(self.of(&file, clue)), env);
                }
            }
            let is_hidden = |(file, number): &(Arc<FileNames>, usize)| {
                names_of(file).types[*number].hidden.iter().any(|one| one == name)
            };
            if self.parts(&key).iter().any(is_hidden) {
                continue;
            }
            let (above, unsure) = self.above_with(&key, &with);
            is_unsure |= unsure;
            for (key, with) in above {
                if !queue.iter().any(|(known, _)| *known == key) {
                    queue.push((key, with));
                }
            }
        }
        (if is_unsure { Found::Unsure } else { Found::None }, Env::default())
    }

    /// The member that is named on a value of a type, or with `is_type` on the type itself.
    pub(super) fn find_on(&mut self, key: &Key, with: &[Type], name: &str, is_type: bool) -> (Found, Env) {
        if is_type && matches!(self.modules, Modules::Js(_)) {
            let found = self.find_with(key, with, &format!("{STATIC}{name}"));
            if let (Found::Declared(..), _) = found {
                return found;
            }
        }
        self.find_with(key, with, name)
    }

    /// The names of all members of a type, its own and those from above.
    /// With `needed` only those that every value has.
    pub(super) fn member_names(&mut self, key: &Key, needed: bool) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut queue = vec![key.clone()];
        let mut next = 0;
        while let Some(key) = queue.get(next).cloned() {
            next += 1;
            for (file, number) in self.parts(&key) {
                let members = names_of(&file).types[number].members.iter();
                let members = members.filter(|member| !needed || !member.is_optional);
                names.extend(members.map(|member| member.name.clone()).filter(|name| name != "constructor"));
            }
            let (above, _) = self.above(&key);
            queue.extend(above.into_iter().filter(|key| !queue.contains(key)).collect::<Vec<_>>());
        }
        names
    }

    /// All methods of a type with their shapes, its own and those from above.
    pub(super) fn methods(&mut self, key: &Key) -> HashMap<String, Method> {
        let mut methods: HashMap<String, Method> = HashMap::new();
        let mut queue = vec![key.clone()];
        let mut next = 0;
        while let Some(key) = queue.get(next).cloned() {
            next += 1;
            for (file, number) in self.parts(&key) {
                for member in names_of(&file).types[number].members.iter().filter(|member| member.shape.is_some()) {
                    let method = ((file.path.clone(), member.symbol), member.shape.clone());
                    methods.entry(member.name.clone()).or_insert(method);
                }
            }
            let (above, _) = self.above(&key);
            queue.extend(above.into_iter().filter(|key| !queue.contains(key)).collect::<Vec<_>>());
        }
        methods
    }

    /// The types that are asked for where a literal stands.
    pub(super) fn expected(&mut self, key: &Key) -> Vec<(Key, Vec<Type>)> {
        let mut expected = Vec::new();
        for (file, number) in self.parts(key) {
            let mut found: Vec<Type> =
                names_of(&file).types[number].above.iter().map(|clue| self.of(&file, clue)).collect();
            while let Some(one) = found.pop() {
                match self.plain(one) {
                    Type::Of(key, with) | Type::Itself(key, with) => expected.push((key, with)),
                    Type::Either(all) => found.extend(all),
                    _ => {}
                }
            }
        }
        expected
    }

    /// The types above one, and whether there are others that are not known.
    pub(super) fn above(&mut self, key: &Key) -> (Vec<Key>, bool) {
        let (above, unsure) = self.above_with(key, &[]);
        (above.into_iter().map(|(key, _)| key).collect(), unsure)
    }

    /// The same, with what type parameters stand for.
    pub(super) fn above_with(&mut self, key: &Key, with: &[Type]) -> Above {
        if !with.is_empty() {
            return self.find_above(key, with);
        }
        if let Some(known) = self.above.get(key) {
            return known.clone();
        }
        let outer = self.begins();
        let found = self.find_above(key, with);
        if self.ends(outer) {
            self.above.insert(key.clone(), found.clone());
        }
        found
    }

    fn find_above(&mut self, key: &Key, with: &[Type]) -> Above {
        let (mut above, mut unsure) = (Vec::new(), false);
        for part in self.parts(key) {
            let env = self.env(&part, with);
            let (file, number) = part;
            let ty = &names_of(&file).types[number];
            let made_of = (ty.underlying != Clue::Unknown).then_some(&ty.underlying);
            for clue in ty.above.iter().chain(&ty.spread).chain(made_of) {
                let mut found = vec![self.at(&file, clue, &env)];
                while let Some(one) = found.pop() {
                    let one = match one {
                        Type::Both(ty, _) => *ty,
                        one => one,
                    };
                    match self.plain(one) {
                        Type::Of(key, with) | Type::Itself(key, with) => above.push((key, with)),
                        Type::Either(all) => found.extend(all),
                        Type::Unknown => unsure = true,
                        // What satisfies an interface of Go by more than what is seen may come from outside.
                        Type::Foreign => unsure |= ty.is_open || ty.is_interface,
                        _ => {}
                    }
                }
            }
        }
        (above, unsure)
    }

    /// Where the member is declared that is named on a value.
    pub fn declaration(&mut self, file: &Arc<FileNames>, member: &Member) -> Option<(Arc<FileNames>, usize)> {
        let mut found = vec![self.of(file, &member.on)];
        while let Some(one) = found.pop() {
            let one = self.plain(one);
            match one {
                Type::Of(ref key, ref with) | Type::Itself(ref key, ref with) => {
                    if let Found::Declared(file, symbol, _) = self.find_on(key, with, &member.name, is_type(&one)).0 {
                        return Some((file, symbol));
                    }
                }
                Type::Either(all) => found.extend(all),
                _ => {}
            }
        }
        None
    }

    /// The function that calling a value calls: a method, a function, what makes a value of a class.
    pub fn callee(&mut self, file: &Arc<FileNames>, callee: &Clue) -> Option<(Arc<FileNames>, usize)> {
        match self.of(file, callee) {
            Type::Itself(key, _) => match self.find_member(&key, "__init__") {
                Found::Declared(file, symbol, _) => Some((file, symbol)),
                _ => None,
            },
            Type::Function(..) => match callee {
                Clue::Member(of, name) => match self.of(file, of) {
                    Type::Module(module) => self.origin(&module, name),
                    _ => self.declaration(file, &Member::new(name, 0..0, (**of).clone())),
                },
                Clue::Symbol(symbol) => {
                    let import = names_of(file).imports.iter().find(|import| import.symbol == Some(*symbol));
                    match import.map(|import| (&import.what, self.modules.find(file, &import.from))) {
                        Some((Taken::Name { name, .. }, Some(module))) => self.origin(&module, name),
                        Some(_) => None,
                        None => Some((Arc::clone(file), *symbol)),
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether something above a type, near or far, is not in the repository.
    pub(super) fn lies_below_others(&mut self, key: &Key) -> bool {
        let mut queue = vec![key.clone()];
        let mut next = 0;
        while let Some(key) = queue.get(next).cloned() {
            next += 1;
            let (above, is_unsure) = self.above(&key);
            if is_unsure {
                return true;
            }
            queue.extend(above.into_iter().filter(|key| !queue.contains(key)).collect::<Vec<_>>());
        }
        false
    }

    /// What a member of a value is.
    pub(super) fn member(&mut self, of: &Type, name: &str) -> Type {
        match of {
            Type::Itself(key, with) if name == "prototype" => Type::Of(key.clone(), with.clone()),
            Type::Of(key, with) | Type::Itself(key, with) => {
                // A namespace of the type's name says at once what it holds.
                if let Some((file, symbol)) = self.beside(key, name).filter(|_| is_type(of)) {
                    return self.symbol(&file, symbol);
                }
                match self.find_on(key, with, name, is_type(of)) {
                    (Found::Declared(file, _, clue), env) => {
                        let own = env.with(vec![((String::new(), 0), of.clone())]);
                        let has_receiver = clue.names_receiver();
                        self.at(&file, &clue, if has_receiver { &own } else { &env })
                    }
                    (Found::Embedded(of), _) => of,
                    (Found::None, _) => self.indexed(key, with, name),
                    (Found::Unsure, _) => Type::Unknown,
                }
            }
            Type::Namespace(file, symbol) => match held(file, *symbol, name) {
                Some(symbol) => self.symbol(file, symbol),
                None => Type::Unknown,
            },
            Type::Module(module) => self.offered(module, name),
            Type::Foreign => Type::Foreign,
            Type::Either(all) => one_of(all.iter().map(|one| self.member(one, name)).collect()),
            Type::Variable(..) | Type::Generic(..) | Type::Both(..) => match self.plain(of.clone()) {
                Type::Variable(..) | Type::Generic(..) => Type::Unknown,
                plain => self.member(&plain, name),
            },
            of if matches!(self.modules, Modules::Js(_)) => held_by(of, name).unwrap_or(Type::Unknown),
            _ => Type::Unknown,
        }
    }

    /// What a literal holds under a name where this is asked for.
    pub(super) fn under(&mut self, of: Type, name: &str) -> Type {
        match self.plain(of) {
            Type::Map(_, value) => *value,
            Type::Either(all) => one_of(all.into_iter().map(|one| self.under(one, name)).collect()),
            of => self.member(&of, name),
        }
    }

    /// What a type gives for a name that it does not declare, because it gives something for any.
    fn indexed(&mut self, key: &Key, with: &[Type], name: &str) -> Type {
        let of = self.underlying(key, with).filter(|_| matches!(self.modules, Modules::Js(_)));
        of.and_then(|of| held_by(&of, name)).unwrap_or(Type::Unknown)
    }

    /// What the namespace holds that has the name of a type.
    pub(super) fn beside(&mut self, key: &Key, name: &str) -> Option<(Arc<FileNames>, usize)> {
        self.parts(key).into_iter().find_map(|(file, number)| {
            let symbol = held(&file, names_of(&file).types[number].symbol?, name)?;
            Some((file, symbol))
        })
    }
}

/// Whether it is a type itself, and not a value of it.
pub(super) fn is_type(of: &Type) -> bool {
    matches!(of, Type::Itself(..))
}

/// The symbol of a name that another symbol of its file holds.
pub(super) fn held(file: &FileNames, owner: usize, name: &str) -> Option<usize> {
    names_of(file).symbols.iter().position(|symbol| symbol.owner == Some(owner) && symbol.name == name)
}
