//! Another signature for a method: with all that override it or that it overrides, and with the calls that surely mean
//! one of them. A call on something whose type is not known is told and left alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parameter::{Function, method};
use super::plan::Plan;
use super::{Change, Changed, Work, checked_plan};
use crate::core::ast::Lang;
use crate::core::refactor::code::{Code, Parsed};
use crate::core::refactor::doubt::Doubt;
use crate::core::refactor::known;
use crate::core::refactor::modules::Modules;
use crate::core::refactor::names::{Form, Place};
use crate::core::refactor::project::{FileNames, Project, names_of};
use crate::core::refactor::references::Reference;
use crate::core::refactor::types::{Family, Infer, Verdict};
use crate::core::{Error, Result};

/// Decorators that say nothing of how a method is called.
const PLAIN: [&str; 4] = ["@staticmethod", "@classmethod", "@abstractmethod", "@override"];

/// What changes with the signature of a method; `None` where a symbol is none.
pub(super) fn signature_of_method(
    project: &mut Project<'_>,
    parsed: &Parsed,
    symbol: usize,
    change: &Change,
) -> Result<Option<Changed>> {
    let code = parsed.code("changed");
    let Some(first) = code.names.mentions_of(symbol).find(|mention| mention.is_declaration) else { return Ok(None) };
    let Some(declared) = code.leaf(&first.span).and_then(|leaf| method(leaf, &code.file.text)) else { return Ok(None) };
    let name = code.names.symbols[symbol].name.clone();
    code.check_method(&declared, &name)?;
    let modules = Modules::read(project.tree(), code.lang);
    let files = project.mentioning(code.lang, &name);
    let mut infer = Infer::new(project, &modules);
    let Some(family) = Family::of(&mut infer, &files, code.file, symbol) else { return Ok(None) };
    let decorator = declared.decorator.map(|decorator| code.of(decorator));
    let passes_self = declared.receiver.is_some() && decorator != Some("@classmethod");
    let (calls, doubts) = found(&mut infer, &family, &files, passes_self);
    let mut concerns = family.concerns(&mut infer, &files);
    if known::is_asked_for(&modules, &name) {
        concerns.push(((Arc::clone(&parsed.file), symbol), "the language or its library may call it by this name"));
    }
    let mut work = Work::new(&code.file.path);
    work.doubts.extend(doubts);
    work.named_in_strings(&files, &name);
    for ((file, symbol), reason) in concerns {
        let first = names_of(&file).mentions_of(symbol).next().map_or(0, |mention| mention.span.start);
        let place = Place { path: file.path.clone(), span: first..first + name.len() };
        work.doubts.push(Doubt { place, reason });
    }
    let own_plan = checked_plan(&code, &declared, change)?;
    let mut members: Vec<&(String, usize)> = family.members.iter().collect();
    members.sort();
    for (path, symbol) in members {
        let there = Parsed::new(project, path)?;
        let there = there.code("changed");
        for mention in there.names.mentions_of(*symbol).filter(|mention| mention.is_declaration) {
            let Some(other) = there.leaf(&mention.span).and_then(|leaf| method(leaf, &there.file.text)) else {
                return Err(conflict(&there, mention.span.start, "there it is no method that declares its parameters"));
            };
            let names = |function: &Function<'_>| -> Vec<String> {
                function.parameters.iter().map(|one| one.name.clone()).collect()
            };
            // In Go their names are each one's own.
            let is_alike = code.lang == Lang::Go && change.remove.is_empty() && change.order.is_empty();
            if is_alike && names(&other) != names(&declared) && other.parameters.len() == declared.parameters.len() {
                let has_names = other.parameters.iter().any(|one| !one.name.is_empty());
                let plan = if has_names { own_plan.clone() } else { own_plan.without_names() };
                if has_names {
                    there.check_method(&other, &name)?;
                }
                work.declared_method(&there, &other, &plan);
                continue;
            }
            if names(&other) != names(&declared) {
                return Err(conflict(&there, mention.span.start, "it has other parameters where it is declared again"));
            }
            there.check_method(&other, &name)?;
            let plan = checked_plan(&there, &other, change)?;
            work.declared_method(&there, &other, &plan);
        }
    }
    for (path, mut references) in calls {
        references.sort();
        references.dedup();
        let other = Parsed::new(project, &path)?;
        let references: Vec<&Reference> = references.iter().collect();
        work.file(&other.code("changed"), &references, &declared, &own_plan);
    }
    Ok(Some(work.changed(&name)))
}

type Calls = BTreeMap<String, Vec<Reference>>;

/// The places that surely mean a method of the family, by file, and those that may.
/// `passes_self` says that a call on the class of the method passes the object as well.
fn found(
    infer: &mut Infer<'_, '_>,
    family: &Family,
    files: &[Arc<FileNames>],
    passes_self: bool,
) -> (Calls, Vec<Doubt>) {
    let (mut calls, mut doubts) = (Calls::new(), Vec::new());
    for file in files {
        let names = names_of(file);
        for member in names.members.iter().filter(|member| member.name == family.name() && member.called.is_none()) {
            let (path, span) = (file.path.clone(), member.span.clone());
            let is_own = |symbol: usize| family.members.contains(&(path.clone(), symbol));
            let mut mentions = names.mentions.iter().filter(|mention| mention.is_declaration && mention.span == span);
            let is_declared = mentions.any(|mention| mention.symbol.is_some_and(is_own));
            let reason = match family.judge(infer, file, member) {
                _ if is_declared => continue,
                Verdict::Is if member.form != Form::Plain => {
                    "it is taken out of its object: whoever calls it then is not known"
                }
                Verdict::Is if passes_self && family.is_named_on_type(infer, file, member) => {
                    "it is named on its class, which passes the object itself"
                }
                Verdict::Is => {
                    let reference = Reference { path: path.clone(), start: span.start, end: span.end, is_link: false };
                    calls.entry(path).or_default().push(reference);
                    continue;
                }
                Verdict::Open => "the type of what it is named on is not known",
                Verdict::Other | Verdict::Absent => continue,
            };
            doubts.push(Doubt { place: Place { path, span }, reason });
        }
        // Through `self` a method of Python is named as what it is.
        for (path, symbol) in family.members.iter().filter(|(path, _)| *path == file.path) {
            let named = names.mentions_of(*symbol).filter(|mention| !mention.is_declaration);
            let reference = |span: &std::ops::Range<usize>| Reference {
                path: path.clone(),
                start: span.start,
                end: span.end,
                is_link: false,
            };
            calls.entry(path.clone()).or_default().extend(named.map(|mention| reference(&mention.span)));
        }
    }
    (calls, doubts)
}

fn conflict(code: &Code<'_>, at: usize, reason: &str) -> Error {
    code.conflict(at, reason, "change it by hand")
}

impl Work {
    fn declared_method(&mut self, code: &Code<'_>, declared: &Function<'_>, plan: &Plan) {
        let mut declared = Function {
            parameters: declared.parameters.clone(),
            receiver: declared.receiver.clone(),
            list: declared.list.clone(),
            ..*declared
        };
        declared.decorator = declared.decorator.filter(|decorator| !PLAIN.contains(&code.of(*decorator)));
        self.declaration(code, &declared, plan);
    }
}

impl Code<'_> {
    /// Refuses what is called in another way than by its name and arguments.
    fn check_method(&self, declared: &Function<'_>, name: &str) -> Result<()> {
        let (node, at) = (declared.node, declared.list.start);
        let head = &self.file.text[node.start_byte()..at];
        let word = |word: &str| head.split_whitespace().any(|one| one == word);
        let decorator = declared.decorator.map_or("", |decorator| self.of(decorator));
        let reason = match self.lang {
            Lang::Python if name.starts_with("__") => "the language itself calls it",
            Lang::Python if decorator.contains("property") || decorator.ends_with(".setter") => {
                "it is used as a property"
            }
            Lang::Go | Lang::Python => return self.check_form(declared, name),
            _ if name == "constructor" => "it makes values of its class",
            _ if word("get") || word("set") => "it is used as a property",
            _ => return self.check_form(declared, name),
        };
        Err(conflict(self, at, reason))
    }
}
