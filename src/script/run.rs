//! Runs one script from its words to its outcome.

use std::ffi::OsString;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use super::call::call;
use super::outcome::Outcome;
use super::parser::{self, Misparse};
use super::record::record;
use super::registry::{Kind, Layer, Registry, Script};
use super::services::HostServices;
use super::spec::Spec;
use crate::core::grant::Grants;
use crate::core::host::{Flags, Host};
use crate::core::patch::{self, Recovery};
use crate::core::text::suggestion;
use crate::core::{Error, Kind as ErrorKind, Result, trust};
use crate::lua::{Chunk, Context, Profile, Ui, Vm, Watchdog};
use crate::term::Style;

/// One process's view of scripts and user.
#[derive(Clone)]
pub struct Session {
    /// The process.
    pub host: Arc<Host>,
    /// The user.
    pub ui: Ui,
    /// The scripts there are.
    pub registry: Rc<Registry>,
}

impl Session {
    /// The session of a process.
    pub fn new(host: &Arc<Host>, ui: &Ui) -> Session {
        Session { host: Arc::clone(host), ui: Rc::clone(ui), registry: Rc::new(Registry::new(host)) }
    }

    /// A script by kind and name; a typo gets the nearest name.
    pub fn script(&self, kind: Kind, name: &str) -> Result<Script> {
        if kind == Kind::Recipe && (name.ends_with(".lua") || name.contains('/')) {
            return self.registry.file(kind, name);
        }
        self.named(kind, name)
    }

    /// A script by its name alone, never by a path.
    pub fn named(&self, kind: Kind, name: &str) -> Result<Script> {
        if let Some(script) = self.registry.find(kind, name)? {
            return Ok(script);
        }
        let all = self.registry.find_all(kind)?;
        Err(Error::usage(format!("there is no {} '{name}'", kind.noun()))
            .maybe_hint(suggestion(name, all.iter().map(|script| script.name.as_str()))))
    }

    /// An interpreter for a script, with the profile and grants of its layer. A repository's script
    /// must be trusted.
    pub fn vm(&self, script: &Script, words: &str) -> Result<Vm> {
        let (profile, grants) = match script.layer {
            Layer::Builtin if script.kind == Kind::Command => (Profile::Builtin, Grants::full()),
            // A shipped recipe is an example for the user's own: it lives under the same rules.
            Layer::Builtin | Layer::Repository | Layer::File => (Profile::Repo, script.grants()?),
            Layer::User => (Profile::Repo, Grants::full()),
        };
        self.require_trust(script)?;
        script.header.check_version(&script.chunk)?;
        let mut cx = Context::new(Arc::clone(&self.host), profile, grants, Rc::clone(&self.ui), words);
        if script.layer == Layer::Repository {
            cx.code = Some(self.registry.code()?);
        }
        cx.services = Some(Rc::new(HostServices::new(self.clone())));
        Vm::new(cx)
    }

    /// A script's declaration, read by an interpreter that can do nothing else.
    pub async fn describe(&self, script: &Script) -> Result<Spec> {
        self.require_trust(script)?;
        let cx = Context::new(Arc::clone(&self.host), Profile::Describe, Grants::none(), Rc::clone(&self.ui), "");
        let vm = Vm::new(cx)?;
        let _watchdog = watchdog(&vm, self, std::slice::from_ref(&script.name));
        spec_of(&vm, script).await
    }

    /// Fails for a repository's script unless its code may run.
    fn require_trust(&self, script: &Script) -> Result<()> {
        match (script.layer, self.registry.repo()) {
            (Layer::Repository, Some(repo)) => trust::require(repo, &*self.registry.code()?),
            _ => Ok(()),
        }
    }
}

async fn spec_of(vm: &Vm, script: &Script) -> Result<Spec> {
    let chunk = Chunk { name: script.chunk.clone(), text: script.text.clone() };
    let mut spec = Spec::from_json(&vm.declare(&chunk).await?, &script.chunk)?;
    spec.name.clone_from(&script.name);
    if spec.summary.is_empty() {
        spec.summary.clone_from(&script.header.summary);
    }
    if spec.help.is_empty() {
        spec.help.clone_from(&script.header.help);
    }
    // A recipe is there to change things.
    spec.changes |= script.kind == Kind::Recipe;
    Ok(spec)
}

/// What a command line comes to.
pub enum Ran {
    /// Help that was asked for.
    Help(String),
    /// A run.
    Done(Outcome),
    /// The line's global flags are not those that were guessed before the script was known.
    Again(Flags),
}

/// Runs the script that the words of a command line name.
pub async fn run_words(session: &Session, word: &str, argv: &[OsString], guessed: &Flags) -> Ran {
    let mut words = vec![word.to_owned()];
    match try_run(session, &mut words, argv, guessed).await {
        Ok(ran) => ran,
        Err(error) => Ran::Done(Outcome::failed(words.join(" "), error)),
    }
}

async fn try_run(session: &Session, words: &mut Vec<String>, argv: &[OsString], guessed: &Flags) -> Result<Ran> {
    let mut script = session.script(Kind::Command, &words[0])?;
    let mut vm = session.vm(&script, &words[0])?;
    let mut watch = Some(watchdog(&vm, session, words));
    let mut spec = spec_of(&vm, &script).await?;
    if let Some(folder) = &spec.delegates
        && let Some(name) = second_word(argv)
    {
        script = session.script(Kind::from_folder(folder)?, &name)?;
        words.push(name);
        vm = session.vm(&script, &words.join(" "))?;
        watch = Some(watchdog(&vm, session, words));
        spec = spec_of(&vm, &script).await?;
    }
    let parsed = match parser::parse(words, &spec, argv) {
        Ok(parsed) => parsed,
        Err(Misparse::Help(text)) => return Ok(Ran::Help(text)),
        Err(Misparse::Error(error)) => return Err(error),
    };
    if !same(&parsed.flags, guessed) {
        return Ok(Ran::Again(parsed.flags));
    }
    words.extend(parsed.path.iter().cloned());
    if !parsed.path.is_empty() {
        watch = Some(watchdog(&vm, session, words));
    }
    let begun = std::time::Instant::now();
    let leaf =
        parsed.path.iter().fold(&spec, |spec, name| spec.commands.iter().find(|s| s.name == *name).unwrap_or(spec));
    if !leaf.recovers {
        recover(session, leaf)?;
    }
    let mut outcome = Outcome { cmd: words.join(" "), payload: Json::Null, error: None, has_findings: false };
    outcome.error = call(session, &vm, leaf, &parsed, &mut outcome, watch).await.err();
    if let Some(error) = &mut outcome.error
        && matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Timeout)
        && let Some(told) = fate(session)
    {
        *error = error.clone().hint(told);
    }
    if let Err(error) = record(session, leaf, &outcome, argv, begun.elapsed()) {
        match &outcome.error {
            // What went wrong first is what the user has to know.
            Some(_) => session.host.warn(error.to_string()),
            None => outcome.error = Some(error),
        }
    }
    Ok(Ran::Done(outcome))
}

/// What became of the patches of a run that was ended early.
fn fate(session: &Session) -> Option<String> {
    let store = patch::Store::open(session.registry.repo()?).ok()?;
    let told = |id: &String| Some(format!("patch {id} is {}", store.find(id).ok()??.state.name()));
    let all: Vec<String> = session.host.patches().iter().filter_map(told).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Finishes or undoes what an interrupted heck left behind, and says so. Who only reads goes on even where that fails.
fn recover(session: &Session, spec: &Spec) -> Result<()> {
    let Some(repo) = session.registry.repo().filter(|repo| repo.is_marked()) else { return Ok(()) };
    let told = match patch::is_left_behind(repo).and_then(|left| match left {
        true => patch::recover(repo, session.host.flags.wait),
        false => Ok(Recovery::Clean),
    }) {
        Ok(recovery) => match recovery.told() {
            Some(told) => told,
            None => return Ok(()),
        },
        Err(error) if spec.changes || spec.records => return Err(error),
        Err(error) => error.to_string(),
    };
    session.host.warn(told.as_str());
    let paint = session.ui.err_paint();
    session.ui.note(&format!("{} {told}", paint.paint(Style::Warn, "warning:")))
}

fn watchdog(vm: &Vm, session: &Session, words: &[String]) -> Watchdog {
    let (host, cmd) = (Arc::clone(&session.host), words.join(" "));
    vm.watch(None, move |error| super::services::last_words(&host, &cmd, error))
}

/// The second word that is neither a flag nor a flag's value.
fn second_word(argv: &[OsString]) -> Option<String> {
    let mut words = argv.iter().map(|word| word.to_string_lossy());
    let mut plain = 0;
    loop {
        let word = words.next()?;
        if parser::TAKE_A_WORD.contains(&word.as_ref()) {
            words.next();
        } else if !word.starts_with('-') {
            plain += 1;
            if plain == 2 {
                return Some(word.into_owned());
            }
        }
    }
}

fn same(a: &Flags, b: &Flags) -> bool {
    let key = |f: &Flags| {
        (f.json, f.dry_run, f.wait, f.yes, f.quiet, f.verbose, f.trace, f.color, f.online, f.timeout, f.repo.clone())
    };
    key(a) == key(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_word_is_found_behind_flags() {
        for (line, name) in [
            ("--json run --repo x -q name more", Some("name")),
            ("--repo run run name", Some("name")),
            ("run --verify test name", Some("name")),
            ("run -q", None),
        ] {
            let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(second_word(&argv).as_deref(), name, "{line}");
        }
    }
}
