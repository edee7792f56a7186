//! The interpreter host, and the only place that names `mlua`. Turns `core` into the `heck.*` modules.

mod api;
mod args;
mod bridge;
mod context;
mod convert;
mod error;
mod hook;
mod module;
mod profile;
mod scan;
mod server;
mod source;
mod stack;
mod tree;
mod userdata;
mod vm;

pub use context::{Context, Services, Ui, Waiting};
pub use hook::Watchdog;
pub use profile::Profile;
pub use source::{Asset, asset, assets};
pub use vm::{Chunk, Evaluated, Returned, Vm};
