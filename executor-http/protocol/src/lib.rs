//! The executor contract in JSON, version 1.
//!
//! `docs/executor-protocol.md` says what it looks like. This crate turns the contract's types, made
//! from `wit/`, into that JSON and back: [`program`] and [`reply`] are what goes each way.

mod bindings;
mod info;
pub mod program;
pub mod reply;

pub use bindings::belljar::sandbox::types;

/// Where programs go: `POST`.
pub const EXECUTE_PATH: &str = "/v1/execute";

/// Where the executor describes itself: `GET`.
pub const DESCRIBE_PATH: &str = "/v1/describe";
