//! Executions that wait for a place, or for their place.

use super::action::Frame;
use std::time::{Duration, Instant};

/// An execution to be.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) frame: Frame,
    pub(crate) timeout: Duration,
    pub(crate) output_bytes: u64,
    /// True if somebody listens to what it gives.
    pub(crate) is_heard: bool,
}

/// An execution that has no place yet.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) submission: Submission,
    pub(super) since: Instant,
    /// The number of workers that were lost with it so far.
    pub(super) deaths: u32,
}

/// An execution that wants its place back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Returning {
    pub(crate) worker: u64,
}
