//! Whether a file can take moved code at all: no name there is in the way, and nothing in the code depends on the file
//! that it stands in.

use super::line::FUTURE;
use super::{Opened, Work, named, shown};
use crate::core::Result;
use crate::core::ast::{Family, Lang, named_children};
use crate::core::path::dir_of;
use crate::core::refactor::modules::Manner;
use crate::core::refactor::names::{Export, Mention, Taken, Text};
use crate::core::refactor::project::names_of;

impl Work<'_, '_, '_> {
    /// Refuses where the new file uses one of the names otherwise, or is read in another way than the old one.
    pub(super) fn check_home(&mut self) -> Result<()> {
        let there = names_of(&self.to.file);
        for symbol in self.symbols {
            let name = self.name(*symbol);
            let at = self.from.declared_at(*symbol);
            if let Some(known) = self.to.top(name) {
                let is_it = there.imports.iter().any(|import| {
                    import.symbol == Some(known)
                        && matches!(&import.what, Taken::Name { name: taken, .. } if taken == name)
                        && self.modules.find(&self.to.file, &import.from).as_deref() == Some(self.from.path())
                });
                if !is_it {
                    return Err(self.clash(at, name, known));
                }
            }
            let is_foreign = |m: &&crate::core::refactor::names::Mention| {
                m.symbol.is_none() && self.to.file.text[m.span.clone()] == *name
            };
            if let Some(other) = there.mentions.iter().find(is_foreign).filter(|_| self.lang != Lang::Go) {
                let place = shown(&self.to.file, other.span.start);
                return Err(self.from.conflict(
                    at,
                    &format!("'{name}' at {place} means something that the file does not declare"),
                    "rename one of the two first",
                ));
            }
        }
        match self.lang {
            Lang::Go => self.check_package(),
            Lang::Python => self.check_future(),
            _ => self.check_modules(),
        }
    }

    /// Refuses where `import` and `export` would have to be written into a module of CommonJS.
    fn check_modules(&self) -> Result<()> {
        match [&self.from, &self.to].into_iter().find(|opened| opened.is_common_js()) {
            Some(opened) => Err(self.from.conflict(
                self.pieces[0].range.start,
                &format!("{} is CommonJS, and heck moves declarations between ES modules", opened.path()),
                "make ES modules of the package first, with `heck run esm`, or move the whole file",
            )),
            None => Ok(()),
        }
    }

    /// In Go code stays in its package, and is built under the same conditions.
    fn check_package(&mut self) -> Result<()> {
        let at = self.pieces[0].range.start;
        let (from, to) = (&self.from, &self.to);
        let packages = (&names_of(&from.file).package, &names_of(&to.file).package);
        if dir_of(from.path()) != dir_of(to.path()) || packages.1.is_some() && packages.0 != packages.1 {
            return Err(from.conflict(at, "it would leave its package", "heck moves within a package of Go"));
        }
        let built = (conditions(from.path(), &from.file.text), conditions(to.path(), &to.file.text));
        if built.0.0 != built.1.0 || !to.file.text.is_empty() && built.0.1 != built.1.1 {
            return Err(from.conflict(at, "the two files are built under different conditions", "choose another file"));
        }
        for piece in self.pieces {
            let text = &from.file.text[piece.range.clone()];
            if ["//go:embed", "//go:linkname", "//export ", "C."].iter().any(|word| text.contains(word))
                && from.file.text.contains("import")
            {
                let is_bound = text.contains("//go:embed")
                    || text.contains("//go:linkname")
                    || from.header.statements.iter().any(|one| from.file.text[one.module.clone()] == *"C");
                if is_bound {
                    return Err(from.conflict(
                        piece.range.start,
                        "it is bound to its file by a directive",
                        "move it by hand",
                    ));
                }
            }
        }
        Ok(())
    }

    /// Python's `from __future__` changes how code is read.
    fn check_future(&mut self) -> Result<()> {
        let futures = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with("from __future__ import"));
            let mut all: Vec<String> =
                lines.map(|line| line.split('#').next().unwrap_or(line).trim().to_owned()).collect();
            all.sort_unstable();
            all
        };
        let (ours, theirs) = (futures(&self.from.file.text), futures(&self.to.file.text));
        if self.to.file.text.trim().is_empty() {
            for names in ours.iter().filter_map(|line| line.split_once(" import ")).map(|(_, names)| names) {
                for name in names.split(',').map(|name| name.trim_matches(['(', ')', ' '])) {
                    self.to.header.want(named(FUTURE.to_owned(), name, false));
                }
            }
        } else if ours != theirs {
            return Err(self.from.conflict(
                self.pieces[0].range.start,
                "only one of the two files has `from __future__` imports, which change how code is read",
                "make them alike first",
            ));
        }
        Ok(())
    }

    /// Refuses code that asks for its file, and turns around the paths inside that lead out of it.
    pub(super) fn check_text(&mut self) -> Result<()> {
        let words: &[&str] = match self.lang {
            Lang::Python => &["__file__", "__name__", "__package__", "__spec__", "__path__", "globals", "__doc__"],
            Lang::Go => &[],
            _ => &["__dirname", "__filename", "module", "exports"],
        };
        for mention in self.names.mentions.iter().filter(|mention| mention.symbol.is_none()) {
            let text = &self.from.file.text[mention.span.clone()];
            if words.contains(&text) && self.is_inside(mention.span.start) {
                return Err(self.from.conflict(
                    mention.span.start,
                    &format!("'{text}' is about the file that it stands in"),
                    "give it as a parameter first",
                ));
            }
        }
        if self.lang.family() == Family::JavaScript {
            for piece in self.pieces {
                if let Some(at) = self.from.file.text[piece.range.clone()].find("import.meta") {
                    let at = piece.range.start + at;
                    return Err(self.from.conflict(
                        at,
                        "'import.meta' is about the file that it stands in",
                        "give it as a parameter first",
                    ));
                }
            }
            self.check_paths()?;
        }
        if self.lang == Lang::Python {
            self.check_inner_imports()?;
        }
        self.check_loading()
    }

    /// `import("./a")` and `require("./a")` inside of the code.
    fn check_paths(&mut self) -> Result<()> {
        let texts: Vec<Text> = self
            .names
            .texts
            .iter()
            .filter(|text| !text.is_comment && self.is_inside(text.span.start))
            .map(|text| Text { span: text.span.clone(), is_comment: false })
            .collect();
        for text in texts {
            let inner = text.span.start + 1..text.span.end.saturating_sub(1).max(text.span.start + 1);
            let Some(written) =
                self.from.file.text.get(inner.clone()).filter(|t| t.starts_with("./") || t.starts_with("../"))
            else {
                continue;
            };
            // Any other path is relative to where the program runs.
            if !is_module(&self.from.file.text[..text.span.start]) {
                continue;
            }
            let is_whole = self.from.file.text[text.span.end..].trim_start().starts_with([')', ',']);
            if !is_whole {
                return Err(self.from.conflict(
                    inner.start,
                    "it imports a path that is made when it runs",
                    "move it by hand",
                ));
            }
            let turned = match self.modules.find(&self.from.file, written) {
                Some(means) => {
                    self.modules.written(&self.to.file, &means, &Manner { specifier: written, means: &means })
                }
                None => self.modules.turned(&self.from.file, written, &self.to.file),
            };
            match turned {
                Some(turned) if turned == written => {}
                Some(turned) => self.pieces_edits.push((inner, turned)),
                None => {
                    return Err(self.from.conflict(
                        inner.start,
                        "the new file cannot name this module",
                        "import it at the top of the file first",
                    ));
                }
            }
        }
        Ok(())
    }

    /// Relative imports inside of functions.
    fn check_inner_imports(&mut self) -> Result<()> {
        for at in 0..self.from.header.statements.len() {
            let statement = self.from.header.statements[at].clone();
            let module = self.from.header.module(at).to_owned();
            if !self.is_inside(statement.range.start) || !module.starts_with('.') {
                continue;
            }
            let turned = self.modules.find(&self.from.file, &module).and_then(|means| {
                self.modules.written(&self.to.file, &means, &Manner { specifier: &module, means: &means })
            });
            let Some(turned) = turned else {
                return Err(self.from.conflict(
                    statement.range.start,
                    "the new file cannot name this module",
                    "import it by its full name first",
                ));
            };
            if turned != module {
                self.pieces_edits.push((statement.module, turned));
            }
        }
        Ok(())
    }

    /// What does something when its file is loaded must be loaded still.
    fn check_loading(&mut self) -> Result<()> {
        for piece in self.pieces {
            if self.lang == Lang::Go && piece.node.kind() != "var_declaration" {
                continue;
            }
            // A class tells its bases that it is there.
            let class = piece.node.child_by_field_name("definition").unwrap_or(piece.node);
            self.is_passed_on |= self.lang == Lang::Python && class.child_by_field_name("superclasses").is_some();
            let Some(at) = first_early_call(piece.node) else { continue };
            self.is_passed_on |= self.lang != Lang::Go;
            let path = self.from.path().to_owned();
            self.doubt(&path, at.byte_range(), "this runs when its file is loaded, which will be another one");
        }
        Ok(())
    }
}

/// Whether a text ends where a module is to be named: `import(`, `require(`, `vi.mock(`.
pub fn is_module(before: &str) -> bool {
    let Some(callee) = before.trim_end().strip_suffix('(') else { return false };
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let name = callee.trim_end().rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
    ["import", "require", "resolve", "mock", "doMock", "unmock", "importActual", "requireActual"].contains(&name)
}

/// The first thing that runs when a declaration is loaded: a call, or a decorator.
fn first_early_call(node: tree_sitter::Node<'_>) -> Option<tree_sitter::Node<'_>> {
    let is_function = matches!(
        node.kind(),
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "arrow_function"
            | "method_definition"
            | "lambda"
            | "type"
            | "type_annotation"
            | "interface_declaration"
            | "type_alias_declaration"
    );
    let is_call =
        matches!(node.kind(), "call" | "call_expression" | "new_expression" | "await_expression" | "decorator");
    match node.kind() {
        _ if is_function => None,
        _ if is_call => Some(node),
        "function_definition" => node.child_by_field_name("parameters").and_then(first_early_call),
        _ => named_children(node).find_map(first_early_call),
    }
}

/// What decides whether a file of Go is built: the ending of its name, and the constraint at its top.
pub fn conditions(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".go");
    const SYSTEMS: &str = "test aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris \
        wasip1 windows 386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm";
    let parts = name.split('_').skip(1).filter(|part| SYSTEMS.split(' ').any(|known| known == *part));
    let head = text.lines().take_while(|line| !line.starts_with("package "));
    let constraints = head.filter(|line| line.starts_with("//go:build") || line.starts_with("// +build"));
    (parts.map(str::to_owned).collect(), constraints.map(str::to_owned).collect())
}

impl Opened {
    /// Whether the file is a module of CommonJS: it requires or offers as such, and has no `import` and no `export`.
    fn is_common_js(&self) -> bool {
        let path = self.path();
        let is_script = [".js", ".jsx", ".cjs"].iter().any(|ending| path.ends_with(ending));
        let names = names_of(&self.file);
        let offers = |export: &Export| matches!(export, Export::Assigned { .. });
        let uses = || names.whole.is_some() || names.exports.iter().any(offers) || self.requires();
        is_script && (path.ends_with(".cjs") || self.header.statements.is_empty() && !self.exports() && uses())
    }

    /// Whether a call of `require` stands anywhere in it that is nobody's own function.
    fn requires(&self) -> bool {
        let is_it = |mention: &Mention| {
            mention.symbol.is_none()
                && matches!(&self.file.text[mention.span.clone()], "require" | "module" | "exports")
        };
        names_of(&self.file).mentions.iter().any(is_it)
    }

    /// Whether a declaration of it begins with `export`.
    fn exports(&self) -> bool {
        named_children(self.source.tree().root_node()).any(|node| node.kind() == "export_statement")
    }
}
