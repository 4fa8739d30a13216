//! The answers to executions that have no outcome of their own.

use crate::{Completion, Fault, FaultKind, Outcome, Rejection, Usage};
use std::time::Duration;

/// An execution's end, as told to whoever waits for it: with the time it waited.
pub(crate) type Answer = (Result<Outcome, Rejection>, Duration);

/// The pool takes nothing any more.
pub(crate) fn shutting_down() -> Rejection {
    Rejection::Unavailable("the service is shutting down".to_owned())
}

/// The worker is gone, and with it what an execution had done.
pub(crate) fn lost() -> Rejection {
    Rejection::Unavailable("its worker was lost while it ran".to_owned())
}

/// The outcome of an execution whose worker is gone.
pub(crate) fn lost_outcome(kind: FaultKind, message: &str, duration: Duration) -> Outcome {
    Outcome {
        usage: Usage {
            duration,
            ..Usage::default()
        },
        ..Outcome::bare(Completion::Fault(Fault::new(kind, message)))
    }
}
