//! Runs a question over many files on several threads and hands the answers over in file order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};

use bit_set::BitSet;

use super::alloc;
use crate::core::cancel::Cancel;
use crate::core::repo::RepoFile;
use crate::core::share::{self, threads};
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

/// Files a worker takes, and answers, at a time. One by one, waking the receiver costs a tenth of the whole.
const CHUNK: usize = 8;

/// From this size on, a file is large. Its syntax tree takes up to a hundred times its text.
const LARGE: u64 = 256 << 10;

/// From this size on, the memory of its tree is given back at once. That costs time: the next tree asks for it again.
const HUGE: u64 = 512 << 10;

/// How many files ahead of the answer that is due the workers may be, where answers are large.
const AHEAD: usize = 128;

/// In which order files are visited. Answers come in file order all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Large files first: the fastest where every answer is wanted, and answers are small, for they wait.
    LargestFirst,
    /// As listed, and not far ahead of the answer that is due: for answers that hold trees, or may not all be wanted.
    Listed,
}

/// What the workers share.
struct Work<'a, V> {
    root: &'a Path,
    files: &'a [RepoFile],
    cancel: &'a Cancel,
    stop: Cancel,
    /// The next of the files that are not large.
    next: AtomicUsize,
    /// The large files with their sizes, largest first, and the next of them.
    large: Vec<(u64, usize)>,
    next_large: AtomicUsize,
    large_set: BitSet,
    order: Order,
    /// The number of the answer that is due.
    due: Mutex<usize>,
    moved: Condvar,
    visit: V,
}

/// The answer for the file of a number.
type Answer<T> = (usize, Option<T>);

impl<T: Send, V: Fn(Visit<'_>) -> Option<T> + Sync> Work<'_, V> {
    /// Works until nothing is left or nobody listens. One worker begins with the large files, so that none
    /// is left for the end and seldom two are in memory at once.
    fn run(&self, is_first: bool, sender: &SyncSender<Vec<Answer<T>>>) {
        let mut buffer = Vec::new();
        if is_first {
            self.run_large(&mut buffer, sender);
        }
        loop {
            let begin = self.next.fetch_add(CHUNK, Ordering::Relaxed);
            if begin >= self.files.len() {
                break;
            }
            self.keep_near(begin);
            let chunk = (begin..self.files.len().min(begin + CHUNK)).filter(|at| !self.large_set.contains(*at));
            let answers = chunk.map(|at| self.answer(at, &mut buffer)).collect();
            if self.is_over() || sender.send(answers).is_err() {
                return;
            }
        }
        self.run_large(&mut buffer, sender);
    }

    fn run_large(&self, buffer: &mut Vec<u8>, sender: &SyncSender<Vec<Answer<T>>>) {
        while let Some((size, at)) = self.large.get(self.next_large.fetch_add(1, Ordering::Relaxed)) {
            let answer = self.answer(*at, buffer);
            if *size >= HUGE {
                alloc::collect();
            }
            if self.is_over() || sender.send(vec![answer]).is_err() {
                return;
            }
        }
    }

    /// Waits until the answer that is due is near. Who works on that one never waits.
    fn keep_near(&self, begin: usize) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        while self.order == Order::Listed && begin >= *due + AHEAD && !self.is_over() {
            // The flags that end the work ring no bell.
            let tick = std::time::Duration::from_millis(20);
            due = self.moved.wait_timeout(due, tick).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn set_due(&self, number: usize) {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = number;
        self.moved.notify_all();
    }

    fn is_over(&self) -> bool {
        self.cancel.is_raised() || self.stop.is_raised()
    }

    fn answer(&self, at: usize, buffer: &mut Vec<u8>) -> Answer<T> {
        let file = &self.files[at];
        if self.is_over() || read_into(&self.root.join(&file.path), buffer).is_err() {
            return (at, None);
        }
        (at, (self.visit)(Visit { file, bytes: buffer }))
    }
}

/// Sizes and numbers of the large files among `files`, largest first.
fn large(root: &Path, files: &[RepoFile]) -> Vec<(u64, usize)> {
    let sizes = share::map(files, |file| root.join(&file.path).metadata().map_or(0, |meta| meta.len()));
    let mut all: Vec<(u64, usize)> = sizes.into_iter().zip(0..).filter(|(size, _)| *size >= LARGE).collect();
    all.sort_unstable_by(|left, right| right.cmp(left));
    all
}

/// Reads every file, asks `visit` on worker threads, and gives each answer to `sink` in file order.
/// `sink` ends the search by returning `false`. A file that cannot be read is left out.
pub fn search<T: Send>(
    root: &Path,
    files: &[RepoFile],
    cancel: &Cancel,
    order: Order,
    visit: impl Fn(Visit<'_>) -> Option<T> + Sync,
    mut sink: impl FnMut(T) -> bool,
) -> Result<()> {
    let workers = threads().min(files.len().div_ceil(CHUNK).max(1));
    let (sender, receiver) = sync_channel::<Vec<Answer<T>>>(workers * 8);
    let (next, next_large) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let large = if order == Order::LargestFirst { large(root, files) } else { Vec::new() };
    let large_set = large.iter().map(|(_, at)| *at).collect();
    let (stop, due, moved) = (Cancel::new(), Mutex::new(0), Condvar::new());
    let work = Work { root, files, cancel, stop, next, large, next_large, large_set, order, due, moved, visit };
    std::thread::scope(|scope| -> Result<()> {
        for n in 0..workers {
            let (work, sender) = (&work, sender.clone());
            let body = move || work.run(n == 0, &sender);
            let started = std::thread::Builder::new().stack_size(share::STACK).spawn_scoped(scope, body);
            if let Err(e) = started {
                return Err(Error::tool(format!("cannot start a thread: {e}")));
            }
        }
        drop(sender);
        let (mut due, mut early) = (0, BTreeMap::new());
        'all: for answers in &receiver {
            early.extend(answers);
            if early.contains_key(&due) {
                // Told before the answers are handed over, which may take its time.
                work.set_due(due + 1);
            }
            while let Some(answer) = early.remove(&due) {
                due += 1;
                if let Some(answer) = answer
                    && !sink(answer)
                {
                    work.stop.interrupt();
                    break 'all;
                }
            }
            work.set_due(due);
        }
        // Workers blocked on a full channel end when the receiver goes.
        drop(receiver);
        Ok(())
    })?;
    cancel.check()
}

fn read_into(path: &Path, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    File::open(path)?.read_to_end(buffer)?;
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
        search(dir.path(), &list, &Cancel::new(), Order::Listed, visit, |text| {
            seen.push(text);
            true
        })?;
        let expected: Vec<String> = list.iter().map(|file| file.path.clone()).collect();
        assert_eq!(seen, expected);
        let mut count = 0;
        search(dir.path(), &list, &Cancel::new(), Order::Listed, visit, |_| {
            count += 1;
            count < 5
        })?;
        assert_eq!(count, 5);
        Ok(())
    }

    #[test]
    fn large_files_are_answered_once_and_in_their_place() -> Result<()> {
        let (dir, list) = files(40)?;
        let large = vec![b'x'; usize::try_from(LARGE).unwrap_or_default()];
        for n in [3, 17, 39] {
            crate::core::fs::write_atomic(&dir.path().join(&list[n].path), &large)?;
        }
        let mut seen = Vec::new();
        let visit = |visit: Visit<'_>| Some((visit.file.path.clone(), visit.bytes.len()));
        search(dir.path(), &list, &Cancel::new(), Order::LargestFirst, visit, |answer| {
            seen.push(answer);
            true
        })?;
        let expected: Vec<_> =
            (0..40).map(|n| (format!("{n:04}"), if [3, 17, 39].contains(&n) { large.len() } else { 4 })).collect();
        assert_eq!(seen, expected);
        Ok(())
    }

    #[test]
    fn workers_do_not_run_far_ahead_of_what_is_wanted() -> Result<()> {
        let (dir, list) = files(2000)?;
        let visited = AtomicUsize::new(0);
        let visit = |visit: Visit<'_>| {
            if visit.file.path == "0000" {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            Some(visited.fetch_add(1, Ordering::SeqCst))
        };
        let (mut answers, mut at_first) = (0, 0);
        search(dir.path(), &list, &Cancel::new(), Order::Listed, visit, |_| {
            answers += 1;
            if answers == 1 {
                at_first = visited.load(Ordering::SeqCst);
            }
            true
        })?;
        assert_eq!(answers, 2000);
        assert!(at_first <= AHEAD + threads() * CHUNK * 2, "{at_first}");
        Ok(())
    }

    #[test]
    fn a_raised_flag_ends_it_with_the_reason() -> Result<()> {
        let (dir, list) = files(3)?;
        let cancel = Cancel::new();
        cancel.time_out();
        let result = search(dir.path(), &list, &cancel, Order::Listed, |_| Some(()), |()| true);
        assert_eq!(result.map_err(|e| e.kind()), Err(crate::core::Kind::Timeout));
        Ok(())
    }
}
