//! Directories of Go under another path: whoever imports their packages writes the new one.

use super::path::Work;
use crate::core::Result;
use crate::core::ast::Lang;
use crate::core::path::{dir_of, name_of};
use crate::core::refactor::modules::Modules;
use crate::core::refactor::project::{Project, names_of};

impl Work<'_> {
    /// Rewrites the imports of all packages below the directory. The packages keep their names.
    pub(super) fn move_packages(&mut self, project: &mut Project<'_>) -> Result<()> {
        for file in project.all(Lang::Go) {
            if file.names.is_none() {
                continue;
            }
            let here = self.moves.of(&file.path).unwrap_or_else(|| file.path.clone());
            for import in names_of(&file).imports.iter().filter(|import| !import.from.is_empty()) {
                let Some(package) = self.modules.find(&file, &import.from) else { continue };
                let old = package.trim_end_matches(':').to_owned();
                let new = self.moves.of(&old);
                if !is_visible(dir_of(&here), new.as_deref().unwrap_or(&old)) {
                    let reason = format!("{here} could not import '{}' any more, which is internal", import.from);
                    return Err(self.conflict(&reason, "choose a place nearer to it"));
                }
                let Some(new) = new else { continue };
                let Some(written) = written(&self.modules, &import.from, &old, &new) else {
                    return Err(self.conflict("it would leave its module", "choose a place in the same module"));
                };
                let quoted = format!("\"{}\"", import.from);
                if let Some(at) = file.text.find(&quoted).map(|at| at + 1) {
                    self.edit(&file.path, at..at + import.from.len(), written);
                }
            }
        }
        self.tell_name(project);
        Ok(())
    }

    /// Tells where a package goes by the name of its old directory.
    fn tell_name(&mut self, project: &mut Project<'_>) {
        let (old, new) = (name_of(&self.moves.from).to_owned(), name_of(&self.moves.to).to_owned());
        let files = project.all(Lang::Go);
        let file = files.iter().find(|file| dir_of(&file.path) == self.moves.from);
        let clause = file.and_then(|file| file.text.find(&format!("package {old}\n")).map(|at| (file, at)));
        if let Some((file, at)) = clause.filter(|_| old != new) {
            self.doubt(&file.path, at..at + "package ".len() + old.len(), "the package keeps its name");
        }
    }
}

/// An import path whose directory gets another path in the same module.
fn written(modules: &Modules, path: &str, old: &str, new: &str) -> Option<String> {
    let Modules::Go(modules) = modules else { return None };
    modules.moved(path, old, new)
}

/// Whether a package may import another: what is internal is seen from around its `internal` directory.
fn is_visible(from: &str, package: &str) -> bool {
    let parts: Vec<&str> = package.split('/').collect();
    let Some(at) = parts.iter().rposition(|part| *part == "internal") else { return true };
    let around = parts[..at].join("/");
    around.is_empty() || from == around || from.starts_with(&format!("{around}/"))
}
