//! Forms that name things in a way of their own: imports, patterns, types and their parameters.

use tree_sitter::Node;

use super::raw::{Attribute, Event, RawImport};
use super::walk::{Walker, named};

impl<'t> Walker<'t> {
    pub(super) fn type_alias(&mut self, left: Node<'t>, scope: usize, inner: usize) {
        match left.kind() {
            "identifier" => drop(self.event(left, scope, Some("type"))),
            "generic_type" | "type_parameter" => {
                for (n, part) in named(left).into_iter().enumerate() {
                    if n == 0 { self.type_alias(part, scope, inner) } else { self.type_parameters(part, inner) }
                }
            }
            _ => {
                for part in named(left) {
                    self.type_alias(part, scope, inner);
                }
            }
        }
    }

    /// Type parameters: the names are bound, bounds are read.
    pub(super) fn type_parameters(&mut self, node: Node<'t>, inner: usize) {
        match node.kind() {
            "identifier" => drop(self.event(node, inner, Some("type parameter"))),
            "constrained_type" => {
                for (n, part) in named(node).into_iter().enumerate() {
                    if n == 0 { self.type_parameters(part, inner) } else { self.node(part, inner) }
                }
            }
            _ => {
                for part in named(node) {
                    self.type_parameters(part, inner);
                }
            }
        }
    }

    /// A pattern of `match`: plain names are bound, dotted ones are read.
    pub(super) fn pattern(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "dotted_name" => {
                let parts = named(node);
                match parts.as_slice() {
                    [only] if self.of(*only) != "_" => drop(self.event(*only, scope, Some("variable"))),
                    _ => self.dotted(&parts, scope),
                }
            }
            "class_pattern" => {
                for (n, part) in named(node).into_iter().enumerate() {
                    match part.kind() {
                        "dotted_name" if n == 0 => self.dotted(&named(part), scope),
                        _ => self.pattern(part, scope),
                    }
                }
            }
            "keyword_pattern" => {
                for (n, part) in named(node).into_iter().enumerate() {
                    if n == 0 { self.member(part, None, &[]) } else { self.pattern(part, scope) }
                }
            }
            "identifier" => drop(self.event(node, scope, Some("variable"))),
            "string" | "comment" => self.node(node, scope),
            _ => {
                for part in named(node) {
                    self.pattern(part, scope);
                }
            }
        }
    }

    /// `a.b.c` in a pattern: the first is read, the others are members.
    fn dotted(&mut self, parts: &[Node<'t>], scope: usize) {
        let Some((first, rest)) = parts.split_first() else { return };
        // Alone it would be bound, but for the name of a class.
        let event = self.event(*first, scope, None);
        for (n, part) in rest.iter().enumerate() {
            let path: Vec<String> = rest[..n].iter().map(|part| self.of(*part).to_owned()).collect();
            self.member(*part, Some(event), &path);
        }
    }

    fn member(&mut self, name: Node<'t>, object: Option<usize>, path: &[String]) {
        self.attributes.push(Attribute {
            object,
            path: path.to_vec(),
            name: self.of(name).to_owned(),
            span: name.byte_range(),
            of_class: None,
            is_super: false,
            is_bound: false,
        });
    }

    /// A type: names in strings count, too.
    pub(super) fn annotation(&mut self, node: Node<'t>, scope: usize) {
        let mut stack = vec![node];
        while let Some(at) = stack.pop() {
            match at.kind() {
                "string_content" => self.quoted(at, scope),
                "string" => stack.extend(named(at)),
                // What stands in `Literal["a"]` is no name.
                "generic_type" | "subscript" if self.of(at).starts_with("Literal") => self.children(at, scope),
                "identifier" | "attribute" | "call" => self.node(at, scope),
                _ => stack.extend(named(at)),
            }
        }
    }

    pub(super) fn quoted(&mut self, node: Node<'_>, scope: usize) {
        let (start, text) = (node.start_byte(), self.of(node));
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let mut at = 0;
        while let Some(found) = text[at..].find(|c: char| is_part(c) && !c.is_numeric()) {
            let from = at + found;
            let len = text[from..].find(|c: char| !is_part(c)).unwrap_or(text.len() - from);
            let is_member = text[..from].trim_end().ends_with('.');
            if !is_member {
                let (name, span) = (text[from..from + len].to_owned(), start + from..start + from + len);
                self.events.push(Event { name, span, scope, binds: None });
            }
            at = from + len;
        }
    }

    pub(super) fn import(&mut self, node: Node<'t>, scope: usize) {
        let from = node.child_by_field_name("module_name").map(|module| self.of(module).replace(' ', ""));
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
        if let Some(from) = &from
            && named(node).iter().any(|child| child.kind() == "wildcard_import")
        {
            self.imports.push(RawImport { from: from.clone(), name: None, event: None, is_same: false });
        }
        for name in names {
            let (taken, alias) = match name.kind() {
                "aliased_import" => (name.child_by_field_name("name"), name.child_by_field_name("alias")),
                _ => (Some(name), None),
            };
            let Some(taken) = taken else { continue };
            let text = self.of(taken).to_owned();
            let first = named(taken).first().copied().unwrap_or(taken);
            let local = alias.unwrap_or(first);
            let event = self.event(local, scope, Some("import"));
            self.imports.push(match &from {
                Some(from) => RawImport {
                    from: from.clone(),
                    name: Some((text, taken.byte_range())),
                    event: Some(event),
                    is_same: alias.is_none(),
                },
                // `import a.b` binds `a`, `import a.b as c` binds the module itself.
                None => {
                    let from = if alias.is_none() { self.of(first).to_owned() } else { text };
                    RawImport { from, name: None, event: Some(event), is_same: false }
                }
            });
        }
    }
}
