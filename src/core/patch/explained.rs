//! What applied patches have made of the last commit: the base of what somebody has changed besides.

use std::collections::BTreeMap;

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
    let mut applied = store.find_all()?;
    applied.retain(|meta| meta.state == State::Applied && meta.files.iter().any(|file| steps.contains_key(&file.path)));
    applied.sort_by(|a, b| a.applied_at().cmp(b.applied_at()));
    for meta in applied {
        let patch = store.get(&meta.id)?;
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
