//! Rollbacks and redos in any order: what is refused changes nothing, and the records say what the tree has.

use std::collections::BTreeMap;

use super::*;
use crate::core::fs;
use crate::core::patch::dice::Dice;
use crate::core::patch::{Draft, Origin, apply};

type Seen = (BTreeMap<String, State>, [String; 2]);

const FILES: [&str; 2] = ["f", "g"];

fn base() -> String {
    (0..80).map(|n| format!("line {n:02}\n")).collect()
}

/// Applies a patch that puts a word of its own on a line of its own into one file or both.
fn put(repo: &Repo, n: usize, dice: &mut Dice) -> Result<String> {
    let mut draft = Draft::new(format!("p{n}"));
    let at = (10 + n * 16) * 8;
    let which = dice.roll(3);
    for (k, path) in FILES.iter().enumerate().filter(|(k, _)| which == 2 || which == *k) {
        draft.edit(path, None, at..at + 7, format!("TOKEN{n}{k}").into_bytes()[..7].to_vec())?;
    }
    let mut patch = draft.build(repo, Origin::default())?;
    Store::open(repo)?.add(&patch)?;
    apply(repo, &mut patch, How::default())?;
    Ok(patch.meta.id)
}

fn seen(repo: &Repo) -> Result<Seen> {
    let states = Store::open(repo)?.find_all()?.into_iter().map(|meta| (meta.id, meta.state)).collect();
    let read = |path: &str| fs::read(&repo.root().join(path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((states, [read(FILES[0])?, read(FILES[1])?]))
}

/// One step; what it was, and whether it was done.
fn step(repo: &Repo, dice: &mut Dice, own: &[String]) -> Result<(String, bool)> {
    let all: Vec<String> = Store::open(repo)?.find_all()?.into_iter().map(|meta| meta.id).collect();
    let any = |dice: &mut Dice| all[dice.roll(all.len())].clone();
    let ids = match dice.roll(5) {
        0 | 1 => vec![any(dice)],
        2 => vec![own[dice.roll(own.len())].clone()],
        3 => vec![any(dice), any(dice)],
        _ => {
            let id = any(dice);
            let mut patch = Store::open(repo)?.get(&id)?;
            let done = patch.meta.state == State::RolledBack && apply(repo, &mut patch, How::default()).is_ok();
            return Ok((format!("redo {id}"), done));
        }
    };
    let mut once = ids;
    once.dedup();
    let done = rollback_all(repo, &once, How::default(), false).is_ok();
    Ok((format!("rollback {once:?}"), done))
}

#[test]
fn records_say_what_the_tree_has_after_any_steps() -> Result<()> {
    let (mut taken_out, mut refused) = (0, 0);
    for seed in 1..=25 {
        let dir = tempfile::tempdir().map_err(|e| Error::tool(e.to_string()))?;
        fs::create_dirs(&dir.path().join(".git"))?;
        for path in FILES {
            fs::write_atomic(&dir.path().join(path), base().as_bytes())?;
        }
        let repo = Repo::discover(dir.path())?;
        let mut dice = Dice::new(seed);
        let own = (0..4).map(|n| put(&repo, n, &mut dice)).collect::<Result<Vec<_>>>()?;
        let mut log = Vec::new();
        for _ in 0..10 {
            let before = seen(&repo)?;
            let (what, done) = step(&repo, &mut dice, &own)?;
            log.push((what, done));
            let after = seen(&repo)?;
            if !done {
                refused += 1;
                assert_eq!(before, after, "seed {seed}: refused, and something has changed: {log:?}");
            }
            for (n, id) in own.iter().enumerate() {
                let has = after.1.iter().any(|text| text.contains(&format!("TOKEN{n}")));
                assert_eq!(after.0[id] == State::Applied, has, "seed {seed}: patch {n} after {log:?}");
            }
        }
        taken_out += usize::from(seen(&repo)?.0.len() > own.len());
    }
    assert!(taken_out > 10 && refused > 20, "{taken_out} of 25 took something out, {refused} steps were refused");
    Ok(())
}
