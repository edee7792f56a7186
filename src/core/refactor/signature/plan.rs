//! What the parameters of a function become: which stay, in which order, and which are new.

use super::Change;
use super::parameter::{Function, Parameter};
use crate::core::ast::Lang;
use crate::core::refactor::code::Code;
use crate::core::{Error, Result};

/// A parameter of the new signature.
#[derive(Debug, Clone)]
pub enum Slot {
    /// One that was there, by its number.
    Old(usize),
    /// A new one, by its number among the new.
    New(usize),
}

/// A new parameter.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Its name.
    pub name: String,
    /// How it is declared.
    pub declaration: String,
    /// What calls pass for it.
    pub argument: Option<String>,
}

/// What the parameters become.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The new signature.
    pub slots: Vec<Slot>,
    /// The names of those that go.
    pub removed: Vec<String>,
    /// Those that come.
    pub added: Vec<Fresh>,
    /// What is put between `*` and `/`: the separators stay where they are.
    is_separated: bool,
}

/// Makes the plan of a change. Fails where a name is none of the function's, or the language does not allow the order.
pub fn plan(code: &Code<'_>, declared: &Function<'_>, change: &Change) -> Result<Plan> {
    let old = &declared.parameters;
    let at = declared.list.start;
    let number = |name: &str| {
        old.iter().position(|one| one.name == name && !one.is_separator).ok_or_else(|| {
            let known: Vec<&str> = old.iter().filter(|one| !one.is_separator).map(|one| one.name.as_str()).collect();
            Error::usage(format!("the function has no parameter '{name}'"))
                .hint(format!("it has: {}", known.join(", ")))
        })
    };
    let mut removed = Vec::new();
    for name in &change.remove {
        removed.push(number(name)?);
    }
    let mut kept: Vec<usize> = (0..old.len()).filter(|n| !removed.contains(n)).collect();
    if !change.order.is_empty() {
        let mut order = Vec::new();
        for name in &change.order {
            order.push(number(name)?);
        }
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if sorted != kept {
            return Err(Error::usage("the order does not name every parameter that stays once")
                .hint(format!("name: {}", kept.iter().map(|n| old[*n].name.as_str()).collect::<Vec<_>>().join(", "))));
        }
        kept = order;
    }
    let mut slots: Vec<Slot> = kept.into_iter().map(Slot::Old).collect();
    let mut added: Vec<Fresh> = Vec::new();
    for one in &change.add {
        let name = name_of(&one.declaration);
        // Behind the others, but before what takes the rest, and before `*`.
        let is_tail = |slot: &Slot| matches!(slot, Slot::Old(n) if old[*n].is_rest || old[*n].is_separator);
        let last = slots.iter().position(is_tail).unwrap_or(slots.len());
        let place = one.at.map_or(last, |at| at - 1);
        if place > slots.len() {
            return Err(Error::usage(format!("'{name}' cannot be parameter {}", place + 1)).hint("count from 1"));
        }
        slots.insert(place, Slot::New(added.len()));
        added.push(Fresh { name, declaration: one.declaration.clone(), argument: one.argument.clone() });
    }
    if let Some(rest) = removed.iter().find(|n| old[**n].is_rest) {
        let reason = format!("'{}' takes all arguments that are left, and calls pass them", old[*rest].name);
        return Err(code.conflict(at, &reason, "change it by hand"));
    }
    let is_separated = old.iter().any(|one| one.is_separator);
    let names = removed.iter().map(|n| old[*n].name.clone()).collect();
    let plan = Plan { slots, removed: names, added, is_separated };
    if is_separated && !(change.order.is_empty() && change.remove.is_empty()) {
        return Err(code.conflict(at, "its parameters are separated by `*` or `/`", "change them by hand"));
    }
    plan.check_order(code, declared)?;
    Ok(plan)
}

impl Plan {
    fn is_optional(&self, slot: &Slot, old: &[Parameter]) -> bool {
        match slot {
            Slot::Old(n) => old[*n].is_optional,
            Slot::New(n) => {
                let fresh = &self.added[*n];
                let rest = fresh.declaration[fresh.name.len()..].trim_start();
                rest.starts_with('?') || has_default(rest)
            }
        }
    }

    /// Refuses an order that the language does not allow, and a new parameter that calls neither pass nor may leave out.
    fn check_order(&self, code: &Code<'_>, declared: &Function<'_>) -> Result<()> {
        let old = &declared.parameters;
        let at = declared.list.start;
        let is_rest = |slot: &Slot| matches!(slot, Slot::Old(n) if old[*n].is_rest);
        let is_named = |slot: &Slot| {
            // What stands behind `*` is passed by name, in any order.
            let before = self.slots.iter().take_while(|one| !std::ptr::eq(*one, slot));
            before.into_iter().any(|one| matches!(one, Slot::Old(n) if old[*n].is_separator || old[*n].is_rest))
        };
        for (n, slot) in self.slots.iter().enumerate() {
            let next = self.slots.get(n + 1);
            let is_wrong = next.is_some_and(|next| {
                self.is_optional(slot, old)
                    && !self.is_optional(next, old)
                    && !is_rest(next)
                    && !is_named(next)
                    && !matches!(next, Slot::Old(n) if old[*n].is_separator)
            });
            if is_wrong && code.lang != Lang::JavaScript {
                return Err(code.conflict(
                    at,
                    "a parameter without a default would come after one with a default",
                    "choose another order",
                ));
            }
            if is_rest(slot) && next.is_some() && code.lang != Lang::Python {
                return Err(code.conflict(
                    at,
                    "what takes all arguments that are left must come last",
                    "choose another order",
                ));
            }
            if let Slot::New(n) = slot
                && self.added[*n].argument.is_none()
                && !self.is_optional(slot, old)
                && code.lang != Lang::JavaScript
            {
                return Err(Error::usage(format!("calls would pass nothing for '{}'", self.added[*n].name))
                    .hint("say what they pass, or give it a default"));
            }
        }
        Ok(())
    }

    /// The list of the new signature, with brackets, laid out as the old one.
    pub fn declared(&self, code: &Code<'_>, declared: &Function<'_>) -> String {
        let text = &code.file.text;
        let is_shared = declared.parameters.iter().any(|one| one.shared_type.is_some());
        let receiver = declared.receiver.iter().map(|receiver| text[receiver.clone()].to_owned());
        let items = self.slots.iter().map(|slot| match slot {
            Slot::Old(n) => {
                let one = &declared.parameters[*n];
                let own = &text[one.range.clone()];
                match one.shared_type.as_ref().filter(|_| is_shared) {
                    Some(shared) => format!("{own} {}", &text[shared.clone()]),
                    None => own.to_owned(),
                }
            }
            Slot::New(n) => self.added[*n].declaration.clone(),
        });
        let items: Vec<String> = receiver.chain(items).collect();
        laid_out(&text[declared.list.clone()], &items)
    }

    /// The same for a list of Go that has types and no names.
    pub fn without_names(&self) -> Plan {
        let mut plan = self.clone();
        for one in &mut plan.added {
            one.declaration = one.declaration[one.name.len()..].trim_start().to_owned();
        }
        plan
    }

    /// Whether something that calls pass is named, and so may be something else in another file.
    pub fn passes_names(&self) -> bool {
        const CONSTANTS: [&str; 9] = ["true", "false", "null", "undefined", "None", "True", "False", "nil", "iota"];
        self.added.iter().filter_map(|one| one.argument.as_deref()).any(|argument| {
            let is_text = argument.starts_with(['"', '\'']) && argument.len() > 1;
            let is_name = argument.starts_with(|c: char| c.is_alphabetic() || c == '_');
            !is_text && is_name && !CONSTANTS.contains(&argument)
        })
    }

    /// Whether calls pass the same arguments as before.
    pub fn is_same(&self) -> bool {
        let is_old = self.slots.iter().enumerate().all(|(at, slot)| matches!(slot, Slot::Old(n) if *n == at));
        is_old && self.removed.is_empty() && !self.is_separated
    }
}

/// Whether a declaration gives a default: `= 1`, and not the `=>` of a type.
fn has_default(declaration: &str) -> bool {
    let bytes = declaration.as_bytes();
    bytes.iter().enumerate().any(|(n, byte)| {
        *byte == b'='
            && bytes.get(n + 1) != Some(&b'>')
            && n.checked_sub(1).is_none_or(|before| !b"=!<>".contains(&bytes[before]))
    })
}

/// The name that a declaration begins with.
fn name_of(declaration: &str) -> String {
    declaration.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect()
}

/// A list of items in the layout of an old one: on one line, or each on a line of its own.
pub fn laid_out(old: &str, items: &[String]) -> String {
    let inner = old.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let Some(inner) = inner else { return format!("({})", items.join(", ")) };
    let is_spread = inner.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    if !is_spread || items.is_empty() {
        return format!("({})", items.join(", "));
    }
    let newline = if inner.contains("\r\n") { "\r\n" } else { "\n" };
    let first = inner.trim_start();
    let start = inner.len() - first.len();
    let indent = &inner[inner[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    let kept = inner.trim_end();
    let comma = if kept.ends_with(',') { "," } else { "" };
    let end = &inner[kept.len()..];
    format!("({newline}{indent}{}{comma}{end})", items.join(&format!(",{newline}{indent}")))
}
