//! The process: global flags, signals, dispatch to a script, exit code. Holds no command.

mod args;
mod bug;
mod signals;

use std::ffi::OsString;
use std::rc::Rc;
use std::time::Instant;

use crate::core::ast::install_allocator;
use crate::core::config::Config;
use crate::core::host::{Color, Flags, Host};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};
use crate::script::{self, Outcome, Registry, Session};
use crate::term::{Term, report};

/// Runs the program with its arguments and gives the exit code.
pub fn main(argv: impl IntoIterator<Item = OsString>) -> i32 {
    let begun = Instant::now();
    let argv: Vec<OsString> = argv.into_iter().skip(1).collect();
    let scan = args::scan(&argv);
    bug::catch(scan.flags.json);
    install_allocator();
    if scan.wants_version {
        let text = format!("heck {}", env!("CARGO_PKG_VERSION"));
        let ui = Term::new(&scan.flags);
        return match scan.flags.json {
            true => finish(&ui, None, &Outcome::said("", "text", text), begun),
            false => print(&ui, &text),
        };
    }
    let mut flags = scan.flags.clone();
    // A second round is needed only where a script's flag took a word that looks like a global one.
    for _ in 0..2 {
        // Help works whatever the configuration says.
        let configured = if scan.command.is_some() { with_config(&flags) } else { Ok(flags.clone()) };
        let effective = configured.as_ref().unwrap_or(&flags).clone();
        let ui = Rc::new(Term::new(&effective));
        let host = match Host::new(effective) {
            Ok(host) => host,
            Err(error) => return finish(&ui, None, &Outcome::failed("", error), begun),
        };
        let outcome = match configured.and_then(|_| dispatch(&host, &ui, &scan, &argv, &flags)) {
            Ok(script::Ran::Help(text)) if !flags.json => return print(&ui, &text),
            Ok(script::Ran::Help(text)) => Outcome::said(scan.command.clone().unwrap_or_default(), "help", text),
            Ok(script::Ran::Done(outcome)) => outcome,
            Ok(script::Ran::Again(real)) => {
                flags = real;
                continue;
            }
            Err(error) => Outcome::failed(scan.command.clone().unwrap_or_default(), error),
        };
        return finish(&ui, Some(&host), &outcome, begun);
    }
    let error = Error::new(Kind::Internal, "the command line reads differently each time");
    finish(&Rc::new(Term::new(&flags)), None, &Outcome::failed("", error), begun)
}

/// `flags` are those of the command line alone, which the script's own parser must find again.
fn dispatch(
    host: &std::sync::Arc<Host>,
    ui: &Rc<Term>,
    scan: &args::Scan,
    argv: &[OsString],
    flags: &Flags,
) -> Result<script::Ran> {
    let Some(word) = &scan.command else {
        // Only the global flags can be wrong here.
        let program = script::globals()
            .disable_help_flag(true)
            .arg(clap::Arg::new("help").short('h').long("help").action(clap::ArgAction::SetTrue));
        if let Err(error) = program.try_get_matches_from(std::iter::once(&OsString::from("heck")).chain(argv)) {
            return match script::misparse(&error) {
                script::Misparse::Help(text) => Ok(script::Ran::Help(text)),
                script::Misparse::Error(error) => Err(error),
            };
        }
        let scripts = Registry::new(host).find_all(script::Kind::Command)?;
        return Ok(script::Ran::Help(script::overview(&scripts)));
    };
    signals::listen(&host.cancel);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::tool(format!("cannot start the event loop: {e}")))?;
    let session = Session::new(host, ui);
    Ok(runtime.block_on(script::run_words(&session, word, argv, flags)))
}

fn print(ui: &Term, text: &str) -> i32 {
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    match ui.out(text.as_bytes()).and_then(|()| ui.flush()) {
        Ok(()) => 0,
        Err(error) => script::exit_code(error.kind()),
    }
}

/// Says how it ended, as an envelope or for people.
fn finish(ui: &Term, host: Option<&std::sync::Arc<Host>>, outcome: &Outcome, begun: Instant) -> i32 {
    let mut code = outcome.code();
    let said = if host.is_some_and(|host| host.flags.json) || host.is_none() && args::asks_json() {
        let repo = host.and_then(|host| Repo::discover(&host.start_dir()).ok());
        let root = repo.map(|repo| repo.root().to_string_lossy().into_owned());
        let object = script::envelope(outcome, host.map(|h| &**h), root.as_deref(), begun.elapsed());
        ui.envelope(&object.to_string())
    } else {
        let trace = host.is_some_and(|host| host.flags.trace);
        outcome.error.as_ref().map_or(Ok(()), |error| ui.error(&report(error, ui.err_paint(), trace)))
    };
    if let Err(error) = said.and_then(|()| ui.flush()) {
        let _ = ui.error(&report(&error, ui.err_paint(), false));
        code = code.max(script::exit_code(error.kind()));
    }
    code
}

/// Fills in what the flags leave open from the configuration.
fn with_config(flags: &Flags) -> Result<Flags> {
    let mut flags = flags.clone();
    let start = flags.repo.clone().unwrap_or_else(|| ".".into());
    let config = Config::load(Repo::discover(&start).ok().as_ref())?;
    if flags.color == Color::Auto {
        flags.color = match config.get("color").and_then(toml::Value::as_str) {
            Some("always") => Color::Always,
            Some("never") => Color::Never,
            _ => Color::Auto,
        };
    }
    let seconds = config.get("timeout").and_then(toml::Value::as_integer).and_then(|s| u64::try_from(s).ok());
    flags.script_timeout = seconds.filter(|s| *s > 0).map(std::time::Duration::from_secs);
    Ok(flags)
}
