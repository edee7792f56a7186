//! One walk over a syntax tree: where names stand, in which form, and what goes between files.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, AssignmentTargetPropertyIdentifier, BindingIdentifier,
    BindingPattern, BindingProperty, BreakStatement, CallExpression, ClassElement, Comment, ComputedMemberExpression,
    ContinueStatement, ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind,
    ExportSpecifier, Expression, FormalParameters, IdentifierReference, ImportDeclaration, ImportDeclarationSpecifier,
    ImportSpecifier, JSXMemberExpression, JSXMemberExpressionObject, LabeledStatement, ModuleExportName,
    ObjectProperty, Statement, StaticMemberExpression, StringLiteral, TSEnumDeclaration, TSEnumMember,
    TSEnumMemberName, TSImportEqualsDeclaration, TSImportType, TSImportTypeQualifier, TSModuleReference,
    TSNamespaceDeclaration, TSQualifiedName, TSTypeName, TSTypePredicate, TSTypePredicateName, TemplateElement,
    VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::Scoping;
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::{ScopeFlags, ScopeId};

use super::between::{bound, declared, exported, inner};
use super::jsdoc;
use crate::core::refactor::names::{Access, Export, Form, Import, Mention, Names, Symbol, Taken, Text};

/// Walks a tree after its semantic analysis.
pub struct Reader<'a> {
    scoping: &'a Scoping,
    text: &'a str,
    pub(super) names: &'a mut Names,
    scopes: Vec<ScopeId>,
    /// The form of the identifier at a place that comes next.
    form: Option<(Form, Span)>,
    /// The namespaces around here.
    namespaces: Vec<Option<usize>>,
    /// Labels around here: name and symbol.
    labels: Vec<(String, usize)>,
    /// Where the statements, members and properties around here begin.
    owners: Vec<u32>,
    /// Whether it is JavaScript, where comments hold the types.
    is_script: bool,
    /// Parameters with the places at which a comment about them may hang.
    documented: Vec<(String, usize, usize, Vec<u32>)>,
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl<'a> Reader<'a> {
    /// Nothing is walked yet.
    pub fn new(scoping: &'a Scoping, text: &'a str, is_script: bool, names: &'a mut Names) -> Reader<'a> {
        Reader {
            scoping,
            text,
            names,
            scopes: Vec::new(),
            form: None,
            namespaces: Vec::new(),
            labels: Vec::new(),
            owners: Vec::new(),
            is_script,
            documented: Vec::new(),
        }
    }

    /// Adds what comments say of parameters.
    pub fn finish(self, comments: &[Comment]) {
        self.names.texts.extend(comments.iter().map(|c| Text { span: range(c.span), is_comment: true }));
        let outer: HashMap<String, usize> = (0..self.names.symbols.len())
            .filter(|symbol| self.names.symbols[*symbol].scope == 0)
            .map(|symbol| (self.names.symbols[symbol].name.clone(), symbol))
            .collect();
        for comment in comments {
            let start = comment.span.start as usize;
            for (at, name) in jsdoc::references(&self.text[range(comment.span)], self.is_script) {
                self.names.mentions.extend(outer.get(name).map(|symbol| Mention {
                    span: start + at..start + at + name.len(),
                    symbol: Some(*symbol),
                    scope: 0,
                    form: Form::Plain,
                    is_declaration: false,
                }));
            }
        }
        for (name, symbol, scope, owners) in self.documented {
            for comment in comments.iter().filter(|c| owners.contains(&c.attached_to)) {
                let start = comment.span.start as usize;
                for at in jsdoc::parameters(&self.text[range(comment.span)], &name) {
                    let span = start + at..start + at + name.len();
                    self.names.mentions.push(Mention {
                        span,
                        symbol: Some(symbol),
                        scope,
                        form: Form::Plain,
                        is_declaration: false,
                    });
                }
            }
        }
    }

    fn scope(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.index())
    }

    fn take_form(&mut self, span: Span) -> Form {
        match self.form {
            Some((form, at)) if at == span => {
                self.form = None;
                form
            }
            _ => Form::Plain,
        }
    }

    fn mention(&mut self, span: Span, symbol: Option<usize>, form: Form, is_declaration: bool) {
        let scope = self.scope();
        self.names.mentions.push(Mention { span: range(span), symbol, scope, form, is_declaration });
    }

    pub(super) fn symbol_of(&self, id: &IdentifierReference<'_>) -> Option<usize> {
        let reference = id.reference_id.get()?;
        Some(self.scoping.get_reference(reference).symbol_id()?.index())
    }

    /// The member of a symbol that is named at a place.
    fn access(&mut self, object: &IdentifierReference<'_>, name: &str, span: Span) {
        if let Some(object) = self.symbol_of(object) {
            let (path, name, span) = (Vec::new(), name.to_owned(), range(span));
            self.names.accesses.push(Access { object, path, name, span, is_keyword: false });
        }
    }

    fn document(&mut self, parameters: &FormalParameters<'_>, start: u32) {
        let mut owners = self.owners.clone();
        owners.push(start);
        let scope = self.scope();
        let patterns = parameters.items.iter().map(|item| &item.pattern);
        for pattern in patterns.chain(parameters.rest.iter().map(|rest| &rest.rest.argument)) {
            let id = match pattern {
                BindingPattern::AssignmentPattern(with_default) => with_default.left.get_binding_identifier(),
                other => other.get_binding_identifier(),
            };
            if let Some(id) = id
                && let Some(symbol) = id.symbol_id.get()
            {
                self.names.symbols[symbol.index()].kind = "parameter";
                self.documented.push((id.name.to_string(), symbol.index(), scope, owners.clone()));
            }
        }
    }

    /// Walks what begins at a place where a comment may hang. Inside of a body begins another such place.
    fn owned(&mut self, start: u32, is_fresh: bool, walk: impl FnOnce(&mut Self)) {
        let outer = if is_fresh { std::mem::take(&mut self.owners) } else { self.owners.clone() };
        self.owners.push(start);
        walk(self);
        self.owners = outer;
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn enter_scope(&mut self, _: ScopeFlags, scope: &Cell<Option<ScopeId>>) {
        self.scopes.extend(scope.get());
    }

    fn leave_scope(&mut self) {
        self.scopes.pop();
    }

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        let form = self.take_form(it.span);
        let symbol = self.symbol_of(it);
        self.mention(it.span, symbol, form, false);
    }

    fn visit_binding_identifier(&mut self, it: &BindingIdentifier<'a>) {
        let form = self.take_form(it.span);
        let symbol = it.symbol_id.get().map(|id| id.index());
        self.mention(it.span, symbol, form, true);
    }

    fn visit_string_literal(&mut self, it: &StringLiteral<'a>) {
        self.names.texts.push(Text { span: range(it.span), is_comment: false });
    }

    fn visit_template_element(&mut self, it: &TemplateElement<'a>) {
        self.names.texts.push(Text { span: range(it.span), is_comment: false });
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        if it.shorthand {
            self.form = Some((Form::Shorthand, it.value.span()));
        }
        self.owned(it.span.start, false, |this| walk::walk_object_property(this, it));
    }

    fn visit_binding_property(&mut self, it: &BindingProperty<'a>) {
        if it.shorthand {
            self.form = Some((Form::Pattern, it.key.span()));
        }
        walk::walk_binding_property(self, it);
    }

    fn visit_assignment_target_property_identifier(&mut self, it: &AssignmentTargetPropertyIdentifier<'a>) {
        self.form = Some((Form::Pattern, it.binding.span));
        walk::walk_assignment_target_property_identifier(self, it);
    }

    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
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

    fn visit_import_specifier(&mut self, it: &ImportSpecifier<'a>) {
        if it.local.span == it.imported.span() {
            self.form = Some((Form::Import, it.local.span));
        }
        self.visit_binding_identifier(&it.local);
    }

    fn visit_export_specifier(&mut self, it: &ExportSpecifier<'a>) {
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

    fn visit_export_from_declaration(&mut self, it: &oxc_ast::ast::ExportFromDeclaration<'a>) {
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

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        let from = it.source.value.to_string();
        self.names.exports.push(match &it.exported {
            Some(name) => {
                let (name, span) = exported(name);
                Export::AllAs { from, name: name.to_owned(), span: range(span) }
            }
            None => Export::All { from },
        });
    }

    fn visit_export_default_declaration(&mut self, it: &ExportDefaultDeclaration<'a>) {
        let symbol = match &it.declaration {
            ExportDefaultDeclarationKind::Identifier(id) => self.symbol_of(id),
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => bound(it.id.as_ref()),
            ExportDefaultDeclarationKind::ClassDeclaration(it) => bound(it.id.as_ref()),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => bound(Some(&it.id)),
            _ => None,
        };
        self.names.exports.extend(symbol.map(|symbol| Export::Default { symbol }));
        walk::walk_export_default_declaration(self, it);
    }

    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        let owner = self.namespaces.last().copied();
        for symbol in declared(&it.declaration) {
            match owner {
                Some(owner) => self.names.symbols[symbol].owner = owner,
                None => self.names.exports.push(Export::Declared { symbol }),
            }
        }
        walk::walk_export_declaration(self, it);
    }

    fn visit_ts_namespace_declaration(&mut self, it: &TSNamespaceDeclaration<'a>) {
        self.namespaces.push(bound(Some(&it.id)));
        walk::walk_ts_namespace_declaration(self, it);
        self.namespaces.pop();
    }

    fn visit_ts_enum_declaration(&mut self, it: &TSEnumDeclaration<'a>) {
        let owner = bound(Some(&it.id));
        if let Some(scope) = it.body.scope_id.get() {
            for symbol in self.scoping.iter_bindings_in(scope) {
                self.names.symbols[symbol.index()].owner = owner;
            }
        }
        walk::walk_ts_enum_declaration(self, it);
    }

    fn visit_ts_enum_member(&mut self, it: &TSEnumMember<'a>) {
        let name = match &it.id {
            TSEnumMemberName::Identifier(id) => Some((id.name.as_str(), id.span)),
            TSEnumMemberName::String(text) => Some((text.value.as_str(), inner(text.span))),
            _ => None,
        };
        if let (Some((name, span)), Some(scope)) = (name, self.scopes.last()) {
            let mut symbols = self.scoping.iter_bindings_in(*scope);
            let symbol = symbols.find(|symbol| self.scoping.symbol_name(*symbol) == name).map(|id| id.index());
            self.mention(span, symbol, Form::Plain, true);
        }
        walk::walk_ts_enum_member(self, it);
    }

    fn visit_ts_import_equals_declaration(&mut self, it: &TSImportEqualsDeclaration<'a>) {
        if let TSModuleReference::ExternalModuleReference(module) = &it.module_reference {
            let symbol = it.id.symbol_id.get().map(|id| id.index());
            let from = module.expression.value.to_string();
            self.names.imports.push(Import { from, what: Taken::Whole, symbol });
        }
        walk::walk_ts_import_equals_declaration(self, it);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if let Some(from) = it.init.as_ref().and_then(|init| self.module_of(init)) {
            let from = from.to_owned();
            self.take_apart(&it.id, &from);
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        if let Expression::StaticMemberExpression(member) = &it.callee
            && let Expression::ImportExpression(import) = &member.object
            && let Expression::StringLiteral(from) = &import.source
            && member.property.name == "then"
        {
            let parameters = match it.arguments.first() {
                Some(Argument::ArrowFunctionExpression(arrow)) => Some(&arrow.params),
                Some(Argument::FunctionExpression(function)) => Some(&function.params),
                _ => None,
            };
            if let Some(first) = parameters.and_then(|parameters| parameters.items.first()) {
                self.take_apart(&first.pattern, from.value.as_str());
            }
        }
        walk::walk_call_expression(self, it);
    }

    fn visit_ts_import_type(&mut self, it: &TSImportType<'a>) {
        let mut qualifier = it.qualifier.as_ref();
        while let Some(TSImportTypeQualifier::QualifiedName(name)) = qualifier {
            qualifier = Some(&name.left);
        }
        if let Some(TSImportTypeQualifier::Identifier(name)) = qualifier {
            self.take(it.source.value.as_str(), name.name.as_str(), name.span, false, None);
        }
        walk::walk_ts_import_type(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if let AssignmentTarget::StaticMemberExpression(member) = &it.left
            && self.is_module_exports(member)
        {
            self.offer_members(&it.right);
        }
        walk::walk_assignment_expression(self, it);
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        if let Expression::Identifier(object) = &it.object {
            self.access(object, it.property.name.as_str(), it.property.span);
        }
        if let Some(from) = self.module_of(&it.object) {
            let from = from.to_owned();
            self.take(&from, it.property.name.as_str(), it.property.span, false, None);
        }
        if self.is_exports(&it.object) {
            let name = it.property.name.to_string();
            self.names.exports.push(Export::Assigned { name, span: range(it.property.span), form: Form::Plain });
        }
        walk::walk_static_member_expression(self, it);
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        if let (Expression::Identifier(object), Expression::StringLiteral(name)) = (&it.object, &it.expression) {
            self.access(object, name.value.as_str(), inner(name.span));
        }
        walk::walk_computed_member_expression(self, it);
    }

    fn visit_ts_qualified_name(&mut self, it: &TSQualifiedName<'a>) {
        if let TSTypeName::IdentifierReference(object) = &it.left {
            self.access(object, it.right.name.as_str(), it.right.span);
        }
        walk::walk_ts_qualified_name(self, it);
    }

    fn visit_jsx_member_expression(&mut self, it: &JSXMemberExpression<'a>) {
        if let JSXMemberExpressionObject::IdentifierReference(object) = &it.object {
            self.access(object, it.property.name.as_str(), it.property.span);
        }
        walk::walk_jsx_member_expression(self, it);
    }

    fn visit_ts_type_predicate(&mut self, it: &TSTypePredicate<'a>) {
        if let TSTypePredicateName::Identifier(name) = &it.parameter_name
            && let Some(scope) = self.scopes.last()
        {
            let known = self.scoping.scope_ancestors(*scope).find_map(|scope| {
                let mut symbols = self.scoping.iter_bindings_in(scope);
                symbols.find(|symbol| self.scoping.symbol_name(*symbol) == name.name.as_str())
            });
            self.mention(name.span, known.map(|symbol| symbol.index()), Form::Plain, false);
        }
        walk::walk_ts_type_predicate(self, it);
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        let (name, symbol) = (it.label.name.to_string(), self.names.symbols.len());
        let scope = self.scope();
        self.names.symbols.push(Symbol { name: name.clone(), kind: "label", scope, owner: None });
        self.mention(it.label.span, Some(symbol), Form::Plain, true);
        self.labels.push((name, symbol));
        walk::walk_labeled_statement(self, it);
        self.labels.pop();
    }

    fn visit_break_statement(&mut self, it: &BreakStatement<'a>) {
        if let Some(label) = &it.label {
            let symbol = self.labels.iter().rev().find(|(name, _)| *name == label.name.as_str()).map(|(_, id)| *id);
            self.mention(label.span, symbol, Form::Plain, false);
        }
    }

    fn visit_continue_statement(&mut self, it: &ContinueStatement<'a>) {
        if let Some(label) = &it.label {
            let symbol = self.labels.iter().rev().find(|(name, _)| *name == label.name.as_str()).map(|(_, id)| *id);
            self.mention(label.span, symbol, Form::Plain, false);
        }
    }

    fn visit_statement(&mut self, it: &Statement<'a>) {
        self.owned(it.span().start, true, |this| walk::walk_statement(this, it));
    }

    fn visit_class_element(&mut self, it: &ClassElement<'a>) {
        self.owned(it.span().start, true, |this| walk::walk_class_element(this, it));
    }

    fn visit_function(&mut self, it: &oxc_ast::ast::Function<'a>, flags: ScopeFlags) {
        self.document(&it.params, it.span.start);
        walk::walk_function(self, it, flags);
    }

    fn visit_arrow_function_expression(&mut self, it: &oxc_ast::ast::ArrowFunctionExpression<'a>) {
        self.document(&it.params, it.span.start);
        walk::walk_arrow_function_expression(self, it);
    }
}
