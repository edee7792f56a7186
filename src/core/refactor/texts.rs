//! A tree of texts for tests, and what refactorings make of them.

use std::collections::BTreeMap;

use super::{NameEdit, Tree};

/// Texts by path.
pub struct Texts {
    texts: BTreeMap<String, String>,
    paths: Vec<String>,
}

impl Texts {
    /// A tree of some files.
    pub fn new(files: &[(&str, &str)]) -> Texts {
        let texts: BTreeMap<String, String> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Texts { paths: texts.keys().cloned().collect(), texts }
    }

    /// The texts after edits, which come in order; a text that is not there is taken for an empty one.
    pub fn edited(&self, edits: &[NameEdit]) -> BTreeMap<String, String> {
        let mut texts = self.texts.clone();
        for edit in edits.iter().rev() {
            let text = texts.entry(edit.place.path.clone()).or_default();
            text.replace_range(edit.place.span.clone(), &edit.text);
        }
        texts
    }
}

impl Tree for Texts {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<String> {
        self.texts.get(path).cloned()
    }
}
