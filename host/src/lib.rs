//! The server of Belljar: HTTP in front, worker processes behind.
//!
//! ```text
//! clients ─► http: listener, connections ─► front: the Spin component ─► metered ─► pool ─► workers
//!                                       └─► executor_http (`belljar executor`) ─┘
//! ```
//!
//! - [`config`] is what can be set; [`log`] where it is told what happens.
//! - [`http`] turns connections into requests: timeouts, limits, ids, orderly ends. [`hosts`] says
//!   which names a server answers to.
//! - [`front`] hosts the component that owns the HTTP API.
//! - [`metered`] counts executions for [`metrics`]; [`admin`] shows those to operators.
//! - [`server`] puts together what is asked for, [`life`] starts, serves and ends it, and [`shutdown`]
//!   says when.

mod admin;
pub mod config;
mod error;
pub mod executor_http;
mod front;
mod hosts;
mod http;
mod life;
mod log;
mod metered;
mod metrics;
mod server;
mod shutdown;

pub use error::ServeError;
pub use server::{serve, serve_executor};
