//! A second walk over a module, when it is known what its names mean: what variables are, which members classes have,
//! and on what others are named.

use std::collections::HashMap;
use std::sync::Arc;

use tree_sitter::Node;

use super::bind::Bound;
use super::walk::named;
use crate::core::refactor::types::Clue;

/// Reads what a module says of types.
pub fn read(root: Node<'_>, text: &str, bound: &mut Bound) {
    let members = &bound.names.members;
    let members = members.iter().enumerate().map(|(n, member)| (member.span.start, n)).collect();
    let mentions = &bound.names.mentions;
    let placed = mentions.iter().filter_map(|mention| Some((mention.span.start, mention.symbol?))).collect();
    let outer = bound.names.symbols.iter().enumerate().filter(|(_, symbol)| symbol.scope == 0);
    let outer = outer.map(|(n, symbol)| (symbol.name.clone(), n)).collect();
    let mut reader = Reader {
        text,
        bound,
        members,
        placed,
        outer,
        classes: Vec::new(),
        narrowed: Vec::new(),
        said: HashMap::new(),
        depth: 0,
    };
    reader.declare(root);
    reader.children(root);
    let said = std::mem::take(&mut reader.said);
    let names = &mut bound.names;
    for (symbol, clues) in said {
        names.clues.insert(symbol, Clue::either(clues));
    }
    names.mentions.sort_by_key(|mention| mention.span.start);
    // A member is what is put into it.
    for ty in &mut names.types {
        for member in &mut ty.members {
            member.is = names.clues.get(&member.symbol).cloned().unwrap_or_default();
        }
    }
}

/// The second walk.
pub struct Reader<'t, 'b> {
    pub(super) text: &'t str,
    pub(super) bound: &'b mut Bound,
    /// The members that are named on something, by where they begin.
    members: HashMap<usize, usize>,
    /// What is mentioned, by where it begins.
    placed: HashMap<usize, usize>,
    /// The names of the module.
    pub(super) outer: HashMap<String, usize>,
    /// The classes around here.
    pub(super) classes: Vec<usize>,
    /// What values are just here, where a test said so.
    pub(super) narrowed: Vec<(Clue, Clue)>,
    /// All that is said of symbols.
    pub(super) said: HashMap<usize, Vec<Clue>>,
    /// How deep in an expression one is.
    pub(super) depth: usize,
}

impl<'t> Reader<'t, '_> {
    pub(super) fn of(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    /// What a name means.
    pub(super) fn symbol(&self, name: Node<'_>) -> Option<usize> {
        self.bound.symbols.get(&name.start_byte()).copied().flatten()
    }

    fn says(&mut self, symbol: Option<usize>, clue: Clue) {
        if let Some(symbol) = symbol {
            let known = self.said.entry(symbol).or_default();
            if !known.contains(&clue) {
                known.push(clue);
            }
        }
    }

    pub(super) fn children(&mut self, node: Node<'t>) {
        let before = self.narrowed.len();
        for child in named(node) {
            self.node(child);
        }
        self.narrowed.truncate(before);
    }

    pub(super) fn node(&mut self, node: Node<'t>) {
        let part = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "class_definition" => self.class(node),
            "function_definition" => self.function(node),
            "attribute" => {
                self.children(node);
                if let (Some(of), Some(name)) = (part("object"), part("attribute"))
                    && let Some(member) = self.members.get(&name.start_byte()).copied()
                {
                    self.bound.names.members[member].on = self.clue(of);
                }
            }
            "dotted_name" => {
                let parts = named(node);
                let mut on = parts.first().map_or(Clue::Unknown, |first| self.clue(*first));
                for part in parts.iter().skip(1) {
                    if let Some(member) = self.members.get(&part.start_byte()).copied() {
                        self.bound.names.members[member].on = on.clone();
                    }
                    on = Clue::member(on, self.of(*part));
                }
            }
            "class_pattern" => {
                self.children(node);
                let parts = named(node);
                let mut class = Clue::Unknown;
                for (n, part) in parts.first().map(|name| named(*name)).unwrap_or_default().into_iter().enumerate() {
                    class = if n == 0 { self.clue(part) } else { Clue::member(class, self.of(part)) };
                }
                let on = Clue::instance(class);
                let inside = parts
                    .iter()
                    .skip(1)
                    .flat_map(|part| if part.kind() == "case_pattern" { named(*part) } else { vec![*part] });
                for keyword in inside.filter(|one| one.kind() == "keyword_pattern") {
                    let name = named(keyword).first().map(|name| name.start_byte());
                    if let Some(member) = name.and_then(|name| self.members.get(&name).copied()) {
                        self.bound.names.members[member].on = on.clone();
                    }
                }
            }
            "call" => {
                self.children(node);
                let arguments = part("arguments").map(named).unwrap_or_default();
                let keywords = arguments.into_iter().filter(|one| one.kind() == "keyword_argument");
                let named: Vec<usize> = keywords
                    .filter_map(|one| one.child_by_field_name("name"))
                    .filter_map(|name| self.members.get(&name.start_byte()).copied())
                    .collect();
                if let Some(callee) = part("function").filter(|_| !named.is_empty()) {
                    let on = self.clue(callee);
                    named.into_iter().for_each(|member| self.bound.names.members[member].on = on.clone());
                }
            }
            "assignment" => {
                self.children(node);
                self.slots(node);
                let Some(left) = part("left") else { return };
                match (part("type"), part("right")) {
                    (Some(ty), _) => {
                        let clue = self.ty(ty);
                        self.put(left, clue);
                    }
                    (None, Some(right)) => {
                        let clue = self.clue(right);
                        self.put(left, clue);
                    }
                    _ => {}
                }
            }
            "named_expression" => {
                self.children(node);
                if let (Some(name), Some(value)) = (part("name"), part("value")) {
                    let clue = self.clue(value);
                    self.put(name, clue);
                }
            }
            "for_statement" | "for_in_clause" => {
                if let (Some(left), Some(right)) = (part("left"), part("right")) {
                    let over = self.clue(right);
                    self.put(left, Clue::Each(Arc::new(over)));
                }
                self.children(node);
            }
            "with_item" => {
                self.children(node);
                let value = part("value").filter(|value| value.kind() == "as_pattern");
                if let Some([of, target]) = value.map(named).as_deref() {
                    let made = self.clue(*of);
                    let target = named(*target).first().copied().unwrap_or(*target);
                    self.put(target, Clue::call(Clue::member(made, "__enter__")));
                }
            }
            "except_clause" => {
                let pattern = named(node).into_iter().find(|part| part.kind() == "as_pattern");
                if let Some([of, target]) = pattern.map(named).as_deref() {
                    let clue = self.class_clue(*of);
                    let target = named(*target).first().copied().unwrap_or(*target);
                    self.put(target, clue);
                }
                self.children(node);
            }
            "if_statement" | "conditional_expression" | "elif_clause" => self.tested(node),
            "boolean_operator" => {
                let is_and = part("operator").is_some_and(|operator| operator.kind() == "and");
                let before = self.narrowed.len();
                if let Some(left) = part("left") {
                    self.node(left);
                    if is_and {
                        self.narrow(left);
                    }
                }
                if let Some(right) = part("right") {
                    self.node(right);
                }
                self.narrowed.truncate(before);
            }
            "assert_statement" => {
                self.children(node);
                if let Some(test) = named(node).first() {
                    // For the rest of the block.
                    self.narrow(*test);
                }
            }
            _ => self.children(node),
        }
    }

    /// Something is put into a place.
    fn put(&mut self, place: Node<'t>, clue: Clue) {
        match place.kind() {
            "identifier" => self.says(self.symbol(place), clue),
            "attribute" => {
                let name = place.child_by_field_name("attribute");
                let symbol = name.and_then(|name| self.placed.get(&name.start_byte()).copied());
                self.says(symbol, clue);
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" => {
                for (n, part) in named(place).into_iter().enumerate() {
                    self.put(part, Clue::item(clue.clone(), n));
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let decorators = match node.parent().filter(|parent| parent.kind() == "decorated_definition") {
            Some(parent) => {
                named(parent).into_iter().filter(|part| part.kind() == "decorator").map(|d| self.of(d)).collect()
            }
            None => Vec::new(),
        };
        let is = |words: &[&str]| {
            decorators.iter().any(|decorator| {
                let name = decorator.trim_start_matches('@').trim();
                words.iter().any(|word| name == *word || name.ends_with(&format!(".{word}")))
            })
        };
        let is_method = node
            .parent()
            .map(|parent| if parent.kind() == "decorated_definition" { parent.parent() } else { Some(parent) });
        let is_method = is_method
            .flatten()
            .and_then(|block| block.parent())
            .is_some_and(|outer| outer.kind() == "class_definition");
        let class = self.classes.last().copied().filter(|_| is_method && !is(&["staticmethod"]));
        let is_of_class =
            is(&["classmethod"]) || matches!(self.of(name), "__new__" | "__init_subclass__" | "__class_getitem__");
        let parameters = node.child_by_field_name("parameters").map(named).unwrap_or_default();
        for (n, parameter) in parameters.into_iter().filter(|part| part.kind() != "comment").enumerate() {
            let name = match parameter.kind() {
                "identifier" => Some(parameter),
                _ => parameter.child_by_field_name("name").or_else(|| named(parameter).first().copied()),
            };
            let Some(name) = name else { continue };
            let clue = match (n, class) {
                (0, Some(number)) if is_of_class => Clue::Type(number),
                (0, Some(number)) => Clue::instance(Clue::Type(number)),
                _ => match (parameter.child_by_field_name("type"), parameter.child_by_field_name("value")) {
                    (Some(ty), _) => self.ty(ty),
                    (None, Some(value)) if value.kind() != "none" => self.clue(value),
                    _ => Clue::Unknown,
                },
            };
            match name.kind() {
                "list_splat_pattern" | "dictionary_splat_pattern" => {
                    let inner = named(name).first().and_then(|inner| self.symbol(*inner));
                    let clue = Arc::new(clue);
                    let all = if name.kind() == "list_splat_pattern" {
                        Clue::List(clue)
                    } else {
                        Clue::Map(Arc::new(Clue::Basic), clue)
                    };
                    self.says(inner, all);
                }
                _ => self.says(self.symbol(name), clue),
            }
        }
        let gives = match node.child_by_field_name("return_type") {
            Some(ty) => self.ty(ty),
            None => node.child_by_field_name("body").map_or(Clue::Unknown, |body| self.returned(body)),
        };
        let clue = match () {
            () if is(&["property", "cached_property", "setter"]) => gives,
            () if is(&["contextmanager", "asynccontextmanager"]) => {
                Clue::Function(Arc::new(Clue::Each(Arc::new(gives))))
            }
            // Most other decorators leave a function what it is.
            () => Clue::Function(Arc::new(gives)),
        };
        self.says(self.symbol(name), clue);
        let before = std::mem::take(&mut self.narrowed);
        self.children(node);
        self.narrowed = before;
    }

    /// What the `return` statements of a body give; nothing is known of a generator.
    fn returned(&mut self, body: Node<'t>) -> Clue {
        let (mut all, mut stack) = (Vec::new(), vec![body]);
        while let Some(node) = stack.pop() {
            match node.kind() {
                "function_definition" | "class_definition" | "lambda" => {}
                "yield" => return Clue::Unknown,
                "return_statement" => all.extend(named(node).first().map(|value| self.clue(*value))),
                _ => stack.extend(named(node)),
            }
        }
        Clue::either(all)
    }
}
