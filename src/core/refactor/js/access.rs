//! Members where they are named: on a value, on a type, on a module.

use oxc_ast::ast::{
    ComputedMemberExpression, Expression, JSXMemberExpression, JSXMemberExpressionObject, StaticMemberExpression,
    TSQualifiedName, TSTypeName,
};

use super::between::inner;
use super::reader::{Reader, range};
use crate::core::refactor::names::{Export, Form};
use crate::core::refactor::types::Clue;

impl Reader<'_> {
    /// `a.b`.
    pub(super) fn member(&mut self, it: &StaticMemberExpression<'_>) {
        if let Expression::Identifier(object) = &it.object {
            self.access(object, it.property.name.as_str(), it.property.span);
        }
        let on = self.clue(&it.object);
        self.named_on(it.property.name.as_str(), it.property.span, Form::Plain, on);
        if let Some(from) = self.module_of(&it.object) {
            let from = from.to_owned();
            self.take(&from, it.property.name.as_str(), it.property.span, false, None);
        }
        if self.is_exports(&it.object) {
            let name = it.property.name.to_string();
            let is = self.exported.take().filter(|(at, _)| *at == it.span).map_or(Clue::Unknown, |(_, is)| is);
            self.names.exports.push(Export::Assigned { name, span: range(it.property.span), form: Form::Plain, is });
        }
    }

    /// `a["b"]`.
    pub(super) fn key(&mut self, it: &ComputedMemberExpression<'_>) {
        if let (Expression::Identifier(object), Expression::StringLiteral(name)) = (&it.object, &it.expression) {
            self.access(object, name.value.as_str(), inner(name.span));
        }
        if let Expression::StringLiteral(name) = &it.expression {
            let on = self.clue(&it.object);
            self.named_on(name.value.as_str(), inner(name.span), Form::Plain, on);
        }
    }

    /// `A.B`, where types stand.
    pub(super) fn qualified(&mut self, it: &TSQualifiedName<'_>) {
        if let TSTypeName::IdentifierReference(object) = &it.left {
            self.access(object, it.right.name.as_str(), it.right.span);
        }
        let on = self.type_name(&it.left);
        self.named_on(it.right.name.as_str(), it.right.span, Form::Plain, on);
    }

    /// `<A.B />`.
    pub(super) fn tag(&mut self, it: &JSXMemberExpression<'_>) {
        if let JSXMemberExpressionObject::IdentifierReference(object) = &it.object {
            self.access(object, it.property.name.as_str(), it.property.span);
        }
    }
}
