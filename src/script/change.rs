//! What happens to a change that a script returns: guard, preview, ask, apply, verify, keep or roll back.

use serde_json::{Value as Json, json};

use crate::core::grant::{Grants, Request};
use crate::core::host::Host;
use crate::core::patch::{How, Patch, Store, apply, check, check_syntax, rollback};
use crate::core::proc::{self, Spawn};
use crate::core::repo::Repo;
use crate::core::{Error, Kind, Result};
use crate::term::{Style, Term};

/// The change and those who have a say in it.
pub struct Change<'a> {
    /// The process.
    pub host: &'a Host,
    /// The user.
    pub ui: &'a Term,
    /// The repository.
    pub repo: &'a Repo,
    /// What the script may change.
    pub grants: &'a Grants,
    /// A command that must succeed for the change to stay.
    pub verify: Option<Vec<String>>,
}

/// What became of it.
pub struct Changed {
    /// The patch's fate, for the payload.
    pub payload: Json,
    /// Whether the verification failed, so that the change was taken back.
    pub is_rolled_back: bool,
}

impl Change<'_> {
    /// Carries the change through.
    pub async fn run(&self, mut patch: Patch) -> Result<Changed> {
        if patch.is_empty() {
            self.ui.note("nothing to change")?;
            return Ok(Changed { payload: json!({ "state": "empty", "files": [] }), is_rolled_back: false });
        }
        for file in &patch.meta.files {
            self.grants.check(Request::Write(&file.path))?;
        }
        let store = Store::open(self.repo)?;
        if store.get(&patch.meta.id).is_err() {
            check_syntax(self.repo, &mut patch)?;
            store.add(&patch)?;
        }
        self.host.note_patch(&patch.meta.id);
        self.preview(&patch)?;
        // Who is asked is told of everything first; who has said yes is told of it by the transaction.
        let problem = match self.host.flags.yes && !self.host.flags.dry_run {
            true => check_syntax(self.repo, &mut patch)?,
            false => check(self.repo, &patch)?.into_iter().next(),
        };
        if let Some(problem) = problem {
            let hint = match problem.kind {
                "syntax" => {
                    format!("it stays pending; to apply it all the same: `heck patch apply {} --force`", patch.meta.id)
                }
                _ => format!("for what is there now make it anew: `heck patch apply {} --merge`", patch.meta.id),
            };
            return Err(Error::new(Kind::Conflict, format!("{}: {}", problem.path, problem.message))
                .path(problem.path)
                .hint(hint));
        }
        if !(self.host.flags.dry_run || self.host.flags.yes || self.ui.is_interactive()) {
            return Err(Error::usage("not applied: there is no terminal to ask on")
                .hint(format!("pass --yes to apply, or --dry-run to look; patch {} is pending", patch.meta.id)));
        }
        if self.host.flags.dry_run || !self.is_wanted(&patch)? {
            let id = &patch.meta.id;
            self.ui.note(&format!("patch {id} is pending: apply it with `heck patch apply {id}`"))?;
            return Ok(Changed { payload: fate(&patch), is_rolled_back: false });
        }
        let applied = apply(self.repo, &mut patch, self.how())?;
        applied.notes.iter().for_each(|note| self.host.warn(note));
        self.done(&format!("applied to {}", count(applied.files)))?;
        if let Some(command) = &self.verify {
            return self.verify(command, patch).await;
        }
        self.ui.note(&format!("undo with `heck patch rollback {}`", patch.meta.id))?;
        Ok(Changed { payload: fate(&patch), is_rolled_back: false })
    }

    fn how(&self) -> How {
        How { wait: self.host.flags.wait, ..How::default() }
    }

    fn preview(&self, patch: &Patch) -> Result<()> {
        if self.host.flags.json || self.host.flags.quiet {
            return Ok(());
        }
        self.ui.diff(&patch.diff)?;
        let (added, removed) = patch.meta.stat();
        self.ui.flush()?;
        self.ui.note(&format!("{}, +{added} −{removed}", count(patch.meta.files.len())))
    }

    fn is_wanted(&self, patch: &Patch) -> Result<bool> {
        if self.host.flags.yes {
            return Ok(true);
        }
        // Ctrl-C during the preview is an answer, too.
        self.host.cancel.check()?;
        self.ui.confirm(&format!("apply to {}?", count(patch.meta.files.len())), false)
    }

    fn done(&self, what: &str) -> Result<()> {
        self.ui.note(&self.ui.err_paint().paint(Style::Good, what))
    }

    async fn verify(&self, command: &[String], mut patch: Patch) -> Result<Changed> {
        self.ui.note(&format!("verifying with `{}`", command.join(" ")))?;
        let mut output = Vec::new();
        let result = self.spawn(command, &mut output).await;
        let output = String::from_utf8_lossy(&output).into_owned();
        if let Ok(Some(0)) = result {
            self.done("verified: the change stays")?;
            self.ui.note(&format!("undo with `heck patch rollback {}`", patch.meta.id))?;
            let mut payload = fate(&patch);
            payload["verify"] = json!({ "command": command, "code": 0, "output": output });
            return Ok(Changed { payload, is_rolled_back: false });
        }
        rollback(self.repo, &mut patch, self.how(), false).map_err(|cause| {
            let id = &patch.meta.id;
            Error::new(
                Kind::Conflict,
                format!("the verification failed, and the change could not be rolled back: {cause}"),
            )
            .hint(format!("patch {id} is still applied; put the files right, then `heck patch rollback {id}`"))
            .cause(cause)
        })?;
        self.ui.error(&self.ui.err_paint().paint(Style::Bad, "verification failed: the change was rolled back"))?;
        if self.host.flags.quiet && !output.is_empty() {
            // What speaks against the change is a result, however quiet the rest is to be.
            self.ui.error(output.trim_end())?;
        }
        let code = result?;
        let mut payload = fate(&patch);
        payload["verify"] = json!({ "command": command, "code": code, "output": output });
        Ok(Changed { payload, is_rolled_back: true })
    }

    /// Runs the verification with its output passed on to stderr; Ctrl-C and the deadline end it too.
    async fn spawn(&self, command: &[String], kept: &mut Vec<u8>) -> Result<Option<i32>> {
        let (sender, mut receiver) = tokio::sync::mpsc::channel(256);
        let spawn = Spawn { argv: command.to_vec(), cwd: self.repo.root().to_path_buf(), ..Spawn::default() };
        // The user named the command, or trusted the recipe that does.
        let everything = Grants::full();
        let running = proc::run(spawn, &everything, Some(sender));
        tokio::pin!(running);
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(25));
        loop {
            tokio::select! {
                Some(line) = receiver.recv() => self.echo(&line.text, kept)?,
                output = &mut running => {
                    while let Ok(line) = receiver.try_recv() {
                        self.echo(&line.text, kept)?;
                    }
                    return output.map(|output| output.code);
                }
                _ = tick.tick() => self.host.cancel.check()?,
            }
        }
    }

    /// Passes a line on, and keeps the last of them.
    fn echo(&self, text: &[u8], kept: &mut Vec<u8>) -> Result<()> {
        const KEEP: usize = 64 << 10;
        kept.extend_from_slice(text);
        kept.push(b'\n');
        if kept.len() > 2 * KEEP {
            kept.drain(..kept.len() - KEEP);
        }
        self.ui.note(&format!("  {}", String::from_utf8_lossy(text)))
    }
}

fn fate(patch: &Patch) -> Json {
    let (added, removed) = patch.meta.stat();
    let files: Vec<&str> = patch.meta.files.iter().map(|file| file.path.as_str()).collect();
    json!({
        "id": patch.meta.id, "state": patch.meta.state.name(), "files": files, "added": added, "removed": removed,
    })
}

fn count(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}
