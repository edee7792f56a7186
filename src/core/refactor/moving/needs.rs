//! What moved code needs in its new file: imports it used, and what the old file declares.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::header::Wanted;
use super::statement::Kind;
use super::{Opened, Work, named, shown};
use crate::core::Result;
use crate::core::ast::{Family, Lang, ancestors};
use crate::core::refactor::code::is_written;
use crate::core::refactor::modules::{Manner, Modules};
use crate::core::refactor::names::{Export, Form, Mention};
use crate::core::refactor::project::names_of;

impl Work<'_, '_, '_> {
    /// Asks for everything that the moved code names and that its new file does not have.
    pub(super) fn needs(&mut self) -> Result<()> {
        let names = self.names;
        let inside: Vec<&Mention> =
            names.mentions.iter().filter(|mention| self.is_inside(mention.span.start)).collect();
        // By symbol, the imports in the order in which the old file has them.
        let mut needed: BTreeMap<(bool, usize, usize), &Mention> = BTreeMap::new();
        for mention in inside {
            let Some(symbol) = mention.symbol else {
                self.check_foreign(mention)?;
                continue;
            };
            let declared = &names.symbols[symbol];
            let is_import =
                declared.kind == "import" || names.imports.iter().any(|import| import.symbol == Some(symbol));
            let is_outer = declared.scope == 0 || is_import && self.lang == Lang::Go;
            if !is_outer || self.symbols.contains(&symbol) {
                continue;
            }
            if !is_import {
                self.check_write(mention)?;
                if self.is_early(mention) && self.early.is_none() {
                    self.early = Some(mention.span.start);
                }
                if self.is_early(mention) && self.names.symbols[symbol].kind == "variable" && self.lang != Lang::Go {
                    let path = self.from.path().to_owned();
                    self.doubt(
                        &path,
                        mention.span.clone(),
                        "this is read when its file is loaded, which may be at another time",
                    );
                }
            }
            needed.entry((!is_import, self.from.declared_at(symbol), symbol)).or_insert(mention);
        }
        for ((is_own, _, symbol), mention) in needed {
            match is_own {
                false => self.need_import(symbol, mention)?,
                true => self.need_declared(symbol, mention)?,
            }
        }
        self.need_react()
    }

    /// A name that the old file does not declare must not mean something in the new one.
    fn check_foreign(&self, mention: &Mention) -> Result<()> {
        let text = &self.from.file.text[mention.span.clone()];
        if self.lang == Lang::Go {
            return Ok(());
        }
        match self.to.top(text) {
            None => Ok(()),
            Some(there) => Err(self.clash(mention.span.start, text, there)),
        }
    }

    pub(super) fn clash(&self, offset: usize, name: &str, there: usize) -> crate::core::Error {
        let place = shown(&self.to.file, self.to.declared_at(there));
        self.from.conflict(
            offset,
            &format!("'{name}' means something else at {place}"),
            "rename one of the two first, or choose another file",
        )
    }

    /// Refuses where the moved code writes what it could only import.
    fn check_write(&self, mention: &Mention) -> Result<()> {
        if self.lang != Lang::Go && is_written(&self.from.source, mention) {
            return Err(self.from.conflict(
                mention.span.start,
                "it writes a variable of its file, which it could only import",
                "move the variable along",
            ));
        }
        Ok(())
    }

    /// Whether a place is evaluated when its file is loaded.
    pub(super) fn is_early(&self, mention: &Mention) -> bool {
        self.is_early_in(&self.from, mention)
    }

    /// The same for a place of another file.
    pub(super) fn is_early_in(&self, opened: &Opened, mention: &Mention) -> bool {
        let root = opened.source.tree().root_node();
        let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
        !leaf.is_some_and(|leaf| is_deferred(leaf, self.lang))
    }

    fn need_import(&mut self, symbol: usize, mention: &Mention) -> Result<()> {
        let local = self.name(symbol).to_owned();
        let specifier = self.names.imports.iter().find(|import| import.symbol == Some(symbol));
        let header = &self.from.header;
        let items: Vec<(usize, usize)> = (0..header.statements.len())
            .filter(|at| !header.statements[*at].is_export)
            .flat_map(|at| (0..header.statements[at].items.len()).map(move |item| (at, item)))
            .filter(|at| match self.lang {
                Lang::Go => specifier.is_some_and(|import| import.from == header.module(at.0)),
                _ => header.item(*at).local == local && header.item(*at).kind != Kind::All,
            })
            .filter(|at| !self.is_inside(header.statements[at.0].range.start))
            .collect();
        if items.is_empty() || items.iter().any(|at| !header.statements[at.0].is_top) {
            return Err(self.from.conflict(
                mention.span.start,
                &format!("'{local}' is not imported by a plain import at the top of the file"),
                "import it there first",
            ));
        }
        for at in items {
            self.take_along(at, &local, mention)?;
        }
        Ok(())
    }

    /// Takes in the new file what the old one took.
    fn take_along(&mut self, at: (usize, usize), local: &str, mention: &Mention) -> Result<()> {
        let (statement, item) = (&self.from.header.statements[at.0], self.from.header.item(at).clone());
        let written = &self.from.file.text[statement.module.end..statement.range.end];
        if self.lang.family() == Family::JavaScript && (written.contains(" with ") || written.contains(" assert ")) {
            return Err(self.from.conflict(
                mention.span.start,
                "its import has attributes",
                "import it in the new file first",
            ));
        }
        let module = match (self.lang, item.kind) {
            (Lang::Python, Kind::Whole) => item.name.clone(),
            _ => self.from.header.module(at.0).to_owned(),
        };
        let is_type = statement.is_type || item.is_type;
        let means = match self.modules {
            Modules::Go(_) => None,
            _ => self.modules.find(&self.from.file, &module),
        };
        if means.as_deref() == Some(self.to.path()) {
            // The new file has it already, under its own name.
            return match item.kind == Kind::Named && item.name == local {
                true => Ok(()),
                false => Err(self.from.conflict(
                    mention.span.start,
                    &format!("in {} '{local}' goes by another name", self.to.path()),
                    "use its own name first",
                )),
            };
        }
        let written = match &means {
            Some(means) if !(module.starts_with('.')) && self.same_there(&module, means) => Some(module.clone()),
            Some(means) => self.modules.written(&self.to.file, means, &Manner { specifier: &module, means }),
            None if module.starts_with('.') && self.lang != Lang::Go => {
                self.modules.turned(&self.from.file, &module, &self.to.file)
            }
            None => Some(module.clone()),
        };
        let Some(written) = written else {
            return Err(self.from.conflict(
                mention.span.start,
                &format!("{} cannot import '{module}'", self.to.path()),
                "import it from elsewhere first",
            ));
        };
        if let Some(there) = self.to.top(local) {
            return match self.is_same_import(there, &item, means.as_deref(), &written) {
                true => Ok(()),
                false => Err(self.clash(mention.span.start, local, there)),
            };
        }
        if !is_type {
            self.imported.extend(means);
        }
        let (name, local, kind) = (item.name.clone(), item.local.clone(), item.kind);
        self.to.header.want(Wanted { module: written, name, local, kind, is_type, is_export: false, beside: None });
        Ok(())
    }

    fn same_there(&self, module: &str, means: &str) -> bool {
        self.modules.find(&self.to.file, module).as_deref() == Some(means)
    }

    /// Whether the new file has the same import.
    fn is_same_import(&self, there: usize, item: &super::statement::Item, means: Option<&str>, written: &str) -> bool {
        let header = &self.to.header;
        let all = (0..header.statements.len())
            .flat_map(|at| (0..header.statements[at].items.len()).map(move |item| (at, item)));
        let names = names_of(&self.to.file);
        let is_import = names.imports.iter().any(|import| import.symbol == Some(there));
        is_import
            && all.filter(|at| !header.statements[at.0].is_export && header.statements[at.0].is_top).any(|at| {
                let known = header.item(at);
                let module = match (self.lang, known.kind) {
                    (Lang::Python, Kind::Whole) => known.name.as_str(),
                    _ => header.module(at.0),
                };
                let is_type = header.statements[at.0].is_type || known.is_type;
                let is_there = module == written
                    || means.is_some() && self.modules.find(&self.to.file, module).as_deref() == means;
                let is_enough = !is_type || item.is_type;
                known.local == item.local && known.kind == item.kind && known.name == item.name && is_there && is_enough
            })
    }

    /// Takes in the new file what the old one declares and keeps.
    fn need_declared(&mut self, symbol: usize, mention: &Mention) -> Result<()> {
        if self.lang == Lang::Go {
            return Ok(());
        }
        let (name, is_type) = (self.name(symbol).to_owned(), self.is_type(symbol));
        let root = self.from.source.tree().root_node();
        let at = self.from.declared_at(symbol);
        let top = crate::core::ast::named_children(root).find(|node| node.byte_range().contains(&at));
        if top.is_some_and(|node| node.kind() == "ambient_declaration") {
            return Err(self.from.conflict(
                mention.span.start,
                &format!("'{name}' is only declared here"),
                "declare it there, too",
            ));
        }
        if self.lang == Lang::Python && (self.is_changed(symbol) || self.is_changed_elsewhere(symbol)) {
            return Err(self.from.conflict(
                mention.span.start,
                &format!("'{name}' gets more than one value, and an import would keep the first"),
                "move it along",
            ));
        }
        let offered = self.names.exports.iter().find_map(|export| match export {
            Export::Declared { symbol: of } if *of == symbol => Some((Kind::Named, name.clone())),
            Export::Listed { symbol: of, name, .. } if *of == symbol => Some((Kind::Named, name.clone())),
            Export::Default { symbol: of } if *of == symbol => Some((Kind::Default, String::new())),
            _ => None,
        });
        if let Some(there) = self.to.top(&name) {
            // The new file may import it already.
            let names = names_of(&self.to.file);
            let is_from = |import: &&crate::core::refactor::names::Import| {
                import.symbol == Some(there)
                    && self.modules.find(&self.to.file, &import.from).as_deref() == Some(self.from.path())
            };
            return match names.imports.iter().any(|import| is_from(&import)) {
                true => Ok(()),
                false => Err(self.clash(mention.span.start, &name, there)),
            };
        }
        let module = self.between(false).ok_or_else(|| {
            self.from.conflict(mention.span.start, "the new file has no way to name this one", "choose another file")
        })?;
        let (kind, there) = match offered {
            Some((kind, there)) => (kind, there),
            None => {
                self.exposed.insert(symbol);
                (Kind::Named, name.clone())
            }
        };
        if !is_type {
            self.imported.insert(self.from.path().to_owned());
        }
        self.to.header.want(Wanted { kind, name: there, ..named(module, &name, is_type) });
        Ok(())
    }

    /// Whether a variable of Python gets a value in more than one place.
    fn is_changed(&self, symbol: usize) -> bool {
        let is_plain = matches!(self.names.symbols[symbol].kind, "function" | "class");
        !is_plain && self.names.mentions_of(symbol).filter(|mention| is_written(&self.from.source, mention)).count() > 1
    }

    /// Whether another file gives a variable of the old one a value: `module.name = …`.
    fn is_changed_elsewhere(&mut self, symbol: usize) -> bool {
        let name = self.name(symbol).to_owned();
        if self.names.symbols[symbol].kind != "variable" {
            return false;
        }
        let files = self.project.mentioning(self.lang, &name);
        files.iter().filter(|file| file.path != self.from.path()).any(|file| self.may_reach(file, &name))
    }

    /// JSX may mean a `React` that nothing names.
    fn need_react(&mut self) -> Result<()> {
        let Some(jsx) = self.pieces.iter().find_map(|piece| first_jsx(piece.node)) else { return Ok(()) };
        if self.from.file.text.contains("@jsx") && !self.to.file.text.contains("@jsx") {
            return Err(self.from.conflict(
                jsx.start_byte(),
                "a comment of its file says what JSX means",
                "write it into the new file first",
            ));
        }
        let factory = ["React", "h"].into_iter().find_map(|name| Some((name, self.from.top(name)?)));
        let Some((_, symbol)) = factory.filter(|(name, _)| self.to.top(name).is_none()) else { return Ok(()) };
        let span = jsx.start_byte()..jsx.start_byte();
        let mention = Mention { span, symbol: Some(symbol), scope: 0, form: Form::Plain, is_declaration: false };
        self.need_import(symbol, &mention)
    }
}

fn first_jsx(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind().starts_with("jsx_") {
        true => Some(node),
        false => crate::core::ast::named_children(node).find_map(first_jsx),
    }
}

/// Whether a place is evaluated only when something is called.
fn is_deferred(leaf: Node<'_>, lang: Lang) -> bool {
    let mut child = leaf;
    for parent in ancestors(leaf) {
        let is_body = parent.child_by_field_name("body") == Some(child);
        let is_function = match lang {
            Lang::Python => matches!(parent.kind(), "function_definition" | "lambda") && is_body,
            _ => {
                matches!(
                    parent.kind(),
                    "function_declaration"
                        | "generator_function_declaration"
                        | "function_expression"
                        | "generator_function"
                        | "arrow_function"
                        | "method_definition"
                        | "type_annotation"
                        | "interface_declaration"
                        | "type_alias_declaration"
                        | "implements_clause"
                        | "type_arguments"
                        | "function_signature"
                )
            }
        };
        if is_function {
            return true;
        }
        child = parent;
    }
    false
}
