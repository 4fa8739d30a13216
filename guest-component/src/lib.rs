//! The HTTP front of Belljar: one request in, one JSON answer out.
//!
//! It validates a request, hands the script to whichever executor it is composed with
//! (`belljar:sandbox/executor`, see `wit/`), and turns the outcome into a status and a body. It
//! knows neither Wasmtime nor CPython, keeps no state, and a fresh instance serves each request.
//!
//! Everything but the component's edge is plain Rust that runs natively too: that is how the tests
//! drive it. In reading order:
//!
//! - `component` (WebAssembly only): `wasi:http` on one side, the imported executor on the other;
//! - [`handle`]: the life of a request;
//! - `routes`, `cors`, `request_id`, `body`: HTTP;
//! - `decode`: from a body to a [`contract::Program`];
//! - `answer`, `stream`, `runtime`: from an [`contract::Outcome`] or [`contract::RuntimeInfo`] to a body;
//! - `written`: bodies that are too long to be kept;
//! - `error`: answers that are not about a run;
//! - `openapi`: the description of all that;
//! - `page`: the playground's files.

mod answer;
#[cfg(target_family = "wasm")]
mod bindings;
mod body;
#[cfg(target_family = "wasm")]
mod component;
mod cors;
mod decode;
mod error;
mod handle;
mod host;
mod http;
mod openapi;
mod page;
mod request_id;
mod routes;
mod runtime;
mod stream;
mod written;

pub use answer::Answer;
pub use body::{BodyError, MAX_BODY_BYTES};
pub use handle::handle;
pub use host::{Event, Host, Job};
pub use http::{Body, Request, Response};
pub use stream::Events;
pub use written::Tail;

/// The types that pass between the front and its executor.
pub use belljar_contract as contract;
