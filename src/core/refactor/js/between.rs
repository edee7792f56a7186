//! What goes between files, as far as the syntax tells: ES modules, CommonJS, imports in expressions.

use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, BindingIdentifier, BindingPattern, CallExpression, Declaration,
    Expression, ModuleExportName, ObjectPropertyKind, PropertyKey, StaticMemberExpression, VariableDeclarator,
};
use oxc_span::Span;

use super::reader::{Reader, range};
use crate::core::refactor::names::{Export, Form, Import, Taken};

impl Reader<'_> {
    /// The file that an expression stands for: `require("m")`, `await import("m")`.
    pub(super) fn module_of<'e>(&self, expression: &'e Expression<'_>) -> Option<&'e str> {
        match expression {
            Expression::CallExpression(call) => self.required(call),
            Expression::AwaitExpression(wait) => match &wait.argument {
                Expression::ImportExpression(import) => match &import.source {
                    Expression::StringLiteral(from) => Some(from.value.as_str()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn required<'e>(&self, call: &'e CallExpression<'_>) -> Option<&'e str> {
        let Expression::Identifier(callee) = &call.callee else { return None };
        match call.arguments.as_slice() {
            [Argument::StringLiteral(from)] if callee.name == "require" && self.symbol_of(callee).is_none() => {
                Some(from.value.as_str())
            }
            _ => None,
        }
    }

    /// `const { a } = require("m")`.
    pub(super) fn takes_module(&mut self, it: &VariableDeclarator<'_>) {
        if let Some(from) = it.init.as_ref().and_then(|init| self.module_of(init)) {
            let from = from.to_owned();
            self.take_apart(&it.id, &from);
        }
    }

    /// The names a pattern takes out of a file.
    fn take_apart(&mut self, pattern: &BindingPattern<'_>, from: &str) {
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                let symbol = id.symbol_id.get().map(|id| id.index());
                self.names.imports.push(Import { from: from.to_owned(), what: Taken::Whole, symbol });
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let Some((name, span)) = key(&property.key) else { continue };
                    let symbol = match &property.value {
                        BindingPattern::BindingIdentifier(id) => id.symbol_id.get(),
                        BindingPattern::AssignmentPattern(with_default) => {
                            with_default.left.get_binding_identifier().and_then(|id| id.symbol_id.get())
                        }
                        _ => None,
                    };
                    self.take(from, name, span, property.shorthand, symbol.map(|id| id.index()));
                }
            }
            _ => {}
        }
    }

    /// `import("m").then(m => …)`.
    pub(super) fn imported_then(&mut self, it: &CallExpression<'_>) {
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
    }

    pub(super) fn take(&mut self, from: &str, name: &str, span: Span, is_same: bool, symbol: Option<usize>) {
        let what = Taken::Name { name: name.to_owned(), span: range(span), is_same };
        self.names.imports.push(Import { from: from.to_owned(), what, symbol });
    }

    /// `module.exports = …`.
    pub(super) fn offers_whole(&mut self, it: &AssignmentExpression<'_>) {
        if let AssignmentTarget::StaticMemberExpression(member) = &it.left
            && self.is_module_exports(member)
        {
            self.names.whole = Some(self.clue(&it.right));
            self.offer_members(&it.right);
        }
    }

    /// The names that are offered by `module.exports = { … }`.
    fn offer_members(&mut self, value: &Expression<'_>) {
        let Expression::ObjectExpression(object) = value else { return };
        for property in &object.properties {
            if let ObjectPropertyKind::ObjectProperty(property) = property
                && let Some((name, span)) = key(&property.key)
            {
                let form = if property.shorthand { Form::Shorthand } else { Form::Plain };
                let is = self.clue(&property.value);
                self.names.exports.push(Export::Assigned { name: name.to_owned(), span: range(span), form, is });
            }
        }
    }

    /// `exports` or `module.exports`, as CommonJS has them.
    pub(super) fn is_exports(&self, expression: &Expression<'_>) -> bool {
        match expression {
            Expression::Identifier(id) => id.name == "exports" && self.symbol_of(id).is_none(),
            Expression::StaticMemberExpression(member) => self.is_module_exports(member),
            _ => false,
        }
    }

    pub(super) fn is_module_exports(&self, member: &StaticMemberExpression<'_>) -> bool {
        let Expression::Identifier(id) = &member.object else { return false };
        member.property.name == "exports" && id.name == "module" && self.symbol_of(id).is_none()
    }
}

/// A key that is a plain name or a quoted one, with the bytes of the name.
pub(super) fn key<'k>(key: &'k PropertyKey<'_>) -> Option<(&'k str, Span)> {
    match key {
        PropertyKey::StaticIdentifier(id) => Some((id.name.as_str(), id.span)),
        PropertyKey::StringLiteral(text) => Some((text.value.as_str(), inner(text.span))),
        _ => None,
    }
}

pub(super) fn bound(id: Option<&BindingIdentifier<'_>>) -> Option<usize> {
    Some(id?.symbol_id.get()?.index())
}

/// The symbols that a declaration declares.
pub(super) fn declared(declaration: &Declaration<'_>) -> Vec<usize> {
    let one = |id: Option<&BindingIdentifier<'_>>| bound(id).into_iter().collect();
    match declaration {
        Declaration::VariableDeclaration(it) => {
            let ids = it.declarations.iter().flat_map(|one| one.id.get_binding_identifiers());
            ids.filter_map(|id| bound(Some(id))).collect()
        }
        Declaration::FunctionDeclaration(it) => one(it.id.as_ref()),
        Declaration::ClassDeclaration(it) => one(it.id.as_ref()),
        Declaration::TSTypeAliasDeclaration(it) => one(Some(&it.id)),
        Declaration::TSInterfaceDeclaration(it) => one(Some(&it.id)),
        Declaration::TSEnumDeclaration(it) => one(Some(&it.id)),
        Declaration::TSNamespaceDeclaration(it) => one(Some(&it.id)),
        _ => Vec::new(),
    }
}

/// A quoted name without its quotes.
pub(super) fn inner(span: Span) -> Span {
    Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1))
}

pub(super) fn exported<'n>(name: &'n ModuleExportName<'_>) -> (&'n str, Span) {
    match name {
        ModuleExportName::IdentifierName(id) => (id.name.as_str(), id.span),
        ModuleExportName::IdentifierReference(id) => (id.name.as_str(), id.span),
        ModuleExportName::StringLiteral(text) => (text.value.as_str(), inner(text.span)),
    }
}

/// The name of a member and its bytes: a plain, a quoted or a private one, which is told by `#`.
pub(super) fn member_name(key: &PropertyKey<'_>) -> Option<(String, Span)> {
    match key {
        PropertyKey::StaticIdentifier(id) => Some((id.name.to_string(), id.span)),
        PropertyKey::PrivateIdentifier(id) => {
            Some((format!("#{}", id.name), Span::new(id.span.start + 1, id.span.end)))
        }
        PropertyKey::StringLiteral(text) => Some((text.value.to_string(), inner(text.span))),
        _ => None,
    }
}
