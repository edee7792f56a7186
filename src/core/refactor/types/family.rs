//! The members that must have one name: a member, what it overrides, and what overrides it.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::clue::{STATIC, TypeDecl};
use super::infer::Infer;
use super::member::{Found, held, is_type};
use super::ty::{Key, Type};
use crate::core::ast::Lang;
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::Member;
use crate::core::refactor::offer::offering;
use crate::core::refactor::project::{FileNames, names_of};

/// Whether an access means a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Is,
    /// It means something else.
    Other,
    /// It is named on something that has no such member.
    Absent,
    /// Nothing decides it.
    Open,
}

/// A member where it is declared: the file and the symbol.
pub type Declared = (Arc<FileNames>, usize);

/// Something that modules offer.
#[derive(PartialEq, Eq)]
enum Offer {
    /// What is declared, by its file and symbol.
    Symbol(String, usize),
    /// What a module offers under a name that nothing has in it.
    Name(String, String),
}

/// Members that must have one name, each by its file and symbol.
pub struct Family {
    /// The members.
    pub members: HashSet<(String, usize)>,
    /// The type itself, which may be a member of others by its name.
    ty: Option<Key>,
    /// What modules offer.
    offered: Option<Offer>,
    name: String,
}

impl Family {
    /// Whether it is about members of values, and not of modules.
    pub fn is_of_values(&self) -> bool {
        self.offered.is_none()
    }

    /// The name by which they are named, with `#` if it is private.
    pub fn name(&self) -> &str {
        self.name.trim_start_matches(STATIC)
    }

    /// What a module offers under a name that only others know.
    pub fn of_offered(module: &str, name: &str) -> Family {
        let offered = Some(Offer::Name(module.to_owned(), name.to_owned()));
        Family { members: HashSet::new(), ty: None, offered, name: name.to_owned() }
    }

    /// The family of a member, or of a type that others embed, looked for in the files that mention its name. `None`
    /// where a symbol is neither.
    pub fn of(infer: &mut Infer<'_, '_>, files: &[Arc<FileNames>], file: &FileNames, symbol: usize) -> Option<Family> {
        let names = names_of(file);
        let name = names.symbols[symbol].name.clone();
        let is_go = matches!(infer.modules, Modules::Go(_));
        let is_outer = names.symbols[symbol].scope == 0 && names.symbols[symbol].owner.is_none();
        if is_outer && !is_go {
            let offered = Some(Offer::Symbol(file.path.clone(), symbol));
            return Some(Family { members: HashSet::new(), ty: None, offered, name });
        }
        let is_member = names.types.iter().any(|ty| ty.members.iter().any(|member| member.symbol == symbol));
        if names.symbols[symbol].owner.is_some() && !is_member && matches!(infer.modules, Modules::Js(_)) {
            let here = (file.path.clone(), symbol);
            let offered = Some(Offer::Symbol(here.0.clone(), here.1));
            return Some(Family { members: HashSet::from([here]), ty: None, offered, name });
        }
        if let Some(number) = names.types.iter().position(|ty| ty.symbol == Some(symbol)) {
            let ty = Some(infer.key(file, number)).filter(|_| is_go)?;
            return Some(Family { members: HashSet::new(), ty: Some(ty), offered: None, name });
        }
        let has = |ty: &TypeDecl| ty.members.iter().any(|member| member.symbol == symbol);
        let number = names.types.iter().position(has)?;
        let ty = &names.types[number];
        let name = ty.members.iter().find(|member| member.symbol == symbol).map(|member| member.name.clone())?;
        let mut family =
            Family { members: HashSet::from([(file.path.clone(), symbol)]), ty: None, offered: None, name };
        // What a literal has is a member of what is expected in its place.
        if ty.is_literal {
            let key = infer.key(file, number);
            family.members.extend(family.above(infer, &key, true));
        }
        let mut links = family.links(infer, files);
        links.extend(family.satisfied(infer, files));
        links.extend(family.named_together(infer, files));
        let mut is_growing = true;
        while is_growing {
            is_growing = false;
            for (one, other) in &links {
                if family.members.contains(one) != family.members.contains(other) {
                    family.members.extend([one.clone(), other.clone()]);
                    is_growing = true;
                }
            }
        }
        Some(family)
    }

    /// Pairs of members of which one overrides the other, or both are declared for one type.
    fn links(&self, infer: &mut Infer<'_, '_>, files: &[Arc<FileNames>]) -> Vec<((String, usize), (String, usize))> {
        let mut links = Vec::new();
        for file in files {
            for (number, ty) in names_of(file).types.iter().enumerate() {
                let own: Vec<_> = ty.members.iter().filter(|member| member.name == self.name).collect();
                let Some(first) = own.first().filter(|_| ty.is_open && !ty.is_literal) else { continue };
                let here = (file.path.clone(), first.symbol);
                links.extend(own.iter().skip(1).map(|more| (here.clone(), (file.path.clone(), more.symbol))));
                // A class that is declared again under its name may be either.
                let is_again = |other: &&TypeDecl| other.symbol.is_some() && other.symbol == ty.symbol;
                let again = names_of(file).types[number + 1..].iter().filter(is_again);
                let twins = again.flat_map(|other| &other.members).filter(|member| member.name == self.name);
                links.extend(twins.map(|twin| (here.clone(), (file.path.clone(), twin.symbol))));
                let key = infer.key(file, number);
                if let Found::Declared(other, symbol, _) = infer.find_member(&key, &self.name) {
                    links.push((here.clone(), (other.path.clone(), symbol)));
                }
                for above in self.above(infer, &key, false) {
                    links.push((here.clone(), above));
                }
            }
        }
        links
    }

    /// Pairs of members that are named at one place, on a value that may be of either type. Only TypeScript says which
    /// types a value may have; elsewhere it may just be one after the other.
    fn named_together(
        &self,
        infer: &mut Infer<'_, '_>,
        files: &[Arc<FileNames>],
    ) -> Vec<((String, usize), (String, usize))> {
        let mut links = Vec::new();
        for file in
            files.iter().filter(|file| matches!(Lang::from_path(&file.path), Some(Lang::TypeScript | Lang::Tsx)))
        {
            for member in names_of(file).members.iter().filter(|member| member.name == self.name) {
                let on = infer.of(file, &member.on);
                let Type::Either(all) = infer.plain(on) else { continue };
                if all.iter().any(|one| matches!(one, Type::Unknown)) {
                    continue;
                }
                let mut first = None;
                for one in all {
                    let Type::Of(key, with) = infer.plain(one) else { continue };
                    let Found::Declared(file, symbol, _) = infer.find_with(&key, &with, &self.name).0 else { continue };
                    let here = (file.path.clone(), symbol);
                    match &first {
                        Some(first) => links.push((here, Clone::clone(first))),
                        None => first = Some(here),
                    }
                }
            }
        }
        links
    }

    /// Pairs of a method of an interface and that of a type that satisfies it.
    fn satisfied(
        &self,
        infer: &mut Infer<'_, '_>,
        files: &[Arc<FileNames>],
    ) -> Vec<((String, usize), (String, usize))> {
        let (mut interfaces, mut types) = (Vec::new(), Vec::new());
        for file in files.iter().filter(|_| matches!(infer.modules, Modules::Go(_))) {
            for (number, ty) in names_of(file).types.iter().enumerate() {
                let key = infer.key(file, number);
                if ty.is_interface {
                    interfaces.push((key.clone(), infer.methods(&key)));
                }
                types.push((key.clone(), infer.methods(&key)));
            }
        }
        let mut links = Vec::new();
        for (wanted, methods) in &interfaces {
            let Some(here) = methods.get(&self.name) else { continue };
            for (_, own) in types.iter().filter(|(key, _)| key != wanted) {
                let has =
                    |name: &String, shape: &Option<String>| own.get(name).is_some_and(|(_, other)| other == shape);
                if methods.iter().all(|(name, (_, shape))| has(name, shape))
                    && let Some((there, _)) = own.get(&self.name)
                {
                    links.push((here.0.clone(), there.clone()));
                }
            }
        }
        links
    }

    /// The members of the name in the types right above one.
    fn above(&self, infer: &mut Infer<'_, '_>, key: &Key, is_literal: bool) -> Vec<(String, usize)> {
        let above = if is_literal { infer.expected(key) } else { infer.above_with(key, &[]).0 };
        let found = above.iter().filter_map(|(key, with)| match infer.find_with(key, with, &self.name).0 {
            Found::Declared(file, symbol, _) => Some((file.path.clone(), symbol)),
            _ => None,
        });
        found.collect()
    }

    /// A member of the family, and one that has the other name already in the same type, above it or below it.
    pub fn taken(&self, infer: &mut Infer<'_, '_>, lang: Lang, other: &str) -> Option<(Declared, Declared)> {
        let before = ["#", STATIC].into_iter().find(|before| self.name.starts_with(before)).unwrap_or_default();
        let name = format!("{before}{other}");
        for file in infer.project.mentioning(lang, other) {
            for (number, ty) in names_of(&file).types.iter().enumerate() {
                let Some(member) = ty.members.iter().find(|member| member.name == name) else { continue };
                // A private name of a class inside would hide it.
                let own = self.members.iter().find(|(path, _)| *path == file.path && name.starts_with('#'));
                if let Some((_, symbol)) = own {
                    return Some(((Arc::clone(&file), *symbol), (Arc::clone(&file), member.symbol)));
                }
                let key = infer.key(&file, number);
                if let Found::Declared(own, symbol, _) = infer.find_member(&key, &self.name)
                    && self.members.contains(&(own.path.clone(), symbol))
                {
                    return Some(((own, symbol), (Arc::clone(&file), member.symbol)));
                }
            }
        }
        for (path, symbol) in &self.members {
            let Some(file) = infer.project.file(path) else { continue };
            let has = |ty: &TypeDecl| ty.members.iter().any(|member| member.symbol == *symbol);
            let Some(number) = names_of(&file).types.iter().position(has) else { continue };
            let key = infer.key(&file, number);
            if let Found::Declared(there, known, _) = infer.find_member(&key, &name) {
                return Some(((file, *symbol), (there, known)));
            }
        }
        None
    }

    /// Members by whose names something that is not seen may ask for the family, and why: what changes them may break that.
    pub fn concerns(&self, infer: &mut Infer<'_, '_>, files: &[Arc<FileNames>]) -> Vec<(Declared, &'static str)> {
        let outside = self.known_outside(infer).into_iter();
        let outside = outside.map(|one| (one, "something outside of the repository may call it by this name"));
        let similar = self.lookalikes(infer, files).into_iter();
        let similar = similar.map(|one| (one, "values of this type may be given where the other is asked for"));
        outside.chain(similar).collect()
    }

    /// Members of other types that a type of the family may stand in for, or they for it, since TypeScript and Python's
    /// protocols ask for no word of it: one of the two is an interface, and has no member that the other has not.
    fn lookalikes(&self, infer: &mut Infer<'_, '_>, files: &[Arc<FileNames>]) -> Vec<Declared> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for file in files.iter().filter(|_| !matches!(infer.modules, Modules::Go(_))) {
            for (number, ty) in names_of(file).types.iter().enumerate() {
                let Some(member) = ty.members.iter().find(|member| member.name == self.name) else { continue };
                let key = infer.key(file, number);
                let names = (infer.member_names(&key, false), infer.member_names(&key, true));
                let is_own = self.members.contains(&(file.path.clone(), member.symbol));
                let entry = (Arc::clone(file), member.symbol, ty.is_interface, names);
                if is_own { own.push(entry) } else { others.push(entry) }
            }
        }
        // What every value of the one has, the other has as well.
        type Names = (BTreeSet<String>, BTreeSet<String>);
        let fits = |one: &Names, other: &Names| one.1.is_subset(&other.0);
        others.retain(|(_, _, is_interface, names)| {
            own.iter().any(|(_, _, own_interface, own_names)| {
                *is_interface && fits(names, own_names) || *own_interface && fits(own_names, names)
            })
        });
        others.into_iter().map(|(file, symbol, _, _)| (file, symbol)).collect()
    }

    /// Members of the family whose types lie below something outside of the repository, which may know them by their name.
    fn known_outside(&self, infer: &mut Infer<'_, '_>) -> Vec<Declared> {
        let mut found = Vec::new();
        for (path, symbol) in &self.members {
            let Some(file) = infer.project.file(path) else { continue };
            let has = |ty: &TypeDecl| ty.members.iter().any(|member| member.symbol == *symbol);
            let Some(number) = names_of(&file).types.iter().position(has) else { continue };
            let is_literal = names_of(&file).types[number].is_literal;
            let is_method = names_of(&file).symbols[*symbol].kind == "method" || is_literal;
            if is_method && infer.lies_below_others(&infer.key(&file, number)) {
                found.push((file, *symbol));
            }
        }
        found
    }

    /// Whether an argument is given to a class by the name of a field of the family, which its constructor takes by that.
    pub fn is_field_of_made(&self, infer: &mut Infer<'_, '_>, file: &Arc<FileNames>, member: &Member) -> bool {
        let Type::Itself(key, _) = infer.of(file, &member.on) else { return false };
        let has_own = matches!(infer.find_member(&key, "__init__"), Found::Declared(..));
        match infer.find_member(&key, &self.name) {
            Found::Declared(file, symbol, _) if !has_own => self.members.contains(&(file.path.clone(), symbol)),
            _ => false,
        }
    }

    /// Whether a method of Python is named on its class, so that a call passes the object as well.
    pub fn is_named_on_type(&self, infer: &mut Infer<'_, '_>, file: &Arc<FileNames>, member: &Member) -> bool {
        matches!(infer.modules, Modules::Python(_)) && matches!(infer.of(file, &member.on), Type::Itself(..))
    }

    /// Whether an access in a file means a member of the family.
    pub fn judge(&self, infer: &mut Infer<'_, '_>, file: &Arc<FileNames>, member: &Member) -> Verdict {
        let on = infer.of(file, &member.on);
        self.verdict(infer, &on)
    }

    fn verdict(&self, infer: &mut Infer<'_, '_>, on: &Type) -> Verdict {
        match on {
            Type::Unknown => Verdict::Open,
            Type::Of(key, with) | Type::Itself(key, with) => match infer.find_on(key, with, self.name(), is_type(on)).0
            {
                Found::Declared(file, symbol, _) if self.members.contains(&(file.path.clone(), symbol)) => Verdict::Is,
                Found::Embedded(Type::Of(key, _)) if self.ty.as_ref() == Some(&key) => Verdict::Is,
                Found::Declared(..) | Found::Embedded(_) => Verdict::Other,
                // Then it would not run: what the value is was misread.
                Found::None | Found::Unsure => match infer.beside(key, &self.name) {
                    Some((file, symbol)) if self.members.contains(&(file.path.clone(), symbol)) => Verdict::Is,
                    Some(_) => Verdict::Other,
                    None => Verdict::Open,
                },
            },
            Type::Either(all) => {
                let all: Vec<Verdict> = all.iter().map(|one| self.verdict(infer, one)).collect();
                match () {
                    () if all.contains(&Verdict::Is) && all.contains(&Verdict::Other) => Verdict::Open,
                    () if all.contains(&Verdict::Is) => Verdict::Is,
                    () if all.contains(&Verdict::Open) => Verdict::Open,
                    () => Verdict::Other,
                }
            }
            Type::Variable(..) | Type::Generic(..) | Type::Both(..) => match infer.plain(on.clone()) {
                Type::Variable(..) | Type::Generic(..) => Verdict::Open,
                plain => self.verdict(infer, &plain),
            },
            Type::Namespace(file, symbol) => match held(file, *symbol, &self.name) {
                Some(symbol) if self.members.contains(&(file.path.clone(), symbol)) => Verdict::Is,
                _ => Verdict::Other,
            },
            Type::Module(module) if self.offered.is_some() => {
                let offer = match &self.offered {
                    Some(Offer::Name(..)) => offering(infer.project, infer.modules, module, &self.name)
                        .map(|(file, _)| Offer::Name(infer.modules.own(&file), self.name.clone())),
                    _ => {
                        infer.origin(module, &self.name).map(|(file, symbol)| Offer::Symbol(file.path.clone(), symbol))
                    }
                };
                if offer == self.offered { Verdict::Is } else { Verdict::Other }
            }
            // Its keys may be those of a type.
            Type::Map(key, _) if matches!(infer.modules, Modules::Js(_)) && !is_plain(key) => Verdict::Open,
            // A function has none that somebody declared: a decorator has made something else of it.
            Type::Function(..) if matches!(infer.modules, Modules::Python(_)) => Verdict::Open,
            _ => Verdict::Absent,
        }
    }
}

/// Whether it is text or numbers, and nothing that a type of the repository names.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Foreign | Type::Literal(_) => true,
        Type::Either(all) => all.iter().all(is_plain),
        _ => false,
    }
}
