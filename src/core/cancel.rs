//! One flag that says "stop", shared by every thread of an operation. Must not know why.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::{Error, Kind, Result};

const RUNNING: u8 = 0;
const INTERRUPTED: u8 = 1;
const TIMED_OUT: u8 = 2;

/// A shared, one-way request to stop.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicU8>);

impl Cancel {
    /// A flag that nobody has raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises the flag on behalf of the user or of a sibling task.
    pub fn interrupt(&self) {
        let _ = self.0.compare_exchange(RUNNING, INTERRUPTED, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Raises the flag because a deadline passed.
    pub fn time_out(&self) {
        let _ = self.0.compare_exchange(RUNNING, TIMED_OUT, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Lowers the flag, for a loop that outlives one evaluation.
    pub fn reset(&self) {
        self.0.store(RUNNING, Ordering::SeqCst);
    }

    /// Tells whether the flag is up.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed) != RUNNING
    }

    /// Fails with the reason once the flag is up.
    pub fn check(&self) -> Result<()> {
        match self.0.load(Ordering::Relaxed) {
            RUNNING => Ok(()),
            TIMED_OUT => {
                Err(Error::new(Kind::Timeout, "the deadline passed")
                    .hint("raise it with --timeout, or do less in one run"))
            }
            _ => Err(Error::new(Kind::Cancelled, "interrupted")),
        }
    }
}

/// Raises a flag when it is dropped, so that work on other threads ends with the task that wanted it.
#[derive(Debug)]
pub struct CancelOnDrop(pub Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_stays() {
        let cancel = Cancel::new();
        assert!(cancel.check().is_ok());
        cancel.time_out();
        cancel.interrupt();
        assert_eq!(cancel.check().map_err(|e| e.kind()), Err(Kind::Timeout));
        drop(CancelOnDrop(cancel.clone()));
        assert_eq!(cancel.check().map_err(|e| e.kind()), Err(Kind::Timeout));
    }
}
