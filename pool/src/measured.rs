//! The measurements of an executor.

use std::time::Duration;

/// Counters and distributions since the pool was started: a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolMetrics {
    /// Executions that were accepted, waiting or not.
    pub accepted: u64,
    /// Executions that ended, however they did.
    pub ended: u64,
    /// Executions rejected because too much was waiting.
    pub overloaded: u64,
    /// Executions that nobody wanted any more while they waited or ran.
    pub abandoned: u64,
    /// Executions that ended because their worker did.
    pub lost: u64,
    /// Executions that began anew because their worker ended, each time counted.
    pub retried: u64,
    /// Workers that ended unasked and were replaced.
    pub restarts: u64,
    /// The wait for a sandbox, of every execution that got one.
    pub queue_wait: Histogram,
    /// From giving a program to a worker to having its answer.
    pub sandbox_time: Histogram,
    /// From a client's leaving to having its sandbox back.
    pub release_time: Histogram,
}

/// A distribution of durations, in the form that Prometheus wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Durations up to each of [`Self::BOUNDS`] and more than the one before, and at last those
    /// beyond all of them.
    pub counts: [u64; Self::BOUNDS.len() + 1],
    /// The sum of all durations.
    pub sum: Duration,
}

impl Histogram {
    /// The upper bounds of the buckets: from far below the fastest execution to the longest limit.
    pub const BOUNDS: [Duration; 16] = [
        Duration::from_micros(50),
        Duration::from_micros(100),
        Duration::from_micros(200),
        Duration::from_micros(500),
        Duration::from_millis(1),
        Duration::from_millis(2),
        Duration::from_millis(5),
        Duration::from_millis(10),
        Duration::from_millis(25),
        Duration::from_millis(50),
        Duration::from_millis(100),
        Duration::from_millis(250),
        Duration::from_secs(1),
        Duration::from_secs(5),
        Duration::from_secs(15),
        Duration::from_secs(60),
    ];

    /// The number of durations.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}
