//! Which file of the repository a Python module name means.

use std::collections::{BTreeMap, HashSet};

use crate::core::refactor::Tree;
use crate::core::refactor::modules::Manner;

/// The modules of a repository.
pub struct PyModules {
    files: HashSet<String>,
    /// Dotted names, from the outermost package on, with the files that have them.
    by_name: BTreeMap<String, Vec<String>>,
}

impl PyModules {
    /// Looks at the paths of a tree.
    pub fn read(tree: &dyn Tree) -> PyModules {
        let files: HashSet<String> = tree.paths().iter().filter(|path| path.ends_with(".py")).cloned().collect();
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in tree.paths().iter().filter(|path| path.ends_with(".py")) {
            let parts: Vec<&str> = module_path(path).split('/').filter(|part| !part.is_empty()).collect();
            // The package goes as far out as there are `__init__.py`; without one, any directory may be the root.
            let dirs: Vec<&str> = path.rsplit_once('/').map_or(Vec::new(), |(dir, _)| dir.split('/').collect());
            let is_package = |depth: usize| files.contains(&format!("{}/__init__.py", dirs[..depth].join("/")));
            let root = (1..=dirs.len()).rev().find(|depth| !is_package(*depth)).unwrap_or(0);
            for from in 0..=root.min(parts.len().saturating_sub(1)) {
                by_name.entry(parts[from..].join(".")).or_default().push(path.clone());
            }
        }
        PyModules { files, by_name }
    }

    /// The file that a module name means in a file.
    pub fn find(&self, from: &str, module: &str) -> Option<String> {
        let name = module.trim_start_matches('.');
        let dots = module.len() - name.len();
        if dots > 0 {
            let mut dirs: Vec<&str> = from.split('/').collect();
            for _ in 0..dots {
                dirs.pop()?;
            }
            dirs.extend(name.split('.').filter(|part| !part.is_empty()));
            return self.file(&dirs.join("/"));
        }
        let known = self.by_name.get(name)?;
        match known.as_slice() {
            [only] => Some(only.clone()),
            // Of several the one nearest to whoever asks.
            several => several.iter().max_by_key(|path| shared(path, from)).cloned(),
        }
    }

    /// How a file writes another, in the manner of a specifier: relative, or from the same root.
    pub fn written(&self, from: &str, to: &str, like: &Manner<'_>) -> Option<String> {
        let parts: Vec<&str> = module_path(to).split('/').filter(|part| !part.is_empty()).collect();
        if !like.specifier.starts_with('.') {
            let theirs: Vec<&str> = module_path(like.means).split('/').filter(|part| !part.is_empty()).collect();
            let root = theirs.len().checked_sub(like.specifier.split('.').count())?;
            // Below another directory it would be looked for elsewhere.
            let is_beside = parts.get(..root)? == theirs.get(..root)?;
            return Some(parts.get(root..)?.join(".")).filter(|name| is_beside && !name.is_empty());
        }
        let mut package: Vec<&str> = from.split('/').collect();
        package.pop();
        // At the top there is no package to be relative to.
        if package.is_empty() {
            return None;
        }
        let shared = package.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        // Above the outermost package nothing is relative.
        let is_package = self.files.contains(&format!("{}/__init__.py", package.get(..shared)?.join("/")));
        let dots = ".".repeat(package.len() - shared + 1);
        (is_package || dots == ".").then(|| format!("{dots}{}", parts[shared..].join(".")))
    }

    /// The full name of a module, from its outermost package on.
    pub fn full_name(&self, path: &str) -> Option<String> {
        let names = self.by_name.iter().filter(|(_, files)| files.iter().any(|file| file == path));
        let root = |name: &str| name.split('.').count();
        names.map(|(name, _)| name.clone()).min_by_key(|name| root(name))
    }

    /// A module inside a package.
    pub fn submodule(&self, package: &str, name: &str) -> Option<String> {
        let dir = package.strip_suffix("__init__.py")?;
        self.file(&format!("{dir}{name}"))
    }

    fn file(&self, stem: &str) -> Option<String> {
        let init = if stem.is_empty() { "__init__.py".to_owned() } else { format!("{stem}/__init__.py") };
        [init, format!("{stem}.py")].into_iter().find(|path| self.files.contains(path))
    }
}

fn module_path(path: &str) -> &str {
    let stem = path.strip_suffix(".py").unwrap_or(path);
    stem.strip_suffix("/__init__").unwrap_or(stem)
}

fn shared(left: &str, right: &str) -> usize {
    left.split('/').zip(right.split('/')).take_while(|(a, b)| a == b).count()
}
