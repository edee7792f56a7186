//! The working tree as seen from its root directory: every step by descriptor, no link followed.
//! All file mutations of a patch go through this type, so that a test can stand in for it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use super::meta::FileState;
use crate::core::{Error, Kind, Result};

/// A directory tree opened at its root.
#[derive(Debug)]
pub struct Tree {
    root: OwnedFd,
}

const DIR: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Tree {
    /// Opens a tree at its root.
    pub fn open(root: &Path) -> Result<Tree> {
        let fd = rustix::fs::open(root, DIR, Mode::empty()).map_err(|e| Error::io("open", root, &e.into()))?;
        Ok(Tree { root: fd })
    }

    /// The directory that holds a path, and the path's last name. `None` where a parent is absent.
    fn parent<'p>(&self, path: &'p str) -> Result<Option<(OwnedFd, &'p str)>> {
        // The last line of defence, whatever a record or journal says.
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(Error::new(Kind::Denied, format!("path '{path}' leaves the repository")).path(path));
        }
        let (dirs, name) = path.rsplit_once('/').map_or((None, path), |(dirs, name)| (Some(dirs), name));
        let mut fd = rustix::io::dup(&self.root).map_err(|e| self.failed("open", path, e))?;
        for part in dirs.into_iter().flat_map(|dirs| dirs.split('/')) {
            fd = match rustix::fs::openat(&fd, part, DIR, Mode::empty()) {
                Ok(next) => next,
                Err(Errno::NOENT) => return Ok(None),
                // A file where a directory is wanted: the path does not exist.
                Err(Errno::NOTDIR | Errno::LOOP) => {
                    let stat = rustix::fs::statat(&fd, part, AtFlags::SYMLINK_NOFOLLOW);
                    if stat.is_ok_and(|stat| is_link(&stat)) {
                        return Err(Error::new(Kind::Denied, format!("{path} lies behind the symbolic link '{part}'"))
                            .path(path)
                            .hint("heck never writes through a link; name the real path"));
                    }
                    return Ok(None);
                }
                Err(e) => return Err(self.failed("open", path, e)),
            };
        }
        Ok(Some((fd, name)))
    }

    fn failed(&self, action: &str, path: &str, errno: Errno) -> Error {
        Error::io(action, Path::new(path), &errno.into())
    }

    fn stat(&self, dir: &OwnedFd, name: &str, path: &str) -> Result<Option<Stat>> {
        match rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(e) => Err(self.failed("look at", path, e)),
        }
    }

    /// A file's mode as git writes it and its content; a link's target. `None` where there is nothing.
    pub fn read(&self, path: &str) -> Result<Option<(String, Vec<u8>)>> {
        let Some((dir, name)) = self.parent(path)? else { return Ok(None) };
        let Some(stat) = self.stat(&dir, name, path)? else { return Ok(None) };
        if is_link(&stat) {
            let target = rustix::fs::readlinkat(&dir, name, Vec::new()).map_err(|e| self.failed("read", path, e))?;
            return Ok(Some(("120000".to_owned(), target.into_bytes())));
        }
        if !is_file(&stat) {
            return Err(Error::new(Kind::Conflict, format!("{path} is not a file")).path(path));
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&dir, name, flags, Mode::empty()).map_err(|e| self.failed("read", path, e))?;
        let mut bytes = Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0));
        File::from(fd).read_to_end(&mut bytes).map_err(|e| Error::io("read", Path::new(path), &e))?;
        Ok(Some((git_mode(&stat).to_owned(), bytes)))
    }

    /// The state of a path.
    pub fn state(&self, path: &str) -> Result<Option<FileState>> {
        Ok(self.read(path)?.map(|(mode, bytes)| FileState::of(&bytes, &mode)))
    }

    /// The full permission bits of a file, for a replacement to keep. Refuses what cannot be kept.
    pub fn permissions(&self, path: &str) -> Result<Option<u32>> {
        let Some((dir, name)) = self.parent(path)? else { return Ok(None) };
        let Some(stat) = self.stat(&dir, name, path)?.filter(is_file) else { return Ok(None) };
        let bits = stat.st_mode & 0o7777;
        if bits & 0o6000 != 0 {
            return Err(
                Error::new(Kind::Denied, format!("{path} is setuid or setgid; heck does not replace it")).path(path)
            );
        }
        if stat.st_nlink > 1 {
            return Err(Error::new(
                Kind::Denied,
                format!("{path} has {} hard links; replacing it would part them", stat.st_nlink),
            )
            .path(path)
            .hint("copy the file over itself first, if the links are not wanted"));
        }
        Ok(Some(bits))
    }

    /// Writes new content below the root, durable, for a later exchange; `path` must not exist.
    pub fn stage(&self, path: &str, mode: &str, permissions: Option<u32>, bytes: &[u8]) -> Result<()> {
        let Some((dir, name)) = self.parent(path)? else {
            return Err(Error::new(Kind::Internal, format!("the staging directory for {path} is absent")));
        };
        if mode == "120000" {
            return rustix::fs::symlinkat(bytes, &dir, name).map_err(|e| self.failed("stage", path, e));
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&dir, name, flags, Mode::from_raw_mode(0o600))
            .map_err(|e| self.failed("stage", path, e))?;
        let mut file = File::from(fd);
        file.write_all(bytes).map_err(|e| Error::io("stage", Path::new(path), &e))?;
        let plain = if mode == "100755" { 0o755 } else { 0o644 };
        let bits = match permissions {
            // Keep what the file had; touch the execute bits only where the patch changes them.
            Some(bits) if mode == "100755" && bits & 0o100 == 0 => bits | 0o100 | (bits & 0o044) >> 2,
            Some(bits) if mode != "100755" && bits & 0o100 != 0 => bits & !0o111,
            Some(bits) => bits,
            None => plain & !umask(),
        };
        rustix::fs::fchmod(file.as_fd(), Mode::from_raw_mode(bits)).map_err(|e| self.failed("stage", path, e))?;
        file.sync_all().map_err(|e| Error::io("flush", Path::new(path), &e))
    }

    /// Swaps two paths in one step.
    pub fn exchange(&self, a: &str, b: &str) -> Result<()> {
        self.rename_with(a, b, RenameFlags::EXCHANGE)
    }

    /// Moves a path to a name that must be free.
    pub fn move_new(&self, from: &str, to: &str) -> Result<()> {
        self.rename_with(from, to, RenameFlags::NOREPLACE)
    }

    fn rename_with(&self, from: &str, to: &str, flags: RenameFlags) -> Result<()> {
        let (Some((from_dir, from_name)), Some((to_dir, to_name))) = (self.parent(from)?, self.parent(to)?) else {
            return Err(Error::new(Kind::Conflict, format!("a directory of {from} or {to} is gone")).path(to));
        };
        rustix::fs::renameat_with(&from_dir, from_name, &to_dir, to_name, flags).map_err(|e| match e {
            Errno::EXIST => Error::new(Kind::Conflict, format!("{to} has appeared meanwhile")).path(to),
            Errno::NOENT => Error::new(Kind::Conflict, format!("{to} has vanished meanwhile")).path(to),
            Errno::INVAL | Errno::NOSYS => {
                Error::tool(format!("the file system of {to} cannot exchange files in one step")).path(to)
            }
            e => self.failed("replace", to, e),
        })
    }

    /// Makes a directory; tells whether it was absent.
    pub fn make_dir(&self, path: &str) -> Result<bool> {
        let Some((dir, name)) = self.parent(path)? else {
            return Err(Error::new(Kind::Conflict, format!("the parent of {path} is gone")).path(path));
        };
        match rustix::fs::mkdirat(&dir, name, Mode::from_raw_mode(0o777)) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(e) => Err(self.failed("create directory", path, e)),
        }
    }

    /// Removes a directory if it is empty. That is tidying, so a directory that must stay is no failure.
    pub fn remove_empty_dir(&self, path: &str) -> Result<()> {
        let Some((dir, name)) = self.parent(path)? else { return Ok(()) };
        match rustix::fs::unlinkat(&dir, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOENT | Errno::NOTDIR) => Ok(()),
            Err(Errno::ACCESS | Errno::PERM | Errno::BUSY | Errno::ROFS | Errno::INVAL) => Ok(()),
            Err(e) => Err(self.failed("remove directory", path, e)),
        }
    }

    /// Tells whether a path is a directory, not a link to one.
    pub fn is_dir(&self, path: &str) -> Result<bool> {
        let Some((dir, name)) = self.parent(path)? else { return Ok(false) };
        Ok(self.stat(&dir, name, path)?.is_some_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_dir()))
    }

    /// Makes the names in the directory that holds a path durable.
    pub fn sync_parent(&self, path: &str) -> Result<()> {
        let Some((dir, _)) = self.parent(path)? else { return Ok(()) };
        rustix::fs::fsync(&dir).map_err(|e| self.failed("flush", path, e))
    }
}

fn is_link(stat: &Stat) -> bool {
    rustix::fs::FileType::from_raw_mode(stat.st_mode).is_symlink()
}

fn is_file(stat: &Stat) -> bool {
    rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file()
}

fn git_mode(stat: &Stat) -> &'static str {
    if stat.st_mode & 0o100 != 0 { "100755" } else { "100644" }
}

/// The process's umask, read once: reading it means setting it, which must not race with a file's creation.
fn umask() -> u32 {
    static UMASK: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *UMASK.get_or_init(|| {
        let old = rustix::process::umask(Mode::from_raw_mode(0o022));
        rustix::process::umask(old);
        old.as_raw_mode()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Result<(tempfile::TempDir, Tree)> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        let tree = Tree::open(dir.path())?;
        Ok((dir, tree))
    }

    #[test]
    fn links_are_read_as_links_and_never_followed() -> Result<()> {
        let (dir, tree) = tree()?;
        std::fs::create_dir(dir.path().join("real")).map_err(|e| Error::tool(e.to_string()))?;
        std::fs::write(dir.path().join("real/f"), "x").map_err(|e| Error::tool(e.to_string()))?;
        std::os::unix::fs::symlink("real", dir.path().join("link")).map_err(|e| Error::tool(e.to_string()))?;
        assert_eq!(tree.read("link")?, Some(("120000".into(), b"real".to_vec())));
        assert_eq!(tree.read("link/f").map_err(|e| e.kind()), Err(Kind::Denied));
        assert_eq!(tree.read("real/f/g")?, None);
        assert_eq!(tree.read("real").map_err(|e| e.kind()), Err(Kind::Conflict));
        Ok(())
    }

    #[test]
    fn staging_keeps_permissions_but_for_the_execute_bit() -> Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let (dir, tree) = tree()?;
        for (name, mode, had, expected) in [
            ("a", "100644", Some(0o640), 0o640),
            ("b", "100755", Some(0o640), 0o750),
            ("c", "100644", Some(0o755), 0o644),
        ] {
            tree.stage(name, mode, had, b"x")?;
            let got = std::fs::metadata(dir.path().join(name)).map(|m| m.permissions().mode() & 0o777);
            assert_eq!(got.ok(), Some(expected), "{name}");
        }
        Ok(())
    }
}
