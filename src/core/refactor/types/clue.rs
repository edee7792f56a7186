//! What a file says about the types of its values, before any other file is asked.

use std::sync::Arc;

use crate::core::refactor::names::Symbol;

/// What is said of a value, or of a name that stands for a type.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Clue {
    /// Nothing that could be used.
    #[default]
    Unknown,
    /// Something of the language's own: no type of the repository.
    Basic,
    /// What a symbol of this file stands for.
    Symbol(usize),
    /// What a name stands for that this file does not declare.
    Free(String),
    /// What a name stands for at the top of this file, where a comment names it.
    Outer(String),
    /// What another file offers, by the file as it is written and the name.
    Imported(String, String),
    /// The type with this number in the file's list, itself.
    Type(usize),
    /// What lies in a type beneath the one with this number: `super`.
    Above(usize),
    /// What `new` makes of a value.
    Made(Arc<Clue>),
    /// A value of the type that the other stands for.
    Instance(Arc<Clue>),
    /// A member of a value.
    Member(Arc<Clue>, String),
    /// What a literal is to hold under a name: a member of what is asked for, or a value of a table.
    Under(Arc<Clue>, String),
    /// What calling a value gives.
    Call(Arc<Clue>),
    /// A function with what it gives.
    Function(Arc<Clue>),
    /// A function with its parameters and what it gives, where literals are passed to it.
    Typed(Vec<Clue>, Arc<Clue>),
    /// What has type parameters of its own, by their symbols: a function, or another name for a type.
    Generic(Vec<usize>, Arc<Clue>),
    /// What has type parameters, with what is written for them.
    Applied(Arc<Clue>, Vec<Clue>),
    /// A callee with what it is passed, and what is expected of what it gives.
    With(Arc<Clue>, Vec<Clue>, Option<Arc<Clue>>),
    /// What is asked for where a literal stands: nothing, where a part of it is not known.
    Asked(Arc<Clue>),
    /// What a call passes at a place: the callee and the number.
    Argument(Arc<Clue>, usize),
    /// A value of the type that a method was called on, which is this one at least.
    Receiver(Arc<Clue>),
    /// A text or number that is all that a value can be.
    Literal(String),
    /// A value where one of its members is one of these, or none of them.
    Tagged(Arc<Clue>, Box<Tag>),
    /// What a function gives that says of its argument what that is.
    Guard(Arc<Clue>),
    /// A value of which a function has said what it is: the callee and the value.
    Guarded(Arc<Clue>, Arc<Clue>),
    /// A list, or whatever gives one kind of thing when it is walked.
    List(Arc<Clue>),
    /// A table: its keys and its values.
    Map(Arc<Clue>, Arc<Clue>),
    /// What an index gives.
    Element(Arc<Clue>),
    /// What walking over a value gives.
    Each(Arc<Clue>),
    /// The key that comes with it.
    Key(Arc<Clue>),
    /// Several values at once.
    Tuple(Vec<Clue>),
    /// One of several values, counted from 0.
    Item(Arc<Clue>, usize),
    /// One or another.
    Either(Vec<Clue>),
}

/// A member by which the types that a value may have are told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<Clue>,
    /// Whether it is one of them.
    pub is_one: bool,
}

/// A type, or a part of one: a class, a struct, an interface, the methods that a file declares of a type.
#[derive(Debug, Default)]
pub struct TypeDecl {
    /// The name by which all files of its module know it.
    pub name: Option<String>,
    /// The symbol that stands for it, if this file declares it.
    pub symbol: Option<usize>,
    /// Its type parameters, by their symbols.
    pub parameters: Vec<usize>,
    /// What it inherits from or promises to be, as names of types.
    pub above: Vec<Clue>,
    /// What a literal takes over from other values: their members are its own, unless it has one of the name.
    pub spread: Vec<Clue>,
    /// Members of what lies above that it has not: `Omit<T, 'a'>`.
    pub hidden: Vec<String>,
    /// What it is made of, where it is no struct and no class.
    pub underlying: Clue,
    /// Its members.
    pub members: Vec<MemberDecl>,
    /// Whether members may be overridden in types that inherit.
    pub is_open: bool,
    /// Whether it is only a value that is written down, whose members are those of what is expected in its place.
    pub is_literal: bool,
    /// Whether any type satisfies it that has its methods.
    pub is_interface: bool,
}

/// What stands before the names of members that a class of JavaScript has itself, and its values have not.
pub const STATIC: &str = "static ";

/// The name under which a type holds what makes values, `new () => T`; no code can write it.
pub const NEW: &str = "new ()";

/// A member where its type declares it.
#[derive(Debug)]
pub struct MemberDecl {
    /// Its name.
    pub name: String,
    /// The symbol that stands for it.
    pub symbol: usize,
    /// What it is; a method is a function.
    pub is: Clue,
    /// Whether a value may lack it.
    pub is_optional: bool,
    /// What a method takes and gives, as it is written, where that decides which interfaces a type satisfies.
    pub shape: Option<String>,
}

impl Clue {
    /// A value of a type.
    pub fn instance(of: Clue) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => of,
            of => Clue::Instance(Arc::new(of)),
        }
    }

    /// A member of a value.
    pub fn member(of: Clue, name: &str) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => of,
            of => Clue::Member(Arc::new(of), name.to_owned()),
        }
    }

    /// What a literal is to hold under a name.
    pub fn under(of: Clue, name: &str) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => of,
            of => Clue::Under(Arc::new(of), name.to_owned()),
        }
    }

    /// What calling a value gives. A function of the language or a library may give back what it was given.
    pub fn call(of: Clue) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => Clue::Unknown,
            of => Clue::Call(Arc::new(of)),
        }
    }

    /// What an index gives.
    pub fn element(of: Clue) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => Clue::Unknown,
            of => Clue::Element(Arc::new(of)),
        }
    }

    /// One of several values.
    pub fn item(of: Clue, number: usize) -> Clue {
        match of {
            Clue::Unknown | Clue::Basic => of,
            of => Clue::Item(Arc::new(of), number),
        }
    }

    /// Whether it is, or gives, what a method was called on.
    pub fn names_receiver(&self) -> bool {
        match self {
            Clue::Receiver(_) => true,
            Clue::Function(gives) | Clue::Typed(_, gives) | Clue::Generic(_, gives) => gives.names_receiver(),
            Clue::Either(all) => all.iter().any(Clue::names_receiver),
            _ => false,
        }
    }

    /// Whether it says all that another one says.
    pub fn says(&self, other: &Clue) -> bool {
        self == other || matches!(self, Clue::Either(all) if all.len() > 8 || all.iter().any(|one| one.says(other)))
    }

    /// The name by which a type is embedded in another one.
    pub fn base_name<'a>(&'a self, symbols: &'a [Symbol]) -> Option<&'a str> {
        match self {
            Clue::Instance(of) | Clue::Applied(of, _) => of.base_name(symbols),
            Clue::Symbol(symbol) => Some(&symbols[*symbol].name),
            Clue::Free(name) | Clue::Member(_, name) => Some(name),
            _ => None,
        }
    }

    /// One or another; what is nothing but `null` does not count, nor do texts beside anything else.
    pub fn either(all: Vec<Clue>) -> Clue {
        let mut kept: Vec<Clue> = Vec::new();
        let is_plain = |clue: &Clue| matches!(clue, Clue::Basic | Clue::Literal(_));
        let has_more = !all.iter().all(is_plain);
        for clue in all {
            if clue != Clue::Basic && !kept.contains(&clue) && !(has_more && is_plain(&clue)) {
                kept.push(clue);
            }
        }
        match kept.len() {
            0 => Clue::Basic,
            1 => kept.remove(0),
            _ => Clue::Either(kept),
        }
    }
}
