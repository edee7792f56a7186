//! Child processes: the only place that starts one. Asks `core::grant` first, kills the whole group.

mod group;
mod run;

pub use group::kill_all;
pub use run::{Line, Output, Spawn, Stream, run, split_words};
