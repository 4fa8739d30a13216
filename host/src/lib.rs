//! The server of Belljar: HTTP in front of a pool of workers.

pub mod executor_http;
pub mod serve;
