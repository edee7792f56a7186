//! What goes between ES modules: imports, lists of exports, and what is passed on.

use oxc_ast::ast::{
    ExportAllDeclaration, ExportFromDeclaration, ExportSpecifier, ImportDeclaration, ImportDeclarationSpecifier,
    ModuleExportName,
};
use oxc_ast_visit::Visit;

use super::between::exported;
use super::reader::{Reader, range};
use crate::core::refactor::names::{Export, Form, Import, Taken};

impl Reader<'_> {
    /// What a file takes by a declaration.
    pub(super) fn imports_of(&mut self, it: &ImportDeclaration<'_>) {
        let from = it.source.value.as_str();
        for specifier in it.specifiers.iter().flatten() {
            match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(one) => {
                    let (name, span) = exported(&one.imported);
                    let symbol = one.local.symbol_id.get().map(|id| id.index());
                    self.take(from, name, span, span == one.local.span, symbol);
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
                    let symbol = one.local.symbol_id.get().map(|id| id.index());
                    self.names.imports.push(Import { from: from.to_owned(), what: Taken::Default, symbol });
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(one) => {
                    let symbol = one.local.symbol_id.get().map(|id| id.index());
                    self.names.imports.push(Import { from: from.to_owned(), what: Taken::Whole, symbol });
                }
            }
        }
        // Not the specifier: it is no string that could name something.
        it.specifiers.iter().flatten().for_each(|specifier| self.visit_import_declaration_specifier(specifier));
    }

    /// What a file offers by a list.
    pub(super) fn lists(&mut self, it: &ExportSpecifier<'_>) {
        let (name, span) = exported(&it.exported);
        if let ModuleExportName::IdentifierReference(local) = &it.local {
            if local.span == span {
                self.form = Some((Form::Export, span));
            }
            if let Some(symbol) = self.symbol_of(local) {
                let alias = (local.span != span).then(|| range(span));
                self.names.exports.push(Export::Listed { name: name.to_owned(), alias, symbol });
            }
            self.visit_identifier_reference(local);
        }
    }

    /// What a file passes on by name.
    pub(super) fn passes(&mut self, it: &ExportFromDeclaration<'_>) {
        for specifier in &it.specifiers {
            let (name, there) = exported(&specifier.exported);
            let (imported, span) = exported(&specifier.local);
            self.names.exports.push(Export::Passed {
                from: it.source.value.to_string(),
                imported: imported.to_owned(),
                span: range(span),
                name: name.to_owned(),
                alias: (span != there).then(|| range(there)),
            });
        }
    }

    /// What a file passes on as a whole.
    pub(super) fn passes_all(&mut self, it: &ExportAllDeclaration<'_>) {
        let from = it.source.value.to_string();
        self.names.exports.push(match &it.exported {
            Some(name) => {
                let (name, span) = exported(name);
                Export::AllAs { from, name: name.to_owned(), span: range(span) }
            }
            None => Export::All { from },
        });
    }
}
