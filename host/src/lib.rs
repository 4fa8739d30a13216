//! The server of Belljar, and the pool of workers behind it.

mod event;
mod events;
mod executor;
pub mod executor_http;
mod heap;
pub mod pool;
#[cfg(test)]
mod sendable;
pub mod serve;
mod worker;

pub use belljar::{
    Belljar, Canceller, Completion, DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, DisplayItem,
    Error, ErrorType, Fault, FaultKind, Heard, Limit, LimitPolicy, LimitValues, Limits, Listener,
    Mode, Outcome, Program, RESULT_BYTES, Refusal, Rejection, RuntimeInfo, Truncated, Usage,
};
pub use event::Event;
pub use events::{EventReceiver, EventSender, events};
pub use executor::{Executor, ExecutorStatus, Job};
pub use worker::main as worker_main;
