//! The user's terminal: style, errors, tables, diffs, progress, questions. Knows no Lua.

mod columns;
mod diff;
mod matches;
mod progress;
mod prompt;
mod report;
mod style;
mod table;
mod words;
mod writer;

pub use matches::MatchPrinter;
pub use progress::Progress;
pub use prompt::is_asking;
pub use report::report;
pub use style::{Paint, Style};
pub use writer::Term;
