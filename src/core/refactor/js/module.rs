//! Which file of the repository a module specifier means: relative paths, index files, TypeScript's extensions for
//! JavaScript's, `tsconfig` paths, and packages that the repository holds itself.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value as Json;

use crate::core::path::dir_of;
use crate::core::refactor::Tree;

/// The files that specifiers can mean.
pub struct Modules {
    files: HashSet<String>,
    pub(super) configs: Vec<Config>,
    packages: BTreeMap<String, Package>,
}

/// A `tsconfig.json` that renames paths.
pub(super) struct Config {
    pub(super) dir: String,
    /// Where specifiers without a dot are looked for.
    pub(super) base: Option<String>,
    /// Patterns with at most one `*`, and what they stand for, relative to `paths_from`.
    pub(super) paths: Vec<(String, Vec<String>)>,
    pub(super) paths_from: String,
}

/// A package of the repository.
struct Package {
    dir: String,
    json: Json,
}

/// Endings in the order in which TypeScript tries them.
pub(super) const ENDINGS: [&str; 10] = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"];

impl Modules {
    /// Reads the configuration files of a tree.
    pub fn read(tree: &dyn Tree) -> Modules {
        let files: HashSet<String> = tree.paths().iter().cloned().collect();
        let (mut configs, mut packages) = (Vec::new(), BTreeMap::new());
        for path in tree.paths() {
            let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
            if dir.split('/').any(|part| part == "node_modules") {
                continue;
            }
            match name {
                "tsconfig.json" | "jsconfig.json" | "tsconfig.base.json" => {
                    configs.extend(Config::read(tree, path, dir, 0));
                }
                "package.json" => {
                    let json: Option<Json> = tree.read(path).and_then(|text| serde_json::from_str(&text).ok());
                    if let Some(json) = json
                        && let Some(name) = json.get("name").and_then(Json::as_str)
                    {
                        packages.insert(name.to_owned(), Package { dir: dir.to_owned(), json: json.clone() });
                    }
                }
                _ => {}
            }
        }
        // The nearest directory first.
        configs.sort_by_key(|config| std::cmp::Reverse(config.dir.len()));
        Modules { files, configs, packages }
    }

    /// The file that a specifier means in a file, if it is one of the repository's.
    pub fn find(&self, from: &str, specifier: &str) -> Option<String> {
        let specifier = specifier.split(['?', '#']).next().filter(|s| !s.is_empty()).unwrap_or(specifier);
        let dir = dir_of(from);
        if specifier.starts_with("./") || specifier.starts_with("../") || specifier == "." || specifier == ".." {
            return self.file(&join(dir, specifier)?);
        }
        let around = self.configs.iter().filter(|config| is_below(from, &config.dir));
        for config in around {
            for (pattern, targets) in &config.paths {
                let Some(rest) = matched(pattern, specifier) else { continue };
                let found = targets
                    .iter()
                    .find_map(|target| self.file(&join(&config.paths_from, &target.replacen('*', rest, 1))?));
                if found.is_some() {
                    return found;
                }
            }
            if let Some(base) = &config.base
                && let Some(found) = self.file(&join(base, specifier)?)
            {
                return Some(found);
            }
        }
        self.package(specifier)
    }

    /// A package of the repository, by its name, or a file inside it.
    fn package(&self, specifier: &str) -> Option<String> {
        let ends = specifier.match_indices('/').map(|(at, _)| at).chain([specifier.len()]);
        let (name, package) = ends.filter_map(|end| self.packages.get_key_value(&specifier[..end])).next_back()?;
        let rest = specifier[name.len()..].trim_start_matches('/');
        let entry = match rest {
            "" => ".".to_owned(),
            rest => format!("./{rest}"),
        };
        let mut targets = Vec::new();
        if let Some(exports) = package.json.get("exports") {
            offered(exports, &entry, &mut targets);
        }
        if rest.is_empty() {
            let named = ["source", "types", "typings", "module", "main"];
            targets.extend(named.iter().filter_map(|key| package.json.get(*key)?.as_str()).map(str::to_owned));
        }
        let within = |target: &str| self.file(&join(&package.dir, target)?);
        targets.iter().find_map(|target| within(target).or_else(|| within(&source_of(target)?))).or_else(|| {
            let plain: Vec<String> = match rest {
                "" => vec!["src/index".to_owned(), "index".to_owned(), "src/main".to_owned()],
                rest => vec![format!("src/{rest}"), rest.to_owned()],
            };
            plain.iter().find_map(|target| within(target))
        })
    }

    /// The file at a path without or with an ending that is not the file's own.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        let known = |path: String| self.files.contains(&path).then_some(path);
        let is_code = ENDINGS.iter().any(|ending| path.ends_with(ending));
        // `./a.js` means `a.ts` where that is there.
        for (written, real) in [
            (".js", [".ts", ".tsx", ".d.ts"].as_slice()),
            (".jsx", &[".tsx", ".d.ts"]),
            (".mjs", &[".mts", ".d.mts"]),
            (".cjs", &[".cts", ".d.cts"]),
        ] {
            if let Some(stem) = path.strip_suffix(written)
                && let Some(found) = real.iter().find_map(|real| known(format!("{stem}{real}")))
            {
                return Some(found);
            }
        }
        if is_code && self.files.contains(path) {
            return Some(path.to_owned());
        }
        let beside = ENDINGS.iter().find_map(|ending| known(format!("{path}{ending}")));
        let index = || {
            let path = if path.is_empty() { String::new() } else { format!("{path}/") };
            ENDINGS.iter().find_map(|ending| known(format!("{path}index{ending}")))
        };
        beside.or_else(index)
    }
}

impl Config {
    fn read(tree: &dyn Tree, path: &str, dir: &str, depth: usize) -> Option<Config> {
        let json: Json = serde_json::from_str(&without_comments(&tree.read(path)?)).ok()?;
        let mut config = Config { dir: dir.to_owned(), base: None, paths: Vec::new(), paths_from: dir.to_owned() };
        let parents: Vec<&str> = match json.get("extends") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        };
        for parent in parents.into_iter().filter(|parent| parent.starts_with('.') && depth < 10) {
            let parent = join(dir, parent)?;
            let named = [parent.clone(), format!("{parent}.json"), format!("{parent}/tsconfig.json")];
            let Some(parent) = named.iter().find(|path| tree.paths().binary_search(path).is_ok()) else { continue };
            let parent_dir = dir_of(parent);
            if let Some(inherited) = Config::read(tree, parent, parent_dir, depth + 1) {
                config = Config { dir: dir.to_owned(), ..inherited };
            }
        }
        let options = json.get("compilerOptions");
        if let Some(base) = options.and_then(|o| o.get("baseUrl")).and_then(Json::as_str) {
            config.base = join(dir, base);
            config.paths_from = config.base.clone().unwrap_or_default();
        }
        if let Some(paths) = options.and_then(|o| o.get("paths")).and_then(Json::as_object) {
            if options.and_then(|o| o.get("baseUrl")).is_none() {
                config.paths_from = config.base.clone().unwrap_or_else(|| dir.to_owned());
            }
            config.paths = paths
                .iter()
                .map(|(pattern, targets)| {
                    let targets = targets.as_array().into_iter().flatten().filter_map(Json::as_str);
                    (pattern.clone(), targets.map(str::to_owned).collect())
                })
                .collect();
            // The longest pattern is the most exact.
            config.paths.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.split('*').next().map(str::len)));
        }
        (config.base.is_some() || !config.paths.is_empty() || depth > 0).then_some(config)
    }
}

/// What an `exports` map offers for an entry, whatever the conditions.
fn offered(exports: &Json, entry: &str, out: &mut Vec<String>) {
    match exports {
        Json::String(target) if entry == "." => out.push(target.clone()),
        Json::Object(map) if map.keys().any(|key| key.starts_with('.')) => {
            for (pattern, target) in map {
                if let Some(rest) = matched(pattern, entry) {
                    let mut found = Vec::new();
                    leaves(target, &mut found);
                    out.extend(found.iter().map(|target| target.replacen('*', rest, 1)));
                }
            }
        }
        conditions if entry == "." => leaves(conditions, out),
        _ => {}
    }
}

fn leaves(json: &Json, out: &mut Vec<String>) {
    match json {
        Json::String(target) => out.push(target.clone()),
        Json::Object(map) => map.values().for_each(|value| leaves(value, out)),
        Json::Array(list) => list.iter().for_each(|value| leaves(value, out)),
        _ => {}
    }
}

/// The source that a built file most likely comes from.
fn source_of(target: &str) -> Option<String> {
    let path = target.trim_start_matches("./");
    let (first, rest) = path.split_once('/')?;
    if !matches!(first, "dist" | "build" | "lib" | "out" | "esm" | "cjs" | "es" | "types") {
        return None;
    }
    let rest = ["esm/", "cjs/", "modern/", "legacy/", "src/", "types/"]
        .iter()
        .fold(rest, |rest, part| rest.strip_prefix(part).unwrap_or(rest));
    let stem = [".d.ts", ".d.cts", ".d.mts", ".js", ".cjs", ".mjs"]
        .iter()
        .find_map(|ending| rest.strip_suffix(ending))
        .unwrap_or(rest);
    Some(format!("src/{stem}"))
}

/// What `*` stands for, if a pattern fits.
pub(super) fn matched<'s>(pattern: &str, specifier: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        None => (pattern == specifier).then_some(""),
        Some((before, after)) => specifier.strip_prefix(before)?.strip_suffix(after),
    }
}

pub(super) fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// A path relative to a directory; `None` where it leaves the repository.
pub(super) fn join(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// JSON as TypeScript's configuration has it, with comments and trailing commas, made plain.
fn without_comments(text: &str) -> String {
    let (mut out, mut chars) = (String::with_capacity(text.len()), text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            ']' | '}' => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
                out.push(c);
            }
            '\u{feff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::refactor::texts::Texts;

    #[test]
    fn specifiers_mean_files() {
        let files = Texts::new(&[
            ("src/a.ts", ""),
            ("src/b/index.tsx", ""),
            ("src/c.d.ts", ""),
            ("src/x.y.ts", ""),
            (
                "tsconfig.json",
                "{ // c\n \"compilerOptions\": { \"paths\": { \"@/*\": [\"./src/*\"], \"*\": [\"./types/*\",], }, }, }",
            ),
            (
                "packages/core/package.json",
                r#"{"name":"@x/core","exports":{".":{"import":"./dist/index.js"},"./sub/*":"./dist/sub/*.js"}}"#,
            ),
            ("packages/core/src/index.ts", ""),
            ("packages/core/src/sub/s.ts", ""),
        ]);
        let modules = Modules::read(&files);
        for (from, specifier, expected) in [
            ("src/a.ts", "./b", Some("src/b/index.tsx")),
            ("src/b/index.tsx", "../a.js", Some("src/a.ts")),
            ("src/b/index.tsx", "..", None),
            ("src/a.ts", "./c", Some("src/c.d.ts")),
            ("src/a.ts", "./x.y", Some("src/x.y.ts")),
            ("src/a.ts", "@/b", Some("src/b/index.tsx")),
            ("src/a.ts", "@x/core", Some("packages/core/src/index.ts")),
            ("src/a.ts", "@x/core/sub/s", Some("packages/core/src/sub/s.ts")),
            ("src/a.ts", "react", None),
            ("src/a.ts", "../../out", None),
        ] {
            assert_eq!(modules.find(from, specifier).as_deref(), expected, "{specifier} in {from}");
        }
    }
}
