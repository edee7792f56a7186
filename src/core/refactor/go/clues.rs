//! What Go code says of the types of its values.

use std::sync::Arc;

use tree_sitter::Node;

use super::scope::PACKAGE;
use super::walk::{Walker, fields, named, named_or_self};
use crate::core::refactor::names::Member;
use crate::core::refactor::types::{Clue, MemberDecl, TypeDecl};

/// How deep an expression is looked into.
const MAX_DEPTH: usize = 24;

/// Types that every file knows without a declaration.
const BASIC: &str = "any bool byte comparable complex128 complex64 error false float32 float64 int int16 int32 int64 \
    int8 iota nil rune string true uint uint16 uint32 uint64 uint8 uintptr";

impl<'t> Walker<'t> {
    /// What a value of a type is.
    pub(super) fn ty(&mut self, node: Node<'t>, scope: usize) -> Clue {
        let part = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "type_identifier" | "identifier" => Clue::instance(self.name(node, scope)),
            "qualified_type" | "selector_expression" => Clue::instance(self.value(node, scope)),
            "pointer_type"
            | "parenthesized_type"
            | "parenthesized_expression"
            | "unary_expression"
            | "type_elem"
            | "type_constraint" => named(node).first().map_or(Clue::Unknown, |inner| self.ty(*inner, scope)),
            "generic_type" => part("type").map_or(Clue::Unknown, |inner| self.ty(inner, scope)),
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let element = part("element").map_or(Clue::Unknown, |inner| self.ty(inner, scope));
                Clue::List(Arc::new(element))
            }
            "map_type" => {
                let mut half = |name| part(name).map_or(Clue::Unknown, |inner| self.ty(inner, scope));
                Clue::Map(Arc::new(half("key")), Arc::new(half("value")))
            }
            // What one walks over or receives from a channel is the same.
            "channel_type" => {
                let of = Arc::new(part("value").map_or(Clue::Unknown, |inner| self.ty(inner, scope)));
                Clue::Map(Arc::clone(&of), of)
            }
            "function_type" => self.function_clue(node, scope),
            "struct_type" | "interface_type" => {
                let number = self.type_of(node);
                Clue::instance(Clue::Type(number))
            }
            _ => Clue::Unknown,
        }
    }

    /// A function with what it gives.
    pub(super) fn function_clue(&mut self, node: Node<'t>, scope: usize) -> Clue {
        let Some(result) = node.child_by_field_name("result") else { return Clue::Function(Arc::new(Clue::Basic)) };
        if result.kind() != "parameter_list" {
            return Clue::Function(Arc::new(self.ty(result, scope)));
        }
        let mut all = Vec::new();
        for one in named(result) {
            let Some(ty) = one.child_by_field_name("type") else { continue };
            let clue = self.ty(ty, scope);
            all.extend(std::iter::repeat_n(clue, fields(one, "name").len().max(1)));
        }
        let gives = if all.len() == 1 { all.remove(0) } else { Clue::Tuple(all) };
        Clue::Function(Arc::new(gives))
    }

    /// What a name stands for.
    fn name(&self, node: Node<'t>, scope: usize) -> Clue {
        let name = self.scopes.of(node);
        match self.scopes.look_up(name, scope) {
            Some(symbol) => Clue::Symbol(symbol),
            None if BASIC.split_whitespace().any(|word| word == name) => Clue::Basic,
            None => Clue::Free(name.to_owned()),
        }
    }

    /// What an expression is.
    pub(super) fn value(&mut self, node: Node<'t>, scope: usize) -> Clue {
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        self.depth += 1;
        let clue = self.expression(node, scope);
        self.depth -= 1;
        clue
    }

    fn expression(&mut self, node: Node<'t>, scope: usize) -> Clue {
        let part = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "identifier" | "type_identifier" | "package_identifier" => {
                let clue = self.name(node, scope);
                let narrowed = self.narrowed.iter().rev().find(|(symbol, _)| Clue::Symbol(*symbol) == clue);
                narrowed.map(|(_, narrow)| narrow.clone()).unwrap_or(clue)
            }
            "selector_expression" | "qualified_type" => {
                let (left, right) = match node.kind() {
                    "qualified_type" => ("package", "name"),
                    _ => ("operand", "field"),
                };
                let (Some(of), Some(name)) = (part(left), part(right)) else { return Clue::Unknown };
                Clue::member(self.value(of, scope), self.scopes.of(name))
            }
            "call_expression" => self.call_clue(node, scope),
            "type_conversion_expression" | "type_assertion_expression" | "composite_literal" => {
                part("type").map_or(Clue::Unknown, |ty| self.ty(ty, scope))
            }
            "unary_expression" => {
                let operand = part("operand").map_or(Clue::Unknown, |of| self.value(of, scope));
                match part("operator").map(|operator| operator.kind()) {
                    Some("<-") => Clue::element(operand),
                    Some("!") => Clue::Basic,
                    _ => operand,
                }
            }
            "parenthesized_expression" => named(node).first().map_or(Clue::Unknown, |of| self.value(*of, scope)),
            "func_literal" => self.function_clue(node, scope),
            "index_expression" => part("operand").map_or(Clue::Unknown, |of| Clue::element(self.value(of, scope))),
            "slice_expression" => part("operand").map_or(Clue::Unknown, |of| self.value(of, scope)),
            "binary_expression" => match part("operator").map(|operator| operator.kind()) {
                Some("==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||") => Clue::Basic,
                _ => part("left").map_or(Clue::Unknown, |of| self.value(of, scope)),
            },
            "literal_element" | "expression_list" => {
                named(node).first().map_or(Clue::Unknown, |of| self.value(*of, scope))
            }
            kind if kind.ends_with("_literal") || matches!(kind, "nil" | "true" | "false" | "iota") => Clue::Basic,
            _ => Clue::Unknown,
        }
    }

    fn call_clue(&mut self, node: Node<'t>, scope: usize) -> Clue {
        let Some(callee) = node.child_by_field_name("function") else { return Clue::Unknown };
        let first = node.child_by_field_name("arguments").and_then(|all| named(all).first().copied());
        let name = self.scopes.of(callee);
        if callee.kind() == "identifier" && self.scopes.look_up(name, scope).is_none() {
            match (name, first) {
                ("new" | "make", Some(ty)) => return self.ty(ty, scope),
                ("append" | "min" | "max", Some(first)) => return self.value(first, scope),
                ("len" | "cap" | "copy" | "real" | "imag" | "complex" | "recover", _) => return Clue::Basic,
                _ => {}
            }
        }
        Clue::call(self.value(callee, scope))
    }

    /// What the values on the right give to each of the places on the left.
    pub(super) fn dealt(&mut self, left: usize, right: Option<Node<'t>>, scope: usize) -> Vec<Clue> {
        let right = right.map(named_or_self).unwrap_or_default();
        match right.as_slice() {
            [] => vec![Clue::Unknown; left],
            [one] if left > 1 => {
                let clue = self.value(*one, scope);
                let is_checked =
                    matches!(one.kind(), "type_assertion_expression" | "index_expression" | "unary_expression");
                (0..left)
                    .map(|n| match (is_checked, n) {
                        (true, 0) => clue.clone(),
                        (true, _) => Clue::Basic,
                        (false, _) => Clue::item(clue.clone(), n),
                    })
                    .collect()
            }
            all => all.iter().map(|one| self.value(*one, scope)).collect(),
        }
    }

    /// Says what a symbol is, unless that was said before.
    pub(super) fn says(&mut self, symbol: Option<usize>, clue: Clue) {
        if let Some(symbol) = symbol.filter(|_| clue != Clue::Unknown) {
            self.scopes.names.clues.entry(symbol).or_insert(clue);
        }
    }

    /// The number of a struct or an interface.
    pub(super) fn type_of(&mut self, node: Node<'t>) -> usize {
        let types = &mut self.scopes.names.types;
        *self.numbers.entry(node.id()).or_insert_with(|| {
            types.push(TypeDecl { is_interface: node.kind() == "interface_type", ..TypeDecl::default() });
            types.len() - 1
        })
    }

    /// A type that is declared by a name.
    pub(super) fn named_type(&mut self, symbol: usize, ty: Node<'t>, is_alias: bool, scope: usize) {
        if is_alias {
            let clue = self.ty(ty, scope);
            self.says(Some(symbol), clue);
            return;
        }
        let declared = &self.scopes.names.symbols[symbol];
        let name = (declared.scope == PACKAGE).then(|| declared.name.clone());
        let number = match ty.kind() {
            "struct_type" | "interface_type" => self.type_of(ty),
            _ => {
                let underlying = self.ty(ty, scope);
                self.scopes.names.types.push(TypeDecl { underlying, ..TypeDecl::default() });
                self.scopes.names.types.len() - 1
            }
        };
        let found = &mut self.scopes.names.types[number];
        (found.name, found.symbol) = (name, Some(symbol));
    }

    /// Writes a member down as one of a type.
    pub(super) fn joins(&mut self, number: usize, symbol: usize, is: Clue, shape: Option<String>) {
        let name = self.scopes.names.symbols[symbol].name.clone();
        self.scopes.names.types[number].members.push(MemberDecl { name, symbol, is, shape, is_optional: false });
    }

    /// What a method takes and gives, without names and packages.
    pub(super) fn shape(&self, node: Node<'t>) -> String {
        let mut out = String::new();
        for part in ["parameters", "result"] {
            let Some(list) = node.child_by_field_name(part) else { continue };
            let all = if list.kind() == "parameter_list" { named(list) } else { vec![list] };
            for one in all.into_iter().filter(|one| one.kind() != "comment") {
                let ty = self.scopes.of(one.child_by_field_name("type").unwrap_or(one));
                let bare: Vec<&str> = ty.split(['.', ' ', '\n', '\t']).collect();
                // Of `pkg.Type` the type, whichever brackets stand before.
                let plain = bare.iter().enumerate().map(|(n, word)| match n + 1 < bare.len() {
                    true => word.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_'),
                    false => word,
                });
                let plain: String = plain.collect();
                for _ in 0..fields(one, "name").len().max(1) {
                    out.push_str(if one.kind().starts_with("variadic") { "..." } else { "" });
                    out.push_str(&plain);
                    out.push(',');
                }
            }
            out.push(')');
        }
        out
    }

    /// The part of a type to which this file adds methods.
    pub(super) fn part_of(&mut self, name: &str) -> usize {
        let types = &mut self.scopes.names.types;
        match types.iter().position(|ty| ty.name.as_deref() == Some(name)) {
            Some(number) => number,
            None => {
                types.push(TypeDecl { name: Some(name.to_owned()), ..TypeDecl::default() });
                types.len() - 1
            }
        }
    }

    /// A member that is named on a value.
    pub(super) fn named_on(&mut self, name: Node<'t>, on: Clue) {
        let (text, span) = (self.scopes.of(name), name.byte_range());
        self.scopes.names.members.push(Member::new(text, span, on));
    }
}
