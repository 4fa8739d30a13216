//! The JSON of the executor protocol, version 1: `docs/executor-protocol.md` says what it looks like.
//!
//! [`program`] goes to an executor, [`Reply`] comes back.

pub mod program;
mod reply;

pub use reply::Reply;

/// The path that takes programs: `POST`.
pub const EXECUTE_PATH: &str = "/v1/execute";

/// The path at which an executor describes itself: `GET`.
pub const DESCRIBE_PATH: &str = "/v1/describe";

/// The largest body of a request: a program of the largest size, all of it escaped.
pub const BODY_BYTES: usize = 4 << 20;
