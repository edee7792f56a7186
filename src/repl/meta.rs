//! `:commands` and `?help` of the REPL, recognised before Lua sees the line.

/// What a line asks of the REPL itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meta {
    /// `?name`: the documentation of a name.
    Help(String),
    /// `??name`: where it comes from.
    Source(String),
    /// `:help`.
    Commands,
    /// `:time CODE`: evaluate and say how long it took.
    Time(String),
    /// `:type CODE`: the type of a value.
    Type(String),
    /// `:ast LANG CODE`: the syntax tree of some code.
    Ast(String, String),
    /// `:load FILE`: run a file's lines in the session.
    Load(String),
    /// `:save NAME`: keep the session as a recipe.
    Save(String),
    /// `:reload`: a fresh session.
    Reload,
    /// `:quit`.
    Quit,
    /// Something else with a colon.
    Unknown(String),
}

/// The names of the commands with what they do.
pub const COMMANDS: [(&str, &str); 8] = [
    (":help", "this list"),
    (":time CODE", "evaluate, and say how long it took"),
    (":type CODE", "the type of a value"),
    (":ast LANG CODE", "the syntax tree of some code"),
    (":load FILE", "run a file in this session"),
    (":save NAME", "keep this session as the recipe .heck/recipes/NAME.lua"),
    (":reload", "begin a fresh session"),
    (":quit", "leave (also Ctrl-D)"),
];

/// What a line asks of the REPL, or `None` for Lua.
pub fn parse(line: &str) -> Option<Meta> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("??") {
        return Some(Meta::Source(rest.trim().to_owned()));
    }
    if let Some(rest) = line.strip_prefix('?') {
        return Some(Meta::Help(rest.trim().to_owned()));
    }
    // `::label::` is Lua.
    let rest = line.strip_prefix(':').filter(|rest| !rest.starts_with(':'))?;
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let argument = argument.trim().to_owned();
    Some(match word {
        "help" | "h" => Meta::Commands,
        "time" => Meta::Time(argument),
        "type" => Meta::Type(argument),
        "ast" => {
            let (lang, code) = argument.split_once(char::is_whitespace).unwrap_or((&argument, ""));
            Meta::Ast(lang.to_owned(), code.trim().to_owned())
        }
        "load" => Meta::Load(argument),
        "save" => Meta::Save(argument),
        "reload" => Meta::Reload,
        "quit" | "q" | "exit" => Meta::Quit,
        _ => Meta::Unknown(word.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_the_repl_are_told_from_lua() {
        assert_eq!(parse(" ?heck.fs "), Some(Meta::Help("heck.fs".into())));
        assert_eq!(parse("??heck.list"), Some(Meta::Source("heck.list".into())));
        assert_eq!(parse(":ast ts f(1)"), Some(Meta::Ast("ts".into(), "f(1)".into())));
        assert_eq!(parse(":tmie x"), Some(Meta::Unknown("tmie".into())));
        assert_eq!(parse("::top::"), None);
        assert_eq!(parse("x = 1"), None);
    }
}
