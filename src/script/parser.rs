//! From a declaration to a command line parser and back to values. clap does the parsing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, Str};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value as Json};

use super::registry::Script;
use super::spec::{Parameter, Spec};
use crate::core::Error;
use crate::core::host::{Color, Flags};

/// What the command line said.
#[derive(Debug)]
pub struct Parsed {
    /// The global flags.
    pub flags: Flags,
    /// The subcommands below the script, outermost first.
    pub path: Vec<String>,
    /// The values of positional arguments.
    pub args: Map<String, Json>,
    /// The values of flags.
    pub options: Map<String, Json>,
    /// `--verify`, for a script that makes changes.
    pub verify: Option<String>,
}

/// Help that was asked for is no failure.
#[derive(Debug)]
pub enum Misparse {
    /// Text to print.
    Help(String),
    /// A wrong command line.
    Error(Error),
}

const NAME: &str = "heck";

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue).global(true).help_heading("Global options")
}

fn value(name: &'static str, label: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(label).help(help).global(true).help_heading("Global options")
}

/// The program with its global flags and no commands.
pub fn globals() -> Command {
    Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about("Automates work on a codebase: every command a Lua script, every change a patch")
        .disable_help_subcommand(true)
        .infer_long_args(false)
        .arg(flag("json", "Print one JSON envelope on standard output"))
        .arg(flag("dry-run", "Show what would change and leave a pending patch"))
        .arg(flag("wait", "Wait for another heck that is changing the repository"))
        .arg(flag("yes", "Answer every question with yes").short('y'))
        .arg(flag("quiet", "Print results only").short('q'))
        .arg(flag("verbose", "Print what is done").short('v'))
        .arg(flag("trace", "Print the script's call stack with an error"))
        .arg(flag("online", "Allow the network").overrides_with("offline"))
        .arg(flag("offline", "Do not allow the network (the default)").overrides_with("online"))
        .arg(flag("no-ui", "Never open the full-screen interface"))
        .arg(value("repo", "DIR", "Work in this repository"))
        .arg(value("timeout", "SECONDS", "End after this time").value_parser(seconds))
        .arg(value("color", "WHEN", "When to use colour").value_parser(["auto", "always", "never"]))
}

/// The flags that take a word, for a look at the line before a script is known.
pub const TAKE_A_WORD: [&str; 4] = ["--repo", "--timeout", "--color", "--verify"];

fn seconds(text: &str) -> std::result::Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map(|_| seconds).map_err(|_| "not a time one can wait".to_owned())
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 findings or failing tests, 2 usage, 3 untrusted or denied, \
4 environment or tool,\n  5 provider or network, 124 deadline, 130 interrupted, 101 a bug in heck";

/// The help of the program, from the headers of its commands; nothing is run for it.
pub fn overview(scripts: &[Script]) -> String {
    let mut program = globals();
    for script in scripts {
        let name: Str = script.name.clone().into();
        program = program.subcommand(Command::new(name).about(script.header.summary.clone()));
    }
    program.after_help(EXIT_CODES).render_help().to_string()
}

/// The parser of one script below the words that lead to it.
pub fn command(words: &[String], spec: &Spec) -> Command {
    let mut inner = of_spec(words.last().map_or(NAME, String::as_str), spec);
    for word in words.iter().rev().skip(1) {
        inner = Command::new(Str::from(word.clone())).subcommand_required(true).subcommand(inner);
    }
    globals().subcommand_required(true).subcommand(inner)
}

/// The parser of a declaration.
pub fn of_spec(name: &str, spec: &Spec) -> Command {
    let mut command = Command::new(Str::from(name.to_owned())).about(spec.summary.clone());
    let mut long = spec.help.clone();
    if !spec.examples.is_empty() {
        long.push_str("\n\nExamples:\n");
        spec.examples.iter().for_each(|example| long.push_str(&format!("  {example}\n")));
    }
    if !long.trim().is_empty() {
        command = command.after_help(long.trim().to_owned());
    }
    for parameter in &spec.args {
        command = command.arg(argument(parameter, false));
    }
    for parameter in &spec.flags {
        command = command.arg(argument(parameter, true));
    }
    if spec.changes {
        command = command.arg(
            Arg::new("verify")
                .long("verify")
                .value_name("COMMAND")
                .help("After applying, run this and roll back if it fails"),
        );
    }
    for sub in &spec.commands {
        command = command.subcommand(of_spec(&sub.name, sub));
    }
    let needs_sub = !spec.commands.is_empty() && !spec.run;
    command.subcommand_required(needs_sub).disable_help_subcommand(true)
}

/// The parameter's help and its default, where that is more than an empty list.
fn help(parameter: &Parameter) -> String {
    let default = match &parameter.default {
        Some(Json::Array(items)) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        Some(value) => shown(value),
        None => String::new(),
    };
    match (default.is_empty(), parameter.help.is_empty()) {
        (true, _) => parameter.help.clone(),
        (false, true) => format!("[default: {default}]"),
        (false, false) => format!("{} [default: {default}]", parameter.help),
    }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn argument(parameter: &Parameter, is_flag: bool) -> Arg {
    let mut arg = Arg::new(Str::from(parameter.name.clone())).help(help(parameter));
    let label = parameter.value.clone().unwrap_or_else(|| parameter.name.to_uppercase().replace('-', "_"));
    let is_switch = is_flag && parameter.ty == "boolean";
    if is_flag {
        arg = arg.long(parameter.name.clone()).required(parameter.required);
        if let Some(short) = parameter.short.as_ref().and_then(|s| s.chars().next()) {
            arg = arg.short(short);
        }
    } else {
        arg = arg.required(parameter.required);
    }
    if is_switch {
        return arg.action(ArgAction::SetTrue);
    }
    arg = arg.value_name(label);
    arg = match (parameter.many, is_flag) {
        (true, true) => arg.action(ArgAction::Append),
        (true, false) => arg.action(ArgAction::Append).num_args(if parameter.required { 1.. } else { 0.. }),
        _ => arg.action(ArgAction::Set),
    };
    if !parameter.choices.is_empty() {
        return arg.value_parser(PossibleValuesParser::new(parameter.choices.clone()));
    }
    match parameter.ty.as_str() {
        "integer" => arg.value_parser(clap::value_parser!(i64)),
        "number" => arg.value_parser(clap::value_parser!(f64)),
        _ => arg,
    }
}

/// Reads a command line for a script that is reached by some words.
pub fn parse(words: &[String], spec: &Spec, argv: &[OsString]) -> std::result::Result<Parsed, Misparse> {
    let program = [OsString::from(NAME)];
    let matches =
        command(words, spec).try_get_matches_from(program.iter().chain(argv)).map_err(|error| misparse(&error))?;
    let mut here = &matches;
    for _ in words {
        here = here.subcommand().map_or(here, |(_, inner)| inner);
    }
    let (mut path, mut spec) = (Vec::new(), spec);
    while let Some((name, inner)) = here.subcommand() {
        let Some(sub) = spec.commands.iter().find(|sub| sub.name == name) else { break };
        path.push(name.to_owned());
        (here, spec) = (inner, sub);
    }
    Ok(Parsed {
        flags: flags(here),
        path,
        args: values(here, &spec.args, false),
        options: values(here, &spec.flags, true),
        verify: if spec.changes { here.get_one::<String>("verify").cloned() } else { None },
    })
}

/// Reads the global flags.
pub fn flags(matches: &ArgMatches) -> Flags {
    let timeout = matches.get_one::<f64>("timeout").and_then(|s| Duration::try_from_secs_f64(*s).ok());
    Flags {
        json: matches.get_flag("json"),
        dry_run: matches.get_flag("dry-run"),
        yes: matches.get_flag("yes"),
        wait: matches.get_flag("wait"),
        quiet: matches.get_flag("quiet"),
        verbose: matches.get_flag("verbose"),
        trace: matches.get_flag("trace"),
        online: matches.get_flag("online"),
        color: match matches.get_one::<String>("color").map(String::as_str) {
            Some("always") => Color::Always,
            Some("never") => Color::Never,
            _ => Color::Auto,
        },
        timeout: timeout.filter(|limit| !limit.is_zero()),
        script_timeout: None,
        repo: matches.get_one::<String>("repo").map(PathBuf::from),
    }
}

fn values(matches: &ArgMatches, parameters: &[Parameter], are_flags: bool) -> Map<String, Json> {
    let mut map = Map::new();
    for parameter in parameters {
        let name = parameter.name.as_str();
        let key = name.replace('-', "_");
        if are_flags && parameter.ty == "boolean" {
            map.insert(key, matches.get_flag(name).into());
            continue;
        }
        let mut given: Vec<Json> = match parameter.ty.as_str() {
            "integer" => matches.get_many::<i64>(name).into_iter().flatten().map(|v| (*v).into()).collect(),
            "number" => matches.get_many::<f64>(name).into_iter().flatten().map(|v| (*v).into()).collect(),
            _ => matches.get_many::<String>(name).into_iter().flatten().map(|v| v.clone().into()).collect(),
        };
        let value = match (parameter.many, given.is_empty()) {
            (true, true) => parameter.default.clone().unwrap_or_else(|| Json::Array(Vec::new())),
            (true, false) => Json::Array(given),
            (false, true) => parameter.default.clone().unwrap_or(Json::Null),
            (false, false) => given.swap_remove(0),
        };
        map.insert(key, value);
    }
    map
}

/// clap's error in our words: its first line, its tip, and where to read on.
pub fn misparse(error: &clap::Error) -> Misparse {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return Misparse::Help(error.render().to_string());
        }
        _ => {}
    }
    let text = error.render().to_string();
    let missing = |kind| match error.get(kind) {
        Some(ContextValue::Strings(list)) => Some(list.join(", ")),
        Some(ContextValue::String(one)) => Some(one.clone()),
        _ => None,
    };
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let message = match (error.kind(), missing(ContextKind::InvalidArg)) {
        (ErrorKind::MissingRequiredArgument, Some(names)) => format!("missing {names}"),
        _ => first,
    };
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(missing)
        .filter(|names| !names.is_empty());
    let usage = text.lines().find_map(|line| line.strip_prefix("Usage: ")).map(|usage| format!("usage: {usage}"));
    let subcommands = missing(ContextKind::ValidSubcommand).map(|names| format!("it has {names}"));
    let values = missing(ContextKind::ValidValue).map(|names| format!("it is one of {names}"));
    let hint = match suggested {
        Some(name) => Some(format!("did you mean '{name}'?")),
        None => values.or(subcommands).or(usage),
    };
    Misparse::Error(Error::usage(message).maybe_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Result;

    fn strict(result: std::result::Result<Parsed, Misparse>) -> Result<Parsed> {
        result.map_err(|misparse| match misparse {
            Misparse::Error(error) => error,
            Misparse::Help(_) => Error::usage("help was asked for"),
        })
    }

    fn spec() -> Spec {
        let json = serde_json::json!({
            "args": [{ "name": "pattern", "required": true }, { "name": "paths", "many": true }],
            "flags": [
                { "name": "lang", "short": "l", "many": true, "choices": ["ts", "go"] },
                { "name": "max-count", "type": "integer", "default": 7 },
                { "name": "files", "type": "boolean" },
            ],
            "run": true,
        });
        Spec::from_json(&json, "x.lua").unwrap_or_default()
    }

    fn run(line: &str) -> std::result::Result<Parsed, Misparse> {
        let argv: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        parse(&["find".into()], &spec(), &argv)
    }

    #[test]
    fn values_have_their_types_and_defaults() -> Result<()> {
        let parsed = strict(run("find f($A) a b -l ts --lang go --json --files"))?;
        assert_eq!(Json::Object(parsed.args), serde_json::json!({ "pattern": "f($A)", "paths": ["a", "b"] }));
        assert_eq!(
            Json::Object(parsed.options),
            serde_json::json!({ "lang": ["ts", "go"], "max_count": 7, "files": true })
        );
        assert!(parsed.flags.json);
        assert!(strict(run("--json find x"))?.flags.json);
        Ok(())
    }

    #[test]
    fn mistakes_say_what_was_meant() {
        for (line, message, hint) in [
            ("find x --langg ts", "unexpected argument '--langg' found", "did you mean '--lang'?"),
            ("find x --lang tss", "invalid value 'tss'", "did you mean 'ts'?"),
            ("find x --lang xyz", "invalid value 'xyz'", "it is one of ts, go"),
            ("find", "missing <PATTERN>", "usage: heck find"),
            ("find x --max-count many", "invalid value 'many'", ""),
        ] {
            match run(line) {
                Err(Misparse::Error(error)) => {
                    assert!(error.to_string().starts_with(message), "{line}: {error}");
                    let given = error.detail().hint.clone().unwrap_or_default();
                    assert!(given.starts_with(hint), "{line}: {given}");
                }
                other => assert!(matches!(other, Err(Misparse::Error(_))), "{line} was accepted"),
            }
        }
        assert!(matches!(run("find --help"), Err(Misparse::Help(_))));
    }
}
