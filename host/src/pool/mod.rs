//! The pool: executes programs in worker processes, and keeps those alive.
//!
//! ```text
//!  execute ──► driver ──────► link ═══ socket pair ═══► worker 0 (its sandboxes)
//!                │            link ═══════════════════► worker 1
//!          the scheduler        │
//!                ▲              │
//!                └─── talk, one for each worker, whose supervisor replaces it
//! ```
//!
//! - [`Pool`] is the door: it implements [`Executor`](crate::Executor).
//! - `machine` decides everything: who runs where and when, what becomes of those whose worker is lost,
//!   when a worker is ended, and when the next one is started. It is pure: the time and what has
//!   happened go in, and what is to be done comes out. The rest of this folder is the shell that drives
//!   it, and the `simulation` is another one, for tests.
//! - The `driver` has the scheduler; its actions are done with the `waiters`. `shared` is the rest of a
//!   pool's state.
//! - `submit` makes a frame of a program; a `ticket` cancels it when nobody waits for it any more.
//! - `link` is the sending half of a worker's connection; `talk` has the receiving half, and a
//!   `supervisor` starts the next worker.
//! - `proof` is what the kernel says of a worker; `memory`, what it holds; `stderr`, what it complains of.
//! - `spawner` starts and ends processes.
//! - `metrics` counts.

mod config;
mod door;
mod driver;
mod error;
mod link;
mod machine;
mod memory;
mod metrics;
mod proof;
mod shared;
#[cfg(test)]
mod simulation;
mod spawner;
mod stderr;
mod submit;
mod supervisor;
mod talk;
mod ticket;
mod waiters;

pub use config::PoolConfig;
pub(crate) use config::{PARKED, parked_per_worker};
pub use door::{Executed, Pool};
pub use error::PoolError;
pub use metrics::{Histogram, PoolMetrics};
