//! Everything that is written from the declarations: help, completions, man page, CLI reference.

use clap::Command;
use clap_complete::Shell;

use super::parser;
use super::registry::{Kind, Layer};
use super::run::Session;
use super::spec::Spec;
use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// The declaration that some words lead to.
pub fn leaf<'s>(words: &[String], spec: &'s Spec) -> Result<&'s Spec> {
    words.iter().skip(1).try_fold(spec, |spec, word| {
        spec.commands.iter().find(|sub| sub.name == *word).ok_or_else(|| {
            Error::usage(format!("'{}' has no subcommand '{word}'", spec.name))
                .maybe_hint(suggestion(word, spec.commands.iter().map(|sub| sub.name.as_str())))
        })
    })
}

/// The help of a command or subcommand, or of a recipe, which is reached by two words.
pub fn help(words: &[String], depth: usize, spec: &Spec) -> Result<String> {
    leaf(&words[depth - 1..], spec)?;
    let mut command = parser::command(&words[..depth], spec);
    command.build();
    Ok(help_below(&mut command, words))
}

fn help_below(command: &mut Command, words: &[String]) -> String {
    if let Some((word, rest)) = words.split_first()
        && command.find_subcommand(word).is_some()
        && let Some(sub) = command.find_subcommand_mut(word)
    {
        return help_below(sub, rest);
    }
    command.render_help().to_string()
}

/// The whole program as a parser; the repository's own commands only by name, for they are not run here.
async fn program(session: &Session, only_builtin: bool) -> Result<Command> {
    let mut program = parser::globals();
    for script in session.registry.find_all(Kind::Command)? {
        if only_builtin && script.layer != Layer::Builtin {
            continue;
        }
        let sub = if script.layer == Layer::Repository {
            Command::new(script.name.clone()).about(script.header.summary.clone())
        } else {
            let spec = session.describe(&script).await?;
            let mut sub = parser::of_spec(&script.name, &spec);
            if let Some(folder) = &spec.delegates {
                for inner in session.registry.find_all(Kind::from_folder(folder)?)? {
                    if only_builtin && inner.layer != Layer::Builtin {
                        continue;
                    }
                    sub = sub.subcommand(match inner.layer {
                        Layer::Repository => Command::new(inner.name.clone()).about(inner.header.summary.clone()),
                        _ => parser::of_spec(&inner.name, &session.describe(&inner).await?),
                    });
                }
            }
            sub
        };
        program = program.subcommand(sub);
    }
    Ok(program)
}

/// The completion script of a shell.
pub async fn completions(session: &Session, shell: &str) -> Result<String> {
    let shell = match shell {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        other => {
            return Err(Error::usage(format!("there are no completions for '{other}'")).hint("bash, zsh or fish"));
        }
    };
    let mut program = program(session, false).await?;
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut program, "heck", &mut out);
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The manual page.
pub async fn man(session: &Session) -> Result<String> {
    let mut out = Vec::new();
    clap_mangen::Man::new(program(session, true).await?)
        .render(&mut out)
        .map_err(|e| Error::tool(format!("cannot write the manual: {e}")))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The CLI reference in Markdown, of what is shipped.
pub async fn markdown(session: &Session) -> Result<String> {
    let mut out = String::from(
        "<!-- Generated from the declarations in lua/; run the docs test with HECK_BLESS=1. -->\n\n# Command reference\n",
    );
    let mut program = program(session, true).await?;
    program.build();
    section(&mut out, &mut program, "heck");
    Ok(out)
}

fn section(out: &mut String, command: &mut Command, name: &str) {
    let help = command.render_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for sub in names {
        if let Some(inner) = command.find_subcommand_mut(&sub) {
            section(out, inner, &format!("{name} {sub}"));
        }
    }
}
