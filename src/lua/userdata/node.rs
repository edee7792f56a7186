//! A syntax node, with ast-grep's vocabulary.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{Lua, MetaMethod, MultiValue, Table, UserData, UserDataFields, UserDataMethods, UserDataRef, Value};
use serde_json::{Map, Value as Json, json};

use super::pattern::matcher;
use super::unknown;
use crate::core::Result;
use crate::core::ast::{Edit, Found, Matcher, Side, Template, insert, remove};
use crate::lua::args::Args;
use crate::lua::convert;
use crate::lua::error::raise;

/// A node or match.
#[derive(Clone)]
pub struct NodeRef(pub Found);

const NAMES: &[&str] = &[
    "ancestors",
    "byte",
    "child",
    "children",
    "column",
    "field",
    "find",
    "find_all",
    "follows",
    "get_match",
    "get_matches",
    "has",
    "insert_after",
    "insert_before",
    "inside",
    "is_error",
    "is_named",
    "kind",
    "lang",
    "line",
    "matches",
    "next",
    "parent",
    "path",
    "precedes",
    "prev",
    "remove",
    "replace",
    "span",
    "text",
    "vars",
];

impl NodeRef {
    /// What JSON shows of a node.
    pub fn to_json(&self) -> Json {
        let found = &self.0;
        let mut vars = Map::new();
        for (name, many) in found.captures() {
            let text = match many {
                false => found.get_match(&name).map(|node| Json::from(node.text().into_owned())),
                true => Some(found.get_multiple_matches(&name).iter().map(|n| n.text().into_owned()).collect()),
            };
            vars.insert(name, text.unwrap_or(Json::Null));
        }
        json!({
            "path": found.source().path,
            "span": found.span(),
            "kind": found.node_match().kind(),
            "text": found.text(),
            "vars": vars,
        })
    }

    fn matcher(&self, args: &Args, at: usize) -> Result<Rc<Matcher>> {
        matcher(&args.value(at), self.0.source().lang())
    }
}

fn list(lua: &Lua, nodes: impl IntoIterator<Item = Found>) -> Result<Table> {
    Ok(convert::list(lua, nodes.into_iter().map(NodeRef))?)
}

impl UserData for NodeRef {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_field_method_get("path", |_, this| Ok(this.0.source().path.clone()));
        fields.add_field_method_get("kind", |_, this| Ok(this.0.node_match().kind().into_owned()));
        fields.add_field_method_get("text", |lua, this| lua.create_string(this.0.text().as_bytes()));
        fields.add_field_method_get("lang", |_, this| Ok(this.0.source().lang().name()));
        fields.add_field_method_get("line", |_, this| Ok(this.0.span().from.line));
        fields.add_field_method_get("column", |_, this| Ok(this.0.span().from.column));
        fields.add_field_method_get("span", |lua, this| convert::span(lua, &this.0.span()));
        fields.add_field_method_get("is_named", |_, this| Ok(this.0.node_match().is_named()));
        fields.add_field_method_get("is_error", |_, this| Ok(this.0.node_match().is_error()));
        fields.add_field_method_get("vars", |lua, this| {
            let vars = lua.create_table()?;
            for (name, many) in this.0.captures() {
                let text = match many {
                    false => this.0.get_match(&name).map(|node| node.text().into_owned()),
                    true => Some(covered(&this.0.get_multiple_matches(&name))),
                };
                vars.raw_set(name, text)?;
            }
            Ok(vars)
        });
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        method(methods, "get_match", |_, this, args| {
            let name = args.string(1, "name")?;
            Ok(this.0.get_match(name.trim_start_matches('$')).map(NodeRef))
        });
        method(methods, "get_matches", |lua, this, args| {
            let name = args.string(1, "name")?;
            list(lua, this.0.get_multiple_matches(name.trim_start_matches('$')))
        });
        method(methods, "find", |_, this, args| Ok(this.0.find(&*this.matcher(&args, 1)?).map(NodeRef)));
        method(methods, "find_all", |lua, this, args| list(lua, this.0.find_all(&*this.matcher(&args, 1)?)));
        method(methods, "matches", |_, this, args| Ok(this.0.matched(&*this.matcher(&args, 1)?).map(NodeRef)));
        method(methods, "has", |_, this, args| Ok(this.0.has(&*this.matcher(&args, 1)?)));
        method(methods, "inside", |_, this, args| {
            let matcher = this.matcher(&args, 1)?;
            Ok(this.0.in_whole().node_match().ancestors().any(|node| matcher.match_node(node).is_some()))
        });
        method(methods, "precedes", |_, this, args| {
            let matcher = this.matcher(&args, 1)?;
            Ok(this.0.in_whole().node_match().next_all().any(|node| matcher.match_node(node).is_some()))
        });
        method(methods, "follows", |_, this, args| {
            let matcher = this.matcher(&args, 1)?;
            Ok(this.0.in_whole().node_match().prev_all().any(|node| matcher.match_node(node).is_some()))
        });
        method(methods, "parent", |_, this, _| {
            let node = this.0.in_whole();
            Ok(node.node_match().parent().map(|n| NodeRef(node.related(n))))
        });
        method(methods, "next", |_, this, _| {
            let node = this.0.in_whole();
            Ok(node.node_match().next().map(|n| NodeRef(node.related(n))))
        });
        method(methods, "prev", |_, this, _| {
            let node = this.0.in_whole();
            Ok(node.node_match().prev().map(|n| NodeRef(node.related(n))))
        });
        method(methods, "ancestors", |lua, this, _| {
            let node = this.0.in_whole();
            list(lua, node.node_match().ancestors().map(|n| node.related(n)).collect::<Vec<_>>())
        });
        method(methods, "children", |lua, this, _| {
            list(lua, this.0.node_match().named_children().map(|n| this.0.related(n)).collect::<Vec<_>>())
        });
        method(methods, "child", |_, this, args| {
            let at = args.number(1, "number")?;
            let node = this.0.node_match().named_children().nth((at.max(1.0) - 1.0) as usize);
            Ok(node.map(|n| NodeRef(this.0.related(n))))
        });
        method(methods, "field", |_, this, args| {
            let name = args.string(1, "name")?;
            Ok(this.0.node_match().field(&name).map(|n| NodeRef(this.0.related(n))))
        });
        method(methods, "replace", |lua, this, args| {
            let template = Template::new(&args.string(1, "text")?, this.0.source().lang())?;
            edits(lua, &this.0, template.edits(&this.0)?)
        });
        method(methods, "insert_before", |lua, this, args| {
            edits(lua, &this.0, insert(&this.0, &args.string(1, "text")?, Side::Before)?)
        });
        method(methods, "insert_after", |lua, this, args| {
            edits(lua, &this.0, insert(&this.0, &args.string(1, "text")?, Side::After)?)
        });
        method(methods, "remove", |lua, this, args| {
            args.at_most(0)?;
            edits(lua, &this.0, remove(&this.0)?)
        });
        methods.add_meta_method(MetaMethod::Index, |_, _, key: String| -> mlua::Result<Value> {
            Err(unknown("a node", &key, NAMES))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            let (found, at) = (&this.0, this.0.span().from);
            let text = found.text();
            let first = text.lines().next().unwrap_or_default();
            let short: String = first.chars().take(60).collect();
            let more = if short.len() < text.len() { "…" } else { "" };
            Ok(format!("{} {}:{}:{} {short}{more}", found.node_match().kind(), found.source().path, at.line, at.column))
        });
        methods.add_meta_method(MetaMethod::Eq, |_, this, other: UserDataRef<NodeRef>| {
            let (one, other) = (this.0.in_whole(), other.0.in_whole());
            Ok(Arc::ptr_eq(one.source(), other.source()) && one.node_match().node_id() == other.node_match().node_id())
        });
    }
}

/// Edits as a list of data.
fn edits(lua: &Lua, found: &Found, edits: Vec<Edit>) -> Result<Table> {
    let edits = edits.into_iter().map(|(range, text)| edit(lua, found, range, &text));
    Ok(convert::list(lua, edits.collect::<mlua::Result<Vec<_>>>()?)?)
}

/// An edit as data: `{ path, from, to, text }` with 0-based byte offsets.
pub fn edit(lua: &Lua, found: &Found, range: std::ops::Range<usize>, text: &str) -> mlua::Result<Table> {
    let table = lua.create_table_with_capacity(0, 5)?;
    table.raw_set("path", found.source().path.as_str())?;
    table.raw_set("base", found.source().digest())?;
    table.raw_set("from", range.start)?;
    table.raw_set("to", range.end)?;
    table.raw_set("text", text)?;
    Ok(table)
}

/// The text from the first to the last of several nodes.
fn covered(nodes: &[Found]) -> String {
    match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.source().text()[first.range().start..last.range().end].to_owned(),
        _ => String::new(),
    }
}

/// Adds a method with strict arguments, named in its errors.
pub fn method<T, M, R>(methods: &mut M, name: &'static str, body: impl Fn(&Lua, &T, Args) -> Result<R> + 'static)
where
    T: 'static,
    M: UserDataMethods<T>,
    R: mlua::IntoLuaMulti,
{
    methods.add_method(name, move |lua, this, values: MultiValue| {
        body(lua, this, Args::new(&format!(":{name}"), values)).map_err(raise)
    });
}
