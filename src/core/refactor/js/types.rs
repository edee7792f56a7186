//! What the types that are written in TypeScript say of values.

use std::sync::Arc;

use oxc_ast::ast::{
    FormalParameters, TSConditionalType, TSIndexSignatureName, TSLiteral, TSMappedType, TSTupleElement, TSType,
    TSTypeAnnotation, TSTypeName, TSTypeOperatorOperator, TSTypeParameter, TSTypeParameterDeclaration,
    TSTypeParameterInstantiation, TSTypeQueryExprName,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::symbol::SymbolFlags;

use super::between::bound;
use super::clues::MAX_DEPTH;
use super::library::of_language;
use super::reader::Reader;
use crate::core::refactor::names::Form;
use crate::core::refactor::types::{Clue, NEW};

impl Reader<'_> {
    /// A type that no file declares, with what it is given.
    pub(super) fn of_language(&mut self, name: &str, arguments: &[TSType<'_>]) -> Clue {
        let given: Vec<Clue> = arguments.iter().map(|ty| self.ty(ty)).collect();
        of_language(name, &given).unwrap_or(if given.is_empty() { Clue::Basic } else { Clue::Unknown })
    }

    /// What a value of a type is.
    pub(super) fn ty(&mut self, ty: &TSType<'_>) -> Clue {
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        self.depth += 1;
        let clue = self.written_type(ty);
        self.depth -= 1;
        clue
    }

    fn written_type(&mut self, ty: &TSType<'_>) -> Clue {
        match ty {
            TSType::TSTypeReference(it) => self.reference(&it.type_name, it.type_arguments.as_deref(), it.span),
            TSType::TSArrayType(it) => Clue::List(Arc::new(self.ty(&it.element_type))),
            TSType::TSTupleType(it) => {
                let all = it.element_types.iter();
                Clue::Tuple(all.map(|one| self.part(one)).collect())
            }
            TSType::TSNamedTupleMember(it) => self.part(&it.element_type),
            TSType::TSUnionType(it) => {
                let all = it.types.iter().map(|ty| self.ty(ty)).collect();
                Clue::either(all)
            }
            TSType::TSIntersectionType(it) => {
                let mut above: Vec<Clue> = it.types.iter().map(|ty| self.ty(ty)).collect();
                for tag in self.tags(&it.types) {
                    for one in &mut above {
                        *one = Clue::Tagged(Arc::new(std::mem::take(one)), Box::new(tag.clone()));
                    }
                }
                let number = self.type_at(it.span);
                self.names.types[number].above = above;
                Clue::instance(Clue::Type(number))
            }
            TSType::TSParenthesizedType(it) => self.ty(&it.type_annotation),
            TSType::TSTypeOperatorType(it) => match it.operator {
                TSTypeOperatorOperator::Readonly => self.ty(&it.type_annotation),
                TSTypeOperatorOperator::Keyof => Clue::Unknown,
                TSTypeOperatorOperator::Unique => Clue::Basic,
            },
            TSType::TSTypeLiteral(it) => Clue::instance(Clue::Type(self.type_at(it.span))),
            TSType::TSFunctionType(it) => {
                let gives = self.ty(&it.return_type.type_annotation);
                self.typed(&it.params, gives, it.type_parameters.as_deref())
            }
            TSType::TSIndexedAccessType(it) => {
                let of = self.ty(&it.object_type);
                match &it.index_type {
                    TSType::TSLiteralType(name) => {
                        let text = name.span.source_text(self.text);
                        Clue::member(of, text.trim_matches(['"', '\'']))
                    }
                    _ => Clue::element(of),
                }
            }
            TSType::TSTypeQuery(it) => match &it.expr_name {
                TSTypeQueryExprName::TSImportType(_) => Clue::Unknown,
                name => name.as_ts_type_name().map_or(Clue::Unknown, |name| self.type_name(name)),
            },
            TSType::TSThisType(_) => match self.this() {
                Clue::Unknown => Clue::Unknown,
                this => Clue::Receiver(Arc::new(this)),
            },
            TSType::TSLiteralType(it) => Clue::Literal(it.literal.span().source_text(self.text).replace('\'', "\"")),
            TSType::TSTypePredicate(it) => match &it.type_annotation {
                Some(is) if !it.asserts => Clue::Guard(Arc::new(self.ty(&is.type_annotation))),
                _ => Clue::Basic,
            },
            TSType::TSConditionalType(it) => self.conditional(it),
            TSType::TSMappedType(it) => self.mapped(it),
            TSType::TSConstructorType(it) => {
                let number = self.type_at(it.span);
                if self.names.types[number].members.is_empty() {
                    let gives = self.ty(&it.return_type.type_annotation);
                    let is = self.typed(&it.params, gives, it.type_parameters.as_deref());
                    self.joins_as(number, NEW, None, "method", is, Form::Plain);
                }
                Clue::instance(Clue::Type(number))
            }
            TSType::TSInferType(_)
            | TSType::TSImportType(_)
            | TSType::TSAnyKeyword(_)
            | TSType::TSUnknownKeyword(_)
            | TSType::TSObjectKeyword(_) => Clue::Unknown,
            _ => Clue::Basic,
        }
    }

    /// A value of a type by its name, with what is written for the type's parameters.
    pub(super) fn reference(
        &mut self,
        name: &TSTypeName<'_>,
        written: Option<&TSTypeParameterInstantiation<'_>>,
        span: Span,
    ) -> Clue {
        match name {
            TSTypeName::IdentifierReference(id) if self.symbol_of(id).is_none() => {
                let written = written.map_or(&[][..], |all| &all.params);
                match (id.name.as_str(), written) {
                    ("Omit", [of, keys]) => self.without(of, keys, span),
                    (name, written) => self.of_language(name, written),
                }
            }
            name => {
                let name = self.type_name(name);
                Clue::instance(self.applied(name, written))
            }
        }
    }

    /// A type without the members that are named as they are.
    fn without(&mut self, of: &TSType<'_>, keys: &TSType<'_>, span: Span) -> Clue {
        let all = match keys {
            TSType::TSUnionType(all) => &all.types[..],
            one => std::slice::from_ref(one),
        };
        let name = |ty: &TSType<'_>| match ty {
            TSType::TSLiteralType(it) => match &it.literal {
                TSLiteral::StringLiteral(text) => Some(text.value.to_string()),
                _ => None,
            },
            _ => None,
        };
        let of = self.ty(of);
        let Some(hidden) = all.iter().map(name).collect::<Option<Vec<_>>>() else { return of };
        if of == Clue::Unknown || of == Clue::Basic {
            return of;
        }
        let number = self.type_at(span);
        let ty = &mut self.names.types[number];
        (ty.above, ty.hidden) = (vec![of], hidden);
        Clue::instance(Clue::Type(number))
    }

    /// What stands in a tuple at a place.
    fn part(&mut self, part: &TSTupleElement<'_>) -> Clue {
        match part {
            TSTupleElement::TSOptionalType(it) => self.ty(&it.type_annotation),
            TSTupleElement::TSRestType(it) => Clue::element(self.ty(&it.type_annotation)),
            other => other.as_ts_type().map_or(Clue::Unknown, |ty| self.ty(ty)),
        }
    }

    /// `A extends B ? C : never` is a `C`; nothing else tells which of the two it is, but for what all types are.
    fn conditional(&mut self, it: &TSConditionalType<'_>) -> Clue {
        let is_never = |ty: &TSType<'_>| matches!(ty, TSType::TSNeverKeyword(_));
        let is_always = matches!(it.extends_type, TSType::TSAnyKeyword(_) | TSType::TSUnknownKeyword(_));
        match (is_never(&it.true_type), is_never(&it.false_type)) {
            _ if is_always => self.ty(&it.true_type),
            (false, true) => self.ty(&it.true_type),
            (true, false) => self.ty(&it.false_type),
            _ => Clue::Unknown,
        }
    }

    /// `{ [K in keyof T]: T[K] }` has the members of `T`, and one over plain keys is a table.
    fn mapped(&mut self, it: &TSMappedType<'_>) -> Clue {
        let Some(value) = &it.type_annotation else { return Clue::Unknown };
        match &it.constraint {
            TSType::TSTypeOperatorType(over) if over.operator == TSTypeOperatorOperator::Keyof => {
                let same = format!("{}[{}]", over.type_annotation.span().source_text(self.text), it.key.name);
                let is_same = |ty: &TSType<'_>| ty.span().source_text(self.text) == same;
                let is_whole = match value {
                    TSType::TSUnionType(all) => all.types.iter().any(is_same),
                    value => is_same(value),
                };
                if is_whole { self.ty(&over.type_annotation) } else { Clue::Unknown }
            }
            over => {
                let (over, value) = (self.ty(over), self.ty(value));
                Clue::Map(Arc::new(over), Arc::new(value))
            }
        }
    }

    /// What a name of a type stands for.
    pub(super) fn type_name(&self, name: &TSTypeName<'_>) -> Clue {
        match name {
            TSTypeName::IdentifierReference(id) => self.symbol_of(id).map_or(Clue::Basic, Clue::Symbol),
            TSTypeName::QualifiedName(it) => Clue::member(self.type_name(&it.left), it.right.name.as_str()),
            TSTypeName::ThisExpression(_) => Clue::Unknown,
        }
    }

    /// What an annotation says; without one, nothing.
    pub(super) fn annotated(&mut self, annotation: Option<&TSTypeAnnotation<'_>>) -> Clue {
        annotation.map_or(Clue::Unknown, |annotation| self.ty(&annotation.type_annotation))
    }

    /// A function of parameters.
    pub(super) fn typed(
        &mut self,
        parameters: &FormalParameters<'_>,
        gives: Clue,
        own: Option<&TSTypeParameterDeclaration<'_>>,
    ) -> Clue {
        let takes: Vec<Clue> =
            parameters.items.iter().map(|one| self.annotated(one.type_annotation.as_deref())).collect();
        self.made_of(takes, gives, own)
    }

    /// A type that has no name, where it stands.
    pub(super) fn unnamed(&mut self, it: &TSType<'_>) {
        let number = match it {
            TSType::TSIntersectionType(it) => Some(self.type_at(it.span)),
            TSType::TSConstructorType(it) => Some(self.type_at(it.span)),
            TSType::TSTypeReference(it) => self.numbers.get(&(it.span.start, it.span.end)).copied(),
            _ => None,
        };
        if let Some(number) = number {
            self.parametrized(number);
        }
    }

    /// What a type parameter is at least, and without anything that is written for it.
    pub(super) fn type_parameter(&mut self, it: &TSTypeParameter<'_>) {
        let symbol = bound(Some(&it.name));
        let is = it.constraint.as_ref().map_or(Clue::Unknown, |ty| self.ty(ty));
        self.says(symbol, is);
        if let (Some(symbol), Some(default)) = (symbol, &it.default) {
            let default = self.ty(default);
            self.names.defaults.insert(symbol, default);
        }
        self.document_type(it);
    }

    /// The `k` of `{ [k: string]: T }`.
    pub(super) fn index_name(&mut self, it: &TSIndexSignatureName<'_>) {
        let symbol = self.alone(it.name.as_str(), "parameter");
        let end = it.span.start + u32::try_from(it.name.len()).unwrap_or(0);
        self.mention(Span::new(it.span.start, end), Some(symbol), Form::Plain, true);
    }

    /// The type parameters around a type without a name, which it may be made of.
    pub(super) fn parametrized(&mut self, number: usize) {
        let ty = &self.names.types[number];
        let Some(scope) = self.scopes.last().filter(|_| ty.symbol.is_none() && ty.parameters.is_empty()) else {
            return;
        };
        let around = self.scoping.scope_ancestors(*scope).flat_map(|scope| self.scoping.iter_bindings_in(scope));
        let is_parameter = |symbol: &_| self.scoping.symbol_flags(*symbol).contains(SymbolFlags::TypeParameter);
        self.names.types[number].parameters = around.filter(is_parameter).map(|symbol| symbol.index()).collect();
    }
}

/// Whether an annotation says that it may be anything, whatever is put into it.
pub(super) fn is_any(annotation: Option<&TSTypeAnnotation<'_>>) -> bool {
    let is =
        |it: &TSTypeAnnotation<'_>| matches!(it.type_annotation, TSType::TSAnyKeyword(_) | TSType::TSUnknownKeyword(_));
    annotation.is_some_and(is)
}
