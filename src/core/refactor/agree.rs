//! What heck found beside what another tool names for the same renaming: the places of both, and where they differ.

use super::allowed::check_name;
use super::names::Place;
use super::project::Project;
use super::rename::{NameEdit, Rename, Renamed};
use super::word;
use crate::core::ast::Lang;
use crate::core::{Error, Kind, Result};

/// How two answers compare.
#[derive(Debug, Default)]
pub struct Agreement {
    /// How many places both name.
    pub both: usize,
    /// Places that heck has and the other lacks. They stay in the patch: heck has proven them.
    pub only_heck: Vec<Place>,
    /// Places that the other adds. They are in the patch now.
    pub only_server: Vec<Place>,
}

/// A renaming of what heck does not know, for another tool to fill; any error but that one stands.
pub fn bare(project: &mut Project<'_>, what: &Rename<'_>, error: Error) -> Result<Renamed> {
    let (Kind::NotFound, Some(file), Some(lang)) = (error.kind(), project.file(what.path), Lang::from_path(what.path))
    else {
        return Err(error);
    };
    let Some(span) = word::at(&file.text, what.offset) else { return Err(error) };
    let name = file.text[span].to_owned();
    check_name(what.to, &name, lang)?;
    Ok(Renamed { name, kind: "name", edits: Vec::new(), doubts: Vec::new() })
}

/// Adds to a renaming what another tool names beyond it, and tells the difference.
pub fn agree(renamed: &mut Renamed, others: Vec<NameEdit>) -> Agreement {
    let mut agreement = Agreement::default();
    let named = |edit: &NameEdit, others: &[NameEdit]| others.iter().any(|other| meets(&edit.place, &other.place));
    agreement.only_heck =
        renamed.edits.iter().filter(|edit| !named(edit, &others)).map(|edit| edit.place.clone()).collect();
    agreement.both = renamed.edits.len() - agreement.only_heck.len();
    for other in others {
        if !named(&other, &renamed.edits) {
            renamed.doubts.retain(|doubt| !meets(&doubt.place, &other.place));
            agreement.only_server.push(other.place.clone());
            renamed.edits.push(other);
        }
    }
    renamed.edits.sort_by(|a, b| (&a.place.path, a.place.span.start).cmp(&(&b.place.path, b.place.span.start)));
    agreement
}

/// Whether two places are of one file and share a byte, or an end: tools differ in what they count as the name.
fn meets(a: &Place, b: &Place) -> bool {
    a.path == b.path && a.span.start <= b.span.end && b.span.start <= a.span.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::refactor::Doubt;

    fn edit(path: &str, at: usize) -> NameEdit {
        NameEdit { place: Place { path: path.into(), span: at..at + 3 }, text: "new".into() }
    }

    #[test]
    fn what_the_other_adds_is_no_doubt_any_more() {
        let doubts = [("a", 40), ("b", 7)].map(|(path, at)| Doubt { place: edit(path, at).place, reason: "r" });
        let edits = vec![edit("a", 0), edit("a", 10), edit("c", 5)];
        let mut renamed = Renamed { name: "old".into(), kind: "method", edits, doubts: doubts.to_vec() };
        // `#old` where heck changes `old`; a place more; one less.
        let mut wider = edit("a", 9);
        wider.place.span.end = 13;
        let agreement = agree(&mut renamed, vec![edit("a", 0), wider, edit("b", 7)]);
        let places = |edits: &[NameEdit]| edits.iter().map(|edit| edit.place.clone()).collect::<Vec<_>>();
        assert_eq!(agreement.both, 2);
        assert_eq!(agreement.only_heck, [edit("c", 5).place]);
        assert_eq!(agreement.only_server, [edit("b", 7).place]);
        assert_eq!(places(&renamed.edits), places(&[edit("a", 0), edit("a", 10), edit("b", 7), edit("c", 5)]));
        assert_eq!(renamed.doubts, doubts[..1]);
    }
}
