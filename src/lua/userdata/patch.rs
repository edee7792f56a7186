//! A patch: first a draft that edits are added to, then, once looked at, a patch.

use std::cell::RefCell;

use mlua::{MetaMethod, Table, UserData, UserDataFields, UserDataMethods, Value};
use serde_json::Value as Json;

use super::Matches;
use super::node::{NodeRef, method};
use super::unknown;
use crate::core::ast::Template;
use crate::core::grant::Request;
use crate::core::patch::{
    Draft, FileMeta, How, Insist, Patch, Placed, State, apply, check, check_syntax, remake, reversed, rollback, units,
};
use crate::core::path::to_os;
use crate::core::{Error, Kind, Result};
use crate::lua::args::{Args, check_keys};
use crate::lua::context::Context;
use crate::lua::convert;

enum Stage {
    Draft(Draft),
    Built(Box<Patch>),
}

/// A patch or one in the making, and what was not just as its diff said.
pub struct PatchRef(RefCell<Stage>, Vec<Placed>);

const NAMES: &[&str] = &[
    "add", "apply", "check", "copy", "diff", "edit", "files", "hunks", "id", "is_empty", "link", "placed", "remake",
    "remove", "rename", "replace", "rollback", "set", "stat", "state", "title", "write",
];

impl PatchRef {
    /// A draft.
    pub fn draft(title: &str) -> PatchRef {
        PatchRef(RefCell::new(Stage::Draft(Draft::new(title))), Vec::new())
    }

    /// A finished patch.
    pub fn of(patch: Patch) -> PatchRef {
        PatchRef::placed(patch, Vec::new())
    }

    /// A patch of somebody else's diff.
    pub fn placed(patch: Patch, placed: Vec<Placed>) -> PatchRef {
        PatchRef(RefCell::new(Stage::Built(Box::new(patch))), placed)
    }

    /// The patch; a draft is built first and stays built.
    pub fn built(&self, cx: &Context) -> Result<Patch> {
        let mut stage = self.0.borrow_mut();
        if let Stage::Draft(draft) = &mut *stage {
            let patch = std::mem::take(draft).build(cx.repo()?, cx.patch_origin())?;
            *stage = Stage::Built(Box::new(patch));
        }
        match &*stage {
            Stage::Built(patch) => Ok((**patch).clone()),
            Stage::Draft(_) => Err(Error::new(Kind::Internal, "a built patch is still a draft")),
        }
    }

    /// Tells whether edits may still be added.
    pub fn is_draft(&self) -> bool {
        matches!(&*self.0.borrow(), Stage::Draft(_))
    }

    fn set(&self, patch: Patch) {
        *self.0.borrow_mut() = Stage::Built(Box::new(patch));
    }

    fn with_draft<T>(&self, change: impl FnOnce(&mut Draft) -> Result<T>) -> Result<T> {
        match &mut *self.0.borrow_mut() {
            Stage::Draft(draft) => change(draft),
            Stage::Built(_) => {
                Err(Error::new(Kind::Conflict, "the patch is finished: nothing can be added after it was looked at")
                    .hint("add every edit first, or begin another with heck.patch.new()"))
            }
        }
    }

    /// What JSON shows of a patch.
    pub fn to_json(&self) -> Result<Json> {
        match &*self.0.borrow() {
            Stage::Built(patch) => {
                serde_json::to_value(&patch.meta).map_err(|e| Error::new(Kind::Internal, e.to_string()))
            }
            Stage::Draft(draft) => Ok(serde_json::json!({
                "title": draft.title, "state": "draft", "files": draft.paths().collect::<Vec<_>>(),
            })),
        }
    }
}

/// Fails unless the script may change every file of a patch.
pub fn check_grants(cx: &Context, files: &[FileMeta]) -> Result<()> {
    files.iter().try_for_each(|file| cx.grants.check(Request::Write(&file.path)))
}

/// Keeps a patch in the store, if it is not there yet.
fn keep(cx: &Context, patch: &Patch) -> Result<()> {
    let store = cx.store()?;
    if store.get(&patch.meta.id).is_err() {
        store.add(patch)?;
    }
    cx.host.note_patch(&patch.meta.id);
    Ok(())
}

/// An edit as a script writes it.
struct Edit {
    path: String,
    base: Option<String>,
    range: std::ops::Range<usize>,
    text: Vec<u8>,
}

/// Reads an edit. Reading may run a script's metamethods, so no patch is borrowed meanwhile.
fn read_edit(edit: &Table) -> Result<Edit> {
    check_keys(edit, "an edit", &["path", "from", "to", "text", "base"])?;
    let missing =
        |name: &str| Error::usage(format!("an edit needs '{name}'")).hint("{ path = …, from = …, to = …, text = … }");
    let path: String = edit.get::<Option<String>>("path")?.ok_or_else(|| missing("path"))?;
    let from: usize = edit.get::<Option<usize>>("from")?.ok_or_else(|| missing("from"))?;
    let to: usize = edit.get::<Option<usize>>("to")?.ok_or_else(|| missing("to"))?;
    let text: mlua::LuaString = edit.get::<Option<mlua::LuaString>>("text")?.ok_or_else(|| missing("text"))?;
    if to < from {
        return Err(Error::usage(format!("an edit of {path} ends at {to}, before it begins at {from}")));
    }
    Ok(Edit { path, base: edit.get("base")?, range: from..to, text: text.as_bytes().to_vec() })
}

/// Paths as Lua has them: the file system's own bytes.
fn names<'p>(lua: &mlua::Lua, paths: impl Iterator<Item = &'p str>) -> mlua::Result<Table> {
    let names = paths.map(|path| lua.create_string(to_os(path))).collect::<mlua::Result<Vec<_>>>()?;
    convert::list(lua, names)
}

impl UserData for PatchRef {
    fn add_fields<F: UserDataFields<Self>>(fields: &mut F) {
        fields.add_field_method_get("id", |_, this| match &*this.0.borrow() {
            Stage::Built(patch) => Ok(Some(patch.meta.id.clone())),
            Stage::Draft(_) => Ok(None),
        });
        fields.add_field_method_get("title", |_, this| match &*this.0.borrow() {
            Stage::Built(patch) => Ok(patch.meta.title.clone()),
            Stage::Draft(draft) => Ok(draft.title.clone()),
        });
        fields.add_field_method_get("state", |_, this| match &*this.0.borrow() {
            Stage::Built(patch) => Ok(patch.meta.state.name()),
            Stage::Draft(_) => Ok("draft"),
        });
        fields.add_field_method_get("files", |lua, this| match &*this.0.borrow() {
            Stage::Built(patch) => names(lua, patch.meta.files.iter().map(|file| file.path.as_str())),
            Stage::Draft(draft) => names(lua, draft.paths()),
        });
        fields.add_field_method_get("placed", |lua, this| {
            let placed = this.1.iter().map(|p| convert::from_serde(lua, p)).collect::<mlua::Result<Vec<_>>>()?;
            convert::list(lua, placed)
        });
        fields.add_field_method_get("is_empty", |_, this| match &*this.0.borrow() {
            Stage::Built(patch) => Ok(patch.is_empty()),
            Stage::Draft(draft) => Ok(draft.is_empty()),
        });
        fields.add_field_method_get("stat", |lua, this| {
            let (added, removed) = match &*this.0.borrow() {
                Stage::Built(patch) => patch.meta.stat(),
                Stage::Draft(_) => (0, 0),
            };
            let table = lua.create_table()?;
            table.raw_set("added", added)?;
            table.raw_set("removed", removed)?;
            Ok(table)
        });
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        method(methods, "replace", |_, this: &PatchRef, args: Args| {
            let Value::UserData(data) = args.value(1) else { return Err(args.wrong("node", "a node", &args.value(1))) };
            let node = data.borrow::<NodeRef>()?;
            let options = args.options(3, &["literal"])?;
            let text = args.string(2, "text")?;
            let found = &node.0;
            let edits = match options.flag("literal")? {
                true => vec![(found.range(), text)],
                false => Template::new(&text, found.source().lang())?.edits(found)?,
            };
            let base = found.source().digest().to_owned();
            this.with_draft(|draft| {
                for (range, text) in edits {
                    draft.edit(&found.source().path, Some(base.clone()), range, text.into_bytes())?;
                }
                Ok(())
            })
        });
        method(methods, "rewrite", |lua, this: &PatchRef, args: Args| {
            args.at_most(2)?;
            let Value::UserData(data) = args.value(1) else {
                return Err(args.wrong("matches", "a search", &args.value(1)));
            };
            let matches = data.borrow::<Matches>().map_err(|_| args.wrong("matches", "a search", &args.value(1)))?;
            let (mut places, mut refused) = (0, Vec::new());
            matches.rewrite(&args.string(2, "text")?, |path, base, done| {
                places += done.places;
                refused.extend(done.refused);
                this.with_draft(|draft| draft.edit_vouched(path, base, done.edits))
            })?;
            let refused = refused.iter().map(|one| convert::from_serde(lua, one)).collect::<mlua::Result<Vec<_>>>()?;
            let result = lua.create_table()?;
            result.raw_set("places", places)?;
            result.raw_set("refused", convert::list(lua, refused)?)?;
            Ok(result)
        });
        method(methods, "edit", |_, this: &PatchRef, args: Args| {
            args.at_most(1)?;
            let edit = read_edit(&args.table(1, "edit")?)?;
            this.with_draft(|draft| draft.edit(&edit.path, edit.base, edit.range, edit.text))
        });
        method(methods, "add", |_, this: &PatchRef, args: Args| {
            args.at_most(1)?;
            let edits = args.table(1, "edits")?;
            let edits = (1..=edits.raw_len()).map(|n| read_edit(&edits.raw_get(n)?)).collect::<Result<Vec<_>>>()?;
            this.with_draft(|draft| {
                let count = edits.len();
                for edit in edits {
                    draft.edit(&edit.path, edit.base, edit.range, edit.text)?;
                }
                Ok(count)
            })
        });
        method(methods, "write", |_, this: &PatchRef, args: Args| {
            let options = args.options(3, &["executable"])?;
            let (path, content) = (args.path(1, "path")?, args.bytes(2, "content")?);
            let executable = options.maybe_flag("executable")?;
            this.with_draft(|draft| draft.write(&path, content, executable))
        });
        method(methods, "remove", |_, this: &PatchRef, args: Args| {
            args.at_most(1)?;
            let path = args.path(1, "path")?;
            this.with_draft(|draft| draft.delete(&path))
        });
        method(methods, "rename", |_, this: &PatchRef, args: Args| {
            args.at_most(2)?;
            let (from, to) = (args.path(1, "from")?, args.path(2, "to")?);
            this.with_draft(|draft| draft.rename(&from, &to))
        });
        method(methods, "copy", |_, this: &PatchRef, args: Args| {
            args.at_most(2)?;
            let (from, to) = (args.path(1, "from")?, args.path(2, "to")?);
            this.with_draft(|draft| draft.copy(&from, &to))
        });
        method(methods, "link", |_, this: &PatchRef, args: Args| {
            args.at_most(2)?;
            let (path, target) = (args.path(1, "path")?, args.bytes(2, "target")?);
            this.with_draft(|draft| draft.link(&path, target))
        });
        method(methods, "set", |_, this: &PatchRef, args: Args| {
            let path = args.path(1, "path")?;
            match args.options(2, &["executable"])?.maybe_flag("executable")? {
                Some(wanted) => this.with_draft(|draft| draft.set_executable(&path, wanted)),
                None => Err(Error::usage("nothing is to be set").hint("patch:set(path, { executable = true })")),
            }
        });
        method(methods, "diff", |lua, this: &PatchRef, args: Args| {
            let options = args.options(1, &["reverse"])?;
            let patch = this.built(&Context::of(lua))?;
            Ok(match options.flag("reverse")? {
                true => lua.create_string(reversed(&patch.diff)?)?,
                false => lua.create_string(&*patch.diff)?,
            })
        });
        method(methods, "check", |lua, this: &PatchRef, args: Args| {
            args.at_most(0)?;
            let cx = Context::of(lua);
            let problems = check(cx.repo()?, &this.built(&cx)?)?;
            let values = problems.iter().map(|p| convert::from_serde(lua, p)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        });
        method(methods, "apply", |lua, this: &PatchRef, args: Args| {
            let options = args.options(1, &["break_hardlinks", "force", "nested"])?;
            let cx = Context::of(lua);
            let insist = Insist { hardlinks: options.flag("break_hardlinks")?, nested: options.flag("nested")? };
            let mut patch = this.built(&cx)?;
            check_grants(&cx, &patch.meta.files)?;
            if patch.is_empty() {
                return Ok(0);
            }
            if !options.flag("force")?
                && let Some(problem) = check_syntax(cx.repo()?, &mut patch)?
            {
                return Err(Error::new(Kind::Conflict, format!("{}: {}", problem.path, problem.message))
                    .path(problem.path)
                    .hint("apply with { force = true } if that is wanted"));
            }
            keep(&cx, &patch)?;
            if cx.host.flags.dry_run {
                return Ok(0);
            }
            let applied = apply(cx.repo()?, &mut patch, How { insist, ..cx.how() })?;
            applied.notes.iter().for_each(|note| cx.host.warn(note));
            this.set(patch);
            Ok(applied.files)
        });
        method(methods, "hunks", |lua, this: &PatchRef, args: Args| {
            args.at_most(0)?;
            let units = units(&this.built(&Context::of(lua))?)?;
            let values = units.iter().map(|unit| convert::from_serde(lua, unit)).collect::<mlua::Result<Vec<_>>>()?;
            Ok(convert::list(lua, values)?)
        });
        method(methods, "remake", |lua, this: &PatchRef, args: Args| {
            let options = args.options(1, &["markers"])?;
            let cx = Context::of(lua);
            let (patch, clashes) = remake(cx.repo()?, &this.built(&cx)?, options.flag("markers")?)?;
            let clashes = clashes.iter().map(|c| convert::from_serde(lua, c)).collect::<mlua::Result<Vec<_>>>()?;
            Ok((PatchRef::of(patch), convert::list(lua, clashes)?))
        });
        method(methods, "rollback", |lua, this: &PatchRef, args: Args| {
            let options = args.options(1, &["break_hardlinks", "merge", "nested"])?;
            let cx = Context::of(lua);
            let insist = Insist { hardlinks: options.flag("break_hardlinks")?, nested: options.flag("nested")? };
            let mut patch = this.built(&cx)?;
            check_grants(&cx, &patch.meta.files)?;
            if patch.meta.state == State::Applied {
                keep(&cx, &patch)?;
            }
            if cx.host.flags.dry_run {
                return Ok(0);
            }
            let undone = rollback(cx.repo()?, &mut patch, How { insist, ..cx.how() }, options.flag("merge")?)?;
            undone.notes.iter().for_each(|note| cx.host.warn(note));
            this.set(patch);
            Ok(undone.files)
        });
        methods.add_meta_method(MetaMethod::Index, |_, _, key: String| -> mlua::Result<Value> {
            Err(unknown("a patch", &key, NAMES))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(match &*this.0.borrow() {
                Stage::Draft(draft) => format!("patch (draft) {}: {} files", draft.title, draft.paths().count()),
                Stage::Built(patch) => {
                    let (added, removed) = patch.meta.stat();
                    let meta = &patch.meta;
                    format!(
                        "patch {} ({}) {}: {} files, +{added} −{removed}",
                        meta.id,
                        meta.state.name(),
                        meta.title,
                        meta.files.len()
                    )
                }
            })
        });
    }
}
