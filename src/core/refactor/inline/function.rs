//! A function's result put in the place of its calls: for functions that are one expression.

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::Inlined;
use super::argument::{Passed, keeps_type};
use super::site::{self, needs_brackets};
use crate::core::Result;
use crate::core::ast::{Lang, ancestors, named_children};
use crate::core::refactor::code::{Code, Parsed};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::moving::{cut, with_comments};
use crate::core::refactor::names::Mention;
use crate::core::refactor::project::Project;
use crate::core::refactor::references::{references, strings_naming};
use crate::core::refactor::rename::NameEdit;
use crate::core::refactor::signature::{Callee, Function, callee, function};

/// What is inlined, and what its calls become.
pub(super) struct Body<'t> {
    /// The function.
    pub declared: Function<'t>,
    /// What it gives.
    pub value: Node<'t>,
    /// Its name where it is declared.
    pub name: Range<usize>,
}

/// Inlines a function into all of its calls, or into the one at `here`; `None` where a symbol is no function.
pub(super) fn inline_function(
    project: &mut Project<'_>,
    parsed: &Parsed,
    symbol: usize,
    here: Option<&Mention>,
) -> Result<Option<Inlined>> {
    let code = parsed.code("inlined");
    let Some(declaration) = code.declaration(symbol) else { return Ok(None) };
    let Some(declared) = code.leaf(&declaration.span).and_then(|leaf| function(leaf, &code.file.text)) else {
        return Ok(None);
    };
    let value = code.result(&declared)?;
    let body = Body { declared, value, name: declaration.span.clone() };
    let known = &code.names.symbols[symbol];
    if let Some(here) = here {
        code.check_replaced(project, &known.name, &body)?;
        let inlined = code.inlined_call(&body, here)?;
        let edits = inlined.map(|(call, text)| code.edit(call.byte_range(), text)).into_iter().collect();
        return Ok(Some(Inlined { name: known.name.clone(), kind: "function", uses: 1, edits }));
    }
    code.check_offered(symbol, &body)?;
    let statement = code.statement(&body)?;
    let modules = Modules::read(project.tree(), code.lang);
    let (all, lost) = references(project, &modules, code.lang, &Arc::clone(&parsed.file), symbol);
    if let Some(lost) = lost.first() {
        return Err(code.conflict(
            body.name.start,
            &format!("{} hands it on in a way that cannot be followed", lost.path),
            "inline by hand",
        ));
    }
    if let Some(other) = all.iter().find(|reference| reference.path != code.file.path) {
        return Err(code.conflict(
            body.name.start,
            &format!("{} uses it, which may not know what it needs", other.path),
            "inline functions that one file uses",
        ));
    }
    let mut edits = vec![(cut(&code.file.text, &with_comments(&parsed.source, statement)), String::new())];
    let mut calls: Vec<Range<usize>> = Vec::new();
    for mention in code.names.mentions_of(symbol).filter(|mention| mention.span != body.name) {
        let Some((call, text)) = code.inlined_call(&body, mention)? else { continue };
        let range = call.byte_range();
        if calls.iter().any(|other| other.start < range.end && range.start < other.end) {
            return Err(code.conflict(
                range.start,
                "one of its calls is an argument of another",
                "take it apart first",
            ));
        }
        calls.push(range.clone());
        edits.push((range, text));
    }
    if calls.is_empty() {
        return Err(code.conflict(body.name.start, "nothing calls it", "delete it instead"));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let edits: Vec<NameEdit> = edits.into_iter().map(|(span, text)| code.edit(span, text)).collect();
    Ok(Some(Inlined { name: known.name.clone(), kind: "function", uses: calls.len(), edits }))
}

impl<'a> Code<'a> {
    /// The one expression that a function gives.
    fn result(&self, declared: &Function<'a>) -> Result<Node<'a>> {
        let node = declared.node;
        let refuse = |at: usize, reason: &str| Err(self.conflict(at, reason, "inline by hand"));
        let first = self.of(node).split_whitespace().next().unwrap_or_default();
        if first == "async" || node.kind().starts_with("generator") {
            return refuse(node.start_byte(), "what it gives comes later");
        }
        if let Some(decorator) = declared.decorator {
            return refuse(decorator.start_byte(), "its decorator may do something of its own");
        }
        let Some(body) = node.child_by_field_name("body") else {
            return refuse(node.start_byte(), "it has no body");
        };
        let is_docstring = |statement: &Node<'_>| {
            self.lang == Lang::Python
                && statement.kind() == "expression_statement"
                && statement.named_child(0).is_some_and(|only| only.kind() == "string")
        };
        let value = match body.kind() {
            "statement_block" | "block" => {
                let list = named_children(body).find(|child| child.kind() == "statement_list").unwrap_or(body);
                let statements: Vec<Node<'a>> = named_children(list).filter(|one| !is_docstring(one)).collect();
                match statements.as_slice() {
                    [only] if only.kind() == "return_statement" => only.named_child(0),
                    [other, ..] => return refuse(other.start_byte(), "it is more than one expression"),
                    [] => None,
                }
            }
            _ => Some(body),
        };
        let Some(mut value) = value else { return refuse(body.start_byte(), "it gives nothing") };
        if value.kind() == "expression_list" {
            match named_children(value).collect::<Vec<_>>().as_slice() {
                [only] if self.lang == Lang::Go => value = *only,
                _ => return refuse(value.start_byte(), "it gives several values"),
            }
        }
        self.check_value(value)?;
        self.check_result(node, value)?;
        Ok(value)
    }

    /// Refuses what the function makes another type of by giving it.
    fn check_result(&self, node: Node<'a>, value: Node<'a>) -> Result<()> {
        let written = node.child_by_field_name("return_type");
        let is_guard =
            written.is_some_and(|ty| matches!(ty.kind(), "type_predicate_annotation" | "asserts_annotation"));
        let mut bare = value;
        while let Some(inner) = bare.named_child(0).filter(|_| bare.kind() == "parenthesized_expression") {
            bare = inner;
        }
        let is_open = matches!(
            bare.kind(),
            "object"
                | "array"
                | "arrow_function"
                | "function_expression"
                | "string"
                | "number"
                | "true"
                | "false"
                | "null"
        ) && self.lang != Lang::Python;
        if is_guard || written.is_some() && is_open {
            let reason = "what it gives has its type from the function";
            return Err(self.conflict(value.start_byte(), reason, "inline by hand"));
        }
        let Some(result) = node.child_by_field_name("result").filter(|_| self.lang == Lang::Go) else { return Ok(()) };
        let ty = self.of(result);
        if !keeps_type(ty) && !self.has_type_written(bare, ty) {
            let reason = format!("what it gives is made a {ty} by the function");
            return Err(self.conflict(value.start_byte(), &reason, "inline by hand"));
        }
        if self.mentions_in(&value.byte_range()).next().is_none() {
            return Err(self.conflict(
                value.start_byte(),
                "it gives a constant, which has no type of its own",
                "inline by hand",
            ));
        }
        Ok(())
    }

    /// Refuses what means something else outside of the function.
    fn check_value(&self, value: Node<'a>) -> Result<()> {
        let mut stack = vec![value];
        while let Some(node) = stack.pop() {
            let reason = match node.kind() {
                "comment" => "there is a comment in it",
                "this" | "super" | "meta_property" => "it asks who called it",
                "yield" | "yield_expression" | "await" | "await_expression" | "named_expression" => {
                    "what it does cannot be done just anywhere"
                }
                "identifier" if matches!(self.of(node), "arguments" | "locals" | "eval" | "exec" | "vars") => {
                    "it looks its variables up by name or number"
                }
                _ => {
                    stack.extend(named_children(node));
                    continue;
                }
            };
            return Err(self.conflict(node.start_byte(), reason, "inline by hand"));
        }
        Ok(())
    }

    /// The statement that declares nothing but the function.
    fn statement(&self, body: &Body<'a>) -> Result<Node<'a>> {
        let node = body.declared.node;
        let statement = match node.parent() {
            Some(declarator) if declarator.kind() == "variable_declarator" => {
                declarator.parent().filter(|found| found.named_child_count() == 1)
            }
            _ => Some(node),
        };
        let is_in_block = |found: &Node<'_>| {
            found.parent().is_some_and(|block| {
                matches!(
                    block.kind(),
                    "statement_block" | "program" | "block" | "module" | "source_file" | "statement_list"
                )
            })
        };
        statement.filter(is_in_block).ok_or_else(|| {
            self.conflict(body.name.start, "it is not declared by a statement of its own", "declare it so first")
        })
    }

    /// Refuses a function that the file offers to others on purpose.
    fn check_offered(&self, symbol: usize, body: &Body<'a>) -> Result<()> {
        let name = &self.file.text[body.name.clone()];
        let (is_offered, hint) = match self.lang {
            Lang::Go => (name.starts_with(char::is_uppercase), "give it a name that begins with a small letter first"),
            Lang::Python => (false, ""),
            _ => (self.names.is_offered(symbol), "withdraw it first, by `heck refactor export --as none`"),
        };
        match is_offered {
            true => Err(self.conflict(body.name.start, "code outside of the repository may use it", hint)),
            false => Ok(()),
        }
    }

    /// Refuses a function of Python that a string names: a test may put another one in its place.
    fn check_replaced(&self, project: &mut Project<'_>, name: &str, body: &Body<'a>) -> Result<()> {
        if self.lang != Lang::Python {
            return Ok(());
        }
        let named = strings_naming(&project.mentioning(self.lang, name), name).into_iter().next();
        match named {
            Some(place) => Err(self.conflict(
                body.name.start,
                &format!("a string in {} names it, which may put another one in its place", place.path),
                "inline by hand",
            )),
            None => Ok(()),
        }
    }

    /// A call and what takes its place; `None` for a mention that is no code.
    fn inlined_call(&self, body: &Body<'a>, mention: &Mention) -> Result<Option<(Node<'a>, String)>> {
        let refuse = |reason: &str, hint: &str| Err(self.conflict(mention.span.start, reason, hint));
        let root = self.source.tree().root_node();
        let leaf = root.descendant_for_byte_range(mention.span.start, mention.span.end);
        let Some(leaf) = leaf.filter(|leaf| leaf.kind() != "comment") else { return Ok(None) };
        if body.declared.node.byte_range().contains(&mention.span.start) {
            return refuse("it calls itself", "inline by hand");
        }
        let arguments = match callee(leaf) {
            Callee::Called(arguments) => arguments,
            _ => return refuse("here it is not called, but passed on", "inline the calls by hand"),
        };
        let Some(call) = arguments.parent().filter(|call| matches!(call.kind(), "call_expression" | "call")) else {
            return refuse("here it is called in another way", "inline the calls by hand");
        };
        if leaf.parent() != Some(call)
            || self.of(call)[..arguments.start_byte() - call.start_byte()].contains(['?', '<'])
        {
            return refuse("here it is called in another way", "inline the calls by hand");
        }
        self.check_names(body, mention)?;
        let passed = Passed::new(self, &body.declared, arguments)?;
        passed.check_order(self, body)?;
        let text = self.filled(body, &passed, call)?;
        // Of a function that gives what it is given, that is what stands there.
        let given = self.names.mention_at(body.value.start_byte()).and_then(|mention| mention.symbol);
        let given = given.filter(|_| body.value.kind() == "identifier").and_then(|symbol| passed.of(self, symbol));
        let value = given.and_then(|argument| argument.node).unwrap_or(body.value);
        let new = if needs_brackets(call, value, &text) { format!("({text})") } else { text };
        let rest = self.file.text[call.end_byte()..].trim_start();
        if self.lang == Lang::Python && site::is_in_string(call) && rest.starts_with('=') {
            return refuse("the string shows the call", "inline this call by hand");
        }
        let is_script = !matches!(self.lang, Lang::Python | Lang::Go);
        let begins = ancestors(call)
            .any(|parent| parent.kind() == "expression_statement" && parent.start_byte() == call.start_byte());
        let is_taken = ["function", "class", "async", "let"].iter().any(|word| new.starts_with(word));
        if is_script && begins && (is_taken || new.starts_with(['(', '[', '`', '/', '+', '-', '{'])) {
            return refuse("the statement could be taken for a part of the one before it", "inline this call by hand");
        }
        if site::changes_receiver(call, body.value, self.lang) {
            return refuse("the call would be a method's, with another `this`", "inline this call by hand");
        }
        if is_script && new.contains(" in ") && ancestors(call).any(|parent| parent.kind() == "for_statement") {
            return refuse("a loop would take its `in` for its own", "inline this call by hand");
        }
        if self.lang == Lang::Go && call.parent().is_some_and(|parent| parent.kind() == "expression_statement") {
            return refuse("Go wants its value to be used", "inline this call by hand");
        }
        if site::is_in_string(call) && new.contains(['"', '\'', '\\', '`', '\n', '{', '}']) {
            return refuse("it is called inside a string, which its value would end", "inline this call by hand");
        }
        Ok(Some((call, new)))
    }

    /// Refuses a call where what the function needs means something else.
    fn check_names(&self, body: &Body<'a>, used: &Mention) -> Result<()> {
        for mention in self.mentions_in(&body.value.byte_range()) {
            let is_own = |symbol: usize| {
                let scope = self.names.symbols[symbol].scope;
                let declared = self.names.mentions_of(symbol).find(|mention| mention.is_declaration);
                declared.is_some_and(|at| body.declared.node.byte_range().contains(&at.span.start)) && scope != 0
            };
            if mention.symbol.is_some_and(is_own) {
                continue;
            }
            let name = &self.file.text[mention.span.clone()];
            if self.lang == Lang::Python && name.starts_with("__") && !name.ends_with("__") {
                let reason = format!("'{name}' means something else in a class");
                return Err(self.conflict(used.span.start, &reason, "inline by hand"));
            }
            let outer = mention.symbol.map_or(0, |symbol| self.names.symbols[symbol].scope);
            let other = self.names.symbols.iter().enumerate().find(|(other, symbol)| {
                Some(*other) != mention.symbol
                    && symbol.name == name
                    && symbol.scope != outer
                    && self.names.is_within(used.scope, symbol.scope)
                    && self.names.is_within(symbol.scope, outer)
            });
            if let Some((other, _)) = other {
                let there = self.names.mentions_of(other).next().map_or(0, |mention| mention.span.start);
                return Err(self.conflict(
                    used.span.start,
                    &format!(
                        "'{name}' means what is declared at {} here, and not what the function means",
                        self.shown(there)
                    ),
                    "rename one of them first",
                ));
            }
        }
        Ok(())
    }
}
