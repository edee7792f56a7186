//! Process groups that are alive, so that none outlives heck. Does not start processes.

use std::sync::Mutex;

use rustix::process::{Pid, Signal, kill_process_group};

static ALIVE: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// A group that is killed when this is dropped, unless it was released.
#[derive(Debug)]
pub struct Group(Option<Pid>);

impl Group {
    /// Watches the group that a child leads.
    pub fn new(leader: Option<u32>) -> Self {
        let pid = leader.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let (Some(pid), Ok(mut alive)) = (pid, ALIVE.lock()) {
            alive.push(pid);
        }
        Group(pid)
    }

    /// Ends every process of the group.
    pub fn kill(&mut self) {
        if let Some(pid) = self.0.take() {
            let _ = kill_process_group(pid, Signal::KILL);
            if let Ok(mut alive) = ALIVE.lock() {
                alive.retain(|other| *other != pid);
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ends every group that is alive; for a process that is about to end itself.
pub fn kill_all() {
    // A poisoned or held lock must not keep a watchdog from ending the process.
    if let Ok(alive) = ALIVE.try_lock() {
        for pid in alive.iter() {
            let _ = kill_process_group(*pid, Signal::KILL);
        }
    }
}
