//! How a file writes another: relative or through an alias, with or without its ending.

use super::module::{ENDINGS, Modules, is_below, join, matched};
use crate::core::path::dir_of;
use crate::core::refactor::modules::Manner;

impl Modules {
    /// How a file writes another, in the manner of a specifier: relative or through an alias, with or without ending.
    pub fn written(&self, from: &str, to: &str, like: &Manner<'_>) -> Option<String> {
        let target = with_ending(to, like);
        let dir = dir_of(from);
        if !like.specifier.starts_with('.') {
            let around = self.configs.iter().filter(|config| is_below(from, &config.dir));
            for config in around {
                for (pattern, places) in &config.paths {
                    let is_like = pattern.contains('*') && matched(pattern, like.specifier).is_some();
                    let rest = places.iter().filter(|_| is_like).find_map(|place| {
                        let place = join(&config.paths_from, place)?;
                        let (before, after) = place.split_once('*')?;
                        target.strip_prefix(before)?.strip_suffix(after)
                    });
                    if let Some(rest) = rest {
                        return Some(pattern.replacen('*', rest, 1));
                    }
                }
                if let Some(rest) = config.base.as_ref().and_then(|base| target.strip_prefix(base.as_str()))
                    && matched("*", like.specifier).is_some()
                    && self.file(&join(config.base.as_deref().unwrap_or_default(), like.specifier)?).is_some()
                {
                    return Some(rest.trim_start_matches('/').to_owned());
                }
            }
            return None;
        }
        Some(relative(dir, &target))
    }

    /// The path that a relative specifier means.
    pub fn meant(from: &str, specifier: &str) -> Option<String> {
        join(dir_of(from), specifier)
    }

    /// A relative specifier of a path.
    pub fn pointing(from: &str, to: &str) -> String {
        relative(dir_of(from), to)
    }

    /// How a file writes what another one writes as a relative path, whether that is a file of the repository or not.
    pub fn turned(from: &str, specifier: &str, to: &str) -> Option<String> {
        Some(relative(dir_of(to), &join(dir_of(from), specifier)?))
    }
}

/// A path with the ending that specifiers have here.
fn with_ending(to: &str, like: &Manner<'_>) -> String {
    let ending = |path: &str| ENDINGS.iter().filter(|ending| path.ends_with(*ending)).max_by_key(|e| e.len()).copied();
    let (Some(real), Some(theirs)) = (ending(to), ending(like.means)) else { return to.to_owned() };
    let stem = &to[..to.len() - real.len()];
    let written = like.specifier;
    if written.ends_with(theirs) {
        return to.to_owned();
    }
    for (own, compiled) in [(".ts", ".js"), (".tsx", ".js"), (".mts", ".mjs"), (".cts", ".cjs"), (".tsx", ".jsx")] {
        if theirs == own && written.ends_with(compiled) {
            let compiled = match real {
                ".mts" => ".mjs",
                ".cts" => ".cjs",
                ".ts" | ".tsx" => ".js",
                real => real,
            };
            return format!("{stem}{compiled}");
        }
    }
    match stem.strip_suffix("index").filter(|dir| dir.is_empty() || dir.ends_with('/')) {
        Some(dir) if !written.ends_with("index") => dir.trim_end_matches('/').to_owned(),
        _ => stem.to_owned(),
    }
}

/// A path as a directory writes it: `./a`, `../b/c`.
fn relative(dir: &str, to: &str) -> String {
    let from: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = to.split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let up = vec![".."; from.len() - shared];
    let path: Vec<&str> = up.iter().chain(&parts[shared..]).copied().collect();
    match path.first() {
        Some(&"..") => path.join("/"),
        None => ".".to_owned(),
        _ => format!("./{}", path.join("/")),
    }
}
