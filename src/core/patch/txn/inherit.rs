//! What a new file takes over from the directory that it comes into, as if it had been made there.

use super::disk::{Attribute, Disk, NodeKind};
use super::look::{self, Attributes, failed};
use super::plan::parents;
use crate::core::Result;

/// The group of a directory that hands its own on, and the access control list that its new files begin with. `bits` are
/// the permissions that the file asks for.
pub fn inherited<D: Disk>(disk: &D, path: &str, bits: u32) -> Result<Attributes> {
    let (mut dir, mut stat) = ("", None);
    for parent in parents(path).rev() {
        // What is no directory makes room for one, which takes over from the next.
        stat = look::stat_beneath(disk, parent)?.filter(|stat| stat.kind == NodeKind::Dir);
        if stat.is_some() {
            dir = parent;
            break;
        }
    }
    let stat = match stat {
        Some(stat) => stat,
        None => disk.stat_root().map_err(failed("look at", "."))?,
    };
    let list = disk.default_acl(dir).map_err(failed("read the access control list of", dir))?;
    Ok(Attributes {
        group: (stat.bits & 0o2000 != 0).then_some(stat.owner.1),
        extended: list.map(|list| narrowed(list, bits)).into_iter().collect(),
        ..Attributes::default()
    })
}

/// The list of a file that is made with these permission bits, as the kernel works it out; but what the owner asks for to
/// read it, or to run it, is part of what the patch says.
fn narrowed(mut list: Vec<u8>, bits: u32) -> Attribute {
    const HEAD: usize = 4;
    const ENTRY: usize = 8;
    const OWNER: u8 = 0x01;
    const GROUP: u8 = 0x04;
    const MASK: u8 = 0x10;
    const OTHER: u8 = 0x20;
    // Each entry is a kind, its permissions and an id; all of them little-endian, and the first two never above a byte.
    let entries = || (HEAD..list.len().saturating_sub(ENTRY - 1)).step_by(ENTRY);
    let has_mask = entries().any(|at| list[at] == MASK);
    for at in entries().collect::<Vec<_>>() {
        let allowed = match list[at] {
            OWNER => bits >> 6,
            MASK => bits >> 3,
            GROUP if !has_mask => bits >> 3,
            OTHER => bits,
            _ => 0o7,
        };
        list[at + 2] &= (allowed & 0o7) as u8;
        if list[at] == OWNER {
            list[at + 2] |= (allowed & 0o5) as u8;
        }
    }
    (b"system.posix_acl_access".to_vec(), list)
}
