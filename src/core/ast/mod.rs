//! Structural query and rewrite: text in, matches and edits out. Does no I/O, save `scan` which reads what it is told.

mod alloc;
mod children;
mod fidelity;
mod found;
mod insert;
mod island;
mod lang;
mod loose;
mod matcher;
mod prefilter;
mod query;
mod rewrite;
mod rule;
mod source;
mod written;

pub use alloc::install as install_allocator;
pub use children::{all_children, ancestors, named_children, whole_lines};
pub use fidelity::{Edit, Template, indent_at, reindent};
pub use found::Found;
pub use insert::{Side, insert, remove};
pub use island::{Gain, Need};
pub use lang::{Family, Lang};
pub use loose::loose;
pub use matcher::Matcher;
pub use prefilter::Prefilter;
pub use query::{Order, Visit, search};
pub use rewrite::{Refused, Rewritten, rewrite};
pub use rule::{Finding, RuleFiles, Rules};
pub use source::{Source, parse, parse_without};
