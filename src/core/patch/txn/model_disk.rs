//! The model's side of the file system's calls.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Result};

use super::disk::{Attribute, Disk, Naming, NodeKind, Stat};
use super::model::{Fault, Ino, ModelDisk, ROOT, no};

impl Disk for ModelDisk {
    type File = Ino;

    fn stat(&self, path: &str) -> Result<Option<Stat>> {
        let world = self.world();
        match world.find(path) {
            Ok(ino) => {
                let inode = &world.inodes[&ino];
                Ok(Some(Stat {
                    kind: inode.kind,
                    bits: inode.bits,
                    links: world.links(ino),
                    owner: (0, 0),
                    id: (1, ino),
                    size: 0,
                }))
            }
            Err(_) => Ok(None),
        }
    }

    fn stat_root(&self) -> Result<Stat> {
        Ok(Stat { kind: NodeKind::Dir, bits: 0o755, links: 1, owner: (0, 0), id: (1, ROOT), size: 0 })
    }

    fn read_link(&self, path: &str) -> Result<Vec<u8>> {
        let world = self.world();
        Ok(world.inodes[&world.find(path)?].data.clone())
    }

    fn list(&self, path: &str) -> Result<Vec<String>> {
        let world = self.world();
        Ok(world.inodes[&world.find(path)?].entries.keys().cloned().collect())
    }

    fn is_writable(&self, _: &str) -> bool {
        true
    }

    fn open(&self, path: &str) -> Result<Ino> {
        self.world().find(path)
    }

    fn stat_file(&self, file: &Ino) -> Result<Stat> {
        let world = self.world();
        let inode = &world.inodes[file];
        Ok(Stat {
            kind: inode.kind,
            bits: inode.bits,
            links: world.links(*file),
            owner: (0, 0),
            id: (1, *file),
            size: 0,
        })
    }

    fn read(&self, file: &mut Ino, _: u64) -> Result<Vec<u8>> {
        Ok(self.world().inodes[file].data.clone())
    }

    fn attributes(&self, _: &Ino) -> Result<Vec<Attribute>> {
        Ok(Vec::new())
    }

    fn default_acl(&self, _: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn clear_default_acl(&self, _: &str) -> Result<()> {
        self.world().step(false)
    }

    fn create(&self, path: &str, bits: u32) -> Result<Ino> {
        let mut world = self.world();
        world.step(false)?;
        world.add(path, NodeKind::File, bits & !0o022, b"")
    }

    fn write(&self, file: &mut Ino, bytes: &[u8]) -> Result<usize> {
        let mut world = self.world();
        world.step(bytes.len() > 1)?;
        let first = world.has_fired && world.calls == world.at;
        let len = match world.fault {
            Fault::Torn | Fault::Short if first && bytes.len() > 1 => bytes.len() / 2,
            _ => bytes.len(),
        };
        world.is_dead |= world.fault == Fault::Torn && first;
        world.inodes.get_mut(file).expect("an open file").data.extend_from_slice(&bytes[..len]);
        Ok(len)
    }

    fn set_bits(&self, file: &Ino, bits: u32) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        world.inodes.get_mut(file).expect("an open file").bits = bits;
        Ok(())
    }

    fn set_owner(&self, _: &Ino, _: Option<u32>, _: Option<u32>) -> Result<()> {
        self.world().step(false)
    }

    fn set_attribute(&self, _: &Ino, _: &Attribute) -> Result<()> {
        self.world().step(false)
    }

    fn sync(&self, file: &Ino) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let inode = world.inodes.get_mut(file).expect("an open file");
        inode.durable.clone_from(&inode.data);
        Ok(())
    }

    fn make_link(&self, target: &[u8], path: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        world.add(path, NodeKind::Link, 0o777, target).map(drop)
    }

    fn add_name(&self, from: &str, to: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let ino = world.find(from)?;
        let (dir, name) = world.place(to)?;
        if world.entry((dir, name)).is_some() {
            return Err(no(ErrorKind::AlreadyExists));
        }
        world.change(vec![(dir, name.to_owned(), Some(ino))]);
        Ok(())
    }

    fn make_dir(&self, path: &str, bits: u32) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        world.add(path, NodeKind::Dir, bits & !0o022, b"").map(drop)
    }

    fn set_dir_bits(&self, path: &str, bits: u32) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let ino = world.find(path)?;
        world.inodes.get_mut(&ino).expect("a directory that was found").bits = bits;
        Ok(())
    }

    fn remove_dir(&self, path: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let ino = world.find(path)?;
        match &world.inodes[&ino] {
            inode if inode.kind != NodeKind::Dir => Err(no(ErrorKind::NotADirectory)),
            inode if !inode.entries.is_empty() => Err(no(ErrorKind::DirectoryNotEmpty)),
            _ => {
                let (dir, name) = world.place(path)?;
                world.change(vec![(dir, name.to_owned(), None)]);
                Ok(())
            }
        }
    }

    fn remove_file(&self, path: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        world.find(path)?;
        let (dir, name) = world.place(path)?;
        world.change(vec![(dir, name.to_owned(), None)]);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str, naming: Naming) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        if naming != Naming::Replace && !world.has_flags {
            return Err(no(ErrorKind::Unsupported));
        }
        let ino = world.find(from)?;
        let ((from_dir, from), (to_dir, to)) = (world.place(from)?, world.place(to)?);
        let there = world.entry((to_dir, to));
        let left = match (naming, there) {
            (Naming::New, Some(_)) => return Err(no(ErrorKind::AlreadyExists)),
            (Naming::Exchange, None) => return Err(no(ErrorKind::NotFound)),
            (Naming::Exchange, there) => there,
            _ => None,
        };
        world.change(vec![(from_dir, from.to_owned(), left), (to_dir, to.to_owned(), Some(ino))]);
        Ok(())
    }

    fn sync_dir(&self, path: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let ino = world.find(path)?;
        world.settle(|change| change.iter().any(|(dir, ..)| *dir == ino));
        Ok(())
    }

    fn sync_all(&self, _: &str) -> Result<()> {
        let mut world = self.world();
        world.step(false)?;
        let files: BTreeSet<Ino> = world.inodes.keys().copied().collect();
        for ino in files {
            let inode = world.inodes.get_mut(&ino).expect("a file of the list");
            inode.durable.clone_from(&inode.data);
        }
        world.settle(|_| true);
        Ok(())
    }
}
