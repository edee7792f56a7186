//! A call, with the arguments of the new signature.

use tree_sitter::Node;

use super::parameter::{Function, Parameter};
use super::plan::{Plan, Slot, laid_out};
use crate::core::ast::{Lang, all_children, named_children};
use crate::core::refactor::code::Code;
use crate::core::refactor::extract::is_calm;
use crate::core::refactor::rename::NameEdit;

/// What is done with a function where it is mentioned.
pub enum Callee<'t> {
    /// It is called with these arguments.
    Called(Node<'t>),
    /// It is passed on.
    Value,
    /// Neither: the name stands in a comment, or is written only.
    Nothing,
}

/// All of a name of which a leaf is the last part, with the brackets around it: `(a.b.C)`.
pub fn whole_name(leaf: Node<'_>) -> Node<'_> {
    let mut node = leaf;
    while let Some(parent) = node.parent() {
        let is_member = matches!(
            parent.kind(),
            "member_expression" | "attribute" | "selector_expression" | "nested_type_identifier"
        ) && ["property", "attribute", "field", "name"]
            .iter()
            .any(|name| parent.child_by_field_name(name) == Some(node));
        if !is_member && !matches!(parent.kind(), "parenthesized_expression" | "non_null_expression") {
            break;
        }
        node = parent;
    }
    node
}

/// What is done with a function at a mention.
pub fn callee(leaf: Node<'_>) -> Callee<'_> {
    if leaf.kind() == "comment" {
        return Callee::Nothing;
    }
    let node = whole_name(leaf);
    let Some(parent) = node.parent() else { return Callee::Nothing };
    let is_import = matches!(
        parent.kind(),
        "import_specifier" | "export_specifier" | "import_clause" | "dotted_name" | "aliased_import"
    );
    if is_import {
        return Callee::Nothing;
    }
    let is_callee = ["function", "constructor"].iter().any(|name| parent.child_by_field_name(name) == Some(node));
    let arguments = parent.child_by_field_name("arguments");
    match arguments.filter(|of| is_callee && matches!(of.kind(), "arguments" | "argument_list")) {
        Some(arguments) => Callee::Called(arguments),
        None => Callee::Value,
    }
}

/// An argument of a call.
struct Argument {
    text: String,
    keyword: Option<String>,
    is_calm: bool,
}

/// The arguments that a call passes after the change, with brackets; `None` where they are the same. `inner` are edits
/// of calls inside of them. Fails with the reason why the call cannot be changed.
pub fn rewritten(
    code: &Code<'_>,
    list: Node<'_>,
    declared: &Function<'_>,
    plan: &Plan,
    inner: &[NameEdit],
) -> Result<Option<String>, &'static str> {
    if plan.is_same() {
        return Ok(None);
    }
    if all_children(list).any(|child| child.kind() == "comment") {
        return Err("there is a comment between its arguments");
    }
    let (mut positional, mut named, mut spread) = (Vec::new(), Vec::new(), None);
    for (n, child) in named_children(list).enumerate() {
        let is_spread =
            matches!(child.kind(), "spread_element" | "list_splat" | "dictionary_splat" | "variadic_argument");
        if is_spread && spread.is_none() {
            spread = Some(n);
        }
        let keyword = child.child_by_field_name("name").filter(|_| child.kind() == "keyword_argument");
        let keyword = keyword.map(|name| code.of(name).to_owned());
        let value = child.child_by_field_name("value").filter(|_| keyword.is_some()).unwrap_or(child);
        let one = Argument { text: with_edits(code, child, inner), keyword, is_calm: is_still(value) };
        if one.keyword.is_some() { named.push(one) } else { positional.push(one) }
    }
    let old = &declared.parameters;
    let places: Vec<usize> = (0..old.len()).filter(|n| !old[*n].is_separator && !old[*n].is_rest).collect();
    // What stands behind `*` is passed by name.
    let is_end = |one: &Parameter| one.is_rest || one.is_separator && one.name.starts_with('*');
    let end = old.iter().position(is_end).unwrap_or(old.len());
    let in_order: Vec<usize> = places.iter().copied().filter(|n| *n < end).collect();
    // Where everything before it stays as it is, a spread argument does not matter.
    let same = plan.slots.iter().enumerate().take_while(|(at, slot)| matches!(slot, Slot::Old(n) if n == at)).count();
    if spread.is_some_and(|spread| spread < same.max(places.len()) && spread < old.len())
        && !is_behind(plan, same, positional.len())
    {
        return Err("which of its arguments are spread over which parameters is not known");
    }
    let has_rest = old.iter().any(|one| one.is_rest);
    if positional.len() > in_order.len() && !has_rest && code.lang != Lang::JavaScript {
        return Err("it passes more arguments than there are parameters");
    }
    let rest: Vec<Argument> = positional.split_off(in_order.len().min(positional.len()));
    let is_only = named_children(list).len() == 1 && named_children(list).any(|only| only.kind() == "call_expression");
    if code.lang == Lang::Go && is_only && in_order.len() != 1 {
        return Err("its argument may be several values");
    }
    let mut given: Vec<Option<Argument>> = (0..old.len()).map(|_| None).collect();
    for (place, argument) in in_order.iter().zip(positional) {
        given[*place] = Some(argument);
    }
    let mut others = Vec::new();
    for argument in named {
        let place = places.iter().find(|n| Some(&old[**n].name) == argument.keyword.as_ref());
        match place {
            Some(place) if given[*place].is_none() => given[*place] = Some(argument),
            _ if plan.added.iter().any(|fresh| Some(&fresh.name) == argument.keyword.as_ref()) => {
                return Err("it passes an argument of this name already");
            }
            _ => others.push(argument),
        }
    }
    let going = (0..old.len()).filter(|n| !plan.slots.iter().any(|slot| matches!(slot, Slot::Old(kept) if kept == n)));
    for n in going {
        if given[n].as_ref().is_some_and(|argument| !argument.is_calm) {
            return Err("what it passes for a parameter that goes does something");
        }
    }
    let order: Vec<usize> = plan
        .slots
        .iter()
        .filter_map(|slot| match slot {
            Slot::Old(n) if given[*n].is_some() => Some(*n),
            _ => None,
        })
        .collect();
    let is_turned = order.windows(2).any(|two| two[0] > two[1]);
    if is_turned && order.iter().any(|n| given[*n].as_ref().is_some_and(|argument| !argument.is_calm)) {
        return Err("its arguments do something, and would do it in another order");
    }
    let mut out: Vec<String> = Vec::new();
    let (mut is_open, mut skipped, mut is_behind_rest) = (true, 0, false);
    for slot in &plan.slots {
        let (name, argument) = match slot {
            Slot::Old(n) if old[*n].is_separator || old[*n].is_rest => {
                // What is declared behind it is passed by name.
                is_open &= code.lang != Lang::Python;
                is_behind_rest = true;
                continue;
            }
            Slot::Old(n) => (old[*n].name.as_str(), given[*n].take()),
            Slot::New(n) => {
                let fresh = &plan.added[*n];
                let text = fresh.argument.clone();
                (fresh.name.as_str(), text.map(|text| Argument { text, keyword: None, is_calm: true }))
            }
        };
        let Some(argument) = argument else {
            is_open = is_open && code.lang != Lang::Python;
            skipped += 1;
            continue;
        };
        match (&argument.keyword, code.lang) {
            (Some(_), _) => {
                is_open = false;
                out.push(argument.text);
            }
            (None, Lang::Python) if !is_open => out.push(format!("{name}={}", argument.text)),
            (None, Lang::Python) => out.push(argument.text),
            (None, Lang::Go) if skipped > 0 => return Err("it passes fewer arguments than there are parameters"),
            (None, _) => {
                out.extend(std::iter::repeat_n("undefined".to_owned(), skipped));
                skipped = 0;
                out.push(argument.text);
            }
        }
    }
    if !rest.is_empty() && (skipped > 0 || !is_open && !is_behind_rest) {
        return Err("it passes more arguments than it names");
    }
    let first_named = out.iter().position(|text| is_named(text, plan, old)).unwrap_or(out.len());
    let first_named = if code.lang == Lang::Python { first_named } else { out.len() };
    out.splice(first_named..first_named, rest.into_iter().map(|argument| argument.text));
    out.extend(others.into_iter().map(|argument| argument.text));
    let text = laid_out(code.of(list), &out);
    Ok((text != code.of(list)).then_some(text))
}

/// Whether an argument is passed by the name of a parameter.
fn is_named(text: &str, plan: &Plan, old: &[Parameter]) -> bool {
    let name = text.split('=').next().unwrap_or_default().trim();
    let is_known = old.iter().any(|one| one.name == name) || plan.added.iter().any(|one| one.name == name);
    is_known && text.len() > name.len() && !text[name.len()..].trim_start().starts_with("==")
}

/// Whether an argument can be left out or evaluated at another time: a literal, a name, a function.
fn is_still(node: Node<'_>) -> bool {
    is_calm(node)
        && match node.kind() {
            "subscript"
            | "subscript_expression"
            | "index_expression"
            | "attribute"
            | "member_expression"
            | "binary_operator"
            | "binary_expression" => false,
            kind if kind.contains("function") || kind == "lambda" => true,
            _ => named_children(node).all(is_still),
        }
}

/// Whether what changes lies behind everything that a call passes.
fn is_behind(plan: &Plan, same: usize, passed: usize) -> bool {
    let passes_more =
        plan.slots[same..].iter().any(|slot| matches!(slot, Slot::New(n) if plan.added[*n].argument.is_some()));
    same >= passed && !passes_more && plan.removed.is_empty()
}

/// The text of an argument with the edits inside.
fn with_edits(code: &Code<'_>, node: Node<'_>, inner: &[NameEdit]) -> String {
    let range = node.byte_range();
    let mut text = code.of(node).to_owned();
    let mut edits: Vec<&NameEdit> =
        inner.iter().filter(|edit| range.start <= edit.place.span.start && edit.place.span.end <= range.end).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span.start));
    for edit in edits {
        text.replace_range(edit.place.span.start - range.start..edit.place.span.end - range.start, &edit.text);
    }
    text
}
