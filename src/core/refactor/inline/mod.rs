//! A variable's value put in its place, or a function's result in the place of its calls: wherever it is used stands what it
//! was given, and it is gone.
//! Done only where nothing can come out differently; otherwise refused, with the place that speaks against it.

mod argument;
mod declared;
mod effect;
mod function;
mod order;
mod site;
#[cfg(test)]
mod tests;

use super::code::{Code, Parsed};
use super::names::{Form, Mention};
use super::project::Project;
use super::rename::NameEdit;
use crate::core::Result;
use crate::core::ast::{Lang, ancestors, whole_lines};
use declared::Declared;
use function::inline_function;
use site::{is_plain_read, needs_brackets};

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

/// Finds what changes when the variable or function that is mentioned at a byte of a file is inlined: everywhere, or with
/// `is_here` at that one place, and then its declaration stays.
pub fn inline(project: &mut Project<'_>, path: &str, offset: usize, is_here: bool) -> Result<Inlined> {
    let parsed = Parsed::new(project, path)?;
    let code = parsed.code("inlined");
    let mention = code.names.mention_at(offset).and_then(|mention| mention.symbol);
    let symbol = mention.ok_or_else(|| {
        code.not_found(
            offset,
            "there is no variable or function of this file",
            "point at one where it is declared or used",
        )
    })?;
    let here = code.names.mention_at(offset).filter(|_| is_here);
    if let Some(declares) = here.filter(|mention| mention.is_declaration) {
        return Err(code.conflict(
            declares.span.start,
            "here it is declared, and not used",
            "point at the use that is to go",
        ));
    }
    match inline_function(project, &parsed, symbol, here)? {
        Some(inlined) => Ok(inlined),
        None => parsed.code("inlined").inline(symbol, here),
    }
}

impl Code<'_> {
    fn inline(&self, symbol: usize, here: Option<&Mention>) -> Result<Inlined> {
        let declaration = self.declared_once(symbol, here.is_some())?;
        let declared = self.declared(declaration)?;
        let mut uses: Vec<&Mention> = self.names.mentions_of(symbol).filter(|m| m.span != declaration.span).collect();
        uses.retain(|used| here.is_none_or(|here| here.span == used.span));
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
        // Where the declaration stays, the value is evaluated there as well.
        if here.is_some() && self.check_order(declaration, &declared, &[uses.clone(), uses.clone()].concat()).is_err() {
            return Err(self.conflict(
                declared.value.start_byte(),
                "the declaration stays, and its value would be made once more",
                "inline all of its uses, without --here",
            ));
        }
        for used in &uses {
            self.check_capture(declaration, &declared.value.byte_range(), used)?;
        }
        let gone = (whole_lines(&self.file.text, declared.statement.byte_range()), String::new());
        let mut edits: Vec<_> = Some(gone).filter(|_| here.is_none()).into_iter().collect();
        for used in &uses {
            edits.push((used.span.clone(), self.replacement(&declared, used)?));
        }
        let edits = edits.into_iter().map(|(span, text)| self.edit(span, text));
        let known = &self.names.symbols[symbol];
        Ok(Inlined { name: known.name.clone(), kind: known.kind, uses: uses.len(), edits: edits.collect() })
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
        let begins = ancestors(leaf)
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
}
