//! Apply, rollback and recovery over real trees.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::core::patch::{Draft, Origin, Recovery, recover};

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
    apply(&repo, &mut patch)?;
    let after = snapshot(dir.path());
    assert_eq!(after.get("a.txt").map(Vec::as_slice), Some(&b"A\r\nno newline"[..]));
    assert!(after.contains_key("new/deep/b.txt") && !after.contains_key("old/c.txt"));
    assert!(!dir.path().join("old").exists());
    assert!(apply(&repo, &mut patch).is_err());
    rollback(&repo, &mut patch)?;
    assert_eq!(snapshot(dir.path()), before);
    assert!(!dir.path().join("new").exists());
    apply(&repo, &mut patch)?;
    assert_eq!(snapshot(dir.path()), after);
    Ok(())
}

#[test]
fn a_changed_file_stops_everything_before_the_first_write() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let mut patch = three_kinds(&repo)?;
    fs::write_atomic(&dir.path().join("old/c.txt"), b"someone was here\n")?;
    let before = snapshot(dir.path());
    assert_eq!(apply(&repo, &mut patch).map_err(|e| e.kind()).err(), Some(Kind::Conflict));
    assert_eq!(snapshot(dir.path()), before);
    Ok(())
}

#[test]
fn rollback_names_the_later_patch_in_its_way() -> Result<()> {
    let (_dir, repo) = repo(&FILES)?;
    let mut first = three_kinds(&repo)?;
    apply(&repo, &mut first)?;
    let mut draft = Draft::new("later");
    draft.edit("a.txt", None, 0..1, b"Z".to_vec())?;
    let mut second = draft.build(&repo, Origin::default())?;
    Store::open(&repo)?.add(&second)?;
    apply(&repo, &mut second)?;
    let error = rollback(&repo, &mut first).err();
    let hint = error.and_then(|e| e.detail().hint.clone()).unwrap_or_default();
    assert!(hint.contains(&second.meta.id), "{hint}");
    rollback(&repo, &mut second)?;
    rollback(&repo, &mut first)?;
    Ok(())
}

/// A transaction whose manifest is written, and of which nothing else has been done.
fn begun(repo: &Repo, patch: &Patch, id: &str) -> Result<(Tree, Manifest)> {
    let (tree, places) = (Tree::open(repo.root())?, Places::of(repo));
    let ops: Vec<Op> = patch.meta.files.iter().map(|file| op(file, Direction::Forward)).collect();
    let manifest = Manifest {
        id: id.into(),
        meta: patch.meta.clone(),
        meta_before: Some(patch.meta.clone()),
        make_dirs: dirs_to_make(&tree, &ops)?,
        remove_dirs: dirs_to_remove(&ops),
        ops,
    };
    fs::create_dirs(&places.undo)?;
    stage(&tree, &places, patch, &manifest, Direction::Forward)?;
    journal::write(&places, &manifest)?;
    Ok((tree, manifest))
}

#[test]
fn a_transaction_left_behind_is_finished() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let mut patch = three_kinds(&repo)?;
    apply(&repo, &mut patch)?;
    let after = snapshot(dir.path());
    rollback(&repo, &mut patch)?;
    let before = snapshot(dir.path());
    // Stop after the manifest, and after each operation.
    for done in 0..=3 {
        let (tree, manifest) = begun(&repo, &patch, &format!("t{done}"))?;
        for dir in &manifest.make_dirs {
            tree.make_dir(dir)?;
        }
        for (k, op) in manifest.ops.iter().enumerate().take(done) {
            forward(&tree, &staged(k), op)?;
        }
        assert_eq!(recover(&repo)?, Recovery::Finished(patch.meta.id.clone()));
        assert_eq!(snapshot(dir.path()), after, "after {done} operations");
        patch.meta.state = State::Applied;
        rollback(&repo, &mut patch)?;
        assert_eq!(snapshot(dir.path()), before);
    }
    Ok(())
}

#[test]
fn a_save_in_the_middle_undoes_everything_and_keeps_the_save() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let patch = three_kinds(&repo)?;
    begun(&repo, &patch, "t")?;
    fs::write_atomic(&dir.path().join("old/c.txt"), b"saved meanwhile\n")?;
    assert_eq!(recover(&repo)?, Recovery::Undone(patch.meta.id.clone()));
    let tree = snapshot(dir.path());
    assert_eq!(tree.get("old/c.txt").map(Vec::as_slice), Some(&b"saved meanwhile\n"[..]));
    assert_eq!(tree.get("a.txt").map(Vec::as_slice), Some(FILES[0].1.as_bytes()));
    assert!(!tree.contains_key("new/deep/b.txt"));
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
    apply(&repo, &mut patch)?;
    let mode = std::fs::metadata(at("x.sh")).map(|m| m.permissions().mode() & 0o777).ok();
    assert_eq!(mode, Some(0o750));
    let mut twin = build("twin")?;
    assert_eq!(apply(&repo, &mut twin).map_err(|e| e.kind()).err(), Some(Kind::Denied));
    assert!(!Places::of(&repo).txn.exists());
    Ok(())
}

#[test]
fn a_save_between_exchange_and_look_is_kept_and_told() -> Result<()> {
    let (dir, repo) = repo(&FILES)?;
    let patch = three_kinds(&repo)?;
    let (tree, manifest) = begun(&repo, &patch, "t")?;
    forward(&tree, &staged(0), &manifest.ops[0])?;
    // As if the save had come out of the exchange, and the process had died before it looked.
    std::fs::write(repo.root().join(staged(0)), "a save").map_err(|e| Error::tool(e.to_string()))?;
    let error = recover(&repo).err();
    assert_eq!(error.as_ref().map(Error::kind), Some(Kind::Conflict));
    let kept = std::fs::read_to_string(Places::of(&repo).undo.join("t.undone/n0")).ok();
    assert_eq!(kept.as_deref(), Some("a save"));
    assert_eq!(recover(&repo)?, Recovery::Clean);
    assert!(dir.path().join("old/c.txt").exists());
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
    apply(&repo, &mut patch)?;
    assert_eq!((mode("key"), mode("x.sh")), (None, Some(0o644)));
    rollback(&repo, &mut patch)?;
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
    let places = Places::of(&repo);
    fs::create_dirs(&places.txn)?;
    let mut meta = patch.meta.clone();
    meta.files.clear();
    let state = Some(FileState::of(b"x", "100755"));
    let ops = vec![Op { path: "../escaped".into(), before: None, after: state }];
    let manifest = Manifest { id: "t".into(), meta, meta_before: None, ops, make_dirs: vec![], remove_dirs: vec![] };
    fs::write_atomic(&places.txn.join("n0"), b"x")?;
    journal::write(&places, &manifest)?;
    assert_eq!(recover(&repo).map_err(|e| e.kind()), Err(Kind::Denied));
    assert!(!dir.path().join("../escaped").exists());
    Ok(())
}
