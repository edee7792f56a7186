//! Asks the language's own server what it would rename: finds it, speaks with it, brings its answer into bytes.
//! Optional everywhere: what heck says is never less without it.

mod answer;
mod find;
mod rename;
mod rpc;
mod tsserver;
mod wire;

pub use answer::Answer;
pub use find::{Manner, Places, Server};
pub use rename::{Question, ask};
