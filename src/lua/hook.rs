//! What no script can swallow: a hook that stops it, and a watchdog that ends the process.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mlua::{HookTriggers, Lua, VmState};

use super::Profile;
use super::error::raise;
use crate::core::cancel::Cancel;
use crate::core::{Error, Kind, Result, proc};

/// How many instructions pass between two looks.
const EVERY: u32 = 10_000;

/// How long a script may go on after it was told to stop. Patches survive a killed process, so this
/// needs to be no longer than a clean end takes.
const GRACE: Duration = Duration::from_millis(1500);

/// Watches a VM by its profile.
pub fn install(lua: &Lua, profile: Profile, cancel: &Cancel) -> mlua::Result<()> {
    if !profile.has_hook() {
        return Ok(());
    }
    let (cancel, limit) = (cancel.clone(), profile.instructions());
    let ran = AtomicU64::new(0);
    let deadlines = Deadlines::default();
    lua.set_app_data(deadlines.clone());
    watch(
        lua,
        EVERY,
        Rc::new(move || {
            let ran = ran.fetch_add(u64::from(EVERY), Ordering::Relaxed);
            if limit.is_some_and(|limit| ran > limit) {
                return Some(
                    Error::new(Kind::Budget, "reading the declaration took too many instructions")
                        .hint("a command file only declares; do the work inside `run`"),
                );
            }
            cancel.check().err().or_else(|| deadlines.passed())
        }),
    )
}

/// The deadlines of the tasks that are running at this moment, the outermost first. A task that waits is
/// ended by its timer; one that only computes gives no timer a turn, so the hook looks here.
#[derive(Debug, Clone, Default)]
pub struct Deadlines(Rc<RefCell<Vec<(Instant, Duration)>>>);

impl Deadlines {
    /// Runs a future under a time limit. Whenever it is polled, what it does is under its deadline.
    pub async fn limit<F: Future>(lua: &Lua, limit: Duration, future: F) -> Result<F::Output> {
        let deadlines = lua.app_data_ref::<Deadlines>().map(|own| own.clone()).unwrap_or_default();
        // A limit beyond what a clock can tell is none.
        let Some(end) = Instant::now().checked_add(limit) else { return Ok(future.await) };
        let mut future = std::pin::pin!(future);
        let under = std::future::poll_fn(|cx| {
            deadlines.0.borrow_mut().push((end, limit));
            let result = future.as_mut().poll(cx);
            deadlines.0.borrow_mut().pop();
            result
        });
        let result = tokio::time::timeout(limit, under).await.map_err(|_| too_long(limit))?;
        // What caught the error on its way out has no result to give.
        if Instant::now() >= end { Err(too_long(limit)) } else { Ok(result) }
    }

    /// Why the script that runs at this moment must stop, where one of its deadlines has passed.
    pub fn check(lua: &Lua) -> Result<()> {
        lua.app_data_ref::<Deadlines>().and_then(|own| own.passed()).map_or(Ok(()), Err)
    }

    fn passed(&self) -> Option<Error> {
        let now = Instant::now();
        self.0.borrow().iter().find(|(end, _)| *end <= now).map(|(_, limit)| too_long(*limit))
    }
}

fn too_long(limit: Duration) -> Error {
    Error::new(Kind::Timeout, format!("the task did not end within {} s", limit.as_secs_f64()))
        .hint("give it more seconds, or do less in one task")
}

/// Says why a script must stop, if it must.
type Verdict = Rc<dyn Fn() -> Option<Error>>;

/// Looks every so many instructions. A pcall could catch the error once; so, once it was raised, every
/// single instruction raises it again, until the reason is gone.
fn watch(lua: &Lua, every: u32, verdict: Verdict) -> mlua::Result<()> {
    lua.set_global_hook(HookTriggers::new().every_nth_instruction(every), move |lua, _| {
        let reason = verdict();
        let due = if reason.is_some() { 1 } else { EVERY };
        if due != every {
            watch(lua, due, Rc::clone(&verdict))?;
        }
        reason.map_or(Ok(VmState::Continue), |error| Err(raise(error)))
    })
}

/// Ends the process when a script that was told to stop does not.
#[derive(Debug)]
pub struct Watchdog {
    done: Arc<AtomicBool>,
}

impl Watchdog {
    /// Watches a flag, and raises it itself once the deadline passes. When the script then does not
    /// stop within the grace time, `last_words` is called and the process ends.
    pub fn start(
        cancel: &Cancel,
        deadline: Option<Duration>,
        last_words: impl FnOnce(Error) -> i32 + Send + 'static,
    ) -> Watchdog {
        let done = Arc::new(AtomicBool::new(false));
        let (seen, cancel) = (Arc::clone(&done), cancel.clone());
        let begun = Instant::now();
        let body = move || {
            let mut raised: Option<Instant> = None;
            while !seen.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_millis(25));
                if deadline.is_some_and(|limit| begun.elapsed() >= limit) {
                    cancel.time_out();
                }
                if !cancel.is_raised() {
                    raised = None;
                } else if raised.get_or_insert_with(Instant::now).elapsed() > GRACE && !seen.load(Ordering::Relaxed) {
                    let error = cancel.check().err().unwrap_or_else(|| Error::new(Kind::Cancelled, "interrupted"));
                    proc::kill_all();
                    std::process::exit(last_words(error));
                }
            }
        };
        // Without a thread there is no watchdog; the hook and the awaits still stop the script.
        let _ = std::thread::Builder::new().name("watchdog".into()).spawn(body);
        Watchdog { done }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
    }
}
