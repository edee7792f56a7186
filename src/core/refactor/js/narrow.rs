//! What values are where a test has said so.

use oxc_ast::ast::{Argument, Expression, Statement, SwitchStatement, TSSignature, TSType};
use oxc_span::GetSpan;

use super::between::member_name;
use super::reader::Reader;
use crate::core::refactor::types::{Clue, Tag};

use std::sync::Arc;

impl Reader<'_> {
    /// Walks what is only reached where a test holds, or with `is_held` false where it does not.
    pub(super) fn narrowed_by(&mut self, test: &Expression<'_>, is_held: bool, walk: impl FnOnce(&mut Self)) {
        let before = self.narrowed.len();
        self.learns(test, is_held);
        walk(self);
        self.narrowed.truncate(before);
    }

    /// Writes down what a test says, until it is forgotten again.
    pub(super) fn learns(&mut self, test: &Expression<'_>, is_held: bool) {
        let mut tests = vec![(test, is_held)];
        while let Some((test, is_held)) = tests.pop() {
            match test {
                Expression::ParenthesizedExpression(it) => tests.push((&it.expression, is_held)),
                Expression::UnaryExpression(it) if it.operator.is_not() => tests.push((&it.argument, !is_held)),
                Expression::LogicalExpression(both)
                    if both.operator.is_and() == is_held && !both.operator.is_coalesce() =>
                {
                    // The left one is asked first.
                    tests.extend([(&both.right, is_held), (&both.left, is_held)]);
                }
                Expression::BinaryExpression(it) if it.operator.is_instance_of() && is_held => {
                    let (value, ty) = (self.clue(&it.left), self.clue(&it.right));
                    self.narrowed.push((value, Clue::instance(ty)));
                }
                Expression::BinaryExpression(it) if it.operator.is_equality() => {
                    let is_equal = matches!(it.operator.as_str(), "==" | "===");
                    if let Some(value) = self.one_value(&it.right) {
                        self.tagged(&it.left, vec![value], is_equal == is_held);
                    }
                }
                Expression::CallExpression(it) if is_held && it.arguments.len() == 1 => {
                    let Some(value) = it.arguments.first().and_then(Argument::as_expression) else { continue };
                    let is_name = matches!(value, Expression::Identifier(_) | Expression::StaticMemberExpression(_));
                    let (callee, value) = (self.clue(&it.callee), self.clue(value));
                    let is_known = |clue: &Clue| !matches!(clue, Clue::Unknown | Clue::Basic);
                    if is_name && !self.is_script && is_known(&callee) && is_known(&value) {
                        let narrow = Clue::Guarded(Arc::new(callee), Arc::new(value.clone()));
                        self.narrowed.push((value, narrow));
                    }
                }
                _ => {}
            }
        }
    }

    /// Behind a test that leaves where it holds, it does not hold.
    pub(super) fn learns_behind(&mut self, statement: &Statement<'_>) {
        if let Statement::IfStatement(test) = statement
            && test.alternate.is_none()
            && leaves(std::slice::from_ref(&test.consequent))
        {
            self.learns(&test.test, false);
        }
    }

    /// The members by which types in braces tell others apart that are written beside them.
    pub(super) fn tags(&mut self, types: &[TSType<'_>]) -> Vec<Tag> {
        let mut tags = Vec::new();
        for ty in types {
            let TSType::TSTypeLiteral(body) = ty else { continue };
            for member in &body.members {
                if let TSSignature::TSPropertySignature(it) = member
                    && let Some(annotation) = &it.type_annotation
                    && matches!(annotation.type_annotation, TSType::TSLiteralType(_) | TSType::TSTypeReference(_))
                    && let Some((name, _)) = member_name(&it.key)
                {
                    let values = vec![self.ty(&annotation.type_annotation)];
                    tags.push(Tag { name, values, is_one: true });
                }
            }
        }
        tags
    }

    /// Walks the cases of a `switch`, each with what its values say.
    pub(super) fn cases(&mut self, it: &SwitchStatement<'_>, walk: &mut dyn FnMut(&mut Self, usize)) {
        let (mut values, mut is_known) = (Vec::new(), true);
        for (number, case) in it.cases.iter().enumerate() {
            match case.test.as_ref().map(|test| self.one_value(test)) {
                Some(Some(value)) => values.push(value),
                _ => is_known = false,
            }
            let before = self.narrowed.len();
            if is_known && !case.consequent.is_empty() {
                self.tagged(&it.discriminant, values.clone(), true);
            }
            walk(self, number);
            self.narrowed.truncate(before);
            // What runs on into the next case takes its values along.
            if leaves(&case.consequent) {
                (values, is_known) = (Vec::new(), true);
            }
        }
    }

    fn tagged(&mut self, on: &Expression<'_>, values: Vec<Clue>, is_one: bool) {
        let (object, name) = match on {
            Expression::StaticMemberExpression(it) => (&it.object, it.property.name.to_string()),
            Expression::ChainExpression(it) => match it.expression.as_member_expression() {
                Some(member) => match member.static_property_name() {
                    Some(name) => (member.object(), name.to_string()),
                    None => return,
                },
                None => return,
            },
            _ => return,
        };
        let mut object = object;
        while let Expression::ParenthesizedExpression(inner) = object {
            object = &inner.expression;
        }
        let value = self.clue(object);
        if !matches!(value, Clue::Unknown | Clue::Basic) {
            let narrow = Clue::Tagged(Arc::new(value.clone()), Box::new(Tag { name, values, is_one }));
            self.narrowed.push((value, narrow));
        }
    }

    /// What may be a text or number alone: one that is written down, or a name for it.
    fn one_value(&mut self, value: &Expression<'_>) -> Option<Clue> {
        match value {
            Expression::Identifier(_) | Expression::StaticMemberExpression(_) => {
                Some(self.clue(value)).filter(|clue| !matches!(clue, Clue::Unknown | Clue::Basic))
            }
            value => self.literal(value).map(Clue::Literal),
        }
    }

    /// A text or number that is written down, as a type would say it.
    pub(super) fn literal(&self, value: &Expression<'_>) -> Option<String> {
        match value {
            Expression::StringLiteral(_) | Expression::NumericLiteral(_) | Expression::BooleanLiteral(_) => {
                Some(value.span().source_text(self.text).replace('\'', "\""))
            }
            Expression::TSAsExpression(it) if it.type_annotation.span().source_text(self.text) == "const" => {
                self.literal(&it.expression)
            }
            _ => None,
        }
    }
}

/// Whether statements never run on to what stands behind them.
fn leaves(statements: &[Statement<'_>]) -> bool {
    match statements.last() {
        Some(Statement::BlockStatement(it)) => leaves(&it.body),
        Some(Statement::IfStatement(it)) => {
            let leaves_by = |one: &Statement<'_>| leaves(std::slice::from_ref(one));
            leaves_by(&it.consequent) && it.alternate.as_ref().is_some_and(leaves_by)
        }
        last => matches!(
            last,
            Some(
                Statement::ReturnStatement(_)
                    | Statement::ThrowStatement(_)
                    | Statement::BreakStatement(_)
                    | Statement::ContinueStatement(_)
            )
        ),
    }
}
