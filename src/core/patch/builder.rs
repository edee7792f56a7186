//! Puts a patch together from what each path was and becomes. Does no I/O.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Patch;
use super::diff::{Section, Side, section};
use super::meta::{FileMeta, FileState, Meta, Origin, Source, State, digest};
use crate::core::{host, time};

/// A file's mode and content.
pub type Content = Option<(String, Vec<u8>)>;

/// A content as a side of a diff.
pub fn side(content: &Content) -> Side<'_> {
    content.as_ref().map(|(mode, bytes)| (mode.as_str(), bytes.as_slice()))
}

/// The state of a content.
pub fn state(content: &Content) -> Option<FileState> {
    content.as_ref().map(|(mode, bytes)| FileState::of(bytes, mode))
}

/// One path and what happens to it.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// The path.
    pub path: String,
    /// Before.
    pub before: Content,
    /// After.
    pub after: Content,
    /// Where the content comes from and what that is, for a renamed or copied file.
    pub from: Option<(Source, Content)>,
    /// Whether another path's rename says it all.
    pub is_moved_away: bool,
}

/// One path of a patch: its record and its section of the diff. Making it is most of the work, and needs no order.
#[derive(Debug)]
pub struct Part {
    file: FileMeta,
    text: Vec<u8>,
}

impl Part {
    /// The part of a path; nothing where it does not change.
    pub fn of(item: &Item) -> Option<Part> {
        let (before, after) = (state(&item.before), state(&item.after));
        if before == after {
            return None;
        }
        let (mut text, mut added, mut removed) = (Vec::new(), 0, 0);
        if !item.is_moved_away {
            (text, added, removed) = section(&Section {
                path: &item.path,
                from: item.from.as_ref().map(|(from, _)| (from.path.as_str(), from.is_copy)),
                before: item.from.as_ref().map_or(side(&item.before), |(_, base)| side(base)),
                after: side(&item.after),
            });
        }
        let from = item.from.as_ref().map(|(from, _)| from.clone());
        let file = FileMeta { path: item.path.clone(), before, after, from, bits: None, added, removed };
        Some(Part { file, text })
    }
}

/// A patch in the making.
#[derive(Debug, Default)]
pub struct Builder {
    diff: Vec<u8>,
    files: Vec<FileMeta>,
}

impl Builder {
    /// Adds a path; one that does not change is left out.
    pub fn add(&mut self, item: &Item) {
        if let Some(part) = Part::of(item) {
            self.put(part);
        }
    }

    /// Adds what was made of a path elsewhere.
    pub fn put(&mut self, part: Part) {
        self.diff.extend(part.text);
        self.files.push(part.file);
    }

    /// The patch, pending.
    pub fn finish(mut self, title: String, origin: Origin) -> Patch {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let meta = Meta {
            id: host::new_id(),
            title: if title.is_empty() { origin.command.clone() } else { title },
            state: State::Pending,
            created: time::now().iso(),
            origin,
            digest: digest(&self.diff),
            undo: None,
            dirs: None,
            parents: Vec::new(),
            turns: Vec::new(),
            broken: None,
            files: self.files,
        };
        Patch { meta, diff: Arc::new(self.diff) }
    }
}

/// The patch of a list of paths, with files that only moved shown as renamed.
pub fn assemble(title: String, origin: Origin, mut items: Vec<Item>) -> Patch {
    find_renames(&mut items);
    let mut builder = Builder::default();
    items.iter().for_each(|item| builder.add(item));
    builder.finish(title, origin)
}

/// Pairs deletions with creations of the same content, and gives renames that were asked for the form git has for them.
fn find_renames(items: &mut [Item]) {
    let mut gone: BTreeMap<FileState, Vec<usize>> = BTreeMap::new();
    let named: BTreeSet<String> = items.iter().filter_map(|item| Some(item.from.as_ref()?.0.path.clone())).collect();
    for (n, item) in items.iter().enumerate().filter(|(_, item)| item.after.is_none()) {
        // Whatever has a link's target is not that link: git refuses to move one to below itself.
        let may_move = |state: &FileState| state.size > 0 && state.mode != "120000" && !named.contains(&item.path);
        if let Some(state) = state(&item.before).filter(may_move) {
            gone.entry(state).or_default().push(n);
        }
    }
    for n in 0..items.len() {
        if items[n].before.is_some() || items[n].from.is_some() {
            continue;
        }
        let Some(old) = state(&items[n].after).and_then(|state| gone.get_mut(&state)?.pop()) else { continue };
        let from = Source { path: items[old].path.clone(), is_copy: false };
        items[n].from = Some((from, items[old].before.clone()));
    }
    // A source that stays, or that was taken by another, is copied from.
    let absent: BTreeSet<String> =
        items.iter().filter(|item| item.after.is_none()).map(|item| item.path.clone()).collect();
    let mut taken = BTreeSet::new();
    for item in items.iter_mut() {
        let (is_new, mode) = (item.before.is_none(), item.after.as_ref().map(|(mode, _)| mode.clone()));
        let Some((from, base)) = &mut item.from else { continue };
        let is_link = |mode: Option<&str>| mode == Some("120000");
        if !is_new || is_link(mode.as_deref()) != is_link(base.as_ref().map(|(mode, _)| mode.as_str())) {
            // Over something that exists, or as another kind of thing, it is an edit like any other.
            item.from = None;
            continue;
        }
        from.is_copy = from.is_copy || !absent.contains(&from.path) || !taken.insert(from.path.clone());
    }
    for item in items.iter_mut() {
        item.is_moved_away = item.after.is_none() && taken.contains(&item.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str, before: Option<&str>, after: Option<&str>) -> Item {
        let content = |text: Option<&str>| text.map(|text| ("100644".to_owned(), text.as_bytes().to_vec()));
        Item { path: path.into(), before: content(before), after: content(after), ..Item::default() }
    }

    #[test]
    fn a_file_that_only_moved_is_renamed() {
        let patch = assemble(
            "t".into(),
            Origin::default(),
            vec![item("a", Some("x\n"), None), item("b", None, Some("x\n")), item("c", None, Some("x\n"))],
        );
        let text = String::from_utf8_lossy(&patch.diff).into_owned();
        assert_eq!(
            text,
            "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n\
             diff --git a/c b/c\nnew file mode 100644\n--- /dev/null\n+++ b/c\n@@ -0,0 +1 @@\n+x\n"
        );
        assert_eq!(patch.meta.files.len(), 3);
    }
}
