//! The loop itself.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value as Json, json};

use super::complete::Name;
use super::input::{Input, Reader};
use super::locals;
use super::meta::{self, COMMANDS, Meta};
use crate::core::ast::{Lang, parse};
use crate::core::grant::Grants;
use crate::core::text::suggestion;
use crate::core::trust::State;
use crate::core::{Error, Kind, Result, fs};
use crate::docs;
use crate::lua::{Asset, Context, Evaluated, Profile, Vm, asset, assets};
use crate::script::Session;
use crate::term::{Style, report};

struct Repl<'s> {
    session: &'s Session,
    vm: Vm,
    stubs: Vec<String>,
    names: Arc<Mutex<Vec<Name>>>,
    kept: Vec<String>,
    count: usize,
}

/// Runs the REPL until the user leaves it.
pub async fn run(session: &Session) -> Result<Json> {
    let ui = &session.ui;
    let names = Arc::new(Mutex::new(Vec::new()));
    let mut reader = Reader::new(ui.is_interactive(), &names, ui.paint().is_on());
    let stubs = assets(Asset::Stdlib)
        .iter()
        .filter(|path| path.starts_with("types/"))
        .filter_map(|path| asset(Asset::Stdlib, path))
        .collect();
    let mut repl = Repl { session, vm: fresh(session)?, stubs, names, kept: Vec::new(), count: 0 };
    repl.snapshot();
    if ui.is_interactive() {
        ui.note(&format!("heck {}: Lua with heck.* — :help, ?name, Ctrl-D to leave", env!("CARGO_PKG_VERSION")))?;
    }
    let (mut pending, mut failures) = (String::new(), 0);
    loop {
        let (line, is_end) = match reader.read(!pending.is_empty())? {
            Input::Line(line) => (line, false),
            Input::Cleared => {
                pending.clear();
                continue;
            }
            Input::End if pending.is_empty() => break,
            // The end of the input ends the line too: let Lua say what is missing.
            Input::End => (String::new(), true),
        };
        let text = if pending.is_empty() { line } else { format!("{pending}\n{line}") };
        if text.trim().is_empty() {
            continue;
        }
        let answer = match meta::parse(&text).filter(|_| pending.is_empty()) {
            Some(Meta::Quit) => break,
            Some(command) => repl.meta(command).await.map(|()| true),
            None => repl.evaluate(&text).await,
        };
        session.host.cancel.reset();
        match answer {
            Ok(false) if !is_end => {
                pending = text;
                continue;
            }
            Ok(false) => {
                failures += 1;
                let error = Error::invalid("the input ends before the code is complete")
                    .hint("is an `end` or a closing bracket missing?");
                ui.error(&report(&error, ui.err_paint(), session.host.flags.trace))?;
            }
            Ok(true) => {}
            Err(error) => {
                failures += 1;
                ui.error(&report(&error, ui.err_paint(), session.host.flags.trace))?;
            }
        }
        pending.clear();
        ui.flush()?;
        repl.snapshot();
    }
    Ok(json!({ "lines": repl.count, "failures": failures }))
}

fn fresh(session: &Session) -> Result<Vm> {
    let mut cx =
        Context::new(Arc::clone(&session.host), Profile::Repl, Grants::full(), std::rc::Rc::clone(&session.ui), "repl");
    // What the user types may do anything; the repository's own library still has to be trusted.
    if session.registry.trust()? == State::Trusted {
        cx.code = Some(session.registry.code()?);
    }
    Vm::new(cx)
}

impl Repl<'_> {
    /// Evaluates a line; `false` means that it is not complete.
    async fn evaluate(&mut self, text: &str) -> Result<bool> {
        match self.vm.evaluate(&locals::released(text), self.count + 1).await? {
            Evaluated::Incomplete => Ok(false),
            Evaluated::Values(values, is_expression) => {
                self.count += 1;
                // A bare expression is no statement in a file.
                self.kept.push(if is_expression { format!("_ = {text}") } else { text.to_owned() });
                if !values.is_empty() {
                    self.session.ui.out(format!("{}\n", values.join("\t")).as_bytes())?;
                }
                Ok(true)
            }
        }
    }

    fn snapshot(&self) {
        let described = docs::names(&self.stubs);
        let mut names: Vec<Name> = self.vm.names().into_iter().map(|name| (name, None)).collect();
        names.extend(described.into_iter().map(|name| {
            let text = docs::topic(&self.stubs, &name).and_then(|help| help.lines().nth(2).map(str::to_owned));
            (format!("heck.{name}"), text)
        }));
        // A described name replaces the bare one.
        names.sort_by(|a, b| (&a.0, b.1.is_some()).cmp(&(&b.0, a.1.is_some())));
        names.dedup_by(|a, b| a.0 == b.0);
        if let Ok(mut place) = self.names.lock() {
            *place = names;
        }
    }

    async fn meta(&mut self, command: Meta) -> Result<()> {
        let ui = &self.session.ui;
        match command {
            Meta::Commands => {
                let rows = COMMANDS.map(|(name, text)| vec![name.to_owned(), text.to_owned()]);
                let help = [
                    vec!["?name".to_owned(), "the documentation of a name".to_owned()],
                    vec!["??name".to_owned(), "its source".to_owned()],
                ];
                ui.table(&[], &[&help[..], &rows[..]].concat())
            }
            Meta::Help(name) => ui.out(format!("{}\n", self.help(&name)?).as_bytes()),
            Meta::Source(name) => ui.out(self.source(&name)?.as_bytes()),
            Meta::Time(code) => {
                let begun = Instant::now();
                self.evaluate(&code).await?;
                let took = begun.elapsed().as_secs_f64() * 1000.0;
                self.session.ui.note(&self.session.ui.err_paint().paint(Style::Faint, &format!("{took:.1} ms")))
            }
            Meta::Type(code) => {
                self.evaluate(&format!("type({code})")).await?;
                Ok(())
            }
            Meta::Ast(lang, code) => {
                let source = parse("", code, Lang::from_name(&lang)?)?;
                ui.out(format!("{}\n", source.root().root().get_inner_node().to_sexp()).as_bytes())
            }
            Meta::Load(path) => {
                let text = fs::read_text(&self.session.host.cwd.join(&path))?;
                match self.evaluate(&text).await? {
                    true => Ok(()),
                    false => Err(Error::invalid(format!("{path} ends in the middle of a statement"))),
                }
            }
            Meta::Save(name) => self.save(&name),
            Meta::Reload => {
                self.vm = fresh(self.session)?;
                self.kept.clear();
                ui.note("a fresh session")
            }
            Meta::Quit => Ok(()),
            Meta::Unknown(word) => {
                let known =
                    COMMANDS.iter().map(|(name, _)| name.trim_start_matches(':').split(' ').next().unwrap_or(name));
                Err(Error::usage(format!("there is no command ':{word}'")).maybe_hint(suggestion(&word, known)))
            }
        }
    }

    fn help(&self, name: &str) -> Result<String> {
        let topic = if name.is_empty() { "heck" } else { name };
        docs::topic(&self.stubs, topic).ok_or_else(|| {
            let names = docs::names(&self.stubs);
            Error::usage(format!("there is no help on '{name}'"))
                .maybe_hint(suggestion(name.trim_start_matches("heck."), names.iter().map(String::as_str)))
        })
    }

    fn source(&self, name: &str) -> Result<String> {
        let module = name.trim_start_matches("heck.").split(['.', ':']).next().unwrap_or_default();
        if let Some(text) = asset(Asset::Stdlib, &format!("heck/{module}.lua")) {
            return Ok(text);
        }
        if let Some(text) = asset(Asset::Stdlib, &format!("types/heck/{module}.lua")) {
            return Ok(format!("-- heck.{module} is written in Rust; this is its stub.\n{text}"));
        }
        Err(Error::new(Kind::NotFound, format!("there is no source of '{name}'")).hint("try ??heck.list"))
    }

    /// Keeps what was evaluated as a recipe.
    fn save(&self, name: &str) -> Result<()> {
        let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if !valid {
            return Err(
                Error::usage(format!("'{name}' cannot be the name of a recipe")).hint("letters, digits, - and _")
            );
        }
        let repo = self.session.registry.repo().ok_or_else(|| {
            Error::new(Kind::NotFound, "there is no repository to keep the recipe in").hint("run `heck init` first")
        })?;
        let path = repo.heck_dir().join("recipes").join(format!("{name}.lua"));
        if path.exists() {
            return Err(
                Error::new(Kind::Conflict, format!(".heck/recipes/{name}.lua exists")).hint("choose another name")
            );
        }
        let body: String = self.kept.iter().map(|text| format!("{text}\n")).collect();
        let text = format!(
            "--- {name}, from a REPL session.\n---@grant fs.write=**\nreturn heck.command {{\n  run = function(ctx)\n{body}  end,\n}}\n"
        );
        fs::write_atomic(&path, text.as_bytes())?;
        self.session.ui.note(&format!("saved as .heck/recipes/{name}.lua; review it, then `heck trust`"))
    }
}
