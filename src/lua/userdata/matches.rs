//! A search over the repository that has not been made yet: iterated, listed, counted or printed.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use mlua::{Function, Lua, MetaMethod, UserData, UserDataMethods, UserDataRef, Value, WeakLua};
use serde_json::Value as Json;
use tokio::sync::mpsc::{Receiver, channel};

use super::node::method;
use super::query::Query;
use super::{NodeRef, unknown};
use crate::core::Result;
use crate::core::ast::{Found, Rewritten, Source, Template, rewrite};
use crate::core::cancel::{Cancel, CancelOnDrop};
use crate::lua::context::Context;
use crate::lua::convert;
use crate::lua::error::raise;
use crate::term::MatchPrinter;

enum State {
    Idle,
    Running {
        receiver: Rc<tokio::sync::Mutex<Receiver<Result<Vec<Found>>>>>,
        buffer: VecDeque<Found>,
        _cancel: CancelOnDrop,
    },
    Done,
}

/// A search, lazily made.
pub struct Matches {
    /// Held weakly, for this is held by it.
    lua: WeakLua,
    query: Arc<Query>,
    /// Says of each match whether it is wanted.
    filter: Option<Function>,
    cx: Rc<Context>,
    state: RefCell<State>,
    /// Bytes of the files handed over since Lua last collected its garbage.
    handed: Cell<usize>,
    /// How many matches passed the filter.
    given: Cell<usize>,
}

/// Lua sees a node as a few bytes, but it keeps its file's whole tree. After files of so many bytes garbage is collected.
const COLLECT_AFTER: usize = 4 << 20;

const NAMES: &[&str] = &["count", "find_all", "print"];

impl Matches {
    /// A search that has not begun.
    pub fn new(lua: &Lua, query: Query, filter: Option<Function>, cx: &Rc<Context>) -> Matches {
        Matches {
            lua: lua.weak(),
            query: Arc::new(query),
            filter,
            cx: Rc::clone(cx),
            state: RefCell::new(State::Idle),
            handed: Cell::new(0),
            given: Cell::new(0),
        }
    }

    /// All matches at once.
    pub fn find_all(&self) -> Result<Vec<Found>> {
        let mut all = Vec::new();
        self.each(|found| {
            all.extend(found);
            Ok(())
        })?;
        Ok(all)
    }

    /// Every match that is wanted, file by file in order.
    fn each(&self, mut sink: impl FnMut(Vec<Found>) -> Result<()>) -> Result<()> {
        let mut failed = None;
        let mut left = self.query.limit.unwrap_or(usize::MAX);
        self.query.each(&self.cx.host.cancel, self.filter.is_none(), |found| {
            let taken = self.wanted(found).and_then(|mut found| {
                found.truncate(left);
                left -= found.len();
                if found.is_empty() { Ok(()) } else { sink(found) }
            });
            failed = taken.err();
            failed.is_none() && left > 0
        })?;
        failed.map_or(Ok(()), Err)?;
        self.query.tell_skipped(&self.cx)
    }

    fn wanted(&self, found: Vec<Found>) -> Result<Vec<Found>> {
        let Some(filter) = &self.filter else { return Ok(found) };
        let (lua, mut out) = (self.lua.upgrade(), Vec::with_capacity(found.len()));
        for one in found {
            // It is lent: the predicate need not make a copy, nor keep the file's tree until garbage is collected.
            let lent = lua.create_userdata(NodeRef(one))?;
            let answer: Value = filter.call(&lent)?;
            let NodeRef(one) = lent.take()?;
            if !matches!(answer, Value::Nil | Value::Boolean(false)) {
                out.push(one);
            }
        }
        Ok(out)
    }

    /// All matches as JSON.
    pub fn to_json(&self) -> Result<Json> {
        let mut all = Vec::new();
        self.each(|found| {
            all.extend(found.into_iter().map(|found| NodeRef(found).to_json()));
            Ok(())
        })?;
        Ok(Json::Array(all))
    }

    /// Replaces every match, and hands over what becomes of each file, with its path and the digest of its content.
    pub fn rewrite(&self, text: &str, mut sink: impl FnMut(&str, &str, Rewritten) -> Result<()>) -> Result<()> {
        if self.filter.is_none() && self.query.limit.is_none() {
            self.query.rewrite(&self.cx.host.cancel, text, sink)?;
            return self.query.tell_skipped(&self.cx);
        }
        self.each(|found| {
            let source = Arc::clone(found[0].source());
            let done = rewrite(&source, &found, &Template::new(text, source.lang())?)?;
            sink(&source.path, source.digest(), done)
        })
    }

    fn start(&self) {
        let (sender, receiver) = channel(8);
        let cancel = Cancel::new();
        let (query, flag, is_cut) = (Arc::clone(&self.query), cancel.clone(), self.filter.is_none());
        let body = move || {
            let result = query.each(&flag, is_cut, |found| sender.blocking_send(Ok(found)).is_ok());
            if let Err(error) = result {
                // Nobody listening means nobody wants to know.
                let _ = sender.blocking_send(Err(error));
            }
        };
        let started = std::thread::Builder::new().name("search".into()).spawn(body);
        *self.state.borrow_mut() = match started {
            Ok(_) => {
                let receiver = Rc::new(tokio::sync::Mutex::new(receiver));
                State::Running { receiver, buffer: VecDeque::new(), _cancel: CancelOnDrop(cancel) }
            }
            Err(_) => State::Done,
        };
    }

    async fn next(&self) -> Result<Option<Found>> {
        if matches!(*self.state.borrow(), State::Idle) {
            self.start();
        }
        loop {
            let receiver = match &mut *self.state.borrow_mut() {
                State::Running { buffer, receiver, .. } => match buffer.pop_front() {
                    Some(found) => return Ok(Some(found)),
                    None => Rc::clone(receiver),
                },
                _ => return Ok(None),
            };
            // Nothing of ours is borrowed while this waits, and a wait that is given up loses nothing.
            // A second task waits its turn, and then looks at the buffer first.
            let mut turn = receiver.lock().await;
            if matches!(&*self.state.borrow(), State::Running { buffer, .. } if !buffer.is_empty()) {
                continue;
            }
            let batch = turn.recv().await;
            let mut state = self.state.borrow_mut();
            match (&mut *state, batch) {
                (State::Running { buffer, .. }, Some(Ok(batch))) => {
                    let bytes = batch.first().map_or(0, |found| found.source().text().len());
                    self.handed.set(self.handed.get() + bytes);
                    buffer.extend(batch);
                }
                (_, Some(Err(error))) => {
                    *state = State::Done;
                    return Err(error);
                }
                _ => {
                    *state = State::Done;
                    self.query.tell_skipped(&self.cx)?;
                    return Ok(None);
                }
            }
        }
    }
}

impl UserData for Matches {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_async_meta_method(
            MetaMethod::Call,
            |lua, this: UserDataRef<Matches>, _: mlua::MultiValue| async move {
                if this.handed.get() > COLLECT_AFTER {
                    this.handed.set(0);
                    lua.gc_collect()?;
                }
                loop {
                    let found = this.next().await.map_err(raise)?;
                    let (filter, found) = match (&this.filter, found) {
                        (Some(filter), Some(found)) => (filter, found),
                        (_, found) => return Ok(found.map(NodeRef)),
                    };
                    let limit = this.query.limit.unwrap_or(usize::MAX);
                    if this.given.get() >= limit {
                        return Ok(None);
                    }
                    let lent = lua.create_userdata(NodeRef(found))?;
                    let answer: Value = filter.call_async(&lent).await?;
                    if !matches!(answer, Value::Nil | Value::Boolean(false)) {
                        this.given.set(this.given.get() + 1);
                        return Ok(Some(lent.take::<NodeRef>()?));
                    }
                    lent.destroy()?;
                }
            },
        );
        method(methods, "find_all", |lua, this: &Matches, _| {
            Ok(convert::list(lua, this.find_all()?.into_iter().map(NodeRef))?)
        });
        method(methods, "count", |_, this: &Matches, _| {
            let mut count = 0;
            if this.filter.is_some() {
                this.each(|found| {
                    count += found.len();
                    Ok(())
                })?;
                return Ok(count);
            }
            this.query.render(
                &this.cx.host.cancel,
                |_, _| String::new(),
                |_, more| {
                    count += more;
                    true
                },
            )?;
            this.query.tell_skipped(&this.cx)?;
            Ok(count)
        });
        method(methods, "print", |lua, this: &Matches, args| {
            let options = args.options(1, &["after", "before", "context", "files_only", "heading"])?;
            let ui = &this.cx.ui;
            let files_only = options.flag("files_only")?;
            let around = options.count("context")?.unwrap_or(0);
            let printer = MatchPrinter {
                paint: ui.paint(),
                heading: options.maybe_flag("heading")?.unwrap_or(ui.paint().is_on()),
                before: options.count("before")?.unwrap_or(around),
                after: options.count("after")?.unwrap_or(around),
                here: this.query.repo.here(&this.cx.host.cwd).unwrap_or_default(),
            };
            let (mut files, mut matches, mut failed) = (0, 0, None);
            let print = |source: &Source, ranges: &[std::ops::Range<usize>]| match files_only {
                true => format!("{}\n", printer.path(source)),
                false => printer.file(source, ranges),
            };
            let mut put = |text: &str, count: usize| {
                files += 1;
                matches += count;
                ui.out(text.as_bytes())
            };
            if this.filter.is_some() {
                this.each(|found| {
                    let ranges: Vec<_> = found.iter().map(Found::range).collect();
                    put(&print(found[0].source(), &ranges), found.len())
                })?;
            } else {
                this.query.render(&this.cx.host.cancel, print, |text, count| {
                    failed = put(text, count).err();
                    failed.is_none() && !ui.has_closed()
                })?;
                failed.map_or(Ok(()), Err)?;
                this.query.tell_skipped(&this.cx)?;
            }
            let counts = lua.create_table()?;
            counts.raw_set("files", files)?;
            counts.raw_set("matches", matches)?;
            Ok(counts)
        });
        methods.add_meta_method(MetaMethod::Index, |_, _, key: String| -> mlua::Result<Value> {
            Err(unknown("a search", &key, NAMES))
        });
        methods.add_meta_method(MetaMethod::ToString, |_, _, ()| {
            Ok("search (iterate it, or ask :find_all() or :count())")
        });
        methods.add_meta_method(MetaMethod::Close, |_, this, _: mlua::MultiValue| {
            *this.state.borrow_mut() = State::Done;
            Ok(())
        });
    }
}
