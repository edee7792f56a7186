//! `heck.text`: lines, indentation, widths, hashes, near names.

use mlua::{Lua, Table};
use unicode_width::UnicodeWidthStr;

use crate::core::text::{LineIndex, nearest};
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "text")?
        .func("lines", |lua, _, args| {
            args.at_most(1)?;
            let text = args.bytes(1, "text")?;
            let lines = text.split_inclusive(|b| *b == b'\n').map(|line| {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                lua.create_string(line.strip_suffix(b"\r").unwrap_or(line))
            });
            Ok(convert::list(lua, lines.collect::<mlua::Result<Vec<_>>>()?)?)
        })?
        .func("indent", |_, _, args| {
            args.at_most(2)?;
            let (text, by) = (args.string(1, "text")?, args.string(2, "by")?);
            let indented = text
                .split_inclusive('\n')
                .map(|line| if line.trim().is_empty() { line.into() } else { format!("{by}{line}") });
            Ok(indented.collect::<String>())
        })?
        .func("dedent", |_, _, args| {
            args.at_most(1)?;
            Ok(dedent(&args.string(1, "text")?))
        })?
        .func("width", |_, _, args| {
            args.at_most(1)?;
            Ok(args.string(1, "text")?.width())
        })?
        .func("hash", |_, _, args| {
            args.at_most(1)?;
            Ok(blake3::hash(&args.bytes(1, "text")?).to_hex().to_string())
        })?
        .func("nearest", |_, _, args| {
            args.at_most(2)?;
            let (name, names) = (args.string(1, "name")?, args.strings(2, "names")?);
            Ok(nearest(&name, names.iter().map(String::as_str)).map(str::to_owned))
        })?
        .func("position", |lua, _, args| {
            args.at_most(2)?;
            let at = LineIndex::new(&args.bytes(1, "text")?).position(args.number(2, "byte")?.max(0.0) as usize);
            let table = lua.create_table()?;
            table.raw_set("line", at.line)?;
            table.raw_set("column", at.column)?;
            Ok(table)
        })?;
    Ok(module.build())
}

/// Removes the indentation that all lines with text share.
fn dedent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    text.split_inclusive('\n').map(|line| line.get(common.min(indent(line))..).unwrap_or(line)).collect()
}
