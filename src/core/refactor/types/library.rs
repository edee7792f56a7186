//! What the languages' own lists and tables give.

use super::ty::Type;

/// What the methods of lists and tables give to the functions they are passed, as JavaScript names them.
pub fn given_by(of: &Type, name: &str) -> Option<Vec<Type>> {
    Some(match (of, name) {
        (
            Type::List(of),
            "map" | "forEach" | "filter" | "some" | "every" | "find" | "findIndex" | "findLast" | "findLastIndex"
            | "flatMap",
        ) => vec![(**of).clone()],
        (Type::List(of), "sort" | "toSorted") => vec![(**of).clone(), (**of).clone()],
        (Type::List(of), "reduce" | "reduceRight") => vec![Type::Unknown, (**of).clone()],
        (Type::Map(key, value), "forEach") => vec![(**value).clone(), (**key).clone()],
        _ => return None,
    })
}

/// What the methods of lists and tables take, as JavaScript names them.
pub fn taken_by(of: &Type, name: &str, number: usize) -> Option<Type> {
    Some(match (of, name) {
        (Type::List(of), "push" | "unshift") => (**of).clone(),
        (Type::List(of), "add" | "has" | "delete" | "includes" | "indexOf" | "lastIndexOf" | "fill") if number == 0 => {
            (**of).clone()
        }
        (Type::Map(key, _), "get" | "has" | "delete" | "set") if number == 0 => (**key).clone(),
        (Type::Map(_, value), "set") if number == 1 => (**value).clone(),
        _ => return None,
    })
}

/// The member of a table that is taken out of it by its key, as JavaScript has them; a `Map` has only methods.
pub fn held_by(of: &Type, name: &str) -> Option<Type> {
    const METHODS: &str = "clear delete entries forEach get has keys set size values getOrInsert getOrInsertComputed";
    match of {
        Type::Map(_, value) if METHODS.split(' ').all(|method| method != name) => Some((**value).clone()),
        _ => None,
    }
}

/// What the methods of lists and tables give, as JavaScript and Python name them.
pub fn built_in(of: &Type, name: &str) -> Option<Type> {
    let list = |of: &Type| Type::List(Box::new(of.clone()));
    Some(match (of, name) {
        (Type::List(of), "pop" | "shift" | "at" | "find" | "findLast" | "popleft") => (**of).clone(),
        (
            Type::List(_),
            "slice" | "filter" | "concat" | "reverse" | "toReversed" | "sort" | "toSorted" | "splice" | "copy"
            | "values",
        ) => of.clone(),
        (Type::Map(_, value), "get" | "pop" | "setdefault") => (**value).clone(),
        (Type::Map(_, value), "values") => list(value),
        (Type::Map(key, _), "keys") => list(key),
        (Type::Map(key, value), "items" | "entries") => list(&Type::Tuple(vec![(**key).clone(), (**value).clone()])),
        (Type::Map(..), "copy") => of.clone(),
        (Type::List(_) | Type::Map(..), _) => Type::Unknown,
        _ => return None,
    })
}
