//! New import statements: how the file writes them, and where they go.

use std::collections::BTreeMap;

use super::header::{Header, Wanted, is_for_the_file};
use super::statement::{Kind, Statement};
use crate::core::ast::{Lang, named_children};

/// What changes how Python reads a file, and so comes before everything else.
pub const FUTURE: &str = "__future__";

impl Header {
    /// The imports of a new file of Go.
    pub fn into_go(self, newline: &str) -> String {
        let mut specs: Vec<String> = self.wanted.iter().map(|one| self.written(std::slice::from_ref(one))).collect();
        specs.sort_by_key(|spec| spec.rsplit(' ').next().unwrap_or_default().to_owned());
        match specs.as_slice() {
            [] => String::new(),
            [only] => format!("import {only}{newline}{newline}"),
            several => {
                let lines: String = several.iter().map(|spec| format!("\t{spec}{newline}")).collect();
                format!("import ({newline}{lines}){newline}{newline}")
            }
        }
    }

    /// New statements, and where they go.
    pub(super) fn lines(&self, fresh: &[Wanted]) -> BTreeMap<usize, String> {
        let newline = self.source.layout().newline;
        let mut groups: Vec<Vec<Wanted>> = Vec::new();
        for one in fresh {
            let is_kin = |group: &&mut Vec<Wanted>| {
                let first = &group[0];
                first.kind == Kind::Named
                    && one.kind == Kind::Named
                    && first.module == one.module
                    && first.is_type == one.is_type
                    && first.is_export == one.is_export
                    && first.beside == one.beside
            };
            match groups.iter_mut().find(is_kin) {
                Some(group) => group.push(one.clone()),
                None => groups.push(vec![one.clone()]),
            }
        }
        let mut lines: BTreeMap<usize, String> = BTreeMap::new();
        for group in groups {
            let text = self.written(&group);
            if self.source.lang() == Lang::Go {
                let (at, text) = self.place_in_go(&text);
                lines.entry(at).or_default().push_str(&text);
                continue;
            }
            let (at, indent) = self.place(group[0].beside);
            let is_after_text = at > 0 && !self.source.text()[..at].ends_with('\n');
            let line = match is_after_text {
                true => format!("{newline}{indent}{text}"),
                false => format!("{indent}{text}{newline}"),
            };
            let lines = lines.entry(at).or_default();
            lines.push_str(&line);
            if group[0].module == FUTURE && fresh.len() > 1 {
                lines.push_str(newline);
            }
        }
        // Between the first imports of a file and its code stands an empty line.
        if self.source.lang() != Lang::Go && !self.statements.iter().any(|one| one.is_top && !one.is_export) {
            let top = self.top();
            if let Some(lines) = lines.get_mut(&top) {
                let rest = &self.source.text()[top..];
                if !rest.trim().is_empty() && !rest.starts_with(newline) {
                    lines.push_str(newline);
                }
                let before = self.source.text()[..top].lines().next_back().unwrap_or_default();
                if !before.trim().is_empty() && self.source.lang() == Lang::Python {
                    lines.insert_str(0, newline);
                }
            }
        }
        lines
    }

    /// Where a new statement goes: behind the one it belongs to, else behind the last at the top.
    fn place(&self, beside: Option<usize>) -> (usize, String) {
        let text = self.source.text();
        let home = beside.and_then(|offset| self.statements.iter().find(|one| one.range.contains(&offset)));
        let is_whole = |one: &&Statement| !(one.is_export && one.items.iter().all(|item| item.kind == Kind::All));
        // Python files may import again at their end, to break a circle.
        let code = named_children(self.source.tree().root_node()).find(|node| node.kind().contains("definition"));
        let end = code.map_or(text.len(), |node| node.start_byte());
        let is_early = |one: &&Statement| one.range.start < end && one.is_top && !one.is_export;
        let last = self.statements.iter().filter(is_early).rfind(is_whole);
        let Some(statement) = home.or(last) else { return (self.top(), String::new()) };
        let line = text[..statement.range.start].rfind('\n').map_or(0, |at| at + 1);
        let indent: String = text[line..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let end = text[statement.range.end..].find('\n').map_or(text.len(), |at| statement.range.end + at + 1);
        (end, indent)
    }

    /// The first place of a file where an import may stand: after what must come first.
    fn top(&self) -> usize {
        let text = self.source.text();
        let mut end = 0;
        for child in named_children(self.source.tree().root_node()) {
            let is_docstring = matches!(child.kind(), "expression_statement")
                && child.named_child(0).is_some_and(|inner| inner.kind() == "string" || inner.kind() == "directive");
            let is_first = matches!(child.kind(), "hash_bang_line" | "future_import_statement")
                || is_docstring
                || child.kind() == "comment" && is_for_the_file(&text[child.byte_range()]);
            if !is_first {
                break;
            }
            end = text[child.end_byte()..].find('\n').map_or(text.len(), |at| child.end_byte() + at + 1);
        }
        end
    }

    fn written(&self, group: &[Wanted]) -> String {
        let first = &group[0];
        let lang = self.source.lang();
        let names = || group.iter().map(|one| specifier(one, lang)).collect::<Vec<_>>().join(", ");
        match lang {
            Lang::Python => match first.kind {
                Kind::Whole => format!("import {}", specifier(first, lang)),
                _ => format!("from {} import {}", first.module, names()),
            },
            Lang::Go => match first.local.as_str() {
                "" => format!("\"{}\"", first.module),
                local => format!("{local} \"{}\"", first.module),
            },
            _ => {
                let (quote, end) = self.style;
                let verb = if first.is_export { "export" } else { "import" };
                let verb = if first.is_type { format!("{verb} type") } else { verb.to_owned() };
                let what = match first.kind {
                    Kind::Named => format!("{{ {} }}", names()),
                    Kind::Default => first.local.clone(),
                    Kind::Whole => format!("* as {}", first.local),
                    Kind::All => "*".to_owned(),
                };
                format!("{verb} {what} from {quote}{}{quote}{end}", first.module)
            }
        }
    }

    /// Where a line goes among the imports of Go: into the group of its kind, in order.
    fn place_in_go(&self, spec: &str) -> (usize, String) {
        let text = self.source.text();
        let newline = self.source.layout().newline;
        let root = self.source.tree().root_node();
        let path = |spec: &str| spec.rsplit(' ').next().unwrap_or(spec).trim_matches(['"', '`']).to_owned();
        let is_standard = |path: &str| !path.split('/').next().unwrap_or_default().contains('.');
        let wanted = path(spec);
        let in_block = |one: &&Statement| {
            let line = text[..one.range.start].rfind('\n').map_or(0, |at| at + 1);
            text[line..one.range.start].trim().is_empty()
        };
        let block: Vec<&Statement> = self.statements.iter().filter(in_block).collect();
        let kin = |one: &&&Statement| is_standard(&text[one.module.clone()]) == is_standard(&wanted);
        let line_of = |at: usize| text[..at].rfind('\n').map_or(0, |at| at + 1);
        let end_of = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        if let Some(next) = block.iter().filter(kin).find(|one| text[one.module.clone()] > *wanted) {
            return (line_of(next.range.start), format!("\t{spec}{newline}"));
        }
        if let Some(last) = block.iter().rfind(kin) {
            return (end_of(last.range.end), format!("\t{spec}{newline}"));
        }
        if let Some(last) = block.last() {
            return (end_of(last.range.end), format!("{newline}\t{spec}{newline}"));
        }
        let declared = |kind: &str| named_children(root).rfind(|node| node.kind() == kind);
        let after = declared("import_declaration").or_else(|| declared("package_clause"));
        let at = after.map_or(0, |node| end_of(node.end_byte()));
        let gap = if declared("import_declaration").is_some() { "" } else { newline };
        (at, format!("{gap}import {spec}{newline}"))
    }
}

/// How a file writes its imports: the quotes, and what ends a statement.
pub(super) fn style(text: &str, statements: &[Statement]) -> (char, &'static str) {
    let quote = match statements.first() {
        Some(one) if text[..one.module.start].ends_with('"') => '"',
        Some(_) => '\'',
        None if text.matches('"').count() > text.matches('\'').count() => '"',
        None => '\'',
    };
    let is_open = match statements.first() {
        Some(one) => !text[one.range.clone()].trim_end().ends_with(';'),
        None => !text.lines().any(|line| line.trim_end().ends_with(';')) && text.lines().any(|line| !line.is_empty()),
    };
    (quote, if is_open { "" } else { ";" })
}

pub(super) fn specifier(wanted: &Wanted, lang: Lang) -> String {
    let (name, local) = (&wanted.name, &wanted.local);
    match lang {
        Lang::Python if wanted.kind == Kind::Whole => match name.split('.').next() == Some(local.as_str()) {
            true => name.clone(),
            false => format!("{name} as {local}"),
        },
        _ if name == local => name.clone(),
        _ => format!("{name} as {local}"),
    }
}
