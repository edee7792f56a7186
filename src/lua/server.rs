//! Asks the language server that a call names, or the one that the project has.

use std::rc::Rc;

use super::args::Options;
use super::context::Context;
use super::tree::Files;
use crate::core::ast::{Family, Lang};
use crate::core::lsp::{Answer, Places, Question, Server, ask};
use crate::core::proc::path_dirs;
use crate::core::refactor::{Project, Rename, Tree};
use crate::core::{Error, Kind, Result};

/// How many files a server is shown at most.
const MOST_SHOWN: usize = 400;

/// Which server is asked.
pub enum Backend {
    /// The project's own, or the machine's.
    Found,
    /// The one that this starts.
    Named(Vec<String>),
}

impl Backend {
    /// The server that the options `with` and `server` ask for.
    pub fn of(options: &Options) -> Result<Option<Backend>> {
        let named = options.strings("server")?;
        match options.string("with")?.as_deref() {
            None | Some("lsp") if !named.is_empty() => Ok(Some(Backend::Named(named))),
            Some("lsp") => Ok(Some(Backend::Found)),
            None => Ok(None),
            Some(_) => Err(options.bad("with", "is 'lsp'")),
        }
    }

    /// Asks what a renaming would change.
    pub async fn ask(
        self,
        cx: &Rc<Context>,
        files: &Files,
        project: &mut Project<'_>,
        what: &Rename<'_>,
        old: &str,
    ) -> Result<Answer> {
        let lang = Lang::from_path(what.path)
            .ok_or_else(|| Error::new(Kind::NotFound, format!("{} is in no language that heck knows", what.path)))?;
        let server = match self {
            Backend::Named(argv) => Server::lsp(argv),
            Backend::Found => {
                let path = path_dirs();
                let file = files.root.join(what.path);
                let dir = file.parent().unwrap_or(&files.root);
                Server::find(lang, &Places { root: &files.root, dir, path: &path })?
            }
        };
        // Other languages' servers list the files themselves.
        let others = match lang.family() {
            Family::JavaScript => project.mentioning(lang, old),
            _ => Vec::new(),
        };
        let named = others.iter().map(|file| file.path.clone()).filter(|path| path != what.path);
        let named: Vec<String> = named.take(MOST_SHOWN).collect();
        let read = |path: &str| {
            files.paths.binary_search_by(|known| known.as_str().cmp(path)).ok().and_then(|_| files.read(path))
        };
        let question = Question {
            root: &files.root,
            path: what.path,
            offset: what.offset,
            to: what.to,
            files: &named,
            read: &read,
        };
        ask(&server, &question, &cx.grants).await
    }
}
