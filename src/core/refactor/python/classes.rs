//! Classes of Python: which members they have, and what they inherit from.

use tree_sitter::Node;

use super::typed::Reader;
use super::walk::named;
use crate::core::refactor::names::{Form, Mention};
use crate::core::refactor::types::{Clue, MemberDecl, TypeDecl};

impl<'t> Reader<'t, '_> {
    /// Makes all classes known, whose order in the file does not matter.
    pub(super) fn declare(&mut self, root: Node<'t>) {
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            stack.extend(named(node));
            let Some(name) = node.child_by_field_name("name").filter(|_| node.kind() == "class_definition") else {
                continue;
            };
            let names = &mut self.bound.names;
            let scope = self.bound.classes.get(&name.start_byte()).copied();
            let symbol = self.bound.symbols.get(&name.start_byte()).copied().flatten();
            let members = names.symbols.iter().enumerate().filter(|(_, symbol)| Some(symbol.scope) == scope);
            let members = members
                .map(|(n, symbol)| MemberDecl {
                    name: symbol.name.clone(),
                    symbol: n,
                    is: Clue::Unknown,
                    shape: None,
                    is_optional: false,
                })
                .collect();
            let is_outer = symbol.is_some_and(|symbol| names.symbols[symbol].scope == 0);
            let name = Some(self.text[name.byte_range()].to_owned()).filter(|_| is_outer);
            names.types.push(TypeDecl { name, symbol, members, is_open: true, ..TypeDecl::default() });
        }
    }

    /// `__slots__ = ("a", "b")` names the attributes of a class.
    pub(super) fn slots(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let Some(number) = self.classes.last().copied().filter(|_| self.of(left) == "__slots__") else { return };
        let mut stack = vec![right];
        while let Some(at) = stack.pop() {
            if at.kind() != "string_content" {
                stack.extend(named(at));
                continue;
            }
            let name = self.of(at);
            let names = &mut self.bound.names;
            let Some(member) = names.types[number].members.iter().find(|member| member.name == name) else { continue };
            let (symbol, scope) = (Some(member.symbol), names.symbols[member.symbol].scope);
            let (span, form) = (at.byte_range(), Form::Plain);
            names.mentions.push(Mention { span, symbol, scope, form, is_declaration: false });
        }
    }

    /// A class: its bases, and what stands in it.
    pub(super) fn class(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let symbol = self.symbol(name);
        let scope = self.bound.classes.get(&name.start_byte()).copied();
        let own = |ty: &TypeDecl| {
            ty.symbol == symbol
                && ty.members.first().is_none_or(|m| Some(self.bound.names.symbols[m.symbol].scope) == scope)
        };
        let Some(number) = self.bound.names.types.iter().position(own) else { return self.children(node) };
        let bases = node.child_by_field_name("superclasses").map(named).unwrap_or_default();
        let bases = bases.into_iter().filter(|base| !matches!(base.kind(), "keyword_argument" | "comment"));
        let above = bases
            .map(|base| if base.kind() == "subscript" { named(base).first().copied().unwrap_or(base) } else { base });
        let above: Vec<Clue> =
            above.map(|base| self.clue(base)).filter(|base| *base != Clue::Free("object".into())).collect();
        let is_protocol = |base: &Clue| base.base_name(&self.bound.names.symbols) == Some("Protocol");
        self.bound.names.types[number].is_interface = above.iter().any(is_protocol);
        let is_enum = |base: &Clue| {
            base.base_name(&self.bound.names.symbols)
                .is_some_and(|name| name.ends_with("Enum") || name.ends_with("Flag"))
        };
        let has_values = above.iter().any(is_enum);
        self.bound.names.types[number].above = above;
        self.classes.push(number);
        self.children(node);
        self.classes.pop();
        // What an enum names is one of its values, whatever it is made of.
        for member in self.bound.names.types[number].members.iter().filter(|_| has_values) {
            if self.bound.names.symbols[member.symbol].kind == "class variable" {
                self.said.insert(member.symbol, vec![Clue::instance(Clue::Type(number))]);
            }
        }
    }
}
