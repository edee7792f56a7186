//! Child processes: the only place that starts one. Asks `core::grant` first, kills the whole group.

mod group;
mod run;
mod talk;

pub use group::kill_all;
pub use run::{Line, Output, Spawn, Stream, run, split_words};
pub use talk::Talk;
