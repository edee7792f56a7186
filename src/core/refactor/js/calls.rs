//! What is called, with what it is passed: where type parameters get what they stand for.

use std::sync::Arc;

use oxc_ast::ast::{Argument, Expression, JSXElementName, TSTypeParameterDeclaration, TSTypeParameterInstantiation};

use oxc_span::{GetSpan, Span};

use super::between::bound;
use super::library::gives_back;
use super::reader::Reader;
use crate::core::refactor::types::Clue;

/// How many arguments are looked at.
const MAX_ARGUMENTS: usize = 6;

impl Reader<'_> {
    /// A callee with what is written for its type parameters, and what it is passed.
    pub(super) fn site(
        &mut self,
        callee: &Expression<'_>,
        written: Option<&TSTypeParameterInstantiation<'_>>,
        arguments: &[Argument<'_>],
    ) -> Clue {
        let callee = self.clue(callee);
        if callee == Clue::Unknown || callee == Clue::Basic {
            return callee;
        }
        if written.is_some() {
            return self.applied(callee, written);
        }
        // In JavaScript no function has type parameters that are looked at.
        if self.is_script {
            return callee;
        }
        let passed: Vec<Clue> = arguments.iter().take(MAX_ARGUMENTS).map(|one| self.passed(one)).collect();
        let says = |clue: &Clue| !matches!(clue, Clue::Unknown | Clue::Basic | Clue::Literal(_));
        if passed.iter().any(says) { Clue::With(Arc::new(callee), passed, None) } else { callee }
    }

    /// What an argument is; of a function only what it gives at once, for its body is long.
    fn passed(&mut self, argument: &Argument<'_>) -> Clue {
        match argument {
            Argument::ArrowFunctionExpression(it) if it.body.as_expression().is_none() => Clue::Unknown,
            Argument::FunctionExpression(_) | Argument::SpreadElement(_) => Clue::Unknown,
            other => other.as_expression().map_or(Clue::Unknown, |value| self.clue(value)),
        }
    }

    /// A name of a type with what is written for its parameters.
    pub(super) fn applied(&mut self, name: Clue, written: Option<&TSTypeParameterInstantiation<'_>>) -> Clue {
        let Some(written) = written.filter(|_| name != Clue::Unknown && name != Clue::Basic) else { return name };
        let with: Vec<Clue> = written.params.iter().map(|ty| self.ty(ty)).collect();
        Clue::Applied(Arc::new(name), with)
    }

    /// What a component takes as its properties.
    pub(super) fn properties_of(&self, name: &JSXElementName<'_>) -> Clue {
        match name {
            JSXElementName::IdentifierReference(id) => match self.symbol_of(id) {
                Some(symbol) => Clue::Argument(Arc::new(Clue::Symbol(symbol)), 0),
                None => Clue::Basic,
            },
            JSXElementName::Identifier(_) => Clue::Basic,
            _ => Clue::Unknown,
        }
    }

    /// Says what the arguments of a call are expected to be.
    pub(super) fn expect_arguments(
        &mut self,
        callee: &Expression<'_>,
        written: Option<&TSTypeParameterInstantiation<'_>>,
        arguments: &[Argument<'_>],
        span: Span,
    ) {
        let is_open = |argument: &Argument<'_>| {
            matches!(
                argument,
                Argument::ObjectExpression(_)
                    | Argument::ArrayExpression(_)
                    | Argument::ArrowFunctionExpression(_)
                    | Argument::FunctionExpression(_)
                    | Argument::ConditionalExpression(_)
            )
        };
        if !arguments.iter().any(is_open) {
            return;
        }
        if let (true, Some(Some(first))) =
            (gives_back(callee.span().source_text(self.text)), arguments.first().map(Argument::as_expression))
        {
            let asked = match written.and_then(|written| written.params.first()) {
                Some(ty) => self.ty(ty),
                None => self.wanted.get(&(span.start, span.end)).cloned().unwrap_or_default(),
            };
            return self.expect(first, asked);
        }
        let callee = match callee {
            Expression::Super(_) => match self.selves.last() {
                Some(Some((number, _))) => Clue::Above(*number),
                _ => Clue::Unknown,
            },
            callee => self.site(callee, written, arguments),
        };
        let callee = match (callee, self.wanted.get(&(span.start, span.end))) {
            (callee @ (Clue::Unknown | Clue::Basic | Clue::Applied(..)), _) | (callee, None) => callee,
            (Clue::With(callee, passed, _), Some(wanted)) => Clue::With(callee, passed, Some(Arc::new(wanted.clone()))),
            (callee, Some(wanted)) => Clue::With(Arc::new(callee), Vec::new(), Some(Arc::new(wanted.clone()))),
        };
        let is_known = callee != Clue::Unknown && callee != Clue::Basic;
        let callee = Arc::new(callee);
        for (n, argument) in arguments.iter().enumerate() {
            if let Some(value) = argument.as_expression() {
                let asked = if is_known { Clue::Argument(Arc::clone(&callee), n) } else { (*callee).clone() };
                self.expect(value, asked);
            }
        }
    }
}

/// Something with the type parameters that it declares.
pub(super) fn generic(own: Option<&TSTypeParameterDeclaration<'_>>, is: Clue) -> Clue {
    match parameters_of(own) {
        own if own.is_empty() => is,
        own => Clue::Generic(own, Arc::new(is)),
    }
}

/// The symbols of type parameters.
pub(super) fn parameters_of(own: Option<&TSTypeParameterDeclaration<'_>>) -> Vec<usize> {
    own.iter().flat_map(|own| &own.params).filter_map(|one| bound(Some(&one.name))).collect()
}
