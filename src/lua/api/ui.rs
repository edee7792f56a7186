//! `heck.ui`: the user's terminal; each question has a sane answer where nobody can be asked.

use std::cell::RefCell;

use mlua::{Lua, MetaMethod, Table, UserData, UserDataMethods, Value};

use crate::core::{Error, Result};
use crate::lua::args::Args;
use crate::lua::module::Module;
use crate::term::{Progress, Style};

const STYLES: [(&str, Style); 8] = [
    ("strong", Style::Strong),
    ("faint", Style::Faint),
    ("path", Style::Path),
    ("line", Style::Line),
    ("bad", Style::Bad),
    ("good", Style::Good),
    ("warn", Style::Warn),
    ("hint", Style::Hint),
];

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "ui")?
        .func("print", |_, cx, args| {
            let mut line = Vec::new();
            for (n, value) in args.rest(1).iter().enumerate() {
                if n > 0 {
                    line.push(b'\t');
                }
                match value {
                    Value::String(text) => line.extend_from_slice(&text.as_bytes()),
                    other => line.extend(other.to_string()?.into_bytes()),
                }
            }
            line.push(b'\n');
            cx.ui.out(&line)
        })?
        .func("note", |_, cx, args| {
            args.at_most(1)?;
            cx.ui.note(&args.string(1, "text")?)
        })?
        .func("style", |_, cx, args| {
            args.at_most(2)?;
            let (text, name) = (args.string(1, "text")?, args.string(2, "style")?);
            let style = STYLES.iter().find(|(known, _)| *known == name).map(|(_, style)| *style).ok_or_else(|| {
                Error::usage(format!("there is no style '{name}'"))
                    .maybe_hint(crate::core::text::suggestion(&name, STYLES.iter().map(|(known, _)| *known)))
            })?;
            Ok(cx.ui.styled(style, &text))
        })?
        .func("table", |_, cx, args| {
            let options = args.options(2, &["head"])?;
            let rows = args.table(1, "rows")?;
            let rows = (1..=rows.raw_len()).map(|n| cells(&args, &rows.raw_get(n)?)).collect::<Result<Vec<_>>>()?;
            cx.ui.table(&options.strings("head")?, &rows)
        })?
        .func("diff", |_, cx, args| {
            let diff = args.bytes(1, "diff")?;
            match args.options(2, &["columns"])?.flag("columns")? {
                true => cx.ui.diff_columns(&diff),
                false => cx.ui.diff(&diff),
            }
        })?
        .func("progress", |_, cx, args| {
            let options = args.options(2, &["total"])?;
            let total = options.count("total")?.map(|total| total as u64);
            Ok(Bar(RefCell::new(cx.ui.progress(&args.string(1, "label")?, total))))
        })?
        .func("confirm", |_, cx, args| {
            let options = args.options(2, &["default", "required"])?;
            if cx.host.flags.yes {
                return Ok(true);
            }
            if options.flag("required")? && !cx.ui.is_interactive() {
                return Err(
                    Error::usage("there is no terminal to ask on").hint("pass --yes to go on, or --dry-run to look")
                );
            }
            cx.ui.confirm(&args.string(1, "question")?, options.flag("default")?)
        })?
        .func("choose", |lua, cx, args| {
            let options = args.options(3, &["default"])?;
            let choices = args.strings(2, "choices")?;
            let default = options.count("default")?.and_then(|n| n.checked_sub(1));
            let chosen = cx.ui.choose(&args.string(1, "question")?, &choices, default)?;
            Ok(match chosen.and_then(|n| choices.get(n).map(|text| (n, text))) {
                Some((n, text)) => (Some(lua.create_string(text)?), Some(n + 1)),
                None => (None, None),
            })
        })?
        .func("input", |_, cx, args| {
            let options = args.options(2, &["default"])?;
            cx.ui.input(&args.string(1, "question")?, options.string("default")?.as_deref())
        })?
        .func("read", |lua, cx, args| {
            cx.grants.check(crate::core::grant::Request::Own("read standard input"))?;
            args.at_most(0)?;
            let bytes = crate::core::fs::read_limited(std::io::stdin().lock(), 256 << 20, "standard input")?;
            Ok(lua.create_string(bytes)?)
        })?
        .func("is_interactive", |_, cx, args| {
            args.at_most(0)?;
            Ok(cx.ui.is_interactive())
        })?;
    Ok(module.build())
}

fn cells(args: &Args, row: &Value) -> Result<Vec<String>> {
    let Value::Table(row) = row else { return Err(args.wrong("rows", "a list of lists", row)) };
    (1..=row.raw_len()).map(|n| Ok(row.raw_get::<Value>(n)?.to_string()?)).collect()
}

/// A progress bar that scripts move.
struct Bar(RefCell<Progress>);

impl UserData for Bar {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("add", |_, this, more: Option<u64>| {
            this.0.borrow_mut().add(more.unwrap_or(1));
            Ok(())
        });
        methods.add_method("done", |_, this, ()| Ok(this.0.borrow().done()));
        methods.add_meta_method(MetaMethod::Close, |_, this, _: mlua::MultiValue| {
            *this.0.borrow_mut() = Progress::new("", None, false);
            Ok(())
        });
    }
}
