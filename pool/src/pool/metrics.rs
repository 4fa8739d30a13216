//! What the pool counts.

use crate::measured::{Histogram, PoolMetrics};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
