//! Random changes over random trees: apply gives the wanted tree, rollback the old one to the last bit, redo the
//! wanted one again. `HECK_CASES` says how many.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::core::patch::dice::Dice;
use crate::core::patch::{How, Origin, Patch, Store, apply, from_diff, from_directories, reversed, rollback};
use crate::core::repo::Repo;
use crate::core::{Error, Result};

fn pick<'a, T: ?Sized>(dice: &mut Dice, of: &[&'a T]) -> &'a T {
    of[dice.roll(of.len())]
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    File(u32, Vec<u8>),
    Link(Vec<u8>),
    Dir(u32),
}

type Tree = BTreeMap<Vec<u8>, Node>;

fn io<T>(result: std::io::Result<T>) -> Result<T> {
    result.map_err(|e| Error::tool(e.to_string()))
}

fn at(root: &Path, path: &[u8]) -> std::path::PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path))
}

fn name(dice: &mut Dice) -> Vec<u8> {
    let parts: [&[u8]; 14] = [
        b"a",
        b"b",
        b"c",
        b"d.txt",
        b"with space",
        b"\xff\xfe",
        "é".as_bytes(),
        b"tab\there",
        b"quo\"te",
        b"new\nline",
        b"-dash",
        b"back\\slash",
        b"x",
        b"y.rs",
    ];
    let depth = 1 + dice.roll(3);
    (0..depth).map(|_| pick(dice, &parts).to_vec()).collect::<Vec<_>>().join(&b'/')
}

fn content(dice: &mut Dice) -> Vec<u8> {
    let lines: [&[u8]; 9] =
        [b"one\n", b"two\n", b"\n", b"\r\n", b"cr\ronly\n", b"caf\xe9\n", b"}\n", b"-- x\n", b"last"];
    match dice.roll(8) {
        0 => Vec::new(),
        1 => (0..dice.roll(3000)).map(|_| dice.roll(256) as u8).collect(),
        2 => [b"\0binary".to_vec(), vec![dice.roll(256) as u8; dice.roll(5000)]].concat(),
        3 => b"\xEF\xBB\xBFbom\r\nline\r\n".to_vec(),
        _ => (0..dice.roll(40)).flat_map(|_| pick(dice, &lines).to_vec()).collect(),
    }
}

fn node(dice: &mut Dice) -> Node {
    match dice.roll(7) {
        0 => Node::Link(pick(dice, &[&b"a"[..], b"../nowhere", b"b\xff"]).to_vec()),
        n => Node::File([0o644, 0o755, 0o600, 0o700, 0o640, 0o444][n - 1], content(dice)),
    }
}

/// Adds a file where nothing is in its way.
fn put(tree: &mut Tree, path: Vec<u8>, node: Node) {
    let parents = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| path[..at].to_vec());
    let blocked = parents.clone().any(|dir| matches!(tree.get(&dir), Some(Node::File(..) | Node::Link(_))))
        || matches!(tree.get(&path), Some(Node::Dir(_)));
    if !blocked {
        for dir in parents {
            tree.entry(dir).or_insert(Node::Dir(0o755));
        }
        tree.insert(path, node);
    }
}

/// Takes a file away, and the directories that this empties.
fn take(tree: &mut Tree, path: &[u8]) -> Option<Node> {
    let node = tree.remove(path);
    let mut dir = path;
    while let Some(at) = dir.iter().rposition(|b| *b == b'/') {
        dir = &dir[..at];
        let prefix = [dir, b"/"].concat();
        if tree.keys().any(|key| key.starts_with(&prefix)) {
            break;
        }
        tree.remove(dir);
    }
    node
}

fn files(tree: &Tree) -> Vec<Vec<u8>> {
    tree.iter().filter(|(_, node)| !matches!(node, Node::Dir(_))).map(|(path, _)| path.clone()).collect()
}

/// Another tree, made from one by what happens to files.
fn changed(dice: &mut Dice, tree: &Tree) -> Tree {
    let mut new = tree.clone();
    for _ in 0..1 + dice.roll(8) {
        let all = files(&new);
        let some = if all.is_empty() { name(dice) } else { all[dice.roll(all.len())].clone() };
        match dice.roll(7) {
            0 => drop(take(&mut new, &some)),
            1 => {
                if let Some(Node::File(bits, bytes)) = new.get_mut(&some) {
                    let from = dice.roll(bytes.len() + 1);
                    bytes.splice(from..from, content(dice));
                    *bits = if dice.roll(4) == 0 { *bits ^ 0o111 & *bits | 0o100 } else { *bits };
                }
            }
            2 => {
                if let Some(Node::File(_, bytes)) = new.get_mut(&some) {
                    let (from, len) = (dice.roll(bytes.len() + 1), dice.roll(60));
                    bytes.drain(from..(from + len).min(bytes.len()));
                }
            }
            3 => {
                // A rename, sometimes with an edit.
                if let Some(mut node) = take(&mut new, &some) {
                    if let (Node::File(_, bytes), 0) = (&mut node, dice.roll(2)) {
                        bytes.extend_from_slice(b"more\n");
                    }
                    put(&mut new, name(dice), node);
                }
            }
            4 => {
                // A file becomes a directory.
                if take(&mut new, &some).is_some() {
                    put(&mut new, [&some[..], b"/inner"].concat(), node(dice));
                }
            }
            5 => drop(new.get_mut(&some).map(|old| *old = node(dice))),
            _ => put(&mut new, name(dice), node(dice)),
        }
    }
    new
}

fn write(root: &Path, tree: &Tree) -> Result<()> {
    for (path, node) in tree {
        let path = at(root, path);
        match node {
            Node::Dir(_) => io(std::fs::create_dir_all(&path))?,
            Node::Link(target) => io(symlink(std::ffi::OsStr::from_bytes(target), &path))?,
            Node::File(bits, bytes) => {
                io(std::fs::write(&path, bytes))?;
                io(std::fs::set_permissions(&path, std::fs::Permissions::from_mode(*bits)))?;
            }
        }
    }
    for (path, bits) in tree.iter().filter_map(|(path, node)| matches!(node, Node::Dir(_)).then_some((path, node))) {
        let Node::Dir(bits) = bits else { continue };
        io(std::fs::set_permissions(at(root, path), std::fs::Permissions::from_mode(*bits)))?;
    }
    Ok(())
}

fn snapshot(root: &Path) -> Result<Tree> {
    fn walk(root: &Path, dir: &[u8], tree: &mut Tree) -> Result<()> {
        for entry in io(std::fs::read_dir(at(root, dir)))? {
            let entry = io(entry)?;
            let name = entry.file_name();
            let path = if dir.is_empty() { name.as_bytes().to_vec() } else { [dir, b"/", name.as_bytes()].concat() };
            if path == b".heck" || path == b".git" {
                continue;
            }
            let meta = io(entry.metadata())?;
            let bits = meta.permissions().mode() & 0o7777;
            if meta.is_dir() {
                tree.insert(path.clone(), Node::Dir(bits));
                walk(root, &path, tree)?;
            } else if meta.is_symlink() {
                let target = io(std::fs::read_link(entry.path()))?;
                tree.insert(path, Node::Link(target.as_os_str().as_bytes().to_vec()));
            } else {
                tree.insert(path, Node::File(bits, io(std::fs::read(entry.path()))?));
            }
        }
        Ok(())
    }
    let mut tree = Tree::new();
    walk(root, b"", &mut tree)?;
    Ok(tree)
}

/// The tree as git would see it: of the permission bits only whether it can be executed.
fn seen_by_git(tree: &Tree) -> Tree {
    let plain = |node: &Node| match node {
        Node::File(bits, bytes) => Node::File(if bits & 0o100 != 0 { 0o755 } else { 0o644 }, bytes.clone()),
        Node::Dir(_) => Node::Dir(0),
        link => link.clone(),
    };
    tree.iter().map(|(path, node)| (path.clone(), plain(node))).collect()
}

/// A directory without a disk behind it, where there is one: these tests are about bytes, not about durability.
fn scratch() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    io(if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() })
}

#[test]
fn there_and_back_again() -> Result<()> {
    let cases: u64 = std::env::var("HECK_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(250);
    for seed in 1..=cases {
        let mut dice = Dice::new(seed);
        let mut tree = Tree::new();
        for _ in 0..dice.roll(14) {
            let (path, node) = (name(&mut dice), node(&mut dice));
            put(&mut tree, path, node);
        }
        // Directories with modes of their own, and empty ones.
        tree.values_mut().for_each(|node| {
            if let Node::Dir(bits) = node {
                *bits = [0o755, 0o700, 0o750][dice.roll(3)];
            }
        });
        tree.insert(b"empty".to_vec(), Node::Dir(0o711));
        let wanted = changed(&mut dice, &tree);
        one(&tree, &wanted, seed <= 60).map_err(|e| Error::tool(format!("seed {seed}: {e} {:?}", e.detail().hint)))?;
    }
    Ok(())
}

fn one(tree: &Tree, wanted: &Tree, ask_git: bool) -> Result<()> {
    let (dir, target) = (scratch()?, scratch()?);
    write(dir.path(), tree)?;
    write(target.path(), wanted)?;
    io(std::fs::create_dir(dir.path().join(".heck")))?;
    let before = snapshot(dir.path())?;
    let repo = Repo::discover(dir.path())?;
    let (mut patch, left_out) = from_directories(&repo, dir.path(), target.path(), "t", Origin::default())?;
    assert_eq!(left_out, []);
    if patch.is_empty() {
        return Ok(());
    }
    Store::open(&repo)?.add(&patch)?;
    if ask_git {
        let file = format!(".heck/patches/{}.diff", patch.meta.id);
        let git = |args: &[&str]| io(std::process::Command::new("git").args(args).current_dir(dir.path()).output());
        git(&["init", "-q"])?;
        let answer = git(&["apply", "--check", &file])?;
        let text = String::from_utf8_lossy(&patch.diff).into_owned();
        assert!(answer.status.success(), "git: {}\n{text}", String::from_utf8_lossy(&answer.stderr));
        io(std::fs::remove_dir_all(dir.path().join(".git")))?;
    }
    apply(&repo, &mut patch, How::default())?;
    let after = snapshot(dir.path())?;
    assert_eq!(seen_by_git(&after), seen_by_git(wanted));
    rollback(&repo, &mut patch, How::default(), false)?;
    assert_eq!(snapshot(dir.path())?, before);
    apply(&repo, &mut patch, How::default())?;
    assert_eq!(snapshot(dir.path())?, after, "redo");
    // Without the undo store the diff alone leads back.
    io(std::fs::remove_dir_all(dir.path().join(".heck/state/undo")))?;
    rollback(&repo, &mut patch, How::default(), false)?;
    assert_eq!(snapshot(dir.path())?, before, "without the undo store");
    // And what was written is read as what it is.
    again(&repo, &patch, &after)?;
    assert_eq!(snapshot(dir.path())?, before);
    Ok(())
}

/// The patch's own diff, as if somebody had sent it; and the reversed one.
fn again(repo: &Repo, patch: &Patch, after: &Tree) -> Result<()> {
    let mut second = from_diff(repo, &patch.diff, "again", Origin::default())?.0;
    Store::open(repo)?.add(&second)?;
    apply(repo, &mut second, How::default())?;
    assert_eq!(seen_by_git(&snapshot(repo.root())?), seen_by_git(after));
    let back = from_diff(repo, &reversed(&second.diff)?, "back", Origin::default())?.0;
    assert_eq!(back.meta.files.len(), second.meta.files.len());
    rollback(repo, &mut second, How::default(), false)?;
    Ok(())
}
