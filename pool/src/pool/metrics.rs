//! What the pool counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters and distributions since the pool was started: a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// How many durations there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// The counters themselves.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) accepted: Counter,
    pub(super) ended: Counter,
    pub(super) overloaded: Counter,
    pub(super) abandoned: Counter,
    pub(super) lost: Counter,
    pub(super) retried: Counter,
    pub(super) restarts: Counter,
    pub(super) queue_wait: Distribution,
    pub(super) sandbox_time: Distribution,
    pub(super) release_time: Distribution,
}

impl Counters {
    pub(super) fn snapshot(&self) -> PoolMetrics {
        PoolMetrics {
            accepted: self.accepted.get(),
            ended: self.ended.get(),
            overloaded: self.overloaded.get(),
            abandoned: self.abandoned.get(),
            lost: self.lost.get(),
            retried: self.retried.get(),
            restarts: self.restarts.get(),
            queue_wait: self.queue_wait.snapshot(),
            sandbox_time: self.sandbox_time.snapshot(),
            release_time: self.release_time.snapshot(),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(super) struct Distribution {
    counts: [AtomicU64; Histogram::BOUNDS.len() + 1],
    sum_ns: AtomicU64,
}

impl Distribution {
    pub(super) fn record(&self, duration: Duration) {
        let bucket = Histogram::BOUNDS.partition_point(|bound| *bound < duration);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        let ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.sum_ns.fetch_add(ns, Ordering::Relaxed);
    }

    fn snapshot(&self) -> Histogram {
        Histogram {
            counts: self
                .counts
                .each_ref()
                .map(|count| count.load(Ordering::Relaxed)),
            sum: Duration::from_nanos(self.sum_ns.load(Ordering::Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_counted_below_the_first_bound_that_is_not_less() {
        let distribution = Distribution::default();
        for duration in [
            Duration::ZERO,
            Histogram::BOUNDS[0],
            Histogram::BOUNDS[1],
            Duration::MAX / 4,
        ] {
            distribution.record(duration);
        }
        let histogram = distribution.snapshot();
        assert_eq!(histogram.counts[..2], [2, 1]);
        assert_eq!(histogram.counts[Histogram::BOUNDS.len()], 1);
        assert_eq!(histogram.count(), 4);
    }
}
