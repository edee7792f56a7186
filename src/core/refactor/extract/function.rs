//! Statements made a function: what they need are its parameters, what they leave behind is what it returns.

use std::ops::Range;

use tree_sitter::Node;

use super::Extracted;
use super::flow::{is_function, is_optional};
use super::outside::Shared;
use crate::core::Result;
use crate::core::ast::{Family, Lang, all_children, ancestors, indent_at, named_children, reindent};
use crate::core::refactor::Doubt;
use crate::core::refactor::code::{Code, is_written};
use crate::core::refactor::moving::with_comments;
use crate::core::refactor::names::{Mention, Place};

/// What in a piece of code leads out of it.
#[derive(Default)]
struct Exits {
    returns: bool,
    awaits: bool,
}

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

    /// Refuses code whose way out, or whose meaning, depends on the function around it.
    fn exits(&self, run: &[Node<'_>], last: Node<'_>, is_expression: bool) -> Result<Exits> {
        let mut exits = Exits::default();
        for node in run {
            self.look(*node, false, false, (0, 0), &mut exits)?;
        }
        if exits.returns && last.kind() != "return_statement" {
            let at = run[0].start_byte();
            return Err(self.conflict(
                at,
                "it returns from its function in some cases only",
                "select up to a `return` in any case",
            ));
        }
        let writes = |node: &Node<'_>| {
            let is_own = |m: &Mention| is_written(self.source, m) && !self.is_nested_in(m, *node);
            self.mentions_in(&node.byte_range()).any(is_own)
        };
        if is_expression && run.iter().any(writes) {
            return Err(self.conflict(run[0].start_byte(), "it gives a variable a value", "select statements"));
        }
        let is_cut = run[0].parent().is_some_and(|of| {
            let is_object = ["object", "function"].iter().any(|name| of.child_by_field_name(name) == Some(run[0]));
            is_object && self.lang.family() == Family::JavaScript
        });
        let is_bound = run[0].parent().is_some_and(|of| of.child_by_field_name("function") == Some(run[0]));
        if is_expression && is_cut && (is_optional(run[0]) || is_bound) {
            return Err(self.conflict(run[0].start_byte(), "what comes behind it belongs to it", "select more"));
        }
        if is_expression && run[0].parent().is_some_and(|of| of.kind() == "jsx_attribute") {
            return Err(self.conflict(run[0].start_byte(), "it is no expression of its own", "extract a variable"));
        }
        if exits.returns
            && self.lang == Lang::Go
            && self.result_around(&run[0].byte_range()).contains(' ')
            && self.result_around(&run[0].byte_range()).starts_with('(')
        {
            let result = self.result_around(&run[0].byte_range());
            let is_named =
                result.trim_matches(['(', ')']).split(',').any(|one| one.trim().contains(' ') && !one.contains("func"));
            if is_named {
                return Err(self.conflict(
                    run[0].start_byte(),
                    "the results of its function have names",
                    "extract what does not return",
                ));
            }
        }
        if self.lang == Lang::Go {
            let home = ancestors(run[0]).filter(|node| is_function(node.kind()));
            let is_generic = home.into_iter().any(|home| {
                home.child_by_field_name("type_parameters").is_some()
                    || home.child_by_field_name("receiver").is_some_and(|receiver| self.of(receiver).contains('['))
            });
            if is_generic {
                return Err(self.conflict(
                    run[0].start_byte(),
                    "its function has type parameters",
                    "extract it by hand",
                ));
            }
        }
        if is_expression && self.lang == Lang::Go {
            return Err(self.conflict(
                run[0].start_byte(),
                "its type is not known",
                "extract a variable, or statements",
            ));
        }
        Ok(exits)
    }

    /// Looks through code. `is_nested` inside of functions, `is_bound` inside of those that have a `this` of their own.
    fn look(
        &self,
        node: Node<'_>,
        is_nested: bool,
        is_bound: bool,
        loops: (usize, usize),
        exits: &mut Exits,
    ) -> Result<()> {
        let at = node.start_byte();
        let refused = |reason: &str| Err(self.conflict(at, reason, "leave this out"));
        let is_inner = is_nested || is_function(node.kind());
        let is_own = is_bound || is_function(node.kind()) && node.kind() != "arrow_function";
        let is_round = matches!(node.kind(), "for_statement" | "while_statement" | "do_statement" | "for_in_statement");
        let is_switch = matches!(
            node.kind(),
            "switch_statement" | "expression_switch_statement" | "type_switch_statement" | "select_statement"
        );
        match node.kind() {
            "return_statement" if !is_nested => {
                let is_bare = node.named_child_count() == 0;
                if is_bare && self.lang == Lang::Go && !self.result_around(&node.byte_range()).is_empty() {
                    return refused("it returns results by their names");
                }
                exits.returns = true;
            }
            "await" | "await_expression" if !is_nested => exits.awaits = true,
            "yield" | "yield_expression" if !is_nested => return refused("it is a part of a generator"),
            "break_statement" | "continue_statement" if node.named_child_count() > 0 => {
                return refused("it goes to a label");
            }
            "private_property_identifier" => return refused("it is private to its class"),
            "for_in_statement" if all_children(node).any(|word| word.kind() == "await") && !is_nested => {
                exits.awaits = true;
            }
            "break_statement" if loops.0 == 0 => return refused("it leaves a loop that is not selected"),
            "continue_statement" if loops.1 == 0 => return refused("it goes on with a loop that is not selected"),
            "labeled_statement" | "goto_statement" | "fallthrough_statement" | "defer_statement" => {
                return refused("where it goes on depends on the function around it");
            }
            "this" | "super" | "meta_property" if !is_bound => {
                return refused("it is about the object of the function around it");
            }
            "identifier" if self.of(node) == "arguments" && self.lang.family() == Family::JavaScript && !is_bound => {
                return refused("it is about the arguments of the function around it");
            }
            "identifier" if self.lang == Lang::Python => {
                let text = self.of(node);
                if matches!(text, "super" | "locals" | "vars" | "dir" | "eval" | "exec" | "__class__") {
                    return refused("it looks at the function around it");
                }
                let is_mangled = text.starts_with("__") && !text.ends_with("__");
                if is_mangled && ancestors(node).any(|of| of.kind() == "class_definition") {
                    return refused("a name with `__` is another one outside of its class");
                }
            }
            "identifier" if self.lang == Lang::Go && self.of(node) == "recover" => {
                return refused("it asks how the function around it ended");
            }
            "delete_statement"
                if self.lang == Lang::Python
                    && named_children(node).any(|of| of.kind() != "subscript" && of.kind() != "attribute") =>
            {
                return refused("it takes a variable of its function away");
            }
            "global_statement" | "nonlocal_statement" => {
                return refused("it is about variables of another function");
            }
            _ => {}
        }
        // `async for` and `async with`.
        if node.child(0).is_some_and(|word| word.kind() == "async") && !is_function(node.kind()) && !is_nested {
            exits.awaits = true;
        }
        let inner = (loops.0 + usize::from(is_round || is_switch), loops.1 + usize::from(is_round));
        for child in named_children(node) {
            // What stands in the `else` of a loop is outside of it.
            let is_else = is_round && node.child_by_field_name("alternative") == Some(child);
            let loops = match () {
                () if is_function(child.kind()) => (1, 1),
                () if is_else => loops,
                () => inner,
            };
            self.look(child, is_inner, is_own, loops, exits)?;
        }
        Ok(())
    }

    /// Whether a name is bound by a function or comprehension inside of a node.
    fn is_nested_in(&self, mention: &Mention, node: Node<'_>) -> bool {
        let is_scope =
            |kind: &str| is_function(kind) || kind.ends_with("_comprehension") || kind == "generator_expression";
        self.leaf(&mention.span).is_some_and(|leaf| {
            let is_walrus = leaf.parent().is_some_and(|of| of.kind() == "named_expression");
            let inside =
                std::iter::once(leaf).chain(ancestors(leaf)).take_while(|at| at.byte_range() != node.byte_range());
            !is_walrus && (inside.into_iter().any(|at| is_scope(at.kind())) || is_scope(node.kind()))
        })
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

    /// The type of a variable, where it is written down.
    pub(super) fn type_of(&self, symbol: usize) -> Result<String> {
        let name = &self.names.symbols[symbol].name;
        let at = self.names.mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
        let unknown =
            || self.conflict(at, &format!("the type of '{name}' is not written down"), "give it a type first");
        let declaration = self.declaration(symbol).ok_or_else(unknown)?;
        let leaf = self.leaf(&declaration.span).ok_or_else(unknown)?;
        let parent = leaf.parent().ok_or_else(unknown)?;
        let written =
            parent.child_by_field_name("type").map(|of| self.of(of).trim_start_matches(':').trim().to_owned());
        let ty = match (written, self.lang) {
            (Some(_), Lang::Go) if self.needs_local_type(parent) => None,
            (Some(ty), Lang::Go) if parent.kind() == "variadic_parameter_declaration" => Some(format!("[]{ty}")),
            (Some(ty), Lang::Go) => Some(ty),
            (Some(ty), _) => {
                // Where it is known more exactly than it is written, the function would know less.
                let is_wide = ty.contains('|') || ty.contains("unknown") || parent.kind() == "optional_parameter";
                (!is_wide && !self.needs_local_type(parent)).then_some(ty)
            }
            (None, Lang::TypeScript | Lang::Tsx) => {
                parent.child_by_field_name("value").and_then(|value| literal_type(value))
            }
            (None, _) => None,
        };
        ty.ok_or_else(unknown)
    }

    /// Whether a type is made of types that only the function knows.
    fn needs_local_type(&self, declarator: Node<'_>) -> bool {
        let Some(ty) = declarator.child_by_field_name("type") else { return false };
        self.mentions_in(&ty.byte_range()).any(|mention| {
            mention.symbol.is_some_and(|symbol| {
                let known = &self.names.symbols[symbol];
                known.scope != 0 && known.kind != "import"
            })
        })
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

    /// What the function of Go around a place returns.
    fn result_around(&self, range: &Range<usize>) -> String {
        let root = self.source.tree().root_node();
        let node = root.descendant_for_byte_range(range.start, range.start);
        let home = node.and_then(|node| ancestors(node).find(|node| is_function(node.kind())));
        home.and_then(|home| home.child_by_field_name("result"))
            .map_or(String::new(), |result| self.of(result).to_owned())
    }
}

/// The type of a value that says itself what it is.
fn literal_type(value: Node<'_>) -> Option<String> {
    Some(match value.kind() {
        "number" => "number".to_owned(),
        "string" | "template_string" => "string".to_owned(),
        "true" | "false" => "boolean".to_owned(),
        _ => return None,
    })
}
