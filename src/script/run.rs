//! Runs one script from its words to its outcome.

use std::ffi::OsString;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::change::Change;
use super::contract;
use super::outcome::Outcome;
use super::parser::{self, Misparse, Parsed};
use super::registry::{Kind, Layer, Registry, Script};
use super::services::HostServices;
use super::spec::Spec;
use crate::core::config::Config;
use crate::core::grant::{Grants, Request};
use crate::core::host::{Flags, Host};
use crate::core::runlog::Runlog;
use crate::core::text::suggestion;
use crate::core::{Error, Kind as ErrorKind, Result, proc, trust};
use crate::lua::{Chunk, Context, Profile, Ui, Vm, Watchdog};

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
    let mut outcome = Outcome { cmd: words.join(" "), payload: Json::Null, error: None, has_findings: false };
    outcome.error = call(session, &vm, leaf, &parsed, &mut outcome, watch).await.err();
    record(session, leaf, &outcome, argv, begun.elapsed());
    Ok(Ran::Done(outcome))
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
        (f.json, f.dry_run, f.yes, f.quiet, f.verbose, f.trace, f.color, f.online, f.timeout, f.repo.clone())
    };
    key(a) == key(b)
}

async fn call(
    session: &Session,
    vm: &Vm,
    spec: &Spec,
    parsed: &Parsed,
    outcome: &mut Outcome,
    mut watch: Option<Watchdog>,
) -> Result<()> {
    let host = &session.host;
    let context = json!({
        "args": paths(vm, &spec.args, &parsed.args)?,
        "flags": paths(vm, &spec.flags, &parsed.options)?,
        "dry_run": host.flags.dry_run,
        "online": host.flags.online,
        "json": host.flags.json,
        "yes": host.flags.yes,
        "quiet": host.flags.quiet,
        "verbose": host.flags.verbose,
    });
    let mut returned = vm.run(&parsed.path, &context, spec.stream && !host.flags.json).await?;
    outcome.payload = std::mem::take(&mut returned.payload);
    let patch = returned.patch.take();
    let is_streamed = spec.stream && !host.flags.json;
    if patch.is_none() && !is_streamed {
        keep_contract(vm, spec, &mut outcome.payload)?;
    }
    if !host.flags.json {
        render(session, vm, spec, parsed, &returned, &outcome.payload, patch.is_some()).await?;
    }
    if let Some(patch) = patch {
        // The script is done: a user who thinks it over, or a long verification, is not held against it.
        if host.flags.timeout.is_none() {
            watch = None;
        }
        let cx = vm.context();
        let verify = verify_command(cx, spec, parsed)?;
        let change = Change { host, ui: &session.ui, repo: cx.repo()?, grants: &cx.grants, verify };
        let changed = change.run(patch).await?;
        if !outcome.payload.is_object() {
            outcome.payload = json!({});
        }
        outcome.payload["patch"] = changed.payload;
        keep_contract(vm, spec, &mut outcome.payload)?;
        if changed.is_rolled_back {
            outcome.has_findings = true;
            return Err(Error::tool("the verification failed, so the change was rolled back")
                .hint("the patch is kept: look at it with `heck patch show last`"));
        }
    }
    drop(watch);
    if let Some(field) = &spec.findings {
        outcome.has_findings = outcome.payload.get(field).and_then(Json::as_u64).is_some_and(|n| n > 0);
    }
    Ok(())
}

/// Checks the payload. That heck's own script breaks its promise is a bug in heck; another's is its author's.
fn keep_contract(vm: &Vm, spec: &Spec, payload: &mut Json) -> Result<()> {
    contract::check(spec.returns.as_ref(), payload).map_err(|mut error| {
        if vm.context().profile != Profile::Builtin {
            error.detail_mut().kind = ErrorKind::Tool;
        }
        error
    })
}

async fn render(
    session: &Session,
    vm: &Vm,
    spec: &Spec,
    parsed: &Parsed,
    returned: &crate::lua::Returned,
    payload: &Json,
    has_patch: bool,
) -> Result<()> {
    if spec.render && vm.render(&parsed.path, returned, payload).await? {
        return Ok(());
    }
    match payload {
        Json::Null => Ok(()),
        Json::Object(map) if map.is_empty() || has_patch => Ok(()),
        Json::Array(list) if list.is_empty() => Ok(()),
        Json::String(text) => session.ui.out(format!("{text}\n").as_bytes()),
        other => {
            let text = serde_json::to_string_pretty(other).unwrap_or_default();
            session.ui.out(format!("{text}\n").as_bytes())
        }
    }
}

/// Turns path arguments, which people write relative to where they are, into repo-relative ones.
fn paths(vm: &Vm, parameters: &[super::spec::Parameter], values: &Map<String, Json>) -> Result<Map<String, Json>> {
    let cx = vm.context();
    let relative = |value: &Json| -> Result<Json> {
        match value.as_str() {
            // Standard input, for a flag that reads a file.
            Some("-") => Ok(value.clone()),
            // Where the user stands; with --repo that may be anywhere, and then it is the whole repository.
            Some(".") if cx.repo()?.here(&cx.host.cwd).is_none() => Ok(Json::String(String::new())),
            Some(path) => cx.repo()?.relative(&cx.host.cwd, path).map(Json::String),
            None => Ok(value.clone()),
        }
    };
    let mut values = values.clone();
    for parameter in parameters.iter().filter(|parameter| parameter.ty == "path") {
        if let Some(value) = values.get_mut(&parameter.name.replace('-', "_")) {
            let resolved = match &*value {
                Json::Array(items) => Json::Array(items.iter().map(relative).collect::<Result<_>>()?),
                other => relative(other)?,
            };
            *value = resolved;
        }
    }
    Ok(values)
}

/// The command that decides whether a change stays: the user's flag, the script's own, the user's setting.
fn verify_command(cx: &Context, spec: &Spec, parsed: &Parsed) -> Result<Option<Vec<String>>> {
    if let Some(line) = &parsed.verify {
        let words = proc::split_words(line)?;
        if words.is_empty() {
            return Err(Error::usage("--verify names no command").hint("such as --verify 'npm test'"));
        }
        let operators = ["&&", "||", ";", "|", "&", ">", ">>", "<"];
        if let Some(word) = words.iter().find(|word| operators.contains(&word.as_str()) || word.ends_with(';')) {
            return Err(Error::usage(format!(
                "--verify runs one program without a shell, and '{word}' means something to a shell only"
            ))
            .hint("let a shell run it: --verify \"sh -c 'first && second'\""));
        }
        return Ok(Some(words));
    }
    if let Some(argv) = &spec.verify {
        if let Some(program) = argv.first() {
            cx.grants.check(Request::Proc(program))?;
        }
        return Ok((!argv.is_empty()).then(|| argv.clone()));
    }
    if !spec.changes {
        return Ok(None);
    }
    let config = Config::load(cx.repo().ok())?;
    let words = config.get("verify").and_then(toml::Value::as_array).into_iter().flatten();
    let words: Vec<String> = words.filter_map(|word| word.as_str().map(str::to_owned)).collect();
    Ok((!words.is_empty()).then_some(words))
}

/// Writes the record of an operation; that it could not be written is told and is no failure of the work.
fn record(session: &Session, spec: &Spec, outcome: &Outcome, argv: &[OsString], took: std::time::Duration) {
    let patches = session.host.patches();
    let Some(repo) = session.registry.repo().filter(|_| spec.records || !patches.is_empty()) else { return };
    let mut record = Map::new();
    record.insert("cmd".into(), outcome.cmd.clone().into());
    record.insert("args".into(), masked(argv).into());
    record.insert("ok".into(), outcome.error.is_none().into());
    if let Some(error) = &outcome.error {
        record.insert("error".into(), json!({ "kind": error.kind().name(), "message": error.to_string() }));
    }
    record.insert("exit".into(), outcome.code().into());
    record.insert("duration_ms".into(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX).into());
    record.insert("run".into(), session.host.run_id.clone().into());
    record.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    record.insert("patches".into(), patch_facts(repo, &patches));
    let written = crate::core::patch::Store::open(repo)
        .and_then(|store| store.prepare())
        .and_then(|()| Runlog::open(repo)?.append(record));
    if let Err(error) = written {
        session.host.warn(format!("the runlog could not be written: {error}"));
    }
}

fn patch_facts(repo: &crate::core::repo::Repo, ids: &[String]) -> Json {
    let store = crate::core::patch::Store::open(repo);
    ids.iter()
        .map(|id| match store.as_ref().ok().and_then(|store| store.get(id).ok()) {
            Some(patch) => json!({ "id": id, "state": patch.meta.state.name(), "digest": patch.meta.digest }),
            None => json!({ "id": id }),
        })
        .collect()
}

/// The command line for the record, without values that look like secrets.
fn masked(argv: &[OsString]) -> Vec<String> {
    let secret =
        |name: &str| ["token", "key", "secret", "password"].iter().any(|word| name.to_lowercase().contains(word));
    let (mut out, mut hide) = (Vec::new(), false);
    for word in argv.iter().map(|word| word.to_string_lossy()) {
        if std::mem::take(&mut hide) {
            out.push("***".to_owned());
        } else if let Some((name, _)) = word.split_once('=').filter(|(name, _)| name.starts_with('-') && secret(name)) {
            out.push(format!("{name}=***"));
        } else {
            hide = word.starts_with("--") && secret(&word);
            out.push(word.into_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_record() {
        let argv: Vec<OsString> = ["x", "--api-key", "abc", "--token=def", "--lang", "ts"].map(OsString::from).to_vec();
        assert_eq!(masked(&argv), ["x", "--api-key", "***", "--token=***", "--lang", "ts"]);
    }

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
