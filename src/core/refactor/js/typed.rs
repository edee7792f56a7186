//! What single forms say of types: variables, aliases, enums, assignments, properties of components.

use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, BindingPattern, Expression, JSXAttributeItem, JSXAttributeName,
    JSXAttributeValue, JSXOpeningElement, PrivateFieldExpression, PrivateInExpression, TSEnumDeclaration, TSEnumMember,
    TSEnumMemberName, TSIndexedAccessType, TSInterfaceDeclaration, TSLiteral, TSType, TSTypeAliasDeclaration,
    TSTypePredicate, TSTypePredicateName, VariableDeclarator,
};
use oxc_span::{GetSpan, Span};

use super::between::{bound, inner};
use super::calls::{generic, parameters_of};
use super::reader::Reader;
use super::types::is_any;
use crate::core::refactor::names::Form;
use crate::core::refactor::types::Clue;

impl Reader<'_> {
    /// The properties that a component is given.
    pub(super) fn properties(&mut self, it: &JSXOpeningElement<'_>) {
        let on = self.properties_of(&it.name);
        for attribute in &it.attributes {
            if let JSXAttributeItem::Attribute(attribute) = attribute
                && let JSXAttributeName::Identifier(name) = &attribute.name
            {
                self.named_on(name.name.as_str(), name.span, Form::Plain, on.clone());
                if let Some(JSXAttributeValue::ExpressionContainer(value)) = &attribute.value
                    && let Some(value) = value.expression.as_expression()
                {
                    self.expect(value, Clue::member(on.clone(), name.name.as_str()));
                }
            }
        }
    }

    /// `type A = …`: a type of its own in braces, or another name.
    pub(super) fn alias(&mut self, it: &TSTypeAliasDeclaration<'_>) {
        match &it.type_annotation {
            TSType::TSTypeLiteral(body) => {
                let number = self.type_at(body.span);
                self.named_type(number, bound(Some(&it.id)));
                self.names.types[number].parameters = parameters_of(it.type_parameters.as_deref());
            }
            ty => {
                let is = generic(it.type_parameters.as_deref(), self.ty(ty));
                if let Some(symbol) = bound(Some(&it.id)).filter(|_| is != Clue::Unknown) {
                    self.names.aliases.insert(symbol, is);
                }
            }
        }
    }

    /// `T["a"]` names a member.
    pub(super) fn indexed(&mut self, it: &TSIndexedAccessType<'_>) {
        if let TSType::TSLiteralType(literal) = &it.index_type
            && let TSLiteral::StringLiteral(name) = &literal.literal
        {
            let on = self.ty(&it.object_type);
            self.named_on(name.value.as_str(), inner(name.span), Form::Plain, on);
        }
    }

    /// `a.#b`.
    pub(super) fn private(&mut self, it: &PrivateFieldExpression<'_>) {
        let on = self.clue(&it.object);
        let span = Span::new(it.field.span.start + 1, it.field.span.end);
        let on = self.owner_of(it.field.name.as_str()).unwrap_or(on);
        self.named_on(&format!("#{}", it.field.name), span, Form::Plain, on);
    }

    /// `#a in b`.
    pub(super) fn private_in(&mut self, it: &PrivateInExpression<'_>) {
        let span = Span::new(it.left.span.start + 1, it.left.span.end);
        let on = self.owner_of(it.left.name.as_str()).unwrap_or_default();
        self.named_on(&format!("#{}", it.left.name), span, Form::Plain, on);
    }

    /// The class around here that declares a private name; that alone can be meant.
    fn owner_of(&self, name: &str) -> Option<Clue> {
        let name = format!("#{name}");
        let has = |number: &&usize| self.names.types[**number].members.iter().any(|member| member.name == name);
        self.around.iter().rev().find(has).map(|number| Clue::instance(Clue::Type(*number)))
    }

    /// The members of an enum are symbols of their own.
    pub(super) fn enumerated(&mut self, it: &TSEnumDeclaration<'_>) {
        let owner = bound(Some(&it.id));
        let number = self.type_at(it.span);
        self.named_type(number, owner);
        if let Some(scope) = it.body.scope_id.get() {
            for symbol in self.scoping.iter_bindings_in(scope) {
                self.names.symbols[symbol.index()].owner = owner;
                self.holds(number, symbol.index());
            }
        }
    }

    /// A variable is what is annotated, or its first value.
    pub(super) fn variable(&mut self, it: &VariableDeclarator<'_>) {
        let mut annotated = self.annotated(it.type_annotation.as_deref());
        if annotated == Clue::Unknown {
            annotated = self.said_of_value(self.owners.last().copied());
        }
        if let (Some(value), Some(at)) = (&it.init, self.owners.last()) {
            self.documented_by(value, *at);
        }
        let is = match (&it.init, annotated) {
            (_, Clue::Unknown) if is_any(it.type_annotation.as_deref()) => Clue::Unknown,
            (Some(value), Clue::Unknown) => match self.literal(value).filter(|_| self.is_const(&it.id)) {
                Some(text) => Clue::Literal(text),
                None => self.clue(value),
            },
            (Some(value), annotated) => {
                self.expect(value, annotated.clone());
                annotated
            }
            (None, annotated) => annotated,
        };
        if is != Clue::Unknown {
            self.binds(&it.id, is);
        }
    }

    fn is_const(&self, pattern: &BindingPattern<'_>) -> bool {
        let symbol = pattern.get_binding_identifier().and_then(|id| id.symbol_id.get());
        symbol.is_some_and(|symbol| self.scoping.symbol_flags(symbol).is_const_variable())
    }

    /// The comment on a statement is about the function that it makes.
    pub(super) fn documented_by(&mut self, value: &Expression<'_>, at: u32) {
        if matches!(value, Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_)) {
            self.documented_at(value.span().start, at);
        }
    }

    /// What is assigned is expected to be what it is assigned to. Gives the type that gets a member by it.
    pub(super) fn assigns(&mut self, it: &AssignmentExpression<'_>) -> Option<usize> {
        let mut said = Clue::Unknown;
        if let Some(at) = self.owners.last().copied() {
            self.documented_by(&it.right, at);
            said = self.said_of_value(Some(at));
        }
        match &it.left {
            AssignmentTarget::StaticMemberExpression(member) => {
                if self.is_exports(&member.object) {
                    self.exported = Some((member.span, self.clue(&it.right)));
                }
                let of = self.clue(&member.object);
                let asked = if said == Clue::Unknown { Clue::member(of, member.property.name.as_str()) } else { said };
                self.expect(&it.right, asked);
                let number = self.home(&member.object)?;
                self.assigned(number, member.property.name.as_str(), member.property.span, &it.right);
                Some(number)
            }
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                let symbol = self.symbol_of(id)?;
                self.expect(&it.right, if said == Clue::Unknown { Clue::Symbol(symbol) } else { said });
                None
            }
            target => {
                let of = self.clue(&it.right);
                self.takes(target, of);
                None
            }
        }
    }

    /// `interface A { … }`.
    pub(super) fn interface(&mut self, it: &TSInterfaceDeclaration<'_>) {
        let number = self.type_at(it.span);
        self.named_type(number, bound(Some(&it.id)));
        let above: Vec<Clue> = it
            .extends
            .iter()
            .map(|one| self.reference(&one.type_name, one.type_arguments.as_deref(), one.span))
            .collect();
        let own = parameters_of(it.type_parameters.as_deref());
        // A type that it extends may be written right here.
        for one in &it.extends {
            if let Some(here) = self.numbers.get(&(one.span.start, one.span.end)) {
                self.names.types[*here].parameters.clone_from(&own);
            }
        }
        let ty = &mut self.names.types[number];
        (ty.above, ty.parameters) = (above, own);
        self.signatures(number, &it.body.body);
    }

    /// A member of an enum, where it is declared.
    pub(super) fn enum_member(&mut self, it: &TSEnumMember<'_>) {
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
    }

    /// `a is B` names a parameter.
    pub(super) fn predicate(&mut self, it: &TSTypePredicate<'_>) {
        if let TSTypePredicateName::Identifier(name) = &it.parameter_name
            && let Some(scope) = self.scopes.last()
        {
            let known = self.scoping.scope_ancestors(*scope).find_map(|scope| {
                let mut symbols = self.scoping.iter_bindings_in(scope);
                symbols.find(|symbol| self.scoping.symbol_name(*symbol) == name.name.as_str())
            });
            self.mention(name.span, known.map(|symbol| symbol.index()), Form::Plain, false);
        }
    }
}
