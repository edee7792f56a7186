//! Exports of ES modules: by name, by default, and the imports that take them.

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::{Offer, Work};
use crate::core::Result;
use crate::core::ast::{all_children, named_children, whole_lines};
use crate::core::refactor::Doubt;
use crate::core::refactor::code::{Code, Parsed};
use crate::core::refactor::moving::{Header, Kind, Wanted, export_at, list_edits};
use crate::core::refactor::names::{Export, Place, Taken};
use crate::core::refactor::project::names_of;
use crate::core::refactor::references::references;

impl Work<'_, '_, '_> {
    /// Offers a declaration in another way.
    pub(super) fn javascript(&mut self, code: &Code<'_>, offset: usize, offer: Offer) -> Result<()> {
        let root = code.source.tree().root_node();
        let symbol = self.symbol;
        let now = self.now(code);
        if now == offer {
            return Err(code.conflict(offset, "it is offered so already", "there is nothing to do"));
        }
        let declaration = code
            .declaration(symbol)
            .ok_or_else(|| code.conflict(offset, "it is declared more than once", "change its exports by hand"))?;
        let statement = named_children(root).find(|node| node.byte_range().contains(&declaration.span.start));
        let statement =
            statement.ok_or_else(|| code.conflict(offset, "no statement declares it", "change it by hand"))?;
        if statement.kind() == "import_statement" {
            return Err(code.conflict(offset, "it is imported, not declared", "point at its declaration"));
        }
        if offer == Offer::Default && has_default(code) {
            return Err(code.conflict(
                offset,
                "the file offers something else by default",
                "make that a named export first",
            ));
        }
        self.takers(code, offset, now, offer)?;
        self.withdraw(code, statement, now);
        self.offer(code, statement, offer);
        Ok(())
    }

    fn now(&self, code: &Code<'_>) -> Offer {
        let of = |export: &Export| match export {
            Export::Declared { symbol } if *symbol == self.symbol => Some(Offer::Named),
            Export::Listed { symbol, name, .. } if *symbol == self.symbol => {
                Some(if name == "default" { Offer::Default } else { Offer::Named })
            }
            Export::Default { symbol } if *symbol == self.symbol => Some(Offer::Default),
            _ => None,
        };
        code.names.exports.iter().find_map(of).unwrap_or(Offer::None)
    }

    /// Takes back the offer there is.
    fn withdraw(&mut self, code: &Code<'_>, statement: Node<'_>, now: Offer) {
        if now == Offer::None {
            return;
        }
        let root = code.source.tree().root_node();
        let is_own = statement.kind() == "export_statement";
        if is_own {
            // `export`, and `default` behind it, up to the declaration.
            let declared =
                statement.child_by_field_name("declaration").or_else(|| statement.child_by_field_name("value"));
            if let Some(declared) = declared {
                let word = all_children(statement)
                    .find(|child| child.kind() == "export")
                    .map_or(statement.start_byte(), |word| word.start_byte());
                let end = if declared.start_byte() < word { word + "export ".len() } else { declared.start_byte() };
                self.edits.push((word..end, String::new()));
            }
            return;
        }
        for other in named_children(root).filter(|node| node.kind() == "export_statement") {
            let is_default = other.child_by_field_name("value").is_some_and(|value| code.of(value) == self.name);
            if is_default {
                self.edits.push((whole_lines(code.source.text(), other.byte_range()), String::new()));
            }
            let Some(clause) = named_children(other).find(|child| child.kind() == "export_clause") else { continue };
            let items: Vec<Node<'_>> =
                named_children(clause).filter(|item| item.kind() == "export_specifier").collect();
            let is_it = |item: &Node<'_>| {
                let name = item.child_by_field_name("name").unwrap_or(*item);
                code.of(name) == self.name && other.child_by_field_name("source").is_none()
            };
            let gone: Vec<bool> = items.iter().map(is_it).collect();
            if gone.iter().all(|gone| *gone) && !gone.is_empty() {
                self.edits.push((whole_lines(code.source.text(), other.byte_range()), String::new()));
            } else if gone.contains(&true) {
                let ranges: Vec<Range<usize>> = items.iter().map(Node::byte_range).collect();
                self.edits.extend(list_edits(code.source.text(), code.source.layout().newline, &ranges, &gone, &[]));
            }
        }
    }

    /// Makes the new offer.
    fn offer(&mut self, code: &Code<'_>, statement: Node<'_>, offer: Offer) {
        let inner = statement.child_by_field_name("declaration").filter(|_| statement.kind() == "export_statement");
        let inner = inner.unwrap_or(statement);
        let is_single = match inner.kind() {
            "lexical_declaration" | "variable_declaration" => {
                let mut all = named_children(inner).filter(|child| child.kind() == "variable_declarator");
                all.next()
                    .is_some_and(|one| one.child_by_field_name("name").is_some_and(|name| name.kind() == "identifier"))
                    && all.next().is_none()
            }
            _ => true,
        };
        let can_be_default = matches!(
            inner.kind(),
            "function_declaration"
                | "generator_function_declaration"
                | "class_declaration"
                | "abstract_class_declaration"
                | "interface_declaration"
        );
        let end = if code.ends_statements() { ";" } else { "" };
        let newline = code.source.layout().newline;
        let behind = statement.end_byte();
        let is_type = matches!(inner.kind(), "interface_declaration" | "type_alias_declaration");
        match offer {
            Offer::None => {}
            Offer::Named if is_single => self.edits.push((export_at(inner)..export_at(inner), "export ".to_owned())),
            Offer::Named => {
                let word = if is_type { "export type" } else { "export" };
                self.edits.push((behind..behind, format!("{newline}{word} {{ {} }}{end}", self.name)));
            }
            Offer::Default if can_be_default => {
                self.edits.push((export_at(inner)..export_at(inner), "export default ".to_owned()));
            }
            Offer::Default => self.edits.push((behind..behind, format!("{newline}export default {}{end}", self.name))),
        }
    }

    /// Turns the imports of other files around, or refuses where they would find nothing.
    fn takers(&mut self, code: &Code<'_>, offset: usize, now: Offer, offer: Offer) -> Result<()> {
        if now == Offer::None {
            return Ok(());
        }
        let path = code.file.path.clone();
        let (all, lost) = references(self.project, &self.modules, code.lang, &self.parsed.file, self.symbol);
        let mut paths: Vec<&str> = all.iter().map(|one| one.path.as_str()).filter(|other| *other != path).collect();
        paths.dedup();
        if let Some(other) = paths.first().filter(|_| offer == Offer::None) {
            let one = all.iter().find(|one| one.path == *other).map_or(0, |one| one.start);
            let other = Parsed::new(self.project, other)?;
            let place = other.code("exported").shown(one);
            return Err(code.conflict(offset, &format!("{place} takes it from here"), "take that out first"));
        }
        for place in lost {
            self.doubts.push(Doubt { place, reason: "it is handed on in a way that cannot be followed" });
        }
        for other in paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>() {
            self.turn(&other, &path, now)?;
        }
        if offer == Offer::Default { self.pass_on(code) } else { Ok(()) }
    }

    /// What passes on all names passes on nothing that is offered by default: there it is named from now on.
    fn pass_on(&mut self, code: &Code<'_>) -> Result<()> {
        for file in self.project.mentioning(code.lang, &self.name) {
            let passed: Vec<String> = names_of(&file)
                .exports
                .iter()
                .filter_map(|export| match export {
                    Export::All { from } => Some(from.clone()),
                    _ => None,
                })
                .filter(|from| self.modules.find(&file, from).as_deref() == Some(code.file.path.as_str()))
                .collect();
            for module in passed {
                let (name, local) = ("default".to_owned(), self.name.clone());
                let (kind, is_type, is_export) = (Kind::Named, false, true);
                let header = self.header(&file.path)?;
                let beside = header.statements.iter().find(|one| one.is_export).map(|one| one.range.start);
                header.want(Wanted { module, name, local, kind, is_type, is_export, beside });
            }
        }
        Ok(())
    }

    /// The imports of a file, to be changed.
    fn header(&mut self, path: &str) -> Result<&mut Header> {
        let opened = match self.others.remove(path) {
            Some(opened) => opened,
            None => {
                let Parsed { file, source } = Parsed::new(self.project, path)?;
                (file, Header::new(&source))
            }
        };
        Ok(&mut self.others.entry(path.to_owned()).or_insert(opened).1)
    }

    /// Turns the imports of one file.
    fn turn(&mut self, other: &str, home: &str, now: Offer) -> Result<()> {
        let Parsed { file, source } = Parsed::new(self.project, other)?;
        let mut header = Header::new(&source);
        let mut is_found = false;
        for at in 0..header.statements.len() {
            let module = header.module(at).to_owned();
            if self.modules.find(&file, &module).as_deref() != Some(home) {
                continue;
            }
            for n in 0..header.statements[at].items.len() {
                let (statement, item) = (header.statements[at].clone(), header.item((at, n)).clone());
                let is_default = item.kind == Kind::Default || item.kind == Kind::Named && item.name == "default";
                let is_it = match now {
                    Offer::Default => is_default,
                    _ => item.kind == Kind::Named && item.name == self.name,
                };
                if item.kind == Kind::Whole {
                    self.doubts.push(Doubt {
                        place: Place { path: other.to_owned(), span: item.range.clone() },
                        reason: "all of the file is taken here; what is offered otherwise is found under another name",
                    });
                }
                if !is_it {
                    continue;
                }
                is_found = true;
                header.remove((at, n));
                let (kind, name) = match (now, statement.is_export) {
                    (Offer::Default, _) => (Kind::Named, self.name.clone()),
                    (_, true) => (Kind::Named, "default".to_owned()),
                    (_, false) => (Kind::Default, String::new()),
                };
                header.want(Wanted {
                    module: module.clone(),
                    name,
                    local: item.local,
                    kind,
                    is_type: statement.is_type || item.is_type,
                    is_export: statement.is_export,
                    beside: Some(statement.range.start),
                });
            }
        }
        // What takes it by no plain import, such as `require` or `import()`, cannot follow.
        let names = names_of(&file);
        for import in names.imports.iter().filter(|_| !is_found) {
            if self.modules.find(&file, &import.from).as_deref() == Some(home)
                && let Taken::Name { span, .. } = &import.what
            {
                let place = Place { path: other.to_owned(), span: span.clone() };
                self.doubts.push(Doubt { place, reason: "it is taken by more than a plain import" });
            }
        }
        self.others.insert(other.to_owned(), (Arc::clone(&file), header));
        Ok(())
    }
}

/// Whether a file offers something by default, be it a value without a name.
fn has_default(code: &Code<'_>) -> bool {
    let is_word = |node: Node<'_>| all_children(node).any(|child| child.kind() == "default");
    let exports = named_children(code.source.tree().root_node()).filter(|node| node.kind() == "export_statement");
    let is_named = |export: &Export| export.alias().is_some_and(|(name, _)| name == "default");
    exports.into_iter().any(is_word) || code.names.exports.iter().any(is_named)
}
