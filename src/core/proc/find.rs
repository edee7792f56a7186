//! Where a program lies.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The folders that the machine looks for programs in, in order.
pub fn path_dirs() -> Vec<PathBuf> {
    std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect()
}

/// The first program of a name in some folders.
pub fn find_program(name: &str, dirs: &[PathBuf]) -> Option<PathBuf> {
    dirs.iter().map(|dir| dir.join(name)).find(|file| is_program(file))
}

/// Whether a file can be run.
pub fn is_program(file: &Path) -> bool {
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
