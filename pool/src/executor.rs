//! What a server needs of whatever executes its programs.

use crate::{EventSender, Outcome, Program, Rejection};
use std::fmt;
use std::future::Future;

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
