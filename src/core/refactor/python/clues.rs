//! What Python says of the types of its values.

use std::sync::Arc;

use tree_sitter::Node;

use super::typed::Reader;
use super::walk::named;
use crate::core::refactor::types::Clue;

/// How deep an expression is looked into.
const MAX_DEPTH: usize = 24;

/// Types that give one kind of thing when they are walked.
const LISTS: &str = "list List Sequence MutableSequence Iterable Iterator Collection set Set frozenset FrozenSet \
    AbstractSet MutableSet deque Deque Generator AsyncIterator AsyncIterable AsyncGenerator ValuesView KeysView";
/// Tables with keys and values.
const MAPS: &str = "dict Dict Mapping MutableMapping DefaultDict defaultdict OrderedDict WeakValueDictionary ItemsView";
/// What stands for what it holds.
const SAME: &str =
    "Optional Annotated ClassVar Final Awaitable Coroutine Required NotRequired ReadOnly TypeGuard ContextManager";
/// Types without members that a repository could declare.
const BASIC: &str = "int str bytes bool float complex None bytearray memoryview range slice Ellipsis NoReturn Never \
    LiteralString Literal";

fn is_one_of(words: &str, name: &str) -> bool {
    words.split_whitespace().any(|word| word == name)
}

impl<'t> Reader<'t, '_> {
    /// What an expression is.
    pub(super) fn clue(&mut self, node: Node<'t>) -> Clue {
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        self.depth += 1;
        let clue = self.expression(node);
        self.depth -= 1;
        let narrowed = self.narrowed.iter().rev().find(|(wide, _)| *wide == clue);
        narrowed.map(|(_, narrow)| narrow.clone()).unwrap_or(clue)
    }

    fn expression(&mut self, node: Node<'t>) -> Clue {
        let part = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "identifier" => match self.symbol(node) {
                Some(symbol) => Clue::Symbol(symbol),
                None => Clue::Free(self.of(node).to_owned()),
            },
            "attribute" => {
                let (Some(of), Some(name)) = (part("object"), part("attribute")) else { return Clue::Unknown };
                Clue::member(self.clue(of), self.of(name))
            }
            "call" => self.call(node),
            "subscript" => part("value").map_or(Clue::Unknown, |of| {
                let is_slice = part("subscript").is_some_and(|index| index.kind() == "slice");
                let of = self.clue(of);
                if is_slice { of } else { Clue::element(of) }
            }),
            "parenthesized_expression" | "await" => named(node).first().map_or(Clue::Unknown, |of| self.clue(*of)),
            "conditional_expression" => match named(node).as_slice() {
                [yes, _, no] => {
                    let both = vec![self.clue(*yes), self.clue(*no)];
                    Clue::either(both)
                }
                _ => Clue::Unknown,
            },
            "boolean_operator" => {
                let mut both: Vec<Clue> =
                    ["left", "right"].into_iter().filter_map(part).map(|one| self.clue(one)).collect();
                let is_and = part("operator").is_some_and(|operator| operator.kind() == "and");
                if is_and { both.pop().unwrap_or_default() } else { Clue::either(both) }
            }
            "named_expression" => part("value").map_or(Clue::Unknown, |value| self.clue(value)),
            "lambda" => {
                let gives = part("body").map_or(Clue::Unknown, |body| self.clue(body));
                Clue::Function(Arc::new(gives))
            }
            "list" | "set" => {
                let all: Vec<Clue> = named(node).into_iter().map(|one| self.clue(one)).collect();
                let of = if all.is_empty() { Clue::Unknown } else { Clue::either(all) };
                Clue::List(Arc::new(of))
            }
            "tuple" | "expression_list" => Clue::Tuple(named(node).into_iter().map(|one| self.clue(one)).collect()),
            "list_splat" => named(node).first().map_or(Clue::Unknown, |of| Clue::element(self.clue(*of))),
            "list_comprehension" | "set_comprehension" | "generator_expression" => {
                let body = part("body").map_or(Clue::Unknown, |body| self.clue(body));
                Clue::List(Arc::new(body))
            }
            "dictionary" => {
                let (mut keys, mut values) = (Vec::new(), Vec::new());
                for pair in named(node).into_iter().filter(|pair| pair.kind() == "pair") {
                    keys.extend(pair.child_by_field_name("key").map(|key| self.clue(key)));
                    values.extend(pair.child_by_field_name("value").map(|value| self.clue(value)));
                }
                if values.is_empty() {
                    return Clue::Map(Arc::new(Clue::Unknown), Arc::new(Clue::Unknown));
                }
                Clue::Map(Arc::new(Clue::either(keys)), Arc::new(Clue::either(values)))
            }
            "dictionary_comprehension" => {
                let pair = part("body").filter(|body| body.kind() == "pair");
                let mut half = |name| {
                    let half = pair.and_then(|pair| pair.child_by_field_name(name));
                    Arc::new(half.map_or(Clue::Unknown, |half| self.clue(half)))
                };
                Clue::Map(half("key"), half("value"))
            }
            "string"
            | "concatenated_string"
            | "integer"
            | "float"
            | "true"
            | "false"
            | "ellipsis"
            | "comparison_operator"
            | "not_operator" => Clue::Basic,
            _ => Clue::Unknown,
        }
    }

    fn call(&mut self, node: Node<'t>) -> Clue {
        let Some(callee) = node.child_by_field_name("function") else { return Clue::Unknown };
        let arguments = node.child_by_field_name("arguments");
        let arguments = arguments.filter(|all| all.kind() == "argument_list").map(named).unwrap_or_default();
        let name = self.of(callee);
        if callee.kind() == "identifier" && self.symbol(callee).is_none() {
            match (name, arguments.as_slice()) {
                ("super", _) => {
                    return match self.classes.last() {
                        Some(number) => Clue::instance(Clue::Above(*number)),
                        None => Clue::Unknown,
                    };
                }
                ("type", [one]) => {
                    // The type of a value has the members of the value.
                    return self.clue(*one);
                }
                ("list" | "sorted" | "set" | "tuple" | "frozenset" | "reversed" | "iter", [first, ..]) => {
                    return Clue::List(Arc::new(Clue::Each(Arc::new(self.clue(*first)))));
                }
                ("enumerate", [first, ..]) => {
                    let each = Clue::Each(Arc::new(self.clue(*first)));
                    return Clue::List(Arc::new(Clue::Tuple(vec![Clue::Basic, each])));
                }
                ("zip", all) => {
                    let each = all.iter().map(|one| Clue::Each(Arc::new(self.clue(*one)))).collect();
                    return Clue::List(Arc::new(Clue::Tuple(each)));
                }
                ("next" | "min" | "max", [first, ..]) => return Clue::Each(Arc::new(self.clue(*first))),
                (name, _) if is_one_of("len isinstance issubclass hasattr repr print open id hash", name) => {
                    return Clue::Basic;
                }
                (name, _) if is_one_of(BASIC, name) => return Clue::Basic,
                _ => {}
            }
        }
        if let ("cast" | "typing.cast" | "t.cast", [ty, _]) = (name, arguments.as_slice()) {
            return self.ty(*ty);
        }
        Clue::call(self.clue(callee))
    }

    /// What a value of a type is.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Clue {
        if self.depth > MAX_DEPTH {
            return Clue::Unknown;
        }
        self.depth += 1;
        let clue = self.written_type(node);
        self.depth -= 1;
        clue
    }

    fn written_type(&mut self, node: Node<'t>) -> Clue {
        match node.kind() {
            "type" | "parenthesized_expression" => named(node).first().map_or(Clue::Unknown, |of| self.ty(*of)),
            "identifier" => match (self.symbol(node), self.of(node)) {
                (Some(symbol), name) => self.plain(Clue::Symbol(symbol), name, &[]),
                (None, name) => self.plain(Clue::Free(name.to_owned()), name, &[]),
            },
            "attribute" => {
                let name = node.child_by_field_name("attribute").map(|name| self.of(name)).unwrap_or_default();
                let of = self.clue(node);
                self.plain(of, name, &[])
            }
            "generic_type" => {
                let parts = named(node);
                let Some(first) = parts.first().copied() else { return Clue::Unknown };
                let arguments: Vec<Node<'t>> = parts.iter().skip(1).flat_map(|part| named(*part)).collect();
                let of = self.clue(first);
                self.plain(of, self.of(first), &arguments)
            }
            "subscript" => {
                let Some(first) = node.child_by_field_name("value") else { return Clue::Unknown };
                let mut cursor = node.walk();
                let arguments: Vec<Node<'t>> = node.children_by_field_name("subscript", &mut cursor).collect();
                let of = self.clue(first);
                self.plain(of, self.of(first), &arguments)
            }
            "union_type" | "binary_operator" => {
                let all = named(node).into_iter().map(|one| self.ty(one)).collect();
                Clue::either(all)
            }
            "string" => {
                let text = self.of(node).trim_matches(['"', '\'']);
                let is_name = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                match self.outer.get(text).filter(|_| is_name) {
                    Some(symbol) => Clue::instance(Clue::Symbol(*symbol)),
                    None => Clue::Unknown,
                }
            }
            "none" => Clue::Basic,
            _ => Clue::Unknown,
        }
    }

    /// A type with its arguments: what it is called decides what it holds, if it is of the language.
    fn plain(&mut self, of: Clue, name: &str, arguments: &[Node<'t>]) -> Clue {
        let name = name.rsplit('.').next().unwrap_or(name);
        let nth = |this: &mut Self, n: usize| arguments.get(n).map_or(Clue::Unknown, |ty| this.ty(*ty));
        let is_own = matches!(of, Clue::Symbol(symbol) if self.bound.names.symbols[symbol].kind != "import");
        match name {
            _ if is_own => Clue::instance(of),
            _ if is_one_of(LISTS, name) => Clue::List(Arc::new(nth(self, 0))),
            _ if is_one_of(MAPS, name) => Clue::Map(Arc::new(nth(self, 0)), Arc::new(nth(self, 1))),
            _ if is_one_of(SAME, name) => nth(self, if name == "Coroutine" { 2 } else { 0 }),
            "Union" => {
                let all = (0..arguments.len()).map(|n| nth(self, n)).collect();
                Clue::either(all)
            }
            "tuple" | "Tuple" => match arguments {
                [_, rest] if rest.kind() == "ellipsis" || self.of(*rest) == "..." => Clue::List(Arc::new(nth(self, 0))),
                all => Clue::Tuple((0..all.len()).map(|n| nth(self, n)).collect()),
            },
            "type" | "Type" => match nth(self, 0) {
                Clue::Instance(of) => (*of).clone(),
                other => other,
            },
            "Callable" => Clue::Function(Arc::new(nth(self, 1))),
            "Any" | "object" | "Self" => match (name, self.classes.last()) {
                ("Self", Some(number)) => Clue::instance(Clue::Type(*number)),
                _ => Clue::Unknown,
            },
            _ if is_one_of(BASIC, name) => Clue::Basic,
            _ => Clue::instance(of),
        }
    }
}
