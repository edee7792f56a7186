//! What is known while a syntax tree is walked.

use std::collections::HashMap;
use std::ops::Range;

use oxc_ast::ast::{BindingPattern, Comment, FormalParameters, IdentifierReference, LabelIdentifier, TSTypeParameter};
use oxc_semantic::Scoping;
use oxc_span::Span;
use oxc_syntax::scope::ScopeId;

use crate::core::refactor::names::{Access, Form, Mention, Names, Scope, Symbol};
use crate::core::refactor::types::Clue;

/// Walks a tree after its semantic analysis.
pub struct Reader<'a> {
    pub(super) scoping: &'a Scoping,
    pub(super) text: &'a str,
    pub(super) names: &'a mut Names,
    pub(super) scopes: Vec<ScopeId>,
    /// The form of the identifier at a place that comes next.
    pub(super) form: Option<(Form, Span)>,
    /// The namespaces around here.
    pub(super) namespaces: Vec<Option<usize>>,
    /// Labels around here: name and symbol.
    pub(super) labels: Vec<(String, usize)>,
    /// Where the statements, members and properties around here begin.
    pub(super) owners: Vec<u32>,
    /// Whether it is JavaScript, where comments hold the types.
    pub(super) is_script: bool,
    /// Whether it does nothing but declare: `.d.ts`.
    pub(super) is_ambient: bool,
    /// The comments that say something of values, by the places that they hang at.
    pub(super) comments: HashMap<u32, &'a str>,
    /// Where the comments hang that are about functions, by the places at which these begin.
    pub(super) documents: HashMap<u32, u32>,
    /// The numbers of the types that were met, by their places.
    pub(super) numbers: HashMap<(u32, u32), usize>,
    /// What is expected of the literals and functions that begin at a place.
    pub(super) expected: HashMap<u32, Clue>,
    /// What is expected of what calls give, by their places.
    pub(super) wanted: HashMap<(u32, u32), Clue>,
    /// What `this` is around here: a type, and whether it is that itself.
    pub(super) selves: Vec<Option<(usize, bool)>>,
    /// The classes and the objects around here.
    pub(super) around: Vec<usize>,
    /// Whether the function that comes next is a method.
    pub(super) is_method: bool,
    /// What the functions around here are expected to return.
    pub(super) results: Vec<Clue>,
    /// What is assigned to the member of `exports` that comes next.
    pub(super) exported: Option<(Span, Clue)>,
    /// What values are just here, where a test said so.
    pub(super) narrowed: Vec<(Clue, Clue)>,
    /// How deep in an expression one is.
    pub(super) depth: usize,
    /// Parameters about which comments may say something.
    pub(super) documented: Vec<Documented>,
}

/// A parameter about which a comment may say something.
pub(super) struct Documented {
    pub name: String,
    pub symbol: usize,
    pub scope: usize,
    /// The places at which the comment may hang.
    pub owners: Vec<u32>,
    /// Whether it stands for a type.
    pub is_type: bool,
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl<'a> Reader<'a> {
    /// Nothing is walked yet.
    pub fn new(
        scoping: &'a Scoping,
        text: &'a str,
        is_script: bool,
        comments: &[Comment],
        names: &'a mut Names,
    ) -> Reader<'a> {
        let said =
            comments.iter().filter(|_| is_script).map(|comment| (comment.attached_to, &text[range(comment.span)]));
        Reader {
            comments: said.filter(|(_, text)| text.starts_with("/**") && text.contains('@')).collect(),
            documents: HashMap::new(),
            scoping,
            text,
            names,
            scopes: Vec::new(),
            form: None,
            namespaces: Vec::new(),
            labels: Vec::new(),
            owners: Vec::new(),
            is_script,
            is_ambient: false,
            numbers: HashMap::new(),
            expected: HashMap::new(),
            wanted: HashMap::new(),
            selves: Vec::new(),
            around: Vec::new(),
            is_method: false,
            results: Vec::new(),
            exported: None,
            narrowed: Vec::new(),
            depth: 0,
            documented: Vec::new(),
        }
    }

    pub(super) fn scope(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.index())
    }

    /// A symbol for a name that no name of a scope can be taken for.
    pub(super) fn alone(&mut self, name: &str, kind: &'static str) -> usize {
        self.names.scopes.push(Scope { parent: Some(0), is_class: false });
        let scope = self.names.scopes.len() - 1;
        self.names.symbols.push(Symbol { name: name.to_owned(), kind, scope, owner: None });
        self.names.symbols.len() - 1
    }

    pub(super) fn take_form(&mut self, span: Span) -> Form {
        match self.form {
            Some((form, at)) if at == span => {
                self.form = None;
                form
            }
            _ => Form::Plain,
        }
    }

    pub(super) fn mention(&mut self, span: Span, symbol: Option<usize>, form: Form, is_declaration: bool) {
        let scope = self.scope();
        self.names.mentions.push(Mention { span: range(span), symbol, scope, form, is_declaration });
    }

    pub(super) fn symbol_of(&self, id: &IdentifierReference<'_>) -> Option<usize> {
        let reference = id.reference_id.get()?;
        Some(self.scoping.get_reference(reference).symbol_id()?.index())
    }

    /// A label, until what it stands before ends.
    pub(super) fn label(&mut self, label: &LabelIdentifier<'_>) {
        let (name, symbol) = (label.name.to_string(), self.names.symbols.len());
        let scope = self.scope();
        self.names.symbols.push(Symbol { name: name.clone(), kind: "label", scope, owner: None });
        self.mention(label.span, Some(symbol), Form::Plain, true);
        self.labels.push((name, symbol));
    }

    /// A label that is jumped to.
    pub(super) fn labelled(&mut self, label: &LabelIdentifier<'_>) {
        let symbol = self.labels.iter().rev().find(|(name, _)| *name == label.name.as_str()).map(|(_, id)| *id);
        self.mention(label.span, symbol, Form::Plain, false);
    }

    /// The member of a symbol that is named at a place.
    pub(super) fn access(&mut self, object: &IdentifierReference<'_>, name: &str, span: Span) {
        if let Some(object) = self.symbol_of(object) {
            let (path, name, span) = (Vec::new(), name.to_owned(), range(span));
            self.names.accesses.push(Access { object, path, name, span, is_keyword: false });
        }
    }

    /// Notes the parameters of a function, which a comment on it or on what it stands in may name.
    pub(super) fn document(&mut self, parameters: &FormalParameters<'_>, start: u32) {
        let mut owners = self.owners.clone();
        owners.push(start);
        self.documented_in(parameters, owners);
    }

    /// Notes the parameters of what may be commented on at these places.
    pub(super) fn documented_in(&mut self, parameters: &FormalParameters<'_>, owners: Vec<u32>) {
        let scope = self.scope();
        let patterns = parameters.items.iter().map(|item| &item.pattern);
        for pattern in patterns.chain(parameters.rest.iter().map(|rest| &rest.rest.argument)) {
            let id = match pattern {
                BindingPattern::AssignmentPattern(with_default) => with_default.left.get_binding_identifier(),
                other => other.get_binding_identifier(),
            };
            if let Some(id) = id
                && let Some(symbol) = id.symbol_id.get()
            {
                self.names.symbols[symbol.index()].kind = "parameter";
                let (name, symbol, owners) = (id.name.to_string(), symbol.index(), owners.clone());
                self.documented.push(Documented { name, symbol, scope, owners, is_type: false });
            }
        }
    }

    /// Notes a type parameter, which a comment may name. In JavaScript it is the comment that declares it.
    pub(super) fn document_type(&mut self, it: &TSTypeParameter<'_>) {
        if let Some(symbol) = it.name.symbol_id.get().filter(|_| !self.is_script) {
            let (name, symbol, scope) = (it.name.name.to_string(), symbol.index(), self.scope());
            let owners = self.owners.last().copied().into_iter().collect();
            self.documented.push(Documented { name, symbol, scope, owners, is_type: true });
        }
    }

    /// Walks what begins at a place where a comment may hang. Inside of a body begins another such place.
    pub(super) fn owned(&mut self, start: u32, is_fresh: bool, walk: impl FnOnce(&mut Self)) {
        let outer = if is_fresh { std::mem::take(&mut self.owners) } else { self.owners.clone() };
        self.owners.push(start);
        walk(self);
        self.owners = outer;
    }
}
