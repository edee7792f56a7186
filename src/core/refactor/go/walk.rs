//! One walk over a file: declarations of the package first, then everything in order.

use std::collections::HashMap;
use std::sync::Arc;

use tree_sitter::Node;

use super::scope::{FILE, PACKAGE, Scopes};
use crate::core::refactor::names::{Access, Export, Import, Names, Taken, Text};
use crate::core::refactor::types::Clue;

pub(super) struct Walker<'t> {
    pub(super) scopes: Scopes<'t>,
    /// Types of this file that are no structs.
    pub(super) others: HashMap<String, bool>,
    /// The numbers of the structs and interfaces that were met.
    pub(super) numbers: HashMap<usize, usize>,
    /// What symbols are just here: in the case of a switch over types.
    pub(super) narrowed: Vec<(usize, Clue)>,
    /// The structs and interfaces around here.
    around: Vec<usize>,
    /// How deep in an expression one is.
    pub(super) depth: usize,
}

/// Reads a whole file.
pub fn read(root: Node<'_>, text: &str) -> Names {
    let mut walker = Walker {
        scopes: Scopes::new(text),
        others: HashMap::new(),
        numbers: HashMap::new(),
        narrowed: Vec::new(),
        around: Vec::new(),
        depth: 0,
    };
    for node in named(root) {
        walker.outer(node);
    }
    for node in named(root) {
        walker.node(node, FILE);
    }
    let names = &mut walker.scopes.names;
    for symbol in 0..names.symbols.len() {
        if names.symbols[symbol].scope == PACKAGE {
            names.exports.push(Export::Declared { symbol });
        }
    }
    // What the package's other files declare is known here without a word.
    names.imports.push(Import { from: String::new(), what: Taken::All, symbol: None });
    walker.scopes.names
}

impl<'t> Walker<'t> {
    /// Makes known what a file declares for its package.
    fn outer(&mut self, node: Node<'t>) {
        match node.kind() {
            "package_clause" => {
                self.scopes.names.package = named(node).first().map(|name| self.scopes.of(*name).to_owned());
            }
            "import_declaration" => {
                let mut stack = vec![node];
                while let Some(at) = stack.pop() {
                    match at.kind() {
                        "import_spec" => self.import(at),
                        _ => stack.extend(named(at)),
                    }
                }
            }
            "function_declaration" => self.declared(node, "function"),
            "type_declaration" => {
                for spec in named(node).into_iter().filter(|spec| matches!(spec.kind(), "type_spec" | "type_alias")) {
                    if let (Some(name), Some(ty)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type"))
                    {
                        let is_other =
                            !matches!(ty.kind(), "struct_type" | "type_identifier" | "qualified_type" | "generic_type");
                        self.others.insert(self.scopes.of(name).to_owned(), is_other);
                    }
                    self.declared(spec, "type");
                }
            }
            "const_declaration" | "var_declaration" => {
                let kind = if node.kind() == "const_declaration" { "constant" } else { "variable" };
                let mut stack = named(node);
                while let Some(at) = stack.pop() {
                    match at.kind() {
                        "var_spec_list" => stack.extend(named(at)),
                        "const_spec" | "var_spec" => self.declared(at, kind),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn declared(&mut self, node: Node<'t>, kind: &'static str) {
        for name in fields(node, "name") {
            let text = self.scopes.of(name);
            // A package may have any number of these.
            if !matches!(text, "_" | "init") && self.scopes.own(text, PACKAGE).is_none() {
                let symbol = self.scopes.symbol(text, PACKAGE, kind, None);
                self.scopes.enter(text, PACKAGE, symbol);
            }
        }
    }

    pub(super) fn children(&mut self, node: Node<'t>, scope: usize) {
        for child in named(node) {
            self.node(child, scope);
        }
    }

    pub(super) fn field(&mut self, node: Node<'t>, name: &str, scope: usize) {
        for child in fields(node, name) {
            self.node(child, scope);
        }
    }

    pub(super) fn node(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "package_clause" | "import_declaration" => {}
            "identifier" | "type_identifier" | "package_identifier" => drop(self.scopes.read(node, scope)),
            "comment" => self.text(node, true),
            "interpreted_string_literal" | "raw_string_literal" => self.text(node, false),
            "function_declaration" => {
                let declared = self.names_of(node, scope, "function");
                let inner = self.function(node, scope);
                // What it gives may name the parameters of its type.
                let clue = self.function_clue(node, inner);
                declared.into_iter().for_each(|symbol| self.says(symbol, clue.clone()));
            }
            "method_declaration" => self.method(node, scope),
            "func_literal" => drop(self.function(node, scope)),
            "block" => {
                let inner = self.scopes.open(scope);
                self.children(node, inner);
            }
            "short_var_declaration" => {
                self.field(node, "right", scope);
                let count = node.child_by_field_name("left").map_or(0, |left| named_or_self(left).len());
                let clues = self.dealt(count, node.child_by_field_name("right"), scope);
                self.left(node, scope, Some(clues));
            }
            "const_spec" | "var_spec" => {
                self.field(node, "type", scope);
                self.field(node, "value", scope);
                let kind = if node.kind() == "const_spec" { "constant" } else { "variable" };
                let clues = match node.child_by_field_name("type") {
                    Some(ty) => vec![self.ty(ty, scope); fields(node, "name").len()],
                    None => self.dealt(fields(node, "name").len(), node.child_by_field_name("value"), scope),
                };
                let declared = self.names_of(node, scope, kind);
                declared.into_iter().zip(clues).for_each(|(symbol, clue)| self.says(symbol, clue));
            }
            "type_spec" | "type_alias" => {
                let declared = self.names_of(node, scope, "type");
                let inner = self.scopes.open(scope);
                self.field(node, "type_parameters", inner);
                if let (Some(Some(symbol)), Some(ty)) = (declared.first(), node.child_by_field_name("type")) {
                    self.named_type(*symbol, ty, node.kind() == "type_alias", inner);
                }
                self.field(node, "type", inner);
            }
            "type_parameter_declaration" => {
                for name in fields(node, "name") {
                    self.scopes.declare(name, scope, "type parameter");
                }
                self.field(node, "type", scope);
            }
            "struct_type" | "interface_type" => {
                let number = self.type_of(node);
                self.around.push(number);
                self.children(node, scope);
                self.around.pop();
            }
            "if_statement" => {
                let inner = self.scopes.open(scope);
                for part in ["initializer", "condition", "consequence", "alternative"] {
                    self.field(node, part, inner);
                }
            }
            "for_statement" => {
                let inner = self.scopes.open(scope);
                for child in named(node) {
                    match child.kind() {
                        "range_clause" => {
                            self.field(child, "right", inner);
                            let over =
                                child.child_by_field_name("right").map_or(Clue::Unknown, |r| self.value(r, inner));
                            let clues = vec![Clue::Key(Arc::new(over.clone())), Clue::Each(Arc::new(over))];
                            self.left(child, inner, Some(clues).filter(|_| has_token(child, ":=")));
                        }
                        "for_clause" => self.children(child, inner),
                        _ => self.node(child, inner),
                    }
                }
            }
            "expression_switch_statement" | "select_statement" => {
                let inner = self.scopes.open(scope);
                self.children(node, inner);
            }
            "type_switch_statement" => {
                let inner = self.scopes.open(scope);
                self.field(node, "initializer", inner);
                self.field(node, "value", inner);
                let aliases = fields(node, "alias").into_iter().flat_map(named_or_self);
                let alias = aliases.filter_map(|alias| self.scopes.declare(alias, inner, "variable")).last();
                let value = node.child_by_field_name("value").map_or(Clue::Unknown, |value| self.value(value, inner));
                for case in named(node).into_iter().filter(|case| case.kind().ends_with("case")) {
                    let narrow = match fields(case, "type").as_slice() {
                        [one] if self.scopes.of(*one) != "nil" => self.ty(*one, inner),
                        _ => value.clone(),
                    };
                    self.narrowed.extend(alias.map(|alias| (alias, narrow)));
                    self.node(case, inner);
                    self.narrowed.truncate(self.narrowed.len() - usize::from(alias.is_some()));
                }
            }
            "expression_case" | "type_case" | "default_case" | "communication_case" => {
                let inner = self.scopes.open(scope);
                self.children(node, inner);
            }
            "receive_statement" => {
                self.field(node, "right", scope);
                let got = node.child_by_field_name("right").map_or(Clue::Unknown, |right| self.value(right, scope));
                self.left(node, scope, Some(vec![got, Clue::Basic]).filter(|_| has_token(node, ":=")));
            }
            "labeled_statement" => {
                if let Some(label) = node.child_by_field_name("label") {
                    self.label(label, scope, true);
                }
                for child in named(node).into_iter().skip(1) {
                    self.node(child, scope);
                }
            }
            "label_name" => self.label(node, scope, false),
            "selector_expression" => self.selector(node, "operand", "field", scope),
            "qualified_type" => self.selector(node, "package", "name", scope),
            "composite_literal" => {
                self.field(node, "type", scope);
                if let (Some(ty), Some(body)) = (node.child_by_field_name("type"), node.child_by_field_name("body")) {
                    let on = self.ty(ty, scope);
                    self.literal(body, Some(ty), &on, scope);
                }
            }
            "field_declaration" => {
                let is = node.child_by_field_name("type").map_or(Clue::Unknown, |ty| self.ty(ty, scope));
                let declared = fields(node, "name");
                // A field without a name is the type with all that this has.
                if let Some(number) = self.around.last().filter(|_| declared.is_empty()) {
                    self.scopes.names.types[*number].above.push(is.clone());
                }
                for name in declared {
                    self.member(name, "field", self.around.last().copied(), (is.clone(), None));
                }
                self.field(node, "type", scope);
                self.field(node, "tag", scope);
            }
            "method_elem" | "method_spec" => {
                let inner = self.scopes.open(scope);
                let is = self.function_clue(node, inner);
                for name in fields(node, "name") {
                    let shape = Some(self.shape(node));
                    self.member(name, "method", self.around.last().copied(), (is.clone(), shape));
                }
                self.field(node, "parameters", inner);
                self.field(node, "result", inner);
            }
            "type_elem" => {
                if let (Some(number), [only]) = (self.around.last().copied(), named(node).as_slice()) {
                    let above = self.ty(*only, scope);
                    self.scopes.names.types[number].above.push(above);
                }
                self.children(node, scope);
            }
            "function_type" => {
                let inner = self.scopes.open(scope);
                self.children(node, inner);
            }
            "parameter_declaration" | "variadic_parameter_declaration" => {
                self.field(node, "type", scope);
                let is = node.child_by_field_name("type").map_or(Clue::Unknown, |ty| self.ty(ty, scope));
                let is = if node.kind() == "parameter_declaration" { is } else { Clue::List(Arc::new(is)) };
                for name in fields(node, "name") {
                    let symbol = self.scopes.declare(name, scope, "parameter");
                    self.says(symbol, is.clone());
                }
            }
            _ => self.children(node, scope),
        }
    }

    fn text(&mut self, node: Node<'_>, is_comment: bool) {
        self.scopes.names.texts.push(Text { span: node.byte_range(), is_comment });
    }

    /// Declares the names of a declaration here, or mentions those of the package.
    fn names_of(&mut self, node: Node<'t>, scope: usize, kind: &'static str) -> Vec<Option<usize>> {
        let home = if scope == FILE { PACKAGE } else { scope };
        let mut symbols = Vec::new();
        for name in fields(node, "name") {
            if scope == FILE && self.scopes.of(name) == "init" {
                symbols.push(None);
                continue;
            }
            let known = self.scopes.own(self.scopes.of(name), home);
            symbols.push(match known.filter(|_| scope == FILE) {
                Some(symbol) => {
                    self.scopes.mention(name.byte_range(), Some(symbol), home, true);
                    Some(symbol)
                }
                None => self.scopes.declare(name, home, kind),
            });
        }
        symbols
    }

    /// What stands left of `:=`, with what each is, or left of `=`.
    fn left(&mut self, node: Node<'t>, scope: usize, declares: Option<Vec<Clue>>) {
        for (n, part) in fields(node, "left").into_iter().flat_map(named_or_self).enumerate() {
            match &declares {
                Some(clues) if part.kind() == "identifier" => {
                    let symbol = self.scopes.declare(part, scope, "variable");
                    self.says(symbol, clues.get(n).cloned().unwrap_or_default());
                }
                _ => self.node(part, scope),
            }
        }
    }

    fn label(&mut self, node: Node<'t>, scope: usize, declares: bool) {
        let name = self.scopes.of(node);
        let known = self.scopes.labels.last().and_then(|labels| labels.get(name)).copied();
        // A `goto` may come before its label.
        let symbol = known.unwrap_or_else(|| self.scopes.symbol(name, scope, "label", None));
        if let Some(labels) = self.scopes.labels.last_mut() {
            labels.insert(name.to_owned(), symbol);
        }
        self.scopes.mention(node.byte_range(), Some(symbol), scope, declares);
    }

    fn selector(&mut self, node: Node<'t>, left: &str, right: &str, scope: usize) {
        let (Some(operand), Some(name)) = (node.child_by_field_name(left), node.child_by_field_name(right)) else {
            return;
        };
        let object = match operand.kind() {
            "identifier" | "package_identifier" => self.scopes.read(operand, scope),
            _ => {
                self.node(operand, scope);
                None
            }
        };
        let is_package = |object: &usize| self.scopes.names.symbols[*object].kind == "import";
        match object.filter(is_package) {
            Some(object) => {
                let (text, span) = (self.scopes.of(name).to_owned(), name.byte_range());
                let access = Access { object, path: Vec::new(), name: text, span, is_keyword: false };
                self.scopes.names.accesses.push(access);
            }
            None => {
                let on = self.value(operand, scope);
                self.named_on(name, on);
            }
        }
    }
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    (0..node.child_count()).any(|n| node.child(n).is_some_and(|child| child.kind() == token))
}

pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

pub(super) fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

/// The parts of a list of expressions, or the one expression.
pub(super) fn named_or_self(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "expression_list" { named(node) } else { vec![node] }
}
