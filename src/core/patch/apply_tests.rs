//! Apply, rollback and recovery over real trees.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::{rollback, rollback_all};
use super::*;
use crate::core::fs;
use crate::core::patch::meta::{FileState, digest};
use crate::core::patch::txn::Manifest;
use crate::core::patch::{Draft, Origin, recover};

type Files = BTreeMap<String, Vec<u8>>;

fn repo(files: &[(&str, &str)]) -> Result<(tempfile::TempDir, Repo)> {
    let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
    fs::create_dirs(&dir.path().join(".git"))?;
    for (path, text) in files {
        fs::write_atomic(&dir.path().join(path), text.as_bytes())?;
    }
    let repo = Repo::discover(dir.path())?;
    Ok((dir, repo))
}

fn snapshot(root: &Path) -> Files {
    fn walk(dir: &Path, root: &Path, all: &mut Files) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
            if name == ".git" || name == ".heck" {
                continue;
            }
            if path.is_dir() {
                walk(&path, root, all);
            } else {
                all.insert(name, std::fs::read(&path).unwrap_or_default());
            }
        }
    }
    let mut all = Files::new();
    walk(root, root, &mut all);
    all
}

fn three_kinds(repo: &Repo) -> Result<Patch> {
    let mut draft = Draft::new("three kinds");
    draft.edit("a.txt", None, 0..1, b"A".to_vec())?;
    draft.write("new/deep/b.txt", b"fresh".to_vec(), Some(true))?;
    draft.delete("old/c.txt")?;
    let patch = draft.build(repo, Origin::default())?;
    Store::open(repo)?.add(&patch)?;
    Ok(patch)
}

const FILES: [(&str, &str); 3] = [("a.txt", "a\r\nno newline"), ("old/c.txt", "gone\n"), ("keep", "")];

#[test]
fn apply_then_rollback_is_the_identity_and_redo_is_apply() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let before = snapshot(dir.path());
    let mut patch = three_kinds(&repo)?;
    apply(&repo, &mut patch, How::default())?;
    let after = snapshot(dir.path());
    assert_eq!(after.get("a.txt").map(Vec::as_slice), Some(&b"A\r\nno newline"[..]));
    assert!(after.contains_key("new/deep/b.txt") && !after.contains_key("old/c.txt"));
    assert!(!dir.path().join("old").exists());
    assert!(apply(&repo, &mut patch, How::default()).is_err());
    rollback(&repo, &mut patch, How::default(), false)?;
    assert_eq!(snapshot(dir.path()), before);
    assert!(!dir.path().join("new").exists());
    apply(&repo, &mut patch, How::default())?;
    assert_eq!(snapshot(dir.path()), after);
    Ok(())
}

#[test]
fn a_changed_file_stops_everything_before_the_first_write() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let mut patch = three_kinds(&repo)?;
    fs::write_atomic(&dir.path().join("old/c.txt"), b"someone was here\n")?;
    let before = snapshot(dir.path());
    assert_eq!(apply(&repo, &mut patch, How::default()).map_err(|e| e.kind()).err(), Some(Kind::Conflict));
    assert_eq!(snapshot(dir.path()), before);
    Ok(())
}

#[test]
fn rollback_names_the_later_patch_in_its_way() -> Result<()> {
    let (_dir, repo) = repo(&FILES)?;
    let mut first = three_kinds(&repo)?;
    apply(&repo, &mut first, How::default())?;
    let mut draft = Draft::new("later");
    draft.edit("a.txt", None, 0..1, b"Z".to_vec())?;
    let mut second = draft.build(&repo, Origin::default())?;
    Store::open(&repo)?.add(&second)?;
    apply(&repo, &mut second, How::default())?;
    let error = rollback(&repo, &mut first, How::default(), false).err();
    let hint = error.and_then(|e| e.detail().hint.clone()).unwrap_or_default();
    assert!(hint.contains(&second.meta.id), "{hint}");
    rollback(&repo, &mut second, How::default(), false)?;
    rollback(&repo, &mut first, How::default(), false)?;
    Ok(())
}

#[test]
fn links_modes_and_hard_links() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let (dir, repo) = repo(&[("x.sh", "echo\n"), ("twin", "t\n")])?;
    let at = |name: &str| dir.path().join(name);
    std::fs::set_permissions(at("x.sh"), std::fs::Permissions::from_mode(0o750))
        .map_err(|e| Error::tool(e.to_string()))?;
    std::fs::hard_link(at("twin"), at("twin2")).map_err(|e| Error::tool(e.to_string()))?;
    let build = |path: &str| -> Result<Patch> {
        let mut draft = Draft::new("t");
        draft.edit(path, None, 0..1, b"Q".to_vec())?;
        draft.build(&repo, Origin::default())
    };
    let mut patch = build("x.sh")?;
    Store::open(&repo)?.add(&patch)?;
    apply(&repo, &mut patch, How::default())?;
    let mode = std::fs::metadata(at("x.sh")).map(|m| m.permissions().mode() & 0o777).ok();
    assert_eq!(mode, Some(0o750));
    let mut twin = build("twin")?;
    assert_eq!(apply(&repo, &mut twin, How::default()).map_err(|e| e.kind()).err(), Some(Kind::Denied));
    assert!(!dir.path().join(".heck/state/txn").exists());
    let parted = How { insist: Insist { hardlinks: true, ..Insist::default() }, wait: false };
    Store::open(&repo)?.add(&twin)?;
    apply(&repo, &mut twin, parted)?;
    assert_eq!(std::fs::read(at("twin2")).ok().as_deref(), Some(&b"t\n"[..]));
    Ok(())
}

#[test]
fn permissions_and_empty_directories_come_back() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let (dir, repo) = repo(&[("key", "secret\n"), ("x.sh", "echo\n")])?;
    let at = |name: &str| dir.path().join(name);
    let mode = |name: &str| std::fs::metadata(at(name)).map(|m| m.permissions().mode() & 0o777).ok();
    for (name, bits) in [("key", 0o600), ("x.sh", 0o744)] {
        std::fs::set_permissions(at(name), std::fs::Permissions::from_mode(bits))
            .map_err(|e| Error::tool(e.to_string()))?;
    }
    fs::create_dirs(&at("empty"))?;
    let mut draft = Draft::new("t");
    draft.delete("key")?;
    draft.write("x.sh", b"echo 2\n".to_vec(), Some(false))?;
    draft.write("empty/f", b"f".to_vec(), None)?;
    let mut patch = draft.build(&repo, Origin::default())?;
    Store::open(&repo)?.add(&patch)?;
    apply(&repo, &mut patch, How::default())?;
    assert_eq!((mode("key"), mode("x.sh")), (None, Some(0o644)));
    rollback(&repo, &mut patch, How::default(), false)?;
    assert_eq!((mode("key"), mode("x.sh")), (Some(0o600), Some(0o744)));
    assert!(at("empty").is_dir());
    Ok(())
}

#[test]
fn records_and_journals_that_lead_out_are_refused() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let patch = three_kinds(&repo)?;
    let json = dir.path().join(format!(".heck/patches/{}.json", patch.meta.id));
    let text = fs::read_text(&json)?;
    for bad in ["../escaped", ".git/hooks/x", "/etc/x"] {
        fs::write_atomic(&json, text.replace("new/deep/b.txt", bad).as_bytes())?;
        assert_eq!(Store::open(&repo)?.get(&patch.meta.id).map_err(|e| e.kind()).err(), Some(Kind::Denied), "{bad}");
    }
    let state = Some(FileState::of(b"x", "100755"));
    let ops = vec![Op { path: "../escaped".into(), before: None, after: state }];
    let manifest = Manifest { id: "t".into(), ops, ..Manifest::default() };
    let manifest = serde_json::to_vec(&manifest).map_err(|e| Error::tool(e.to_string()))?;
    let sealed = [format!("heck-journal 1 {}\n", digest(&manifest)).into_bytes(), manifest].concat();
    let txn = dir.path().join(".heck/state/txn");
    fs::write_atomic(&txn.join("n0"), b"x")?;
    fs::write_atomic(&txn.join("manifest"), &sealed)?;
    assert_eq!(recover(&repo, false).map_err(|e| e.kind()), Err(Kind::Denied));
    assert!(!dir.path().join("../escaped").exists());
    // One that is damaged stops everything as well.
    fs::write_atomic(&txn.join("manifest"), &sealed[..sealed.len() - 1])?;
    assert_eq!(recover(&repo, false).map_err(|e| e.kind()), Err(Kind::Conflict));
    assert!(txn.join("n0").exists());
    Ok(())
}

#[test]
fn several_are_taken_back_at_once_and_one_by_one_again_applied() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let before = snapshot(dir.path());
    let (mut trees, mut patches) = (Vec::new(), Vec::new());
    for text in ["A", "BB", "CCC"] {
        let mut draft = Draft::new(text);
        draft.edit("a.txt", None, 0..1, text.as_bytes().to_vec())?;
        draft.write(&format!("new/{text}"), text.as_bytes().to_vec(), None)?;
        let mut patch = draft.build(&repo, Origin::default())?;
        Store::open(&repo)?.add(&patch)?;
        apply(&repo, &mut patch, How::default())?;
        trees.push(snapshot(dir.path()));
        patches.push(patch);
    }
    let ids: Vec<String> = patches.iter().map(|patch| patch.meta.id.clone()).collect();
    let middle = std::slice::from_ref(&ids[1]);
    assert!(rollback_all(&repo, middle, How::default(), false).is_err());
    let (done, metas) = rollback_all(&repo, &ids[1..], How::default(), false)?;
    assert_eq!((done.files, metas.len()), (3, 2));
    assert_eq!(snapshot(dir.path()), trees[0]);
    rollback_all(&repo, &ids[..1], How::default(), false)?;
    assert_eq!(snapshot(dir.path()), before);
    for (patch, tree) in patches.iter_mut().zip(&trees) {
        apply(&repo, patch, How::default())?;
        assert_eq!(snapshot(dir.path()), *tree);
    }
    Ok(())
}
