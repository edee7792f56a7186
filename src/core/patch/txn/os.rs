//! The real file system, seen from an open root directory.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags, RenameFlags, XattrFlags};
use rustix::io::{Errno, retry_on_intr};

use super::disk::{Attribute, Disk, Naming, NodeKind, Stat};
use crate::core::path::{from_os, to_os};

/// A directory tree opened at its root.
#[derive(Debug)]
pub struct OsDisk {
    root: OwnedFd,
}

const DIR: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl OsDisk {
    /// Opens a tree at its root.
    pub fn open(root: &Path) -> crate::core::Result<OsDisk> {
        let fd = retry_on_intr(|| rustix::fs::open(root, DIR, Mode::empty()))
            .map_err(|e| crate::core::Error::io("open", root, &e.into()))?;
        Ok(OsDisk { root: fd })
    }

    /// The directory that holds a path, and the path's last name.
    fn place(&self, path: &str) -> Result<(OwnedFd, Vec<u8>)> {
        let bytes = to_os(path);
        let (dir, name) = match bytes.iter().rposition(|b| *b == b'/') {
            Some(at) => (&bytes[..at], &bytes[at + 1..]),
            None => (&b""[..], &bytes[..]),
        };
        // The last line of defence, whatever a record or a journal says.
        if matches!(name, b"" | b"." | b"..") {
            return Err(leaves());
        }
        Ok((self.dir(dir)?, name.to_vec()))
    }

    /// Opens a directory below the root, without following a link on the way.
    fn dir(&self, path: &[u8]) -> Result<OwnedFd> {
        if path.is_empty() {
            return Ok(retry_on_intr(|| rustix::fs::openat(&self.root, ".", DIR, Mode::empty()))?);
        }
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::ResolveFlags;
            let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            match retry_on_intr(|| rustix::fs::openat2(&self.root, path, DIR, Mode::empty(), how)) {
                // An old kernel, a sandbox that has not heard of the call, or a rename at the same moment.
                Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => {}
                other => return Ok(other?),
            }
        }
        self.walk(path)
    }

    fn walk(&self, path: &[u8]) -> Result<OwnedFd> {
        let mut fd = retry_on_intr(|| rustix::fs::openat(&self.root, ".", DIR, Mode::empty()))?;
        for part in path.split(|b| *b == b'/') {
            if matches!(part, b"" | b"." | b"..") {
                return Err(leaves());
            }
            let opened = retry_on_intr(|| rustix::fs::openat(&fd, part, DIR, Mode::empty()));
            let is_link = || {
                let stat = rustix::fs::statat(&fd, part, AtFlags::SYMLINK_NOFOLLOW);
                stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode).is_symlink())
            };
            fd = match opened {
                Err(Errno::NOTDIR) if is_link() => return Err(Errno::LOOP.into()),
                other => other?,
            };
        }
        Ok(fd)
    }

    fn open_with(&self, path: &str, flags: OFlags, bits: u32) -> Result<File> {
        let (dir, name) = self.place(path)?;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(retry_on_intr(|| rustix::fs::openat(&dir, &*name, flags, Mode::from_raw_mode(bits)))?))
    }
}

/// As wide as the widest of the systems has it.
#[expect(clippy::useless_conversion, reason = "it is narrower elsewhere")]
fn links(stat: &rustix::fs::Stat) -> u64 {
    stat.st_nlink.into()
}

fn leaves() -> Error {
    Error::new(ErrorKind::InvalidInput, "the path leaves the repository")
}

/// Makes a file or directory durable, the disk's own cache included. One try: see [`Disk::sync`].
fn flush(file: impl std::os::fd::AsFd) -> Result<()> {
    #[cfg(target_vendor = "apple")]
    return Ok(rustix::fs::fcntl_fullfsync(file)?);
    #[cfg(not(target_vendor = "apple"))]
    Ok(rustix::fs::fsync(file)?)
}

fn described(stat: &rustix::fs::Stat) -> Stat {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => NodeKind::File,
        FileType::Directory => NodeKind::Dir,
        FileType::Symlink => NodeKind::Link,
        _ => NodeKind::Other,
    };
    Stat {
        kind,
        bits: stat.st_mode & 0o7777,
        links: links(stat),
        owner: (stat.st_uid, stat.st_gid),
        id: (stat.st_dev, stat.st_ino),
        size: u64::try_from(stat.st_size).unwrap_or(0),
    }
}

const DEFAULT_ACL: &str = "system.posix_acl_default";

/// Whether an attribute is not there, or the file system or the whole system knows no such thing.
fn has_none(error: &Error) -> bool {
    #[cfg(target_os = "linux")]
    let absent = Errno::NODATA;
    #[cfg(not(target_os = "linux"))]
    let absent = Errno::NOATTR;
    [absent, Errno::NOTSUP].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// Reads an attribute or the list of their names, however long.
fn whole(read: impl Fn(&mut [u8]) -> rustix::io::Result<usize>) -> Result<Vec<u8>> {
    let mut buffer = vec![0; 1024];
    loop {
        match read(&mut buffer) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            Err(Errno::RANGE) if buffer.len() < 1 << 20 => buffer.resize(buffer.len() * 4, 0),
            Err(Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}

impl Disk for OsDisk {
    type File = File;

    fn stat(&self, path: &str) -> Result<Option<Stat>> {
        let found = self
            .place(path)
            .and_then(|(dir, name)| Ok(retry_on_intr(|| rustix::fs::statat(&dir, &*name, AtFlags::SYMLINK_NOFOLLOW))?));
        match found {
            Ok(stat) => Ok(Some(described(&stat))),
            // A file where a parent should be: the path does not exist.
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn stat_root(&self) -> Result<Stat> {
        Ok(described(&retry_on_intr(|| rustix::fs::fstat(&self.root))?))
    }

    fn read_link(&self, path: &str) -> Result<Vec<u8>> {
        let (dir, name) = self.place(path)?;
        Ok(retry_on_intr(|| rustix::fs::readlinkat(&dir, &*name, Vec::new()))?.into_bytes())
    }

    fn list(&self, path: &str) -> Result<Vec<String>> {
        let dir = self.dir(&to_os(path))?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::new(dir)? {
            let name = from_os(entry?.file_name().to_bytes());
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn is_writable(&self, path: &str) -> bool {
        let access = |dir: OwnedFd| rustix::fs::accessat(dir, ".", Access::WRITE_OK, AtFlags::EACCESS);
        self.dir(&to_os(path)).is_ok_and(|dir| access(dir).is_ok())
    }

    fn open(&self, path: &str) -> Result<File> {
        // A pipe that took the file's place must not make us wait.
        self.open_with(path, OFlags::RDONLY | OFlags::NONBLOCK, 0)
    }

    fn stat_file(&self, file: &File) -> Result<Stat> {
        Ok(described(&retry_on_intr(|| rustix::fs::fstat(file))?))
    }

    fn read(&self, file: &mut File, size: u64) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0) + 1];
        let mut len = 0;
        loop {
            match file.read(&mut bytes[len..]) {
                Ok(0) => break,
                Ok(read) => len += read,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            }
            if len == bytes.len() {
                // It has grown, or does not say how large it is.
                bytes.resize(len + len / 2 + 4096, 0);
            }
        }
        bytes.truncate(len);
        Ok(bytes)
    }

    fn attributes(&self, file: &File) -> Result<Vec<Attribute>> {
        let names = match whole(|buffer| rustix::fs::flistxattr(file, buffer)) {
            Err(e) if e.kind() == ErrorKind::Unsupported => return Ok(Vec::new()),
            other => other?,
        };
        let names = names.split(|b| *b == 0).filter(|name| !name.is_empty());
        names.map(|name| Ok((name.to_vec(), whole(|buffer| rustix::fs::fgetxattr(file, name, buffer))?))).collect()
    }

    fn default_acl(&self, dir: &str) -> Result<Option<Vec<u8>>> {
        let dir = self.dir(&to_os(dir))?;
        match whole(|buffer| rustix::fs::fgetxattr(&dir, DEFAULT_ACL, buffer)) {
            Ok(list) => Ok(Some(list)),
            Err(e) if has_none(&e) => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn clear_default_acl(&self, dir: &str) -> Result<()> {
        let dir = self.dir(&to_os(dir))?;
        match retry_on_intr(|| rustix::fs::fremovexattr(&dir, DEFAULT_ACL)).map_err(Error::from) {
            Err(e) if !has_none(&e) => Err(e),
            _ => Ok(()),
        }
    }

    fn create(&self, path: &str, bits: u32) -> Result<File> {
        self.open_with(path, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL, bits)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> Result<usize> {
        loop {
            match file.write(bytes) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn set_bits(&self, file: &File, bits: u32) -> Result<()> {
        Ok(retry_on_intr(|| rustix::fs::fchmod(file, Mode::from_raw_mode(bits)))?)
    }

    fn set_owner(&self, file: &File, user: Option<u32>, group: Option<u32>) -> Result<()> {
        let (user, group) = (user.map(rustix::fs::Uid::from_raw), group.map(rustix::fs::Gid::from_raw));
        Ok(retry_on_intr(|| rustix::fs::fchown(file, user, group))?)
    }

    fn set_attribute(&self, file: &File, (name, value): &Attribute) -> Result<()> {
        Ok(retry_on_intr(|| rustix::fs::fsetxattr(file, &**name, value, XattrFlags::empty()))?)
    }

    fn sync(&self, file: &File) -> Result<()> {
        flush(file)
    }

    fn make_link(&self, target: &[u8], path: &str) -> Result<()> {
        let (dir, name) = self.place(path)?;
        Ok(retry_on_intr(|| rustix::fs::symlinkat(target, &dir, &*name))?)
    }

    fn add_name(&self, from: &str, to: &str) -> Result<()> {
        let ((from_dir, from), (to_dir, to)) = (self.place(from)?, self.place(to)?);
        Ok(retry_on_intr(|| rustix::fs::linkat(&from_dir, &*from, &to_dir, &*to, AtFlags::empty()))?)
    }

    fn make_dir(&self, path: &str, bits: u32) -> Result<()> {
        let (dir, name) = self.place(path)?;
        Ok(retry_on_intr(|| rustix::fs::mkdirat(&dir, &*name, Mode::from_raw_mode(bits)))?)
    }

    fn set_dir_bits(&self, path: &str, bits: u32) -> Result<()> {
        let dir = self.dir(&to_os(path))?;
        Ok(retry_on_intr(|| rustix::fs::fchmod(&dir, Mode::from_raw_mode(bits)))?)
    }

    fn remove_dir(&self, path: &str) -> Result<()> {
        let (dir, name) = self.place(path)?;
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&dir, &*name, AtFlags::REMOVEDIR))?)
    }

    fn remove_file(&self, path: &str) -> Result<()> {
        let (dir, name) = self.place(path)?;
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&dir, &*name, AtFlags::empty()))?)
    }

    fn rename(&self, from: &str, to: &str, naming: Naming) -> Result<()> {
        let ((from_dir, from), (to_dir, to)) = (self.place(from)?, self.place(to)?);
        let flags = match naming {
            Naming::New => RenameFlags::NOREPLACE,
            Naming::Exchange => RenameFlags::EXCHANGE,
            Naming::Replace => return Ok(retry_on_intr(|| rustix::fs::renameat(&from_dir, &*from, &to_dir, &*to))?),
        };
        match retry_on_intr(|| rustix::fs::renameat_with(&from_dir, &*from, &to_dir, &*to, flags)) {
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Err(ErrorKind::Unsupported.into()),
            other => Ok(other?),
        }
    }

    fn sync_dir(&self, path: &str) -> Result<()> {
        flush(self.dir(&to_os(path))?)
    }

    fn sync_all(&self, path: &str) -> Result<()> {
        let dir = self.dir(&to_os(path))?;
        #[cfg(target_os = "linux")]
        return Ok(rustix::fs::syncfs(dir)?);
        #[cfg(not(target_os = "linux"))]
        {
            rustix::fs::sync();
            flush(dir)
        }
    }
}
