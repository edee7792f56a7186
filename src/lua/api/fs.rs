//! `heck.fs`: files of the repository. A write is an applied patch of its own.

use std::path::PathBuf;
use std::rc::Rc;

use mlua::{Lua, Table};

use crate::core::grant::Request;
use crate::core::patch::{Draft, apply};
use crate::core::path::RepoPath;
use crate::core::repo::FileQuery;
use crate::core::{Error, Kind, Result, fs};
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "fs")?
        .func("read", |lua, cx, args| {
            args.at_most(1)?;
            Ok(lua.create_string(fs::read(&readable(cx, &args.string(1, "path")?)?)?)?)
        })?
        .func("write", |_, cx, args| {
            let options = args.options(3, &["executable"])?;
            let (path, content) = (args.string(1, "path")?, args.bytes(2, "content")?);
            let mut draft = Draft::new(format!("write {path}"));
            draft.write(&path, content, options.maybe_flag("executable")?)?;
            change(cx, draft, &path)
        })?
        .func("remove", |_, cx, args| {
            args.at_most(1)?;
            let path = args.string(1, "path")?;
            let mut draft = Draft::new(format!("remove {path}"));
            draft.delete(&path)?;
            change(cx, draft, &path)
        })?
        .func("is_file", |_, cx, args| {
            args.at_most(1)?;
            Ok(existing(cx, &args.string(1, "path")?)?.is_some_and(|path| path.is_file()))
        })?
        .func("is_dir", |_, cx, args| {
            args.at_most(1)?;
            Ok(existing(cx, &args.string(1, "path")?)?.is_some_and(|path| path.is_dir()))
        })?
        .func("find_all", |lua, cx, args| {
            let options = args.options(2, &["hidden", "ignored"])?;
            let globs = match args.value(1) {
                mlua::Value::String(_) => vec![args.string(1, "glob")?],
                _ => args.strings(1, "globs")?,
            };
            let query = FileQuery {
                globs,
                hidden: options.flag("hidden")?,
                ignored: options.flag("ignored")?,
                ..FileQuery::default()
            };
            let files = cx.repo()?.files(&query, &cx.host.cancel)?;
            Ok(convert::list(lua, files.into_iter().map(|file| file.path))?)
        })?;
    Ok(module.build())
}

/// The absolute path of something that may be read: in the repository, links resolved.
fn readable(cx: &Rc<Context>, path: &str) -> Result<PathBuf> {
    existing(cx, path)?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no file '{path}'"))
            .hint("paths are relative to the root of the repository")
    })
}

fn existing(cx: &Rc<Context>, path: &str) -> Result<Option<PathBuf>> {
    let root = cx.repo()?.root();
    if path.contains('\0') {
        return Err(Error::new(Kind::Denied, "a path cannot contain a NUL byte"));
    }
    let outside = || cx.grants.check(Request::ReadOutside(path));
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        outside()?;
    }
    match root.join(path).canonicalize() {
        Ok(real) => {
            if !real.starts_with(root) {
                outside()?;
            }
            Ok(Some(real))
        }
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(Error::io("open", std::path::Path::new(path), &e)),
    }
}

fn change(cx: &Rc<Context>, draft: Draft, path: &str) -> Result<Option<String>> {
    // The path as it will be changed, not as it was spelled.
    cx.grants.check(Request::Write(RepoPath::for_change(path)?.as_str()))?;
    let mut patch = draft.build(cx.repo()?, cx.patch_origin())?;
    if patch.is_empty() {
        return Ok(None);
    }
    cx.store()?.add(&patch)?;
    if !cx.host.flags.dry_run {
        apply(cx.repo()?, &mut patch, cx.how())?;
    }
    cx.host.note_patch(&patch.meta.id);
    Ok(Some(patch.meta.id))
}
