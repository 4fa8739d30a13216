//! What a server needs of whatever executes its programs.

use crate::limits::LimitError;
use crate::{EventSender, Outcome, Program};
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// Executes programs for a server. Implemented by the [worker pool](crate::pool).
pub trait Executor: Send + Sync + 'static {
    /// Executes one program, or says why it never ran. Dropping the future cancels the execution
    /// and frees its sandbox.
    fn execute(&self, job: Job) -> impl Future<Output = Result<Outcome, Rejection>> + Send;

    /// Whether programs are executed right now, and with what protection.
    fn status(&self) -> ExecutorStatus;
}

/// A program and who it is for.
#[derive(Debug, Clone)]
pub struct Job {
    /// What to execute. It has passed [`Belljar`](crate::Belljar)'s checks only if the executor
    /// applies them: executors do.
    pub program: Program,
    /// The client, for fairness between clients: for example its address.
    pub client: String,
    /// The request's id, for logs.
    pub request_id: String,
    /// Where to tell what the script gives while it runs; all of it is in the outcome, too. A script
    /// waits for who listens and does not read.
    pub events: Option<EventSender>,
}

/// Why a program never reached a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A limit is outside of what may be asked for.
    #[error(transparent)]
    InvalidLimit(#[from] LimitError),
    /// The program is not acceptable for another reason: the front should have refused it.
    #[error("{0}")]
    InvalidProgram(String),
    /// Too much is waiting already.
    #[error("too many executions are waiting; try again in {} ms", retry_after.as_millis())]
    Overloaded {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// No sandbox can be had now, for example during shutdown.
    #[error("no sandbox is available: {0}")]
    Unavailable(String),
}

/// The state of an executor, for `/readyz`, logs and metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecutorStatus {
    /// Workers that are up.
    pub workers: u32,
    /// Executions that run at once at most.
    pub sandboxes: u32,
    /// Executions in a sandbox.
    pub running: u32,
    /// How many of those sleep, or wait for their reader, beside those that run.
    pub parked: u32,
    /// Executions that wait for a sandbox.
    pub queued: u32,
    /// Workers that died and were replaced since the start.
    pub restarts: u64,
    /// What confines the workers beside WebAssembly, for example `seccomp`, `landlock`.
    pub isolation: Vec<String>,
}

impl fmt::Display for ExecutorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            workers,
            sandboxes,
            running,
            queued,
            restarts,
            ..
        } = self;
        write!(
            f,
            "{workers} workers, {running} of {sandboxes} sandboxes in use, {queued} waiting, {restarts} restarts"
        )
    }
}
