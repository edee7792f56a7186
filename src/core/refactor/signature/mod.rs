//! Another signature for a function: parameters added, removed or put in another order, with every call of it.

mod call;
mod constructor;
#[cfg(test)]
mod constructor_tests;
mod method;
#[cfg(test)]
mod method_tests;
mod parameter;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::allowed::check_name;
use super::code::{Code, Parsed};
use super::doubt::{Doubt, in_order};
use super::modules::Modules;
use super::names::Place;
use super::project::{FileNames, Project};
use super::references::{Reference, references, strings_naming};
use super::rename::NameEdit;
use crate::core::Result;
use crate::core::ast::{Lang, named_children};
use call::rewritten;
pub use call::{Callee, callee};
pub use parameter::{Function, Parameter, function};
use plan::{Plan, Slot, plan};

/// A parameter that is new.
#[derive(Debug, Clone)]
pub struct Added {
    /// How it is declared: `n`, `n: number = 1`, `n int`.
    pub declaration: String,
    /// What calls pass for it; without it, they pass nothing, and the declaration must have a default.
    pub argument: Option<String>,
    /// Its place among the parameters, from 1; without it, behind the others.
    pub at: Option<usize>,
}

/// What becomes of a signature.
#[derive(Debug, Default)]
pub struct Change {
    /// The parameters that go, by name.
    pub remove: Vec<String>,
    /// Those that come.
    pub add: Vec<Added>,
    /// The names of all parameters that stay, in their new order.
    pub order: Vec<String>,
}

/// What a change of signature changes.
#[derive(Debug)]
pub struct Changed {
    /// The function.
    pub name: String,
    /// How many calls of it were found.
    pub calls: usize,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
    /// Calls that could not be changed, and places where the function is no more than a value.
    pub doubts: Vec<Doubt>,
}

/// Finds what changes with the signature of the function that is mentioned at a byte of a file.
pub fn signature(project: &mut Project<'_>, path: &str, offset: usize, change: &Change) -> Result<Changed> {
    let parsed = Parsed::new(project, path)?;
    let code = parsed.code("changed");
    let nothing =
        || code.not_found(offset, "there is no function of this file", "point at the function where it is declared");
    if let Some(class) = constructor::class_at(&code, offset) {
        return constructor::signature_of_constructor(project, &parsed, class, change);
    }
    let symbol = code.names.mention_at(offset).and_then(|mention| mention.symbol).ok_or_else(nothing)?;
    let known = &code.names.symbols[symbol];
    if let Some(changed) = method::signature_of_method(project, &parsed, symbol, change)? {
        return Ok(changed);
    }
    let declaration = code
        .declaration(symbol)
        .ok_or_else(|| code.conflict(offset, "it is declared more than once", "change overloads by hand"))?;
    let declared = code.leaf(&declaration.span).and_then(|leaf| function(leaf, &code.file.text)).ok_or_else(nothing)?;
    code.check_form(&declared, &known.name)?;
    let plan = checked_plan(&code, &declared, change)?;
    let modules = Modules::read(project.tree(), code.lang);
    let (all, lost) = references(project, &modules, code.lang, &Arc::clone(&parsed.file), symbol);
    let mut work = Work::new(path);
    work.declaration(&code, &declared, &plan);
    for again in all.iter().filter(|reference| code.lang == Lang::Go && reference.is_link && reference.path != path) {
        work.declared_again(project, again, &declared, change)?;
    }
    let mut files: BTreeMap<&str, Vec<&Reference>> = BTreeMap::new();
    for reference in all.iter().filter(|reference| !reference.is_link) {
        files.entry(&reference.path).or_default().push(reference);
    }
    for (path, references) in files {
        let other = Parsed::new(project, path)?;
        work.file(&other.code("changed"), &references, &declared, &plan);
    }
    work.named_in_strings(&project.mentioning(code.lang, &known.name), &known.name);
    for place in lost {
        work.doubts.push(Doubt { place, reason: "it is handed on in a way that cannot be followed" });
    }
    Ok(work.changed(&known.name))
}

/// The plan of a change that the function allows.
fn checked_plan(code: &Code<'_>, declared: &Function<'_>, change: &Change) -> Result<Plan> {
    let plan = plan(code, declared, change)?;
    for added in &plan.added {
        check_name(&added.name, "", code.lang)?;
        code.check_free(&added.name, &declared.node.byte_range(), declared.list.start)?;
    }
    code.check_unused(declared, &plan)?;
    Ok(plan)
}

struct Work {
    /// The file that declares the function.
    home: String,
    doubts: Vec<Doubt>,
    /// By file.
    edits: BTreeMap<String, Vec<NameEdit>>,
    calls: usize,
}

impl Work {
    fn new(home: &str) -> Work {
        Work { home: home.to_owned(), doubts: Vec::new(), edits: BTreeMap::new(), calls: 0 }
    }

    /// Tells of strings that name it.
    fn named_in_strings(&mut self, files: &[Arc<FileNames>], name: &str) {
        let reason = "in a string, by which another may take its place";
        self.doubts.extend(strings_naming(files, name).into_iter().map(|place| Doubt { place, reason }));
    }

    fn changed(self, name: &str) -> Changed {
        let mut edits: Vec<NameEdit> = self.edits.into_values().flatten().collect();
        edits.sort_by(|a, b| (&a.place.path, a.place.span.start).cmp(&(&b.place.path, b.place.span.start)));
        Changed { name: name.to_owned(), calls: self.calls, edits, doubts: in_order(self.doubts) }
    }

    fn doubt(&mut self, code: &Code<'_>, span: Range<usize>, reason: &'static str) {
        self.doubts.push(Doubt { place: Place { path: code.file.path.clone(), span }, reason });
    }

    fn declaration(&mut self, code: &Code<'_>, declared: &Function<'_>, plan: &Plan) {
        if let Some(decorator) = declared.decorator {
            self.doubt(code, decorator.byte_range(), "its decorator may call it in its own way");
        }
        let text = plan.declared(code, declared);
        if text != code.file.text[declared.list.clone()] {
            self.edits.entry(code.file.path.clone()).or_default().push(code.edit(declared.list.clone(), text));
        }
        let goes = |one: &&Parameter| plan.removed.contains(&one.name);
        for gone in declared.parameters.iter().filter(goes).filter(|_| code.lang == Lang::Go) {
            let range = gone.shared_type.clone().unwrap_or(gone.range.clone());
            let is_import =
                |m: &&super::names::Mention| m.symbol.is_some_and(|s| code.names.symbols[s].kind == "import");
            if code.mentions_in(&range).any(|mention| is_import(&mention)) {
                self.doubt(code, range, "its type is of an import, which may have no other use now");
            }
        }
        for text in code.names.texts.iter().filter(|text| text.is_comment) {
            let words = plan.removed.iter().filter(|name| super::word::has(&code.file.text[text.span.clone()], name));
            let is_near = text.span.end <= declared.node.end_byte()
                && code.file.text[text.span.end.min(declared.node.start_byte())..declared.node.start_byte()]
                    .trim()
                    .is_empty();
            if is_near && words.count() > 0 {
                self.doubt(code, text.span.clone(), "the comment may be about a parameter that goes");
            }
        }
    }

    /// Changes the same function where Go declares it for another system.
    fn declared_again(
        &mut self,
        project: &mut Project<'_>,
        again: &Reference,
        declared: &Function<'_>,
        change: &Change,
    ) -> Result<()> {
        let parsed = Parsed::new(project, &again.path)?;
        let code = parsed.code("changed");
        let other = code.leaf(&(again.start..again.end)).and_then(|leaf| function(leaf, &code.file.text));
        let names = |of: &Function<'_>| of.parameters.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        let Some(other) = other.filter(|other| names(other) == names(declared)) else {
            return Err(code.conflict(
                again.start,
                "it is declared here, too, with other parameters",
                "give the parameters the same names in both places",
            ));
        };
        let plan = checked_plan(&code, &other, change)?;
        self.declaration(&code, &other, &plan);
        Ok(())
    }

    /// Changes the calls of one file, the inner before the outer.
    fn file(&mut self, code: &Code<'_>, references: &[&Reference], declared: &Function<'_>, plan: &Plan) {
        let root = code.source.tree().root_node();
        let mut calls: Vec<Node<'_>> = Vec::new();
        for reference in references {
            let span = reference.start..reference.end;
            let leaf = root.descendant_for_byte_range(span.start, span.end);
            match leaf.map_or(Callee::Nothing, callee) {
                Callee::Called(arguments) => calls.push(arguments),
                Callee::Value => self.doubt(code, span, "it is used as a value: whoever calls it then is not known"),
                Callee::Nothing => {}
            }
        }
        self.calls(code, calls, declared, plan);
    }

    /// Changes calls of one file, by their arguments.
    fn calls(&mut self, code: &Code<'_>, mut calls: Vec<Node<'_>>, declared: &Function<'_>, plan: &Plan) {
        self.calls += calls.len();
        if code.lang == Lang::Go && !plan.removed.is_empty() {
            for call in calls.iter().filter(|call| code.mentions_in(&call.byte_range()).next().is_some()) {
                self.doubt(
                    code,
                    call.byte_range(),
                    "what it passed before may have no other use, which Go does not allow",
                );
            }
        }
        let is_hidden = || {
            let words = |text: &str| {
                text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect::<Vec<_>>()
            };
            let passed: Vec<String> =
                plan.added.iter().filter_map(|one| one.argument.as_deref()).flat_map(words).collect();
            code.names.symbols.iter().any(|symbol| symbol.scope != 0 && passed.contains(&symbol.name))
        };
        if plan.passes_names() && (self.home != code.file.path || is_hidden()) {
            for call in &calls {
                self.doubt(code, call.byte_range(), "what it passes may be something else there");
            }
        }
        calls.sort_by_key(|call| call.byte_range().len());
        let mut edits: Vec<NameEdit> = self.edits.remove(&code.file.path).unwrap_or_default();
        for arguments in calls {
            let range = arguments.byte_range();
            let (inner, mut others): (Vec<NameEdit>, Vec<NameEdit>) = edits
                .into_iter()
                .partition(|edit| range.start <= edit.place.span.start && edit.place.span.end <= range.end);
            match rewritten(code, arguments, declared, plan, &inner) {
                Ok(Some(text)) => others.push(code.edit(range, text)),
                Ok(None) => others.extend(inner),
                Err(reason) => {
                    others.extend(inner);
                    self.doubt(code, range, reason);
                }
            }
            edits = others;
        }
        self.edits.insert(code.file.path.clone(), edits);
    }
}

impl Code<'_> {
    /// Refuses functions whose parameters mean more than what calls pass.
    fn check_form(&self, declared: &Function<'_>, name: &str) -> Result<()> {
        let (node, at) = (declared.node, declared.list.start);
        let list = node.child_by_field_name("parameters");
        let declarator = node.parent().filter(|of| of.kind() == "variable_declarator");
        let reason = if node.kind() == "function_expression" && node.child_by_field_name("name").is_some() {
            "it calls itself by a name of its own"
        } else if declarator.is_some_and(|of| of.child_by_field_name("type").is_some()) {
            "its type is written at the variable"
        } else if declared.parameters.iter().any(|one| one.name == "this") {
            "it declares its `this`"
        } else if self.lang == Lang::Python && name.starts_with("__") && name.ends_with("__") {
            "the language itself calls it"
        } else if list.is_some_and(|list| named_children(list).any(|child| child.kind() == "comment")) {
            "there are comments between its parameters"
        } else if self.lang == Lang::Go
            && (matches!(name, "main" | "init") || name.starts_with("Test") || name.starts_with("Benchmark"))
        {
            "Go calls it itself"
        } else if self.lang == Lang::Go
            && list.is_some_and(|list| named_children(list).any(|one| one.child_by_field_name("name").is_none()))
        {
            "its parameters have no names"
        } else {
            return Ok(());
        };
        Err(self.conflict(at, reason, "change it by hand"))
    }

    /// Refuses to take away what the function uses.
    fn check_unused(&self, declared: &Function<'_>, plan: &Plan) -> Result<()> {
        let comment = |at: usize| self.names.texts.iter().any(|of| of.is_comment && of.span.contains(&at));
        let home = |mention: &super::names::Mention| {
            let symbol = mention.symbol?;
            let first =
                self.names.mentions_of(symbol).find(|m| m.is_declaration && declared.list.contains(&m.span.start))?;
            declared.parameters.iter().position(|one| one.range.contains(&first.span.start))
        };
        for mention in self.mentions_in(&declared.node.byte_range()).filter(|m| !comment(m.span.start)) {
            let Some(home) = home(mention) else { continue };
            let own = &declared.parameters[home];
            if own.range.contains(&mention.span.start) {
                continue;
            }
            let text = &self.file.text[mention.span.clone()];
            if plan.removed.contains(&own.name) {
                let reason = format!("the function uses '{text}'");
                return Err(self.conflict(mention.span.start, &reason, "take its uses out first"));
            }
            let is_default = declared.list.contains(&mention.span.start);
            let is_ordered = plan.slots.windows(2).all(|two| match (&two[0], &two[1]) {
                (Slot::Old(a), Slot::Old(b)) => a < b,
                _ => true,
            });
            if is_default && !is_ordered {
                let reason = format!("another parameter asks for '{text}'");
                return Err(self.conflict(mention.span.start, &reason, "change their order by hand"));
            }
        }
        let words: &[&str] = match self.lang {
            Lang::Python => &["locals", "vars", "eval", "exec", "dir"],
            Lang::Go => &[],
            _ => &["arguments", "eval"],
        };
        let asks = |m: &&super::names::Mention| m.symbol.is_none() && words.contains(&&self.file.text[m.span.clone()]);
        match self.mentions_in(&declared.node.byte_range()).find(asks) {
            Some(one) => Err(self.conflict(
                one.span.start,
                "the function looks its parameters up by name or number",
                "change it by hand",
            )),
            None => Ok(()),
        }
    }
}
