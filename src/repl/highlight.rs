//! Live colours for a line of Lua, from its syntax tree.

use nu_ansi_term::{Color, Style};
use reedline::{Highlighter, StyledText};
use tree_sitter::Parser;

/// Colours Lua as it is typed.
pub struct LuaHighlighter;

impl Highlighter for LuaHighlighter {
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        let mut parser = Parser::new();
        let parsed =
            parser.set_language(&tree_sitter_lua::LANGUAGE.into()).ok().and_then(|()| parser.parse(line, None));
        let Some(tree) = parsed else {
            styled.push((Style::default(), line.to_owned()));
            return styled;
        };
        let mut at = 0;
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            let style = style_of(node.kind());
            if (style.is_some() || node.child_count() == 0) && node.start_byte() >= at {
                styled.push((Style::default(), line[at..node.start_byte()].to_owned()));
                styled.push((style.unwrap_or_default(), line[node.byte_range()].to_owned()));
                at = node.end_byte();
            }
            if style.is_none() && cursor.goto_first_child() {
                continue;
            }
            let mut done = false;
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    done = true;
                    break;
                }
            }
            if done {
                break;
            }
        }
        styled.push((Style::default(), line[at..].to_owned()));
        styled
    }
}

fn style_of(kind: &str) -> Option<Style> {
    Some(match kind {
        "string" => Style::new().fg(Color::Green),
        "number" => Style::new().fg(Color::Cyan),
        "comment" => Style::new().dimmed(),
        "nil" | "true" | "false" => Style::new().fg(Color::Cyan),
        "and" | "break" | "do" | "else" | "elseif" | "end" | "for" | "function" | "goto" | "if" | "in" | "local"
        | "not" | "or" | "repeat" | "return" | "then" | "until" | "while" => Style::new().fg(Color::Purple),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_do_not_change_the_text() {
        for line in ["local x = 'a' -- b", "for é in", "", "  if (", "return { 1, [[x\ny]] }"] {
            let styled = LuaHighlighter.highlight(line, 0);
            assert_eq!(styled.raw_string(), line);
        }
    }
}
