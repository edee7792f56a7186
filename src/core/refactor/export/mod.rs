//! What a file offers: a declaration offered by its name, by default, or not at all, and whoever takes it follows.

mod javascript;
mod python;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::code::{Code, Parsed};
use super::doubt::{Doubt, in_order};
use super::modules::Modules;
use super::moving::{Header, joined};
use super::project::Project;
use super::rename::NameEdit;
use crate::core::Result;
use crate::core::ast::Family;

/// How something is offered to other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// By its name.
    Named,
    /// As what the file offers by default.
    Default,
    /// Not at all.
    None,
}

/// What changes with an offer.
#[derive(Debug)]
pub struct Exported {
    /// What is offered.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
    /// The places that cannot follow.
    pub doubts: Vec<Doubt>,
}

/// Finds what changes when a declaration at the top of a file is offered in another way.
pub fn export(project: &mut Project<'_>, path: &str, offset: usize, offer: Offer) -> Result<Exported> {
    let parsed = Parsed::new(project, path)?;
    let code = parsed.code("exported");
    let symbol = code.names.mention_at(offset).and_then(|mention| mention.symbol);
    let symbol = symbol.filter(|symbol| code.names.symbols[*symbol].scope == 0).ok_or_else(|| {
        code.not_found(offset, "there is no declaration at the top of this file", "point at what the file declares")
    })?;
    let known = &code.names.symbols[symbol];
    let modules = Modules::read(project.tree(), code.lang);
    let mut work = Work {
        project,
        modules,
        parsed: &parsed,
        symbol,
        name: known.name.clone(),
        edits: Vec::new(),
        others: BTreeMap::new(),
        doubts: Vec::new(),
    };
    match code.lang.family() {
        Family::JavaScript => work.javascript(&code, offset, offer)?,
        Family::Python => work.python(&code, offset, offer)?,
        Family::Go => {
            let hint = "rename it: in Go the first letter says whether other packages see it";
            return Err(code.conflict(offset, "Go has no exports of its own", hint));
        }
    }
    let (name, kind) = (work.name.clone(), known.kind);
    let (edits, doubts) = work.finish(&code);
    Ok(Exported { name, kind, edits, doubts: in_order(doubts) })
}

struct Work<'p, 'a, 't> {
    project: &'p mut Project<'t>,
    modules: Modules,
    parsed: &'a Parsed,
    symbol: usize,
    name: String,
    /// Edits of the file itself.
    edits: Vec<(std::ops::Range<usize>, String)>,
    /// The imports of the other files.
    others: BTreeMap<String, (Arc<super::project::FileNames>, Header)>,
    doubts: Vec<Doubt>,
}

impl Work<'_, '_, '_> {
    fn finish(self, code: &Code<'_>) -> (Vec<NameEdit>, Vec<Doubt>) {
        let mut edits: Vec<NameEdit> =
            joined(self.edits).into_iter().map(|(span, text)| code.edit(span, text)).collect();
        for (path, (file, header)) in self.others {
            let modules = &self.modules;
            let same =
                |a: &str, b: &str| a == b || modules.find(&file, a).is_some_and(|a| Some(a) == modules.find(&file, b));
            edits.extend(
                joined(header.edits(&same))
                    .into_iter()
                    .map(|(span, text)| NameEdit { place: super::names::Place { path: path.clone(), span }, text }),
            );
        }
        edits.sort_by(|a, b| (&a.place.path, a.place.span.start).cmp(&(&b.place.path, b.place.span.start)));
        (edits, self.doubts)
    }
}
