//! The comment at the head of a script: summary, grants, version. Read as text, never run.

use crate::core::grant::Grants;
use crate::core::{Error, Result};

/// What a script's header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The first line.
    pub summary: String,
    /// The lines after it.
    pub help: String,
    /// `---@grant` lines, one `name=values` a piece.
    pub grants: Vec<String>,
    /// `---@since`.
    pub since: Option<String>,
    /// `---@heck >= 0.1`: the least version it works with.
    pub needs: Option<String>,
}

impl Header {
    /// Reads the comment lines before the first line of code.
    pub fn parse(text: &str) -> Header {
        let mut header = Header::default();
        let mut prose: Vec<&str> = Vec::new();
        for line in text.lines() {
            let line = line.trim_end();
            if line.starts_with("#!") {
                continue;
            }
            let Some(comment) = line.strip_prefix("--") else {
                if line.is_empty() && prose.is_empty() {
                    continue;
                }
                break;
            };
            // A tag is written `---@grant`, and no other way: what is granted must be plain to see.
            let tag = comment.strip_prefix("-@");
            let comment = comment.trim_start_matches('-');
            let comment = comment.strip_prefix(' ').unwrap_or(comment);
            match tag.map(|tag| tag.split_once(' ').unwrap_or((tag, ""))) {
                Some(("grant", rest)) => header.grants.extend(rest.split_whitespace().map(str::to_owned)),
                Some(("since", rest)) => header.since = Some(rest.trim().to_owned()),
                Some(("heck", rest)) => header.needs = Some(rest.trim().to_owned()),
                Some(_) => {}
                None => prose.push(comment),
            }
        }
        let mut lines = prose.iter().skip_while(|line| line.is_empty());
        let visible = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>();
        header.summary = lines.next().map(|line| visible(line.trim_end_matches('.'))).unwrap_or_default();
        header.help = lines.copied().collect::<Vec<_>>().join("\n").trim().to_owned();
        header
    }

    /// The grants it asks for.
    pub fn grants(&self) -> Result<Grants> {
        Grants::parse(self.grants.iter().map(String::as_str))
    }

    /// Fails when the script needs a newer heck.
    pub fn check_version(&self, name: &str) -> Result<()> {
        let Some(needs) = &self.needs else { return Ok(()) };
        let bad =
            || Error::invalid(format!("{name}: '---@heck {needs}' is not understood")).hint("write `---@heck >= 0.1`");
        let wanted = needs.strip_prefix(">=").ok_or_else(bad)?.trim();
        let numbers = |text: &str| text.split('.').map(|n| n.parse::<u64>().ok()).collect::<Option<Vec<_>>>();
        let (wanted_numbers, own) =
            (numbers(wanted).ok_or_else(bad)?, numbers(env!("CARGO_PKG_VERSION")).ok_or_else(bad)?);
        if own < wanted_numbers {
            return Err(Error::tool(format!("{name} needs heck {wanted}, and this is {}", env!("CARGO_PKG_VERSION")))
                .hint("update heck"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_help_grants_and_versions() {
        let header = Header::parse(
            "--- Renames things.\n--- More about it.\n---\n---@grant fs.write=src/**,lib/** proc=npm\n---@since 0.1.0\n---@heck >= 0.1\nreturn 1\n-- not this\n",
        );
        assert_eq!(header.summary, "Renames things");
        assert_eq!(header.help, "More about it.");
        assert_eq!(header.grants, ["fs.write=src/**,lib/**", "proc=npm"]);
        assert!(header.check_version("x").is_ok());
        assert!(Header::parse("--- X.\n-- @grant proc=*\n--- @grant env=*\n-----@grant net=*\n").grants.is_empty());
        for (needs, ok) in [(">= 99.0", false), ("nonsense", false), (">= 0.0.1", true)] {
            let header = Header { needs: Some(needs.into()), ..Header::default() };
            assert_eq!(header.check_version("x").is_ok(), ok, "{needs}");
        }
    }
}
