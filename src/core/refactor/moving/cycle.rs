//! Whether files would import each other: in Python they could not be loaded any more, in JavaScript only where they use
//! each other while they are loaded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::statement::Kind;
use super::{Opened, Work};
use crate::core::Result;
use crate::core::ast::Lang;
use crate::core::refactor::names::{Export, Taken};
use crate::core::refactor::project::{FileNames, names_of};

impl Work<'_, '_, '_> {
    /// Refuses or tells where the imports that moving makes close a circle.
    pub(super) fn check_cycles(&mut self) -> Result<()> {
        self.keep()?;
        if self.lang == Lang::Go || self.symbols.iter().all(|symbol| self.is_type(*symbol)) {
            return Ok(());
        }
        let (from, to) = (self.from.path().to_owned(), self.to.path().to_owned());
        self.tell_new_loads(&to);
        let mut importers: Vec<String> = self.others.keys().cloned().collect();
        if self.is_used_here || self.is_passed_on {
            importers.push(from.clone());
        }
        // In Python one more name is too much where two files already take turns; elsewhere a circle must be new.
        let is_strict = self.lang == Lang::Python;
        importers.retain(|path| match self.project.file(path) {
            Some(file) => is_strict || !self.loads(&file).contains(&to),
            None => false,
        });
        let before = self.loads(&self.to.file);
        let is_new = |path: &&String| is_strict || !before.contains(*path);
        let new: Vec<String> = self.imported.iter().filter(is_new).cloned().collect();
        let way = self.way(&to, &|path| importers.iter().any(|known| known == path));
        let way = way.or_else(|| {
            new.iter().find_map(|path| {
                let mut way = self.way(path, &|found| found == to)?;
                way.insert(0, to.clone());
                Some(way)
            })
        });
        let Some(mut way) = way else { return Ok(()) };
        if way.last() != Some(&to) {
            way.push(to);
        }
        let at = self.pieces[0].range.start;
        if self.lang == Lang::Python || self.early.is_some() {
            let at = self.early.filter(|_| self.lang != Lang::Python).unwrap_or(at);
            return Err(self.from.conflict(
                at,
                &format!("files would import each other: {}", way.join(" → ")),
                "move along what it needs, or to a file that nothing here needs",
            ));
        }
        self.doubt(&from, at..self.pieces[0].range.end, "its old and its new file import each other now");
        Ok(())
    }

    /// A file that was there may do more than declare; whoever takes the code from it loads it, too.
    fn tell_new_loads(&mut self, to: &str) {
        let is_loaded = self.is_used_here || self.is_passed_on || !self.others.is_empty();
        if self.to.file.text.trim().is_empty() || !is_loaded {
            return;
        }
        // What lies further away may be loaded under a condition.
        if self.loads_of_opened(&self.from).contains(to) {
            return;
        }
        self.doubt(to, 0..0, "files load this one now that did not before");
    }

    /// The files from a start to one that is looked for, by what each loads.
    fn way(&mut self, start: &str, is_end: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
        let mut came: BTreeMap<String, String> = BTreeMap::new();
        let mut queue = VecDeque::from([start.to_owned()]);
        while let Some(path) = queue.pop_front() {
            let next = self.loads_after(&path);
            for found in next {
                if is_end(&found) {
                    let mut way = vec![found, path.clone()];
                    let mut at = path;
                    while let Some(before) = came.get(&at).filter(|_| at != start) {
                        way.push(before.clone());
                        at = before.clone();
                    }
                    way.reverse();
                    return Some(way);
                }
                if found != start && !came.contains_key(&found) {
                    came.insert(found.clone(), path.clone());
                    queue.push_back(found);
                }
            }
        }
        None
    }

    /// What a file loads once everything is moved.
    fn loads_after(&mut self, path: &str) -> BTreeSet<String> {
        if path == self.to.path() {
            let mut loads = self.loads_of_opened(&self.to);
            loads.extend(self.imported.iter().cloned());
            return loads;
        }
        if path == self.from.path() {
            let mut loads = self.loads_of_opened(&self.from);
            if self.is_used_here || self.is_passed_on {
                loads.insert(self.to.path().to_owned());
            }
            return loads;
        }
        match self.project.file(path) {
            Some(file) => self.loads(&file),
            None => BTreeSet::new(),
        }
    }

    fn loads_of_opened(&self, opened: &Opened) -> BTreeSet<String> {
        let header = &opened.header;
        let mut loads = BTreeSet::new();
        for (at, statement) in header.statements.iter().enumerate().filter(|(_, one)| one.is_top && !one.is_type) {
            for (n, item) in statement.items.iter().enumerate() {
                if header.is_removed((at, n)) || item.is_type {
                    continue;
                }
                let module = match (self.lang, item.kind) {
                    (Lang::Python, Kind::Whole) => item.name.as_str(),
                    _ => header.module(at),
                };
                self.add(&mut loads, &opened.file, module, &item.name);
            }
            if statement.items.is_empty() {
                self.add(&mut loads, &opened.file, header.module(at), "");
            }
        }
        loads
    }

    /// What a file loads as it is.
    fn loads(&self, file: &FileNames) -> BTreeSet<String> {
        let names = names_of(file);
        let mut loads = BTreeSet::new();
        for import in &names.imports {
            let is_early = import.symbol.is_none_or(|symbol| names.symbols[symbol].scope == 0);
            let name = match &import.what {
                Taken::Name { name, .. } => name.as_str(),
                _ => "",
            };
            if is_early {
                self.add(&mut loads, file, &import.from, name);
            }
        }
        for export in &names.exports {
            match export {
                Export::Passed { from, .. } | Export::All { from } | Export::AllAs { from, .. } => {
                    self.add(&mut loads, file, from, "");
                }
                _ => {}
            }
        }
        loads
    }

    fn add(&self, loads: &mut BTreeSet<String>, file: &FileNames, module: &str, name: &str) {
        let Some(found) = self.modules.find(file, module) else { return };
        let inner = self.modules.submodule(&found, name).filter(|_| !name.is_empty());
        let is_own_package =
            |package: &str| package.strip_suffix("__init__.py").is_some_and(|dir| file.path.starts_with(dir));
        if let Some(inner) = &inner {
            loads.insert(inner.clone());
        }
        if inner.is_none() || !is_own_package(&found) {
            loads.insert(found.clone());
        }
        if self.lang == Lang::Python {
            // The packages around a module are loaded before it.
            let mut dir = found.rsplit_once('/').map(|(dir, _)| dir);
            while let Some(at) = dir {
                let package = format!("{at}/__init__.py");
                if !is_own_package(&package) && self.project.tree().paths().binary_search(&package).is_ok() {
                    loads.insert(package);
                }
                dir = at.rsplit_once('/').map(|(dir, _)| dir);
            }
        }
    }
}
