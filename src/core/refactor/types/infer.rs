//! From what a file says of a value to the type it has, through other files where it must be.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::call::Site;
use super::clue::Clue;
use super::ty::{Env, Key, Type, one_of};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::{Import, Taken};
use crate::core::refactor::offer::{Offered, offered};
use crate::core::refactor::project::{FileNames, Project, names_of};

/// How long a chain of reasons may get.
const MAX_DEPTH: usize = 48;
/// How many steps one question may take.
const MAX_STEPS: usize = 4000;

/// The types above one, with what their parameters stand for, and whether there are others that are not known.
pub(super) type Above = (Vec<(Key, Vec<Type>)>, bool);

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
    /// What lies above types, and whether that is all.
    pub(super) above: HashMap<Key, Above>,
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
            above: HashMap::new(),
            depth: 0,
            steps: 0,
            nested: 0,
            is_cut: false,
        }
    }

    /// What a clue of a file comes to, where nothing is known of type parameters.
    pub fn of(&mut self, file: &Arc<FileNames>, clue: &Clue) -> Type {
        self.at(file, clue, &Env::default())
    }

    /// What a clue of a file comes to.
    pub(super) fn at(&mut self, file: &Arc<FileNames>, clue: &Clue, env: &Env) -> Type {
        if self.depth == 0 {
            (self.steps, self.is_cut) = (0, false);
        }
        if self.depth > MAX_DEPTH || self.steps > MAX_STEPS {
            self.is_cut = true;
            return Type::Unknown;
        }
        self.depth += 1;
        self.steps += 1;
        let found = self.decide(file, clue, env);
        self.depth -= 1;
        found
    }

    fn decide(&mut self, file: &Arc<FileNames>, clue: &Clue, env: &Env) -> Type {
        match clue {
            Clue::Unknown => Type::Unknown,
            Clue::Basic | Clue::Guard(_) => Type::Foreign,
            Clue::Literal(text) => Type::Literal(text.as_str().into()),
            Clue::Symbol(symbol) => match env.get(&file.path, *symbol) {
                Some(known) => known.clone(),
                None => self.symbol(file, *symbol),
            },
            Clue::Free(name) => {
                let own = self.modules.own(file);
                self.free(file, &own, name)
            }
            Clue::Outer(name) => {
                let symbols = &names_of(file).symbols;
                match symbols.iter().position(|symbol| symbol.scope == 0 && symbol.name == *name) {
                    Some(symbol) => self.symbol(file, symbol),
                    // A parameter that a comment declares stands for anything.
                    None if symbols.iter().any(|one| one.kind == "type parameter" && one.name == *name) => {
                        Type::Unknown
                    }
                    None => Type::Foreign,
                }
            }
            Clue::Imported(from, name) => match self.modules.find(file, from) {
                Some(module) => self.offered(&module, name),
                None => Type::Foreign,
            },
            Clue::Type(number) if !names_of(file).types[*number].hidden.is_empty() => {
                let of = self.at(file, &names_of(file).types[*number].above[0], env);
                match self.plain(of) {
                    // What lacks a member may be one or another all the same.
                    of @ (Type::Either(_) | Type::Unknown) => of,
                    _ => Type::Itself(self.key(file, *number), self.around(file, *number, env)),
                }
            }
            Clue::Type(number) => Type::Itself(self.key(file, *number), self.around(file, *number, env)),
            Clue::Above(number) => {
                let above = names_of(file).types[*number].above.clone();
                one_of(above.iter().map(|clue| self.at(file, clue, env)).collect())
            }
            Clue::Made(of) => {
                let of = self.at(file, of, env);
                self.made(of)
            }
            Clue::Instance(of) => {
                let is_here = matches!(**of, Clue::Type(_));
                let of = self.at(file, of, env);
                let of = if is_here { of } else { self.defaulted(of) };
                self.instance(of)
            }
            Clue::Member(of, name) => {
                let of = self.at(file, of, env);
                self.member(&of, name)
            }
            Clue::Under(of, name) => {
                let of = self.at(file, of, env);
                self.under(of, name)
            }
            Clue::Call(callee) => self.call(file, callee, env),
            Clue::Function(_) | Clue::Typed(..) => Type::Function(Arc::clone(file), clue.clone(), env.clone()),
            Clue::Generic(..) => Type::Generic(Arc::clone(file), clue.clone(), env.clone()),
            Clue::Applied(of, with) => {
                let with = with.iter().map(|clue| self.at(file, clue, env)).collect();
                let of = self.at(file, of, env);
                self.applied(of, with)
            }
            Clue::With(callee, passed, expected) => {
                let site = Site { file, passed, expected: expected.as_deref(), env, all: true };
                self.with(callee, &site)
            }
            Clue::Asked(of) => {
                let of = self.at(file, of, env);
                if self.is_whole(&of) { of } else { Type::Unknown }
            }
            Clue::Argument(callee, number) => self.argument(file, callee, *number, env),
            Clue::Receiver(of) => match env.get("", 0) {
                Some(known) => known.clone(),
                None => self.at(file, of, env),
            },
            Clue::Tagged(of, tag) => {
                let of = self.at(file, of, env);
                self.tagged(of, tag, file, env)
            }
            Clue::Guarded(callee, of) => self.guarded(file, callee, of, env),
            Clue::List(of) => Type::List(Box::new(self.at(file, of, env))),
            Clue::Map(key, value) => Type::Map(Box::new(self.at(file, key, env)), Box::new(self.at(file, value, env))),
            Clue::Element(of) => {
                let of = self.at(file, of, env);
                self.through(of, &|of| match of {
                    Type::List(of) | Type::Map(_, of) => Some(*of),
                    Type::Tuple(all) => Some(one_of(all)),
                    _ => None,
                })
            }
            Clue::Each(of) => {
                let of = self.at(file, of, env);
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
                let of = self.at(file, of, env);
                self.through(of, &|of| match of {
                    Type::List(_) => Some(Type::Foreign),
                    Type::Map(key, _) => Some(*key),
                    _ => None,
                })
            }
            Clue::Tuple(all) => Type::Tuple(all.iter().map(|clue| self.at(file, clue, env)).collect()),
            Clue::Item(of, number) => {
                let (number, is_script) = (*number, matches!(self.modules, Modules::Js(_)));
                let of = self.at(file, of, env);
                self.through(of, &|of| match of {
                    Type::Tuple(all) => all.get(number).cloned(),
                    Type::List(of) => Some(*of),
                    // What is alone is the first of it.
                    of if number == 0 && !is_script => Some(of),
                    _ => None,
                })
            }
            Clue::Either(all) => one_of(all.iter().map(|clue| self.at(file, clue, env)).collect()),
        }
    }

    /// Looks into a value; a type that is made of another one is looked into as that one.
    fn through(&mut self, of: Type, look: &dyn Fn(Type) -> Option<Type>) -> Type {
        match self.plain(of) {
            // What something from outside holds may be the repository's.
            Type::Unknown | Type::Foreign | Type::Literal(_) => Type::Unknown,
            Type::Either(all) => one_of(all.into_iter().map(|of| self.through(of, look)).collect()),
            Type::Of(key, with) => match self.underlying(&key, &with) {
                Some(of) => look(of).unwrap_or(Type::Unknown),
                None => look(Type::Of(key, with)).unwrap_or(Type::Unknown),
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
            // What a value of the same name is may be said by the type.
            if let Some(number) = names_of(file).types.iter().position(|ty| ty.symbol == Some(symbol)) {
                return Type::Itself(self.key(file, number), Vec::new());
            }
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
        let number = names.types.iter().position(|ty| ty.symbol == Some(symbol));
        let is_class = number.is_some_and(|number| !names.types[number].is_interface);
        let ty = match (number, names.aliases.get(&symbol)) {
            (Some(number), _) => Some(Type::Itself(self.key(file, number), Vec::new())),
            // `type A = typeof A`: the value's own type.
            (None, alias) => alias.filter(|is| **is != Clue::Symbol(symbol)).map(|clue| self.of(file, clue)),
        };
        let import = names.imports.iter().find(|import| import.symbol == Some(symbol));
        if let Some(import) = import.filter(|_| ty.is_none()) {
            return self.imported(file, import);
        }
        let is = names.clues.get(&symbol).filter(|_| !is_class).map(|clue| self.of(file, clue));
        let is = match (ty, is) {
            (Some(ty), Some(value)) => return Type::Both(Box::new(ty), Box::new(value)),
            (Some(ty), None) => return ty,
            (None, is) => is,
        };
        match (is, names.symbols[symbol].kind) {
            (is, "type parameter") => {
                Type::Variable((file.path.clone(), symbol), Box::new(is.unwrap_or(Type::Unknown)))
            }
            (None, _) if names.symbols.iter().any(|one| one.owner == Some(symbol)) => {
                Type::Namespace(Arc::clone(file), symbol)
            }
            (is, _) => is.unwrap_or(Type::Unknown),
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
        // Whoever imports a module of a package makes it known there by its name.
        if let Some(module) = self.modules.submodule(own, name) {
            return Type::Module(module);
        }
        let takes_all = |import: &&Import| matches!(import.what, Taken::All) && !import.from.is_empty();
        match names_of(file).imports.iter().find(takes_all) {
            Some(_) => Type::Unknown,
            // Whoever runs a module of Python may put names into it.
            None if matches!(self.modules, Modules::Python(_)) => Type::Unknown,
            None => Type::Foreign,
        }
    }

    /// What calling a function gives, remembered by its place where nothing else decides it.
    pub(super) fn gives(&mut self, file: &Arc<FileNames>, gives: &Arc<Clue>, env: &Env) -> Type {
        if !env.is_empty() {
            return self.at(file, gives, env);
        }
        let at = Arc::as_ptr(gives);
        if let Some(known) = self.given.get(&at) {
            return known.clone();
        }
        let outer = self.begins();
        let found = self.of(file, gives);
        if self.ends(outer) {
            self.given.insert(at, found.clone());
        }
        found
    }

    /// Begins to look for what may be remembered. Gives what `ends` asks for.
    pub(super) fn begins(&mut self) -> bool {
        std::mem::take(&mut self.is_cut)
    }

    /// Whether nothing was left open since.
    pub(super) fn ends(&mut self, outer: bool) -> bool {
        let is_whole = !self.is_cut;
        self.is_cut |= outer;
        is_whole
    }
}
