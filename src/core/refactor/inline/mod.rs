//! A variable's value put in its place: wherever the variable is used stands what it was given, and it is gone.
//! Done only where nothing can come out differently; otherwise refused, with the place that speaks against it.

mod effect;
mod site;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::names::{Form, Mention, Names, Place};
use super::project::{FileNames, Project};
use super::rename::NameEdit;
use crate::core::ast::{Lang, Source, parse, whole_lines};
use crate::core::text::LineIndex;
use crate::core::{Error, Kind, Result};
use effect::{Effect, effect};
use site::{is_first_evaluated, is_plain_read, needs_brackets};

/// What inlining a variable changes.
#[derive(Debug)]
pub struct Inlined {
    /// The variable.
    pub name: String,
    /// What it is, in the language's own words.
    pub kind: &'static str,
    /// How many places used it.
    pub uses: usize,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
}

/// A variable that is declared with a value.
struct Declared<'t> {
    /// The whole statement.
    statement: Node<'t>,
    /// What the variable is given.
    value: Node<'t>,
    /// Whether the language says that it never changes.
    is_constant: bool,
}

/// Finds what changes when the variable that is mentioned at a byte of a file is inlined.
pub fn inline(project: &mut Project<'_>, path: &str, offset: usize) -> Result<Inlined> {
    let missing = || Error::new(Kind::NotFound, format!("{path} is no text of the repository")).path(path);
    let file = project.file(path).ok_or_else(missing)?;
    let lang = Lang::from_path(path).ok_or_else(missing)?;
    let names = file.names.as_ref().ok_or_else(|| {
        Error::invalid(format!("{path} cannot be understood")).path(path).hint("look for a syntax error")
    })?;
    let source = Arc::new(parse(path, file.text.clone(), lang)?);
    let work = Work { file: &file, names, source: &source, lang };
    let mention = names.mention_at(offset).filter(|mention| mention.symbol.is_some());
    let mention = mention.ok_or_else(|| {
        work.refusal(
            Kind::NotFound,
            offset,
            "there is no variable of this file",
            "point at a variable where it is declared or used",
        )
    })?;
    work.inline(mention.symbol.unwrap_or_default())
}

struct Work<'a> {
    file: &'a FileNames,
    names: &'a Names,
    source: &'a Source,
    lang: Lang,
}

impl<'a> Work<'a> {
    fn inline(&self, symbol: usize) -> Result<Inlined> {
        let declaration = self.declaration(symbol)?;
        let declared = self.declared(declaration)?;
        let uses: Vec<&Mention> = self.names.mentions_of(symbol).filter(|m| m.span != declaration.span).collect();
        if uses.is_empty() {
            return Err(self.conflict(declaration.span.start, "nothing uses it", "delete the statement instead"));
        }
        let block = declared.statement.parent().unwrap_or(declared.statement).byte_range();
        for used in &uses {
            if used.span.start < declared.statement.end_byte() || !block.contains(&used.span.start) {
                return Err(self.conflict(
                    used.span.start,
                    "it is used where the declaration may not have run",
                    "move the declaration first",
                ));
            }
            let leaf = self.leaf(&used.span).filter(|leaf| is_plain_read(*leaf, used.form, self.lang));
            if leaf.is_none() || !matches!(used.form, Form::Plain | Form::Shorthand) {
                return Err(self.conflict(
                    used.span.start,
                    "here it is not just read",
                    "inline the other uses by hand",
                ));
            }
        }
        self.check_reflection(&declared)?;
        self.check_order(declaration, &declared, &uses)?;
        for used in &uses {
            self.check_capture(declaration, &declared.value.byte_range(), used)?;
        }
        let mut edits = vec![(whole_lines(&self.file.text, declared.statement.byte_range()), String::new())];
        for used in &uses {
            edits.push((used.span.clone(), self.replacement(&declared, used)?));
        }
        let edits = edits
            .into_iter()
            .map(|(span, text)| NameEdit { place: Place { path: self.file.path.clone(), span }, text });
        let known = &self.names.symbols[symbol];
        Ok(Inlined { name: known.name.clone(), kind: known.kind, uses: uses.len(), edits: edits.collect() })
    }

    /// The one place that declares a variable that other files cannot know.
    fn declaration(&self, symbol: usize) -> Result<&'a Mention> {
        let mut all = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration);
        let at = self.names.mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
        let (Some(one), None) = (all.next(), all.next()) else {
            return Err(self.conflict(at, "it is not given its value in one place", "inline by hand"));
        };
        let scope = self.names.symbols[symbol].scope;
        if self.names.scopes.get(scope).is_some_and(|scope| scope.is_class) {
            return Err(self.conflict(
                one.span.start,
                "it is an attribute of its class",
                "inline what is local to a function",
            ));
        }
        let is_shared = match self.lang {
            Lang::Python | Lang::Go => self.names.symbols[symbol].scope == 0,
            // Without imports and exports it is a script, which shares its names with others.
            _ => {
                self.names.symbols[symbol].scope == 0 && self.names.imports.is_empty() && self.names.exports.is_empty()
                    || self.is_exported(symbol)
            }
        };
        if is_shared {
            return Err(self.conflict(one.span.start, "other files can know it", "inline what is local to a function"));
        }
        Ok(one)
    }

    fn is_exported(&self, symbol: usize) -> bool {
        use super::names::Export;
        self.names.exports.iter().any(|export| match export {
            Export::Declared { symbol: of } | Export::Default { symbol: of } | Export::Listed { symbol: of, .. } => {
                *of == symbol
            }
            _ => false,
        })
    }

    /// The statement that declares it with a value.
    fn declared(&self, mention: &Mention) -> Result<Declared<'a>> {
        let other = || {
            self.conflict(mention.span.start, "it is not declared alone, with a value", "split the declaration first")
        };
        let leaf = self.leaf(&mention.span).ok_or_else(other)?;
        let parent = leaf.parent().ok_or_else(other)?;
        let found = match self.lang {
            Lang::Python => {
                let is_plain = parent.kind() == "assignment" && parent.child_by_field_name("type").is_none();
                let value = parent
                    .child_by_field_name("right")
                    .filter(|_| is_plain && parent.child_by_field_name("left") == Some(leaf));
                let statement = parent
                    .parent()
                    .filter(|found| found.kind() == "expression_statement" && found.named_child_count() == 1);
                value
                    .filter(|value| value.kind() != "assignment")
                    .zip(statement)
                    .map(|(value, statement)| (value, statement, false))
            }
            Lang::Go => self.declared_in_go(leaf, parent),
            _ => {
                let is_plain = parent.kind() == "variable_declarator" && parent.child_by_field_name("type").is_none();
                let value = parent.child_by_field_name("value").filter(|_| is_plain);
                let statement = parent.parent().filter(|found| {
                    matches!(found.kind(), "lexical_declaration" | "variable_declaration")
                        && found.named_child_count() == 1
                });
                value.zip(statement).map(|(value, statement)| {
                    let is_constant = self.file.text[statement.byte_range()].starts_with("const");
                    (value, statement, is_constant)
                })
            }
        };
        let (value, statement, is_constant) = found.ok_or_else(other)?;
        let is_in_block = statement.parent().is_some_and(|block| {
            matches!(block.kind(), "statement_block" | "program" | "block" | "module" | "statement_list")
        });
        let tail = &self.file.text[value.end_byte()..statement.end_byte()];
        if !is_in_block || value.has_error() || tail.contains('\n') {
            return Err(other());
        }
        Ok(Declared { statement, value, is_constant })
    }

    fn declared_in_go<'t>(&self, leaf: Node<'t>, parent: Node<'t>) -> Option<(Node<'t>, Node<'t>, bool)> {
        let only = |list: Node<'t>| (list.named_child_count() == 1).then(|| list.named_child(0)).flatten();
        if parent.kind() == "expression_list" {
            let statement = parent.parent().filter(|found| found.kind() == "short_var_declaration")?;
            let is_left = statement.child_by_field_name("left") == Some(parent) && only(parent) == Some(leaf);
            return is_left.then(|| Some((only(statement.child_by_field_name("right")?)?, statement, false))).flatten();
        }
        let is_plain =
            matches!(parent.kind(), "var_spec" | "const_spec") && parent.child_by_field_name("type").is_none();
        let statement =
            parent.parent().filter(|found| is_plain && found.named_child_count() == 1 && found.child_count() == 2)?;
        Some((only(parent.child_by_field_name("value")?)?, statement, parent.kind() == "const_spec"))
    }

    /// Refuses where the code around asks for its own variables by their names or numbers.
    fn check_reflection(&self, declared: &Declared<'_>) -> Result<()> {
        let around =
            std::iter::successors(declared.statement.parent(), Node::parent).take_while(|node| node.parent().is_some());
        let text = &self.file.text[around.last().map_or(declared.statement.byte_range(), |node| node.byte_range())];
        let words: &[&str] = match self.lang {
            Lang::Python => &["locals(", "vars(", "exec(", "eval("],
            Lang::Go => &[],
            _ => &["arguments", "eval("],
        };
        match words.iter().find(|word| text.contains(**word)) {
            Some(_) => Err(self.conflict(
                declared.statement.start_byte(),
                "code around it looks its variables up by name or number",
                "inline by hand",
            )),
            None => Ok(()),
        }
    }

    /// Refuses where the value could be another, or what it does could happen at another time.
    fn check_order(&self, declaration: &Mention, declared: &Declared<'_>, uses: &[&Mention]) -> Result<()> {
        let is_settled = |span: &Range<usize>| self.is_settled(span, declaration, uses);
        let value = effect(declared.value, self.lang, declared.is_constant, &is_settled);
        if value == Effect::None {
            return Ok(());
        }
        if let Effect::Bound(reason) = value {
            return Err(self.conflict(declared.value.start_byte(), reason, "inline by hand"));
        }
        if let [_, second, ..] = uses {
            return Err(self.conflict(
                second.span.start,
                "it is used more than once, and its value is made anew each time",
                "keep the variable",
            ));
        }
        let used = uses[0];
        let next = std::iter::successors(declared.statement.next_named_sibling(), Node::next_named_sibling)
            .find(|node| !node.is_extra());
        let leaf = self.leaf(&used.span);
        let is_next = next.zip(leaf).is_some_and(|(next, leaf)| {
            is_first_evaluated(next, leaf, self.lang, &|node| self.is_quiet(node, declared.value))
        });
        if !is_next || used.scope != declaration.scope {
            return Err(self.conflict(
                used.span.start,
                "something happens between the declaration and this use, on which its value may depend",
                "move the declaration right before the use first",
            ));
        }
        Ok(())
    }

    /// Tells whether a name that the value mentions has the same value at every use.
    fn is_settled(&self, span: &Range<usize>, declaration: &Mention, uses: &[&Mention]) -> bool {
        let Some(mention) = self.names.mentions.iter().find(|mention| mention.span == *span) else { return false };
        let Some(symbol) = mention.symbol else { return false };
        let mut declares = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration);
        let (Some(one), None) = (declares.next(), declares.next()) else { return false };
        let is_read = |mention: &Mention| {
            mention.span == one.span
                || self.leaf(&mention.span).is_some_and(|leaf| is_plain_read(leaf, mention.form, self.lang))
        };
        // Of what is declared at the top, other files may change the value.
        let is_local = self.names.symbols[symbol].scope != 0 || is_script_constant(&self.file.text, one);
        let is_near = uses.iter().all(|used| used.scope == declaration.scope);
        let is_steady = self.leaf(&one.span).is_some_and(site::is_steady_declaration);
        // What is imported in JavaScript is what it is over there, now.
        let is_import = self.names.imports.iter().any(|import| import.symbol == Some(symbol));
        let is_before = one.span.start < declaration.span.start;
        // A type that was made narrower is wider again in another function.
        let is_typed = matches!(self.lang, Lang::TypeScript | Lang::Tsx);
        is_local
            && !is_import
            && is_before
            && self.names.mentions_of(symbol).all(is_read)
            && (is_near || is_steady && !is_typed)
    }

    /// Tells whether what a name or path before the value comes to is the same before and after the value is made.
    fn is_quiet(&self, node: Node<'_>, value: Node<'_>) -> bool {
        let Some(root) = site::root_of(node) else { return false };
        if site::only_reads(value) {
            return true;
        }
        // A function of the language or of a library, such as `console.log`, and not what the file itself may change.
        let mention = self.names.mentions.iter().find(|mention| mention.span == root.byte_range());
        let is_callee = node.parent().is_some_and(|call| call.child_by_field_name("function") == Some(node));
        let Some(symbol) = mention.and_then(|mention| mention.symbol) else { return is_callee };
        let is_declared_once =
            self.leaf(&self.names.mentions_of(symbol).next().map_or(0..0, |mention| mention.span.clone()));
        let is_function = is_declared_once.and_then(|leaf| leaf.parent()).is_some_and(|parent| {
            matches!(
                parent.kind(),
                "function_declaration" | "function_definition" | "class_definition" | "class_declaration"
            )
        });
        let is_import = self.names.imports.iter().any(|import| import.symbol == Some(symbol));
        let is_read = |mention: &Mention| {
            mention.is_declaration
                || self.leaf(&mention.span).is_some_and(|leaf| is_plain_read(leaf, mention.form, self.lang))
        };
        let declarations = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration).count();
        is_callee
            && declarations == 1
            && (is_import || node == root && is_function)
            && self.names.mentions_of(symbol).all(is_read)
    }

    /// Refuses where a name in the value means something else at a use.
    fn check_capture(&self, declaration: &Mention, value: &Range<usize>, used: &Mention) -> Result<()> {
        for mention in self.names.mentions.iter().filter(|m| value.start <= m.span.start && m.span.end <= value.end) {
            let name = &self.file.text[mention.span.clone()];
            let other = self.names.symbols.iter().enumerate().find(|(other, symbol)| {
                Some(*other) != mention.symbol
                    && symbol.name == name
                    && self.names.is_within(used.scope, symbol.scope)
                    && symbol.scope != declaration.scope
                    && self.names.is_within(symbol.scope, declaration.scope)
            });
            if let Some((other, _)) = other {
                let there = self.names.mentions_of(other).next().map_or(0, |mention| mention.span.start);
                let at = self.shown(there);
                return Err(self.conflict(
                    used.span.start,
                    &format!("'{name}' means what is declared at {at} here, and not what the value means by it"),
                    "rename one of them first",
                ));
            }
        }
        Ok(())
    }

    fn replacement(&self, declared: &Declared<'_>, used: &Mention) -> Result<String> {
        let text = &self.file.text[declared.value.byte_range()];
        let Some(leaf) = self.leaf(&used.span) else { return Ok(text.to_owned()) };
        if site::is_in_string(leaf) && text.contains(['"', '\'', '\\', '`', '\n', '{', '}']) {
            return Err(self.conflict(
                used.span.start,
                "it is used inside a string, which its value would end",
                "inline this use by hand",
            ));
        }
        let rest = self.file.text[leaf.end_byte()..].trim_start();
        if self.lang == Lang::Python && site::is_in_string(leaf) && rest.starts_with('=') {
            return Err(self.conflict(used.span.start, "the string shows its name", "inline this use by hand"));
        }
        if text == "eval" {
            return Err(self.conflict(used.span.start, "a direct call of `eval` is another one", "keep the variable"));
        }
        if used.form == Form::Shorthand {
            return Ok(format!("{}: {text}", &self.file.text[used.span.clone()]));
        }
        if site::changes_receiver(leaf, declared.value, self.lang) {
            return Err(self.conflict(
                used.span.start,
                "the call would be a method's, with another `this`",
                "inline this use by hand",
            ));
        }
        let new = if needs_brackets(leaf, declared.value, text) { format!("({text})") } else { text.to_owned() };
        let is_script = !matches!(self.lang, Lang::Python | Lang::Go);
        let begins = std::iter::successors(leaf.parent(), Node::parent)
            .any(|parent| parent.kind() == "expression_statement" && parent.start_byte() == leaf.start_byte());
        if is_script && begins && new.starts_with(['(', '[', '`', '/', '+', '-', '{']) {
            return Err(self.conflict(
                used.span.start,
                "the statement could be taken for a part of the one before it",
                "inline this use by hand",
            ));
        }
        Ok(new)
    }

    fn leaf(&self, span: &Range<usize>) -> Option<Node<'a>> {
        let root = self.source.tree().root_node();
        root.descendant_for_byte_range(span.start, span.end).filter(|leaf| leaf.byte_range() == *span)
    }

    fn shown(&self, offset: usize) -> String {
        let at = LineIndex::new(self.file.text.as_bytes()).position(offset);
        format!("{}:{}:{}", self.file.path, at.line, at.column)
    }

    fn conflict(&self, offset: usize, reason: &str, hint: &str) -> Error {
        self.refusal(Kind::Conflict, offset, reason, hint)
    }

    fn refusal(&self, kind: Kind, offset: usize, reason: &str, hint: &str) -> Error {
        let span = self.source.span(&(offset..offset));
        Error::new(kind, format!("this cannot be inlined: {reason}"))
            .path(self.file.path.as_str())
            .span(span)
            .hint(hint)
    }
}

/// Tells whether a name at the top of a file is declared so that nothing changes it.
fn is_script_constant(text: &str, mention: &Mention) -> bool {
    let line = text[..mention.span.start].rfind('\n').map_or(0, |at| at + 1);
    let head = text[line..mention.span.start].trim_start().trim_start_matches("export ").trim_start();
    ["const ", "function ", "class ", "def ", "func ", "async def ", "async function ", "import "]
        .iter()
        .any(|word| head.starts_with(word))
}
