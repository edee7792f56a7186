//! What a call passes for the parameters of a function that is inlined, and whether it may stand in their place.

use std::ops::Range;

use tree_sitter::Node;

use super::effect::{Effect, effect};
use super::function::Body;
use super::site::{self, is_plain_read, needs_brackets};
use crate::core::Result;
use crate::core::ast::{Lang, all_children, ancestors, indent_at, named_children, reindent};
use crate::core::refactor::code::Code;
use crate::core::refactor::extract::is_calm;
use crate::core::refactor::names::{Form, Mention};
use crate::core::refactor::signature::{Function, Parameter};

/// What stands for a parameter.
pub(super) struct Argument<'t> {
    /// The parameter's name.
    pub name: String,
    /// The code that is passed, or the default.
    pub text: String,
    /// Its node; none for what a language passes where nothing is passed.
    pub node: Option<Node<'t>>,
    /// The parameter where it is declared.
    declared: Range<usize>,
}

/// What a call passes.
pub(super) struct Passed<'t> {
    arguments: Vec<Argument<'t>>,
}

/// Types of Go whose values are what they are, whatever is given them.
const BASIC: &str = "bool string byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 float64";

impl<'t> Passed<'t> {
    /// What a call passes for each parameter.
    pub(super) fn new(code: &Code<'t>, declared: &Function<'t>, list: Node<'t>) -> Result<Passed<'t>> {
        let refuse = |at: usize, reason: &str| Err(code.conflict(at, reason, "inline this call by hand"));
        if let Some(comment) = all_children(list).find(|child| child.kind() == "comment") {
            return refuse(comment.start_byte(), "there is a comment between its arguments");
        }
        let (mut positional, mut named) = (Vec::new(), Vec::new());
        for child in named_children(list) {
            match child.kind() {
                "spread_element" | "list_splat" | "dictionary_splat" | "variadic_argument" => {
                    return refuse(child.start_byte(), "which arguments it passes is not known");
                }
                "keyword_argument" => named.push(child),
                _ => positional.push(child),
            }
        }
        let mut positional = positional.into_iter();
        let mut arguments = Vec::new();
        for parameter in &declared.parameters {
            let is_plain = parameter.name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
            if parameter.is_rest || parameter.is_separator || !is_plain || parameter.name == "this" {
                return refuse(parameter.range.start, "this parameter is no plain one");
            }
            let by_name = named
                .iter()
                .position(|one| one.child_by_field_name("name").is_some_and(|name| code.of(name) == parameter.name));
            let given = match by_name {
                Some(at) => named.remove(at).child_by_field_name("value"),
                None => positional.next(),
            };
            arguments.push(argument(code, parameter, given, list)?);
        }
        if let Some(more) = positional.next().or_else(|| named.into_iter().next()) {
            return refuse(more.start_byte(), "it passes more arguments than there are parameters");
        }
        Ok(Passed { arguments })
    }

    /// What is passed for a symbol, if that is a parameter.
    pub(super) fn of(&self, code: &Code<'_>, symbol: usize) -> Option<&Argument<'t>> {
        let declared = code.names.mentions_of(symbol).find(|mention| mention.is_declaration)?;
        self.arguments
            .iter()
            .find(|one| one.declared.contains(&declared.span.start) && one.name == code.names.symbols[symbol].name)
    }

    /// Refuses arguments that would be evaluated at another time, more often, or not at all.
    pub(super) fn check_order(&self, code: &Code<'t>, body: &Body<'t>) -> Result<()> {
        let range = body.value.byte_range();
        let is_settled = |span: &Range<usize>| {
            let symbol = code.names.mentions.iter().find(|mention| mention.span == *span).and_then(|m| m.symbol);
            symbol.is_some_and(|symbol| code.only_read(symbol).is_some())
        };
        // Where everything only reads, nothing is seen of the order.
        let is_still = is_calm(body.value) && self.arguments.iter().filter_map(|one| one.node).all(is_calm);
        let mut last = range.start;
        // In the order in which they are passed.
        let mut arguments: Vec<&Argument<'t>> = self.arguments.iter().collect();
        arguments.sort_by_key(|one| one.node.map_or(0, |node| node.start_byte()));
        for argument in arguments {
            let Some(node) = argument.node else { continue };
            self.check_capture(code, body, node)?;
            self.check_closure(code, body, argument, node)?;
            let is_steady = effect(node, code.lang, true, &is_settled) == Effect::None;
            if is_steady || is_still && node.kind() == "identifier" {
                continue;
            }
            let refuse =
                |reason: &str| Err(code.conflict(node.start_byte(), reason, "give it a name of its own first"));
            let is_use = |m: &&Mention| {
                m.symbol.and_then(|symbol| self.of(code, symbol)).is_some_and(|one| one.name == argument.name)
            };
            let uses: Vec<_> = code.mentions_in(&range).filter(is_use).collect();
            let [only] = uses.as_slice() else {
                return refuse("what it passes would be evaluated not once, but as often as the parameter is used");
            };
            if code.leaf(&only.span).is_none_or(|leaf| is_conditional(leaf, body.value)) {
                return refuse("what it passes would be evaluated only under a condition, or later");
            }
            if !is_still && (only.span.start < last || !self.is_quiet_before(code, body.value, only.span.start)) {
                return refuse("what it passes would be evaluated after something else");
            }
            last = only.span.end;
        }
        Ok(())
    }

    /// Whether an expression does and reads nothing before a place, but for its parameters and what never changes.
    fn is_quiet_before(&self, code: &Code<'t>, value: Node<'t>, at: usize) -> bool {
        let mut stack = vec![value];
        while let Some(node) = stack.pop() {
            if node.start_byte() >= at {
                continue;
            }
            let is_over = node.end_byte() <= at;
            let is_read = matches!(
                node.kind(),
                "member_expression"
                    | "attribute"
                    | "selector_expression"
                    | "subscript"
                    | "subscript_expression"
                    | "index_expression"
            );
            if is_over && (!is_calm(node) || is_read) {
                return false;
            }
            let mention = code.names.mentions.iter().find(|mention| mention.span == node.byte_range());
            if let Some(symbol) = mention.filter(|_| node.kind() == "identifier").and_then(|mention| mention.symbol)
                && self.of(code, symbol).is_none()
                && code.only_read(symbol).is_none()
            {
                return false;
            }
            stack.extend(named_children(node));
        }
        true
    }

    /// Refuses an argument that a function inside would see as it is later.
    fn check_closure(&self, code: &Code<'t>, body: &Body<'t>, argument: &Argument<'t>, node: Node<'t>) -> Result<()> {
        let has_name = code.mentions_in(&node.byte_range()).next().is_some();
        for mention in code.mentions_in(&body.value.byte_range()).filter(|_| has_name) {
            let is_it =
                mention.symbol.and_then(|symbol| self.of(code, symbol)).is_some_and(|one| one.name == argument.name);
            let leaf = code.leaf(&mention.span).filter(|_| is_it);
            let mut around = leaf.into_iter().flat_map(ancestors).take_while(|outer| {
                body.value.start_byte() <= outer.start_byte() && outer.end_byte() <= body.value.end_byte()
            });
            if around.any(|outer| outer.kind().contains("function") || outer.kind() == "lambda") {
                let reason = "a function inside would see what it passes as it is later";
                return Err(code.conflict(node.start_byte(), reason, "give it a name of its own first"));
            }
        }
        Ok(())
    }

    /// Refuses an argument whose names mean something else inside of the function's expression.
    fn check_capture(&self, code: &Code<'t>, body: &Body<'t>, node: Node<'t>) -> Result<()> {
        let range = body.value.byte_range();
        let inside = |symbol: usize| {
            let mut declares = code.names.mentions_of(symbol).filter(|mention| mention.is_declaration);
            declares.any(|mention| range.contains(&mention.span.start))
        };
        for mention in code.mentions_in(&node.byte_range()) {
            let name = &code.file.text[mention.span.clone()];
            let taken = code.names.symbols.iter().enumerate().any(|(n, symbol)| symbol.name == name && inside(n));
            if taken {
                let reason = format!("'{name}' means something else inside of the function");
                return Err(code.conflict(mention.span.start, &reason, "rename one of them first"));
            }
        }
        Ok(())
    }
}

impl<'a> Code<'a> {
    /// The function's expression with the arguments in place of its parameters.
    pub(super) fn filled(&self, body: &Body<'a>, passed: &Passed<'a>, call: Node<'a>) -> Result<String> {
        let range = body.value.byte_range();
        let text = &self.file.text;
        let (old, new) = (indent_at(text, range.start), indent_at(text, call.start_byte()));
        let mut fills: Vec<(Range<usize>, String)> = Vec::new();
        for mention in self.mentions_in(&range) {
            let Some(argument) = mention.symbol.and_then(|symbol| passed.of(self, symbol)) else { continue };
            let leaf = self.leaf(&mention.span).filter(|leaf| is_plain_read(*leaf, mention.form, self.lang));
            let Some(leaf) = leaf.filter(|_| matches!(mention.form, Form::Plain | Form::Shorthand)) else {
                return Err(self.conflict(mention.span.start, "here its parameter is not just read", "inline by hand"));
            };
            let given = argument.text.as_str();
            if site::is_in_string(leaf) && given.contains(['"', '\'', '\\', '`', '\n', '{', '}']) {
                return Err(self.conflict(
                    mention.span.start,
                    "a parameter is used inside a string, which an argument would end",
                    "inline by hand",
                ));
            }
            let is_method = argument.node.is_some_and(|node| site::changes_receiver(leaf, node, self.lang));
            if is_method {
                return Err(self.conflict(
                    mention.span.start,
                    "the call would be a method's, with another `this`",
                    "inline by hand",
                ));
            }
            let brackets = argument.node.is_some_and(|node| needs_brackets(leaf, node, given));
            let given = if brackets { format!("({given})") } else { given.to_owned() };
            fills.push(match mention.form {
                Form::Shorthand => (mention.span.clone(), format!("{}: {given}", argument.name)),
                _ => (mention.span.clone(), given),
            });
        }
        if !self.of(body.value).contains('\n') {
            let mut out = self.of(body.value).to_owned();
            for (span, given) in fills.into_iter().rev() {
                out.replace_range(span.start - range.start..span.end - range.start, &given);
            }
            return Ok(out);
        }
        // What stands between the parameters gets the call's indentation.
        let (mut out, mut at) = (String::new(), range.start);
        for (span, given) in fills {
            out.push_str(&reindent(self.source, &(at..span.start), old, new));
            out.push_str(&given);
            at = span.end;
        }
        out.push_str(&reindent(self.source, &(at..range.end), old, new));
        Ok(out)
    }
}

/// What stands for one parameter.
fn argument<'t>(
    code: &Code<'t>,
    parameter: &Parameter,
    given: Option<Node<'t>>,
    list: Node<'t>,
) -> Result<Argument<'t>> {
    let refuse = |at: usize, reason: &str| Err(code.conflict(at, reason, "inline this call by hand"));
    let root = code.source.tree().root_node();
    let whole = root.descendant_for_byte_range(parameter.range.start, parameter.range.end);
    let default =
        whole.and_then(|node| node.child_by_field_name("value").or_else(|| node.child_by_field_name("right")));
    let is_script = !matches!(code.lang, Lang::Python | Lang::Go);
    let node = match (given, default) {
        (Some(given), Some(_)) if is_script && effect(given, code.lang, true, &|_| false) != Effect::None => {
            return refuse(given.start_byte(), "it may pass `undefined`, for which the parameter has a default");
        }
        (Some(given), _) => Some(given),
        (None, Some(default)) if effect(default, code.lang, true, &|_| false) == Effect::None => Some(default),
        (None, Some(default)) => return refuse(default.start_byte(), "the default is made anew at each call"),
        (None, None) if is_script => None,
        (None, None) => return refuse(list.start_byte(), "it passes fewer arguments than there are parameters"),
    };
    let text = node.map_or_else(|| "undefined".to_owned(), |node| code.of(node).to_owned());
    let is_typed = matches!(code.lang, Lang::TypeScript | Lang::Tsx);
    if let Some(node) = node
        && is_typed
        && matches!(node.kind(), "object" | "array" | "arrow_function" | "function_expression")
    {
        return refuse(node.start_byte(), "what it passes has its type from the parameter");
    }
    let text = if code.lang == Lang::Go { typed(code, parameter, node, text)? } else { text };
    Ok(Argument { name: parameter.name.clone(), text, node, declared: parameter.range.clone() })
}

/// Whether what is made a type of Go has been of that type before: it is no interface, and has no name of its own.
pub(super) fn keeps_type(ty: &str) -> bool {
    BASIC.split_whitespace().any(|word| word == ty) || ty.starts_with(['*', '[']) || ty.starts_with("map[")
}

impl Code<'_> {
    /// Whether an expression of Go says itself that it is of a type: `T{…}`, `T(…)`.
    pub(super) fn has_type_written(&self, node: Node<'_>, ty: &str) -> bool {
        let written = match node.kind() {
            "composite_literal" | "type_conversion_expression" => node.child_by_field_name("type"),
            "call_expression" => node.child_by_field_name("function"),
            _ => None,
        };
        written.is_some_and(|written| self.of(written) == ty)
    }
}

/// An argument of Go with the type of its parameter: a constant has none of its own.
fn typed(code: &Code<'_>, parameter: &Parameter, node: Option<Node<'_>>, text: String) -> Result<String> {
    let ty = parameter.shared_type.as_ref().map(|range| &code.file.text[range.clone()]).unwrap_or_default();
    if !keeps_type(ty) && !node.is_some_and(|node| code.has_type_written(node, ty)) {
        let reason = format!("what it passes is made a {ty} by the call");
        return Err(code.conflict(parameter.range.start, &reason, "inline this call by hand"));
    }
    match node.filter(|node| code.mentions_in(&node.byte_range()).next().is_none()) {
        Some(node) => Err(code.conflict(
            node.start_byte(),
            "a constant has no type of its own, and gets it from the parameter",
            "inline this call by hand",
        )),
        None => Ok(text),
    }
}

/// Whether something inside an expression is evaluated only under a condition, or later.
fn is_conditional(leaf: Node<'_>, whole: Node<'_>) -> bool {
    let mut child = leaf;
    for parent in ancestors(leaf) {
        if child == whole {
            return false;
        }
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(child);
        let kind = parent.kind();
        let is_lazy = match kind {
            "binary_expression" | "boolean_operator" => is_field("right") && is_short_circuit(parent),
            "ternary_expression" => !is_field("condition"),
            "conditional_expression" => parent.named_child(1) != Some(child),
            "comparison_operator" => parent.named_child_count() > 2,
            _ => {
                kind.contains("function")
                    || kind == "lambda"
                    || kind.ends_with("comprehension")
                    || kind == "generator_expression"
            }
        };
        if is_lazy {
            return true;
        }
        child = parent;
    }
    false
}

fn is_short_circuit(node: Node<'_>) -> bool {
    let operator = all_children(node).find(|child| !child.is_named());
    operator.is_some_and(|operator| matches!(operator.kind(), "&&" | "||" | "??" | "and" | "or"))
}
