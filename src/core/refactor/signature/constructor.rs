//! Another signature for what makes the values of a class: with all places that make one, of the class or of one below
//! it that inherits this, and with the classes below that call it from their own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::call::whole_name;
use super::parameter::{Function, method};
use super::{Change, Changed, Work, checked_plan};
use crate::core::Result;
use crate::core::ast::{Lang, all_children, ancestors, named_children};
use crate::core::refactor::code::{Code, Parsed};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::project::Project;
use crate::core::refactor::references::references;

/// The class that a place means, by its symbol: one that is named there, or the one whose constructor it is.
pub(super) fn class_at(code: &Code<'_>, offset: usize) -> Option<usize> {
    let mention = code.names.mention_at(offset);
    let root = code.source.tree().root_node();
    let leaf = root.descendant_for_byte_range(offset, offset)?;
    let own = match mention.and_then(|mention| mention.symbol) {
        Some(symbol) if code.names.symbols[symbol].kind == "class" => return Some(symbol),
        _ => method(leaf, &code.file.text).filter(|_| matches!(code.of(leaf), "constructor" | "__init__"))?,
    };
    let class = ancestors(own.node).find(|node| is_class(*node))?;
    code.names.mention_at(class.child_by_field_name("name")?.start_byte())?.symbol
}

/// What changes with the signature of the constructor of a class.
pub(super) fn signature_of_constructor(
    project: &mut Project<'_>,
    parsed: &Parsed,
    class: usize,
    change: &Change,
) -> Result<Changed> {
    let code = parsed.code("changed");
    let name = code.names.symbols[class].name.clone();
    let first =
        code.names.mentions_of(class).find(|mention| mention.is_declaration).map_or(0, |first| first.span.start);
    let node = code
        .class_of(class)
        .ok_or_else(|| code.conflict(first, "it is declared more than once", "change it by hand"))?;
    let all = made_by(&code, node);
    let [declared] = all.as_slice() else {
        let (reason, hint) = match all.is_empty() {
            true => ("it declares no constructor", "point at the class that does, or write one"),
            false => ("its constructor is declared more than once", "change overloads by hand"),
        };
        return Err(code.conflict(first, reason, hint));
    };
    code.check_constructor(node, declared, &name, change)?;
    let plan = checked_plan(&code, declared, change)?;
    let modules = Modules::read(project.tree(), code.lang);
    let mut work = Work::new(&code.file.path);
    work.declaration(&code, declared, &plan);
    let mut found = Found { work: &mut work, sites: BTreeMap::new(), queue: vec![(code.file.path.clone(), class)] };
    let mut seen = BTreeSet::new();
    found.inside(&code, node);
    while let Some((path, symbol)) = found.queue.pop() {
        if !seen.insert((path.clone(), symbol)) {
            continue;
        }
        let here = Parsed::new(project, &path)?;
        let (all, lost) = references(project, &modules, code.lang, &Arc::clone(&here.file), symbol);
        let named = all.iter().filter(|reference| !reference.is_link).collect::<Vec<_>>();
        // They come in the order of their files, each of which is parsed once.
        for references in named.chunk_by(|one, other| one.path == other.path) {
            let other = Parsed::new(project, &references[0].path)?;
            let other = other.code("changed");
            references.iter().for_each(|reference| found.reference(&other, &(reference.start..reference.end)));
        }
        for place in lost {
            let reason = "it is handed on in a way that cannot be followed";
            found.work.doubts.push(super::Doubt { place, reason });
        }
    }
    for (path, sites) in found.sites {
        let other = Parsed::new(project, &path)?;
        let other = other.code("changed");
        let calls = sites.iter().filter_map(|(start, end)| other.leaf(&(*start..*end))).collect();
        work.calls(&other, calls, declared, &plan);
    }
    work.named_in_strings(&project.mentioning(code.lang, &name), &name);
    Ok(work.changed(&name))
}

struct Found<'w> {
    work: &'w mut Work,
    /// The lists of arguments that are passed to it, by file.
    sites: BTreeMap<String, BTreeSet<(usize, usize)>>,
    /// Classes that are made by the same constructor, by file and symbol.
    queue: Vec<(String, usize)>,
}

impl Found<'_> {
    fn site(&mut self, code: &Code<'_>, arguments: Node<'_>) {
        let range = arguments.byte_range();
        self.sites.entry(code.file.path.clone()).or_default().insert((range.start, range.end));
    }

    /// What is done with a class where it is named.
    fn reference(&mut self, code: &Code<'_>, span: &Range<usize>) {
        let Some(leaf) = code.leaf(span).filter(|leaf| leaf.kind() != "comment") else { return };
        let node = whole_name(leaf);
        let Some(parent) = node.parent() else { return };
        let is = |name: &str| parent.child_by_field_name(name) == Some(node);
        let reason = match parent.kind() {
            "import_specifier" | "export_specifier" | "import_clause" | "dotted_name" | "aliased_import" => return,
            "new_expression" | "call" if is("constructor") || is("function") => {
                match parent.child_by_field_name("arguments") {
                    Some(arguments) if matches!(arguments.kind(), "arguments" | "argument_list") => {
                        return self.site(code, arguments);
                    }
                    _ => "it is made without a list of arguments",
                }
            }
            "class_heritage" | "extends_clause" => match ancestors(parent).find(|of| is_class(*of)) {
                Some(below) => return self.below(code, below, true),
                None => return,
            },
            "argument_list" if parent.parent().is_some_and(|of| of.kind() == "class_definition") => {
                let is_first = named_children(parent).next() == Some(node);
                let is_alone = named_children(parent).filter(|one| one.kind() != "keyword_argument").count() == 1;
                match parent.parent() {
                    Some(below) if is_first && is_alone => return self.below(code, below, true),
                    Some(below) => return self.below(code, below, false),
                    None => return,
                }
            }
            "member_expression" | "attribute" if is("object") => {
                let member = parent.child_by_field_name("property").or_else(|| parent.child_by_field_name("attribute"));
                match member.map_or("", |member| code.of(member)) {
                    "__init__" | "call" | "apply" => "it is called on its class, which passes the object itself",
                    "bind" | "__new__" => "it is used as a value: whoever makes one then is not known",
                    _ => return,
                }
            }
            "type_query" => "its type says how it is made",
            _ if says_no_value(code, node) => return,
            _ => "it is used as a value: whoever makes one then is not known",
        };
        self.work.doubt(code, span.clone(), reason);
    }

    /// A class right below: its own constructor calls this one, or it is made by it. `is_next` says that nothing else
    /// can come between them.
    fn below(&mut self, code: &Code<'_>, class: Node<'_>, is_next: bool) {
        self.inside(code, class);
        let own = made_by(code, class);
        let name = class.child_by_field_name("name");
        let symbol = name.and_then(|name| code.names.mention_at(name.start_byte())).and_then(|named| named.symbol);
        match (own.first(), symbol) {
            _ if !is_next => {
                let range = name.unwrap_or(class).byte_range();
                self.work.doubt(code, range, "which of its classes above comes next is decided elsewhere");
            }
            (Some(_), _) => own.iter().for_each(|own| self.calls_above(code, own.node, class)),
            (None, Some(symbol)) => self.queue.push((code.file.path.clone(), symbol)),
            (None, None) => self.work.doubt(
                code,
                class.start_byte()..class.start_byte() + 5,
                "it has no name by which it could be followed",
            ),
        }
    }

    /// `super(…)` and `super().__init__(…)`.
    fn calls_above(&mut self, code: &Code<'_>, constructor: Node<'_>, class: Node<'_>) {
        each(constructor, &mut |node| {
            let Some(function) = node.child_by_field_name("function") else { return };
            let is_super = match (node.kind(), function.kind()) {
                ("call_expression", "super") => true,
                ("call", "attribute") => {
                    let of = function.child_by_field_name("object").map_or("", |of| code.of(of));
                    let name = function.child_by_field_name("attribute").map_or("", |name| code.of(name));
                    of.starts_with("super(") && name == "__init__"
                }
                _ => false,
            };
            let is_here = ancestors(node).find(|of| is_class(*of)) == Some(class);
            if let Some(arguments) = node.child_by_field_name("arguments").filter(|_| is_super && is_here) {
                self.site(code, arguments);
            }
        });
    }

    /// What a class makes without naming itself may be of a class below it.
    fn inside(&mut self, code: &Code<'_>, class: Node<'_>) {
        each(class, &mut |node| {
            let made = match node.kind() {
                "call" => node.child_by_field_name("function"),
                "new_expression" => node.child_by_field_name("constructor"),
                _ => None,
            };
            let own = ["cls", "type(self)", "self.__class__", "this", "this.constructor", "new.target"];
            let is_own = made.is_some_and(|made| own.contains(&code.of(made)));
            if is_own && ancestors(node).find(|of| is_class(*of)) == Some(class) {
                self.work.doubt(code, node.byte_range(), "what it makes may be of a class below");
            }
        });
    }
}

fn is_class(node: Node<'_>) -> bool {
    matches!(node.kind(), "class_declaration" | "abstract_class_declaration" | "class" | "class_definition")
}

/// The constructors that a class declares.
fn made_by<'t>(code: &Code<'t>, class: Node<'t>) -> Vec<Function<'t>> {
    let Some(body) = class.child_by_field_name("body") else { return Vec::new() };
    let members = named_children(body).map(|member| member.child_by_field_name("definition").unwrap_or(member));
    let names = members.filter_map(|member| member.child_by_field_name("name"));
    let makes = |name: &Node<'_>| match code.lang {
        Lang::Python => code.of(*name) == "__init__",
        _ => code.of(*name) == "constructor",
    };
    names.filter(makes).filter_map(|name| method(name, &code.file.text)).collect()
}

/// Whether a class is named only to compare with it, or as the type of something. `name` is all of its name.
fn says_no_value(code: &Code<'_>, name: Node<'_>) -> bool {
    let mut around = ancestors(name).take_while(|of| !of.kind().ends_with("statement") && of.kind() != "block");
    let is_written =
        |of: Node<'_>| matches!(of.kind(), "type" | "type_annotation" | "type_arguments" | "implements_clause");
    if matches!(name.kind(), "type_identifier" | "nested_type_identifier") || around.any(is_written) {
        return true;
    }
    // Several may be asked for at once: `(A, B)`, `A | B`.
    let mut node = name;
    while let Some(parent) = node.parent().filter(|of| {
        let is_or = || of.child_by_field_name("operator").is_some_and(|operator| code.of(operator) == "|");
        matches!(of.kind(), "tuple" | "parenthesized_expression" | "as_pattern")
            || of.kind() == "binary_operator" && is_or()
    }) {
        node = parent;
    }
    let Some(parent) = node.parent() else { return false };
    match parent.kind() {
        "except_clause" => true,
        "binary_expression" => {
            let operator = parent.child_by_field_name("operator").map_or("", |operator| code.of(operator));
            operator == "instanceof" && parent.child_by_field_name("right") == Some(node)
        }
        "argument_list" => {
            let asks = parent.parent().and_then(|call| call.child_by_field_name("function"));
            asks.is_some_and(|asks| matches!(code.of(asks), "isinstance" | "issubclass"))
                && named_children(parent).next() != Some(node)
        }
        _ => false,
    }
}

/// Looks at every node below one.
fn each<'t>(node: Node<'t>, look: &mut dyn FnMut(Node<'t>)) {
    let mut left = vec![node];
    while let Some(node) = left.pop() {
        look(node);
        left.extend(named_children(node));
    }
}

impl<'a> Code<'a> {
    /// The class that declares a symbol, if that is declared once.
    fn class_of(&self, symbol: usize) -> Option<Node<'a>> {
        let leaf = self.leaf(&self.declaration(symbol)?.span)?;
        leaf.parent().filter(|node| is_class(*node))
    }

    /// Refuses constructors that more depends on than what calls pass.
    fn check_constructor(&self, class: Node<'_>, declared: &Function<'_>, name: &str, change: &Change) -> Result<()> {
        let at = declared.list.start;
        let by_hand = |reason: &str| Err(self.conflict(at, reason, "change it by hand"));
        let body = class.child_by_field_name("body");
        let members = body.into_iter().flat_map(named_children);
        let mut names = members.filter_map(|member| {
            member.child_by_field_name("definition").unwrap_or(member).child_by_field_name("name")
        });
        if self.lang == Lang::Python && names.any(|name| self.of(name) == "__new__") {
            return by_hand("'__new__' is passed the same");
        }
        let bases = class.child_by_field_name("superclasses");
        if bases.is_some_and(|bases| named_children(bases).any(|one| one.kind() == "keyword_argument")) {
            return by_hand("its metaclass may make it in its own way");
        }
        let is_member = |range: &Range<usize>| {
            let words = ["accessibility_modifier", "readonly", "override_modifier"];
            self.leaf(range).is_some_and(|declared| all_children(declared).any(|child| words.contains(&child.kind())))
        };
        for gone in &change.remove {
            if declared.parameters.iter().any(|one| one.name == *gone && is_member(&one.range)) {
                let reason = format!("'{gone}' is a member of '{name}', too");
                return Err(self.conflict(at, &reason, "take its uses out first, and it by hand"));
            }
        }
        self.check_form(declared, name)
    }
}
