//! Whether a new name may be one at all, and in Go one of its package.

use std::sync::Arc;

use super::modules::Modules;
use super::project::{FileNames, Project, names_of};
use crate::core::ast::Lang;
use crate::core::text::LineIndex;
use crate::core::{Error, Kind, Result};

/// The renaming of what a package of Go declares.
pub struct InPackage<'a> {
    /// Which package is which.
    pub modules: &'a Modules,
    /// The files that mention the old name.
    pub files: &'a [Arc<FileNames>],
    /// The file that declares it.
    pub file: &'a FileNames,
    /// The old name.
    pub old: &'a str,
    /// The new name.
    pub new: &'a str,
}

/// Fails where a name cannot be one.
pub fn check_name(name: &str, old: &str, lang: Lang) -> Result<()> {
    let is_name = name.chars().enumerate().all(|(n, c)| {
        c == '_' || c == '$' && lang != Lang::Python || c.is_alphabetic() || n > 0 && c.is_alphanumeric()
    });
    let reserved = match lang {
        Lang::Python => PYTHON,
        Lang::Go => GO,
        _ => JAVASCRIPT,
    };
    if name.is_empty() || !is_name || reserved.split(' ').any(|word| word == name) {
        return Err(Error::usage(format!("'{name}' cannot be a name")).hint("letters, digits, _ and $; no keyword"));
    }
    if name == old {
        return Err(Error::usage(format!("it is called '{name}' already")));
    }
    Ok(())
}

/// Words that are no names.
const JAVASCRIPT: &str = "await break case catch class const continue debugger default delete do else enum export extends \
    false finally for function if implements import in instanceof interface let new null package return static super \
    switch this throw true try typeof var void while with yield";
const PYTHON: &str = "False None True and as assert async await break class continue def del elif else except finally for \
    from global if import in is lambda nonlocal not or pass raise return try while with yield";
const GO: &str = "_ init break case chan const continue default defer else fallthrough for func go goto if import interface map \
    package range return select struct switch type var";

/// Fails where another file of the package declares the new name, or where others could not see it any more.
pub fn check_package(project: &mut Project<'_>, work: &InPackage<'_>) -> Result<()> {
    let home = work.modules.own(work.file);
    for other in project.mentioning(Lang::Go, work.new) {
        let names = names_of(&other);
        let known = names.symbols.iter().position(|symbol| symbol.name == work.new && symbol.scope == 0);
        if let Some(known) = known.filter(|_| other.path != work.file.path && work.modules.own(&other) == home) {
            let at = names.mentions_of(known).next().map_or(0, |mention| mention.span.start);
            let at = LineIndex::new(other.text.as_bytes()).position(at);
            let place = format!("{}:{}:{}", other.path, at.line, at.column);
            return Err(Error::new(Kind::Conflict, format!("the package has '{}' at {place} already", work.new))
                .path(&other.path)
                .hint("choose another name, or rename the other one first"));
        }
    }
    let is_open = |name: &str| name.starts_with(char::is_uppercase);
    let uses = |other: &Arc<FileNames>| {
        let names = names_of(other);
        names.imports.iter().any(|import| {
            work.modules.own(other) != home
                && work.modules.find(other, &import.from).as_deref() == Some(&home)
                && names.accesses.iter().any(|a| Some(a.object) == import.symbol && a.name == work.old)
        })
    };
    match work.files.iter().find(|other| is_open(work.old) && !is_open(work.new) && uses(other)) {
        Some(other) => Err(Error::new(
            Kind::Conflict,
            format!("'{}' is used in {}, where '{}' could not be seen", work.old, other.path, work.new),
        )
        .path(&other.path)
        .hint("choose a name that begins with a capital letter")),
        None => Ok(()),
    }
}
