//! `heck.task`: several things at once, structured: what is begun here ends here.

use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use mlua::{Function, Lua, MultiValue, Table, Value};

use crate::core::{Error, Result};
use crate::lua::args::{Args, call};
use crate::lua::hook::Deadlines;
use crate::lua::module::Module;

/// Builds the module.
pub fn build(lua: &Lua) -> mlua::Result<Table> {
    let module = Module::new(lua, "task")?
        .wait("all", |lua, _, args| async move {
            args.at_most(1)?;
            let functions = functions(&args)?;
            let count = functions.len();
            let work = functions.into_iter().map(|function| (function, MultiValue::new())).collect();
            many(&lua, work, count).await
        })?
        .wait("map", |lua, _, args| async move {
            let options = args.options(3, &["jobs"])?;
            let (items, function) = (args.table(1, "items")?, args.function(2, "function")?);
            let jobs = options.count("jobs")?.unwrap_or(8).max(1);
            let mut work = Vec::new();
            for n in 1..=items.raw_len() {
                let item: Value = items.raw_get(n)?;
                work.push((function.clone(), MultiValue::from_iter([item, Value::Integer(n as i64)])));
            }
            many(&lua, work, jobs).await
        })?
        .wait("race", |lua, _, args| async move {
            args.at_most(1)?;
            let functions = functions(&args)?;
            let mut running: FuturesUnordered<_> =
                functions.into_iter().map(|function| call(&lua, function, MultiValue::new())).collect();
            match running.next().await {
                // The others are dropped with the set: that is their cancellation.
                Some(first) => first.map(MultiValue::from_iter),
                None => Err(Error::usage("heck.task.race needs at least one function")),
            }
        })?
        .wait("timeout", |lua, _, args| async move {
            args.at_most(2)?;
            let (limit, function) = (duration(&args, 1, "seconds")?, args.function(2, "function")?);
            let call = call(&lua, function, MultiValue::new());
            Deadlines::limit(&lua, limit, call).await?.map(MultiValue::from_iter)
        })?
        .wait("sleep", |_, _, args| async move {
            args.at_most(1)?;
            tokio::time::sleep(duration(&args, 1, "seconds")?).await;
            Ok(())
        })?;
    Ok(module.build())
}

fn functions(args: &Args) -> Result<Vec<Function>> {
    let table = args.table(1, "functions")?;
    (1..=table.raw_len())
        .map(|n| match table.raw_get::<Value>(n)? {
            Value::Function(function) => Ok(function),
            other => Err(args.wrong(&format!("functions[{n}]"), "a function", &other)),
        })
        .collect()
}

fn duration(args: &Args, at: usize, name: &str) -> Result<Duration> {
    let seconds = args.number(at, name)?;
    Duration::try_from_secs_f64(seconds).map_err(|_| Error::usage(format!("'{name}' cannot be {seconds} seconds")))
}

/// Runs calls, so many at once, and gives the first result of each in order. The first failure ends
/// the others.
async fn many(lua: &Lua, work: Vec<(Function, MultiValue)>, jobs: usize) -> Result<Table> {
    let results = lua.create_table_with_capacity(work.len(), 0)?;
    let mut waiting = work.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < jobs
            && let Some((n, (function, args))) = waiting.next()
        {
            running.push(async move { (n, call(lua, function, args).await) });
        }
        match running.next().await {
            Some((n, values)) => results.raw_set(n + 1, values?.into_iter().next().unwrap_or(Value::Nil))?,
            None => return Ok(results),
        }
    }
}
