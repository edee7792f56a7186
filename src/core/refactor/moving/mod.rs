//! Declarations moved to another file: what they need is imported there, whoever used them imports them from there.
//! Refused where the meaning of anything could change; what cannot be decided is told.

mod cycle;
mod header;
mod home;
mod imports;
mod layout;
mod line;
mod manner;
mod needs;
mod packages;
mod pair;
#[cfg(test)]
mod pair_tests;
mod path;
mod piece;
mod statement;
mod takers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::code::{Parsed, refusal};
use super::doubt::{Doubt, in_order};
use super::modules::Modules;
use super::names::{Export, Names, Place};
use super::project::{FileNames, Project, names_of};
use super::references::{LOOKED_AT, strings_importing};
use super::rename::NameEdit;
use crate::core::ast::{Family, Lang, Source};
use crate::core::text::LineIndex;
use crate::core::{Error, Kind as ErrorKind, Result};
pub use header::{Header, Wanted, list_edits};
pub use layout::{cut, joined};
pub use path::move_path;
pub use piece::with_comments;
use piece::{Piece, pieces};
pub use statement::Kind;
pub use takers::export_at;

/// What is to be moved where.
#[derive(Debug)]
pub struct Move<'a> {
    /// The file that declares it.
    pub from: &'a str,
    /// A byte of each name, wherever it is mentioned in that file.
    pub offsets: &'a [usize],
    /// The file it goes to, which need not be there yet.
    pub to: &'a str,
    /// Whether the old file shall offer it still.
    pub is_kept: bool,
}

/// What moving changes.
#[derive(Debug)]
pub struct Moved {
    /// What is moved.
    pub names: Vec<String>,
    /// What it is, in the language's own words; of several the first.
    pub kind: &'static str,
    /// Whether the old file passes it on, because someone reaches it there in a way that cannot be rewritten.
    pub is_passed_on: bool,
    /// The places to change, in order.
    pub edits: Vec<NameEdit>,
    /// The places that cannot be decided.
    pub doubts: Vec<Doubt>,
}

/// Finds what changes when declarations move to another file. The project must know the file they go to, with an
/// empty text if it is not there yet.
pub fn move_symbols(project: &mut Project<'_>, what: &Move<'_>) -> Result<Moved> {
    let lang = Lang::from_path(what.from).ok_or_else(|| missing(what.from))?;
    let is_kin = Lang::from_path(what.to).is_some_and(|to| to.family() == lang.family());
    if !is_kin || what.from == what.to {
        return Err(Error::usage(format!("{} cannot take code from {}", what.to, what.from))
            .hint("name another file of the same language"));
    }
    let from = Opened::new(project, what.from)?;
    let mut to = Opened::new(project, what.to)?;
    if to.file.text.trim().is_empty() {
        to.header.style = from.header.style;
    }
    let names = names_of(&from.file);
    let mut symbols = Vec::new();
    for offset in what.offsets {
        let symbol = names.mention_at(*offset).and_then(|mention| mention.symbol);
        let symbol =
            symbol.filter(|symbol| names.symbols[*symbol].scope == 0 && names.symbols[*symbol].kind != "import");
        symbols.push(symbol.ok_or_else(|| {
            let reason = "no declaration at the top of this file";
            from.refusal(
                ErrorKind::NotFound,
                *offset,
                reason,
                "point at what the file declares, or inline what is local",
            )
        })?);
    }
    symbols.sort_unstable();
    symbols.dedup();
    let modules = Modules::read(project.tree(), lang);
    let (source, file) = (Arc::clone(&from.source), Arc::clone(&from.file));
    let pieces =
        pieces(&source, names_of(&file), &symbols).map_err(|(at, reason, hint)| from.conflict(at, reason, hint))?;
    if pieces.is_empty() {
        return Err(from.conflict(what.offsets[0], "no statement of the file declares it", "declare it so first"));
    }
    let mut work = Work {
        project,
        modules,
        lang,
        from,
        to,
        names: names_of(&file),
        symbols: &symbols,
        pieces: &pieces,
        others: BTreeMap::new(),
        pieces_edits: Vec::new(),
        exposed: BTreeSet::new(),
        imported: BTreeSet::new(),
        early: None,
        is_used_here: false,
        is_completed_here: false,
        is_passed_on: what.is_kept,
        doubts: Vec::new(),
    };
    work.check_home()?;
    work.check_files()?;
    work.check_text()?;
    work.needs()?;
    work.uses()?;
    work.takers()?;
    work.check_cycles()?;
    for path in [what.from, what.to] {
        for place in strings_importing(work.project, path) {
            work.doubt(&place.path, place.span, LOOKED_AT);
        }
    }
    work.finish()
}

fn missing(path: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("{path} is no text of the repository")).path(path)
}

/// A file that is changed.
struct Opened {
    file: Arc<FileNames>,
    source: Arc<Source>,
    header: Header,
    /// Edits beside those of its imports.
    edits: Vec<(Range<usize>, String)>,
}

impl Opened {
    fn new(project: &mut Project<'_>, path: &str) -> Result<Opened> {
        let Parsed { file, source } = Parsed::new(project, path)?;
        let header = Header::new(&source);
        Ok(Opened { file, source, header, edits: Vec::new() })
    }

    fn path(&self) -> &str {
        &self.file.path
    }

    fn conflict(&self, offset: usize, reason: &str, hint: &str) -> Error {
        self.refusal(ErrorKind::Conflict, offset, reason, hint)
    }

    fn refusal(&self, kind: ErrorKind, offset: usize, reason: &str, hint: &str) -> Error {
        refusal(&self.source, kind, "moved", offset, reason, hint)
    }

    /// What the file declares or imports at its top under a name.
    fn top(&self, name: &str) -> Option<usize> {
        let names = names_of(&self.file);
        names.symbols.iter().position(|symbol| {
            symbol.name == name && (symbol.scope == 0 || symbol.kind == "import" && self.source.lang() == Lang::Go)
        })
    }

    /// Where a symbol is declared.
    fn declared_at(&self, symbol: usize) -> usize {
        let mut mentions = names_of(&self.file).mentions_of(symbol);
        mentions.find(|mention| mention.is_declaration).map_or(0, |mention| mention.span.start)
    }
}

/// A declaration on its way.
struct Work<'p, 'a, 't> {
    project: &'p mut Project<'t>,
    modules: Modules,
    lang: Lang,
    from: Opened,
    to: Opened,
    names: &'a Names,
    symbols: &'a [usize],
    pieces: &'a [Piece<'a>],
    /// The other files that change.
    others: BTreeMap<String, Opened>,
    /// Edits inside what is moved, by its bytes in the old file.
    pieces_edits: Vec<(Range<usize>, String)>,
    /// Symbols of the old file that it must offer from now on.
    exposed: BTreeSet<usize>,
    /// The files whose load the new one asks for, beyond types.
    imported: BTreeSet<String>,
    /// Where what is moved asks for the old file while it is loaded.
    early: Option<usize>,
    is_used_here: bool,
    /// Whether the old file does something with it while it is loaded: whoever takes it must load that, too.
    is_completed_here: bool,
    is_passed_on: bool,
    doubts: Vec<Doubt>,
}

impl Work<'_, '_, '_> {
    fn is_inside(&self, offset: usize) -> bool {
        self.pieces.iter().any(|piece| piece.range.contains(&offset))
    }

    fn name(&self, symbol: usize) -> &str {
        &self.names.symbols[symbol].name
    }

    /// Whether something is nothing but a type. One name may be a type's and a value's.
    fn is_type(&self, symbol: usize) -> bool {
        let root = self.from.source.tree().root_node();
        let is_type = |at: usize| {
            let leaf = root.descendant_for_byte_range(at, at + 1).and_then(|leaf| leaf.parent());
            leaf.is_some_and(|of| matches!(of.kind(), "interface_declaration" | "type_alias_declaration"))
        };
        let mut declared = self.names.mentions_of(symbol).filter(|mention| mention.is_declaration).peekable();
        self.lang.family() == Family::JavaScript
            && declared.peek().is_some()
            && declared.all(|mention| is_type(mention.span.start))
    }

    /// Whether others can take a symbol of the old file by its own name.
    fn is_offered(&self, symbol: usize) -> bool {
        self.names.exports.iter().any(|export| matches!(export, Export::Declared { symbol: of } if *of == symbol))
    }

    fn doubt(&mut self, path: &str, span: Range<usize>, reason: &'static str) {
        let doubt = Doubt { place: Place { path: path.to_owned(), span }, reason };
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// All edits, in order of path and place.
    fn finish(mut self) -> Result<Moved> {
        self.lay_out()?;
        let names = self.symbols.iter().map(|symbol| self.name(*symbol).to_owned()).collect();
        let kind = self.names.symbols[self.symbols[0]].kind;
        let modules = self.modules;
        let mut edits = Vec::new();
        for opened in self.others.into_values().chain([self.from, self.to]) {
            let (file, path) = (opened.file, opened.source.path.clone());
            let same =
                |a: &str, b: &str| a == b || modules.find(&file, a).is_some_and(|a| Some(a) == modules.find(&file, b));
            let mut all = opened.header.edits(&same);
            all.extend(opened.edits);
            edits.extend(
                layout::joined(all)
                    .into_iter()
                    .map(|(span, text)| NameEdit { place: Place { path: path.clone(), span }, text }),
            );
        }
        edits.sort_by(|a, b| {
            (&a.place.path, a.place.span.start, a.place.span.end).cmp(&(
                &b.place.path,
                b.place.span.start,
                b.place.span.end,
            ))
        });
        Ok(Moved { names, kind, is_passed_on: self.is_passed_on, edits, doubts: in_order(self.doubts) })
    }
}

/// A place as people write it.
fn shown(file: &FileNames, offset: usize) -> String {
    let at = LineIndex::new(file.text.as_bytes()).position(offset);
    format!("{}:{}:{}", file.path, at.line, at.column)
}

/// Something wanted by its own name.
fn named(module: String, name: &str, is_type: bool) -> Wanted {
    let (name, local) = (name.to_owned(), name.to_owned());
    Wanted { module, name, local, kind: Kind::Named, is_type, is_export: false, beside: None }
}
