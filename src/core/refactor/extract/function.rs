//! Statements made a function: what they need are its parameters, what they leave behind is what it returns.

use std::ops::Range;

use tree_sitter::Node;

use super::Extracted;
use super::exits::Exits;
use super::flow::is_function;
use super::outside::Shared;
use crate::core::Result;
use crate::core::ast::{Family, Lang, ancestors, indent_at, named_children, reindent};
use crate::core::refactor::Doubt;
use crate::core::refactor::code::{Code, is_written};
use crate::core::refactor::moving::with_comments;
use crate::core::refactor::names::Place;

impl Code<'_> {
    /// Makes a function of statements, or of one expression.
    pub(super) fn extract_function(&self, run: &[Node<'_>], is_expression: bool, name: &str) -> Result<Extracted> {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return Err(self.not_found(0, "there is nothing", "select statements"));
        };
        let range = first.start_byte()..last.end_byte();
        let home = ancestors(*first).find(|node| is_function(node.kind()) || node.kind().contains("class_"));
        if home.is_some_and(|home| home.kind().contains("class_") && home.kind() != "class_body")
            && self.lang == Lang::Python
        {
            return Err(self.conflict(range.start, "it is a part of a class", "select what is inside of a method"));
        }
        if self.lang == Lang::Go && matches!(name, "init" | "main") {
            return Err(self.conflict(range.start, "Go calls a function of this name itself", "choose another name"));
        }
        let is_docstring = self.lang == Lang::Python
            && first.kind() == "expression_statement"
            && first.named_child(0).is_some_and(|inner| inner.kind() == "string")
            && first.prev_named_sibling().is_none();
        if is_docstring {
            return Err(self.conflict(
                range.start,
                "it begins with the docstring of the function around it",
                "leave that out",
            ));
        }
        let exits = self.exits(run, *last, is_expression)?;
        let mut shared = self.shared(run, &range)?;
        if exits.returns {
            // Nothing comes after it.
            shared.outputs.clear();
            shared.declared.clear();
        }
        let whole = 0..self.file.text.len();
        self.check_free(name, &whole, range.start)?;
        let parameters = self.parameters(&shared)?;
        let arguments: Vec<&str> =
            shared.inputs.iter().map(|symbol| self.names.symbols[*symbol].name.as_str()).collect();
        let call = format!("{name}({})", arguments.join(", "));
        let call = if exits.awaits { format!("await {call}") } else { call };
        let call = match is_expression {
            true if exits.awaits && first.parent().is_some_and(|of| !of.kind().ends_with("statement")) => {
                format!("({call})")
            }
            true => self.use_of(*first, &call),
            false => self.call_statement(&call, &shared, &exits, run)?,
        };
        let declared = self.declared_function(name, &parameters, &range, &shared, &exits, is_expression)?;
        let root = self.source.tree().root_node();
        let top = |at: usize| named_children(root).find(|node| node.byte_range().contains(&at));
        let home = top(range.end - 1).unwrap_or(*last);
        let newline = self.source.layout().newline;
        let call = match exits.returns && self.lang == Lang::Go && self.result_around(&range).is_empty() {
            true => format!(
                "{}{newline}{}return",
                call.trim_start_matches("return "),
                indent_at(&self.file.text, range.start)
            ),
            false => call,
        };
        let gap = newline.repeat(if self.lang == Lang::Python { 3 } else { 2 });
        // Python calls nothing that is not there yet; only a plain function waits until it is called itself.
        let is_late = self.lang != Lang::Python || home.kind() == "function_definition";
        let start = with_comments(self.source, top(range.start).unwrap_or(*first)).start;
        let edits = match is_late {
            true if range.end == home.end_byte() => vec![self.edit(range, format!("{call}{gap}{declared}"))],
            true => {
                vec![self.edit(range, call), self.edit(home.end_byte()..home.end_byte(), format!("{gap}{declared}"))]
            }
            false => vec![self.edit(start..start, format!("{declared}{gap}")), self.edit(range, call)],
        };
        let mut doubts = Vec::new();
        let is_typed = matches!(self.lang, Lang::TypeScript | Lang::Tsx);
        if is_typed && (exits.returns || is_expression || !shared.inputs.is_empty() || !shared.outputs.is_empty()) {
            let place = Place { path: self.file.path.clone(), span: first.byte_range() };
            doubts.push(Doubt { place, reason: "types may be wider in a function of its own" });
        }
        Ok(Extracted { kind: "function", edits, doubts })
    }

    /// The parameters, with types where the language needs them.
    fn parameters(&self, shared: &Shared) -> Result<Vec<String>> {
        shared
            .inputs
            .iter()
            .map(|symbol| {
                let name = &self.names.symbols[*symbol].name;
                match self.lang {
                    Lang::Python | Lang::JavaScript => Ok(name.clone()),
                    Lang::Go => Ok(format!("{name} {}", self.type_of(*symbol)?)),
                    _ => Ok(format!("{name}: {}", self.type_of(*symbol)?)),
                }
            })
            .collect()
    }

    /// The statement that calls the function in place of the code.
    fn call_statement(&self, call: &str, shared: &Shared, exits: &Exits, run: &[Node<'_>]) -> Result<String> {
        let (first, last) = (&run[0], run[run.len() - 1]);
        let had_end = self.lang.family() == Family::JavaScript && self.of(last).ends_with(';');
        let end = if had_end { ";" } else { self.end_before(last.end_byte()) };
        let names: Vec<&str> = shared.outputs.iter().map(|symbol| self.names.symbols[*symbol].name.as_str()).collect();
        if exits.returns {
            return Ok(format!("return {call}{end}"));
        }
        let is_all_declared = shared.outputs.len() == shared.declared.len();
        Ok(match (self.lang, names.as_slice()) {
            (_, []) => format!("{call}{end}"),
            (Lang::Python, names) => format!("{} = {call}", names.join(", ")),
            (Lang::Go, names) if is_all_declared => format!("{} := {call}", names.join(", ")),
            (Lang::Go, names) if shared.declared.is_empty() => format!("{} = {call}", names.join(", ")),
            (Lang::Go, _) => return Err(self.mixed(first)),
            (_, [only]) if shared.declared.is_empty() => format!("{only} = {call}{end}"),
            (_, names) if is_all_declared => {
                let writes =
                    |symbol: &usize| self.names.mentions_of(*symbol).filter(|m| is_written(self.source, m)).count();
                let word = if shared.outputs.iter().any(|symbol| writes(symbol) > 1) { "let" } else { "const" };
                match names {
                    [only] => format!("{word} {only} = {call}{end}"),
                    several => format!("{word} {{ {} }} = {call}{end}", several.join(", ")),
                }
            }
            _ => return Err(self.mixed(first)),
        })
    }

    fn mixed(&self, first: &Node<'_>) -> crate::core::Error {
        self.conflict(
            first.start_byte(),
            "more than one variable is needed after it, and not all are declared in it",
            "select less",
        )
    }

    /// The function itself.
    fn declared_function(
        &self,
        name: &str,
        parameters: &[String],
        range: &Range<usize>,
        shared: &Shared,
        exits: &Exits,
        is_expression: bool,
    ) -> Result<String> {
        let (newline, unit) = (self.source.layout().newline, self.source.layout().unit.as_str());
        let end = if self.ends_statements() { ";" } else { "" };
        let old = indent_at(&self.file.text, range.start);
        let body = reindent(self.source, range, old, unit);
        let names: Vec<&str> = shared.outputs.iter().map(|symbol| self.names.symbols[*symbol].name.as_str()).collect();
        let body = match is_expression {
            true if self.lang == Lang::Python && body.contains('\n') => format!("return ({body})"),
            true => format!("return {body}{end}"),
            false => body,
        };
        let given = match (self.lang, names.as_slice()) {
            (_, []) => String::new(),
            (Lang::Python | Lang::Go, names) => format!("{newline}{unit}return {}", names.join(", ")),
            (_, [only]) => format!("{newline}{unit}return {only}{end}"),
            (_, names) => format!("{newline}{unit}return {{ {} }}{end}", names.join(", ")),
        };
        let mut body = body;
        for symbol in shared.written.iter().rev().filter(|_| self.lang != Lang::Python) {
            let name = &self.names.symbols[*symbol].name;
            let declared = match self.lang {
                Lang::Go => format!("var {name} {}", self.type_of(*symbol)?),
                Lang::JavaScript => format!("let {name}{end}"),
                _ => format!("let {name}: {}{end}", self.type_of(*symbol)?),
            };
            body = format!("{declared}{newline}{unit}{body}");
        }
        let word = if exits.awaits { "async " } else { "" };
        let list = parameters.join(", ");
        Ok(match self.lang {
            Lang::Python => format!("{word}def {name}({list}):{newline}{unit}{body}{given}"),
            Lang::Go => {
                let mut types = Vec::new();
                for symbol in &shared.outputs {
                    types.push(self.type_of(*symbol)?);
                }
                if exits.returns {
                    types = vec![self.result_around(range)];
                }
                let types = match types.as_slice() {
                    [] => String::new(),
                    [only] if only.is_empty() => String::new(),
                    [only] => format!("{only} "),
                    several => format!("({}) ", several.join(", ")),
                };
                format!("func {name}({list}) {types}{{{newline}{unit}{body}{given}{newline}}}")
            }
            _ => format!("{word}function {name}({list}) {{{newline}{unit}{body}{given}{newline}}}"),
        })
    }
}
