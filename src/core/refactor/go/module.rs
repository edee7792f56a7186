//! Which directory of the repository an import path means.

use crate::core::path::dir_of;
use crate::core::refactor::Tree;

/// The packages of a repository. A package is known by its directory, with `_test` for the tests beside it that use
/// it from outside.
pub struct GoModules {
    /// Module paths with their directories, the longest path first.
    modules: Vec<(String, String)>,
    /// The directories that hold Go files.
    files: Vec<String>,
}

impl GoModules {
    /// Looks at a tree.
    pub fn read(tree: &dyn Tree) -> GoModules {
        let mut modules = Vec::new();
        for path in tree.paths().iter().filter(|path| *path == "go.mod" || path.ends_with("/go.mod")) {
            let text = tree.read(path).unwrap_or_default();
            let name = text.lines().find_map(|line| line.trim().strip_prefix("module ")).map(str::trim);
            let dir = path.strip_suffix("go.mod").unwrap_or_default().trim_end_matches('/');
            modules.extend(name.map(|name| (name.trim_matches('"').to_owned(), dir.to_owned())));
        }
        modules.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let files = tree.paths().iter().filter(|path| path.ends_with(".go")).cloned().collect();
        GoModules { modules, files }
    }

    /// The package that an import path means.
    pub fn find(&self, path: &str) -> Option<String> {
        let inside = self.modules.iter().find_map(|(name, dir)| {
            // The standard library has no prefix.
            let rest = match name.as_str() {
                "std" => path,
                name => path.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('/'))?,
            };
            let parts = [dir.as_str(), rest.trim_start_matches('/')];
            Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
        })?;
        self.files.iter().any(|file| dir_of(file) == inside).then(|| format!("{inside}:"))
    }

    /// An import path after the directory that it means got another one; `None` where that is in another module.
    pub fn moved(&self, path: &str, old: &str, new: &str) -> Option<String> {
        let below = |dir: &str, of: &str| match of {
            "" => Some(dir.to_owned()),
            _ => dir.strip_prefix(of).filter(|rest| rest.starts_with('/')).map(|rest| rest[1..].to_owned()),
        };
        let home = |of: &str| {
            let around = self.modules.iter().filter(|(_, dir)| below(of, dir).is_some());
            around.max_by_key(|(_, dir)| dir.len())
        };
        let (name, dir) = home(old)?;
        let (old, new) = (below(old, dir)?, below(new, dir).filter(|_| home(new).is_some_and(|(to, _)| to == name))?);
        Some(format!("{}{new}", path.strip_suffix(&old)?))
    }

    /// The package of a file.
    pub fn own(path: &str, package: &str) -> String {
        let is_outside = path.ends_with("_test.go") && package.ends_with("_test");
        format!("{}:{}", dir_of(path), if is_outside { "test" } else { "" })
    }

    /// The files that may belong to a package.
    pub fn files(&self, package: &str) -> Vec<String> {
        let dir = package.split(':').next().unwrap_or_default();
        self.files.iter().filter(|file| dir_of(file) == dir).cloned().collect()
    }
}
