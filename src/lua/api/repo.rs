//! `heck.repo`: the repository itself: its root, its files by language.

use mlua::{Lua, Table};

use crate::core::ast::Lang;
use crate::core::grant::Request;
use crate::core::patch::GITIGNORE;
use crate::core::repo::FileQuery;
use crate::core::{Error, Kind, Result, fs, trust};
use crate::lua::args::Options;
use crate::lua::convert;
use crate::lua::module::Module;

/// The options that say which files are meant.
pub const FILE_OPTIONS: [&str; 5] = ["globs", "hidden", "ignored", "lang", "paths"];

/// What points a Lua language server to the types.
const LUARC: &str = r#"{
  "runtime": { "version": "Lua 5.4" },
  "workspace": { "library": ["types"] },
  "diagnostics": { "disable": ["await-in-sync"] }
}
"#;

/// Reads the options that say which files are meant.
pub fn file_query(options: &Options) -> Result<FileQuery> {
    let langs = options.strings("lang")?.iter().map(|name| Lang::from_name(name)).collect::<Result<Vec<_>>>()?;
    Ok(FileQuery {
        langs,
        paths: options.strings("paths")?,
        globs: options.strings("globs")?,
        hidden: options.flag("hidden")?,
        ignored: options.flag("ignored")?,
    })
}

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "repo")?
        .func("root", |_, cx, args| {
            args.at_most(0)?;
            Ok(cx.repo()?.root().to_string_lossy().into_owned())
        })?
        .func("is_marked", |_, cx, args| {
            args.at_most(0)?;
            Ok(cx.repo()?.is_marked())
        })?
        .func("files", |lua, cx, args| {
            let query = file_query(&args.options(1, &FILE_OPTIONS)?)?;
            let files = cx.repo()?.files(&query, &cx.host.cancel)?;
            Ok(convert::list(lua, files.into_iter().map(|file| file.path))?)
        })?
        .func("shown", |_, cx, args| {
            args.at_most(1)?;
            let here = cx.repo()?.here(&cx.host.cwd).unwrap_or_default();
            Ok(crate::core::path::seen_from(&here, &args.string(1, "path")?))
        })?
        .func("lang", |_, _, args| {
            args.at_most(1)?;
            Ok(Lang::from_path(&args.string(1, "path")?).map(Lang::name))
        })?
        .func("langs", |lua, _, args| {
            args.at_most(0)?;
            Ok(convert::list(lua, Lang::ALL.iter().map(|lang| lang.name()))?)
        })?
        .func("gitignore", |_, _, args| {
            args.at_most(0)?;
            Ok(GITIGNORE)
        })?
        .func("luarc", |_, _, args| {
            args.at_most(0)?;
            Ok(LUARC)
        })?
        // Writes one of heck's own files below `.heck/`, unless it is there; for `init`, `types` and `recipe new`.
        .func("add", |_, cx, args| {
            cx.grants.check(Request::Own("write into .heck"))?;
            let options = args.options(3, &["replace"])?;
            let (path, text) = (args.string(1, "path")?, args.bytes(2, "content")?);
            let root = cx.repo()?.root();
            if crate::core::path::RepoPath::new(&path).is_err() {
                return Err(Error::new(Kind::Denied, format!("'{path}' is not a path below .heck")));
            }
            let target = root.join(".heck").join(&path);
            match fs::read_if_present(&target)? {
                Some(old) if old == text || !options.flag("replace")? => return Ok(false),
                _ => {}
            }
            if cx.host.flags.dry_run {
                return Ok(true);
            }
            let code = trust::Code::read(cx.repo()?)?;
            let was_ours = matches!(trust::state(cx.repo()?, &code)?.0, trust::State::Trusted | trust::State::Empty);
            fs::write_atomic(&target, &text)?;
            // What heck wrote at the user's word needs no second look, where the rest had one.
            let now = trust::Code::read(cx.repo()?)?;
            if was_ours && now.digest() != code.digest() {
                trust::decide(cx.repo()?, &now, true)?;
            }
            Ok(true)
        })?;
    Ok(module.build())
}
