//! The server: HTTP in front, worker processes behind.
//!
//! ```text
//! clients ─► http: listener, connections ─► front: the Spin component ─► metered ─► pool ─► workers
//!                                       └─► executor_http (`belljar executor`) ─┘
//! ```
//!
//! - [`config`] is what can be set; [`log`] where it is told what happens.
//! - [`http`] turns connections into requests: timeouts, limits, ids, orderly ends.
//! - [`front`] hosts the component that owns the HTTP API.
//! - [`metered`] counts executions for [`metrics`]; [`admin`] shows those to operators.
//! - [`server`] starts all of it, and [`shutdown`] says when to end it.

mod admin;
pub mod config;
mod describe;
mod front;
mod http;
mod log;
mod metered;
mod metrics;
mod server;
mod shutdown;

pub use server::{ServeError, serve, serve_executor};

pub(crate) use http::{Answer, Call, Handler, Payload, error, json};
pub(crate) use metered::Metered;
