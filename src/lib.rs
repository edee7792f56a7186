//! HelmStack, the command `heck`. The layers, lowest first: `core` names none of the others, `term` and
//! `docs` only `core`, `lua` those three, `script` and `repl` those and each other, `cli` all.

pub mod cli;
pub mod core;
pub mod docs;
pub mod lua;
pub mod repl;
pub mod script;
pub mod term;
