//! Which server a language has here: the project's own first, then the machine's.

use std::path::{Path, PathBuf};

use crate::core::ast::Lang;
use crate::core::proc::{find_program, is_program};
use crate::core::{Error, Kind, Result};

/// How a server is spoken with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The Language Server Protocol.
    Lsp,
    /// TypeScript's own protocol, up to its version 6.
    Tsserver,
}

/// A language server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// What starts it.
    pub argv: Vec<String>,
    /// How it is spoken with.
    pub manner: Manner,
}

/// Where programs are looked for.
pub struct Places<'a> {
    /// The repository.
    pub root: &'a Path,
    /// The folder of the file that is asked about.
    pub dir: &'a Path,
    /// Where the machine has its programs, in order.
    pub path: &'a [PathBuf],
}

impl Server {
    /// One that is spoken with by the Language Server Protocol.
    pub fn lsp(argv: Vec<String>) -> Server {
        Server { argv, manner: Manner::Lsp }
    }

    /// The server of a language, where the project or the machine has one.
    pub fn find(lang: Lang, places: &Places<'_>) -> Result<Server> {
        let (found, name, hint) = match lang {
            Lang::Go => (gopls(places), "gopls", "go install golang.org/x/tools/gopls@latest"),
            Lang::Python => (pyright(places), "pyright-langserver", "pip install pyright, or npm install pyright"),
            _ => (typescript(places), "TypeScript", "npm install typescript"),
        };
        found.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("{name} is neither in the project nor on PATH")).hint(hint)
        })
    }
}

fn typescript(places: &Places<'_>) -> Option<Server> {
    let own = above(places, "node_modules/typescript/package.json").and_then(|found| {
        let package = found.parent()?.to_owned();
        let tsserver = package.join("lib/tsserver.js");
        if tsserver.is_file() {
            return Some(Server { argv: vec!["node".into(), text(&tsserver)?], manner: Manner::Tsserver });
        }
        let tsc = package.join("bin/tsc");
        let argv = vec!["node".into(), text(&tsc)?, "--lsp".into(), "--stdio".into()];
        tsc.is_file().then(|| Server::lsp(argv))
    });
    let machines = || Some(Server { argv: vec![text(&on_path(places, "tsserver")?)?], manner: Manner::Tsserver });
    own.or_else(machines).or_else(|| stdio(on_path(places, "typescript-language-server")?))
}

fn pyright(places: &Places<'_>) -> Option<Server> {
    for program in ["pyright-langserver", "basedpyright-langserver"] {
        let own = [".venv/bin", "venv/bin", "node_modules/.bin"];
        let mut own =
            own.iter().filter_map(|dir| above(places, &format!("{dir}/{program}"))).filter(|file| is_program(file));
        if let Some(found) = own.next().or_else(|| on_path(places, program)) {
            return stdio(found);
        }
    }
    None
}

fn gopls(places: &Places<'_>) -> Option<Server> {
    Some(Server::lsp(vec![text(&on_path(places, "gopls")?)?]))
}

fn stdio(program: PathBuf) -> Option<Server> {
    Some(Server::lsp(vec![text(&program)?, "--stdio".into()]))
}

fn text(path: &Path) -> Option<String> {
    path.to_str().map(str::to_owned)
}

/// A file in the folder that is asked about, or above it up to the repository's.
fn above(places: &Places<'_>, name: &str) -> Option<PathBuf> {
    let dirs = places.dir.ancestors().take_while(|dir| dir.starts_with(places.root));
    dirs.map(|dir| dir.join(name)).find(|file| file.is_file())
}

fn on_path(places: &Places<'_>, program: &str) -> Option<PathBuf> {
    find_program(program, places.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str], lang: Lang) -> Option<(Vec<String>, Manner)> {
        let dir = tempfile::tempdir().ok()?;
        for file in files {
            let file = dir.path().join(file);
            std::fs::create_dir_all(file.parent()?).ok()?;
            std::fs::write(&file, "").ok()?;
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).ok()?;
        }
        let (root, path) = (dir.path().join("repo"), [dir.path().join("bin")]);
        let server = Server::find(lang, &Places { root: &root, dir: &root.join("pkg/src"), path: &path }).ok()?;
        let base = format!("{}/", dir.path().display());
        Some((server.argv.iter().map(|word| word.replace(&base, "")).collect(), server.manner))
    }

    #[test]
    fn the_projects_own_comes_first() {
        let old = ["repo/node_modules/typescript/package.json", "repo/node_modules/typescript/lib/tsserver.js"];
        let new = ["repo/pkg/node_modules/typescript/package.json", "repo/pkg/node_modules/typescript/bin/tsc"];
        let both = [old, new].concat();
        let word = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let lsp = |text| Some((word(text), Manner::Lsp));
        let tsserver = |text| Some((word(text), Manner::Tsserver));
        for (files, lang, expected) in [
            (&old[..], Lang::TypeScript, tsserver("node repo/node_modules/typescript/lib/tsserver.js")),
            (&both[..], Lang::Tsx, lsp("node repo/pkg/node_modules/typescript/bin/tsc --lsp --stdio")),
            (&["bin/tsserver"][..], Lang::JavaScript, tsserver("bin/tsserver")),
            (&["bin/typescript-language-server"], Lang::TypeScript, lsp("bin/typescript-language-server --stdio")),
            (
                &["bin/pyright-langserver", "repo/.venv/bin/pyright-langserver"],
                Lang::Python,
                lsp("repo/.venv/bin/pyright-langserver --stdio"),
            ),
            (&["bin/basedpyright-langserver"], Lang::Python, lsp("bin/basedpyright-langserver --stdio")),
            (&["bin/gopls"], Lang::Go, lsp("bin/gopls")),
            (&["bin/gopls"], Lang::Python, None),
        ] {
            assert_eq!(found(files, lang), expected, "{files:?}");
        }
    }
}
