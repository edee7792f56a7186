//! What the types in JSDoc comments say of values, where the language itself cannot: in JavaScript.

use std::sync::Arc;

use super::jsdoc::{self, Said};
use super::library::of_language;
use super::reader::Reader;
use crate::core::refactor::types::Clue;

/// How deep a type may nest.
const MAX_DEPTH: usize = 16;

impl Reader<'_> {
    /// The comment that says what a function is, by the place at which the function begins.
    fn said_of(&self, function: u32) -> Vec<Said<'_>> {
        let at = self.documents.get(&function);
        at.and_then(|at| self.comments.get(at)).map(|comment| jsdoc::said(comment)).unwrap_or_default()
    }

    /// Says where the comment hangs that is about a function.
    pub(super) fn documented_at(&mut self, function: u32, at: u32) {
        if self.is_script && self.comments.contains_key(&at) {
            self.documents.insert(function, at);
        }
    }

    /// What a comment says of a parameter: by its name, or of a pattern by its number.
    pub(super) fn said_of_parameter(&self, function: u32, name: Option<&str>, number: usize) -> Clue {
        let said = self.said_of(function);
        let mut parameters = said.iter().filter(|said| said.tag == "param" && !said.name.contains('.'));
        let found = match name {
            Some(name) => parameters.find(|said| said.name == name),
            None => parameters.nth(number),
        };
        found.map_or(Clue::Unknown, |said| read(said.is))
    }

    /// What a comment says that a function gives.
    pub(super) fn said_of_result(&self, function: u32) -> Clue {
        let said = self.said_of(function);
        said.iter().find(|said| said.tag == "returns").map_or(Clue::Unknown, |said| read(said.is))
    }

    /// What a comment says that a variable or a member is, by the place at which its statement begins.
    pub(super) fn said_of_value(&self, at: Option<u32>) -> Clue {
        let comment = at.filter(|_| self.is_script).and_then(|at| self.comments.get(&at));
        let said = comment.map(|comment| jsdoc::said(comment)).unwrap_or_default();
        said.iter().find(|said| said.tag == "type").map_or(Clue::Unknown, |said| read(said.is))
    }
}

/// What a type says, as comments write it.
pub(super) fn read(text: &str) -> Clue {
    let mut parser = Parser { rest: text, depth: 0 };
    let clue = parser.union();
    // What was not understood to its end says nothing.
    if parser.rest.trim_start_matches(['=', ' ']).is_empty() { clue } else { Clue::Unknown }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn eat(&mut self, what: &str) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '*', '\t']);
        match self.rest.strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &'t str {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let len = self.rest.find(|c: char| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(len);
        self.rest = rest;
        word
    }

    fn union(&mut self) -> Clue {
        self.eat("|");
        let mut all = vec![self.postfix()];
        while self.eat("|") {
            all.push(self.postfix());
        }
        Clue::either(all)
    }

    fn postfix(&mut self) -> Clue {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        let mut is = self.prefix();
        while self.eat("[]") {
            is = Clue::List(Arc::new(is));
        }
        self.depth -= 1;
        is
    }

    fn prefix(&mut self) -> Clue {
        if self.eat("...") {
            return Clue::List(Arc::new(self.postfix()));
        }
        if self.eat("?") || self.eat("!") {
            return self.postfix();
        }
        if self.eat("(") {
            let is = self.union();
            return if self.eat(")") { is } else { Clue::Unknown };
        }
        if let Some(quote) = ["\"", "'"].into_iter().find(|quote| self.eat(quote)) {
            let Some((text, rest)) = self.rest.split_once(quote) else { return Clue::Unknown };
            self.rest = rest;
            return Clue::Literal(format!("\"{text}\""));
        }
        self.eat("");
        match self.word() {
            "" => Clue::Unknown,
            "typeof" => {
                self.eat("");
                Clue::Outer(self.word().to_owned())
            }
            "import" => self.imported(),
            name => {
                let name = name.to_owned();
                self.named(name)
            }
        }
    }

    /// `import("m").A`.
    fn imported(&mut self) -> Clue {
        if !self.eat("(") {
            return Clue::Unknown;
        }
        let Some(quote) = ["\"", "'"].into_iter().find(|quote| self.eat(quote)) else { return Clue::Unknown };
        let Some((from, rest)) = self.rest.split_once(quote) else { return Clue::Unknown };
        self.rest = rest;
        if !self.eat(")") || !self.eat(".") {
            return Clue::Unknown;
        }
        let name = self.word().to_owned();
        let mut of = Clue::Imported(from.to_owned(), name);
        while self.eat(".") {
            of = Clue::member(of, self.word());
        }
        Clue::instance(of)
    }

    fn named(&mut self, name: String) -> Clue {
        let mut with = Vec::new();
        let mut of = Clue::Outer(name.clone());
        while self.rest.starts_with('.') && !self.rest.starts_with(".<") && !self.rest.starts_with("...") {
            self.rest = &self.rest[1..];
            of = Clue::member(of, self.word());
        }
        if self.eat(".<") || self.eat("<") {
            with.push(self.union());
            while self.eat(",") {
                with.push(self.union());
            }
            if !self.eat(">") {
                return Clue::Unknown;
            }
        }
        match name.as_str() {
            "Object" | "object" | "Function" if with.len() < 2 => Clue::Unknown,
            "Object" | "object" => of_language("Record", &with).unwrap_or_default(),
            "string" | "number" | "boolean" | "null" | "undefined" | "void" | "bigint" | "symbol" | "String"
            | "Number" | "Boolean" | "RegExp" | "Date" => Clue::Basic,
            name => match of_language(name, &with) {
                Some(clue) => clue,
                None if with.is_empty() => Clue::instance(of),
                None => Clue::instance(Clue::Applied(Arc::new(of), with)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_comments_write_them() {
        let a = || Clue::instance(Clue::Outer("A".into()));
        let list = |of| Clue::List(Arc::new(of));
        for (text, expected) in [
            ("A", a()),
            ("?A", a()),
            ("A=", a()),
            ("(A|null)", a()),
            ("A[]", list(a())),
            ("Array<A>", list(a())),
            ("Array.<!A>", list(a())),
            ("...A", list(a())),
            ("Promise<A | undefined>", a()),
            ("Map<string, A[]>", Clue::Map(Arc::new(Clue::Basic), Arc::new(list(a())))),
            ("import('./m').A", Clue::instance(Clue::Imported("./m".into(), "A".into()))),
            ("typeof A", Clue::Outer("A".into())),
            ("n.A", Clue::instance(Clue::member(Clue::Outer("n".into()), "A"))),
            ("string", Clue::Basic),
            ("{ a: A }", Clue::Unknown),
            ("function(A): B", Clue::Unknown),
            ("A B", Clue::Unknown),
            ("Array<A", Clue::Unknown),
            ("", Clue::Unknown),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(&"(".repeat(5000)), Clue::Unknown);
    }
}
