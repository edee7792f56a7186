//! All integration tests in one binary: linking is what takes the time.

mod cli;
mod create;
mod docs;
mod edges;
mod errors;
mod hostile;
mod main_job;
mod parity;
mod recipes;
mod repl;
mod specs;
mod support;
mod tidy;
mod trust;
mod types;
