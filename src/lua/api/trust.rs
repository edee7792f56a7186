//! `heck.trust`: whether the repository's own code may run. Changing it is for heck's own commands.

use mlua::{Lua, Table};
use serde_json::json;

use crate::core::grant::Request;
use crate::core::patch::file_diff;
use crate::core::trust::{self, Code};
use crate::core::{Error, Kind};
use crate::lua::convert;
use crate::lua::module::Module;

/// A text for somebody who decides about it: nothing in it can hide from the eye.
fn shown(text: &str) -> String {
    let hides = |c: char| {
        c.is_control() && c != '\n' && c != '\t'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    text.chars().map(|c| if hides(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "trust")?
        .func("get", |lua, cx, args| {
            args.at_most(0)?;
            let code = Code::read(cx.repo()?)?;
            let (state, decision) = trust::state(cx.repo()?, &code)?;
            let files: Vec<_> = code
                .files()
                .map(|(path, bytes)| json!({ "path": path, "text": shown(&String::from_utf8_lossy(bytes)) }))
                .collect();
            let value = json!({
                "state": state,
                "digest": code.digest(),
                "files": files,
                "decided": decision.map(|d| json!({ "at": d.at, "digest": d.digest, "allow": d.allow })),
            });
            Ok(convert::from_json(lua, &value)?)
        })?
        .func("set", |_, cx, args| {
            cx.grants.check(Request::Own("decide about trust"))?;
            let options = args.options(2, &["digest"])?;
            let mlua::Value::Boolean(allow) = args.value(1) else {
                return Err(args.wrong("allow", "a boolean", &args.value(1)));
            };
            let code = Code::read(cx.repo()?)?;
            if options.string("digest")?.is_some_and(|shown| shown != code.digest()) {
                return Err(Error::new(Kind::Conflict, "the code in .heck changed while you were looking at it")
                    .hint("run `heck trust` again"));
            }
            Ok(trust::decide(cx.repo()?, &code, allow)?.digest)
        })?
        .func("remove", |_, cx, args| {
            cx.grants.check(Request::Own("decide about trust"))?;
            args.at_most(0)?;
            trust::forget(cx.repo()?)
        })?
        .func("find_all", |lua, cx, args| {
            cx.grants.check(Request::Own("read trust records"))?;
            args.at_most(0)?;
            let all: Vec<_> = trust::list()?
                .into_iter()
                .map(|d| json!({ "root": d.root, "digest": d.digest, "allow": d.allow, "at": d.at }))
                .collect();
            let values = all.iter().map(|v| convert::from_json(lua, v)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?
        .func("diff", |lua, cx, args| {
            args.at_most(0)?;
            let code = Code::read(cx.repo()?)?;
            let (_, decision) = trust::state(cx.repo()?, &code)?;
            let before = decision.map(|d| d.files).unwrap_or_default();
            let mut diff = Vec::new();
            let names: std::collections::BTreeSet<&str> =
                code.files().map(|(path, _)| path).chain(before.keys().map(String::as_str)).collect();
            for name in names {
                let old = before.get(name).map(|text| ("100644", text.as_bytes()));
                let new = code.get(name).map(|bytes| ("100644", bytes));
                diff.extend(file_diff(&format!(".heck/{name}"), old, new).0);
            }
            Ok(lua.create_string(diff)?)
        })?;
    Ok(module.build())
}
