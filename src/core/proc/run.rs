//! Runs one program to its end: argv, directory, environment, standard input, time limit, lines as they come.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use super::group::Group;
use crate::core::grant::{Grants, Request};
use crate::core::{Error, Kind, Result};

/// The most that is kept of each output stream.
const KEEP: usize = 64 * 1024 * 1024;

/// What to run.
#[derive(Debug, Clone, Default)]
pub struct Spawn {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// Variables to set, or with `None` to remove.
    pub env: Vec<(String, Option<String>)>,
    /// What it reads; without it, nothing.
    pub stdin: Option<Vec<u8>>,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// Which stream a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// One line of output, without its line end.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it came from.
    pub stream: Stream,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// How a program ended.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Everything on standard output.
    pub stdout: Vec<u8>,
    /// Everything on standard error.
    pub stderr: Vec<u8>,
    /// How long it ran.
    pub duration: Duration,
}

/// Runs a program to its end. With `lines`, each line is also sent there as it comes.
/// Dropping the future kills the whole process group.
pub async fn run(spawn: Spawn, grants: &Grants, lines: Option<mpsc::Sender<Line>>) -> Result<Output> {
    let begun = Instant::now();
    let stdin = if spawn.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
    let (mut child, mut group) = start(&spawn, grants, stdin)?;
    let program = spawn.argv.first().map_or("", String::as_str);
    let stdin = child.stdin.take();
    let feed = async {
        if let (Some(mut pipe), Some(bytes)) = (stdin, &spawn.stdin) {
            // A program that does not read its input is not an error of ours.
            let _ = pipe.write_all(bytes).await;
            let _ = pipe.shutdown().await;
        }
    };
    let out = collect(child.stdout.take(), Stream::Out, lines.clone());
    let err = collect(child.stderr.take(), Stream::Err, lines);
    let all = async {
        let ((), stdout, stderr) = tokio::join!(feed, out, err);
        let status = child.wait().await;
        (stdout, stderr, status)
    };
    let limit = spawn.timeout.unwrap_or(Duration::from_secs(u64::from(u32::MAX)));
    let Ok((stdout, stderr, status)) = tokio::time::timeout(limit, all).await else {
        group.kill();
        return Err(Error::new(Kind::Timeout, format!("'{program}' did not end within {} s", limit.as_secs_f64()))
            .hint("raise the timeout option, or find out what it waits for"));
    };
    group.kill();
    let status = status.map_err(|e| Error::tool(format!("cannot wait for '{program}': {e}")))?;
    Ok(Output {
        code: status.code(),
        signal: std::os::unix::process::ExitStatusExt::signal(&status),
        stdout: stdout?,
        stderr: stderr?,
        duration: begun.elapsed(),
    })
}

/// Starts a program as the leader of a group of its own, with pipes for what it prints, if the grants allow it.
pub(super) fn start(spawn: &Spawn, grants: &Grants, stdin: Stdio) -> Result<(Child, Group)> {
    let Some(program) = spawn.argv.first().filter(|p| !p.is_empty()) else {
        return Err(Error::usage("no program was named").hint("pass a list such as { \"npm\", \"test\" }"));
    };
    grants.check(Request::Proc(program))?;
    let mut command = Command::new(program);
    command
        .args(&spawn.argv[1..])
        .current_dir(&spawn.cwd)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    for (name, value) in &spawn.env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let child = command.spawn().map_err(|e| not_started(program, spawn, &e))?;
    let group = Group::new(child.id());
    Ok((child, group))
}

fn not_started(program: &str, spawn: &Spawn, error: &std::io::Error) -> Error {
    if !spawn.cwd.is_dir() {
        return Error::new(
            Kind::NotFound,
            format!("'{program}' cannot run in {}: no such directory", spawn.cwd.display()),
        );
    }
    let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Tool };
    Error::new(kind, format!("cannot start '{program}': {}", error.kind())).hint("is it installed and on PATH?")
}

async fn collect(
    pipe: Option<impl AsyncRead + Unpin>,
    stream: Stream,
    lines: Option<mpsc::Sender<Line>>,
) -> Result<Vec<u8>> {
    let mut kept = Vec::new();
    let Some(pipe) = pipe else { return Ok(kept) };
    let mut reader = BufReader::with_capacity(64 * 1024, pipe);
    loop {
        let start = kept.len();
        // Bounded, for a program that never ends its line.
        let room = (KEEP + 1).saturating_sub(kept.len()) as u64;
        let read = (&mut reader).take(room.max(1)).read_until(b'\n', &mut kept).await;
        if read.map_err(|e| Error::tool(format!("cannot read output: {e}")))? == 0 {
            return Ok(kept);
        }
        if kept.len() > KEEP {
            return Err(Error::new(Kind::Budget, format!("the program printed more than {} MiB", KEEP >> 20))
                .hint("redirect its output to a file"));
        }
        if let Some(lines) = &lines {
            let mut text = kept.split_off(start);
            while matches!(text.last(), Some(b'\n' | b'\r')) {
                text.pop();
            }
            // The reader may have stopped listening; the program still runs to its end.
            let _ = lines.send(Line { stream, text }).await;
        }
    }
}

/// Splits a command line as a POSIX shell splits words, without expanding anything.
pub fn split_words(line: &str) -> Result<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('"') | None, '\\') => {
                let next = chars.next().ok_or_else(|| Error::usage("the command ends with a lone backslash"))?;
                word.get_or_insert_default().push(next);
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err(Error::usage("the command has an open quote").hint("close the quote"));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Spawn {
        Spawn { argv: ["sh", "-c", script].map(str::to_owned).to_vec(), cwd: std::env::temp_dir(), ..Spawn::default() }
    }

    fn block<T>(future: impl Future<Output = T>) -> Result<T> {
        let rt = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(rt.map_err(|e| Error::tool(e.to_string()))?.block_on(future))
    }

    #[test]
    fn output_code_and_input_come_through() -> Result<()> {
        let spawn = Spawn { stdin: Some(b"hi".to_vec()), ..sh("cat; echo no >&2; exit 3") };
        let output = block(run(spawn, &Grants::full(), None))??;
        assert_eq!((output.code, output.stdout, output.stderr), (Some(3), b"hi".to_vec(), b"no\n".to_vec()));
        Ok(())
    }

    #[test]
    fn a_timeout_ends_grandchildren_too() -> Result<()> {
        let mark = tempfile::NamedTempFile::new().map_err(|e| Error::tool(e.to_string()))?;
        let script = format!("(sleep 1; echo late >> {}) & sleep 5", mark.path().display());
        let spawn = Spawn { timeout: Some(Duration::from_millis(100)), ..sh(&script) };
        assert_eq!(block(run(spawn, &Grants::full(), None))?.map_err(|e| e.kind()).err(), Some(Kind::Timeout));
        std::thread::sleep(Duration::from_millis(1300));
        assert_eq!(std::fs::read(mark.path()).ok(), Some(Vec::new()));
        Ok(())
    }

    #[test]
    fn a_program_without_a_grant_is_not_started() -> Result<()> {
        assert_eq!(block(run(sh("true"), &Grants::none(), None))?.map_err(|e| e.kind()).err(), Some(Kind::Denied));
        Ok(())
    }

    #[test]
    fn words_split_as_in_a_shell() -> Result<()> {
        assert_eq!(
            split_words(r#"npm  test -- "a b" 'c"d' e\ f """#)?,
            ["npm", "test", "--", "a b", "c\"d", "e f", ""]
        );
        assert!(split_words("'open").is_err());
        Ok(())
    }
}
