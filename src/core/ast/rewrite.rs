//! From a match and a replacement text with metavariables to an edit, with ast-grep's own semantics.

use std::ops::Range;

use ast_grep_core::replacer::{Replacer, TemplateFix};

use super::{Found, Lang};
use crate::core::text::suggestion;
use crate::core::{Error, Result};

/// A replacement text such as `log.debug($$$ARGS)`.
pub struct Template {
    fix: TemplateFix,
    text: String,
}

impl Template {
    /// Compiles a replacement text.
    pub fn new(text: &str, lang: Lang) -> Template {
        // The error type has no variants: every text is a template.
        let fix = TemplateFix::try_new(text, &lang).unwrap_or_else(|never| match never {});
        Template { fix, text: text.to_owned() }
    }

    /// The byte range to replace and the text to put there. Fails when the template names a
    /// metavariable that the match does not have, which ast-grep would silently drop.
    pub fn apply(&self, found: &Found) -> Result<(Range<usize>, String)> {
        let captures = found.captures();
        for used in self.fix.used_vars() {
            if !captures.iter().any(|(name, _)| name == used) && !is_optional(found, used) {
                return Err(Error::usage(format!(
                    "the replacement '{}' names ${used}, which the pattern does not capture",
                    self.text
                ))
                .maybe_hint(suggestion(used, captures.iter().map(|(name, _)| name.as_str()))));
            }
        }
        let bytes = self.fix.generate_replacement(found.node_match());
        Ok((found.range(), String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// A `$$$NAME` that matched nothing is in the environment without nodes.
fn is_optional(found: &Found, name: &str) -> bool {
    found.node_match().get_env().get_transformed(name).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::ast::{Matcher, parse};

    fn rewrite(pattern: &str, template: &str, lang: Lang, text: &str) -> Result<String> {
        let source = Arc::new(parse("x", text.to_owned(), lang)?);
        let matcher = Matcher::pattern(pattern, lang, None)?;
        let template = Template::new(template, lang);
        let mut out = text.to_owned();
        for found in source.find_all(&matcher, true).iter().rev() {
            let (range, new) = template.apply(found)?;
            out.replace_range(range, &new);
        }
        Ok(out)
    }

    #[test]
    fn rewrites_as_ast_grep_does() -> Result<()> {
        for (pattern, template, lang, text, expected) in [
            ("console.log($$$A)", "log($$$A)", Lang::JavaScript, "console.log(1, 2);", "log(1, 2);"),
            ("console.log($$$A)", "log($$$A)", Lang::JavaScript, "console.log();", "log();"),
            ("var $A = $B", "let $A = $B", Lang::TypeScript, "var a = 1;", "let a = 1;"),
            ("print($A)", "log.info($A)", Lang::Python, "if x:\n    print(1)\n", "if x:\n    log.info(1)\n"),
        ] {
            assert_eq!(rewrite(pattern, template, lang, text)?, expected);
        }
        Ok(())
    }

    #[test]
    fn an_unknown_metavariable_is_told() {
        let error = rewrite("f($VALUE)", "g($VALEU)", Lang::TypeScript, "f(1)").err();
        assert_eq!(error.and_then(|e| e.detail().hint.clone()).as_deref(), Some("did you mean 'VALUE'?"));
    }
}
