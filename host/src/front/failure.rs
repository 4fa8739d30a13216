//! The failures of a front that answers.

use std::time::Duration;

/// Why a front gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0:#}")]
    Trapped(wasmtime::Error),
    #[error("it ended without an answer")]
    Silent,
    #[error("it answered with an error: {0}")]
    Refused(String),
    #[error("its answer broke off: {0}")]
    BrokenOff(String),
    #[error("its answer is over {0} bytes, and it did not say how long it is")]
    TooLong(usize),
    #[error("it took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
}
