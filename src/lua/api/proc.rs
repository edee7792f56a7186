//! `heck.proc`: other programs, by grant.

use std::cell::RefCell;
use std::rc::Rc;

use mlua::{Lua, Table, Value};
use tokio::sync::mpsc;

use crate::core::proc::{self, Line, Output, Spawn, Stream};
use crate::core::{Error, Kind, Result};
use crate::lua::args::Args;
use crate::lua::context::Context;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "proc")?
        .wait("run", |lua, cx, args| async move {
            let (spawn, check) = spawn(&cx, &args)?;
            let program = spawn.argv.first().cloned().unwrap_or_default();
            let output = proc::run(spawn, &cx.grants, None).await?;
            if check && output.code != Some(0) {
                return Err(failed(&program, &output));
            }
            result(&lua, &output)
        })?
        .func("each", |lua, cx, args| {
            let (spawn, check) = spawn(cx, &args)?;
            lines(lua, cx, spawn, check)
        })?
        .func("find", |_, _, args| {
            args.at_most(1)?;
            let found = proc::find_program(&args.string(1, "program")?, &proc::path_dirs());
            Ok(found.map(|file| file.to_string_lossy().into_owned()))
        })?
        .func("split", |lua, _, args| {
            args.at_most(1)?;
            Ok(crate::lua::convert::list(lua, proc::split_words(&args.string(1, "line")?)?)?)
        })?;
    Ok(module.build())
}

fn spawn(cx: &Rc<Context>, args: &Args) -> Result<(Spawn, bool)> {
    let options = args.options(2, &["check", "cwd", "env", "stdin", "timeout"])?;
    let root = cx.repo()?.root();
    let mut env = Vec::new();
    if let Some(table) = options.table("env")? {
        for pair in table.pairs::<String, Value>() {
            let (name, value) = pair?;
            env.push(match value {
                Value::Boolean(false) => (name, None),
                Value::String(text) => (name, Some(text.to_string_lossy())),
                Value::Integer(n) => (name, Some(n.to_string())),
                other => {
                    return Err(options.bad(
                        "env",
                        &format!("has a {} for '{name}'; use a string, or false to remove it", other.type_name()),
                    ));
                }
            });
        }
    }
    let spawn = Spawn {
        argv: args.strings(1, "argv")?,
        cwd: options.string("cwd")?.map_or_else(|| root.to_path_buf(), |dir| root.join(dir)),
        env,
        stdin: options.bytes("stdin")?,
        timeout: options.seconds("timeout")?,
    };
    Ok((spawn, options.flag("check")?))
}

fn failed(program: &str, output: &Output) -> Error {
    let how = match (output.code, output.signal) {
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "did not end properly".to_owned(),
    };
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = stderr.lines().rfind(|line| !line.trim().is_empty()).map(str::to_owned);
    Error::new(Kind::Tool, format!("'{program}' {how}")).maybe_hint(last)
}

fn result(lua: &Lua, output: &Output) -> Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("ok", output.code == Some(0))?;
    table.raw_set("code", output.code)?;
    table.raw_set("signal", output.signal)?;
    table.raw_set("stdout", lua.create_string(&output.stdout)?)?;
    table.raw_set("stderr", lua.create_string(&output.stderr)?)?;
    table.raw_set("duration", output.duration.as_secs_f64())?;
    Ok(table)
}

type Running = std::pin::Pin<Box<dyn Future<Output = Result<Output>>>>;

/// What `for … in` takes: an iterator over the lines, and a value whose closing ends the program.
type Lines = (mlua::Function, Value, Value, mlua::AnyUserData);

/// A running program; closed when its loop is left.
struct Program(Rc<RefCell<Option<Under>>>);

/// What runs, and the lines it has printed.
type Under = (Running, mpsc::Receiver<Line>);

impl mlua::UserData for Program {
    fn add_methods<M: mlua::UserDataMethods<Self>>(methods: &mut M) {
        methods.add_meta_method(mlua::MetaMethod::Close, |_, this, _: mlua::MultiValue| {
            // Dropping what runs kills its process group.
            drop(this.0.borrow_mut().take());
            Ok(())
        });
    }
}

fn lines(lua: &Lua, cx: &Rc<Context>, spawn: Spawn, check: bool) -> Result<Lines> {
    let program = spawn.argv.first().cloned().unwrap_or_default();
    let (sender, receiver) = mpsc::channel::<Line>(256);
    let context = Rc::clone(cx);
    let running: Running = Box::pin(async move { proc::run(spawn, &context.grants, Some(sender)).await });
    let state = Rc::new(RefCell::new(Some((running, receiver))));
    let closing = lua.create_userdata(Program(Rc::clone(&state)))?;
    let each = lua.create_async_function(move |lua, _: mlua::MultiValue| {
        let (state, program) = (Rc::clone(&state), program.clone());
        async move {
            // Taken out while it waits, so that a second call meanwhile ends instead of colliding.
            let Some((mut running, mut receiver)) = state.borrow_mut().take() else { return Ok((None, None)) };
            let ended = |output: Result<Output>| match output {
                Ok(output) if check && output.code != Some(0) => Err(failed(&program, &output)),
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            let line = tokio::select! {
                biased;
                line = receiver.recv() => line,
                output = &mut running => {
                    ended(output).map_err(crate::lua::error::raise)?;
                    // What it printed last is still in the channel.
                    receiver.close();
                    running = Box::pin(async { Ok(Output { code: Some(0), ..Output::default() }) });
                    receiver.recv().await
                }
            };
            if line.is_none() {
                ended(running.await).map_err(crate::lua::error::raise)?;
                return Ok((None, None));
            }
            let Some(line) = line else { return Ok((None, None)) };
            *state.borrow_mut() = Some((running, receiver));
            let stream = if line.stream == Stream::Out { "stdout" } else { "stderr" };
            Ok((Some(lua.create_string(&line.text)?), Some(stream)))
        }
    })?;
    Ok((each, Value::Nil, Value::Nil, closing))
}
