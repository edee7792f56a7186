//! HelmStack, the command `heck`. The layers, lowest first; each names only those above it in this list.

pub mod core;
