//! Import statements as they are written: which module, which names, and where each stands.

use std::ops::Range;

use tree_sitter::Node;

use crate::core::ast::{Lang, Source, named_children};

/// What an item takes from its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of its names.
    Named,
    /// What it offers by default.
    Default,
    /// All of it, as one thing: `* as a`, Python's `import a`, an import of Go.
    Whole,
    /// All of its names.
    All,
}

/// One thing that a statement takes.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its bytes, with its alias.
    pub range: Range<usize>,
    /// Its name over there; empty where it has none.
    pub name: String,
    /// Its name here.
    pub local: String,
    /// What it is of its module.
    pub kind: Kind,
    /// Whether it is taken as a type only.
    pub is_type: bool,
}

/// An import statement, or an `export … from`.
#[derive(Debug, Clone)]
pub struct Statement {
    /// All of it.
    pub range: Range<usize>,
    /// The module's name, without quotes. In Python's `import a` it is the item's name.
    pub module: Range<usize>,
    /// What it takes, in order.
    pub items: Vec<Item>,
    /// The list of names with its brackets, where it has some.
    pub list: Option<Range<usize>>,
    /// Whether it is `import type`.
    pub is_type: bool,
    /// Whether it stands at the top of the file, under no condition.
    pub is_top: bool,
    /// Whether it passes on what it takes.
    pub is_export: bool,
}

/// All import statements of a file, in order.
pub fn statements(source: &Source) -> Vec<Statement> {
    let mut found = Vec::new();
    let root = source.tree().root_node();
    let mut stack: Vec<Node<'_>> = named_children(root).collect();
    stack.reverse();
    while let Some(node) = stack.pop() {
        match statement(source, node) {
            Some(one) => found.push(one),
            None if is_open(node, source.lang()) => {
                let inner = stack.len();
                stack.extend(named_children(node));
                stack[inner..].reverse();
            }
            None => {}
        }
    }
    found
}

/// Tells whether imports may stand inside a node. In Python they may stand in any block.
fn is_open(node: Node<'_>, lang: Lang) -> bool {
    match lang {
        Lang::Python => {
            node.kind().ends_with("block") || node.kind().ends_with("_statement") || {
                matches!(
                    node.kind(),
                    "function_definition"
                        | "class_definition"
                        | "decorated_definition"
                        | "elif_clause"
                        | "else_clause"
                        | "except_clause"
                        | "finally_clause"
                        | "case_clause"
                        | "with_clause"
                )
            }
        }
        Lang::Go => matches!(node.kind(), "import_declaration" | "import_spec_list"),
        _ => false,
    }
}

fn statement(source: &Source, node: Node<'_>) -> Option<Statement> {
    match node.kind() {
        "import_statement" if source.lang() == Lang::Python => plain_python(source, node),
        "import_from_statement" => python(source, node),
        "import_statement" => javascript(source, node, false),
        "export_statement" if node.child_by_field_name("source").is_some() => javascript(source, node, true),
        "import_spec" => go(source, node),
        _ => None,
    }
}

fn is_top(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.parent().is_none())
}

fn of<'s>(source: &'s Source, node: Node<'_>) -> &'s str {
    &source.text()[node.byte_range()]
}

/// A name with or without alias.
fn item(source: &Source, node: Node<'_>, kind: Kind) -> Item {
    let name = node.child_by_field_name("name").unwrap_or(node);
    let local = node.child_by_field_name("alias").unwrap_or(name);
    let is_type = node.child(0).is_some_and(|first| first.kind() == "type" && !first.is_named());
    let (name, local) = (of(source, name).to_owned(), of(source, local).to_owned());
    Item { range: node.byte_range(), name, local, kind, is_type }
}

fn javascript(source: &Source, node: Node<'_>, is_export: bool) -> Option<Statement> {
    let from = node.child_by_field_name("source")?;
    let module = from.start_byte() + 1..from.end_byte().saturating_sub(1).max(from.start_byte() + 1);
    let is_type = named_or_not(node).any(|child| child.kind() == "type");
    let mut found = Statement {
        range: node.byte_range(),
        module,
        items: Vec::new(),
        list: None,
        is_type,
        is_top: is_top(node),
        is_export,
    };
    let clause = named_children(node).find(|child| child.kind() == "import_clause").unwrap_or(node);
    for child in named_children(clause) {
        match child.kind() {
            "identifier" => {
                found.items.push(Item { name: String::new(), ..item(source, child, Kind::Default) });
            }
            "namespace_import" | "namespace_export" => {
                let local = named_children(child).last().unwrap_or(child);
                let local = of(source, local).to_owned();
                let (range, name) = (child.byte_range(), String::new());
                found.items.push(Item { range, name, local, kind: Kind::Whole, is_type: false });
            }
            "named_imports" | "export_clause" => {
                found.list = Some(child.byte_range());
                let specifiers = named_children(child).filter(|one| one.kind().ends_with("_specifier"));
                found.items.extend(specifiers.map(|one| item(source, one, Kind::Named)));
            }
            _ => {}
        }
    }
    if is_export && found.items.is_empty() {
        let (range, name) = (node.byte_range(), String::new());
        found.items.push(Item { range, local: name.clone(), name, kind: Kind::All, is_type: false });
    }
    Some(found)
}

fn named_or_not(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count()).filter_map(move |n| node.child(n))
}

fn python(source: &Source, node: Node<'_>) -> Option<Statement> {
    let module = node.child_by_field_name("module_name")?;
    let mut cursor = node.walk();
    let mut items: Vec<Item> =
        node.children_by_field_name("name", &mut cursor).map(|one| item(source, one, Kind::Named)).collect();
    if let Some(star) = named_children(node).find(|child| child.kind() == "wildcard_import") {
        let (range, name) = (star.byte_range(), String::new());
        items.push(Item { range, local: name.clone(), name, kind: Kind::All, is_type: false });
    }
    let open = named_or_not(node).find(|child| child.kind() == "(");
    let close = named_or_not(node).find(|child| child.kind() == ")");
    let list = open.zip(close).map(|(open, close)| open.start_byte()..close.end_byte());
    let (range, module) = (node.byte_range(), module.byte_range());
    Some(Statement { range, module, items, list, is_type: false, is_top: is_top(node), is_export: false })
}

fn plain_python(source: &Source, node: Node<'_>) -> Option<Statement> {
    let mut cursor = node.walk();
    let items: Vec<Item> = node
        .children_by_field_name("name", &mut cursor)
        .map(|one| {
            let item = item(source, one, Kind::Whole);
            let is_plain = one.kind() != "aliased_import";
            // `import a.b` gives the name `a`.
            let first = item.local.split('.').next().unwrap_or_default().to_owned();
            Item { local: if is_plain { first } else { item.local.clone() }, ..item }
        })
        .collect();
    let module = items.first()?.range.clone();
    let range = node.byte_range();
    Some(Statement { range, module, items, list: None, is_type: false, is_top: is_top(node), is_export: false })
}

fn go(source: &Source, node: Node<'_>) -> Option<Statement> {
    let path = node.child_by_field_name("path")?;
    let module = path.start_byte() + 1..path.end_byte().saturating_sub(1).max(path.start_byte() + 1);
    let local = node.child_by_field_name("name").map(|name| of(source, name).to_owned()).unwrap_or_default();
    let kind = if local == "." { Kind::All } else { Kind::Whole };
    let item = Item { range: node.byte_range(), name: String::new(), local, kind, is_type: false };
    let range = node.byte_range();
    Some(Statement { range, module, items: vec![item], list: None, is_type: false, is_top: true, is_export: false })
}
