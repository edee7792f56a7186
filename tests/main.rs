//! All integration tests in one binary: linking is what takes the time.

mod cli;
mod create;
#[path = "../src/core/patch/dice.rs"]
mod dice;
mod dirty;
mod docs;
mod edges;
mod errors;
mod esm;
mod esm_edges;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod faults;
mod flag_cases;
mod flags;
mod foreign;
mod hostile;
mod main_job;
mod merging;
mod numbered;
mod parity;
mod patches;
mod pytest;
mod recipes;
mod repl;
mod rollbacks;
mod rules;
mod servers;
mod specs;
mod support;
mod tidy;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod tracer;
mod trust;
mod types;
