//! A file system in memory that fails, forgets or stops where a test says so. It is as hard as POSIX allows:
//! names and contents that were not flushed survive a power cut in any combination that keeps each rename
//! whole and each name's own history in order.

use std::collections::{BTreeMap, HashMap};
use std::io::{Error, ErrorKind, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::disk::NodeKind;

pub(super) type Ino = u64;
pub(super) const ROOT: Ino = 1;

#[derive(Debug, Clone)]
pub(super) struct Inode {
    pub(super) kind: NodeKind,
    pub(super) bits: u32,
    pub(super) data: Vec<u8>,
    /// What a power cut leaves.
    pub(super) durable: Vec<u8>,
    pub(super) entries: BTreeMap<String, Ino>,
}

/// Names that change together: directory, name, what stands there afterwards.
pub(super) type Change = Vec<(Ino, String, Option<Ino>)>;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The process ends before the call.
    Kill,
    /// Half of what is written arrives, then the process ends.
    Torn,
    /// The call writes half and says so.
    Short,
    /// The call fails with this number.
    Fail(i32),
    /// This call and all later ones that could fail so do.
    Sticky(i32),
    /// Somebody else saves a file just before the call.
    Edit(usize),
    /// Somebody else makes a directory, with a file in it, of `deep/er/edited`.
    Dir,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) inodes: HashMap<Ino, Inode>,
    durable: HashMap<Ino, BTreeMap<String, Ino>>,
    log: Vec<Change>,
    next: Ino,
    pub(super) calls: usize,
    pub(super) at: usize,
    pub(super) fault: Fault,
    pub(super) has_fired: bool,
    pub(super) is_dead: bool,
    pub(super) has_flags: bool,
    has_saved: bool,
    edits: Vec<(String, Option<Vec<u8>>)>,
}

/// The disk.
#[derive(Debug)]
pub struct ModelDisk(Mutex<World>);

impl Clone for ModelDisk {
    fn clone(&self) -> Self {
        ModelDisk(Mutex::new(self.world().clone()))
    }
}

pub(super) fn no(kind: ErrorKind) -> Error {
    kind.into()
}

impl World {
    pub(super) fn find(&self, path: &str) -> Result<Ino> {
        let mut at = ROOT;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let inode = &self.inodes[&at];
            if inode.kind != NodeKind::Dir {
                return Err(no(ErrorKind::NotADirectory));
            }
            at = *inode.entries.get(part).ok_or_else(|| no(ErrorKind::NotFound))?;
        }
        Ok(at)
    }

    pub(super) fn place<'p>(&self, path: &'p str) -> Result<(Ino, &'p str)> {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        let dir = self.find(dir)?;
        match self.inodes[&dir].kind {
            NodeKind::Dir => Ok((dir, name)),
            _ => Err(no(ErrorKind::NotADirectory)),
        }
    }

    pub(super) fn entry(&self, (dir, name): (Ino, &str)) -> Option<Ino> {
        self.inodes[&dir].entries.get(name).copied()
    }

    pub(super) fn change(&mut self, change: Change) {
        for (dir, name, ino) in &change {
            let entries = &mut self.inodes.get_mut(dir).expect("a directory that was found").entries;
            match ino {
                Some(ino) => entries.insert(name.clone(), *ino),
                None => entries.remove(name),
            };
        }
        self.log.push(change);
    }

    pub(super) fn add(&mut self, path: &str, kind: NodeKind, bits: u32, data: &[u8]) -> Result<Ino> {
        let (dir, name) = self.place(path)?;
        if self.entry((dir, name)).is_some() {
            return Err(no(ErrorKind::AlreadyExists));
        }
        self.next += 1;
        let ino = self.next;
        // A link is written with its name.
        let durable = if kind == NodeKind::Link { data.to_vec() } else { Vec::new() };
        self.inodes.insert(ino, Inode { kind, bits, data: data.to_vec(), durable, entries: BTreeMap::new() });
        self.change(vec![(dir, name.to_owned(), Some(ino))]);
        Ok(ino)
    }

    /// Whether a later change cannot be on the disk without an earlier one.
    fn depends(later: &Change, earlier: &Change) -> bool {
        later.iter().any(|(dir, name, _)| earlier.iter().any(|(d, n, i)| (d, n) == (dir, name) || *i == Some(*dir)))
    }

    /// Makes changes durable, with all that they depend on.
    pub(super) fn settle(&mut self, wanted: impl Fn(&Change) -> bool) {
        let mut keep: Vec<bool> = self.log.iter().map(&wanted).collect();
        for later in (0..keep.len()).rev().filter(|n| keep[*n]).collect::<Vec<_>>() {
            let mut open = vec![later];
            while let Some(n) = open.pop() {
                for (earlier, kept) in keep.iter_mut().enumerate().take(n).filter(|(_, kept)| !**kept) {
                    if Self::depends(&self.log[n], &self.log[earlier]) {
                        *kept = true;
                        open.push(earlier);
                    }
                }
            }
        }
        let log = std::mem::take(&mut self.log);
        for (change, keep) in log.into_iter().zip(keep) {
            match keep {
                true => self.make_durable(&change),
                false => self.log.push(change),
            }
        }
    }

    fn make_durable(&mut self, change: &Change) {
        for (dir, name, ino) in change {
            let entries = self.durable.entry(*dir).or_default();
            match ino {
                Some(ino) => entries.insert(name.clone(), *ino),
                None => entries.remove(name),
            };
        }
    }

    /// One step that changes something: here a test's fault strikes.
    pub(super) fn step(&mut self, writes: bool) -> Result<()> {
        if self.is_dead {
            return Err(Error::other("the process has ended"));
        }
        if matches!(self.fault, Fault::Torn | Fault::Short) && !writes {
            return Ok(());
        }
        self.calls += 1;
        if self.calls < self.at {
            return Ok(());
        }
        let first = self.calls == self.at;
        self.has_fired |= first;
        match self.fault {
            Fault::Kill if first => {
                self.is_dead = true;
                Err(Error::other("the process has ended"))
            }
            Fault::Fail(code) if first => Err(Error::from_raw_os_error(code)),
            Fault::Sticky(code) => Err(Error::from_raw_os_error(code)),
            Fault::Edit(n) if first => {
                let (path, data) = self.edits[n].clone();
                self.edit(&path, data);
                Ok(())
            }
            Fault::Dir if first => {
                self.edit("deep/er/edited", None);
                let _ = self.add("deep/er/edited", NodeKind::Dir, 0o755, b"");
                self.edit("deep/er/edited/work", Some(b"work".to_vec()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What somebody else does: writes in place, or makes or removes the file.
    fn edit(&mut self, path: &str, data: Option<Vec<u8>>) {
        match (self.find(path), data) {
            (Ok(ino), Some(data)) => {
                let inode = self.inodes.get_mut(&ino).expect("a file that was found");
                if inode.kind == NodeKind::File {
                    inode.data = data;
                    self.has_saved = true;
                }
            }
            (Err(_), Some(data)) => self.has_saved = self.add(path, NodeKind::File, 0o644, &data).is_ok(),
            (Ok(_), None) => {
                if let Ok((dir, name)) = self.place(path) {
                    self.change(vec![(dir, name.to_owned(), None)]);
                }
            }
            (Err(_), None) => {}
        }
    }

    pub(super) fn links(&self, ino: Ino) -> u64 {
        self.inodes.values().flat_map(|inode| inode.entries.values()).filter(|i| **i == ino).count() as u64
    }
}

impl ModelDisk {
    /// An empty tree.
    pub fn new() -> ModelDisk {
        let root =
            Inode { kind: NodeKind::Dir, bits: 0o755, data: Vec::new(), durable: Vec::new(), entries: BTreeMap::new() };
        ModelDisk(Mutex::new(World {
            inodes: HashMap::from([(ROOT, root)]),
            durable: HashMap::new(),
            log: Vec::new(),
            next: ROOT,
            calls: 0,
            at: 0,
            fault: Fault::None,
            has_fired: false,
            is_dead: false,
            has_flags: true,
            has_saved: false,
            edits: Vec::new(),
        }))
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a file there, with its directories, all durable.
    pub fn put(&self, path: &str, bits: u32, data: &[u8]) {
        let mut world = self.world();
        let dirs: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..at]).collect();
        for dir in dirs {
            let _ = world.add(dir, NodeKind::Dir, 0o755, b"");
        }
        world.add(path, NodeKind::File, bits, data).expect("a new file");
        for inode in world.inodes.values_mut() {
            inode.durable.clone_from(&inode.data);
        }
        world.settle(|_| true);
    }

    /// A file system without the flags of `renameat2`.
    pub fn without_flags(&self) {
        self.world().has_flags = false;
    }

    /// Who else is at work, for [`Fault::Edit`].
    pub fn editors(&self, edits: &[(&str, Option<&[u8]>)]) {
        self.world().edits = edits.iter().map(|(path, data)| ((*path).to_owned(), data.map(<[u8]>::to_vec))).collect();
    }

    /// Has the N-th step from now go wrong.
    pub fn fault(&self, at: usize, fault: Fault) {
        let mut world = self.world();
        (world.calls, world.at, world.fault, world.has_fired, world.is_dead) = (0, at, fault, false, false);
    }

    /// Whether it did.
    pub fn has_fired(&self) -> bool {
        self.world().has_fired
    }

    /// A new process on the same machine.
    pub fn revive(&self) {
        self.fault(0, Fault::None);
    }

    /// Whether an editor's save came about.
    pub fn has_saved(&self) -> bool {
        self.world().has_saved
    }

    /// The machine after a power cut. `survives` is asked for each change of names and each content that was not flushed.
    pub fn cut(&self, mut survives: impl FnMut() -> bool) -> ModelDisk {
        let mut world = self.world().clone();
        let mut lost: Vec<Change> = Vec::new();
        for change in std::mem::take(&mut world.log) {
            match survives() && !lost.iter().any(|earlier| World::depends(&change, earlier)) {
                true => world.make_durable(&change),
                false => lost.push(change),
            }
        }
        let durable = world.durable.clone();
        for (ino, inode) in &mut world.inodes {
            inode.entries = durable.get(ino).cloned().unwrap_or_default();
            if inode.data != inode.durable && !survives() {
                let half = inode.data.len() / 2;
                match survives() {
                    true => inode.data.truncate(half),
                    false => inode.data.clone_from(&inode.durable),
                }
            }
            inode.durable.clone_from(&inode.data);
        }
        let disk = ModelDisk(Mutex::new(world));
        disk.revive();
        disk
    }

    /// Everything in the tree, but not what lies below the given directory.
    pub fn snapshot(&self, without: &str) -> BTreeMap<String, (u32, Vec<u8>)> {
        let world = self.world();
        let (mut all, mut open) = (BTreeMap::new(), vec![(String::new(), ROOT)]);
        while let Some((path, ino)) = open.pop() {
            for (name, ino) in &world.inodes[&ino].entries {
                let full = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                if full == without {
                    continue;
                }
                let inode = &world.inodes[ino];
                all.insert(full.clone(), (inode.bits, inode.data.clone()));
                open.push((full, *ino));
            }
        }
        all
    }

    /// Whether some file below the root has this content.
    pub fn holds(&self, data: &[u8]) -> bool {
        self.snapshot("-").values().any(|(_, content)| content == data)
    }
}
