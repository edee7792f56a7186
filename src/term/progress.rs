//! A progress bar on stderr for work that takes longer than half a second.

use std::io::Write;
use std::time::{Duration, Instant};

const DELAY: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

/// One piece of work under way.
#[derive(Debug)]
pub struct Progress {
    label: String,
    total: Option<u64>,
    done: u64,
    visible: bool,
    begun: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    /// Work that has just begun; invisible work is counted and not shown.
    pub fn new(label: &str, total: Option<u64>, visible: bool) -> Progress {
        Progress { label: label.to_owned(), total, done: 0, visible, begun: Instant::now(), drawn: None }
    }

    /// Some more is done.
    pub fn add(&mut self, more: u64) {
        self.done = self.done.saturating_add(more);
        let due = self.begun.elapsed() > DELAY && self.drawn.is_none_or(|at| at.elapsed() > EVERY);
        if self.visible && due {
            self.drawn = Some(Instant::now());
            // A bar that cannot be drawn must not stop the work.
            let _ =
                write!(std::io::stderr(), "\r\x1b[K{}", line(&self.label, self.done, self.total, self.begun.elapsed()));
        }
    }

    /// How much is done.
    pub fn done(&self) -> u64 {
        self.done
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(label: &str, done: u64, total: Option<u64>, elapsed: Duration) -> String {
    let Some(total) = total.filter(|total| *total > 0) else { return format!("{label} {done}") };
    let share = (done as f64 / total as f64).min(1.0);
    let filled = (share * 20.0) as usize;
    let left = if share > 0.01 {
        format!("  {:.0} s left", elapsed.as_secs_f64() * (1.0 - share) / share)
    } else {
        String::new()
    };
    format!("{label} [{}{}] {done}/{total}{left}", "#".repeat(filled), " ".repeat(20 - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_count_and_time_left() {
        assert_eq!(line("read", 5, None, DELAY), "read 5");
        let text = line("read", 5, Some(10), Duration::from_secs(3));
        assert_eq!(text, "read [##########          ] 5/10  3 s left");
    }
}
