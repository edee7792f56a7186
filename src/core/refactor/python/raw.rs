//! What a walk over a module writes down, before it is known what names mean.

use std::ops::Range;

/// What kind of scope it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// The body of a class. Functions inside do not see its names.
    Class,
    /// A function or lambda.
    Function,
    /// A comprehension, or type parameters.
    Inner,
}

/// A scope.
#[derive(Debug)]
pub struct RawScope {
    /// Its kind.
    pub kind: ScopeKind,
    /// The scope around it.
    pub parent: Option<usize>,
    /// Names that are said to belong to the module.
    pub globals: Vec<String>,
    /// Names that are said to belong to a function around it.
    pub nonlocals: Vec<String>,
    /// The event that binds the function or class whose body it is.
    pub bound_by: Option<usize>,
}

/// A name at a place.
#[derive(Debug)]
pub struct Event {
    /// The name.
    pub name: String,
    /// Where.
    pub span: Range<usize>,
    /// In which scope.
    pub scope: usize,
    /// What it binds, in Python's words; `None` where it only reads.
    pub binds: Option<&'static str>,
}

/// `a.b.c`, from the second name on: the path to it, its name and place.
#[derive(Debug)]
pub struct Attribute {
    /// The event of the first name, if the chain begins with one.
    pub object: Option<usize>,
    /// The names between.
    pub path: Vec<String>,
    /// Its name.
    pub name: String,
    /// Where.
    pub span: Range<usize>,
    /// The scope of the class whose instance or self it is read from.
    pub of_class: Option<usize>,
    /// Whether it is `super()` that it is read from: what the class itself has does not count.
    pub is_super: bool,
    /// Whether something is put there.
    pub is_bound: bool,
}

/// A keyword argument: the event of the called name, the path from it, the keyword.
#[derive(Debug)]
pub struct Keyword {
    /// The event of the first name of what is called, if it begins with one.
    pub object: Option<usize>,
    /// The last name of what is called.
    pub called: String,
    /// The names between.
    pub path: Vec<String>,
    /// The keyword.
    pub name: String,
    /// Where.
    pub span: Range<usize>,
}

/// An import.
#[derive(Debug)]
pub struct RawImport {
    /// The module, with leading dots.
    pub from: String,
    /// The name taken from it, with its place; without one the module itself.
    pub name: Option<(String, Range<usize>)>,
    /// The event that binds the local name; without one everything is taken.
    pub event: Option<usize>,
    /// Whether the local name is the very place of the imported one.
    pub is_same: bool,
}
