//! Names in JavaScript and TypeScript, by oxc's parser and semantic analysis.

mod access;
mod between;
mod calls;
mod clues;
mod comments;
mod doctype;
mod expect;
mod jsdoc;
mod library;
mod members;
mod module;
mod narrow;
mod pass;
mod reader;
mod specifier;
mod typed;
mod types;
mod visit;

use std::path::Path;

use oxc_allocator::Allocator;
use oxc_ast_visit::Visit;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::SourceType;
use oxc_syntax::symbol::{SymbolFlags, SymbolId};

use super::names::{Names, Scope, Symbol};
use crate::core::text::bracket_depth;

pub use module::Modules;

/// How deep brackets may nest. The parser recurses, and needs up to 2.1 KB a level.
const MAX_DEPTH: usize = 50_000;

/// Reads what a file says about names; `None` where it has syntax errors.
pub fn read_names(path: &str, text: &str) -> Option<Names> {
    let kind = SourceType::from_path(Path::new(path)).ok()?;
    let kind = if kind.is_javascript() { kind.with_jsx(true) } else { kind };
    if bracket_depth(text) > MAX_DEPTH {
        return None;
    }
    let allocator = Allocator::default();
    let options = ParseOptions { preserve_parens: false, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
    if parsed.panicked {
        return None;
    }
    let program = allocator.alloc(parsed.program);
    let semantic = SemanticBuilder::new().build(program).semantic;
    let mut names = Names::default();
    declare(semantic.scoping(), &mut names);
    let mut reader = reader::Reader::new(semantic.scoping(), text, kind.is_javascript(), &program.comments, &mut names);
    reader.is_ambient = kind.is_typescript_definition();
    reader.visit_program(program);
    reader.finish(&program.comments);
    // Of `{ a }` the variable comes before the member.
    let is_member =
        |symbol: Option<usize>| symbol.is_some_and(|symbol| matches!(names.symbols[symbol].kind, "field" | "method"));
    let mut mentions = std::mem::take(&mut names.mentions);
    mentions.sort_by_key(|mention| (mention.span.start, is_member(mention.symbol)));
    names.mentions = mentions;
    Some(names)
}

/// Takes over symbols and scopes, number for number.
fn declare(scoping: &Scoping, names: &mut Names) {
    names.scopes = scoping
        .scope_descendants_from_root()
        .map(|scope| Scope { parent: scoping.scope_parent_id(scope).map(|parent| parent.index()), is_class: false })
        .collect();
    names.symbols = scoping.symbol_ids().map(|id| symbol(scoping, id)).collect();
}

fn symbol(scoping: &Scoping, id: SymbolId) -> Symbol {
    let flags = scoping.symbol_flags(id);
    let kind = match () {
        () if flags.contains(SymbolFlags::Class) => "class",
        () if flags.contains(SymbolFlags::Function) => "function",
        () if flags.intersects(SymbolFlags::RegularEnum | SymbolFlags::ConstEnum) => "enum",
        () if flags.contains(SymbolFlags::EnumMember) => "enum member",
        () if flags.contains(SymbolFlags::Interface) => "interface",
        () if flags.contains(SymbolFlags::TypeAlias) => "type",
        () if flags.contains(SymbolFlags::TypeParameter) => "type parameter",
        () if flags.intersects(SymbolFlags::NamespaceModule | SymbolFlags::ValueModule) => "namespace",
        () if flags.intersects(SymbolFlags::Import | SymbolFlags::TypeImport) => "import",
        () => "variable",
    };
    Symbol { name: scoping.symbol_name(id).to_owned(), kind, scope: scoping.symbol_scope_id(id).index(), owner: None }
}

/// Tells whether a text may have `export *`, so that it offers names that it does not mention.
pub fn passes_on(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"export").any(|at| {
        let rest = &bytes[at + 6..];
        rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'*')
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
