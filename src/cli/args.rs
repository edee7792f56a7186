//! A first look at the command line: the command's name and the global flags, before any script is known.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::core::host::{Color, Flags};

/// What a first look finds.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The first word that is no flag.
    pub command: Option<String>,
    /// The global flags, as far as they can be told.
    pub flags: Flags,
    /// Whether only the version is wanted.
    pub wants_version: bool,
}

/// Looks at the arguments without the program's name.
pub fn scan(argv: &[OsString]) -> Scan {
    let mut scan = Scan::default();
    let mut words = argv.iter().map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (word.clone(), None),
        };
        let flags = &mut scan.flags;
        match name.as_str() {
            "--" => break,
            "--json" => flags.json = true,
            "--dry-run" => flags.dry_run = true,
            "--yes" => flags.yes = true,
            "--wait" => flags.wait = true,
            "--quiet" => flags.quiet = true,
            "--verbose" => flags.verbose = true,
            "--trace" => flags.trace = true,
            "--online" => flags.online = true,
            "--offline" => flags.online = false,
            "--version" | "-V" if scan.command.is_none() => scan.wants_version = true,
            "--repo" => flags.repo = inline.or_else(|| words.next()).map(PathBuf::from),
            "--color" => {
                flags.color = match inline.or_else(|| words.next()).as_deref() {
                    Some("always") => Color::Always,
                    Some("never") => Color::Never,
                    _ => Color::Auto,
                }
            }
            "--timeout" => {
                let seconds = inline.or_else(|| words.next()).and_then(|text| text.parse::<f64>().ok());
                flags.timeout =
                    seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()).filter(|limit| !limit.is_zero());
            }
            short if short.starts_with('-') && !short.starts_with("--") && short.len() > 1 => {
                for letter in short[1..].chars() {
                    match letter {
                        'y' => flags.yes = true,
                        'q' => flags.quiet = true,
                        'v' => flags.verbose = true,
                        // The rest of the word may be the value of a script's own flag.
                        _ => break,
                    }
                }
            }
            long if long.starts_with("--") => {}
            _ => {
                if scan.command.is_none() {
                    scan.command = Some(word);
                }
            }
        }
    }
    scan
}

/// Whether the process was asked for JSON, for errors before the flags are settled.
pub fn asks_json() -> bool {
    std::env::args_os().any(|word| word == "--json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(line: &str) -> Scan {
        scan(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_command_is_the_first_word_that_is_no_flag_or_value() {
        for (line, command) in [
            ("find x", Some("find")),
            ("--repo dir --json find x", Some("find")),
            ("--color=never -qy status", Some("status")),
            ("--help", None),
            ("", None),
        ] {
            assert_eq!(look(line).command.as_deref(), command, "{line}");
        }
        assert!(look("--version").wants_version);
        assert!(!look("find --version").wants_version);
        let flags = look("-vq find --timeout 1.5").flags;
        assert_eq!((flags.verbose, flags.quiet, flags.timeout), (true, true, Some(Duration::from_millis(1500))));
    }
}
