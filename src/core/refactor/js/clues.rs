//! What TypeScript and JavaScript say of the types of their values.

use std::sync::Arc;

use oxc_ast::ast::{
    ArrayExpressionElement, ArrowFunctionBody, ArrowFunctionExpression, ChainElement, Expression, FormalParameters,
    Function, NewExpression, Statement, TSType, TSTypeParameterDeclaration,
};

use super::calls::generic;
use super::reader::Reader;
use crate::core::refactor::types::Clue;

/// How deep an expression is looked into.
pub(super) const MAX_DEPTH: usize = 24;

impl Reader<'_> {
    /// What an expression is.
    pub(super) fn clue(&mut self, expression: &Expression<'_>) -> Clue {
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        self.depth += 1;
        let clue = self.expression(expression);
        self.depth -= 1;
        // One test after the other says more.
        self.narrowed.iter().fold(clue, |clue, (wide, narrow)| if *wide == clue { narrow.clone() } else { clue })
    }

    fn expression(&mut self, expression: &Expression<'_>) -> Clue {
        match expression {
            Expression::Identifier(id) => match self.symbol_of(id) {
                Some(symbol) => Clue::Symbol(symbol),
                None if matches!(id.name.as_str(), "undefined" | "require") => Clue::Unknown,
                None => Clue::Basic,
            },
            Expression::ThisExpression(_) => self.this(),
            Expression::Super(_) => match self.selves.last() {
                Some(Some((number, is_static))) => {
                    let above = Clue::Above(*number);
                    if *is_static { above } else { Clue::instance(above) }
                }
                _ => Clue::Unknown,
            },
            Expression::StaticMemberExpression(it) => {
                let of = self.clue(&it.object);
                Clue::member(of, it.property.name.as_str())
            }
            Expression::PrivateFieldExpression(it) => {
                let of = self.clue(&it.object);
                Clue::member(of, &format!("#{}", it.field.name))
            }
            Expression::ComputedMemberExpression(it) => {
                let of = self.clue(&it.object);
                match &it.expression {
                    Expression::StringLiteral(name) => Clue::member(of, name.value.as_str()),
                    Expression::NumericLiteral(n) => match n.raw_str().parse() {
                        Ok(n) => Clue::item(of, n),
                        Err(_) => Clue::element(of),
                    },
                    _ => Clue::element(of),
                }
            }
            Expression::CallExpression(it) => match &it.callee {
                // A class is called by what inherits from it.
                Expression::Super(_) => Clue::Basic,
                callee => {
                    let site = self.site(callee, it.type_arguments.as_deref(), &it.arguments);
                    Clue::call(site)
                }
            },
            Expression::NewExpression(it) => self.made(it),
            Expression::ChainExpression(it) => match &it.expression {
                ChainElement::CallExpression(call) => {
                    let site = self.site(&call.callee, call.type_arguments.as_deref(), &call.arguments);
                    Clue::call(site)
                }
                ChainElement::TSNonNullExpression(it) => self.clue(&it.expression),
                ChainElement::StaticMemberExpression(it) => {
                    let of = self.clue(&it.object);
                    Clue::member(of, it.property.name.as_str())
                }
                ChainElement::ComputedMemberExpression(it) => Clue::element(self.clue(&it.object)),
                ChainElement::PrivateFieldExpression(it) => {
                    let of = self.clue(&it.object);
                    Clue::member(of, &format!("#{}", it.field.name))
                }
            },
            Expression::AwaitExpression(it) => self.clue(&it.argument),
            Expression::ParenthesizedExpression(it) => self.clue(&it.expression),
            Expression::TSNonNullExpression(it) => self.clue(&it.expression),
            Expression::TSSatisfiesExpression(it) => self.clue(&it.expression),
            Expression::TSAsExpression(it) => match &it.type_annotation {
                // `as const`.
                TSType::TSTypeReference(name) if name.span.source_text(self.text) == "const" => {
                    self.clue(&it.expression)
                }
                ty => self.ty(ty),
            },
            Expression::TSTypeAssertion(it) => self.ty(&it.type_annotation),
            Expression::TSInstantiationExpression(it) => self.clue(&it.expression),
            Expression::ConditionalExpression(it) => {
                let both = vec![self.clue(&it.consequent), self.clue(&it.alternate)];
                Clue::either(both)
            }
            Expression::LogicalExpression(it) => {
                let both = vec![self.clue(&it.left), self.clue(&it.right)];
                if it.operator.is_and() { both.into_iter().nth(1).unwrap_or_default() } else { Clue::either(both) }
            }
            Expression::AssignmentExpression(it) => self.clue(&it.right),
            Expression::SequenceExpression(it) => it.expressions.last().map_or(Clue::Unknown, |last| self.clue(last)),
            Expression::ArrayExpression(it) => {
                let mut all = Vec::new();
                for element in &it.elements {
                    match element {
                        ArrayExpressionElement::SpreadElement(of) => {
                            let of = self.clue(&of.argument);
                            all.push(Clue::element(of));
                        }
                        ArrayExpressionElement::Elision(_) => {}
                        other => all.extend(other.as_expression().map(|one| self.clue(one))),
                    }
                }
                let of = if all.is_empty() { Clue::Unknown } else { Clue::either(all) };
                Clue::List(Arc::new(of))
            }
            Expression::ObjectExpression(it) => {
                let number = self.type_at(it.span);
                Clue::instance(Clue::Type(number))
            }
            Expression::ClassExpression(it) => Clue::Type(self.type_at(it.span)),
            Expression::FunctionExpression(it) => self.function_clue(it),
            Expression::ArrowFunctionExpression(it) => self.arrow_clue(it),
            Expression::StringLiteral(_)
            | Expression::TemplateLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::UnaryExpression(_)
            | Expression::UpdateExpression(_)
            | Expression::BinaryExpression(_) => Clue::Basic,
            _ => Clue::Unknown,
        }
    }

    pub(super) fn this(&self) -> Clue {
        match self.selves.last() {
            Some(Some((number, true))) => Clue::Type(*number),
            Some(Some((number, false))) => Clue::instance(Clue::Type(*number)),
            _ => Clue::Unknown,
        }
    }

    /// What `new` makes.
    fn made(&mut self, it: &NewExpression<'_>) -> Clue {
        if let Expression::Identifier(id) = &it.callee
            && self.symbol_of(id).is_none()
        {
            let arguments = it.type_arguments.as_deref().map_or(&[][..], |all| &all.params);
            return self.of_language(id.name.as_str(), arguments);
        }
        match self.site(&it.callee, it.type_arguments.as_deref(), &it.arguments) {
            site @ (Clue::Unknown | Clue::Basic) => site,
            site => Clue::Made(Arc::new(site)),
        }
    }

    pub(super) fn made_of(&self, takes: Vec<Clue>, gives: Clue, own: Option<&TSTypeParameterDeclaration<'_>>) -> Clue {
        let is = match takes.iter().all(|clue| *clue == Clue::Unknown) {
            true => Clue::Function(Arc::new(gives)),
            false => Clue::Typed(takes, Arc::new(gives)),
        };
        generic(own, is)
    }

    /// What a function is.
    pub(super) fn function_clue(&mut self, function: &Function<'_>) -> Clue {
        let said = self.said_of_result(function.span.start);
        let gives = match (&function.return_type, &function.body) {
            (Some(annotation), _) => self.ty(&annotation.type_annotation),
            (None, _) if said != Clue::Unknown => said,
            (None, Some(body)) if !function.generator => self.returned(&body.statements),
            _ => Clue::Unknown,
        };
        let takes = self.taken_by(&function.params, function.span.start);
        self.made_of(takes, gives, function.type_parameters.as_deref())
    }

    fn arrow_clue(&mut self, arrow: &ArrowFunctionExpression<'_>) -> Clue {
        let said = self.said_of_result(arrow.span.start);
        let gives = match (&arrow.return_type, &arrow.body) {
            (Some(annotation), _) => self.ty(&annotation.type_annotation),
            (None, _) if said != Clue::Unknown => said,
            (None, ArrowFunctionBody::FunctionBody(body)) => self.returned(&body.statements),
            (None, body) => body.as_expression().map_or(Clue::Unknown, |body| self.clue(body)),
        };
        let takes = self.taken_by(&arrow.params, arrow.span.start);
        self.made_of(takes, gives, arrow.type_parameters.as_deref())
    }

    /// What the parameters of a function are, as it is written there or in a comment about it.
    fn taken_by(&mut self, parameters: &FormalParameters<'_>, start: u32) -> Vec<Clue> {
        let mut takes = Vec::new();
        for (n, one) in parameters.items.iter().enumerate() {
            let mut is = self.annotated(one.type_annotation.as_deref());
            if is == Clue::Unknown {
                let id = one.pattern.get_binding_identifier();
                is = self.said_of_parameter(start, id.map(|id| id.name.as_str()), n);
            }
            takes.push(is);
        }
        takes
    }

    /// What the `return` statements of a body give.
    fn returned(&mut self, statements: &[Statement<'_>]) -> Clue {
        let mut all = Vec::new();
        self.returns(statements, &mut all);
        Clue::either(all)
    }

    fn returns(&mut self, statements: &[Statement<'_>], out: &mut Vec<Clue>) {
        for statement in statements {
            self.return_of(statement, out);
        }
    }

    fn return_of(&mut self, statement: &Statement<'_>, out: &mut Vec<Clue>) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match statement {
            Statement::ReturnStatement(it) => out.extend(it.argument.as_ref().map(|value| self.clue(value))),
            Statement::BlockStatement(it) => self.returns(&it.body, out),
            Statement::IfStatement(it) => {
                self.return_of(&it.consequent, out);
                if let Some(other) = &it.alternate {
                    self.return_of(other, out);
                }
            }
            Statement::ForStatement(it) => self.return_of(&it.body, out),
            Statement::ForOfStatement(it) => self.return_of(&it.body, out),
            Statement::ForInStatement(it) => self.return_of(&it.body, out),
            Statement::WhileStatement(it) => self.return_of(&it.body, out),
            Statement::DoWhileStatement(it) => self.return_of(&it.body, out),
            Statement::TryStatement(it) => {
                self.returns(&it.block.body, out);
                if let Some(handler) = &it.handler {
                    self.returns(&handler.body.body, out);
                }
                if let Some(last) = &it.finalizer {
                    self.returns(&last.body, out);
                }
            }
            Statement::SwitchStatement(it) => it.cases.iter().for_each(|case| self.returns(&case.consequent, out)),
            _ => {}
        }
        self.depth -= 1;
    }
}
