//! What one file says about names: which it declares, where it mentions them, what it takes from other files and
//! what it offers them. The same for every language; each has a reader that fills it in.

use std::collections::HashMap;
use std::ops::Range;

use super::types::{Clue, TypeDecl};

/// What a file says about names.
#[derive(Debug, Default)]
pub struct Names {
    /// The package that it says to belong to, where files say so.
    pub package: Option<String>,
    /// What is declared.
    pub symbols: Vec<Symbol>,
    /// Every place where a name stands for something declared, or for something that is not declared here, in order.
    pub mentions: Vec<Mention>,
    /// The scopes; the first is the file's own.
    pub scopes: Vec<Scope>,
    /// What is taken from other files.
    pub imports: Vec<Import>,
    /// What is offered to other files.
    pub exports: Vec<Export>,
    /// Members named on a symbol, such as `b` in `a.b`.
    pub accesses: Vec<Access>,
    /// Members named on values, and arguments.
    pub members: Vec<Member>,
    /// Types, and parts of types.
    pub types: Vec<TypeDecl>,
    /// What symbols are, where their declarations say it.
    pub clues: HashMap<usize, Clue>,
    /// What symbols are as types, where they are other names for types; one may be a value's name, too.
    pub aliases: HashMap<usize, Clue>,
    /// What type parameters are where nothing is written for them.
    pub defaults: HashMap<usize, Clue>,
    /// What the file is as a whole: `module.exports = …`.
    pub whole: Option<Clue>,
    /// Comments and strings.
    pub texts: Vec<Text>,
}

/// A member named on some value, or an argument named in a call.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Range<usize>,
    /// How it stands there.
    pub form: Form,
    /// For an argument, the name by which is called.
    pub called: Option<String>,
    /// What it is named on, as far as this file says it.
    pub on: Clue,
}

impl Member {
    /// A member that stands alone.
    pub fn new(name: &str, span: Range<usize>, on: Clue) -> Member {
        Member { name: name.to_owned(), span, form: Form::Plain, called: None, on }
    }
}

/// A comment or a string.
#[derive(Debug)]
pub struct Text {
    /// Its bytes.
    pub span: Range<usize>,
    /// Whether it is a comment.
    pub is_comment: bool,
}

/// Something declared.
#[derive(Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, in the language's own words.
    pub kind: &'static str,
    /// The scope it is declared in.
    pub scope: usize,
    /// The symbol whose member it is, such as the enum of an enum member: others name it through that.
    pub owner: Option<usize>,
}

/// A stretch of code within which names have a meaning.
#[derive(Debug)]
pub struct Scope {
    /// The scope around it.
    pub parent: Option<usize>,
    /// Whether only code directly inside sees its names, and not what is nested deeper: a Python class.
    pub is_class: bool,
}

/// How a name stands in the code, which says what must be written when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Alone.
    Plain,
    /// `{ a }`: the key of a property and its value at once.
    Shorthand,
    /// `{ a } = …`: the key of a property and the binding at once.
    Pattern,
    /// `import { a }`: the name over there and the name here.
    Import,
    /// `export { a }`: the name here and the name over there.
    Export,
}

/// A place where a name is mentioned.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The bytes of the name.
    pub span: Range<usize>,
    /// What it stands for, if that is declared in this file.
    pub symbol: Option<usize>,
    /// The scope it stands in.
    pub scope: usize,
    /// How it stands there.
    pub form: Form,
    /// Whether it declares.
    pub is_declaration: bool,
}

/// Something taken from another file.
#[derive(Debug)]
pub struct Import {
    /// The file, as it is written; empty for the other files of the same package.
    pub from: String,
    /// What is taken.
    pub what: Taken,
    /// What it is called here, if it has a name here.
    pub symbol: Option<usize>,
}

/// What is taken from a file.
#[derive(Debug)]
pub enum Taken {
    /// One of its names, with the place where that stands; its form is the mention's, if both are one.
    Name {
        /// The name.
        name: String,
        /// Where it stands.
        span: Range<usize>,
        /// Whether that place is the local name, too.
        is_same: bool,
    },
    /// What it offers by default.
    Default,
    /// All of it, as one thing with members.
    Whole,
    /// All of its names.
    All,
}

/// Something offered to other files.
#[derive(Debug)]
pub enum Export {
    /// A declaration, under its own name: `export function f`.
    Declared {
        /// What it is.
        symbol: usize,
    },
    /// Something of this file, without its name: `export default f`.
    Default {
        /// What it is.
        symbol: usize,
    },
    /// Something of this file by a list: `export { a as b }`.
    Listed {
        /// Its name for others.
        name: String,
        /// Where that name stands, if it is not the place of the name here.
        alias: Option<Range<usize>>,
        /// What it is.
        symbol: usize,
    },
    /// Something of another file: `export { a as b } from "m"`.
    Passed {
        /// The file, as it is written.
        from: String,
        /// Its name there.
        imported: String,
        /// Where that stands.
        span: Range<usize>,
        /// Its name for others.
        name: String,
        /// Where that name stands, if it is not the place of its name there.
        alias: Option<Range<usize>>,
    },
    /// All of another file: `export * from "m"`.
    All {
        /// The file, as it is written.
        from: String,
    },
    /// All of another file under a name: `export * as ns from "m"`.
    AllAs {
        /// The file, as it is written.
        from: String,
        /// Its name for others.
        name: String,
        /// Where that name stands.
        span: Range<usize>,
    },
    /// A member of what the file is: `exports.a = …`, `module.exports = { a }`.
    Assigned {
        /// Its name.
        name: String,
        /// Where it stands.
        span: Range<usize>,
        /// How it stands there.
        form: Form,
        /// What is assigned.
        is: Clue,
    },
}

/// A member named on a symbol, or an argument named in a call of it.
#[derive(Debug)]
pub struct Access {
    /// The symbol.
    pub object: usize,
    /// The names between: `b` in `a.b.c`.
    pub path: Vec<String>,
    /// The member's name.
    pub name: String,
    /// Where it stands.
    pub span: Range<usize>,
    /// Whether it names an argument: `c` in `a.b(c=1)`.
    pub is_keyword: bool,
}

/// A place in a file, for people and for edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The bytes.
    pub span: Range<usize>,
}

impl Export {
    /// The name that is given to something only for others, and where it stands.
    pub fn alias(&self) -> Option<(&str, &Range<usize>)> {
        match self {
            Export::Listed { name, alias: Some(span), .. }
            | Export::Passed { name, alias: Some(span), .. }
            | Export::AllAs { name, span, .. } => Some((name, span)),
            _ => None,
        }
    }
}

impl Import {
    /// Tells whether what is taken whole is offered in turn, under no name of its own.
    pub fn is_passed_on(&self) -> bool {
        matches!(self.what, Taken::All) && !self.from.is_empty()
    }
}

impl Names {
    /// Tells whether other files can take a symbol, under whatever name.
    pub fn is_offered(&self, symbol: usize) -> bool {
        self.exports.iter().any(|export| match export {
            Export::Declared { symbol: of } | Export::Default { symbol: of } | Export::Listed { symbol: of, .. } => {
                *of == symbol
            }
            _ => false,
        })
    }

    /// The mention that covers an offset.
    pub fn mention_at(&self, offset: usize) -> Option<&Mention> {
        self.mentions.iter().find(|mention| mention.span.start <= offset && offset <= mention.span.end)
    }

    /// All mentions of a symbol, in order.
    pub fn mentions_of(&self, symbol: usize) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |mention| mention.symbol == Some(symbol))
    }

    /// Tells whether a scope is another one or lies in it.
    pub fn is_within(&self, scope: usize, outer: usize) -> bool {
        std::iter::successors(Some(scope), |at| self.scopes.get(*at).and_then(|scope| scope.parent))
            .any(|at| at == outer)
    }
}
