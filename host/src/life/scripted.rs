//! An executor without sandboxes, which does what a test says and notes what a server asks of it.

use belljar_contract::{
    Completion, Fault, FaultKind, LimitPolicy, Outcome, Rejection, RuntimeInfo,
};
use belljar_pool::{Executor, ExecutorStatus, Job, NotReady, PoolMetrics};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The script of a program that runs until it is cancelled. Any other is its own result, as JSON.
pub(super) const ENDLESS: &str = "endless";

/// The state of an executor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Starting,
    Ready,
    Stopped,
}

/// The executor.
#[derive(Debug)]
pub(super) struct Scripted {
    state: watch::Sender<State>,
    running: AtomicU32,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    /// An executor that is not ready yet.
    pub(super) fn new() -> Self {
        Self {
            state: watch::Sender::new(State::Starting),
            running: AtomicU32::new(0),
            asked: Mutex::default(),
        }
    }

    /// From now on it is ready.
    pub(super) fn get_ready(&self) {
        self.state.send_replace(State::Ready);
    }

    /// The requests that it got, in order, but for those that may come at any time.
    pub(super) fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    fn note(&self, what: impl Into<String>) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(what.into());
    }

    async fn until(&self, state: State) {
        // The sender is ours, and so not gone.
        let _ = self.state.subscribe().wait_for(|now| *now == state).await;
    }
}

/// Counts an execution until dropped.
struct Counted<'a>(&'a AtomicU32);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Executor for Scripted {
    async fn ready(&self, patience: Duration) -> Result<(), NotReady> {
        self.note("ready");
        let ready = tokio::time::timeout(patience, self.until(State::Ready)).await;
        ready.map_err(|_| NotReady("it was never told to".to_owned()))
    }

    async fn execute(&self, job: Job) -> Result<Outcome, Rejection> {
        self.note(format!("execute {}", job.program.script));
        if *self.state.borrow() == State::Stopped {
            return Err(Rejection::Unavailable("it was stopped".to_owned()));
        }
        self.running.fetch_add(1, Ordering::Relaxed);
        let _counted = Counted(&self.running);
        if job.program.script != ENDLESS {
            return Ok(Outcome::bare(Completion::value(job.program.script)));
        }
        self.until(State::Stopped).await;
        let fault = Fault::new(FaultKind::Cancelled, "The execution was cancelled");
        Ok(Outcome::bare(Completion::Fault(fault)))
    }

    fn describe(&self) -> Result<RuntimeInfo, Rejection> {
        if *self.state.borrow() != State::Ready {
            return Err(Rejection::Unavailable("it is not ready".to_owned()));
        }
        let policy = LimitPolicy::default();
        Ok(RuntimeInfo {
            python_version: "3.15.0".to_owned(),
            edition: "scripted".to_owned(),
            packages: Vec::new(),
            default_limits: policy.default,
            maximum_limits: policy.maximum,
            result_bytes: 1,
            meter: "none".to_owned(),
            features: Vec::new(),
            isolation: Vec::new(),
        })
    }

    fn status(&self) -> ExecutorStatus {
        ExecutorStatus {
            workers: u32::from(*self.state.borrow() == State::Ready),
            running: self.running.load(Ordering::Relaxed),
            ..ExecutorStatus::default()
        }
    }

    fn metrics(&self) -> PoolMetrics {
        PoolMetrics::default()
    }

    async fn stop(&self, grace: Duration) {
        self.note(format!("stop {}", grace.as_millis()));
        self.state.send_replace(State::Stopped);
    }
}
