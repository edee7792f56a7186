//! Child processes: the only place that starts one. Asks `core::grant` first, kills the whole group.

mod find;
mod group;
mod run;
mod talk;

pub use find::{find_program, is_program, path_dirs};
pub use group::kill_all;
pub use run::{Line, Output, Spawn, Stream, run, split_words};
pub use talk::Talk;
