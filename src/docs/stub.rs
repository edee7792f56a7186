//! Reads a LuaCATS stub: a module, its functions and classes, with their comments. Does no I/O.

/// A parameter, return value or field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name; a trailing `?` means it may be left out.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// What it is.
    pub text: String,
}

/// A function, method or class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name as users write it, without `heck.`: `fs.read`, `Node:find`, `FileOptions`.
    pub name: String,
    /// What it does; may have several paragraphs.
    pub text: String,
    /// The signature, for a function.
    pub signature: Option<String>,
    /// Parameters, or the fields of a class.
    pub params: Vec<Param>,
    /// Return values.
    pub returns: Vec<Param>,
    /// The version that brought it.
    pub since: Option<String>,
    /// Whether it waits.
    pub is_async: bool,
    /// Example code.
    pub example: String,
    /// Error kinds it raises, in words.
    pub errors: Vec<String>,
}

/// One stub file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stub {
    /// The module's name without `heck.`.
    pub module: String,
    /// What the module is for.
    pub text: String,
    /// What it has, in the order of the file.
    pub entries: Vec<Entry>,
}

/// Reads a stub's text.
pub fn parse(text: &str) -> Stub {
    let mut stub = Stub::default();
    let mut block: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if let Some(comment) = line.strip_prefix("---") {
            block.push(comment);
            continue;
        }
        if !block.is_empty() {
            take_block(&mut stub, &block, line);
            block.clear();
        }
    }
    stub
}

fn take_block(stub: &mut Stub, block: &[&str], code: &str) {
    let mut entry = Entry::default();
    let mut class = None;
    let mut in_example = false;
    for line in block {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let Some(tag) = line.strip_prefix('@') else {
            if line.trim_start().starts_with("```") {
                in_example = !in_example;
            } else if in_example {
                entry.example.push_str(line);
                entry.example.push('\n');
            } else {
                entry.text.push_str(line);
                entry.text.push('\n');
            }
            continue;
        };
        let (word, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        match word {
            "param" => entry.params.extend(param(rest)),
            "field" => entry.params.extend(param(rest)),
            "return" => entry.returns.push(returned(rest)),
            "since" => entry.since = Some(rest.trim().to_owned()),
            "async" => entry.is_async = true,
            "error" => entry.errors.push(rest.trim().to_owned()),
            "class" => class = rest.split([':', ' ']).next().map(str::to_owned),
            _ => {}
        }
    }
    entry.text = entry.text.trim().to_owned();
    let function =
        code.strip_prefix("function ").and_then(|rest| rest.split_once(')')).map(|(head, _)| format!("{head})"));
    match (function, class) {
        (Some(signature), _) => {
            // A module is a local table in its stub; users write it with `heck.` in front.
            let is_of_module = signature.split('.').next() == Some(stub.module.as_str()) && stub.module != "heck";
            let signature = if is_of_module { format!("heck.{signature}") } else { signature };
            let name = signature.split('(').next().unwrap_or_default();
            entry.name = name.strip_prefix("heck.").unwrap_or(name).to_owned();
            entry.signature = Some(signature);
            stub.entries.push(entry);
        }
        (None, Some(class)) => {
            let name = class.strip_prefix("heck.").unwrap_or(&class).to_owned();
            // The class of the module itself carries the module's own words.
            if name.chars().next().is_some_and(char::is_lowercase) || name == "heck" {
                stub.module = name;
                stub.text = entry.text;
            } else {
                entry.name = name;
                stub.entries.push(entry);
            }
        }
        (None, None) => {}
    }
}

/// `name type words…`, where a type may hold spaces inside brackets.
fn param(rest: &str) -> Option<Param> {
    let (name, rest) = rest.trim().split_once(' ')?;
    let (ty, text) = split_type(rest.trim());
    Some(Param { name: name.to_owned(), ty, text })
}

fn returned(rest: &str) -> Param {
    let (ty, text) = split_type(rest.trim());
    let (name, text) = match text.split_once(' ') {
        Some((name, words)) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            (name.to_owned(), words.to_owned())
        }
        _ if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => (text, String::new()),
        _ => (String::new(), text),
    };
    Param { name, ty, text: text.trim_start_matches("# ").to_owned() }
}

fn split_type(text: &str) -> (String, String) {
    let mut depth = 0i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' | '<' | '[' => depth += 1,
            ')' | '}' | '>' | ']' => depth -= 1,
            // A function's own return type follows its brackets after a colon.
            ' ' if depth <= 0 && !text[..at].ends_with([':', ',', '|']) => {
                return (text[..at].to_owned(), text[at + 1..].trim().to_owned());
            }
            _ => {}
        }
    }
    (text.to_owned(), String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---@meta\n\n--- Files.\n---@class heck.fs\nlocal fs = {}\n\n--- Reads a file.\n--- All of it.\n---@param path string Where it is\n---@param options? { a: string, b?: integer } More\n---@return string text The bytes\n---@error not_found There is none\n---@since 0.1.0\n---@async\n--- ```lua\n--- heck.fs.read(\"a\")\n--- ```\nfunction fs.read(path, options) end\n";

    #[test]
    fn a_stub_gives_words_types_and_examples() {
        let stub = parse(TEXT);
        assert_eq!((stub.module.as_str(), stub.text.as_str()), ("fs", "Files."));
        let read = &stub.entries[0];
        assert_eq!(read.name, "fs.read");
        assert_eq!(read.text, "Reads a file.\nAll of it.");
        assert_eq!(read.params[1].ty, "{ a: string, b?: integer }");
        assert_eq!((read.returns[0].name.as_str(), read.returns[0].text.as_str()), ("text", "The bytes"));
        assert!(read.is_async);
        assert_eq!(read.example, "heck.fs.read(\"a\")\n");
        assert_eq!(read.errors, ["not_found There is none"]);
    }
}
