//! One question to one server: what would it change if this had another name?

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::answer::{Answer, At, Raw, at};
use super::find::{Manner, Server};
use super::wire::Wire;
use super::{rpc, tsserver};
use crate::core::ast::Lang;
use crate::core::grant::Grants;
use crate::core::proc::{Spawn, Talk};
use crate::core::{Error, Kind, Result};

/// How long a server may take for everything: to start, to read the project, to answer.
const LIMIT: Duration = Duration::from_secs(180);

/// What is asked.
pub struct Question<'a> {
    /// The repository.
    pub root: &'a Path,
    /// The file, within the repository.
    pub path: &'a str,
    /// A byte of the name.
    pub offset: usize,
    /// The new name.
    pub to: &'a str,
    /// Other files that may name it, for servers that know no file that was not opened.
    pub files: &'a [String],
    /// The text of a file of the repository.
    pub read: &'a dyn Fn(&str) -> Option<String>,
}

/// A file that a server is shown.
pub(super) struct Shown {
    pub path: PathBuf,
    pub language: &'static str,
    pub text: String,
}

/// The question as servers see it.
pub(super) struct Asked<'a> {
    pub root: &'a Path,
    /// The file that is asked about, then others.
    pub shown: Vec<Shown>,
    pub at: At,
    pub to: &'a str,
}

/// Starts a server, asks it, and ends it.
pub async fn ask(server: &Server, question: &Question<'_>, grants: &Grants) -> Result<Answer> {
    let missing = || Error::new(Kind::NotFound, format!("{} is no text of the repository", question.path));
    let paths = std::iter::once(question.path).chain(question.files.iter().map(String::as_str));
    let mut shown = Vec::new();
    for path in paths {
        // Those that are asked about beside it were read a moment ago; one that is gone is no error.
        if let Some(text) = (question.read)(path) {
            shown.push(Shown { path: question.root.join(path), language: language(path), text });
        }
    }
    let text = &shown.first().filter(|first| first.path == question.root.join(question.path)).ok_or_else(missing)?.text;
    let asked = Asked { root: question.root, at: at(text, question.offset), to: question.to, shown };
    let spawn = Spawn { argv: server.argv.clone(), cwd: question.root.to_owned(), ..Spawn::default() };
    let talk = Talk::start(&spawn, grants, LIMIT)?;
    let (name, raw): (String, Vec<Raw>) = match server.manner {
        Manner::Lsp => rpc::ask(Wire::new(talk, false), &asked, &program(&server.argv)).await?,
        Manner::Tsserver => tsserver::ask(Wire::new(talk, true), &asked).await?,
    };
    Ok(Answer::new(name, question.root, &raw, question.read))
}

/// The name of the program that is started, as people know it.
fn program(argv: &[String]) -> String {
    let file = |word: &String| Path::new(word).file_name().map(|name| name.to_string_lossy().into_owned());
    let mut words = argv.iter().filter_map(file);
    match words.next() {
        Some(name) if name == "node" => words.next().unwrap_or(name),
        Some(name) => name,
        None => "the language server".into(),
    }
}

fn language(path: &str) -> &'static str {
    match Lang::from_path(path) {
        Some(Lang::Tsx) => "typescriptreact",
        Some(Lang::JavaScript) if path.ends_with(".jsx") => "javascriptreact",
        Some(Lang::JavaScript) => "javascript",
        Some(Lang::Python) => "python",
        Some(Lang::Go) => "go",
        _ => "typescript",
    }
}
