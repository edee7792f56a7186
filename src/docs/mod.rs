//! LuaCATS stubs → help text and Markdown: the one source of every word about the library.

mod render;
mod stub;

pub use render::{markdown, names, topic};
pub use stub::{Entry, Param, Stub, parse};
