//! The contract of a payload: checked before anything is printed, and shown as JSON Schema.

use serde_json::{Map, Value as Json, json};

use crate::core::{Error, Kind, Result};

/// Checks a payload against `field → type`. An empty table where a list is promised becomes one.
pub fn check(contract: Option<&Json>, payload: &mut Json) -> Result<()> {
    match contract {
        Some(contract) => check_at(contract, payload, "payload"),
        None => Ok(()),
    }
}

fn check_at(contract: &Json, value: &mut Json, place: &str) -> Result<()> {
    match contract {
        Json::String(ty) => check_type(ty, value, place),
        Json::Object(fields) => {
            let Json::Object(map) = value else { return Err(broken(place, "an object", value)) };
            for (name, inner) in fields {
                let optional = inner.as_str().is_some_and(|ty| ty.ends_with('?'));
                match map.get_mut(name) {
                    Some(Json::Null) | None if optional => {}
                    None => return Err(Error::new(Kind::Internal, format!("{place}.{name} is missing"))),
                    Some(value) => check_at(inner, value, &format!("{place}.{name}"))?,
                }
            }
            match map.keys().find(|key| !fields.contains_key(*key)) {
                Some(extra) => Err(Error::new(Kind::Internal, format!("{place}.{extra} is not in the contract"))),
                None => Ok(()),
            }
        }
        _ => Err(Error::new(Kind::Internal, format!("the contract of {place} is neither a type nor fields"))),
    }
}

fn check_type(ty: &str, value: &mut Json, place: &str) -> Result<()> {
    let ty = ty.trim_end_matches('?');
    let is_empty_table = value.as_object().is_some_and(Map::is_empty);
    let item = ty.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>'));
    if (ty == "list" || item.is_some()) && is_empty_table {
        *value = Json::Array(Vec::new());
    }
    let fits = match ty {
        "any" => true,
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "table" => value.is_object(),
        "list" => value.is_array(),
        _ => match (item, &mut *value) {
            (Some(item), Json::Array(items)) => {
                return items
                    .iter_mut()
                    .enumerate()
                    .try_for_each(|(n, value)| check_type(item, value, &format!("{place}[{n}]")));
            }
            _ => false,
        },
    };
    if fits { Ok(()) } else { Err(broken(place, ty, value)) }
}

fn broken(place: &str, expected: &str, value: &Json) -> Error {
    let shown: String = value.to_string().chars().take(60).collect();
    Error::new(Kind::Internal, format!("{place} should be {expected} and is {shown}"))
        .hint("the script breaks its own `returns` contract")
}

/// The contract as JSON Schema.
pub fn schema(contract: Option<&Json>) -> Json {
    match contract {
        None => json!({}),
        Some(Json::String(ty)) => type_schema(ty.trim_end_matches('?')),
        Some(Json::Object(fields)) => {
            let required: Vec<&String> = fields
                .iter()
                .filter(|(_, ty)| !ty.as_str().is_some_and(|ty| ty.ends_with('?')))
                .map(|(name, _)| name)
                .collect();
            let properties: Map<String, Json> =
                fields.iter().map(|(name, inner)| (name.clone(), schema(Some(inner)))).collect();
            json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
        }
        Some(_) => json!(false),
    }
}

fn type_schema(ty: &str) -> Json {
    match ty {
        "any" => json!({}),
        "table" => json!({ "type": "object" }),
        "list" => json!({ "type": "array" }),
        "string" | "integer" | "number" | "boolean" => json!({ "type": ty }),
        _ => match ty.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            Some(item) => json!({ "type": "array", "items": type_schema(item) }),
            None => json!(false),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_keep_their_promise_or_are_named() {
        let contract = json!({ "files": "list<string>", "count": "integer", "note": "string?" });
        for (payload, part) in [
            (json!({ "files": ["a"], "count": 1 }), ""),
            (json!({ "files": {}, "count": 1, "note": null }), ""),
            (json!({ "files": [1], "count": 1 }), "payload.files[0] should be string"),
            (json!({ "files": [] }), "payload.count is missing"),
            (json!({ "files": [], "count": 1, "more": 2 }), "payload.more is not in the contract"),
            (json!([]), "payload should be an object"),
        ] {
            let mut value = payload.clone();
            let message = check(Some(&contract), &mut value).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(message.starts_with(part) && part.is_empty() == message.is_empty(), "{payload}: {message}");
        }
    }

    #[test]
    fn the_schema_says_the_same() {
        let schema = schema(Some(&json!({ "files": "list<string>", "note": "string?" })));
        assert_eq!(schema["properties"]["files"], json!({ "type": "array", "items": { "type": "string" } }));
        assert_eq!(schema["required"], json!(["files"]));
    }
}
