//! The numbers that the scheduler goes by.

use std::time::Duration;

/// The most that there may be of everything, and the longest times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// The workers there should be.
    pub(crate) workers: usize,
    /// The places of each: how many programs it executes at once.
    pub(crate) places: usize,
    /// The most that each has parked.
    pub(crate) parked_per_worker: usize,
    /// The most memory of what is parked, in bytes.
    pub(crate) parked_bytes: u64,
    /// The most executions that wait for a place.
    pub(crate) queue_length: usize,
    /// The most bytes of those, and of the programs that are kept in case their worker is lost.
    pub(crate) queue_bytes: usize,
    /// The time that an execution which lost its worker waits for another.
    pub(crate) patience: Duration,
    /// The time after its time limit in which an execution may answer before its worker is taken for stuck.
    pub(crate) stuck_after: Duration,
}
