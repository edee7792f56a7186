//! What applied patches have made of the last commit: the base of what somebody has changed besides.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::{Content, state};
use super::content::Sections;
use super::diff::unified;
use super::hunk::Direction;
use super::meta::State;
use super::store::Store;
use crate::core::Result;

/// What a path may have held before somebody changed it, the last commit's content first, then what each applied patch
/// made of it.
type Steps = BTreeMap<String, Vec<Content>>;

/// Of contents of the last commit, and what the applied patches made of them in the order of their application, those
/// that are nearest to what is there `now`: a patch may have been undone by hand, or by git.
pub fn with_applied(
    store: &Store,
    committed: BTreeMap<String, Content>,
    now: &dyn Fn(&str) -> Content,
) -> Result<BTreeMap<String, Content>> {
    let mut steps: Steps = committed.into_iter().map(|(path, content)| (path, vec![content])).collect();
    for id in in_order(store)? {
        let patch = store.get(&id)?;
        if !patch.meta.files.iter().any(|file| steps.contains_key(&file.path)) {
            continue;
        }
        let meta = &patch.meta;
        let sections = Sections::of(&patch)?;
        let mut made = Vec::new();
        for file in &meta.files {
            // A file on which it does not fit was committed or changed meanwhile.
            let Some(last) = steps.get(&file.path).and_then(|all| all.last()).filter(|last| state(last) == file.before)
            else {
                continue;
            };
            let read = |path: &str| match path == file.path {
                true => Ok(last.clone()),
                false => Ok(steps.get(path).and_then(|all| all.last()).cloned().flatten()),
            };
            let after = match &file.after {
                None => Some(None),
                Some(to) => sections
                    .content(&file.path, Direction::Forward, &read)
                    .ok()
                    .map(|bytes| Some((to.mode.clone(), bytes)))
                    .filter(|made| state(made) == file.after),
            };
            made.extend(after.map(|after| (file.path.clone(), after)));
        }
        for (path, content) in made {
            steps.entry(path).or_default().push(content);
        }
    }
    let nearest = |(path, all): (String, Vec<Content>)| {
        let now = now(&path);
        // Of equally near ones the last.
        let best = all.into_iter().rev().min_by_key(|step| distance(step, &now));
        (path, best.flatten())
    };
    Ok(steps.into_iter().map(nearest).collect())
}

/// The applied patches in the order of their application, with those in their places that others have taken out since:
/// what takes them out lies on what they made.
fn in_order(store: &Store) -> Result<Vec<String>> {
    let mut all = store.find_all()?;
    let ids: BTreeSet<String> = all.iter().map(|meta| meta.id.clone()).collect();
    all.retain(|meta| meta.state == State::Applied);
    let mut order: BTreeSet<(String, String)> = BTreeSet::new();
    for meta in &all {
        order.insert((meta.applied_at().to_owned(), meta.id.clone()));
        let taken = meta.turns.iter().filter(|turn| turn.outside.state == State::Applied && ids.contains(&turn.id));
        order.extend(taken.map(|turn| (turn.outside.at(&turn.id).to_owned(), turn.id.clone())));
    }
    Ok(order.into_iter().map(|(_, id)| id).collect())
}

/// How many lines lie between two contents; a mode counts for one.
fn distance(a: &Content, b: &Content) -> usize {
    match (a, b) {
        (None, None) => 0,
        (Some((_, bytes)), None) | (None, Some((_, bytes))) => super::diff::lines(bytes).len() + 1,
        (Some((a_mode, a)), Some((b_mode, b))) => {
            let (_, added, removed) = if a == b { (Vec::new(), 0, 0) } else { unified(a, b) };
            added + removed + usize::from(a_mode != b_mode)
        }
    }
}
