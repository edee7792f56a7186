//! What comments say of names: in JavaScript they hold the types, and may declare and import them.

use std::collections::HashMap;

use oxc_ast::ast::Comment;
use oxc_span::Span;

use super::doctype;
use super::jsdoc::{self, Declared};
use super::reader::{Reader, range};
use crate::core::refactor::names::{Export, Form, Import, Mention, Symbol, Taken, Text};
use crate::core::refactor::types::TypeDecl;

impl Reader<'_> {
    /// Adds what comments say.
    pub fn finish(mut self, comments: &[Comment]) {
        self.names.texts.extend(comments.iter().map(|c| Text { span: range(c.span), is_comment: true }));
        let mut outer: HashMap<String, usize> = (0..self.names.symbols.len())
            .filter(|symbol| self.names.symbols[*symbol].scope == 0)
            .map(|symbol| (self.names.symbols[symbol].name.clone(), symbol))
            .collect();
        let mut inner: HashMap<(u32, String), usize> = HashMap::new();
        let is_script = self.is_script;
        for comment in comments.iter().filter(|_| is_script) {
            self.declared(comment, &mut outer, &mut inner);
        }
        for comment in comments {
            let start = comment.span.start as usize;
            let text = self.text;
            for named in jsdoc::references(&text[range(comment.span)], self.is_script) {
                let own = inner.get(&(comment.span.start, named.name.to_owned()));
                // A variable is no type, unless it is imported as one.
                let may_be = |symbol: &&usize| {
                    !named.is_type
                        || self.names.symbols[**symbol].kind != "variable"
                        || self.names.imports.iter().any(|import| import.symbol == Some(**symbol))
                };
                if let Some(symbol) = own.or_else(|| outer.get(named.name)).filter(may_be) {
                    self.said(start + named.at, named.name, *symbol, false, Form::Plain);
                }
            }
        }
        for one in std::mem::take(&mut self.documented) {
            let find = if one.is_type { jsdoc::templates } else { jsdoc::parameters };
            for comment in comments.iter().filter(|c| one.owners.contains(&c.attached_to)) {
                let start = comment.span.start as usize;
                for at in find(&self.text[range(comment.span)], &one.name) {
                    let span = start + at..start + at + one.name.len();
                    let (symbol, scope, form) = (Some(one.symbol), one.scope, Form::Plain);
                    self.names.mentions.push(Mention { span, symbol, scope, form, is_declaration: false });
                }
            }
        }
    }

    fn said(&mut self, at: usize, name: &str, symbol: usize, is_declaration: bool, form: Form) {
        let span = at..at + name.len();
        self.names.mentions.push(Mention { span, symbol: Some(symbol), scope: 0, form, is_declaration });
    }

    /// The types that a comment declares and imports.
    fn declared(
        &mut self,
        comment: &Comment,
        outer: &mut HashMap<String, usize>,
        inner: &mut HashMap<(u32, String), usize>,
    ) {
        let start = comment.span.start as usize;
        let text = self.text;
        for declared in jsdoc::declared(&text[range(comment.span)]) {
            match declared {
                Declared::Type(name, at) if !outer.contains_key(name) => {
                    let symbol = self.typed_symbol(name, "type");
                    outer.insert(name.to_owned(), symbol);
                    self.names.exports.push(Export::Declared { symbol });
                    self.said(start + at, name, symbol, true, Form::Plain);
                    self.type_of(&text[range(comment.span)], start, name, symbol);
                }
                Declared::Parameter(name, at) => {
                    let symbol = self.alone(name, "type parameter");
                    inner.insert((comment.span.start, name.to_owned()), symbol);
                    self.said(start + at, name, symbol, true, Form::Plain);
                }
                Declared::Taken(from, (name, at), alias) => {
                    let (local, place) = alias.unwrap_or((name, at));
                    if outer.contains_key(local) {
                        continue;
                    }
                    let symbol = self.typed_symbol(local, "import");
                    outer.insert(local.to_owned(), symbol);
                    let form = if alias.is_some() { Form::Plain } else { Form::Import };
                    self.said(start + place, local, symbol, true, form);
                    self.taken(from, name, start + at, Some(symbol), alias.is_none());
                }
                Declared::Named(from, (name, at)) => self.taken(from, name, start + at, None, false),
                Declared::Type(..) => {}
            }
        }
    }

    /// What a comment says of a type that it declares: another type, or the properties of an object.
    fn type_of(&mut self, comment: &str, start: usize, name: &str, symbol: usize) {
        let mut said = jsdoc::said(comment).into_iter().skip_while(|said| said.name != name || said.tag != "typedef");
        let Some(declared) = said.next() else { return };
        let properties: Vec<_> = said.take_while(|said| said.tag == "property" && !said.name.contains('.')).collect();
        if properties.is_empty() {
            let is = doctype::read(declared.is);
            return self.says(Some(symbol), is);
        }
        self.names.types.push(TypeDecl { symbol: Some(symbol), name: Some(name.to_owned()), ..TypeDecl::default() });
        let number = self.names.types.len() - 1;
        (self.names.types[number].is_open, self.names.types[number].is_interface) = (true, true);
        for one in properties {
            let is = doctype::read(one.is);
            let at = u32::try_from(start + one.at).unwrap_or(u32::MAX);
            let span = Span::new(at, at + u32::try_from(one.name.len()).unwrap_or(0));
            self.joins_as(number, one.name, Some(span), "field", is, Form::Plain);
        }
    }

    fn taken(&mut self, from: &str, name: &str, at: usize, symbol: Option<usize>, is_same: bool) {
        let what = Taken::Name { name: name.to_owned(), span: at..at + name.len(), is_same };
        self.names.imports.push(Import { from: from.to_owned(), what, symbol });
    }

    fn typed_symbol(&mut self, name: &str, kind: &'static str) -> usize {
        self.names.symbols.push(Symbol { name: name.to_owned(), kind, scope: 0, owner: None });
        self.names.symbols.len() - 1
    }
}
