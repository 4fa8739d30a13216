//! The program of an instance that streams.

use super::instance::Shared;
use crate::serve::http::Call;
use crate::{Event, Executor, Outcome, Program, Rejection};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

type Execution = Pin<Box<dyn Future<Output = Result<Outcome, Rejection>> + Send>>;

/// A program that was started. Dropping it cancels its execution.
pub(super) struct Running {
    events: UnboundedReceiver<Event>,
    execution: Execution,
    ended: Option<Result<Outcome, Rejection>>,
}

/// What came of it.
pub(super) enum Next {
    Event(Event),
    /// The last one.
    Ended(Result<Outcome, Rejection>),
}

impl Running {
    /// Starts a program, as soon as the first event is waited for.
    pub(super) fn start<E: Executor>(
        shared: &Arc<Shared<E>>,
        call: &Arc<Call>,
        program: Program,
    ) -> Self {
        let (shared, call) = (Arc::clone(shared), Arc::clone(call));
        let (sender, events) = unbounded_channel();
        let execution = async move {
            let events = Some(sender);
            shared.executor.execute(program, &call, events).await
        };
        Self {
            events,
            execution: Box::pin(execution),
            ended: None,
        }
    }

    /// Waits for what comes next. Nobody may ask after the end.
    pub(super) async fn next(&mut self) -> Next {
        if self.ended.is_none() {
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => return Next::Event(event),
                ended = &mut self.execution => self.ended = Some(ended),
            }
        }
        // What was told before the end comes before it.
        match (self.events.try_recv(), self.ended.take()) {
            (Ok(event), ended) => {
                self.ended = ended;
                Next::Event(event)
            }
            (Err(_), Some(ended)) => Next::Ended(ended),
            (Err(_), None) => unreachable!("it is set right above"),
        }
    }
}
