//! The imports of a file, changed: names taken out and put in, modules called differently. What is not changed keeps
//! its layout.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::line::{specifier, style};
use super::statement::{Item, Kind, Statement, statements};
use crate::core::ast::{Lang, Source, whole_lines};

/// Something that a file is to take from a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The module, as this file has to write it.
    pub module: String,
    /// Its name over there.
    pub name: String,
    /// Its name here.
    pub local: String,
    /// What of the module it is.
    pub kind: Kind,
    /// Whether only as a type.
    pub is_type: bool,
    /// Whether this file only passes it on.
    pub is_export: bool,
    /// A byte of the statement beside which it belongs, if not at the top.
    pub beside: Option<usize>,
}

/// The imports of a file, and what shall become of them.
pub struct Header {
    pub(super) source: Arc<Source>,
    /// The statements as they are.
    pub statements: Vec<Statement>,
    removed: BTreeSet<(usize, usize)>,
    renamed: BTreeMap<usize, String>,
    pub(super) wanted: Vec<Wanted>,
    /// How new statements are written: the quotes, and what ends them.
    pub(super) style: (char, &'static str),
}

impl Header {
    /// Reads the imports of a file.
    pub fn new(source: &Arc<Source>) -> Header {
        let statements = statements(source);
        let style = style(source.text(), &statements);
        Header {
            source: Arc::clone(source),
            statements,
            removed: BTreeSet::new(),
            renamed: BTreeMap::new(),
            wanted: Vec::new(),
            style,
        }
    }

    /// The item that covers a byte: numbers of its statement and of it there.
    pub fn item_at(&self, offset: usize) -> Option<(usize, usize)> {
        let covers = |range: &Range<usize>| range.start <= offset && offset < range.end;
        let at = self.statements.iter().position(|statement| covers(&statement.range))?;
        let item = self.statements[at].items.iter().position(|item| covers(&item.range))?;
        Some((at, item))
    }

    /// The item of a number.
    pub fn item(&self, at: (usize, usize)) -> &Item {
        &self.statements[at.0].items[at.1]
    }

    /// The module of a statement, as written.
    pub fn module(&self, statement: usize) -> &str {
        &self.source.text()[self.statements[statement].module.clone()]
    }

    /// Takes an item out.
    pub fn remove(&mut self, at: (usize, usize)) {
        self.removed.insert(at);
    }

    /// Tells whether an item is taken out.
    pub fn is_removed(&self, at: (usize, usize)) -> bool {
        self.removed.contains(&at)
    }

    /// Takes something from a module; once, however often it is wanted.
    pub fn want(&mut self, wanted: Wanted) {
        // An import of Go without a name of its own goes by its module.
        let name = |one: &Wanted| match one.kind {
            // `import a.b` and `import a.c` both give `a`.
            Kind::Whole if !one.name.is_empty() => one.name.clone(),
            _ if one.local.is_empty() => one.module.clone(),
            _ => one.local.clone(),
        };
        let is_same = |known: &Wanted| name(known) == name(&wanted) && known.is_export == wanted.is_export;
        match self.wanted.iter_mut().find(|known| is_same(known)) {
            Some(known) => known.is_type &= wanted.is_type,
            None => self.wanted.push(wanted),
        }
    }

    /// Whether anything new is taken.
    pub fn has_wanted(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// The edits. `same` tells whether two ways to write a module mean the same one.
    pub fn edits(mut self, same: &dyn Fn(&str, &str) -> bool) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        self.turn_whole(same);
        let mut added: BTreeMap<usize, Vec<Wanted>> = BTreeMap::new();
        let mut fresh = Vec::new();
        for wanted in std::mem::take(&mut self.wanted) {
            match self.home(&wanted, same) {
                Some(statement) => added.entry(statement).or_default().push(wanted),
                None => fresh.push(wanted),
            }
        }
        if self.source.lang() == Lang::Go {
            fresh.sort_by(|a, b| a.module.cmp(&b.module));
        }
        for statement in 0..self.statements.len() {
            let more = added.remove(&statement).unwrap_or_default();
            edits.extend(self.changed(statement, &more, fresh.is_empty()));
            if let Some(module) = self.renamed.get(&statement) {
                edits.push((self.statements[statement].module.clone(), module.clone()));
            }
        }
        for (at, lines) in self.lines(&fresh) {
            edits.push((at..at, lines));
        }
        edits
    }

    /// A statement of which everything comes from one other module is called after that, and keeps its layout.
    fn turn_whole(&mut self, same: &dyn Fn(&str, &str) -> bool) {
        for at in 0..self.statements.len() {
            let statement = &self.statements[at];
            let all: Vec<usize> = (0..self.wanted.len())
                .filter(|n| self.wanted[*n].beside.is_some_and(|beside| statement.range.contains(&beside)))
                .collect();
            let is_whole = (0..statement.items.len()).all(|item| self.removed.contains(&(at, item)))
                && !all.is_empty()
                && all.len() == statement.items.len()
                && all.iter().all(|n| {
                    let wanted = &self.wanted[*n];
                    let is_it = |item: &Item| {
                        item.kind == wanted.kind && item.name == wanted.name && item.local == wanted.local
                    };
                    wanted.module == self.wanted[all[0]].module && statement.items.iter().any(is_it)
                });
            let is_known = |module: &str| {
                (0..self.statements.len()).any(|other| {
                    other != at
                        && self.statements[other].is_export == statement.is_export
                        && same(self.module(other), module)
                })
            };
            if !is_whole || is_known(&self.wanted[all[0]].module) {
                continue;
            }
            self.renamed.insert(at, self.wanted[all[0]].module.clone());
            for item in 0..self.statements[at].items.len() {
                self.removed.remove(&(at, item));
            }
            for n in all.into_iter().rev() {
                self.wanted.remove(n);
            }
        }
    }

    /// The statement into whose list something fits.
    fn home(&self, wanted: &Wanted, same: &dyn Fn(&str, &str) -> bool) -> Option<usize> {
        let module = |at: usize| self.renamed.get(&at).map_or_else(|| self.module(at), String::as_str);
        (0..self.statements.len()).find(|at| {
            let statement = &self.statements[*at];
            let is_kept = (0..statement.items.len()).any(|item| !self.removed.contains(&(*at, item)));
            let is_list = statement.list.is_some() || self.source.lang() == Lang::Python;
            wanted.kind == Kind::Named
                && is_list
                && is_kept
                && statement.items.iter().all(|item| matches!(item.kind, Kind::Named | Kind::Default))
                && statement.is_export == wanted.is_export
                && statement.is_type == wanted.is_type
                && match wanted.beside {
                    None => statement.is_top,
                    Some(offset) => statement.range.contains(&offset) || statement.is_top,
                }
                && same(module(*at), &wanted.module)
        })
    }

    /// A statement without the items that go and with those that come.
    fn changed(&self, at: usize, more: &[Wanted], is_last: bool) -> Vec<(Range<usize>, String)> {
        let statement = &self.statements[at];
        let text = self.source.text();
        let gone = |item: usize| self.removed.contains(&(at, item));
        let kept = (0..statement.items.len()).filter(|item| !gone(*item)).count();
        if kept == statement.items.len() && more.is_empty() {
            return Vec::new();
        }
        if kept == 0 {
            let gone = self.gone(statement);
            // Where nothing comes instead, the empty lines behind it go, too.
            return vec![(if is_last { with_gap(text, gone) } else { gone }, String::new())];
        }
        let mut edits = Vec::new();
        let listed: Vec<usize> =
            (0..statement.items.len()).filter(|item| statement.items[*item].kind == Kind::Named).collect();
        let is_list_gone = !listed.is_empty() && more.is_empty() && listed.iter().all(|item| gone(*item));
        for (item, one) in statement.items.iter().enumerate() {
            if gone(item) && one.kind != Kind::Named {
                edits.push((self.with_comma(&one.range), String::new()));
            }
        }
        if is_list_gone && let Some(list) = &statement.list {
            // What is left stands before the list: `D, { a }`.
            let before = text[..list.start].trim_end().trim_end_matches(',').len();
            edits.push((before..list.end, String::new()));
            return edits;
        }
        let items: Vec<Range<usize>> = match listed.is_empty() {
            true => statement.items.iter().map(|item| item.range.clone()).collect(),
            false => listed.iter().map(|item| statement.items[*item].range.clone()).collect(),
        };
        let is_gone: Vec<bool> = match listed.is_empty() {
            true => (0..statement.items.len()).map(gone).collect(),
            false => listed.iter().map(|item| gone(*item)).collect(),
        };
        let written: Vec<String> = more.iter().map(|one| specifier(one, self.source.lang())).collect();
        edits.extend(list_edits(text, self.source.layout().newline, &items, &is_gone, &written));
        edits
    }

    /// A whole statement with what it leaves behind; in Go the declaration around the last import, too.
    fn gone(&self, statement: &Statement) -> Range<usize> {
        let text = self.source.text();
        let root = self.source.tree().root_node();
        let node = root.descendant_for_byte_range(statement.range.start, statement.range.end);
        let declaration = node.filter(|_| self.source.lang() == Lang::Go).and_then(|node| {
            let around = std::iter::successors(Some(node), tree_sitter::Node::parent);
            around.into_iter().find(|node| node.kind() == "import_declaration")
        });
        let others = |declaration: tree_sitter::Node<'_>| {
            let specs = self.statements.iter().enumerate();
            let mut inside = specs.filter(|(_, one)| declaration.byte_range().contains(&one.range.start));
            !inside.any(|(n, _)| !self.removed.contains(&(n, 0)))
        };
        match declaration.filter(|declaration| others(*declaration)) {
            Some(declaration) => whole_lines(text, declaration.byte_range()),
            None => whole_lines(text, statement.range.clone()),
        }
    }

    /// An item with the comma behind it.
    fn with_comma(&self, range: &Range<usize>) -> Range<usize> {
        let rest = &self.source.text()[range.end..];
        let spaces = rest.len() - rest.trim_start().len();
        match rest[spaces..].strip_prefix(',') {
            Some(after) => range.start..self.source.text().len() - after.trim_start().len(),
            None => range.clone(),
        }
    }
}

/// Tells whether a comment at the top is about the whole file.
pub fn is_for_the_file(comment: &str) -> bool {
    let lower = comment.to_lowercase();
    ["#!", "# -*-", "# coding", "# type:", "# ruff", "# flake8", "# pylint", "# mypy", "//go:build", "// +build", "/*!"]
        .iter()
        .any(|start| lower.starts_with(start))
        || ["copyright", "license", "eslint", "@ts-", "@jsx", "@flow", "@vitest", "@jest", "spdx", "prettier"]
            .iter()
            .any(|word| lower.contains(word))
}

/// Lines with the empty ones behind them, where empty ones stand before them, too.
pub fn with_gap(text: &str, lines: Range<usize>) -> Range<usize> {
    let before = &text[..lines.start];
    let is_blank = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    let rest = text[lines.end..].split_inclusive('\n').take_while(|line| line.trim().is_empty());
    let blank: usize = rest.map(str::len).sum();
    lines.start..if is_blank { lines.end + blank } else { lines.end }
}

/// The edits of a list with commas: some elements go, others come behind the last that stays.
pub fn list_edits(
    text: &str,
    newline: &str,
    items: &[Range<usize>],
    gone: &[bool],
    more: &[String],
) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let last_kept = (0..items.len()).rfind(|n| !gone[*n]);
    let is_multiline = items.len() > 1 && text[items[0].end..items[1].start].contains('\n')
        || items.first().is_some_and(|first| {
            let line = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
            line > 0 && text[line..first.start].trim().is_empty()
        });
    let indent = items.first().map_or(String::new(), |first| {
        let line = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
        text[line..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
    });
    let between = if is_multiline { format!(",{newline}{indent}") } else { ", ".to_owned() };
    let Some(last_kept) = last_kept else {
        // All of them go: what comes takes their place.
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            edits.push((first.start..last.end, more.join(&between)));
        }
        return edits;
    };
    let mut n = 0;
    while n < items.len() {
        if !gone[n] {
            n += 1;
            continue;
        }
        let mut end = n;
        while end + 1 < items.len() && gone[end + 1] {
            end += 1;
        }
        let range = match (n.checked_sub(1), items.get(end + 1)) {
            (_, Some(next)) => items[n].start..next.start,
            (Some(before), None) => items[before].end..items[end].end,
            (None, None) => items[n].start..items[end].end,
        };
        edits.push((range, String::new()));
        n = end + 1;
    }
    if !more.is_empty() {
        let at = items[last_kept].end;
        let text = format!("{between}{}", more.join(&between));
        // The same place may be where the elements behind it go.
        match edits.iter_mut().find(|(range, _)| range.start == at) {
            Some(edit) => edit.1 = text,
            None => edits.push((at..at, text)),
        }
    }
    edits
}
