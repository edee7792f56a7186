//! Speaks with a program that goes on running: bytes in, bytes out, and one limit for all the waiting.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout_at};

use super::group::Group;
use super::run::{Spawn, start};
use crate::core::grant::Grants;
use crate::core::{Error, Kind, Result};

/// How much of what it prints as errors is kept: the end of it.
const KEEP: usize = 4096;
/// The longest line that is waited for.
const MAX_LINE: u64 = 1 << 16;

/// A program that is spoken with. Dropping it kills its whole process group.
#[derive(Debug)]
pub struct Talk {
    program: String,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    complaints: Arc<Mutex<Vec<u8>>>,
    deadline: Instant,
    // In this order: the group ends before its leader is waited for.
    _group: Group,
    _child: Child,
}

impl Talk {
    /// Starts a program; everything that is said to it and by it must be over within `limit`.
    pub fn start(spawn: &Spawn, grants: &Grants, limit: Duration) -> Result<Talk> {
        let (mut child, group) = start(spawn, grants, Stdio::piped())?;
        let program = spawn.argv.first().cloned().unwrap_or_default();
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::tool("a program was started without pipes"));
        };
        let complaints = Arc::new(Mutex::new(Vec::new()));
        if let Some(pipe) = child.stderr.take() {
            tokio::spawn(listen(pipe, Arc::clone(&complaints)));
        }
        let (output, deadline) = (BufReader::new(output), Instant::now() + limit);
        Ok(Talk { program, input, output, complaints, deadline, _group: group, _child: child })
    }

    /// Says something to it.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = timeout_at(self.deadline, async {
            self.input.write_all(bytes).await?;
            self.input.flush().await
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.ended().await),
            Err(_) => Err(self.late()),
        }
    }

    /// Its next line, without the line end.
    pub async fn line(&mut self) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.output).take(MAX_LINE);
        match timeout_at(self.deadline, limited.read_until(b'\n', &mut line)).await {
            Ok(Ok(1..)) => {
                while matches!(line.last(), Some(b'\n' | b'\r')) {
                    line.pop();
                }
                Ok(line)
            }
            Ok(_) => Err(self.ended().await),
            Err(_) => Err(self.late()),
        }
    }

    /// As many of its bytes as are asked for.
    pub async fn bytes(&mut self, count: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        match timeout_at(self.deadline, self.output.read_exact(&mut bytes)).await {
            Ok(Ok(_)) => Ok(bytes),
            Ok(Err(_)) => Err(self.ended().await),
            Err(_) => Err(self.late()),
        }
    }

    fn late(&self) -> Error {
        Error::new(Kind::Timeout, format!("'{}' did not answer in time", self.program))
            .hint("try again when it has less to do, or go on without it")
    }

    /// The error for a program that is no longer there, with the last that it said.
    async fn ended(&self) -> Error {
        // What it said last may still be on its way.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let kept = self.complaints.lock().map(|kept| String::from_utf8_lossy(&kept).into_owned()).unwrap_or_default();
        let said = kept.lines().filter(|line| !line.trim().is_empty()).find(|line| line.contains("rror"));
        let said = said.or_else(|| kept.lines().rfind(|line| !line.trim().is_empty())).map(str::to_owned);
        Error::tool(format!("'{}' ended while it was spoken with", self.program)).maybe_hint(said)
    }
}

async fn listen(mut pipe: ChildStderr, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = pipe.read(&mut buffer).await {
        let Ok(mut kept) = kept.lock() else { return };
        kept.extend_from_slice(&buffer[..read]);
        let over = kept.len().saturating_sub(KEEP);
        kept.drain(..over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk<T>(script: &str, limit: u64, with: impl AsyncFnOnce(&mut Talk) -> Result<T>) -> Result<T> {
        let spawn = Spawn {
            argv: ["sh", "-c", script].map(str::to_owned).to_vec(),
            cwd: std::env::temp_dir(),
            ..Spawn::default()
        };
        let rt = tokio::runtime::Builder::new_current_thread().enable_all().build();
        rt.map_err(|e| Error::tool(e.to_string()))?.block_on(async {
            let mut talk = Talk::start(&spawn, &Grants::full(), Duration::from_millis(limit))?;
            with(&mut talk).await
        })
    }

    #[test]
    fn what_is_said_comes_back() -> Result<()> {
        let said = talk("read a; echo \"$a!\"; printf 123", 10_000, async |talk| {
            talk.write(b"hi\n").await?;
            Ok((talk.line().await?, talk.bytes(3).await?))
        });
        assert_eq!(said?, (b"hi!".to_vec(), b"123".to_vec()));
        Ok(())
    }

    #[test]
    fn silence_is_an_error_after_the_limit() {
        let said = talk("sleep 60", 100, async |talk| talk.line().await);
        assert_eq!(said.map_err(|e| e.kind()).err(), Some(Kind::Timeout));
    }

    #[test]
    fn an_end_tells_what_was_said_last() {
        let said =
            talk("echo 'Error: no such module' >&2; echo at line 1 >&2", 10_000, async |talk| talk.bytes(3).await);
        let error = said.err();
        assert_eq!(error.as_ref().map(|e| e.kind()), Some(Kind::Tool));
        assert_eq!(error.and_then(|e| e.detail().hint.clone()).as_deref(), Some("Error: no such module"));
    }
}
