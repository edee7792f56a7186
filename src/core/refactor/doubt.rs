//! Places that may or may not mean what is renamed.

use super::names::Place;
use super::project::FileNames;
use super::rename::Work;
use super::word;

/// A place that may or may not mean the same thing. It is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Where.
    pub place: Place,
    /// Why it cannot be decided.
    pub reason: &'static str,
}

/// Puts doubts in the order of their places.
pub fn in_order(mut doubts: Vec<Doubt>) -> Vec<Doubt> {
    doubts.sort_by(|a, b| (&a.place.path, a.place.span.start).cmp(&(&b.place.path, b.place.span.start)));
    doubts.dedup();
    doubts
}

impl Work {
    /// The words in comments and strings of the files concerned, and files that could not be understood.
    pub(super) fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = self.more_doubts.clone();
        for file in self.files.iter().filter(|_| self.is_public || self.has_members) {
            let Some(names) = &file.names else {
                doubts.extend(
                    word::places(&file.text, &self.old).map(|at| self.doubt(file, at, "the file has syntax errors")),
                );
                continue;
            };
            for member in names.members.iter().filter(|member| member.name == self.old) {
                let is_it = match &member.called {
                    None => self.has_members,
                    Some(called) => self.called.contains(called),
                };
                let at = (file.path.clone(), member.span.start);
                if is_it && !self.edits.contains_key(&at) && !self.settled.contains(&at) {
                    doubts.push(self.doubt(file, member.span.start, "the type of what it is named on is not known"));
                }
            }
            if !self.edits.keys().any(|(path, _)| *path == file.path) {
                continue;
            }
            for at in word::places(&file.text, &self.old) {
                let text = names.texts.iter().find(|text| text.span.contains(&at));
                if let Some(text) = text.filter(|_| !self.edits.contains_key(&(file.path.clone(), at))) {
                    doubts.push(self.doubt(file, at, if text.is_comment { "in a comment" } else { "in a string" }));
                }
            }
        }
        doubts
    }

    pub(super) fn doubt(&self, file: &FileNames, at: usize, reason: &'static str) -> Doubt {
        Doubt { place: Place { path: file.path.clone(), span: at..at + self.old.len() }, reason }
    }
}
