//! What a transaction asks of a file system, one system call a method, so that a test can make any single
//! one of them fail, forget or be the last. Paths are relative to the root, and no link is ever followed.

use std::io::Result;

/// What is found under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Other,
}

/// What is known about a name without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: NodeKind,
    /// Permission bits with setuid, setgid and sticky.
    pub bits: u32,
    /// How many names it has.
    pub links: u64,
    /// User and group.
    pub owner: (u32, u32),
    /// Device and inode: the same for two names of one file.
    pub id: (u64, u64),
    /// Bytes.
    pub size: u64,
}

/// An extended attribute: its name and value.
pub type Attribute = (Vec<u8>, Vec<u8>);

/// What a rename does about a target that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Fail.
    New,
    /// Swap the two.
    Exchange,
    /// Replace it.
    Replace,
}

/// A directory tree that can be changed step by step. Errors carry the system's numbers; a link among the
/// parents of a path is `ELOOP`.
pub trait Disk: Sync {
    /// An open file.
    type File;

    /// What a name is; `None` where there is nothing.
    fn stat(&self, path: &str) -> Result<Option<Stat>>;
    /// What the root is.
    fn stat_root(&self) -> Result<Stat>;
    /// The target of a link.
    fn read_link(&self, path: &str) -> Result<Vec<u8>>;
    /// The names in a directory.
    fn list(&self, path: &str) -> Result<Vec<String>>;
    /// Whether names can be added to and taken from a directory.
    fn is_writable(&self, path: &str) -> bool;

    /// Opens a file for reading; a link is `ELOOP`.
    fn open(&self, path: &str) -> Result<Self::File>;
    /// What an open file is.
    fn stat_file(&self, file: &Self::File) -> Result<Stat>;
    /// The whole content of an open file, which is likely to have that many bytes.
    fn read(&self, file: &mut Self::File, size: u64) -> Result<Vec<u8>>;
    /// The extended attributes of an open file.
    fn attributes(&self, file: &Self::File) -> Result<Vec<Attribute>>;
    /// The access control list that new files in a directory begin with, where it has one; an empty path is the root.
    fn default_acl(&self, dir: &str) -> Result<Option<Vec<u8>>>;

    /// Makes a file that must not exist.
    fn create(&self, path: &str, bits: u32) -> Result<Self::File>;
    /// Writes some of the bytes and says how many.
    fn write(&self, file: &mut Self::File, bytes: &[u8]) -> Result<usize>;
    /// Sets permission bits.
    fn set_bits(&self, file: &Self::File, bits: u32) -> Result<()>;
    /// Sets user or group.
    fn set_owner(&self, file: &Self::File, user: Option<u32>, group: Option<u32>) -> Result<()>;
    /// Sets an extended attribute.
    fn set_attribute(&self, file: &Self::File, attribute: &Attribute) -> Result<()>;
    /// Makes a file's content durable. Never tried a second time: after a failure the kernel has forgotten it.
    fn sync(&self, file: &Self::File) -> Result<()>;

    /// Makes a symbolic link.
    fn make_link(&self, target: &[u8], path: &str) -> Result<()>;
    /// Gives a file a second name.
    fn add_name(&self, from: &str, to: &str) -> Result<()>;
    /// Makes a directory, its bits subject to the process's mask.
    fn make_dir(&self, path: &str, bits: u32) -> Result<()>;
    /// Sets a directory's permission bits.
    fn set_dir_bits(&self, path: &str, bits: u32) -> Result<()>;
    /// Takes away the access control list that new files in a directory begin with.
    fn clear_default_acl(&self, dir: &str) -> Result<()>;
    /// Removes an empty directory.
    fn remove_dir(&self, path: &str) -> Result<()>;
    /// Removes a name that is no directory.
    fn remove_file(&self, path: &str) -> Result<()>;
    /// Renames. `Unsupported` where the file system cannot do it in that way.
    fn rename(&self, from: &str, to: &str, naming: Naming) -> Result<()>;

    /// Makes the names in a directory durable; an empty path is the root.
    fn sync_dir(&self, path: &str) -> Result<()>;
    /// Makes everything on the file system that holds this directory durable.
    fn sync_all(&self, path: &str) -> Result<()>;
}
