//! What goes between ES modules: imports, lists of exports, and what is passed on.

use oxc_ast::ast::{
    ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind,
    ExportFromDeclaration, ExportSpecifier, ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName, Statement,
    TSImportEqualsDeclaration, TSImportType, TSImportTypeQualifier, TSModuleReference, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody,
};
use oxc_ast_visit::Visit;

use super::between::{bound, declared, exported};
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

    /// What a file offers without a name.
    pub(super) fn offers_by_default(&mut self, it: &ExportDefaultDeclaration<'_>) {
        let symbol = match &it.declaration {
            ExportDefaultDeclarationKind::Identifier(id) => self.symbol_of(id),
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => bound(it.id.as_ref()),
            ExportDefaultDeclarationKind::ClassDeclaration(it) => bound(it.id.as_ref()),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => bound(Some(&it.id)),
            _ => None,
        };
        self.names.exports.extend(symbol.map(|symbol| Export::Default { symbol }));
    }

    /// What a file, or a namespace, offers where it declares it.
    pub(super) fn offers(&mut self, it: &ExportDeclaration<'_>) {
        let owner = self.namespaces.last().copied();
        for symbol in declared(&it.declaration) {
            match owner {
                Some(owner) => self.names.symbols[symbol].owner = owner,
                None => self.names.exports.push(Export::Declared { symbol }),
            }
        }
    }

    /// `import a = require("m")`.
    pub(super) fn requires(&mut self, it: &TSImportEqualsDeclaration<'_>) {
        if let TSModuleReference::ExternalModuleReference(module) = &it.module_reference {
            let symbol = it.id.symbol_id.get().map(|id| id.index());
            let from = module.expression.value.to_string();
            self.names.imports.push(Import { from, what: Taken::Whole, symbol });
        }
    }

    /// `import("m").A`.
    pub(super) fn imported_type(&mut self, it: &TSImportType<'_>) {
        let mut qualifier = it.qualifier.as_ref();
        while let Some(TSImportTypeQualifier::QualifiedName(name)) = qualifier {
            qualifier = Some(&name.left);
        }
        if let Some(TSImportTypeQualifier::Identifier(name)) = qualifier {
            self.take(it.source.value.as_str(), name.name.as_str(), name.span, false, None);
        }
    }

    /// In a namespace that nothing but declares, all can be seen from outside.
    pub(super) fn holds_all(&mut self, it: &TSNamespaceDeclaration<'_>) {
        if let TSNamespaceDeclarationBody::TSModuleBlock(block) = &it.body
            && (it.declare || self.is_ambient)
        {
            for symbol in block.body.iter().filter_map(Statement::as_declaration).flat_map(declared) {
                self.names.symbols[symbol].owner = bound(Some(&it.id));
            }
        }
    }
}
