//! One walk over a module's tree: scopes, and in each what is bound, what is read, what is imported. What a name means
//! is decided afterwards, for a binding counts for its whole scope.

use std::ops::Range;

use tree_sitter::Node;

use super::raw::{Attribute, Event, Keyword, RawImport, RawScope, ScopeKind};

/// The walk.
pub struct Walker<'t> {
    /// The text.
    pub text: &'t str,
    /// The scopes; the first is the module's.
    pub scopes: Vec<RawScope>,
    /// Names in order.
    pub events: Vec<Event>,
    /// Members in order.
    pub attributes: Vec<Attribute>,
    /// Keyword arguments in order.
    pub keywords: Vec<Keyword>,
    /// Imports in order.
    pub imports: Vec<RawImport>,
    /// Names in `__all__`.
    pub offered: Vec<(String, Range<usize>)>,
    /// Comments and strings.
    pub texts: Vec<(Range<usize>, bool)>,
    /// Classes: their scope and the events of the names of their bases.
    pub bases: Vec<(usize, Vec<usize>)>,
    /// The class around here and the name of the instance in its method.
    selves: Vec<(usize, String)>,
}

impl<'t> Walker<'t> {
    /// Nothing is walked yet.
    pub fn new(text: &'t str) -> Walker<'t> {
        let module =
            RawScope { kind: ScopeKind::Module, parent: None, globals: vec![], nonlocals: vec![], bound_by: None };
        Walker {
            text,
            scopes: vec![module],
            events: Vec::new(),
            attributes: Vec::new(),
            keywords: Vec::new(),
            imports: Vec::new(),
            offered: Vec::new(),
            texts: Vec::new(),
            bases: Vec::new(),
            selves: Vec::new(),
        }
    }

    /// Walks a whole file.
    pub fn module(&mut self, root: Node<'t>) {
        self.children(root, 0);
    }

    pub(super) fn of(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    pub(super) fn open(&mut self, kind: ScopeKind, parent: usize, bound_by: Option<usize>) -> usize {
        self.scopes.push(RawScope { kind, parent: Some(parent), globals: vec![], nonlocals: vec![], bound_by });
        self.scopes.len() - 1
    }

    pub(super) fn event(&mut self, node: Node<'_>, scope: usize, binds: Option<&'static str>) -> usize {
        let name = self.of(node).to_owned();
        self.events.push(Event { name, span: node.byte_range(), scope, binds });
        self.events.len() - 1
    }

    pub(super) fn children(&mut self, node: Node<'t>, scope: usize) {
        for child in named(node) {
            self.node(child, scope);
        }
    }

    pub(super) fn field(&mut self, node: Node<'t>, name: &str, scope: usize) {
        let mut cursor = node.walk();
        let found: Vec<Node<'t>> = node.children_by_field_name(name, &mut cursor).collect();
        for child in found.into_iter().filter(|child| child.is_named()) {
            self.node(child, scope);
        }
    }

    pub(super) fn node(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "identifier" => drop(self.event(node, scope, None)),
            "comment" => self.texts.push((node.byte_range(), true)),
            "string" => {
                self.texts.push((node.byte_range(), false));
                self.children(node, scope);
            }
            "function_definition" => self.function(node, scope),
            "class_definition" => self.class(node, scope),
            "lambda" => {
                let inner = self.open(ScopeKind::Function, scope, None);
                if let Some(parameters) = node.child_by_field_name("parameters") {
                    self.parameters(parameters, scope, inner);
                }
                self.field(node, "body", inner);
            }
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                self.comprehension(node, scope);
            }
            "assignment" => self.assignment(node, scope),
            "augmented_assignment" => {
                if let Some(left) = node.child_by_field_name("left") {
                    self.target(left, scope, "variable");
                    self.offer(left, node.child_by_field_name("right"));
                }
                self.field(node, "right", scope);
            }
            "named_expression" => {
                self.field(node, "value", scope);
                let outer = self.outside_comprehensions(scope);
                if let Some(name) = node.child_by_field_name("name") {
                    self.target(name, outer, "variable");
                }
            }
            "for_statement" => {
                self.field(node, "right", scope);
                if let Some(left) = node.child_by_field_name("left") {
                    self.target(left, scope, "variable");
                }
                self.field(node, "body", scope);
                self.field(node, "alternative", scope);
            }
            "as_pattern" => {
                // `with a as b`, `except E as e`, `case p as b`.
                for child in named(node) {
                    match child.kind() {
                        "as_pattern_target" => {
                            for target in named(child) {
                                self.target(target, scope, "variable");
                            }
                        }
                        "identifier" if Some(child) == named(node).last().copied() => {
                            self.target(child, scope, "variable");
                        }
                        _ => self.node(child, scope),
                    }
                }
            }
            "delete_statement" => self.children(node, scope),
            "global_statement" | "nonlocal_statement" => {
                for name in named(node).into_iter().filter(|name| name.kind() == "identifier") {
                    let text = self.of(name).to_owned();
                    match node.kind() {
                        "global_statement" => self.scopes[scope].globals.push(text),
                        _ => self.scopes[scope].nonlocals.push(text),
                    }
                    self.event(name, scope, None);
                }
            }
            "import_statement" | "import_from_statement" | "future_import_statement" => self.import(node, scope),
            "attribute" => drop(self.chain(node, scope, false)),
            "call" => self.call(node, scope),
            "keyword_argument" => self.field(node, "value", scope),
            "case_clause" => {
                for child in named(node) {
                    match child.kind() {
                        "case_pattern" => self.pattern(child, scope),
                        _ => self.node(child, scope),
                    }
                }
            }
            "type" => self.annotation(node, scope),
            "type_alias_statement" => {
                let inner = self.open(ScopeKind::Inner, scope, None);
                let parts = named(node);
                if let Some(left) = parts.first() {
                    self.type_alias(*left, scope, inner);
                }
                for part in parts.into_iter().skip(1) {
                    self.node(part, inner);
                }
            }
            _ => self.children(node, scope),
        }
    }

    fn function(&mut self, node: Node<'t>, scope: usize) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let is_method = self.scopes[scope].kind == ScopeKind::Class;
        let event = self.event(name, scope, Some(if is_method { "method" } else { "function" }));
        let mut around = scope;
        if let Some(parameters) = node.child_by_field_name("type_parameters") {
            around = self.open(ScopeKind::Inner, scope, None);
            self.type_parameters(parameters, around);
        }
        let inner = self.open(ScopeKind::Function, around, Some(event));
        let first = node.child_by_field_name("parameters").and_then(|p| {
            self.parameters(p, around, inner);
            named(p).first().map(|first| self.of(*first).split([':', '=']).next().unwrap_or_default().trim().to_owned())
        });
        self.field(node, "return_type", around);
        let is_static = node.parent().filter(|p| p.kind() == "decorated_definition").is_some_and(|parent| {
            named(parent)
                .iter()
                .any(|d| d.kind() == "decorator" && self.of(*d).trim_start_matches('@').trim() == "staticmethod")
        });
        let own = first.filter(|_| is_method && !is_static).map(|first| (scope, first));
        let depth = self.selves.len();
        self.selves.extend(own);
        self.field(node, "body", inner);
        self.selves.truncate(depth);
    }

    fn parameters(&mut self, node: Node<'t>, outer: usize, inner: usize) {
        for parameter in named(node) {
            match parameter.kind() {
                "identifier" => drop(self.event(parameter, inner, Some("parameter"))),
                "default_parameter" | "typed_default_parameter" => {
                    if let Some(name) = parameter.child_by_field_name("name") {
                        self.target(name, inner, "parameter");
                    }
                    self.field(parameter, "type", outer);
                    self.field(parameter, "value", outer);
                }
                "typed_parameter" => {
                    for part in named(parameter) {
                        match part.kind() {
                            "type" => self.node(part, outer),
                            _ => self.target(part, inner, "parameter"),
                        }
                    }
                }
                "comment" => self.node(parameter, outer),
                _ => self.target(parameter, inner, "parameter"),
            }
        }
    }

    fn class(&mut self, node: Node<'t>, scope: usize) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let event = self.event(name, scope, Some("class"));
        let mut around = scope;
        if let Some(parameters) = node.child_by_field_name("type_parameters") {
            around = self.open(ScopeKind::Inner, scope, None);
            self.type_parameters(parameters, around);
        }
        let before = self.events.len();
        self.field(node, "superclasses", around);
        let bases = (before..self.events.len()).collect();
        let inner = self.open(ScopeKind::Class, around, Some(event));
        self.bases.push((inner, bases));
        self.field(node, "body", inner);
    }

    fn comprehension(&mut self, node: Node<'t>, scope: usize) {
        let inner = self.open(ScopeKind::Inner, scope, None);
        let parts = named(node);
        let mut is_first = true;
        // The element comes first in the text and last in meaning, which makes no difference to scopes.
        for part in parts {
            match part.kind() {
                "for_in_clause" => {
                    if let Some(left) = part.child_by_field_name("left") {
                        self.target(left, inner, "variable");
                    }
                    // Only the first iterable belongs to the scope outside.
                    self.field(part, "right", if is_first { scope } else { inner });
                    is_first = false;
                }
                _ => self.node(part, inner),
            }
        }
    }

    fn outside_comprehensions(&self, mut scope: usize) -> usize {
        while self.scopes[scope].kind == ScopeKind::Inner {
            scope = self.scopes[scope].parent.unwrap_or(0);
        }
        scope
    }

    fn assignment(&mut self, node: Node<'t>, scope: usize) {
        self.field(node, "type", scope);
        self.field(node, "right", scope);
        if let Some(left) = node.child_by_field_name("left") {
            self.target(left, scope, "variable");
            if scope == 0 {
                self.offer(left, node.child_by_field_name("right"));
            }
        }
    }

    /// `__all__ = ["a", "b"]`.
    fn offer(&mut self, left: Node<'t>, right: Option<Node<'t>>) {
        let Some(right) = right.filter(|_| self.of(left) == "__all__") else { return };
        let mut stack = vec![right];
        while let Some(node) = stack.pop() {
            match node.kind() {
                "string_content" => self.offered.push((self.of(node).to_owned(), node.byte_range())),
                _ => stack.extend(named(node)),
            }
        }
    }

    /// Something is put here.
    pub(super) fn target(&mut self, node: Node<'t>, scope: usize, kind: &'static str) {
        match node.kind() {
            "identifier" => drop(self.event(node, scope, Some(kind))),
            "attribute" => drop(self.chain(node, scope, true)),
            "subscript" | "call" => self.node(node, scope),
            "type" | "comment" => self.node(node, scope),
            _ => {
                for child in named(node) {
                    self.target(child, scope, kind);
                }
            }
        }
    }

    /// `a.b.c`: gives the event of `a` and the names so far.
    pub(super) fn chain(&mut self, node: Node<'t>, scope: usize, is_bound: bool) -> Option<(usize, Vec<String>)> {
        let (object, attribute) = (node.child_by_field_name("object")?, node.child_by_field_name("attribute")?);
        let base = match object.kind() {
            "identifier" => Some((self.event(object, scope, None), Vec::new())),
            "attribute" => self.chain(object, scope, false),
            _ => {
                self.node(object, scope);
                None
            }
        };
        let (name, span) = (self.of(attribute).to_owned(), attribute.byte_range());
        let receiver = (object.kind() == "identifier").then(|| self.of(object));
        let is_super = self.is_super(object);
        let own = self.selves.last().filter(|(_, own)| is_super || receiver == Some(own.as_str()));
        let of_class = own.map(|(class, _)| *class);
        let (event, path) = match &base {
            Some((event, path)) => (Some(*event), path.clone()),
            None => (None, Vec::new()),
        };
        self.attributes.push(Attribute {
            object: event,
            path: path.clone(),
            name: name.clone(),
            span,
            of_class,
            is_super,
            is_bound,
        });
        event.map(|event| (event, path.into_iter().chain([name]).collect()))
    }

    fn is_super(&self, node: Node<'_>) -> bool {
        node.kind() == "call" && node.child_by_field_name("function").is_some_and(|callee| self.of(callee) == "super")
    }

    fn call(&mut self, node: Node<'t>, scope: usize) {
        let callee = node.child_by_field_name("function");
        let base = match callee {
            Some(callee) if callee.kind() == "identifier" => Some((self.event(callee, scope, None), Vec::new())),
            Some(callee) if callee.kind() == "attribute" => self.chain(callee, scope, false),
            Some(callee) => {
                self.node(callee, scope);
                None
            }
            None => None,
        };
        let Some(arguments) = node.child_by_field_name("arguments") else { return };
        if arguments.kind() != "argument_list" {
            return self.node(arguments, scope);
        }
        for argument in named(arguments) {
            if argument.kind() == "keyword_argument"
                && let (Some(callee), Some(name)) = (callee, argument.child_by_field_name("name"))
            {
                let (object, path) = match &base {
                    Some((object, path)) => (Some(*object), path.clone()),
                    None => (None, Vec::new()),
                };
                let last = callee.child_by_field_name("attribute").unwrap_or(callee);
                let text = self.of(name).to_owned();
                self.keywords.push(Keyword {
                    object,
                    called: self.of(last).to_owned(),
                    path,
                    name: text,
                    span: name.byte_range(),
                });
            }
            self.node(argument, scope);
        }
    }
}

/// The children that are more than punctuation.
pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}
