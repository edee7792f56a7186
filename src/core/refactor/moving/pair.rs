//! Whether two files can share code at all: what they are, what they do when they are loaded, what they take unseen.

use tree_sitter::Node;

use super::{Work, shown};
use crate::core::Result;
use crate::core::ast::{Family, Lang, named_children};
use crate::core::refactor::modules::stem;
use crate::core::refactor::names::{Export, Taken};
use crate::core::refactor::project::names_of;

/// Names that Python knows without a declaration; the ones that code uses most.
const BUILTINS: &str = "abs all any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict dir divmod \
    enumerate filter float format frozenset getattr hasattr hash hex id input int isinstance issubclass iter len list map max \
    memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted \
    staticmethod str sum super tuple type zip True False None NotImplemented Ellipsis Exception BaseException ValueError \
    TypeError KeyError IndexError AttributeError RuntimeError StopIteration OSError IOError ImportError NotImplementedError \
    AssertionError LookupError ArithmeticError ZeroDivisionError OverflowError UnicodeError FileNotFoundError \
    KeyboardInterrupt SystemExit Warning DeprecationWarning UserWarning";

impl Work<'_, '_, '_> {
    /// Refuses pairs of files between which code would mean something else.
    pub(super) fn check_files(&mut self) -> Result<()> {
        self.check_kinds()?;
        self.check_stars()?;
        self.check_packages()?;
        self.check_repeated()?;
        self.check_early_users()?;
        self.tell_star_takers();
        self.tell_effects();
        Ok(())
    }

    /// Declarations only, other module systems, other languages, directives that hold for a file.
    fn check_kinds(&self) -> Result<()> {
        let (from, to) = (self.from.path(), self.to.path());
        let at = self.pieces[0].range.start;
        let ends = |path: &str, endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        let is_typed = |path: &str| ends(path, &[".ts", ".tsx", ".mts", ".cts"]);
        let is_script = self.lang.family() == Family::JavaScript;
        if is_script
            && (to.ends_with(".d.ts") != from.ends_with(".d.ts")
                || ends(to, &[".cjs", ".cts"]) != ends(from, &[".cjs", ".cts"]))
        {
            return Err(self.from.conflict(at, "the new file is of another kind of module", "choose another file"));
        }
        if is_script && is_typed(from) && !is_typed(to) {
            return Err(self.from.conflict(at, "its types cannot stand in JavaScript", "choose a TypeScript file"));
        }
        if from.ends_with(".ts") && to.ends_with(".tsx") {
            let is_angular = |node: Node<'_>| {
                node.kind() == "type_assertion"
                    || node.kind() == "arrow_function" && node.child_by_field_name("type_parameters").is_some()
            };
            if self.pieces.iter().any(|piece| any(piece.node, &is_angular)) {
                return Err(self.from.conflict(at, "in a .tsx file `<` begins JSX here", "choose a .ts file"));
            }
        }
        let directives = |text: &str| {
            ["use client", "use server"].map(|word| {
                text.lines().take(20).any(|line| line.trim().trim_end_matches(';').trim_matches(['"', '\'']) == word)
            })
        };
        let is_unchecked = |text: &str| text.contains("@ts-nocheck");
        if is_script && is_unchecked(&self.from.file.text) != is_unchecked(&self.to.file.text) {
            return Err(self.from.conflict(
                at,
                "only one of the two files is checked for types",
                "choose another file",
            ));
        }
        if is_script && directives(&self.from.file.text) != directives(&self.to.file.text) {
            return Err(self.from.conflict(
                at,
                "only one of the two files says where it runs (\"use client\")",
                "write the same into the other one first",
            ));
        }
        let template = ["import(`.", "require(`."];
        let text = |piece: &super::Piece<'_>| self.from.file.text[piece.range.clone()].replace(' ', "");
        if is_script && self.pieces.iter().any(|piece| template.iter().any(|word| text(piece).contains(word))) {
            return Err(self.from.conflict(at, "it imports a path that is made when it runs", "move it by hand"));
        }
        self.check_end(at)
    }

    /// Without `;`, what stood behind the code must not go on with what stood before it.
    fn check_end(&self, at: usize) -> Result<()> {
        let text = &self.from.file.text;
        for piece in self.pieces.iter().filter(|_| self.lang.family() == Family::JavaScript) {
            let is_open = text[piece.range.end..].trim_start().starts_with(['(', '[', '`', '+', '-'])
                || text[piece.range.end..].trim_start().starts_with("/ ");
            let before = text[..piece.range.start].trim_end();
            if is_open && !before.is_empty() && !before.ends_with([';', '}', '{']) {
                return Err(self.from.conflict(
                    at,
                    "what stands behind it would go on with what stands before",
                    "put a `;` there first",
                ));
            }
        }
        Ok(())
    }

    /// What a file takes by a star, nobody sees.
    fn check_stars(&self) -> Result<()> {
        let is_star =
            self.names.imports.iter().any(|import| matches!(import.what, Taken::All) && !import.from.is_empty());
        let itself = self.names.imports.iter().find(|import| {
            !import.from.is_empty()
                && self.modules.find(&self.from.file, &import.from).as_deref() == Some(self.from.path())
        });
        if itself.is_some() && self.lang != Lang::Go {
            return Err(self.from.conflict(
                self.pieces[0].range.start,
                "its file imports itself",
                "take that import out first",
            ));
        }
        if !is_star {
            return Ok(());
        }
        let is_known = |name: &str| BUILTINS.split_whitespace().any(|known| known == name);
        let unknown = self.names.mentions.iter().filter(|mention| mention.symbol.is_none()).find(|mention| {
            self.is_inside(mention.span.start) && !is_known(&self.from.file.text[mention.span.clone()])
        });
        match unknown {
            Some(mention) => Err(self.from.conflict(
                mention.span.start,
                "it may come from an import of all names",
                "import it by its name first",
            )),
            None => Ok(()),
        }
    }

    /// A package of Go whose name its path does not tell: what it is called here is not known.
    fn check_packages(&self) -> Result<()> {
        let is_unused = |symbol: usize| !self.names.mentions.iter().any(|mention| mention.symbol == Some(symbol));
        let unknown = self.names.imports.iter().find(|import| import.symbol.is_some_and(is_unused));
        match unknown.filter(|_| self.lang == Lang::Go) {
            Some(import) => Err(self.from.conflict(
                self.pieces[0].range.start,
                &format!("the name of the package '{}' is not known", import.from),
                "import it under a name first",
            )),
            None => Ok(()),
        }
    }

    /// A name that is declared twice means one thing, and later the other.
    fn check_repeated(&self) -> Result<()> {
        if self.lang != Lang::Python {
            return Ok(());
        }
        for symbol in self.symbols {
            let mut declared = self.names.mentions_of(*symbol).filter(|mention| mention.is_declaration);
            if let (Some(_), Some(second)) = (declared.next(), declared.next()) {
                return Err(self.from.conflict(
                    second.span.start,
                    "it is declared more than once",
                    "take one of the two out first",
                ));
            }
        }
        Ok(())
    }

    /// The new file must not need it before its end, where it will stand.
    fn check_early_users(&self) -> Result<()> {
        if self.lang == Lang::Go {
            return Ok(());
        }
        let there = names_of(&self.to.file);
        for symbol in self.symbols {
            let Some(known) = self.to.top(self.name(*symbol)) else { continue };
            let is_function = self.names.symbols[*symbol].kind == "function" && self.lang != Lang::Python;
            let early = there.mentions_of(known).filter(|mention| !mention.is_declaration).find(|mention| {
                self.is_early_in(&self.to, mention) && self.to.header.item_at(mention.span.start).is_none()
            });
            if let Some(mention) = early.filter(|_| !is_function && !self.is_type(*symbol)) {
                let place = shown(&self.to.file, mention.span.start);
                return Err(self.from.conflict(
                    self.from.declared_at(*symbol),
                    &format!("its new file needs it at {place}, before its end"),
                    "choose another file",
                ));
            }
        }
        Ok(())
    }

    /// Files that take all names of the new one get more of them.
    fn tell_star_takers(&mut self) {
        if self.lang == Lang::Go || self.to.file.text.trim().is_empty() {
            return;
        }
        let stem = stem(self.to.path()).to_owned();
        for file in self.project.mentioning(self.lang, &stem) {
            let names = names_of(&file);
            let is_here = |from: &str| self.modules.find(&file, from).as_deref() == Some(self.to.path());
            let takes = names.imports.iter().any(|import| matches!(import.what, Taken::All) && is_here(&import.from))
                || names.exports.iter().any(|export| matches!(export, Export::All { from } if is_here(from)));
            if takes {
                self.doubt(&file.path, 0..0, "it takes all names of the new file, which has more of them now");
            }
        }
    }

    /// What the old file does when it is loaded, it does no more for those who take the code from the new one.
    fn tell_effects(&mut self) {
        if self.lang == Lang::Go {
            return;
        }
        let root = self.from.source.tree().root_node();
        let is_active = |node: Node<'_>| {
            let inner = node.named_child(0).map_or("", |inner| inner.kind());
            node.kind() == "expression_statement"
                && matches!(inner, "call" | "call_expression" | "await_expression" | "assignment_expression")
                || node.kind() == "import_statement" && self.lang != Lang::Python && node.named_child_count() == 1
        };
        let effect = named_children(root).find(|node| is_active(*node) && !self.is_inside(node.start_byte()));
        let is_taken = self.symbols.iter().any(|symbol| self.is_offered(*symbol));
        if let Some(node) = effect.filter(|_| is_taken) {
            let path = self.from.path().to_owned();
            self.doubt(&path, node.byte_range(), "who takes the code from its new file may not load this any more");
        }
    }
}

fn any(node: Node<'_>, is_it: &dyn Fn(Node<'_>) -> bool) -> bool {
    is_it(node) || named_children(node).any(|child| any(child, is_it))
}
