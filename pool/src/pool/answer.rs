//! What those who wait for an execution are told when there is no outcome of its own.

use crate::{Completion, Fault, FaultKind, Outcome, Rejection, Usage};
use std::time::Duration;

/// An execution's end, as told to whoever waits for it: with the time it waited.
pub(super) type Answer = (Result<Outcome, Rejection>, Duration);

/// The pool takes nothing any more.
pub(super) fn shutting_down() -> Rejection {
    Rejection::Unavailable("the service is shutting down".to_owned())
}

/// The worker is gone, and with it what an execution had done.
pub(super) fn lost() -> Rejection {
    Rejection::Unavailable("its worker was lost while it ran".to_owned())
}

/// What is known of an execution whose worker is gone.
pub(super) fn lost_outcome(kind: FaultKind, message: &str, duration: Duration) -> Outcome {
    Outcome {
        usage: Usage {
            duration,
            ..Usage::default()
        },
        ..Outcome::bare(Completion::Fault(Fault::new(kind, message)))
    }
}
