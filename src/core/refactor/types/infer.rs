//! From what a file says of a value to the type it has, through other files where it must be.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::clue::Clue;
use super::library::{built_in, given_by};
use super::offer::{Offered, offered};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::{Import, Taken};
use crate::core::refactor::project::{FileNames, Project, names_of};

/// How long a chain of reasons may get.
const MAX_DEPTH: usize = 48;
/// How many steps one question may take.
const MAX_STEPS: usize = 4000;

/// A type of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// One that all files of a module know by its name.
    Top(String, String),
    /// One inside of a file, by its number there.
    Inner(String, usize),
}

/// What a value is.
#[derive(Clone)]
pub enum Type {
    /// Not known.
    Unknown,
    /// Nothing that the repository declares.
    Foreign,
    /// A value of a type.
    Of(Key),
    /// A type itself.
    Itself(Key),
    /// A module.
    Module(String),
    /// A function, as its file says it.
    Function(Arc<FileNames>, Clue),
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

/// Finds out what values are.
pub struct Infer<'p, 't> {
    /// The files.
    pub project: &'p mut Project<'t>,
    /// Which module is which.
    pub modules: &'p Modules,
    known: HashMap<(String, usize), Type>,
    /// What functions give, by the place of the clue.
    given: HashMap<*const Clue, Type>,
    busy: HashSet<(String, usize)>,
    pub(super) parts: HashMap<Key, Vec<(Arc<FileNames>, usize)>>,
    depth: usize,
    steps: usize,
    /// How many literals deep a member is looked for.
    pub(super) nested: usize,
    /// Whether a question was left open because it was being asked already, or took too long.
    is_cut: bool,
}

impl<'p, 't> Infer<'p, 't> {
    /// Nothing is known yet.
    pub fn new(project: &'p mut Project<'t>, modules: &'p Modules) -> Infer<'p, 't> {
        Infer {
            project,
            modules,
            known: HashMap::new(),
            given: HashMap::new(),
            busy: HashSet::new(),
            parts: HashMap::new(),
            depth: 0,
            steps: 0,
            nested: 0,
            is_cut: false,
        }
    }

    /// What a clue of a file comes to.
    pub fn of(&mut self, file: &Arc<FileNames>, clue: &Clue) -> Type {
        if self.depth == 0 {
            (self.steps, self.is_cut) = (0, false);
        }
        if self.depth > MAX_DEPTH || self.steps > MAX_STEPS {
            self.is_cut = true;
            return Type::Unknown;
        }
        self.depth += 1;
        self.steps += 1;
        let found = self.decide(file, clue);
        self.depth -= 1;
        found
    }

    fn decide(&mut self, file: &Arc<FileNames>, clue: &Clue) -> Type {
        match clue {
            Clue::Unknown => Type::Unknown,
            Clue::Basic => Type::Foreign,
            Clue::Symbol(symbol) => self.symbol(file, *symbol),
            Clue::Free(name) => {
                let own = self.modules.own(file);
                self.free(file, &own, name)
            }
            Clue::Type(number) => Type::Itself(self.key(file, *number)),
            Clue::Above(number) => {
                let above = names_of(file).types[*number].above.clone();
                one_of(above.iter().map(|clue| self.of(file, clue)).collect())
            }
            Clue::Instance(of) => instance(self.of(file, of)),
            Clue::Member(of, name) => {
                let of = self.of(file, of);
                self.member(&of, name)
            }
            Clue::Call(callee) => self.call(file, callee),
            Clue::Function(_) | Clue::Typed(..) => Type::Function(Arc::clone(file), clue.clone()),
            Clue::Argument(callee, number) => self.argument(file, callee, *number),
            Clue::List(of) => Type::List(Box::new(self.of(file, of))),
            Clue::Map(key, value) => Type::Map(Box::new(self.of(file, key)), Box::new(self.of(file, value))),
            Clue::Element(of) => {
                let of = self.of(file, of);
                self.through(of, &|of| match of {
                    Type::List(of) | Type::Map(_, of) => Some(*of),
                    Type::Tuple(all) => Some(one_of(all)),
                    _ => None,
                })
            }
            Clue::Each(of) => {
                let of = self.of(file, of);
                let modules = self.modules;
                self.through(of, &|of| match (of, modules) {
                    (Type::List(of), _) | (Type::Map(_, of), Modules::Go(_)) => Some(*of),
                    (Type::Map(key, _), Modules::Python(_)) => Some(*key),
                    (Type::Map(key, value), _) => Some(Type::Tuple(vec![*key, *value])),
                    (Type::Tuple(all), _) => Some(one_of(all)),
                    _ => None,
                })
            }
            Clue::Key(of) => {
                let of = self.of(file, of);
                self.through(of, &|of| match of {
                    Type::List(_) => Some(Type::Foreign),
                    Type::Map(key, _) => Some(*key),
                    _ => None,
                })
            }
            Clue::Tuple(all) => Type::Tuple(all.iter().map(|clue| self.of(file, clue)).collect()),
            Clue::Item(of, number) => {
                let number = *number;
                let of = self.of(file, of);
                self.through(of, &|of| match of {
                    Type::Tuple(all) => all.get(number).cloned(),
                    Type::List(of) => Some(*of),
                    // What is alone is the first of it.
                    of if number == 0 => Some(of),
                    _ => None,
                })
            }
            Clue::Either(all) => one_of(all.iter().map(|clue| self.of(file, clue)).collect()),
        }
    }

    /// Looks into a value; a type that is made of another one is looked into as that one.
    fn through(&mut self, of: Type, look: &dyn Fn(Type) -> Option<Type>) -> Type {
        match of {
            // What something from outside holds may be the repository's.
            Type::Unknown | Type::Foreign => Type::Unknown,
            Type::Either(all) => one_of(all.into_iter().map(|of| self.through(of, look)).collect()),
            Type::Of(ref key) => match self.underlying(key) {
                Some(of) => look(of).unwrap_or(Type::Unknown),
                None => look(of).unwrap_or(Type::Unknown),
            },
            of => look(of).unwrap_or(Type::Unknown),
        }
    }

    /// What a symbol stands for.
    pub fn symbol(&mut self, file: &Arc<FileNames>, symbol: usize) -> Type {
        let at = (file.path.clone(), symbol);
        if let Some(known) = self.known.get(&at) {
            return known.clone();
        }
        if !self.busy.insert(at.clone()) {
            self.is_cut = true;
            return Type::Unknown;
        }
        let outer = std::mem::take(&mut self.is_cut);
        let found = self.declared(file, symbol);
        self.busy.remove(&at);
        // What was cut short may be found from elsewhere.
        if !self.is_cut || self.busy.is_empty() {
            self.known.insert(at, found.clone());
        }
        self.is_cut |= outer;
        found
    }

    fn declared(&mut self, file: &Arc<FileNames>, symbol: usize) -> Type {
        let names = names_of(file);
        if let Some(number) = names.types.iter().position(|ty| ty.symbol == Some(symbol)) {
            return Type::Itself(self.key(file, number));
        }
        match names.imports.iter().find(|import| import.symbol == Some(symbol)) {
            Some(import) => self.imported(file, import),
            None => names.clues.get(&symbol).map_or(Type::Unknown, |clue| self.of(file, clue)),
        }
    }

    fn imported(&mut self, file: &Arc<FileNames>, import: &Import) -> Type {
        let Some(module) = self.modules.find(file, &import.from) else { return Type::Foreign };
        match &import.what {
            Taken::Name { name, .. } => self.offered(&module, name),
            Taken::Default => self.offered(&module, "default"),
            Taken::Whole => self.whole(module),
            Taken::All => Type::Unknown,
        }
    }

    /// What a module is, taken as one: what it assigns to `module.exports`, or all that it offers.
    fn whole(&mut self, module: String) -> Type {
        let file = self.project.file(&module);
        let whole = file.and_then(|file| names_of(&file).whole.clone().map(|clue| (file, clue)));
        match whole {
            Some((file, clue)) => self.of(&file, &clue),
            None => Type::Module(module),
        }
    }

    /// What a module offers under a name.
    pub(super) fn offered(&mut self, module: &str, name: &str) -> Type {
        match offered(self.project, self.modules, module, name) {
            Some(Offered::Symbol(file, symbol)) => self.symbol(&file, symbol),
            Some(Offered::Module(module)) => Type::Module(module),
            Some(Offered::Value(file, clue)) => self.of(&file, &clue),
            None => self.modules.submodule(module, name).map_or(Type::Unknown, Type::Module),
        }
    }

    /// Where it is declared what a module offers under a name.
    pub fn origin(&mut self, module: &str, name: &str) -> Option<(Arc<FileNames>, usize)> {
        let (mut module, mut name) = (module.to_owned(), name.to_owned());
        // Files may take names from each other in a circle.
        for _ in 0..MAX_DEPTH {
            let Some(Offered::Symbol(file, symbol)) = offered(self.project, self.modules, &module, &name) else {
                return None;
            };
            let import = names_of(&file).imports.iter().find(|import| import.symbol == Some(symbol));
            let next = match import.map(|import| (&import.what, self.modules.find(&file, &import.from))) {
                Some((Taken::Name { name, .. }, Some(module))) => (module, name.clone()),
                Some((Taken::Default, Some(module))) => (module, "default".to_owned()),
                _ => return Some((file, symbol)),
            };
            (module, name) = next;
        }
        None
    }

    /// What a name means that its file does not declare: the package does, or a file whose names are all taken.
    fn free(&mut self, file: &Arc<FileNames>, own: &str, name: &str) -> Type {
        if let Some(Offered::Symbol(file, symbol)) = offered(self.project, self.modules, own, name) {
            return self.symbol(&file, symbol);
        }
        let takes_all = |import: &&Import| matches!(import.what, Taken::All) && !import.from.is_empty();
        match names_of(file).imports.iter().find(takes_all) {
            Some(_) => Type::Unknown,
            // Whoever runs a module of Python may put names into it.
            None if matches!(self.modules, Modules::Python(_)) => Type::Unknown,
            None => Type::Foreign,
        }
    }

    fn call(&mut self, file: &Arc<FileNames>, callee: &Clue) -> Type {
        if let Clue::Member(of, name) = callee {
            let of = self.of(file, of);
            if let Some(found) = built_in(&of, name) {
                return found;
            }
        }
        let callee = self.of(file, callee);
        self.called(&callee)
    }

    fn called(&mut self, callee: &Type) -> Type {
        match callee {
            Type::Itself(key) => Type::Of(key.clone()),
            Type::Function(file, Clue::Function(gives) | Clue::Typed(_, gives)) => {
                let at = Arc::as_ptr(gives);
                if let Some(known) = self.given.get(&at) {
                    return known.clone();
                }
                let outer = std::mem::take(&mut self.is_cut);
                let found = self.of(file, gives);
                if !self.is_cut {
                    self.given.insert(at, found.clone());
                }
                self.is_cut |= outer;
                found
            }
            Type::Either(all) => one_of(all.iter().map(|one| self.called(one)).collect()),
            Type::Of(key) => match self.underlying(key) {
                Some(Type::Of(_)) => Type::Unknown,
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
    fn argument(&mut self, file: &Arc<FileNames>, callee: &Clue, number: usize) -> Type {
        if let Clue::Member(of, name) = callee
            && number == 0
        {
            let of = self.of(file, of);
            if let Some(given) = given_by(&of, name) {
                return Type::Takes(given);
            }
        }
        let callee = match self.of(file, callee) {
            Type::Takes(given) => return given.into_iter().nth(number).unwrap_or(Type::Unknown),
            Type::Itself(key) => self.member(&Type::Itself(key), "constructor"),
            callee => callee,
        };
        match callee {
            Type::Either(all) => {
                let taken: Vec<Type> = all.into_iter().map(|one| self.taken(one, number)).collect();
                // Of several declarations those count that say something.
                one_of(taken.into_iter().filter(|ty| !matches!(ty, Type::Unknown)).collect())
            }
            one => self.taken(one, number),
        }
    }

    fn taken(&mut self, callee: Type, number: usize) -> Type {
        let callee = match callee {
            Type::Of(key) => self.underlying(&key).unwrap_or(Type::Unknown),
            callee => callee,
        };
        match callee {
            Type::Function(file, Clue::Typed(takes, _)) => match takes.get(number) {
                Some(clue) => self.of(&file, clue),
                None => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }
}

/// A value of what stands for a type.
fn instance(of: Type) -> Type {
    match of {
        Type::Itself(key) => Type::Of(key),
        Type::Either(all) => one_of(all.into_iter().map(instance).collect()),
        of => of,
    }
}

/// One or another, each once; what is foreign says nothing beside others.
pub(super) fn one_of(all: Vec<Type>) -> Type {
    let mut kept: Vec<Type> = Vec::new();
    for ty in all {
        match ty {
            Type::Either(inner) => kept.extend(inner),
            ty => kept.push(ty),
        }
    }
    let mut keys = HashSet::new();
    kept.retain(|ty| match ty {
        Type::Of(key) => keys.insert((key.clone(), true)),
        Type::Itself(key) => keys.insert((key.clone(), false)),
        _ => true,
    });
    match kept.len() {
        0 => Type::Unknown,
        1 => kept.remove(0),
        _ => Type::Either(kept),
    }
}
