//! Reasons for which the host ends a run from inside a call of the guest.

use crate::{Cause, Stream};

/// Ends a run from within a host function: carried as the error of the trap.
///
/// A guest cannot catch it; the store is dropped afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The guest called `proc_exit` with this status.
    #[error("the guest exited with status {0}")]
    Exit(i32),
    /// The run was interrupted from outside, or its (virtual) deadline passed while it slept.
    #[error("the run was interrupted: {0:?}")]
    Interrupted(Cause),
    /// What the host did for the guest has used up its fuel.
    #[error("the fuel is used up")]
    OutOfFuel,
    /// A stream went over the output limit.
    #[error("too much output on {0:?}")]
    OutputExceeded(Stream),
    /// The answer handed to the door was larger than the door takes; the size is in bytes.
    #[error("an answer of {0} bytes is too large")]
    AnswerTooLarge(usize),
}
