//! What each name of a walked module means.

use std::collections::{HashMap, HashSet};

use super::raw::{Attribute, ScopeKind};
use super::walk::Walker;
use crate::core::refactor::names::{Access, Export, Form, Import, Member, Mention, Names, Scope, Symbol, Taken, Text};
use crate::core::refactor::types::Clue;

struct Binder<'t> {
    walker: Walker<'t>,
    names: Names,
    by_name: HashMap<(usize, String), usize>,
    /// What each event means.
    means: Vec<Option<usize>>,
    /// Attributes that exist by assignment to them alone: class scope and name.
    attributes: HashMap<(usize, String), usize>,
}

/// What the names of a walk mean.
pub struct Bound {
    /// All that the file says.
    pub names: Names,
    /// What the names mean, by where they begin; `None` where this file does not declare it.
    pub symbols: HashMap<usize, Option<usize>>,
    /// The scopes of classes, by where their names begin.
    pub classes: HashMap<usize, usize>,
}

/// Decides what every name of a walk means.
pub fn bind(walker: Walker<'_>) -> Bound {
    let mut binder = Binder {
        names: Names::default(),
        by_name: HashMap::new(),
        means: vec![None; walker.events.len()],
        attributes: HashMap::new(),
        walker,
    };
    binder.declare();
    binder.mention();
    binder.import();
    binder.own();
    binder.members();
    binder.keywords();
    binder.offer();
    let events = binder.walker.events.iter().zip(&binder.means);
    let symbols = events.map(|(event, means)| (event.span.start, *means)).collect();
    let bound_by = |scope: usize| {
        binder.walker.scopes[scope].bound_by.map(|event| (binder.walker.events[event].span.start, scope))
    };
    let classes = binder.walker.bases.iter().filter_map(|(scope, _)| bound_by(*scope)).collect();
    let mut names = binder.names;
    names.mentions.sort_by_key(|mention| mention.span.start);
    Bound { names, symbols, classes }
}

impl Binder<'_> {
    /// The scope in which a name that is bound in another belongs.
    fn home(&self, scope: usize, name: &str) -> usize {
        let scopes = &self.walker.scopes;
        if scopes[scope].globals.iter().any(|known| known == name) {
            return 0;
        }
        if scopes[scope].nonlocals.iter().any(|known| known == name) {
            let around = std::iter::successors(scopes[scope].parent, |at| scopes[*at].parent);
            let mut functions = around.filter(|at| scopes[*at].kind == ScopeKind::Function);
            let binds =
                |at: &usize| self.walker.events.iter().any(|e| e.scope == *at && e.name == name && e.binds.is_some());
            return functions.find(binds).unwrap_or(scope);
        }
        scope
    }

    fn declare(&mut self) {
        self.names.scopes = self
            .walker
            .scopes
            .iter()
            .map(|scope| Scope { parent: scope.parent, is_class: scope.kind == ScopeKind::Class })
            .collect();
        for n in 0..self.walker.events.len() {
            let event = &self.walker.events[n];
            let Some(kind) = event.binds else { continue };
            let key = (self.home(event.scope, &event.name), event.name.clone());
            let symbol = *self.by_name.entry(key).or_insert_with_key(|(scope, name)| {
                self.names.symbols.push(Symbol { name: name.clone(), kind, scope: *scope, owner: None });
                self.names.symbols.len() - 1
            });
            self.means[n] = Some(symbol);
        }
    }

    fn mention(&mut self) {
        let same: HashSet<usize> =
            self.walker.imports.iter().filter(|import| import.is_same).filter_map(|import| import.event).collect();
        for n in 0..self.walker.events.len() {
            let event = &self.walker.events[n];
            if event.binds.is_none() {
                self.means[n] = self.look_up(event.scope, &event.name);
            }
            self.names.mentions.push(Mention {
                span: event.span.clone(),
                symbol: self.means[n],
                scope: event.scope,
                form: if same.contains(&n) { Form::Import } else { Form::Plain },
                is_declaration: event.binds.is_some(),
            });
        }
    }

    fn look_up(&self, scope: usize, name: &str) -> Option<usize> {
        let scopes = &self.walker.scopes;
        let home = self.home(scope, name);
        if home != scope {
            return self.by_name.get(&(home, name.to_owned())).copied();
        }
        let mut at = Some(scope);
        while let Some(here) = at {
            // The names of a class are seen in its own body only.
            if (here == scope || scopes[here].kind != ScopeKind::Class)
                && let Some(symbol) = self.by_name.get(&(here, name.to_owned()))
            {
                return Some(*symbol);
            }
            at = scopes[here].parent;
        }
        None
    }

    fn import(&mut self) {
        for import in &self.walker.imports {
            let what = match (&import.name, import.event) {
                (Some((name, span)), _) => {
                    Taken::Name { name: name.clone(), span: span.clone(), is_same: import.is_same }
                }
                (None, Some(_)) => Taken::Whole,
                (None, None) => Taken::All,
            };
            let symbol = import.event.and_then(|event| self.means[event]);
            self.names.imports.push(Import { from: import.from.clone(), what, symbol });
        }
    }

    /// Methods and class variables belong to their class, parameters to their function.
    fn own(&mut self) {
        for n in 0..self.names.symbols.len() {
            let (scope, kind) = (self.names.symbols[n].scope, self.names.symbols[n].kind);
            let scopes = &self.walker.scopes;
            let bound = scopes[scope].bound_by.and_then(|event| self.means[event]);
            self.names.symbols[n].owner = match scopes[scope].kind {
                ScopeKind::Class => bound,
                ScopeKind::Function if kind == "parameter" => bound,
                _ => None,
            };
            if scopes[scope].kind == ScopeKind::Class && kind == "variable" {
                self.names.symbols[n].kind = "class variable";
            }
        }
    }

    /// The member of a class, or of a class of this file that it inherits from.
    fn member(&self, class: usize, name: &str, depth: usize) -> Option<usize> {
        let key = (class, name.to_owned());
        if let Some(symbol) = self.by_name.get(&key).or_else(|| self.attributes.get(&key)) {
            return Some(*symbol);
        }
        self.inherited(class, name, depth)
    }

    fn inherited(&self, class: usize, name: &str, depth: usize) -> Option<usize> {
        if depth > 20 {
            return None;
        }
        let (_, bases) = self.walker.bases.iter().find(|(scope, _)| *scope == class)?;
        bases.iter().find_map(|event| self.member(self.class_of(self.means[*event]?)?, name, depth + 1))
    }

    /// The scope of a class of this file.
    fn class_of(&self, symbol: usize) -> Option<usize> {
        self.walker.bases.iter().map(|(scope, _)| *scope).find(|scope| {
            let event = self.walker.scopes[*scope].bound_by;
            event.and_then(|event| self.means[event]) == Some(symbol)
        })
    }

    fn members(&mut self) {
        let attributes = std::mem::take(&mut self.walker.attributes);
        // What is put somewhere first, so that reading finds it.
        for bound in [true, false] {
            for attribute in attributes.iter().filter(|attribute| attribute.is_bound == bound) {
                self.attribute(attribute);
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute) {
        if let Some(class) = attribute.of_class {
            let known = match attribute.is_super {
                true => self.inherited(class, &attribute.name, 0),
                false => self.member(class, &attribute.name, 0),
            };
            let symbol = match known {
                Some(symbol) => Some(symbol),
                None if attribute.is_bound && !attribute.is_super => {
                    let owner = self.walker.scopes[class].bound_by.and_then(|event| self.means[event]);
                    let name = attribute.name.clone();
                    self.names.symbols.push(Symbol { name: name.clone(), kind: "attribute", scope: class, owner });
                    self.attributes.insert((class, name), self.names.symbols.len() - 1);
                    Some(self.names.symbols.len() - 1)
                }
                None => None,
            };
            if symbol.is_some() {
                self.names.mentions.push(Mention {
                    span: attribute.span.clone(),
                    symbol,
                    scope: class,
                    form: Form::Plain,
                    is_declaration: attribute.is_bound && known.is_none(),
                });
                return;
            }
        }
        let object = attribute.object.and_then(|event| self.means[event]);
        if let Some(object) = object {
            self.names.accesses.push(Access {
                object,
                path: attribute.path.clone(),
                name: attribute.name.clone(),
                span: attribute.span.clone(),
                is_keyword: false,
            });
        }
        // Whether the access is of something known is seen when it is looked for.
        let (name, span) = (attribute.name.clone(), attribute.span.clone());
        self.names.members.push(Member::new(&name, span, Clue::Unknown));
    }

    fn keywords(&mut self) {
        for keyword in &self.walker.keywords {
            let called = Some(keyword.called.clone());
            let member = Member::new(&keyword.name, keyword.span.clone(), Clue::Unknown);
            self.names.members.push(Member { called, ..member });
            let Some(object) = keyword.object.and_then(|object| self.means[object]) else { continue };
            self.names.accesses.push(Access {
                object,
                path: keyword.path.clone(),
                name: keyword.name.clone(),
                span: keyword.span.clone(),
                is_keyword: true,
            });
        }
    }

    fn offer(&mut self) {
        for symbol in 0..self.names.symbols.len() {
            if self.names.symbols[symbol].scope == 0 {
                self.names.exports.push(Export::Declared { symbol });
            }
        }
        for (name, span) in &self.walker.offered {
            let symbol = self.by_name.get(&(0, name.clone())).copied();
            self.names.mentions.push(Mention {
                span: span.clone(),
                symbol,
                scope: 0,
                form: Form::Plain,
                is_declaration: false,
            });
        }
        let texts = self.walker.texts.iter();
        self.names.texts =
            texts.map(|(span, is_comment)| Text { span: span.clone(), is_comment: *is_comment }).collect();
    }
}
