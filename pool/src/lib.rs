//! Executes programs in worker processes, for servers.
//!
//! A [`Pool`] holds worker processes, each with sandboxes of the library `belljar`, confined to
//! computing and answering. It keeps them alive, decides who runs where and when, and passes on
//! what scripts give while they run.
//!
//! ```no_run
//! use belljar_pool::{Executor, Job, Pool, PoolConfig, Program};
//! use std::time::Duration;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let pool = Pool::start(PoolConfig::default())?;
//! pool.ready(Duration::from_secs(30)).await?;
//! let job = Job {
//!     program: Program::function("def main(): return 6 * 7"),
//!     client: "127.0.0.1".to_owned(),
//!     request_id: "1".to_owned(),
//!     events: None,
//! };
//! let outcome = pool.execute(job).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A worker is a process of the same program, started with the argument `worker`, which calls
//! [`worker_main`]; or of another, such as this package's `belljar-worker`.

mod describe;
mod event;
mod events;
mod executor;
pub mod heap;
mod measured;
mod pool;
#[cfg(test)]
mod sendable;
mod worker;

pub use event::Event;
pub use events::{EventReceiver, EventSender, Flood, events};
pub use executor::{Executor, ExecutorStatus, Job, NotReady};
pub use measured::{Histogram, PoolMetrics};
pub use pool::{Executed, PARKED, Pool, PoolConfig, PoolError, parked_per_worker};
pub use worker::main as worker_main;

// What a pool takes and gives is the library's.
use belljar::{
    Belljar, Canceller, DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, Error, Heard, Listener,
    RESULT_BYTES,
};
pub use belljar::{
    Completion, DisplayItem, Fault, FaultKind, Limit, LimitPolicy, LimitValues, Limits, Mode,
    Outcome, Program, Refusal, Rejection, RuntimeInfo, Truncated, Usage,
};
