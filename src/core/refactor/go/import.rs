//! What a file of Go imports, and by which name.

use tree_sitter::Node;

use super::scope::FILE;
use super::walk::Walker;
use crate::core::refactor::names::{Import, Taken};

impl<'t> Walker<'t> {
    /// Makes an import known in the file.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let from = self.scopes.of(path).trim_matches(['"', '`']).to_owned();
        let alias = node.child_by_field_name("name");
        let what = match alias.map(|alias| alias.kind()) {
            Some("dot") => {
                self.scopes.names.imports.push(Import { from, what: Taken::All, symbol: None });
                return;
            }
            Some("blank_identifier") => return,
            _ => Taken::Whole,
        };
        let symbol = match alias {
            Some(alias) => self.scopes.declare(alias, FILE, "import"),
            None => {
                let name = package_name(&from).to_owned();
                let symbol = self.scopes.symbol(&name, FILE, "import", None);
                self.scopes.enter(&name, FILE, symbol);
                Some(symbol)
            }
        };
        self.scopes.names.imports.push(Import { from, what, symbol });
    }
}

/// The name by which a package goes that is imported without one.
fn package_name(path: &str) -> &str {
    let is_version =
        |part: &str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let mut parts = path.rsplit('/').skip_while(|part| is_version(part));
    let last = parts.next().unwrap_or(path);
    last.split_once(".v").map_or(last, |(name, _)| name)
}
