//! The pool: executes programs in worker processes, and keeps those alive.
//!
//! ```text
//!  execute ──► scheduler ──► link ═══ socket pair ═══► worker 0 (its sandboxes)
//!              queue, slots  link ═══════════════════► worker 1
//!                  ▲          │
//!                  └── supervisor, one per worker: starts it, reads its answers, replaces it
//! ```
//!
//! - [`Pool`] is the door: it implements [`Executor`](crate::Executor).
//! - `submit` makes a frame of a program; a `ticket` cancels it when nobody waits for it any more.
//! - `scheduler` decides who runs where and when; it holds what is waiting (`queue`) and `running`, and
//!   knows what `clients` have. An execution that sleeps gives up its place meanwhile (`parking`).
//! - `losing` has what a lost worker executed executed again, and finds out who is to blame; `watching`
//!   notices what cannot be stopped.
//! - `link` is the sending half of a worker's connection; its `supervisor` has the receiving half.
//! - `hearsay` is what workers say in words; `proof`, what the kernel says of them.
//! - `spawner` starts and ends processes.
//! - `metrics` counts.

mod answer;
mod backoff;
mod clients;
mod config;
mod door;
mod error;
mod hearsay;
mod link;
mod losing;
#[cfg(test)]
mod machine_tests;
mod metrics;
mod parking;
mod proof;
mod queue;
mod renewal;
mod running;
mod scheduler;
mod shared;
mod spawner;
mod submit;
mod supervisor;
mod ticket;
mod watching;

pub use config::{PARKED, PoolConfig, parked_per_worker};
pub use door::{Executed, Pool};
pub use error::PoolError;
