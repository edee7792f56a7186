//! Where moved code stands: cut out of the old file with the empty lines it leaves, put behind what the new file has.

use std::ops::Range;

use super::Work;
use super::header::with_gap;
use super::home::conditions;
use super::takers::export_at;
use crate::core::Result;
use crate::core::ast::{Family, Lang, named_children, whole_lines};
use crate::core::refactor::project::names_of;

impl Work<'_, '_, '_> {
    /// Makes the edits that take the code out, put it in, and export what must be.
    pub(super) fn lay_out(&mut self) -> Result<()> {
        self.expose();
        let text = self.from.file.text.clone();
        let newline = self.from.source.layout().newline;
        let gap = if self.lang == Lang::Python { newline.repeat(3) } else { newline.repeat(2) };
        let mut code = String::new();
        for piece in self.pieces {
            if !code.is_empty() {
                let before = text[..piece.range.start].trim_end_matches([' ', '\t']);
                let is_close = !before.ends_with(&newline.repeat(2)) && self.pieces.len() > 1;
                code.push_str(if is_close { newline } else { &gap });
            }
            code.push_str(&self.turned_text(&text, &piece.range));
        }
        for piece in self.pieces {
            self.from.edits.push((cut(&text, &piece.range), String::new()));
        }
        self.put(&code, &gap);
        Ok(())
    }

    /// `export` before what others need from now on.
    fn expose(&mut self) {
        let exported: Vec<usize> =
            self.symbols.iter().copied().filter(|symbol| self.is_to_be_exported(*symbol)).collect();
        for symbol in exported {
            let declared: Vec<usize> =
                self.names.mentions_of(symbol).filter(|m| m.is_declaration).map(|m| m.span.start).collect();
            for piece in self.pieces {
                if declared.iter().any(|at| piece.node.byte_range().contains(at)) {
                    let at = export_at(piece.node);
                    self.pieces_edits.push((at..at, "export ".to_owned()));
                }
            }
        }
        if self.lang.family() != Family::JavaScript {
            return;
        }
        let root = self.from.source.tree().root_node();
        for symbol in &self.exposed {
            let declared = self.names.mentions_of(*symbol).filter(|mention| mention.is_declaration);
            for mention in declared {
                let top = named_children(root).find(|node| node.byte_range().contains(&mention.span.start));
                if let Some(node) = top.filter(|node| node.kind() != "export_statement") {
                    let at = export_at(node);
                    let edit = (at..at, "export ".to_owned());
                    if !self.from.edits.contains(&edit) {
                        self.from.edits.push(edit);
                    }
                }
            }
        }
    }

    /// A piece's text with the edits inside.
    fn turned_text(&self, text: &str, range: &Range<usize>) -> String {
        let mut edits: Vec<&(Range<usize>, String)> =
            self.pieces_edits.iter().filter(|(span, _)| range.contains(&span.start)).collect();
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut out = text[range.clone()].to_owned();
        for (span, with) in edits {
            out.replace_range(span.start - range.start..span.end - range.start, with);
        }
        out
    }

    /// Puts code at the end of the new file.
    fn put(&mut self, code: &str, gap: &str) {
        let newline = self.from.source.layout().newline;
        let text = &self.to.file.text;
        let kept = text.trim_end_matches(['\n', '\r', ' ', '\t']).len();
        let mut put = String::new();
        if kept == 0 && self.lang == Lang::Go {
            let package = names_of(&self.from.file).package.clone().unwrap_or_default();
            let imports = std::mem::replace(&mut self.to.header, super::Header::new(&self.to.source)).into_go(newline);
            let constraints: String = conditions(self.from.path(), &self.from.file.text)
                .1
                .iter()
                .map(|line| format!("{line}{newline}"))
                .collect();
            let constraints = if constraints.is_empty() { constraints } else { format!("{constraints}{newline}") };
            put = format!("{constraints}package {package}{newline}{newline}{imports}");
        } else if kept == 0 && self.lang == Lang::Python {
            if self.to.header.has_wanted() {
                put.push_str(&newline.repeat(2));
            }
        } else if kept == 0 && self.to.header.has_wanted() {
            put.push_str(newline);
        }
        // Behind the end of the last line, where an import that follows the last one comes, too.
        let ends = text[kept..].starts_with(newline) && kept > 0;
        let start = if ends { kept + newline.len() } else { kept };
        let before = match (kept, ends) {
            (0, _) => "",
            (_, true) => gap.strip_prefix(newline).unwrap_or(gap),
            (_, false) => gap,
        };
        self.to.edits.push((start..text.len(), format!("{before}{put}{code}{newline}")));
    }
}

/// The lines of a piece, with the empty ones behind it, or before it at the end of the file.
pub fn cut(text: &str, range: &Range<usize>) -> Range<usize> {
    let lines = whole_lines(text, range.clone());
    let blank = |rest: &str| {
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if !line.trim().is_empty() {
                break;
            }
            end += line.len();
        }
        end
    };
    let after = blank(&text[lines.end..]);
    if lines.end + after == text.len() {
        let kept = text[..lines.start].trim_end();
        let start = kept.len() + usize::from(text[kept.len()..].starts_with("\r\n"));
        return (start + usize::from(!kept.is_empty())).min(lines.start)..text.len();
    }
    with_gap(text, lines)
}

/// Makes one of edits that meet: pieces that stood side by side, and what comes to the same place.
pub fn joined(mut edits: Vec<(Range<usize>, String)>) -> Vec<(Range<usize>, String)> {
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut joined: Vec<(Range<usize>, String)> = Vec::new();
    for (span, text) in edits {
        match joined.last_mut() {
            Some((last, before)) if last.start == span.start && last.end == span.start => {
                *last = span;
                before.push_str(&text);
            }
            Some((last, before)) if span.start <= last.end && text.is_empty() && before.is_empty() => {
                last.end = last.end.max(span.end);
            }
            _ => joined.push((span, text)),
        }
    }
    joined
}
