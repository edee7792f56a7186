//! The statements of JavaScript and its kin, as a parser many times as fast as tree-sitter tells them.

use std::ops::Range;
use std::path::Path;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    BlockStatement, ClassBody, ClassElement, FunctionBody, Program, Statement, StaticBlock, SwitchCase,
    TSInterfaceBody, TSModuleBlock, TSSignature, TSTypeLiteral,
};
use oxc_ast_visit::Visit;
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};

use super::cut::{Cut, Item};
use crate::core::text::bracket_depth;

/// How deep brackets may nest: both the parser and the visitor recurse.
const MAX_DEPTH: usize = 10_000;

/// Goes over the statements; `false` where they cannot be told for sure.
pub fn read(path: &str, cut: &mut Cut<'_>) -> bool {
    let Ok(kind) = SourceType::from_path(Path::new(path)) else { return false };
    let kind = if kind.is_javascript() { kind.with_jsx(true) } else { kind };
    let text = cut.text();
    if bracket_depth(text) > MAX_DEPTH {
        return false;
    }
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, kind).parse();
    if parsed.panicked || !parsed.diagnostics.is_empty() {
        return false;
    }
    let comments = &parsed.program.comments;
    cut.forget(|place| {
        let at = comments.partition_point(|comment| comment.span.end as usize <= place);
        comments.get(at).is_some_and(|comment| comment.span.start as usize <= place)
    });
    Statements { cut }.visit_program(&parsed.program);
    true
}

struct Statements<'c, 't> {
    cut: &'c mut Cut<'t>,
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl Statements<'_, '_> {
    /// A list whose first item comes after `begin`.
    fn list<T: GetSpan>(&mut self, begin: usize, list: &[T], visit: impl FnMut(&mut Self, &T)) {
        let ranges = list.iter().map(|one| range(one.span()));
        self.items(begin, list.iter().zip(ranges), visit);
    }

    /// The members of a type in braces; what separates two of them belongs to the first.
    fn members<'a>(&mut self, span: Span, list: &[TSSignature<'a>]) {
        let ends = list.iter().skip(1).map(|next| next.span().start).chain([span.end - 1]);
        let ranges = list.iter().zip(ends).map(|(one, end)| (one, one.span().start as usize..end as usize));
        self.items(span.start as usize + 1, ranges, |this, one| this.visit_ts_signature(one));
    }

    fn items<'l, T: 'l>(
        &mut self,
        begin: usize,
        list: impl Iterator<Item = (&'l T, Range<usize>)>,
        mut visit: impl FnMut(&mut Self, &T),
    ) {
        let mut items = Vec::new();
        for (one, range) in list {
            let is_idle = match self.cut.enter(&range) {
                None => true,
                Some(entered) => {
                    visit(self, one);
                    self.cut.leave(&entered, &range)
                }
            };
            items.push(Item { range, is_idle });
        }
        self.keep_apart(begin, &mut items);
        self.cut.omit(&items);
    }

    /// Keeps what would change its meaning, or that of its neighbour, if another were its neighbour.
    fn keep_apart(&mut self, begin: usize, items: &mut [Item]) {
        let text = self.cut.text();
        for at in (0..items.len()).rev() {
            let start = items[at].range.start;
            let before = if at == 0 { begin } else { items[at - 1].range.end };
            // What stands between two belongs to the second, such as a decorator.
            if items[at].is_idle && !is_blank(&text[before..start]) {
                self.cut.keep(&mut items[at], before);
            }
            if at > 0 && !items[at].is_idle && items[at - 1].is_idle && may_continue(&text[start..]) {
                let before = items[at - 1].range.start;
                self.cut.keep(&mut items[at - 1], before);
            }
        }
    }
}

/// Tells whether a text is white space, comments and semicolons.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
    while !rest.is_empty() {
        let end = match rest.get(..2) {
            Some("//") => rest.find('\n'),
            Some("/*") => rest.find("*/").map(|end| end + 2),
            _ => return false,
        };
        rest = end.map_or("", |end| &rest[end..]).trim_start_matches(|c: char| c.is_whitespace() || c == ';');
    }
    true
}

/// Tells whether a statement may be read as going on with the one before, where that has no semicolon.
fn may_continue(statement: &str) -> bool {
    /// Words that are names, too.
    const WORDS: [&str; 12] =
        ["as", "assert", "extends", "implements", "in", "instanceof", "is", "of", "satisfies", "with", "from", "while"];
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let word = &statement[..statement.find(|c| !is_part(c)).unwrap_or(statement.len())];
    match word {
        "" => !statement.starts_with(['"', '\'', '@', '#', '}', ';', '~']),
        word => WORDS.contains(&word),
    }
}

impl<'a> Visit<'a> for Statements<'_, '_> {
    fn visit_program(&mut self, it: &Program<'a>) {
        self.list(0, &it.body, |this, one| this.visit_statement(one));
    }

    fn visit_function_body(&mut self, it: &FunctionBody<'a>) {
        self.list(it.span.start as usize + 1, &it.statements, |this, one| this.visit_statement(one));
    }

    fn visit_block_statement(&mut self, it: &BlockStatement<'a>) {
        self.list(it.span.start as usize + 1, &it.body, |this, one: &Statement<'a>| this.visit_statement(one));
    }

    fn visit_static_block(&mut self, it: &StaticBlock<'a>) {
        self.list(it.span.start as usize, &it.body, |this, one| this.visit_statement(one));
    }

    fn visit_ts_module_block(&mut self, it: &TSModuleBlock<'a>) {
        self.list(it.span.start as usize + 1, &it.body, |this, one| this.visit_statement(one));
    }

    fn visit_switch_case(&mut self, it: &SwitchCase<'a>) {
        if let Some(test) = &it.test {
            self.visit_expression(test);
        }
        self.list(it.span.start as usize, &it.consequent, |this, one| this.visit_statement(one));
    }

    fn visit_ts_type_literal(&mut self, it: &TSTypeLiteral<'a>) {
        self.members(it.span, &it.members);
    }

    fn visit_ts_interface_body(&mut self, it: &TSInterfaceBody<'a>) {
        self.members(it.span, &it.body);
    }

    fn visit_class_body(&mut self, it: &ClassBody<'a>) {
        self.list(it.span.start as usize + 1, &it.body, |this, one: &ClassElement<'a>| this.visit_class_element(one));
    }
}
