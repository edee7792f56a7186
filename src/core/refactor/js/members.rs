//! Where types declare members, where members are named, and what literals are expected to be.

use std::sync::Arc;

use oxc_ast::ast::{
    Class, ClassElement, Expression, FormalParameters, Function, MethodDefinitionKind, ObjectExpression,
    ObjectPropertyKind, PropertyKey, PropertyKind, TSMethodSignatureKind, TSSignature,
};
use oxc_span::Span;

use super::between::member_name;
use super::calls::parameters_of;
use super::reader::{Reader, range};
use crate::core::refactor::names::{Form, Member, Mention};
use crate::core::refactor::types::{Clue, MemberDecl, NEW, STATIC, TypeDecl};

impl Reader<'_> {
    /// The number of the type that stands at a place.
    pub(super) fn type_at(&mut self, span: Span) -> usize {
        let types = &mut self.names.types;
        *self.numbers.entry((span.start, span.end)).or_insert_with(|| {
            types.push(TypeDecl { is_open: true, ..TypeDecl::default() });
            types.len() - 1
        })
    }

    /// Gives a type its name.
    pub(super) fn named_type(&mut self, number: usize, symbol: Option<usize>) {
        let Some(symbol) = symbol else { return };
        let is_outer = self.names.symbols[symbol].scope == 0;
        let name = self.names.symbols[symbol].name.clone();
        let ty = &mut self.names.types[number];
        (ty.symbol, ty.name) = (Some(symbol), Some(name).filter(|_| is_outer));
    }

    /// Says what a symbol is, unless that was said before.
    pub(super) fn says(&mut self, symbol: Option<usize>, clue: Clue) {
        if let Some(symbol) = symbol.filter(|_| clue != Clue::Unknown) {
            self.names.clues.entry(symbol).or_insert(clue);
        }
    }

    /// Says what else a function is that is declared more than once.
    pub(super) fn says_also(&mut self, symbol: usize, clue: Clue) {
        match self.names.clues.remove(&symbol) {
            Some(Clue::Either(mut all)) => {
                all.push(clue);
                self.names.clues.insert(symbol, Clue::Either(all));
            }
            Some(known) => drop(self.names.clues.insert(symbol, Clue::Either(vec![known, clue]))),
            None => drop(self.names.clues.insert(symbol, clue)),
        }
    }

    /// A member of a type that is a symbol already: one of an enum.
    pub(super) fn holds(&mut self, number: usize, symbol: usize) {
        let name = self.names.symbols[symbol].name.clone();
        let is = Clue::instance(Clue::Type(number));
        self.names.types[number].members.push(MemberDecl { name, symbol, is, shape: None, is_optional: false });
    }

    /// Writes down a member of a type, where it stands.
    pub(super) fn joins(&mut self, number: usize, key: &PropertyKey<'_>, kind: &'static str, is: Clue, form: Form) {
        let Some((name, span)) = member_name(key) else { return };
        let name = match self.selves.last() {
            Some(Some((own, true))) if *own == number && !name.starts_with('#') => format!("{STATIC}{name}"),
            _ => name,
        };
        self.joins_as(number, &name, Some(span), kind, is, form);
    }

    pub(super) fn joins_as(
        &mut self,
        number: usize,
        name: &str,
        at: Option<Span>,
        kind: &'static str,
        is: Clue,
        form: Form,
    ) {
        let known = self.names.types[number].members.iter_mut().find(|member| member.name == name);
        let symbol = match known {
            Some(known) => {
                if known.is == Clue::Unknown {
                    known.is = is;
                }
                known.symbol
            }
            None => {
                let symbol = self.alone(name.trim_start_matches(STATIC).trim_start_matches('#'), kind);
                let member = MemberDecl { name: name.to_owned(), symbol, is, shape: None, is_optional: false };
                self.names.types[number].members.push(member);
                symbol
            }
        };
        if let Some(span) = at {
            let scope = self.names.symbols[symbol].scope;
            let span = range(span);
            self.names.mentions.push(Mention { span, symbol: Some(symbol), scope, form, is_declaration: true });
        }
    }

    /// Says of a member that values may lack it.
    fn optional(&mut self, number: usize, key: &PropertyKey<'_>, is_optional: bool) {
        let Some((name, _)) = member_name(key).filter(|_| is_optional) else { return };
        if let Some(member) = self.names.types[number].members.iter_mut().find(|member| member.name == name) {
            member.is_optional = true;
        }
    }

    /// A member that is named on a value.
    pub(super) fn named_on(&mut self, name: &str, span: Span, form: Form, on: Clue) {
        self.names.members.push(Member { form, ..Member::new(name, range(span), on) });
    }

    /// The members of a class, and what it inherits from.
    pub(super) fn class_members(&mut self, class: &Class<'_>) -> usize {
        let number = self.type_at(class.span);
        self.named_type(number, class.id.as_ref().and_then(|id| id.symbol_id.get()).map(|id| id.index()));
        let mut above = Vec::new();
        if let Some(heritage) = &class.heritage {
            let from = self.clue(&heritage.expression);
            above.push(self.applied(from, heritage.type_arguments.as_deref()));
        }
        for one in &class.implements {
            above.push(self.reference(&one.expression, one.type_arguments.as_deref(), one.span));
        }
        let ty = &mut self.names.types[number];
        (ty.above, ty.parameters) = (above, parameters_of(class.type_parameters.as_deref()));
        for element in &class.body.body {
            // What an element is may name `this`.
            self.selves.push(Some((number, element.r#static())));
            match element {
                ClassElement::MethodDefinition(it) => {
                    self.documented_at(it.value.span.start, it.span.start);
                    let is = self.function_clue(&it.value);
                    match (it.kind, is) {
                        (MethodDefinitionKind::Constructor, is) => {
                            self.joins_as(number, "constructor", None, "method", is, Form::Plain);
                            self.parameter_properties(number, &it.value.params);
                        }
                        (MethodDefinitionKind::Get, Clue::Function(gives)) => {
                            self.joins(number, &it.key, "field", (*gives).clone(), Form::Plain);
                        }
                        (MethodDefinitionKind::Get, _) => {
                            self.joins(number, &it.key, "field", Clue::Unknown, Form::Plain);
                        }
                        (MethodDefinitionKind::Set, is) => {
                            let is = match is {
                                Clue::Typed(takes, _) => takes.into_iter().next().unwrap_or_default(),
                                _ => Clue::Unknown,
                            };
                            self.joins(number, &it.key, "field", is, Form::Plain);
                        }
                        (MethodDefinitionKind::Method, is) => self.joins(number, &it.key, "method", is, Form::Plain),
                    }
                }
                ClassElement::PropertyDefinition(it) => {
                    let mut is = self.annotated(it.type_annotation.as_deref());
                    if is == Clue::Unknown {
                        is = self.said_of_value(Some(it.span.start));
                    }
                    if is == Clue::Unknown {
                        is = it.value.as_ref().map_or(Clue::Unknown, |value| self.clue(value));
                    }
                    if let Some(text) = it.value.as_ref().filter(|_| it.readonly).and_then(|value| self.literal(value))
                    {
                        is = Clue::Literal(text);
                    }
                    self.joins(number, &it.key, "field", is, Form::Plain);
                }
                ClassElement::AccessorProperty(it) => {
                    let is = self.annotated(it.type_annotation.as_deref());
                    self.joins(number, &it.key, "field", is, Form::Plain);
                }
                _ => {}
            }
            self.selves.pop();
        }
        number
    }

    /// Parameters of a constructor that are members, too.
    fn parameter_properties(&mut self, number: usize, parameters: &FormalParameters<'_>) {
        for one in parameters.items.iter().filter(|one| one.has_modifier()) {
            let Some(id) = one.pattern.get_binding_identifier() else { continue };
            let Some(symbol) = id.symbol_id.get().map(|id| id.index()) else { continue };
            let is = self.annotated(one.type_annotation.as_deref());
            let member = MemberDecl { name: id.name.to_string(), symbol, is, shape: None, is_optional: false };
            self.names.types[number].members.push(member);
        }
    }

    /// The members of an interface or of a type in braces.
    pub(super) fn signatures(&mut self, number: usize, signatures: &[TSSignature<'_>]) {
        self.names.types[number].is_interface = true;
        self.selves.push(Some((number, false)));
        for signature in signatures {
            match signature {
                TSSignature::TSPropertySignature(it) => {
                    let is = self.annotated(it.type_annotation.as_deref());
                    self.joins(number, &it.key, "field", is, Form::Plain);
                    self.optional(number, &it.key, it.optional);
                }
                TSSignature::TSMethodSignature(it) => {
                    let gives = self.annotated(it.return_type.as_deref());
                    let (is, kind) = match it.kind {
                        TSMethodSignatureKind::Get => (gives, "field"),
                        TSMethodSignatureKind::Set => (Clue::Unknown, "field"),
                        TSMethodSignatureKind::Method => {
                            (self.typed(&it.params, gives, it.type_parameters.as_deref()), "method")
                        }
                    };
                    self.joins(number, &it.key, kind, is, Form::Plain);
                    self.optional(number, &it.key, it.optional);
                }
                TSSignature::TSCallSignatureDeclaration(it) => {
                    let gives = self.annotated(it.return_type.as_deref());
                    let is = self.typed(&it.params, gives, it.type_parameters.as_deref());
                    let known = std::mem::take(&mut self.names.types[number].underlying);
                    self.names.types[number].underlying = match known {
                        Clue::Unknown => is,
                        Clue::Either(mut all) => {
                            all.push(is);
                            Clue::Either(all)
                        }
                        known => Clue::Either(vec![known, is]),
                    };
                }
                TSSignature::TSIndexSignature(it) => {
                    let value = self.ty(&it.type_annotation.type_annotation);
                    self.names.types[number].underlying = Clue::Map(Arc::new(Clue::Basic), Arc::new(value));
                }
                TSSignature::TSConstructSignatureDeclaration(it) => {
                    let gives = self.annotated(it.return_type.as_deref());
                    let is = self.typed(&it.params, gives, it.type_parameters.as_deref());
                    match self.names.types[number].members.iter_mut().find(|member| member.name == NEW) {
                        Some(known) => known.is = Clue::Either(vec![std::mem::take(&mut known.is), is]),
                        None => self.joins_as(number, NEW, None, "method", is, Form::Plain),
                    }
                }
            }
        }
        self.selves.pop();
    }

    /// The members of an object that is written down, and what each is expected to be.
    pub(super) fn object_members(&mut self, object: &ObjectExpression<'_>) -> usize {
        let number = self.type_at(object.span);
        let expected = self.expected.get(&object.span.start).cloned().map(asked);
        let ty = &mut self.names.types[number];
        (ty.above, ty.is_literal) = (expected.iter().cloned().collect(), true);
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(it) => {
                    let form = if it.shorthand { Form::Shorthand } else { Form::Plain };
                    if let (Some(expected), Some((name, span))) = (&expected, member_name(&it.key)) {
                        self.expect(&it.value, Clue::under(expected.clone(), &name));
                        self.named_on(&name, span, form, expected.clone());
                    }
                    self.documented_by(&it.value, it.span.start);
                    let is = self.clue(&it.value);
                    let (kind, is) = match (it.kind, it.method, is) {
                        (PropertyKind::Get, _, Clue::Function(gives)) => ("field", (*gives).clone()),
                        (PropertyKind::Set, ..) => ("field", Clue::Unknown),
                        (_, true, is) => ("method", is),
                        (_, false, is) => ("field", is),
                    };
                    self.joins(number, &it.key, kind, is, form);
                }
                ObjectPropertyKind::SpreadProperty(it) => {
                    let above = self.clue(&it.argument);
                    self.names.types[number].spread.push(above);
                }
            }
        }
        number
    }

    /// What is assigned to a member that no declaration names, in a language without declarations.
    pub(super) fn assigned(&mut self, number: usize, name: &str, span: Span, value: &Expression<'_>) {
        let said = self.said_of_value(self.owners.last().copied());
        let is = if said == Clue::Unknown { self.clue(value) } else { said };
        match self.names.types[number].members.iter_mut().find(|member| member.name == name) {
            // It is whatever is put into it.
            Some(known) if !known.is.says(&is) => {
                known.is = Clue::Either(vec![std::mem::take(&mut known.is), is]);
            }
            Some(_) => {}
            None => self.joins_as(number, name, Some(span), "field", is, Form::Plain),
        }
    }

    /// The type that gets members by assignment: that of `this`, of an object that is written down, or what
    /// `F.prototype` is about.
    pub(super) fn home(&mut self, object: &Expression<'_>) -> Option<usize> {
        if !self.is_script {
            return None;
        }
        match object {
            Expression::ThisExpression(_) => match self.selves.last() {
                Some(Some((number, false))) => Some(*number),
                _ => None,
            },
            Expression::Identifier(id) => match self.names.clues.get(&self.symbol_of(id)?)? {
                Clue::Instance(of) => match **of {
                    Clue::Type(number) if self.names.types[number].is_literal => Some(number),
                    _ => None,
                },
                _ => None,
            },
            Expression::StaticMemberExpression(it) if it.property.name == "prototype" => match &it.object {
                Expression::Identifier(id) => {
                    let symbol = Some(self.symbol_of(id)?);
                    self.names.types.iter().position(|ty| ty.symbol == symbol)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The type that a function makes, if it is used as one that makes values: `new F`, `F.prototype`.
    pub(super) fn constructor(&mut self, function: &Function<'_>) -> Option<usize> {
        let id = function.id.as_ref().filter(|_| self.is_script)?;
        let has = |before: &str, after: &str| {
            let whole = format!("{before}{}{after}", id.name);
            memchr::memmem::find(self.text.as_bytes(), whole.as_bytes()).is_some()
        };
        if !has("new ", "(") && !has("", ".prototype") {
            return None;
        }
        let number = self.type_at(function.span);
        self.named_type(number, id.symbol_id.get().map(|id| id.index()));
        Some(number)
    }

    /// Walks with another meaning of `this`.
    pub(super) fn with_self(&mut self, own: Option<(usize, bool)>, walk: impl FnOnce(&mut Self)) {
        self.selves.push(own);
        walk(self);
        self.selves.pop();
    }
}

/// What is asked for where a literal stands.
fn asked(of: Clue) -> Clue {
    match of {
        Clue::Unknown | Clue::Basic => of,
        of => Clue::Asked(Arc::new(of)),
    }
}
