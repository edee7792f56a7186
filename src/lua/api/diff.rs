//! `heck.diff`: differences of texts, and reading diffs.

use mlua::{Lua, Table};
use serde_json::json;

use crate::core::patch::{HunkLine, file_diff, read_diff};
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "diff")?
        .func("render", |lua, _, args| {
            let options = args.options(3, &["path"])?;
            let (old, new) = (args.bytes(1, "old")?, args.bytes(2, "new")?);
            let path = options.string("path")?.unwrap_or_else(|| "text".into());
            let (diff, _, _) = file_diff(&path, Some(("100644", &old)), Some(("100644", &new)));
            Ok(lua.create_string(diff)?)
        })?
        .func("parse", |lua, _, args| {
            args.at_most(1)?;
            let text = args.bytes(1, "diff")?;
            let files: Vec<_> = read_diff(&text)?
                .iter()
                .map(|file| {
                    let lines = || file.hunks.iter().flat_map(|hunk| &hunk.lines);
                    json!({
                        "old_path": file.old_path,
                        "new_path": file.new_path,
                        "hunks": file.hunks.len(),
                        "added": lines().filter(|line| matches!(line, HunkLine::New(_))).count(),
                        "removed": lines().filter(|line| matches!(line, HunkLine::Old(_))).count(),
                    })
                })
                .collect();
            let values = files.iter().map(|file| convert::from_json(lua, file)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        })?;
    Ok(module.build())
}
