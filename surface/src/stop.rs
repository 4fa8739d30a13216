//! The reasons for which a run ends from inside a call of the guest.

use crate::Stream;
use core::fmt;

/// The cause of an interruption from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// The deadline passed, on whichever clock the run has.
    Timeout = 1,
    /// Whoever asked for the answer no longer wants it.
    Cancelled = 2,
}

/// The reason for which a run ends within a call. A guest cannot catch it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The guest called `proc_exit` with this status.
    Exit(i32),
    /// The run was interrupted from outside, or its (virtual) deadline passed while it slept.
    Interrupted(Cause),
    /// The work that was done for the guest has used up its fuel.
    OutOfFuel,
    /// A stream went over the output limit.
    OutputExceeded(Stream),
    /// The answer handed to the door was larger than the door takes; the size is in bytes.
    AnswerTooLarge(usize),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => write!(f, "the guest exited with status {status}"),
            Self::Interrupted(cause) => write!(f, "the run was interrupted: {cause:?}"),
            Self::OutOfFuel => f.write_str("the fuel is used up"),
            Self::OutputExceeded(stream) => write!(f, "too much output on {stream:?}"),
            Self::AnswerTooLarge(bytes) => write!(f, "an answer of {bytes} bytes is too large"),
        }
    }
}

impl core::error::Error for Stop {}
