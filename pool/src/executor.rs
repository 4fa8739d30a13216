//! The interface between a server and the code that executes its programs.

use crate::measured::PoolMetrics;
use crate::{EventSender, Outcome, Program, Rejection};
use belljar_contract::RuntimeInfo;
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// Executes programs for a server: a [pool](crate::Pool) of workers here, or whatever else can.
///
/// A server has one for all of its life, in this order:
///
/// 1. It is *started* by being made, which does not wait for it. What it cannot do without is looked
///    for then, so that a server which cannot be says so at once.
/// 2. [`ready`](Self::ready), once, while the server does the rest of its own start. No connection is
///    accepted before it says yes; if it says no there is no server.
/// 3. [`execute`](Self::execute) for every program, from many tasks at once. Meanwhile and later, at
///    any time and as often as somebody asks, [`describe`](Self::describe), [`status`](Self::status)
///    and [`metrics`](Self::metrics): they answer at once, and change nothing.
/// 4. [`stop`](Self::stop), once, when the server's clients have had their time. Every execution that
///    runs or waits then still gets an answer; a new one is refused.
///
/// Dropped without that, it ends what it started.
pub trait Executor: Send + Sync + 'static {
    /// Waits until programs are executed, for no longer than `patience`. Those that come before
    /// that wait as well.
    fn ready(&self, patience: Duration) -> impl Future<Output = Result<(), NotReady>> + Send;

    /// Executes one program, or says why it never ran. Dropping the future cancels the execution
    /// and frees its sandbox.
    fn execute(&self, job: Job) -> impl Future<Output = Result<Outcome, Rejection>> + Send;

    /// The description of the interpreter and its limits; a rejection while no program would be executed.
    ///
    /// # Errors
    ///
    /// What a program would be told now.
    fn describe(&self) -> Result<RuntimeInfo, Rejection>;

    /// The state right now: how many run and wait, and what protects the workers.
    fn status(&self) -> ExecutorStatus;

    /// Counters and distributions since the start.
    fn metrics(&self) -> PoolMetrics;

    /// Takes nothing new, gives what waits and runs up to `grace` to end, cancels what is left, and
    /// returns when everything that was started has ended.
    fn stop(&self, grace: Duration) -> impl Future<Output = ()> + Send;
}

/// Why an executor does not get ready, in words for whoever started the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub String);

/// A program and who it is for.
#[derive(Debug, Clone)]
pub struct Job {
    /// The program. It has passed [`Belljar`](crate::Belljar)'s checks only if the executor
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
    /// Executions that sleep, or wait for their reader, beside those that run.
    pub parked: u32,
    /// Executions that wait for a sandbox.
    pub queued: u32,
    /// Workers that died and were replaced since the start.
    pub restarts: u64,
    /// The means that confine the workers beside WebAssembly, for example `seccomp`, `landlock`.
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
