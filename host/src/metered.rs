//! An executor whose executions are counted and noted.

use crate::http::Call;
use crate::metrics::{Metrics, outcome_name, rejection_name};
use belljar_contract::{FaultKind, Outcome, Program, Rejection, RuntimeInfo};
use belljar_pool::{EventSender, Executor, Job};
use std::sync::Arc;

/// Executes for calls, and tells the metrics.
#[derive(Debug)]
pub(crate) struct Metered<E> {
    executor: Arc<E>,
    metrics: Arc<Metrics>,
}

impl<E> Clone for Metered<E> {
    fn clone(&self) -> Self {
        Self {
            executor: Arc::clone(&self.executor),
            metrics: Arc::clone(&self.metrics),
        }
    }
}

impl<E: Executor> Metered<E> {
    pub(crate) fn new(executor: Arc<E>, metrics: Arc<Metrics>) -> Self {
        Self { executor, metrics }
    }

    /// What programs are executed with.
    pub(crate) fn describe(&self) -> Result<RuntimeInfo, Rejection> {
        self.executor.describe()
    }

    /// Executes one program. Dropping the future cancels the execution.
    pub(crate) async fn execute(
        &self,
        program: Program,
        call: &Call,
        events: Option<EventSender>,
    ) -> Result<Outcome, Rejection> {
        let cancelled = Cancelled(Some((&self.metrics, call)));
        let job = Job {
            program,
            client: call.client.clone(),
            request_id: call.request_id.clone(),
            events,
        };
        let result = self.executor.execute(job).await;
        cancelled.defuse();
        match &result {
            Ok(outcome) => {
                call.note(outcome_name(outcome));
                self.metrics.executed(outcome);
            }
            Err(rejection) => {
                call.note(rejection_name(rejection));
                self.metrics.rejected(rejection);
            }
        }
        result
    }
}

/// Counts an execution as cancelled unless it ends.
struct Cancelled<'a>(Option<(&'a Metrics, &'a Call)>);

impl Cancelled<'_> {
    fn defuse(mut self) {
        self.0 = None;
    }
}

impl Drop for Cancelled<'_> {
    fn drop(&mut self) {
        if let Some((metrics, call)) = self.0.take() {
            call.note(FaultKind::Cancelled.name());
            metrics.cancelled();
        }
    }
}
