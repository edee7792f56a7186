//! Reading files, and the one atomic writer for heck's own files.
//! Must not write into the working tree: that is the business of `core::patch` alone.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::{Error, Kind, Result};

/// Opens a record of heck's own, never through a link that a repository brought.
const NO_FOLLOW: i32 = rustix::fs::OFlags::NOFOLLOW.bits() as i32;

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| Error::io("read", path, &e))
}

/// Reads a whole file, or gives `None` where there is none.
pub fn read_if_present(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io("read", path, &e)),
    }
}

/// Reads a text file of heck's own, which must be UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|_| {
        Error::invalid(format!("{} is not UTF-8", path.display()))
            .path(path.to_string_lossy())
            .hint("save the file as UTF-8")
    })
}

/// Reads at most `limit` bytes of a stream and refuses more.
pub fn read_limited(reader: impl Read, limit: u64, what: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut limited = reader.take(limit + 1);
    limited.read_to_end(&mut bytes).map_err(|e| Error::tool(format!("cannot read {what}: {e}")))?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(Kind::Budget, format!("{what} is larger than {limit} bytes")));
    }
    Ok(bytes)
}

/// Makes a directory and its parents, each durable in the one above it.
pub fn create_dirs(path: &Path) -> Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    create_dirs(parent)?;
    match retried(|| fs::create_dir(path)) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists || !path.is_dir() => {
            return Err(Error::io("create directory", path, &e));
        }
        _ => {}
    }
    sync_dir(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
}

/// Tries again what a signal has interrupted.
fn retried<T>(mut work: impl FnMut() -> std::io::Result<T>) -> std::io::Result<T> {
    loop {
        match work() {
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Replaces a file of heck's own in one step: a reader sees the old bytes or the new, and after
/// success the new ones survive a power cut.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    create_dirs(dir)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let staged = dir.join(format!(".{name}.{}.tmp", std::process::id()));
    let result = write_new(&staged, bytes)
        .and_then(|()| retried(|| fs::rename(&staged, path)).map_err(|e| Error::io("replace", path, &e)))
        .and_then(|()| sync_dir(dir));
    if result.is_err() {
        // The staged file is ours alone; leaving it behind would only be litter.
        let _ = fs::remove_file(&staged);
    }
    result
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    // Ours by name and process; one that is left over from a killed process of the same number is not needed.
    let _ = fs::remove_file(path);
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| Error::io("create", path, &e))?;
    file.write_all(bytes).map_err(|e| Error::io("write", path, &e))?;
    flush(&file).map_err(|e| Error::io("flush", path, &e))
}

/// Makes the names in a directory durable.
pub fn sync_dir(path: &Path) -> Result<()> {
    let dir = File::open(path).map_err(|e| Error::io("open", path, &e))?;
    flush(&dir).map_err(|e| Error::io("flush", path, &e))
}

/// Appends one line to a record of heck's own and makes it durable. What a crash has left of a line that was never
/// finished is removed first. The caller holds the lock.
pub fn append_line(path: &Path, line: &str) -> Result<()> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).custom_flags(NO_FOLLOW);
    let mut file = options.open(path).map_err(|e| Error::io("open", path, &e))?;
    let (len, whole) = whole_lines(&mut file).map_err(|e| Error::io("read", path, &e))?;
    if whole < len {
        file.set_len(whole).map_err(|e| Error::io("repair", path, &e))?;
    }
    file.write_all(format!("{line}\n").as_bytes()).map_err(|e| Error::io("write", path, &e))?;
    flush(&file).map_err(|e| Error::io("flush", path, &e))?;
    if is_new && let Some(dir) = path.parent() {
        sync_dir(dir)?;
    }
    Ok(())
}

/// The length of a file, and how much of it ends in a line feed.
fn whole_lines(file: &mut File) -> std::io::Result<(u64, u64)> {
    let len = file.seek(SeekFrom::End(0))?;
    let mut end = len;
    let mut block = [0; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|b| *b == b'\n') {
            return Ok((len, start + at as u64 + 1));
        }
        end = start;
    }
    Ok((len, 0))
}

/// Makes a file or directory durable. An fsync that failed is never tried again: the kernel has dropped the data.
fn flush(file: &File) -> std::io::Result<()> {
    #[cfg(target_vendor = "apple")]
    return file.sync_all();
    #[cfg(not(target_vendor = "apple"))]
    Ok(rustix::fs::fsync(file)?)
}

/// An exclusive lock on a file, freed by the kernel when its owner ends.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes the lock, or says that another process holds it.
    pub fn try_take(path: &Path) -> Result<Option<Lock>> {
        let file = Self::open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(e)) => Err(Error::io("lock", path, &e)),
        }
    }

    /// Waits for the lock.
    pub fn take(path: &Path) -> Result<Lock> {
        let file = Self::open(path)?;
        file.lock().map_err(|e| Error::io("lock", path, &e))?;
        Ok(Lock(file))
    }

    fn open(path: &Path) -> Result<File> {
        if let Some(dir) = path.parent() {
            create_dirs(dir)?;
        }
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .custom_flags(NO_FOLLOW)
            .open(path)
            .map_err(|e| Error::io("open", path, &e))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atomic_write_replaces_and_leaves_no_litter() -> Result<()> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        let file = dir.path().join("deep/er/file");
        write_atomic(&file, b"one")?;
        write_atomic(&file, b"two")?;
        assert_eq!(read(&file)?, b"two");
        let names = fs::read_dir(dir.path().join("deep/er")).map(Iterator::count);
        assert_eq!(names.ok(), Some(1));
        Ok(())
    }

    #[test]
    fn a_lock_is_exclusive_until_dropped() -> Result<()> {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        let path = dir.path().join("lock");
        let first = Lock::try_take(&path)?;
        assert!(first.is_some());
        assert!(Lock::try_take(&path)?.is_none());
        drop(first);
        assert!(Lock::try_take(&path)?.is_some());
        Ok(())
    }
}
