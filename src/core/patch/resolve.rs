//! Which files of the repository the names of a diff mean. Does no I/O itself.

use super::read::{FilePatch, Hunk, HunkLine};

/// How many leading directories were taken off, so that the next file is taken the same way.
#[derive(Debug, Default)]
pub struct Resolver {
    strip: Option<usize>,
}

/// Whether a part of a diff only says what a file begins with.
pub fn is_creation(file: &FilePatch<'_>) -> bool {
    let is_from_nothing = |hunk: &Hunk<'_>| {
        hunk.old_start == 0 && !hunk.is_sloppy && hunk.lines.iter().all(|line| matches!(line, HunkLine::New(_)))
    };
    file.old_path.is_none() || file.hunks.len() == 1 && file.hunks.iter().all(is_from_nothing)
}

fn stripped(name: &str, count: usize) -> Option<&str> {
    (0..count).try_fold(name, |name, _| Some(name.split_once('/')?.1)).filter(|rest| !rest.is_empty())
}

impl Resolver {
    /// For a whole diff: how many directories its names have too many is the same for all of them, so it is what makes the
    /// most files known. One between two directories (`old/x`, `new/x`) has one too many.
    pub fn of(files: &[FilePatch<'_>], exists: &dyn Fn(&str) -> bool) -> Resolver {
        let plain: Vec<&FilePatch<'_>> = files.iter().filter(|file| !file.is_git).collect();
        let names = |file: &FilePatch<'_>| -> Vec<String> {
            let names = file.old_path.iter().chain(&file.new_path);
            names.map(|name| name.trim_start_matches("./").to_owned()).collect()
        };
        let least = usize::from(plain.iter().any(|file| file.is_between));
        let known = |depth: usize| {
            let is_known = |file: &&&FilePatch<'_>| {
                !is_creation(file) && names(file).iter().filter_map(|name| stripped(name, depth)).any(exists)
            };
            plain.iter().filter(is_known).count()
        };
        let deepest =
            plain.iter().flat_map(|file| names(file)).map(|name| name.matches('/').count()).max().unwrap_or(0);
        // Of equally good ones the smallest.
        let best = (least..=deepest).rev().max_by_key(|depth| known(*depth)).filter(|depth| known(*depth) > 0);
        // Where the diff has the usual prefixes, or names two directories, new files alone say enough.
        let is_told = least > 0 || plain.iter().any(|file| file.has_prefixes);
        Resolver { strip: best.or(is_told.then_some(least)) }
    }

    /// The old and the new path of a file's part of a diff. `exists` tells whether the repository has a file, `has_dir`
    /// whether it has a directory.
    pub fn paths(
        &mut self,
        file: &FilePatch<'_>,
        exists: &dyn Fn(&str) -> bool,
        has_dir: &dyn Fn(&str) -> bool,
    ) -> (Option<String>, Option<String>) {
        let (old, new) = (file.old_path.clone(), file.new_path.clone());
        if file.is_git {
            let first = old.as_deref().or(new.as_deref()).unwrap_or_default();
            // Somebody's own prefixes: one directory too many on both sides.
            let is_prefixed = !file.has_prefixes && !exists(first) && stripped(first, 1).is_some_and(exists)
                || !file.has_prefixes && self.strip == Some(1);
            if !is_prefixed {
                return (old, new);
            }
            self.strip = Some(1);
            let bare = |name: Option<String>| name.map(|name| stripped(&name, 1).map_or(name.clone(), str::to_owned));
            return (bare(old), bare(new));
        }
        let names = || old.iter().chain(&new).map(|name| name.trim_start_matches("./"));
        let deepest = names().map(|name| name.matches('/').count()).max().unwrap_or(0);
        let depths = || self.strip.into_iter().chain(0..=deepest);
        // The name that exists, with as few directories taken off as possible; of two names, GNU patch's choice. One that is
        // made is not to be taken for another that is there.
        let searched = || depths().filter(|depth| self.strip.is_none_or(|strip| strip == *depth) || !is_creation(file));
        let found = searched().find_map(|depth| {
            let known = names().filter_map(|name| stripped(name, depth)).find(|name| exists(name))?;
            Some((depth, known.to_owned()))
        });
        if let Some((depth, path)) = found {
            self.strip = Some(depth);
            return (old.map(|_| path.clone()), new.map(|_| path));
        }
        // A new file: where its directory is.
        let parent = |name: &str| name.rsplit_once('/').map_or(String::new(), |(dir, _)| dir.to_owned());
        let homes = depths().find(|depth| {
            names().filter_map(|name| stripped(name, *depth)).any(|name| name.contains('/') && has_dir(&parent(name)))
        });
        let depth = self.strip.or(homes).unwrap_or(0);
        let pick = |name: Option<String>| {
            name.map(|name| {
                let name = name.trim_start_matches("./").to_owned();
                stripped(&name, depth).map_or(name.clone(), str::to_owned)
            })
        };
        (pick(old), pick(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_too_many_are_taken_off() {
        let there = ["src/x.c", "y.c", "a/src/z.c"];
        let exists = |path: &str| there.contains(&path);
        let has_dir = |path: &str| there.iter().any(|known| known.starts_with(&format!("{path}/")));
        let mut resolver = Resolver::default();
        for (old, new, expected) in [
            (Some("src/x.c"), Some("src/x.c"), (Some("src/x.c"), Some("src/x.c"))),
            (Some("pkg-1/src/x.c"), Some("pkg-2/src/x.c"), (Some("src/x.c"), Some("src/x.c"))),
            (Some("pkg-1/src/x.c.orig"), Some("pkg-1/src/x.c"), (Some("src/x.c"), Some("src/x.c"))),
            (None, Some("pkg-2/src/new.c"), (None, Some("src/new.c"))),
            (Some("pkg-1/y.c"), None, (Some("y.c"), None)),
            (Some("./y.c"), Some("./y.c"), (Some("y.c"), Some("y.c"))),
        ] {
            let file = FilePatch {
                old_path: old.map(str::to_owned),
                new_path: new.map(str::to_owned),
                ..FilePatch::default()
            };
            let got = resolver.paths(&file, &exists, &has_dir);
            assert_eq!((got.0.as_deref(), got.1.as_deref()), expected, "{old:?} {new:?}");
        }
        let git = |old: &str, new: &str| {
            let (old_path, new_path) = (Some(old.to_owned()), Some(new.to_owned()));
            let file = FilePatch { old_path, new_path, is_git: true, ..FilePatch::default() };
            Resolver::default().paths(&file, &exists, &has_dir)
        };
        assert_eq!(git("mine/y.c", "theirs/y.c"), (Some("y.c".into()), Some("y.c".into())));
        assert_eq!(git("a/src/z.c", "a/src/z.c"), (Some("a/src/z.c".into()), Some("a/src/z.c".into())));
    }
}
