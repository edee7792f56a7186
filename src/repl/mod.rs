//! The interactive loop: edit a line, evaluate it in one environment that lives on, show the value.

mod complete;
mod highlight;
mod input;
mod locals;
mod meta;
mod session;

pub use session::run;
