//! End-to-end tests: all that a user of Belljar relies on, through the library and the binary.
//!
//! They need an image in the cache (`belljar runtime build`) and the binary built beside them
//! (`cargo build --release -p belljar-host`); `cargo xtask test` sees to both.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

mod cancelling;
mod cli;
mod configuration;
mod conformance;
mod determinism;
mod display;
mod examples;
mod files;
mod function_mode;
mod harness;
mod host_calls;
mod hostile;
mod image;
mod integers;
mod isolation;
mod limits;
mod memory_limit;
mod native;
mod native_keys;
mod output_limits;
mod packages;
mod program_mode;
mod recursion;
mod stopping;
mod waiting;
