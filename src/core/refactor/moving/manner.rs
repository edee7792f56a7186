//! How two files write each other that have not named each other so far: as the files around them do.

use super::Work;
use crate::core::ast::Lang;
use crate::core::path::dir_of;
use crate::core::refactor::modules::{Manner, Modules};
use crate::core::refactor::names::Export;
use crate::core::refactor::project::{FileNames, names_of};

/// How many files are looked at for how imports are written here.
const NEARBY: usize = 200;

impl Work<'_, '_, '_> {
    /// How one of two files, of which neither may have mentioned the other, writes the other.
    pub(super) fn between(&mut self, is_from: bool) -> Option<String> {
        let manner = self.manner();
        let (here, there) = if is_from { (&self.from, &self.to) } else { (&self.to, &self.from) };
        // The old file knows where its names begin; a new one need not lie in a package yet.
        let name = match &self.modules {
            Modules::Python(modules) => modules.full_name(self.from.path()),
            _ => None,
        };
        let ending = self.ending(here.path());
        let like = match (&manner, &name) {
            (Some((specifier, means)), _) if specifier.starts_with('.') => Manner { specifier, means },
            (_, Some(name)) => Manner { specifier: name, means: self.from.path() },
            _ if ending => Manner { specifier: "./a.js", means: "a.ts" },
            _ => Manner { specifier: "./a", means: "a.ts" },
        };
        let plain = Manner { specifier: ".", means: there.path() };
        let written = |like: &Manner<'_>| self.modules.written(&here.file, there.path(), like);
        let full = name.as_ref().map(|name| Manner { specifier: name, means: self.from.path() });
        written(&like).or_else(|| written(&plain)).or_else(|| full.and_then(|full| written(&full)))
    }

    /// Whether imports are written with their endings where no other import shows it: in modules of Node.
    fn ending(&self, path: &str) -> bool {
        if [".mjs", ".mts", ".cjs", ".cts"].iter().any(|ending| path.ends_with(ending)) {
            return true;
        }
        let dirs = std::iter::successors(Some(dir_of(path)), |dir| (!dir.is_empty()).then(|| dir_of(dir)));
        let near = |name: &str| {
            dirs.clone().find_map(|dir| {
                let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
                self.project.tree().read(&path)
            })
        };
        let is_module = near("package.json").is_some_and(|text| text.replace(' ', "").contains("\"type\":\"module\""));
        let is_script = path.ends_with(".js");
        let settings = near("tsconfig.json").unwrap_or_default().to_lowercase();
        is_module && is_script || settings.contains("nodenext") || settings.contains("node16")
    }

    /// A relative import of one of the two files, or else of another nearby, and what it means.
    fn manner(&mut self) -> Option<(String, String)> {
        let modules = &self.modules;
        let relative = |file: &FileNames| {
            let names = names_of(file);
            let passed = names.exports.iter().filter_map(|export| match export {
                Export::Passed { from, .. } | Export::All { from } | Export::AllAs { from, .. } => Some(from),
                _ => None,
            });
            let mut all = names.imports.iter().map(|import| &import.from).chain(passed);
            all.find_map(|from| {
                let means = modules.find(file, from).filter(|_| from.starts_with('.'))?;
                (!means.ends_with(".json") && !means.contains("/index.")).then(|| (from.clone(), means))
            })
        };
        let own = relative(&self.from.file).or_else(|| relative(&self.to.file));
        if own.is_some() || self.lang == Lang::Python {
            return own;
        }
        // The nearest first: what shares the most directories.
        let home = self.to.path().to_owned();
        let shared = |path: &str| path.split('/').zip(home.split('/')).take_while(|(a, b)| a == b).count();
        let is_kin = |path: &&String| Lang::from_path(path).is_some_and(|lang| lang.family() == self.lang.family());
        let mut paths: Vec<String> = self.project.tree().paths().iter().filter(is_kin).cloned().collect();
        paths.sort_by_key(|path| std::cmp::Reverse(shared(path)));
        paths.truncate(NEARBY);
        paths.iter().find_map(|path| relative(&*self.project.file(path)?))
    }
}
