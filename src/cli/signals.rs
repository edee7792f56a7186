//! Ctrl-C and its kin, on a thread of their own, so that they work while Lua is busy.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::core::cancel::Cancel;
use crate::core::proc;
use crate::term::is_asking;

/// The first signal asks to stop, a second one ends the process: patches survive that.
pub fn listen(cancel: &Cancel) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let cancel = cancel.clone();
    let body = move || {
        for _ in signals.forever() {
            if cancel.is_raised() || is_asking() {
                proc::kill_all();
                std::process::exit(130);
            }
            cancel.interrupt();
        }
    };
    // Without the thread Ctrl-C still ends the process, by the system's own rule for it.
    let _ = std::thread::Builder::new().name("signals".into()).spawn(body);
}
