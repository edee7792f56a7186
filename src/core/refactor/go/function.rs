//! Functions, methods and members.

use std::collections::HashMap;

use tree_sitter::Node;

use super::scope::PACKAGE;
use super::walk::{Walker, fields, named};
use crate::core::refactor::types::Clue;

impl<'t> Walker<'t> {
    /// Walks a function; gives the scope of its parameters.
    pub(super) fn function(&mut self, node: Node<'t>, scope: usize) -> usize {
        let inner = self.scopes.open(scope);
        self.field(node, "type_parameters", inner);
        self.signature(node, inner);
        inner
    }

    /// Parameters, results and the body, which are one scope.
    pub(super) fn signature(&mut self, node: Node<'t>, inner: usize) {
        self.field(node, "parameters", inner);
        self.field(node, "result", inner);
        let Some(body) = node.child_by_field_name("body") else { return };
        self.scopes.labels.push(HashMap::new());
        self.children(body, inner);
        self.scopes.labels.pop();
    }

    pub(super) fn method(&mut self, node: Node<'t>, scope: usize) {
        let inner = self.scopes.open(scope);
        let mut stack: Vec<Node<'t>> = fields(node, "receiver");
        let mut receivers = Vec::new();
        let mut owner = None;
        while let Some(at) = stack.pop() {
            match at.kind() {
                "parameter_declaration" => {
                    receivers.extend(fields(at, "name"));
                    stack.extend(fields(at, "type"));
                }
                "generic_type" => {
                    self.field(at, "type", inner);
                    owner = at.child_by_field_name("type");
                    // The parameters of the receiver's type get their names here.
                    let mut arguments = fields(at, "type_arguments");
                    while let Some(argument) = arguments.pop() {
                        match argument.kind() {
                            "type_identifier" => drop(self.scopes.declare(argument, inner, "type parameter")),
                            _ => arguments.extend(named(argument)),
                        }
                    }
                }
                "type_identifier" => {
                    self.scopes.read(at, inner);
                    owner = Some(at);
                }
                _ => stack.extend(named(at)),
            }
        }
        let on = owner.map_or(Clue::Unknown, |owner| self.ty(owner, scope));
        for receiver in receivers {
            let symbol = self.scopes.declare(receiver, inner, "parameter");
            self.says(symbol, on.clone());
        }
        let is = self.function_clue(node, inner);
        let number = owner.map(|owner| self.part_of(self.scopes.of(owner)));
        for name in fields(node, "name") {
            self.member(name, "method", number, (is.clone(), Some(self.shape(node))));
        }
        self.signature(node, inner);
    }

    /// A field or method where its type declares it.
    pub(super) fn member(
        &mut self,
        name: Node<'t>,
        kind: &'static str,
        number: Option<usize>,
        is: (Clue, Option<String>),
    ) {
        let text = self.scopes.of(name);
        // No name of a scope can be taken for it.
        let alone = self.scopes.open(PACKAGE);
        let symbol = self.scopes.symbol(text, alone, kind, None);
        self.scopes.mention(name.byte_range(), Some(symbol), alone, true);
        if let Some(number) = number {
            self.joins(number, symbol, is.0, is.1);
        }
    }
}
