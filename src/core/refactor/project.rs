//! The files of a repository as a refactoring sees them: read when needed, each understood once.

use std::collections::HashMap;
use std::sync::Arc;

use super::go;
use super::js;
use super::names::Names;
use super::python;
use super::word;
use crate::core::ast::Lang;
use crate::core::share;

/// Where texts come from.
pub trait Tree: Sync {
    /// The paths of all files, sorted.
    fn paths(&self) -> &[String];

    /// The text of a file; `None` where there is none, or it is no text.
    fn read(&self, path: &str) -> Option<String>;
}

/// A tree with one more file, which is empty unless it is there already.
pub struct WithFile<'t> {
    tree: &'t dyn Tree,
    path: String,
    paths: Vec<String>,
}

impl<'t> WithFile<'t> {
    /// Adds a file to a tree.
    pub fn new(tree: &'t dyn Tree, path: &str) -> WithFile<'t> {
        let mut paths = tree.paths().to_vec();
        if let Err(at) = paths.binary_search_by(|known| known.as_str().cmp(path)) {
            paths.insert(at, path.to_owned());
        }
        WithFile { tree, path: path.to_owned(), paths }
    }
}

impl Tree for WithFile<'_> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<String> {
        let is_new = path == self.path && self.tree.paths().binary_search_by(|known| known.as_str().cmp(path)).is_err();
        if is_new { Some(String::new()) } else { self.tree.read(path) }
    }
}

/// A file or directory that gets another path.
#[derive(Debug, Clone)]
pub struct Moves {
    /// The old path.
    pub from: String,
    /// The new one.
    pub to: String,
}

impl Moves {
    /// The new path of a file, if it gets one.
    pub fn of(&self, path: &str) -> Option<String> {
        replaced(path, &self.from, &self.to)
    }
}

/// A path in which a file or directory has another name.
fn replaced(path: &str, from: &str, to: &str) -> Option<String> {
    let rest = path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    Some(format!("{to}{rest}"))
}

/// A tree in which a file or directory has another path.
pub struct MovedTree<'t> {
    tree: &'t dyn Tree,
    moves: &'t Moves,
    paths: Vec<String>,
}

impl<'t> MovedTree<'t> {
    /// Moves within a tree.
    pub fn new(tree: &'t dyn Tree, moves: &'t Moves) -> MovedTree<'t> {
        let mut paths: Vec<String> =
            tree.paths().iter().map(|path| moves.of(path).unwrap_or_else(|| path.clone())).collect();
        paths.sort_unstable();
        MovedTree { tree, moves, paths }
    }
}

impl Tree for MovedTree<'_> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<String> {
        match replaced(path, &self.moves.to, &self.moves.from) {
            Some(old) => self.tree.read(&old),
            None => self.tree.read(path),
        }
    }
}

/// A file that was read.
pub struct FileNames {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What it says about names; `None` where it could not be understood.
    pub names: Option<Names>,
}

/// The files of a repository.
pub struct Project<'t> {
    tree: &'t dyn Tree,
    files: HashMap<String, Arc<FileNames>>,
}

impl<'t> Project<'t> {
    /// Nothing is read yet.
    pub fn new(tree: &'t dyn Tree) -> Project<'t> {
        Project { tree, files: HashMap::new() }
    }

    /// Where texts come from.
    pub fn tree(&self) -> &'t dyn Tree {
        self.tree
    }

    /// One file, understood.
    pub fn file(&mut self, path: &str) -> Option<Arc<FileNames>> {
        if !self.files.contains_key(path) {
            self.load(std::slice::from_ref(&path.to_owned()), &|_| true);
        }
        self.files.get(path).cloned()
    }

    /// Reads files, and understands those that `wanted` lets through.
    fn load(&mut self, paths: &[String], wanted: &(dyn Fn(&str) -> bool + Sync)) {
        let tree = self.tree;
        let read = share::map(paths, |path| {
            let text = tree.read(path).filter(|text| wanted(text))?;
            let names = read_names(path, &text);
            Some(FileNames { path: path.clone(), text, names })
        });
        for file in read.into_iter().flatten() {
            self.files.insert(file.path.clone(), Arc::new(file));
        }
    }

    /// All files of a language's family, in order of path.
    pub fn all(&mut self, lang: Lang) -> Vec<Arc<FileNames>> {
        self.wanted(lang, &|_| true)
    }

    /// The files of a language's family that mention a word, or pass on what others offer, in order of path.
    pub fn mentioning(&mut self, lang: Lang, name: &str) -> Vec<Arc<FileNames>> {
        self.wanted(lang, &|text| word::has(text, name) || passes_on(text, lang))
    }

    fn wanted(&mut self, lang: Lang, wanted: &(dyn Fn(&str) -> bool + Sync)) -> Vec<Arc<FileNames>> {
        let is_kin = |path: &&String| Lang::from_path(path).is_some_and(|other| other.family() == lang.family());
        let paths: Vec<String> = self.tree.paths().iter().filter(is_kin).cloned().collect();
        let unknown: Vec<String> = paths.iter().filter(|path| !self.files.contains_key(*path)).cloned().collect();
        self.load(&unknown, wanted);
        let known = paths.iter().filter_map(|path| self.files.get(path));
        known.filter(|file| wanted(&file.text)).cloned().collect()
    }
}

fn passes_on(text: &str, lang: Lang) -> bool {
    match lang {
        Lang::Python => python::passes_on(text),
        Lang::Go => false,
        _ => js::passes_on(text),
    }
}

fn read_names(path: &str, text: &str) -> Option<Names> {
    match Lang::from_path(path)? {
        Lang::TypeScript | Lang::Tsx | Lang::JavaScript => js::read_names(path, text),
        Lang::Python => python::read_names(text),
        Lang::Go => go::read_names(text),
    }
}

/// What a file says; files without are not looked at.
pub fn names_of(file: &FileNames) -> &Names {
    static NONE: std::sync::OnceLock<Names> = std::sync::OnceLock::new();
    file.names.as_ref().unwrap_or_else(|| NONE.get_or_init(Names::default))
}
