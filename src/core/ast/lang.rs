//! The languages heck parses, and how ast-grep's patterns are written in each.

use std::borrow::Cow;

use ast_grep_core::Language;
use ast_grep_core::matcher::{Pattern, PatternBuilder, PatternError};
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use serde::{Deserialize, Deserializer};

use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// A language that heck parses. JSX is part of JavaScript, as it is for ast-grep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// `.ts .mts .cts`
    TypeScript,
    /// `.tsx`
    Tsx,
    /// `.js .jsx .mjs .cjs`
    JavaScript,
    /// `.py .py3 .pyi .bzl .bazel`
    Python,
    /// `.go`
    Go,
}

/// Languages whose files can name each other's things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// JavaScript and TypeScript.
    JavaScript,
    /// Python.
    Python,
    /// Go.
    Go,
}

/// Every name a user may write, the canonical one of each language first.
const NAMES: [(Lang, &[&str]); 5] = [
    (Lang::TypeScript, &["ts", "typescript"]),
    (Lang::Tsx, &["tsx"]),
    (Lang::JavaScript, &["js", "javascript", "jsx"]),
    (Lang::Python, &["py", "python"]),
    (Lang::Go, &["go", "golang"]),
];

impl Lang {
    /// Every language.
    pub const ALL: [Lang; 5] = [Lang::TypeScript, Lang::Tsx, Lang::JavaScript, Lang::Python, Lang::Go];

    /// The languages with whose files one can share names.
    pub fn family(self) -> Family {
        match self {
            Lang::TypeScript | Lang::Tsx | Lang::JavaScript => Family::JavaScript,
            Lang::Python => Family::Python,
            Lang::Go => Family::Go,
        }
    }

    /// The language of a file name.
    pub fn from_path(path: &str) -> Option<Lang> {
        let name = path.rsplit('/').next().unwrap_or(path);
        Some(match name.rsplit_once('.')?.1 {
            "ts" | "mts" | "cts" => Lang::TypeScript,
            "tsx" => Lang::Tsx,
            "js" | "jsx" | "mjs" | "cjs" => Lang::JavaScript,
            "py" | "py3" | "pyi" | "bzl" | "bazel" => Lang::Python,
            "go" => Lang::Go,
            _ => return None,
        })
    }

    /// The language with a name such as `ts` or `Python`.
    pub fn from_name(name: &str) -> Result<Lang> {
        let lower = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(lang, _)| *lang).ok_or_else(|| {
            Error::usage(format!("unknown language '{name}'"))
                .maybe_hint(suggestion(name, NAMES.iter().map(|(_, names)| names[0])))
        })
    }

    /// The short name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(lang, _)| *lang == self).map_or("", |(_, names)| names[0])
    }

    /// One step of indentation, where a file has none to learn it from.
    pub fn indentation(self) -> &'static str {
        match self {
            Lang::Go => "\t",
            Lang::Python => "    ",
            _ => "  ",
        }
    }

    /// The character that stands for `$` where the language has no `$` in names.
    fn expando(self) -> char {
        match self {
            Lang::Python | Lang::Go => 'µ',
            _ => '$',
        }
    }
}

impl Language for Lang {
    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        match self.expando() {
            '$' => Cow::Borrowed(query),
            expando => Cow::Owned(with_expando(expando, query)),
        }
    }

    fn expando_char(&self) -> char {
        self.expando()
    }

    fn from_path<P: AsRef<std::path::Path>>(path: P) -> Option<Self> {
        Lang::from_path(path.as_ref().to_str()?)
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        self.get_ts_language().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        self.get_ts_language().field_id_for_name(field).map(std::num::NonZero::get)
    }

    fn build_pattern(&self, builder: &PatternBuilder) -> std::result::Result<Pattern, PatternError> {
        builder.build(|src| StrDoc::try_new(src, *self))
    }
}

impl LanguageExt for Lang {
    fn get_ts_language(&self) -> TSLanguage {
        match self {
            Lang::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Lang::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Lang::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Lang::Python => tree_sitter_python::LANGUAGE.into(),
            Lang::Go => tree_sitter_go::LANGUAGE.into(),
        }
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Lang::from_name(&name).map_err(serde::de::Error::custom)
    }
}

/// Puts the expando in place of each `$` that begins a metavariable: `$A`, `$$$`, `$$$A`, `$_`.
fn with_expando(expando: char, query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let count = rest[at..].chars().take_while(|c| *c == '$').count();
        rest = &rest[at + count..];
        let names = rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        let sigil = if names || count == 3 { expando } else { '$' };
        out.extend(std::iter::repeat_n(sigil, count));
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_metavariables_change_their_sigil() {
        for (pattern, expected) in
            [("f($A)", "f(µA)"), ("f($$$)", "f(µµµ)"), ("$a + '$'", "$a + '$'"), ("$$$ARGS", "µµµARGS"), ("$$", "$$")]
        {
            assert_eq!(with_expando('µ', pattern), expected);
        }
    }

    #[test]
    fn names_and_endings() -> Result<()> {
        assert_eq!(Lang::from_path("a/b.test.tsx"), Some(Lang::Tsx));
        assert_eq!(Lang::from_path("Makefile"), None);
        assert_eq!(Lang::from_name("TypeScript")?, Lang::TypeScript);
        let hint = Lang::from_name("pyton").map_err(|e| e.detail().hint.clone()).err().flatten();
        assert!(hint.is_some_and(|hint| hint.contains("py")));
        Ok(())
    }
}
