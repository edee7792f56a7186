//! What literals and functions are expected to be where they stand, and what patterns take out of values.

use std::sync::Arc;

use oxc_ast::ast::{
    ArrowFunctionBody, AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern,
    Expression, ForOfStatement, ForStatementLeft, FormalParameters, PropertyDefinition, TSTypeAnnotation,
};
use oxc_span::GetSpan;

use super::between::member_name;
use super::reader::Reader;
use super::types::is_any;
use crate::core::refactor::names::Form;
use crate::core::refactor::types::Clue;

impl Reader<'_> {
    /// Says what an expression is expected to be, where that tells what is in it.
    pub(super) fn expect(&mut self, expression: &Expression<'_>, as_what: Clue) {
        let is_known = as_what != Clue::Unknown && as_what != Clue::Basic;
        match expression {
            // That nothing is known of what asks for it is worth knowing, too.
            Expression::ObjectExpression(_) => drop(self.expected.insert(expression.span().start, as_what)),
            Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_) if is_known => {
                self.expected.insert(expression.span().start, as_what);
            }
            Expression::CallExpression(it) if is_known && !self.is_script => {
                self.wanted.insert((it.span.start, it.span.end), as_what);
            }
            Expression::ArrayExpression(it) => {
                for element in it.elements.iter().filter_map(|element| element.as_expression()) {
                    self.expect(element, Clue::element(as_what.clone()));
                }
            }
            Expression::ConditionalExpression(it) => {
                self.expect(&it.consequent, as_what.clone());
                self.expect(&it.alternate, as_what);
            }
            Expression::LogicalExpression(it) => {
                self.expect(&it.left, as_what.clone());
                self.expect(&it.right, as_what);
            }
            Expression::ParenthesizedExpression(it) => self.expect(&it.expression, as_what),
            Expression::AwaitExpression(it) => self.expect(&it.argument, as_what),
            Expression::TSSatisfiesExpression(it) => self.expect(&it.expression, as_what),
            Expression::TSAsExpression(it) => self.expect(&it.expression, as_what),
            _ => {}
        }
    }

    /// Says what the parameters of a function are. Where nothing is written, what is expected of the function says it.
    fn parameters(&mut self, parameters: &FormalParameters<'_>, start: u32) {
        let expected = self.expected.get(&start).cloned().map(Arc::new);
        for (n, one) in parameters.items.iter().enumerate() {
            let mut is = self.annotated(one.type_annotation.as_deref());
            if is == Clue::Unknown {
                let id = one.pattern.get_binding_identifier();
                is = self.said_of_parameter(start, id.map(|id| id.name.as_str()), n);
            }
            if is == Clue::Unknown && !is_any(one.type_annotation.as_deref()) {
                is = one.initializer.as_ref().map_or(Clue::Unknown, |value| self.clue(value));
            }
            if let (Clue::Unknown, Some(expected)) = (&is, &expected) {
                is = Clue::Argument(Arc::clone(expected), n);
            }
            if let Some(value) = &one.initializer {
                self.expect(value, is.clone());
            }
            self.binds(&one.pattern, is);
        }
        if let Some(rest) = &parameters.rest {
            let is = self.annotated(rest.type_annotation.as_deref());
            self.binds(&rest.rest.argument, is);
        }
    }

    /// What a field of a class is given is expected to be what is annotated.
    pub(super) fn field(&mut self, it: &PropertyDefinition<'_>) {
        if let Some(value) = &it.value {
            let is = self.annotated(it.type_annotation.as_deref());
            self.expect(value, is);
        }
    }

    /// Says what the parameters of a function are, and gives what it is expected to return.
    pub(super) fn function_of(
        &mut self,
        parameters: &FormalParameters<'_>,
        annotation: Option<&TSTypeAnnotation<'_>>,
        start: u32,
        body: Option<&ArrowFunctionBody<'_>>,
    ) -> Clue {
        self.parameters(parameters, start);
        let annotated = self.annotated(annotation);
        self.expect_result(annotated, start, body)
    }

    /// What is expected of what a function returns.
    fn expect_result(&mut self, annotated: Clue, start: u32, body: Option<&ArrowFunctionBody<'_>>) -> Clue {
        let is = match (annotated, self.expected.get(&start)) {
            (Clue::Unknown, Some(expected)) => Clue::call(expected.clone()),
            (annotated, _) => annotated,
        };
        if let Some(value) = body.and_then(|body| body.as_expression()) {
            self.expect(value, is.clone());
        }
        is
    }

    /// What an assignment takes out of a value by a pattern.
    pub(super) fn takes(&mut self, target: &AssignmentTarget<'_>, of: Clue) {
        match target {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                            self.named_on(it.binding.name.as_str(), it.binding.span, Form::Pattern, of.clone());
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                            let Some((name, span)) = member_name(&it.name) else { continue };
                            self.named_on(&name, span, Form::Plain, of.clone());
                            self.takes_maybe(&it.binding, Clue::member(of.clone(), &name));
                        }
                    }
                }
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                for (n, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.takes_maybe(element, Clue::item(of.clone(), n));
                    }
                }
            }
            _ => {}
        }
    }

    fn takes_maybe(&mut self, target: &AssignmentTargetMaybeDefault<'_>, of: Clue) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => self.takes(&it.binding, of),
            other => {
                if let Some(target) = other.as_assignment_target() {
                    self.takes(target, of);
                }
            }
        }
    }

    /// What a pattern takes out of a value: its names, and the members by which it takes them.
    pub(super) fn binds(&mut self, pattern: &BindingPattern<'_>, of: Clue) {
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                let symbol = id.symbol_id.get().map(|id| id.index());
                self.says(symbol, of);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let Some((name, span)) = member_name(&property.key) else { continue };
                    let form = if property.shorthand { Form::Pattern } else { Form::Plain };
                    self.named_on(&name, span, form, of.clone());
                    self.binds(&property.value, Clue::member(of.clone(), &name));
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for (n, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.binds(element, Clue::item(of.clone(), n));
                    }
                }
            }
            BindingPattern::AssignmentPattern(it) => {
                let or = self.clue(&it.right);
                self.binds(&it.left, if of == Clue::Unknown { or } else { of });
            }
        }
    }

    /// What a loop takes out of what it walks over.
    pub(super) fn walked_over(&mut self, it: &ForOfStatement<'_>) {
        if let ForStatementLeft::VariableDeclaration(declared) = &it.left
            && let Some(first) = declared.declarations.first()
        {
            let over = self.clue(&it.right);
            self.binds(&first.id, Clue::Each(Arc::new(over)));
        } else if let Some(target) = it.left.as_assignment_target() {
            let over = self.clue(&it.right);
            self.takes(target, Clue::Each(Arc::new(over)));
        }
    }
}
