//! One call of a script: its arguments in, its payload checked and printed, its change carried through.

use serde_json::{Map, Value as Json, json};

use super::change::Change;
use super::contract;
use super::outcome::Outcome;
use super::parser::Parsed;
use super::run::Session;
use super::spec::{Parameter, Spec};
use crate::core::config::Config;
use crate::core::grant::Request;
use crate::core::patch::{State, Store};
use crate::core::{Error, Kind as ErrorKind, Result, proc};
use crate::lua::{Context, Profile, Returned, Vm, Watchdog};

/// Runs the declared function, prints what it returns, and carries its change through.
pub async fn call(
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
    let result = vm.run(&parsed.path, &context, spec.stream && !host.flags.json).await;
    if vm.context().profile != Profile::Builtin {
        tell_applied(session, vm)?;
    }
    let mut returned = result?;
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
    if parsed.verify.is_some() && outcome.payload.get("patch").is_none() {
        return Err(Error::usage("--verify was not run: the script returned no patch")
            .hint("a script whose change is to be verified returns the patch instead of applying it"));
    }
    if let Some(field) = &spec.findings {
        outcome.has_findings = outcome.payload.get(field).and_then(Json::as_u64).is_some_and(|n| n > 0);
    }
    Ok(())
}

/// Says what a script has applied by itself, so that its user knows what there is to take back.
fn tell_applied(session: &Session, vm: &Vm) -> Result<()> {
    let ids = session.host.patches();
    if ids.is_empty() {
        return Ok(());
    }
    let store = Store::open(vm.context().repo()?)?;
    for id in ids {
        if store.get(&id).is_ok_and(|patch| patch.meta.state == State::Applied) {
            session.ui.note(&format!("the script applied a change; undo with `heck patch rollback {id}`"))?;
        }
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
    returned: &Returned,
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
fn paths(vm: &Vm, parameters: &[Parameter], values: &Map<String, Json>) -> Result<Map<String, Json>> {
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
    // A file may lie anywhere; whether a script may read it there is for its grants to say.
    let anywhere = |value: &Json| -> Result<Json> {
        let Some(path) = value.as_str().filter(|path| *path != "-") else { return Ok(value.clone()) };
        match cx.repo()?.relative(&cx.host.cwd, path) {
            Err(e) if e.kind() == ErrorKind::Denied => Ok(cx.host.cwd.join(path).to_string_lossy().into_owned().into()),
            other => other.map(Json::String),
        }
    };
    let named = |value: &Json| -> Result<Json> {
        let Some(name) = value.as_str() else { return Ok(value.clone()) };
        cx.repo()?.relative_name(&cx.host.cwd, name).map(Json::String)
    };
    // All of it is a path, or what stands before a colon, if there is such a file.
    let placed = |value: &Json| -> Result<Json> {
        let Some(text) = value.as_str() else { return Ok(value.clone()) };
        let whole = std::iter::once((text, ""));
        let mut cuts = whole.chain(text.rmatch_indices(':').map(|(at, _)| text.split_at(at)));
        match cuts.find(|(path, _)| cx.host.cwd.join(path).is_file()) {
            Some((path, rest)) => Ok(format!("{}{rest}", cx.repo()?.relative(&cx.host.cwd, path)?).into()),
            None => Ok(value.clone()),
        }
    };
    let mut values = values.clone();
    for parameter in
        parameters.iter().filter(|parameter| ["path", "name", "file", "place"].contains(&parameter.ty.as_str()))
    {
        let relative = |value: &Json| match parameter.ty.as_str() {
            "file" => anywhere(value),
            "name" => named(value),
            "place" => placed(value),
            _ => relative(value),
        };
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
