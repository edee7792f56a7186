//! Runs a question over many files on several threads and hands the answers over in file order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use crate::core::cancel::Cancel;
use crate::core::repo::{RepoFile, threads};
use crate::core::{Error, Result};

/// What a visitor is shown of a file.
pub struct Visit<'a> {
    /// The file.
    pub file: &'a RepoFile,
    /// Its bytes.
    pub bytes: &'a mut Vec<u8>,
}

impl Visit<'_> {
    /// The text, without a copy, or `None` for a file that is not UTF-8 or too large to be worth parsing.
    pub fn into_text(self) -> Option<String> {
        // ast-grep's own limits, so that both tools look at the same files.
        const MAX_BYTES: usize = 3_000_000;
        const MAX_LINES: usize = 200_000;
        if self.bytes.len() > MAX_BYTES && memchr::memchr_iter(b'\n', self.bytes.as_slice()).count() > MAX_LINES {
            return None;
        }
        String::from_utf8(std::mem::take(self.bytes)).ok()
    }
}

/// Reads every file, asks `visit` on worker threads, and gives each answer to `sink` in file order.
/// `sink` ends the search by returning `false`. A file that cannot be read is left out.
pub fn search<T: Send>(
    root: &Path,
    files: &[RepoFile],
    cancel: &Cancel,
    visit: impl Fn(Visit<'_>) -> Option<T> + Sync,
    mut sink: impl FnMut(T) -> bool,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let workers = threads().min(files.len().max(1));
    let (sender, receiver) = sync_channel::<(usize, Option<T>)>(workers * 64);
    let stop = Cancel::new();
    std::thread::scope(|scope| -> Result<()> {
        for _ in 0..workers {
            let sender = sender.clone();
            let (next, visit, stop) = (&next, &visit, &stop);
            let body = move || {
                let mut buffer = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { return };
                    if cancel.is_raised() || stop.is_raised() {
                        return;
                    }
                    let answer = match read_into(&root.join(&file.path), &mut buffer) {
                        Ok(()) => visit(Visit { file, bytes: &mut buffer }),
                        Err(_) => None,
                    };
                    if sender.send((at, answer)).is_err() {
                        return;
                    }
                }
            };
            // Comparing deeply nested code is recursive; the stack is only address space until it is used.
            let started = std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, body);
            if let Err(e) = started {
                return Err(Error::tool(format!("cannot start a thread: {e}")));
            }
        }
        drop(sender);
        let (mut due, mut early) = (0, BTreeMap::new());
        'all: for (at, answer) in &receiver {
            early.insert(at, answer);
            while let Some(answer) = early.remove(&due) {
                due += 1;
                if let Some(answer) = answer
                    && !sink(answer)
                {
                    stop.interrupt();
                    break 'all;
                }
            }
        }
        // Workers blocked on a full channel end when the receiver goes.
        drop(receiver);
        Ok(())
    })?;
    cancel.check()
}

fn read_into(path: &Path, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Read;
    buffer.clear();
    let mut file = std::fs::File::open(path)?;
    file.read_to_end(buffer)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(count: usize) -> Result<(tempfile::TempDir, Vec<RepoFile>)> {
        let dir = tempfile::tempdir().map_err(|e| crate::core::Error::tool(e.to_string()))?;
        let mut list = Vec::new();
        for n in 0..count {
            let path = format!("{n:04}");
            crate::core::fs::write_atomic(&dir.path().join(&path), path.as_bytes())?;
            list.push(RepoFile { path, lang: None });
        }
        Ok((dir, list))
    }

    #[test]
    fn answers_come_in_file_order_and_can_be_cut_short() -> Result<()> {
        let (dir, list) = files(300)?;
        let mut seen = Vec::new();
        let visit = |visit: Visit<'_>| visit.into_text();
        search(dir.path(), &list, &Cancel::new(), visit, |text| {
            seen.push(text);
            true
        })?;
        let expected: Vec<String> = list.iter().map(|file| file.path.clone()).collect();
        assert_eq!(seen, expected);
        let mut count = 0;
        search(dir.path(), &list, &Cancel::new(), visit, |_| {
            count += 1;
            count < 5
        })?;
        assert_eq!(count, 5);
        Ok(())
    }

    #[test]
    fn a_raised_flag_ends_it_with_the_reason() -> Result<()> {
        let (dir, list) = files(3)?;
        let cancel = Cancel::new();
        cancel.time_out();
        let result = search(dir.path(), &list, &cancel, |_| Some(()), |()| true);
        assert_eq!(result.map_err(|e| e.kind()), Err(crate::core::Kind::Timeout));
        Ok(())
    }
}
