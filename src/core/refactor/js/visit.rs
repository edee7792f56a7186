//! One walk over a syntax tree: where names stand, in which form, and what goes between files.

use std::cell::Cell;

use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, AssignmentTargetPropertyIdentifier, BindingIdentifier,
    BindingProperty, BreakStatement, CallExpression, Class, ClassElement, ComputedMemberExpression,
    ConditionalExpression, ContinueStatement, ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration,
    ExportSpecifier, Expression, ForOfStatement, Function, IdentifierReference, IfStatement, ImportDeclaration,
    ImportSpecifier, JSXMemberExpression, JSXOpeningElement, LabeledStatement, LogicalExpression, MethodDefinition,
    NewExpression, ObjectExpression, ObjectProperty, PrivateFieldExpression, PrivateInExpression, PropertyDefinition,
    PropertyKind, ReturnStatement, Statement, StaticMemberExpression, StringLiteral, SwitchStatement, TSAsExpression,
    TSCallSignatureDeclaration, TSEnumDeclaration, TSEnumMember, TSImportEqualsDeclaration, TSImportType,
    TSIndexSignatureName, TSIndexedAccessType, TSInterfaceDeclaration, TSMethodSignature, TSNamespaceDeclaration,
    TSQualifiedName, TSSatisfiesExpression, TSType, TSTypeAliasDeclaration, TSTypeLiteral, TSTypeParameter,
    TSTypePredicate, TemplateElement, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::GetSpan;
use oxc_syntax::scope::{ScopeFlags, ScopeId};

use super::between::bound;
use super::reader::{Reader, range};
use crate::core::refactor::names::{Form, Text};

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
        self.is_method = it.method || it.kind != PropertyKind::Init;
        let own = self.around.last().map(|number| (*number, false)).filter(|_| self.is_method);
        self.owned(it.span.start, false, |this| match own {
            Some(own) => this.with_self(Some(own), |this| walk::walk_object_property(this, it)),
            None => walk::walk_object_property(this, it),
        });
    }

    fn visit_object_expression(&mut self, it: &ObjectExpression<'a>) {
        let number = self.object_members(it);
        self.around.push(number);
        walk::walk_object_expression(self, it);
        self.around.pop();
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        let number = self.class_members(it);
        self.around.push(number);
        walk::walk_class(self, it);
        self.around.pop();
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        self.is_method = true;
        walk::walk_method_definition(self, it);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.field(it);
        walk::walk_property_definition(self, it);
    }

    fn visit_ts_interface_declaration(&mut self, it: &TSInterfaceDeclaration<'a>) {
        self.interface(it);
        walk::walk_ts_interface_declaration(self, it);
    }

    fn visit_ts_type_literal(&mut self, it: &TSTypeLiteral<'a>) {
        let number = self.type_at(it.span);
        self.parametrized(number);
        self.signatures(number, &it.members);
        walk::walk_ts_type_literal(self, it);
    }

    fn visit_ts_type(&mut self, it: &TSType<'a>) {
        self.unnamed(it);
        walk::walk_ts_type(self, it);
    }

    fn visit_ts_type_alias_declaration(&mut self, it: &TSTypeAliasDeclaration<'a>) {
        self.alias(it);
        walk::walk_ts_type_alias_declaration(self, it);
    }

    fn visit_ts_type_parameter(&mut self, it: &TSTypeParameter<'a>) {
        self.type_parameter(it);
        walk::walk_ts_type_parameter(self, it);
    }

    fn visit_ts_index_signature_name(&mut self, it: &TSIndexSignatureName<'a>) {
        self.index_name(it);
        walk::walk_ts_index_signature_name(self, it);
    }

    fn visit_ts_indexed_access_type(&mut self, it: &TSIndexedAccessType<'a>) {
        self.indexed(it);
        walk::walk_ts_indexed_access_type(self, it);
    }

    fn visit_ts_as_expression(&mut self, it: &TSAsExpression<'a>) {
        let is = self.ty(&it.type_annotation);
        self.expect(&it.expression, is);
        walk::walk_ts_as_expression(self, it);
    }

    fn visit_ts_satisfies_expression(&mut self, it: &TSSatisfiesExpression<'a>) {
        let is = self.ty(&it.type_annotation);
        self.expect(&it.expression, is);
        walk::walk_ts_satisfies_expression(self, it);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        self.expect_arguments(&it.callee, it.type_arguments.as_deref(), &it.arguments, it.span);
        walk::walk_new_expression(self, it);
    }

    fn visit_return_statement(&mut self, it: &ReturnStatement<'a>) {
        if let (Some(value), Some(is)) = (&it.argument, self.results.last().cloned()) {
            self.expect(value, is);
        }
        walk::walk_return_statement(self, it);
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.walked_over(it);
        walk::walk_for_of_statement(self, it);
    }

    fn visit_jsx_opening_element(&mut self, it: &JSXOpeningElement<'a>) {
        self.properties(it);
        walk::walk_jsx_opening_element(self, it);
    }

    fn visit_private_field_expression(&mut self, it: &PrivateFieldExpression<'a>) {
        self.private(it);
        walk::walk_private_field_expression(self, it);
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
        self.imports_of(it);
    }

    fn visit_import_specifier(&mut self, it: &ImportSpecifier<'a>) {
        if it.local.span == it.imported.span() {
            self.form = Some((Form::Import, it.local.span));
        }
        self.visit_binding_identifier(&it.local);
    }

    fn visit_export_specifier(&mut self, it: &ExportSpecifier<'a>) {
        self.lists(it);
    }

    fn visit_export_from_declaration(&mut self, it: &oxc_ast::ast::ExportFromDeclaration<'a>) {
        self.passes(it);
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        self.passes_all(it);
    }

    fn visit_export_default_declaration(&mut self, it: &ExportDefaultDeclaration<'a>) {
        self.offers_by_default(it);
        walk::walk_export_default_declaration(self, it);
    }

    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        self.offers(it);
        walk::walk_export_declaration(self, it);
    }

    fn visit_ts_namespace_declaration(&mut self, it: &TSNamespaceDeclaration<'a>) {
        self.namespaces.push(bound(Some(&it.id)));
        self.holds_all(it);
        walk::walk_ts_namespace_declaration(self, it);
        self.namespaces.pop();
    }

    fn visit_ts_enum_declaration(&mut self, it: &TSEnumDeclaration<'a>) {
        self.enumerated(it);
        walk::walk_ts_enum_declaration(self, it);
    }

    fn visit_ts_enum_member(&mut self, it: &TSEnumMember<'a>) {
        self.enum_member(it);
        walk::walk_ts_enum_member(self, it);
    }

    fn visit_ts_import_equals_declaration(&mut self, it: &TSImportEqualsDeclaration<'a>) {
        self.requires(it);
        walk::walk_ts_import_equals_declaration(self, it);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        self.takes_module(it);
        self.variable(it);
        walk::walk_variable_declarator(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        self.imported_then(it);
        self.expect_arguments(&it.callee, it.type_arguments.as_deref(), &it.arguments, it.span);
        walk::walk_call_expression(self, it);
    }

    fn visit_ts_import_type(&mut self, it: &TSImportType<'a>) {
        self.imported_type(it);
        walk::walk_ts_import_type(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        self.offers_whole(it);
        let home = self.assigns(it).filter(|_| matches!(it.right, Expression::FunctionExpression(_)));
        match home {
            Some(number) => {
                self.is_method = true;
                self.with_self(Some((number, false)), |this| walk::walk_assignment_expression(this, it));
            }
            None => walk::walk_assignment_expression(self, it),
        }
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        self.member(it);
        walk::walk_static_member_expression(self, it);
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        self.key(it);
        walk::walk_computed_member_expression(self, it);
    }

    fn visit_ts_qualified_name(&mut self, it: &TSQualifiedName<'a>) {
        self.qualified(it);
        walk::walk_ts_qualified_name(self, it);
    }

    fn visit_jsx_member_expression(&mut self, it: &JSXMemberExpression<'a>) {
        self.tag(it);
        walk::walk_jsx_member_expression(self, it);
    }

    fn visit_ts_call_signature_declaration(&mut self, it: &TSCallSignatureDeclaration<'a>) {
        self.documented_in(&it.params, vec![it.span.start]);
        walk::walk_ts_call_signature_declaration(self, it);
    }

    fn visit_ts_method_signature(&mut self, it: &TSMethodSignature<'a>) {
        self.documented_in(&it.params, vec![it.span.start]);
        walk::walk_ts_method_signature(self, it);
    }

    fn visit_ts_type_predicate(&mut self, it: &TSTypePredicate<'a>) {
        self.predicate(it);
        walk::walk_ts_type_predicate(self, it);
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        self.label(&it.label);
        walk::walk_labeled_statement(self, it);
        self.labels.pop();
    }

    fn visit_break_statement(&mut self, it: &BreakStatement<'a>) {
        if let Some(label) = &it.label {
            self.labelled(label);
        }
    }

    fn visit_continue_statement(&mut self, it: &ContinueStatement<'a>) {
        if let Some(label) = &it.label {
            self.labelled(label);
        }
    }

    fn visit_statement(&mut self, it: &Statement<'a>) {
        self.owned(it.span().start, true, |this| walk::walk_statement(this, it));
    }

    fn visit_private_in_expression(&mut self, it: &PrivateInExpression<'a>) {
        self.private_in(it);
        walk::walk_private_in_expression(self, it);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.visit_expression(&it.test);
        self.narrowed_by(&it.test, true, |this| this.visit_statement(&it.consequent));
        if let Some(other) = &it.alternate {
            self.narrowed_by(&it.test, false, |this| this.visit_statement(other));
        }
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.visit_expression(&it.test);
        self.narrowed_by(&it.test, true, |this| this.visit_expression(&it.consequent));
        self.narrowed_by(&it.test, false, |this| this.visit_expression(&it.alternate));
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.visit_expression(&it.left);
        match it.operator.is_coalesce() {
            true => self.visit_expression(&it.right),
            false => self.narrowed_by(&it.left, it.operator.is_and(), |this| this.visit_expression(&it.right)),
        }
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.visit_expression(&it.discriminant);
        self.enter_scope(ScopeFlags::empty(), &it.scope_id);
        self.cases(it, &mut |this, number| this.visit_switch_case(&it.cases[number]));
        self.leave_scope();
    }

    fn visit_statements(&mut self, it: &oxc_allocator::Vec<'a, Statement<'a>>) {
        let before = self.narrowed.len();
        for statement in it {
            self.visit_statement(statement);
            self.learns_behind(statement);
        }
        self.narrowed.truncate(before);
    }

    fn visit_class_element(&mut self, it: &ClassElement<'a>) {
        let own =
            self.around.last().map(|number| (*number, it.r#static() || matches!(it, ClassElement::StaticBlock(_))));
        self.owned(it.span().start, true, |this| {
            this.with_self(own, |this| walk::walk_class_element(this, it));
        });
    }

    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        self.document(&it.params, it.span.start);
        if let Some(at) = self.owners.last().copied().filter(|_| it.is_declaration()) {
            self.documented_at(it.span.start, at);
        }
        if let Some(symbol) = bound(it.id.as_ref()) {
            let is = self.function_clue(it);
            self.says_also(symbol, is);
        }
        let own = match std::mem::take(&mut self.is_method) {
            true => self.selves.last().copied().flatten(),
            false => self.constructor(it).map(|number| (number, false)),
        };
        self.with_self(own, |this| {
            let result = this.function_of(&it.params, it.return_type.as_deref(), it.span.start, None);
            this.results.push(result);
            walk::walk_function(this, it, flags);
            this.results.pop();
        });
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        self.document(&it.params, it.span.start);
        let result = self.function_of(&it.params, it.return_type.as_deref(), it.span.start, Some(&it.body));
        self.results.push(result);
        walk::walk_arrow_function_expression(self, it);
        self.results.pop();
    }
}
