//! Every step of a transaction goes wrong once, in every way: the tree is the old one or the new one afterwards.

use std::collections::BTreeMap;

use super::model::{Fault, ModelDisk};
use super::*;
use crate::core::patch::dice::Dice;
use crate::core::patch::meta::{FileState, Meta, Origin, State};

type Tree = BTreeMap<String, (u32, Vec<u8>)>;

struct Given(BTreeMap<String, Vec<u8>>);

impl Contents for Given {
    fn content(&self, op: &Op, _: Option<&Found>) -> Result<Vec<u8>> {
        Ok(self.0.get(&op.path).cloned().unwrap_or_default())
    }
    fn backup(&self, _: &str) -> Option<String> {
        None
    }
    fn bits(&self, _: &str) -> Option<u32> {
        None
    }
    fn conflict(&self, op: &Op, _: Option<&FileState>) -> Error {
        Error::new(Kind::Conflict, op.path.clone())
    }
}

/// A change of every kind: an edit, two creations, deletions that empty directories, a file that becomes a
/// directory and a directory that becomes a file, a swap.
const CHANGE: [(&str, Option<&str>, Option<&str>); 9] = [
    ("a", Some("A"), Some("B")),
    ("b", Some("B"), Some("A")),
    ("deep/er/edited", Some("one\ntwo\n"), Some("one\n2\n")),
    ("gone/for/good", Some("bye"), None),
    ("new/dir/x", None, Some("x")),
    ("new/y", None, Some("")),
    ("to-dir", Some("file"), None),
    ("to-dir/inner", None, Some("inner")),
    ("to-file/inner", Some("inner"), None),
];

struct Change {
    manifest: Manifest,
    records: Vec<Vec<u8>>,
    contents: Given,
}

fn state_of(text: Option<&str>) -> Option<FileState> {
    text.map(|text| FileState::of(text.as_bytes(), "100644"))
}

/// The disk before, and the transaction.
fn job() -> Result<(ModelDisk, Change)> {
    let disk = ModelDisk::new();
    disk.put("keep/k", 0o600, b"kept");
    let mut meta = Meta {
        id: "p".into(),
        title: "t".into(),
        state: State::Pending,
        created: String::new(),
        origin: Origin::default(),
        digest: String::new(),
        undo: None,
        dirs: None,
        parents: Vec::new(),
        turns: Vec::new(),
        broken: None,
        files: Vec::new(),
    };
    disk.put(".heck/patches/p.json", 0o644, &meta.to_bytes()?);
    let mut ops = Vec::new();
    let mut contents = BTreeMap::new();
    let to_file = ("to-file", None, Some("now a file"));
    for (path, before, after) in CHANGE.into_iter().chain([to_file]) {
        if let Some(before) = before {
            disk.put(path, 0o640, before.as_bytes());
        }
        if let Some(after) = after {
            contents.insert(path.to_owned(), after.as_bytes().to_vec());
        }
        ops.push(Op { path: path.to_owned(), before: state_of(before), after: state_of(after) });
    }
    let plan = plan(&disk, ops, &Known::default(), Insist::default())?;
    let record = Record { id: "p".into(), before: meta.standing() };
    meta.state = State::Applied;
    let Plan { ops, remove_dirs, make_dirs } = plan;
    let manifest = Manifest { id: "p.1".into(), ops, remove_dirs, make_dirs, records: vec![record] };
    Ok((disk, Change { manifest, records: vec![meta.to_bytes()?], contents: Given(contents) }))
}

fn carry_out(disk: &ModelDisk, change: &Change) -> Result<Vec<String>> {
    let places = Places::of(disk)?;
    let Change { manifest, records, contents } = change;
    run(disk, &Job { places, manifest, records, contents, insist: Insist::default() })
}

fn recovered(disk: &ModelDisk) -> Result<Recovery> {
    recover(disk, Places::of(disk)?)
}

fn before_and_after() -> Result<(Tree, Tree)> {
    let (disk, job) = job()?;
    let before = disk.snapshot(".heck");
    carry_out(&disk, &job)?;
    let after = disk.snapshot(".heck");
    assert_ne!(before, after);
    Ok((before, after))
}

/// What the record says must be what the tree is.
fn check(disk: &ModelDisk, before: &Tree, after: &Tree, what: &str) -> bool {
    let tree = disk.snapshot(".heck");
    assert!(tree == *before || tree == *after, "{what}: a mixed tree: {tree:#?}\n{:?}", disk.snapshot("-").keys());
    let all = disk.snapshot("-");
    let record: Meta = serde_json::from_slice(&all[".heck/patches/p.json"].1).expect("a record that can be read");
    let is_after = tree == *after;
    assert_eq!(record.state == State::Applied, is_after, "{what}: the record does not fit the tree");
    assert!(!all.keys().any(|path| path.starts_with(".heck/state/txn")), "{what}: something is left behind");
    is_after
}

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EROFS: i32 = 30;

#[test]
fn whatever_goes_wrong_at_whichever_step() -> Result<()> {
    let (before, after) = before_and_after()?;
    for flags in [true, false] {
        for fault in [
            Fault::Kill,
            Fault::Torn,
            Fault::Short,
            Fault::Fail(ENOSPC),
            Fault::Fail(EIO),
            Fault::Sticky(ENOSPC),
            Fault::Sticky(EROFS),
        ] {
            let (start, job) = job()?;
            if !flags {
                start.without_flags();
            }
            let mut points = 0;
            loop {
                let disk = start.clone();
                disk.fault(points + 1, fault);
                let result = carry_out(&disk, &job);
                if !disk.has_fired() {
                    assert!(result.is_ok(), "{fault:?}: {:?}", result.err());
                    break;
                }
                points += 1;
                let what = format!("{fault:?} at {points}, flags {flags}");
                disk.revive();
                recovered(&disk).map_err(|e| Error::tool(format!("{what}: {e}")))?;
                let is_after = check(&disk, &before, &after, &what);
                assert!(result.is_err() || is_after, "{what}: said to be done and is not");
                assert_eq!(recovered(&disk)?, Recovery::Clean, "{what}: a second recovery found something");
            }
            let enough = if matches!(fault, Fault::Torn | Fault::Short) { 5 } else { 60 };
            assert!(points >= enough, "{fault:?}: only {points} points");
        }
    }
    Ok(())
}

#[test]
fn recovery_that_is_killed_as_well() -> Result<()> {
    let (before, after) = before_and_after()?;
    for flags in [true, false] {
        for first in [Fault::Kill, Fault::Sticky(EIO)] {
            let (start, job) = job()?;
            if !flags {
                start.without_flags();
            }
            for at in 1.. {
                let disk = start.clone();
                disk.fault(at, first);
                let _ = carry_out(&disk, &job);
                if !disk.has_fired() {
                    break;
                }
                for second in 1.. {
                    let disk = disk.clone();
                    disk.fault(second, Fault::Kill);
                    let _ = recovered(&disk);
                    let fired = disk.has_fired();
                    disk.revive();
                    recovered(&disk)?;
                    check(&disk, &before, &after, &format!("{first:?} at {at}, recovery killed at {second}"));
                    if !fired {
                        break;
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_directory_that_takes_a_files_place_is_put_back() -> Result<()> {
    let (start, job) = job()?;
    for at in 1.. {
        let disk = start.clone();
        disk.fault(at, Fault::Dir);
        let result = carry_out(&disk, &job);
        if !disk.has_fired() {
            return Ok(());
        }
        disk.revive();
        recovered(&disk).map_err(|e| Error::tool(format!("a directory at {at}: {e}")))?;
        assert_eq!(recovered(&disk)?, Recovery::Clean);
        let tree = disk.snapshot(".heck");
        let all = disk.snapshot("-");
        assert!(all.values().any(|(_, data)| data == b"work"), "at {at}: what lay in the directory is lost");
        assert!(
            tree.contains_key("deep/er/edited/work") || result.is_err(),
            "at {at}: it is hidden, and nobody said so"
        );
    }
    Ok(())
}

#[test]
fn a_power_cut_at_every_step() -> Result<()> {
    let (before, after) = before_and_after()?;
    let (start, job) = job()?;
    let mut dice = Dice::new(1);
    for at in 1.. {
        let disk = start.clone();
        disk.fault(at, Fault::Kill);
        let result = carry_out(&disk, &job);
        let fired = disk.has_fired();
        for luck in 0..24 {
            let cut = match luck {
                0 => disk.cut(|| false),
                1 => disk.cut(|| true),
                _ => disk.cut(|| dice.roll(2) == 0),
            };
            // A second cut, in the midst of the recovery.
            if luck > 2 {
                cut.fault(luck, Fault::Kill);
                let _ = recovered(&cut);
            }
            let cut = cut.cut(|| dice.roll(2) == 0);
            recovered(&cut).map_err(|e| Error::tool(format!("cut at {at}: {e}")))?;
            let is_after = check(&cut, &before, &after, &format!("cut at {at}, luck {luck}"));
            assert!(result.is_err() || is_after, "success was reported, and a power cut took it back");
        }
        if !fired {
            assert!(result.is_ok());
            return Ok(());
        }
    }
    Ok(())
}

#[test]
fn nobody_elses_save_is_lost() -> Result<()> {
    let editors: [(&str, Option<&[u8]>); 6] = [
        ("a", Some(b"an editor wrote this")),
        ("deep/er/edited", Some(b"an editor wrote this")),
        ("gone/for/good", Some(b"an editor wrote this")),
        ("new/y", Some(b"an editor wrote this")),
        ("to-file", Some(b"an editor wrote this")),
        ("a", None),
    ];
    for flags in [true, false] {
        for (n, (path, data)) in editors.iter().enumerate() {
            let (start, job) = job()?;
            start.editors(&editors);
            if !flags {
                start.without_flags();
            }
            for at in 1.. {
                let disk = start.clone();
                disk.fault(at, Fault::Edit(n));
                let result = carry_out(&disk, &job);
                if !disk.has_fired() {
                    break;
                }
                let saved = disk.has_saved();
                disk.revive();
                recovered(&disk)?;
                let tree = disk.snapshot(".heck");
                let what = format!("{path} at {at}, flags {flags}: {:?}", result.as_ref().err());
                // A directory may have been in the way; then nobody has saved anything.
                if let Some(data) = data.filter(|_| saved) {
                    assert!(disk.holds(data), "{what}: the save is lost");
                    let visible = tree.get(*path).is_some_and(|(_, content)| content == data);
                    assert!(visible || result.is_err(), "{what}: the save is hidden, and nobody said so");
                }
            }
        }
    }
    Ok(())
}
