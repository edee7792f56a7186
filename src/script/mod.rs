//! Commands and recipes, which are one thing: a Lua file that returns a declaration. Names no `mlua`.

mod call;
mod change;
mod contract;
mod envelope;
mod header;
mod outcome;
mod parser;
mod record;
mod reference;
mod registry;
mod run;
mod services;
mod spec;

pub use envelope::envelope;
pub use header::Header;
pub use outcome::{Outcome, exit_code};
pub use parser::{Misparse, Parsed, globals, misparse, overview};
pub use registry::{Kind, Layer, Registry, Script};
pub use run::{Ran, Session, run_words};
pub use spec::{Parameter, Spec};
