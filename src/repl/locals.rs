//! Locals live on to the next line: a top-level `local x = 1` becomes an assignment to the session.

use tree_sitter::{Node, Parser};

/// The text with `local` blanked before top-level declarations; columns stay as they were.
pub fn released(text: &str) -> String {
    let mut parser = Parser::new();
    if parser.set_language(&tree_sitter_lua::LANGUAGE.into()).is_err() {
        return text.to_owned();
    }
    let Some(tree) = parser.parse(text, None) else { return text.to_owned() };
    let mut out = text.to_owned();
    let root = tree.root_node();
    let mut cursor = root.walk();
    let nodes: Vec<Node<'_>> = root.children(&mut cursor).collect();
    for node in nodes.into_iter().rev() {
        let is_declaration = matches!(node.kind(), "variable_declaration" | "function_declaration");
        let source = &text[node.byte_range()];
        // `<const>` and `<close>` mean something only for a real local.
        if !is_declaration || !source.starts_with("local") || has_attribute(source) {
            continue;
        }
        if node.kind() == "variable_declaration" && !source.contains('=') {
            out.insert_str(node.end_byte(), " = nil");
        }
        out.replace_range(node.start_byte()..node.start_byte() + 5, "     ");
    }
    out
}

fn has_attribute(source: &str) -> bool {
    let names = source.split('=').next().unwrap_or_default();
    names.contains('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_top_level_locals_are_released() {
        for (text, expected) in [
            ("local x = 1", "      x = 1"),
            ("local a, b", "      a, b = nil"),
            ("local function f() local y = 2 end", "      function f() local y = 2 end"),
            ("local x <const> = 1", "local x <const> = 1"),
            ("do local z = 3 end", "do local z = 3 end"),
            ("x = 'local'", "x = 'local'"),
        ] {
            assert_eq!(released(text), expected);
        }
    }
}
